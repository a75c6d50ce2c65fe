"""Small stocks of pictures for the tests of the painter."""

import gzip
import io
import json
import struct
import tomllib
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.painters.adversarial.kinds import KINDS
from calligram.training.painter_pictures import CHOSEN, SIDE, Places, Stock


def bars(kinds: int = len(KINDS), each: int = 3) -> Stock:
    """Return a stock in which each kind is a bar at its own height; the last picture has its own colours."""
    labels = np.repeat(np.arange(kinds), each)
    ink = np.zeros((len(labels), SIDE, SIDE), np.uint8)
    for number, kind in enumerate(labels):
        top = 8 + kind * 60 // kinds
        ink[number, top : top + 4, 10 + number % each : 70] = 255
    own = np.full(len(labels), -1)
    own[-1] = 0
    colours = np.full((1, SIDE, SIDE, 3), (10, 200, 30), np.uint8)
    return Stock(ink, labels, own, colours, tuple(f"bar {number}" for number in range(len(labels))))


def write_places(folder: Path, each: int = 6) -> Places:
    """Write small files of the four sources and return where they lie; icons are squares, emoji red."""
    for name in ("mnist", "fashion-mnist"):
        (folder / name).mkdir()
        for stem, count in (("train", 10 * each), ("t10k", 20)):
            labels = np.arange(count, dtype=np.uint8) % 10
            images = np.zeros((count, 28, 28), np.uint8)
            for number, label in enumerate(labels):
                images[number, 4 + label : 8 + label, 4:24] = 255
            _write_idx(folder / name / f"{stem}-images-idx3-ubyte", images)
            _write_idx(folder / name / f"{stem}-labels-idx1-ubyte", labels)
    chosen = tomllib.loads(CHOSEN.read_text(encoding="utf-8"))
    square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/>'
    square += '<path fill="#fff" d="M2 2h4v4H2z"/></svg>'
    icons = sorted({name for kind in chosen.values() for name in kind["icons"]})
    with gzip.open(folder / "icons.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": name, "svg": square}) + "\n" for name in icons)
    red = io.BytesIO()
    Image.new("RGBA", (72, 72), (220, 20, 20, 255)).save(red, "PNG")
    labels_of = sorted({name for kind in chosen.values() for name in kind["emoji"]})
    with zipfile.ZipFile(folder / "emoji.zip", "w") as archive:
        items = [{"label": name, "file": f"{number}.png"} for number, name in enumerate(labels_of)]
        archive.writestr("metadata.json", json.dumps({"items": items}))
        for item in items:
            archive.writestr(item["file"], red.getvalue())
    return Places(folder / "mnist", folder / "fashion-mnist", folder / "emoji.zip", folder / "icons.jsonl.gz")


def _write_idx(path: Path, values: NDArray[np.uint8]) -> None:
    head = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(head + values.tobytes())
