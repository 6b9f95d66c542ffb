#!/usr/bin/env bash
# Builds everything and runs all tests. The last line is "N passed, N failed, N skipped". Arguments go to dotnet test, for example:
#   scripts/test.sh --filter FullyQualifiedName~Drift
set -uo pipefail
cd "$(dirname "$0")/.."
dotnet build Mlops.Serverless.sln --nologo -v quiet -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# One test assembly after the other: they start hosts and Azurites of their own, and two cores are soon full.
dotnet test Mlops.Serverless.sln --no-build --nologo -m:1 "$@" 2>&1 | tee "$log"
result=${PIPESTATUS[0]}
awk -v result="$result" '
  / - Failed: +[0-9]+, Passed:/ {
    for (i = 1; i < NF; i++) {
      if ($i == "Failed:") failed += $(i + 1)
      if ($i == "Passed:") passed += $(i + 1)
      if ($i == "Skipped:") skipped += $(i + 1)
    }
  }
  END {
    if (result != 0 && failed == 0) failed = 1
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  }' "$log"
exit "$result"
