#!/usr/bin/env bash
# Is the loop alive? Drops a file, waits for the model's decision, predicts, fires the drift check and waits for its report.
#
# MLOPS_BASE_URL      address of the app (required)
# MLOPS_TOKEN         token of a contributor; empty: one for a day is created with the master key, or none is asked for
# MLOPS_MASTER_KEY    master key, to fire the timer; empty where none is asked for
# MLOPS_DATA_ACCOUNT  storage account to drop the file in, with the identity of "az login"; empty: the file is posted over HTTP
# SMOKE_TIMEOUT       seconds for each wait, default 900
set -euo pipefail
: "${MLOPS_BASE_URL:?is not set: the address of the app, without a slash at the end}"
model=${SMOKE_MODEL:-smoke}
timeout=${SMOKE_TIMEOUT:-900}
file="smoke-$(date -u +%Y%m%dT%H%M%S)-$$.csv"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

identity="accept: */*"
# Ours go as a password: where App Service authentication is on, it examines bearer tokens, and knows those of Entra only.
as() {
  case $1 in
    mlops_*) printf 'authorization: Basic %s' "$(printf 'smoke:%s' "$1" | base64 | tr -d '\n')" ;;
    *) printf 'authorization: Bearer %s' "$1" ;;
  esac
}
[ -z "${MLOPS_TOKEN:-}" ] || identity=$(as "$MLOPS_TOKEN")
request() { # method path [curl arguments]
  local method=$1 path=$2
  shift 2
  curl --silent --show-error --fail-with-body --max-time 230 -X "$method" -H "$identity" "$@" "$MLOPS_BASE_URL$path"
}

wait_for() { # what, command that prints something when it is there
  local what=$1 end=$((SECONDS + timeout)) found
  shift
  while true; do
    found=$("$@" 2>/dev/null || true)
    if [ -n "$found" ]; then printf '%s' "$found"; return; fi
    [ "$SECONDS" -lt "$end" ] || { echo "No $what within $timeout s." >&2; return 1; }
    sleep 5
  done
}

echo "1. The app answers" >&2
live() { request GET /v2/health/live; }
wait_for "answer from $MLOPS_BASE_URL/v2/health/live" live > /dev/null

if [ -z "${MLOPS_TOKEN:-}" ] && [ -n "${MLOPS_MASTER_KEY:-}" ]; then
  by_key() {
    curl --silent --show-error --fail-with-body -X POST -H "x-functions-key: $MLOPS_MASTER_KEY" -H 'content-type: application/json' \
      -d "{\"name\":\"smoke test\",\"role\":\"contributor\",\"models\":[\"$model\"],\"expiresInDays\":1}" "$MLOPS_BASE_URL/api/tokens/by-key" | jq -er .secret
  }
  identity=$(as "$(wait_for "token" by_key)")
fi

echo "2. A file arrives: $file" >&2
# 400 rows whose label depends on x and y; the seed is the time, so that every run brings new bytes.
awk -v seed="$(date +%s)" 'BEGIN { srand(seed); print "x,y,colour,label"; for (i = 0; i < 400; i++) { x = rand() * 10; y = rand() * 10;
  printf "%.4f,%.4f,%s,%s\n", x, y, (rand() < 0.5 ? "red" : "blue"), (x + y + rand() > 10.5 ? "high" : "low") } }' > "$work/$file"
if [ -n "${MLOPS_DATA_ACCOUNT:-}" ]; then
  # A role that was assigned a moment ago takes minutes to hold.
  upload() {
    az storage blob upload --auth-mode login --account-name "$MLOPS_DATA_ACCOUNT" --container-name drop \
      --name "data/$model/$file" --file "$work/$file" --overwrite --no-progress --query etag --output tsv
  }
  wait_for "access to the container drop of $MLOPS_DATA_ACCOUNT" upload > /dev/null
else
  request POST "/api/data/$model?name=$file" -H 'content-type: text/csv' --data-binary "@$work/$file" >&2
fi

echo "3. Its pipeline decides" >&2
pipeline() { request GET "/api/models/$model" | jq -r --arg file "data/$model/$file" '.pipelines[] | select(.source == $file) | .id'; }
id=$(wait_for "pipeline for $file: does the event reach the queue blob-events?" pipeline)
ended() { request GET "/api/pipelines/$id" | jq -r 'select(.status != "running") | .status'; }
status=$(wait_for "end of pipeline $id" ended)
case $status in
  promoted | rejected | inconclusive) echo "   $status" >&2 ;;
  *) echo "Pipeline $id ended as '$status':" >&2; request GET "/api/pipelines/$id" >&2; exit 1 ;;
esac

echo "4. The champion answers" >&2
predict() { request POST "/api/models/$model/predict" -H 'content-type: application/json' -d '{"rows":[{"x":9,"y":9,"colour":"red"},{"x":1,"y":1,"colour":"blue"}]}' | jq -c '[.predictions[].label]'; }
answer=$(wait_for "prediction from $model" predict)
[ "$answer" = '["high","low"]' ] || { echo "Expected [\"high\",\"low\"], got $answer." >&2; exit 1; }

echo "5. The drift check reports" >&2
newest() { request GET "/api/models/$model/drift" | jq -r '.[0].id // "none"'; }
before=$(newest)
curl --silent --show-error --fail-with-body -X POST -H "x-functions-key: ${MLOPS_MASTER_KEY:-}" -H 'content-type: application/json' \
  -d '{"input":""}' "$MLOPS_BASE_URL/admin/functions/DriftTimer" > /dev/null
newer() { [ "$(newest)" != "$before" ] && echo yes; }
wait_for "drift report" newer > /dev/null
echo "The loop is alive." >&2
