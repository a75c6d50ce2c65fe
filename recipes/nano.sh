#!/bin/sh
# Rebuilds the weights of the built-in model. Needs pip install ".[train]" and fonts (Debian: see docs/how-to/train.md).
# Usage: recipes/nano.sh [OUTPUT] with the folders of the idx files in MNIST and FASHION; without them they are fetched.
set -eu
export OMP_WAIT_POLICY=passive
mnist=mnist: fashion=fashion:
[ -z "${MNIST:-}" ] || mnist="idx:$MNIST"
[ -z "${FASHION:-}" ] || fashion="idx:$FASHION"
exec calligram train nano \
  "$mnist" "$fashion" "fonts:?per_letter=1500" \
  --layouts classic:0.36,fine:0.44,full:0.20 --late full --late-from 0.4 \
  --weights digit:3,garment:3.2,letter:1,letter@full:0,digit@full:0.6 \
  --steps 7800 --batch-tokens 10800 --rate 0.006 --seed 7 --teacher --compile \
  --output "${1:-runs/nano}"
