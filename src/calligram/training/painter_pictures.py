"""The real pictures that the built-in painter learns from: digits, garments, icons and emoji.

A picture is kept as ink, 0 to 255 for each pixel of a square; emoji keep their own colours beside it. Which
icons and emoji show a kind stands in ``painter_icons.toml``, chosen by name and by eye before anything was
trained.
"""

import gzip
import hashlib
import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram.errors import MissingExtraError, SourceError
from calligram.painters.adversarial.kinds import DIGITS, GARMENTS, ICONS, KINDS
from calligram.sources.base import open_source

Bytes: TypeAlias = NDArray[np.uint8]
Split = Literal["train", "valid", "test"]

SIDE = 80
"""Pixels of a kept picture's side; training turns and shifts it on the way down to 64."""
FILL = 68
"""Pixels that the drawing itself takes of that side."""
PER_KIND = 2000
"""At most so many digits or garments of one kind are kept."""
GARMENT_LABELS = (0, 1, 2, 3, 4, 5, 7, 8, 9)
"""Fashion-MNIST's label of each garment; shirts (6) are left out: words do not tell them from T-shirts."""
KEPT = 500
"""Digits or garments of one kind that are kept to choose by, or a fifth where there are few."""
TEST_SHARE, VALID_SHARE = 0.2, 0.15
"""Of the icons and emoji of each kind, at least one each."""
CHOSEN = Path(__file__).parent / "painter_icons.toml"


@dataclass(frozen=True)
class Stock:
    """Real pictures of one split.

    Args:
        ink: ``(N, SIDE, SIDE)``, 0 paper to 255 ink.
        kinds: ``(N,)``, places in ``KINDS``.
        own: ``(N,)``, the picture's place in ``colours``, or -1 where it takes any ink's colour.
        colours: ``(M, SIDE, SIDE, 3)``, of pictures that have colours of their own.
        names: where each came from.
    """

    ink: Bytes
    kinds: NDArray[np.int64]
    own: NDArray[np.int64]
    colours: Bytes
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True)
class Places:
    """Where the pictures lie.

    Args:
        digits: a folder of MNIST's idx files.
        garments: a folder of Fashion-MNIST's idx files.
        emoji: a zip of PNG files with ``metadata.json``, as Noto Emoji's.
        icons: JSON lines, packed, each with ``id`` and ``svg``, as game-icons.net's.
    """

    digits: Path
    garments: Path
    emoji: Path
    icons: Path


