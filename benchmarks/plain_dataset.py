"""The plain way to write the reference's JSON from idx files: one Pillow image at a time, then ``json.dump``.

Run as ``python plain_dataset.py FOLDER OUT``; it stands beside ``calligram dataset build``.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

SYMBOLS = np.array(list(" ▓█"))


def build(folder: Path, out: Path) -> None:
    """Write the train split of a folder of idx files as ``ascii-image`` JSON."""
    pictures = np.frombuffer(_read(folder, "images"), np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.frombuffer(_read(folder, "labels"), np.uint8, offset=8)
    entries = []
    for picture, label in zip(pictures, labels, strict=True):
        grey = np.asarray(Image.fromarray(picture).resize((20, 11), Image.Resampling.BICUBIC))
        lines = SYMBOLS[np.digitize(grey, (87, 174))]
        text = "".join(f"<row:{k}>{''.join(line)}</row:{k}>\n" for k, line in enumerate(lines, start=1))
        entries.append({"size": "20x11", "ASCII_image": text, "Response": str(label)})
    with out.open("w", encoding="utf-8") as file:
        json.dump(entries, file, ensure_ascii=False, indent=4)


def _read(folder: Path, what: str) -> bytes:
    (path,) = folder.glob(f"train-{what}-idx*")
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
