#!/usr/bin/env bash
# Builds, starts the whole platform on this machine and plays the loop once on real data. Goes on serving until Ctrl+C; everything is kept
# under .mlops/, and the next start goes on with it.
#   --once     play the loop in a throw-away folder and end with 0 when it closed, 1 when it did not
#   --serve    only serve
#   --port N   another port than 7071 (0: any free one)
#   --auth     ask callers for a token; the first one, an admin's, is kept in .mlops/admin-token
set -uo pipefail
cd "$(dirname "$0")/.."
once=false serve=false auth=false port=7071 data=.mlops
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=true ;;
    --serve) serve=true ;;
    --auth) auth=true ;;
    --port) port="${2:?--port needs a number}"; shift ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  shift
done

command -v dotnet >/dev/null || { echo "dotnet was not found: install the .NET 10 SDK." >&2; exit 1; }
command -v node >/dev/null || { echo "node was not found: install Node.js 20 or newer; Azurite runs on it." >&2; exit 1; }
echo "Building (the first time also fetches packages) ..."
for project in local/Mlops.Local.csproj local/Demo/Mlops.Demo.csproj; do
  dotnet build "$project" -c Release --nologo -v quiet -clp:NoSummary || exit 1
done

if $once; then data=$(mktemp -d); port=0; fi
mkdir -p "$data"
rm -f "$data/ready.json"
dotnet local/bin/Release/net10.0/Mlops.Local.dll --data "$data" --port "$port" $($auth && echo --auth) &
host=$!
finish() {
  kill -TERM "$host" 2>/dev/null
  wait "$host" 2>/dev/null
  if $once; then rm -rf "$data"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

until [ -f "$data/ready.json" ]; do
  kill -0 "$host" 2>/dev/null || { echo "The host ended before it was ready; its lines above say why." >&2; exit 1; }
  sleep 0.2
done
setting() { node -p "require(require('path').resolve('$data/ready.json')).$1"; }
url=$(setting url)

if $auth; then
  if [ ! -s "$data/admin-token" ]; then
    answer=$(node -p "'x-functions-key: ' + require(require('path').resolve('$data/keys.json')).master" \
      | curl -fsS -X POST -H @- -H 'content-type: application/json' -d '{"name":"first admin","role":"admin"}' "$url/api/tokens/by-key") || exit 1
    (umask 077; printf '%s' "$answer" | node -p 'JSON.parse(require("fs").readFileSync(0)).secret' > "$data/admin-token")
  fi
  MLOPS_TOKEN=$(cat "$data/admin-token")
  export MLOPS_TOKEN
  echo "Callers are asked for a token. An admin's lies in $data/admin-token: curl -H \"authorization: Bearer \$(cat $data/admin-token)\" $url/api/models"
fi

if ! $serve; then
  if curl -fsS -H "authorization: Bearer ${MLOPS_TOKEN:-}" "$url/api/models/weather" >/dev/null 2>&1; then
    echo "The loop was played here before: $url/api/models/weather?format=html (delete .mlops/ to play it again)."
  else
    storage=$(setting storage)
    [ "$storage" != null ] || storage=${AzureWebJobsStorage:?}
    dotnet local/Demo/bin/Release/net10.0/Mlops.Demo.dll "$url" "$storage" node_modules/vega-datasets/data/weather.csv
    result=$?
    if $once || [ $result -ne 0 ]; then exit $result; fi
  fi
fi
echo
echo "Serving at $url until Ctrl+C."
wait "$host"
