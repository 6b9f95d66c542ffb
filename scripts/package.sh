#!/usr/bin/env bash
# Builds the package that azd deploys: official packages, ReadyToRun for linux-x64, zipped. Needs a full package feed.
# Usage: scripts/package.sh [zip file, default artifacts/package.zip]
set -euo pipefail
cd "$(dirname "$0")/.."
zip=$(realpath -m "${1:-artifacts/package.zip}")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

dotnet publish functions/Mlops.Functions.csproj -c Release --output "$out"

# What the Functions host looks for in a package.
for file in host.json functions.metadata worker.config.json extensions.json .azurefunctions; do
  [ -e "$out/$file" ] || { echo "The package lacks '$file': was it built with MlopsHost=local?" >&2; exit 1; }
done
others=$(find "$out/runtimes" -mindepth 1 -maxdepth 1 -type d ! -name 'linux-x64' ! -name 'unix' ! -name 'linux' ! -name 'any' 2>/dev/null || true)
[ -z "$others" ] || { echo "The package holds native libraries of other platforms: $others" >&2; exit 1; }
[ ! -e "$out/local.settings.json" ] || { echo "The package holds local.settings.json, which may hold secrets." >&2; exit 1; }

mkdir -p "$(dirname "$zip")"
rm -f "$zip"
(cd "$out" && zip -qr "$zip" .)
megabytes=$(($(stat -c %s "$zip") / 1000000))
echo "$zip: $megabytes MB"
[ "$megabytes" -lt 100 ] || { echo "The package has $megabytes MB; at most 100 keep deployments and cold starts short." >&2; exit 1; }

# What is in it, for whoever has to know: CycloneDX, beside the package.
if command -v node > /dev/null; then
  node scripts/sbom.mjs functions/obj/project.assets.json package-lock.json --version "${VERSION:-0.0.0}" > "${zip%.zip}.cdx.json"
fi
