#!/usr/bin/env bash
# Prints a Markdown summary of the TRX and Cobertura files below a folder: counts by assembly, failed tests, line coverage.
# Usage: scripts/test-summary.sh [folder, default TestResults]
set -euo pipefail
folder=${1:-TestResults}
attribute() { sed -n "s/.*[[:space:]]$2=\"\([^\"]*\)\".*/\1/p" <<< "$1" | head -1; }

echo '| assembly | passed | failed | not run |'
echo '|---|---:|---:|---:|'
find "$folder" -name '*.trx' -print0 | sort -z | while IFS= read -r -d '' trx; do
  counters=$(grep -o '<Counters [^>]*>' "$trx" | head -1)
  assembly=$(grep -om1 'storage="[^"]*"' "$trx" | sed 's/.*[\\/"]\([^\\/"]*\)\.dll"/\1/')
  total=$(attribute "$counters" total) passed=$(attribute "$counters" passed) failed=$(attribute "$counters" failed)
  echo "| ${assembly:-$(basename "$trx")} | $passed | $failed | $((total - passed - failed)) |"
done
failures=$(find "$folder" -name '*.trx' -exec grep -ho '<UnitTestResult [^>]*outcome="Failed"[^>]*>' {} + | sed 's/.*testName="\([^"]*\)".*/- `\1`/' || true)
if [ -n "$failures" ]; then printf '\nFailed:\n\n%s\n' "$failures"; fi
find "$folder" -name '*.cobertura.xml' -print0 | sort -z | xargs -0 -r grep -ho -m1 '<coverage [^>]*>' | while IFS= read -r coverage; do
  rate=$(attribute "$coverage" line-rate)
  [ -z "$rate" ] || awk -v rate="$rate" 'BEGIN { printf "\nLine coverage: %.1f %%\n", rate * 100 }'
done
