"""The plain way to write the reference's JSON from idx files: one Pillow image at a time, then ``json.dump``.

Run as ``python plain_dataset.py FOLDER OUT [PROCESSES]``; it stands beside ``calligram dataset build``. With
processes it is the plain process pool.
"""

import gzip
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SYMBOLS = np.array(list(" ▓█"))


AT_ONCE = 2000
"""Pictures that a process of the pool is handed at once."""

Entry = dict[str, str]


def build(folder: Path, out: Path, processes: int = 1) -> None:
    """Write the train split of a folder of idx files as ``ascii-image`` JSON."""
    pictures = np.frombuffer(_read(folder, "images"), np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.frombuffer(_read(folder, "labels"), np.uint8, offset=8)
    starts = range(0, len(pictures), AT_ONCE)
    parts = [(pictures[start : start + AT_ONCE], labels[start : start + AT_ONCE]) for start in starts]
    if processes == 1:
        made = [_entries(part) for part in parts]
    else:
        with ProcessPoolExecutor(processes) as pool:
            made = list(pool.map(_entries, parts))
    with out.open("w", encoding="utf-8") as file:
        json.dump([entry for entries in made for entry in entries], file, ensure_ascii=False, indent=2)


def _entries(part: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]) -> list[Entry]:
    entries = []
    for picture, label in zip(*part, strict=True):
        grey = np.asarray(Image.fromarray(picture).resize((20, 11), Image.Resampling.BICUBIC))
        lines = SYMBOLS[np.digitize(grey, (87, 174))]
        text = "".join(f"<row:{k}>{''.join(line)}</row:{k}>\n" for k, line in enumerate(lines, start=1))
        entries.append({"size": "20", "ASCII_image": text, "Response": str(label)})
    return entries


def _read(folder: Path, what: str) -> bytes:
    (path,) = folder.glob(f"train-{what}-idx*")
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
