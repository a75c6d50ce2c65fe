#!/bin/sh
# Trains the weights of the built-in writer and puts them where the package ships them.
# Usage: recipes/writer.sh TEXTS [OUTPUT]
# TEXTS is a folder with the museums' records named in docs/writer.md, as JSON lines with the fields id, title,
# medium, date, tags, description and kind. Needs pip install ".[train]", and a GPU: about ten minutes on one H100.
set -eu
texts=$1 output=${2:-runs/writer}
calligram train writer "$texts" --start none --filtered \
  --teachers 2 --teacher-steps 1500 --steps "${STEPS:-3350}" --rows 64 --rate 0.005 --weight-decay 0.1 \
  --vocabulary 8192 --width 384 --layers 9 --seed 7 --output "$output"

shipped=$(dirname "$0")/../src/calligram/nano/writer
mkdir -p "$shipped"
for file in model.safetensors model.onnx config.json subwords.model known.bin; do
  cp "$output/$file" "$shipped/$file"
done
