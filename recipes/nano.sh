#!/bin/sh
# Trains the weights of the built-in model and puts them where the package ships them.
# Usage: recipes/nano.sh [OUTPUT]
# MNIST and FASHION may name folders of idx files; without them the data sets are fetched.
# Needs pip install ".[train]" and fonts; the shipped weights saw those of these packages of Debian 12:
#   fonts-cantarell fonts-comic-neue fonts-crosextra-caladea fonts-crosextra-carlito fonts-dejavu fonts-firacode
#   fonts-freefont-ttf fonts-gfs-didot fonts-hack fonts-inconsolata fonts-junicode fonts-lato fonts-liberation
#   fonts-linuxlibertine fonts-noto-core fonts-open-sans fonts-roboto-unhinted fonts-urw-base35
set -eu
export OMP_WAIT_POLICY=passive
# memory is kept between steps: asking the system for it anew cost six in a hundred steps
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_TOP_PAD_=268435456
output=${1:-runs/nano}
mnist=mnist: fashion=fashion:
[ -z "${MNIST:-}" ] || mnist="idx:$MNIST"
[ -z "${FASHION:-}" ] || fashion="idx:$FASHION"

# first from nothing, from images as they are, after a convolutional teacher
calligram train nano \
  "$mnist" "$fashion" "fonts:?per_letter=1500" \
  --layouts classic:0.40,fine:0.40,full:0.25 --late full --late-from 0.4 \
  --weights digit:3,garment:3.2,letter:0.8,letter@full:0,digit@full:0.6 \
  --steps "${STEPS:-9000}" --rate "${RATE:-0.003}" --seed 7 --teacher --compile \
  --output "$output/plain"
# then from those weights on, with worn images
calligram train nano \
  "$mnist" "$fashion" "fonts:?per_letter=1500" \
  --layouts classic:0.45,fine:0.40,full:0.15 \
  --weights digit:3,garment:3.2,letter:0.8,letter@full:0,digit@full:0.6 \
  --start "$output/plain" --elder "$output/plain" --wear digit:0.5,garment:0.08,letter:0.3 \
  --steps "${WORN_STEPS:-3400}" --rate "${WORN_RATE:-0.0012}" --seed 11 --compile \
  --output "$output/worn"
# then from between the two, with more garments
calligram train nano \
  "$mnist" "$fashion" "fonts:?per_letter=1500" \
  --layouts classic:0.40,fine:0.15,full:0.45 \
  --weights digit:2.5,garment:4.5,letter:0.7,letter@full:0,digit@full:0.5 \
  --start "$output/plain:0.4,$output/worn:0.6" --elder "$output/plain" \
  --wear digit:0.5,garment:0.05,letter:0.2 \
  --steps "${THIRD_STEPS:-600}" --rate "${THIRD_RATE:-0.0008}" --seed 13 --compile \
  --output "$output/third"
# the mean of the three reads worn digits nearly as the latter two do, and clean garments nearly as the first
calligram train nano \
  "$mnist" "$fashion" "fonts:?per_letter=1500" \
  --layouts classic:0.40,fine:0.40,full:0.20 \
  --weights digit:3,garment:3.2,letter:0.8,letter@full:0,digit@full:0.6 \
  --start "$output/plain:0.4,$output/worn:0.3,$output/third:0.3" --steps 0 \
  --output "$output"

shipped=$(dirname "$0")/../src/calligram/nano/weights
mkdir -p "$shipped"
for file in model.safetensors config.json tokenizer.json calibration.json model.onnx model-int8.onnx \
  training.json README.md; do
  cp "$output/$file" "$shipped/$file"
done
cat "$output/plain/log.jsonl" "$output/worn/log.jsonl" "$output/third/log.jsonl" > "$shipped/log.jsonl"
