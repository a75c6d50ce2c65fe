"""How far perceptual hashes move when a picture is altered, and how near strangers come.

    python recipes/known_again.py FOLDER

prints the table in ``docs/judging.md``.
"""

import argparse
import io
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from calligram.art.hashing import COPY_BITS, hash_image

Alteration = Callable[[Image.Image], Image.Image]


def crop(share: float) -> Alteration:
    """Return what takes so much away at each side."""

    def cropped(image: Image.Image) -> Image.Image:
        width, height = image.size
        edge = (width * share, height * share, width * (1 - share), height * (1 - share))
        return image.crop(tuple(map(round, edge)))  # type: ignore[arg-type]

    return cropped


ALTERATIONS: dict[str, tuple[Alteration, int]] = {
    "saved as JPEG of quality 20": (lambda image: image, 20),
    "a quarter as wide and high": (lambda image: image.resize((image.width // 4, image.height // 4)), 90),
    "made grey": (lambda image: image.convert("L"), 90),
    "lightened by 30 %": (lambda image: image.point(lambda value: min(255, int(value * 1.3))), 90),
    "cropped by 3 % at each side": (crop(0.03), 90),
    "cropped by 10 % at each side": (crop(0.1), 90),
    "mirrored": (lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 90),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    paths = sorted(parser.parse_args().folder.glob("*.jpg"))
    hashes = {path: hash_image(path) for path in paths}
    print("| | bits: median | bits: most | known again |\n| --- | --- | --- | --- |")
    for name, (alter, quality) in ALTERATIONS.items():
        moved = []
        for path in paths:
            stream = io.BytesIO()
            with Image.open(path) as image:
                alter(image.convert("RGB")).save(stream, "JPEG", quality=quality)
            moved.append(max(hashes[path].apart(hash_image(stream.getvalue()))))
        known = np.mean(np.array(moved) <= COPY_BITS)
        print(f"| {name} | {np.median(moved):g} | {max(moved)} | {known:.0%} |")
    apart = [max(one.apart(other)) for one, other in combinations(hashes.values(), 2)]
    print(
        f"\n{len(apart)} pairs of different pictures: at least {min(apart)} bits, median {np.median(apart):g}"
    )


if __name__ == "__main__":
    main()