def read_stock(places: Places, split: Split) -> Stock:
    """Return the pictures of one split; the splits share no picture.

    Raises:
        SourceError: a file is missing or damaged.
        MissingExtraError: what draws SVG is not installed.
    """
    parts = [*_scanned(places, split), *_drawn(places, split)]
    colours = [colour for part in parts for colour in part.colours]
    own, before = [], 0
    for part in parts:
        own.append(np.where(part.own < 0, -1, part.own + before))
        before += len(part.colours)
    return Stock(
        np.concatenate([part.ink for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        np.concatenate(own),
        np.stack(colours) if colours else np.zeros((0, SIDE, SIDE, 3), np.uint8),
        tuple(name for part in parts for name in part.names),
    )


def _scanned(places: Places, split: Split) -> Iterator[Stock]:
    """Yield digits and garments; what is kept for choosing is taken from the end of their training part."""
    for folder, kinds, numbers in (
        (places.digits, DIGITS, range(10)),
        (places.garments, GARMENTS, GARMENT_LABELS),
    ):
        source = open_source(f"idx:{folder}", "test" if split == "test" else "train")
        labels = source.take(range(len(source))).labels
        for kind, number in zip(kinds, numbers, strict=True):
            found = np.flatnonzero(labels == number)
            cut = len(found) - min(KEPT, len(found) // 5)
            found = found if split == "test" else found[cut:] if split == "valid" else found[:cut]
            batch = source.take(found[:PER_KIND])
            grey = np.asarray(batch.images)
            ink = np.stack([_enlarged(image, crisp=kind in DIGITS) for image in grey])
            label = np.full(len(ink), KINDS.index(kind))
            yield Stock(ink, label, np.full(len(ink), -1), _no_colours(), batch.names)


def _enlarged(image: Bytes, crisp: bool) -> Bytes:
    """Return a scan of 28 by 28 pixels at the size kept; strokes keep their edges, cloth its shades."""
    large = Image.fromarray(image).resize((FILL, FILL), Image.Resampling.BICUBIC)
    shade = np.asarray(large, np.float32) / 255
    shade = np.clip((shade - 0.5) * 3 + 0.5, 0, 1) if crisp else shade**0.7
    return _centred((shade * 255).round().astype(np.uint8))


def _drawn(places: Places, split: Split) -> Iterator[Stock]:
    """Yield icons and emoji of each kind."""
    chosen = tomllib.loads(CHOSEN.read_text(encoding="utf-8"))
    icons = {row["id"]: row["svg"] for row in _icon_rows(places.icons)}
    with _opened(places.emoji) as archive:
        files = {item["label"]: item["file"] for item in json.loads(archive.read("metadata.json"))["items"]}
        for kind in ICONS:
            label = KINDS.index(kind)
            inks = [_rendered(icons[name]) for name in split_names(chosen[kind]["icons"], split)]
            names = split_names(chosen[kind]["icons"], split)
            if inks:
                yield Stock(
                    np.stack(inks), np.full(len(inks), label), np.full(len(inks), -1), _no_colours(), names
                )
            names = split_names(chosen[kind]["emoji"], split)
            if names:
                pairs = [_emoji(archive.read(files[name])) for name in names]
                ink, colours = (np.stack(part) for part in zip(*pairs, strict=True))
                yield Stock(ink, np.full(len(ink), label), np.arange(len(ink)), colours, names)


def split_names(names: Sequence[str], split: Split) -> tuple[str, ...]:
    """Return the names of a split, told by the checksum of each name; few names are all for training.

    >>> sorted(split_names(["a", "b"], "train"))
    ['a', 'b']
    """
    ranked = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    if len(names) < 4:
        return tuple(ranked) if split == "train" else ()
    tests, valids = max(1, round(TEST_SHARE * len(names))), max(1, round(VALID_SHARE * len(names)))
    return tuple(
        {
            "test": ranked[:tests],
            "valid": ranked[tests : tests + valids],
            "train": ranked[tests + valids :],
        }[split]
    )


def _rendered(svg: str) -> Bytes:
    """Return the ink of an icon, which is drawn white on black."""
    try:
        import resvg_py
    except ImportError as fault:
        raise MissingExtraError("resvg_py", "train", "drawing SVG icons") from fault
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=FILL, height=FILL))
    return _centred(np.asarray(Image.open(io.BytesIO(drawn)).convert("L")))


def _emoji(content: bytes) -> tuple[Bytes, Bytes]:
    """Return the ink (how opaque it is) and the colours of an emoji."""
    image = Image.open(io.BytesIO(content)).convert("RGBA").resize((FILL, FILL), Image.Resampling.LANCZOS)
    rgba = np.asarray(image)
    return _centred(rgba[..., 3]), np.stack([_centred(rgba[..., band]) for band in range(3)], axis=-1)


def _centred(plane: Bytes) -> Bytes:
    edge = (SIDE - FILL) // 2
    return np.pad(plane, edge)


def _no_colours() -> Bytes:
    return np.zeros((0, SIDE, SIDE, 3), np.uint8)


def _icon_rows(path: Path) -> list[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError) as fault:
        raise SourceError(
            f"the icons {path} cannot be read ({fault}): give packed JSON lines of SVG"
        ) from fault


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as fault:
        raise SourceError(f"the emoji {path} cannot be read ({fault}): give a zip of PNG files") from fault
