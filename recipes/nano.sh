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
  --layouts classic:0.40,fine:0.50,full:0.10 --late full --late-from 0.4 \
  --weights digit:3,garment:3.2,letter:0.8,letter@full:0,digit@full:0.6 \
  --steps 6000 --batch-tokens 16200 --rate 0.0015 --decay 0.43 --seed 7 --teacher --compile \
  --output "${1:-runs/nano}"
