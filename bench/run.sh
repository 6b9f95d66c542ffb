#!/bin/sh
# All figures of docs/learning-performance.md but the accuracy table, in about ten minutes on a quiet machine: run.sh <folder of onnxruntime-node> [folder for data]
# Peers: Debian's python3-sklearn and python3-xgboost; LightGBM when /usr/bin/python3 can import it. Runs of one kind are interleaved.
set -eu
cd "$(dirname "$0")"
runtime=$1
data=${2:-/tmp/bench}
ours=bin/Release/net10.0/Mlops.Bench
python=/usr/bin/python3
mkdir -p "$data"
test -f "$data/categories.bin" || $python make_data.py "$data"
peers="hgb xgb"
if $python -c "import lightgbm" 2>/dev/null; then peers="$peers lgbm"; fi

for threads in 1 2; do
  for round in 1 2 3; do
    $ours boosting "$data/train.bin" "$data/test.bin" $threads 2 | tail -n 2
    for peer in $peers; do $python peers.py $peer "$data/train.bin" "$data/test.bin" $threads; done
  done
  $ours memory "$data/train.bin" "$data/test.bin" $threads
done
$ours memory "$data/train.bin" "$data/test.bin" 1 1 strict

$ours scoring "$data/train.bin" "$data/test.bin"
$ours export "$data/test.bin" "$data/test.bin" "$data/numbers.onnx"
node onnx.mjs "$runtime" "$data/numbers.onnx" "$data/train.bin" 200000
$ours export "$data/categories.bin" "$data/categories.bin" "$data/categories.onnx"
node onnx.mjs "$runtime" "$data/categories.onnx" "$data/categories.bin" 5000
$ours shap "$data/train.bin" "$data/test.bin" 1
$ours shap "$data/train.bin" "$data/test.bin" 2

$ours csv 500000 28 3
$ours forest "$data/train100k.bin" "$data/test.bin" 1
$python peers.py forest "$data/train100k.bin" "$data/test.bin" 1
