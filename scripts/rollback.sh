#!/usr/bin/env bash
# Deploys the last package whose smoke test passed. Run in the azd environment that is to be rolled back.
# Needs azd, az (logged in) and the values that provisioning put out (azd env get-values).
set -euo pipefail
: "${MLOPS_APP_ACCOUNT:?is not set: eval \"\$(azd env get-values | sed 's/^/export /')\"}"
package=$(mktemp --suffix=.zip)
trap 'rm -f "$package"' EXIT
if ! az storage blob download --auth-mode login --account-name "$MLOPS_APP_ACCOUNT" --container-name releases \
  --name last-good.zip --file "$package" --no-progress --output none; then
  echo "There is no last good package in $MLOPS_APP_ACCOUNT/releases: no deployment to this environment has passed its smoke test yet." >&2
  exit 1
fi
azd deploy api --from-package "$package" --no-prompt
echo "Rolled back to the last good package." >&2
