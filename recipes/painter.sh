#!/bin/sh
# Trains the built-in painter, its eye and what hears its words, and puts them where the package ships them.
# Usage: recipes/painter.sh DATA [OUTPUT]
# DATA holds mnist/, fashion-mnist/, art/noto-emoji-72.zip and art/game-icons-svg.jsonl.gz. Needs
# pip install ".[train]"; about an hour and a half on two cores that do nothing else.
set -eu
data=$1 output=${2:-runs/painter}
calligram train painter --digits "$data/mnist" --garments "$data/fashion-mnist" \
  --emoji "$data/art/noto-emoji-72.zip" --icons "$data/art/game-icons-svg.jsonl.gz" --output "$output"
python -m calligram.training.painter_words "$output"

shipped=$(dirname "$0")/../src/calligram/painters/adversarial/weights
for file in painter.onnx eye.onnx words.safetensors; do
  cp "$output/$file" "$shipped/$file"
done
