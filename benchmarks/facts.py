"""Facts of one large photograph: Calligram beside what opening it costs, and beside palettes alone."""

import statistics
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.processes import spend
from benchmarks.racing import Contender, Figures, Mark, Task, calligram, race
from benchmarks.samples import Samples

PLAIN = "Pillow, opened whole"
FACTS = "Calligram, all facts"
COLOURS = 8
THUMBNAIL_PX = 512
MOST_S = 1.5
"""What one photograph of 4000 x 3000 may take, the start of Python included."""


def measure_facts_suite(samples: Samples, rounds: int = 5) -> Figures:
    """Return the times of measuring one large JPEG, in a warm interpreter and as a whole command.

    Args:
        samples: the pictures.
        rounds: how often each contender runs.
    """
    task = _race_large(samples, rounds)
    command_s = statistics.median(
        spend(calligram("facts", samples.jpeg, "--json")).wall_s for _ in range(rounds)
    )
    mark = Mark(f"calligram facts on one JPEG of {_size(samples)}, seconds", command_s, MOST_S)
    return {
        "title": "Facts of an image",
        "about": (
            "About thirty facts, of colour, light, composition and surface, measured on a copy of at most "
            "512 pixels a side. No peer measures the same: opening the file whole is what most scripts begin "
            "with, and a palette is a part of what the facts hold."
        ),
        "tasks": [task.to_figures()],
        "marks": [mark.to_figures()],
    }


def _race_large(samples: Samples, rounds: int) -> Task:
    from calligram.art.facts import measure_facts

    path = samples.jpeg
    contenders = [
        Contender(PLAIN, lambda: _open(path)),
        Contender(f"Pillow, thumbnail, palette of {COLOURS}", lambda: quantize(path)),
        Contender(FACTS, lambda: measure_facts(path)),
        _package("colorthief", "colorthief", lambda: _thieve(path)),
    ]
    return race(f"One JPEG of {_size(samples)}", contenders, 1, PLAIN, rounds)


def quantize(path: Path) -> np.ndarray:
    """Return a palette the way most scripts find it: open, shrink, median cut, shape (colours, 3)."""
    image = _open(path)
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    reduced = image.quantize(COLOURS, Image.Quantize.MEDIANCUT)
    return np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)[:COLOURS]


def _open(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _thieve(path: Path) -> object:
    found: object = import_module("colorthief").ColorThief(str(path)).get_palette(COLOURS)
    return found


def _package(name: str, module: str, run: Callable[[], object]) -> Contender:
    if find_spec(module) is None:
        return Contender(name, None, absent=f"the package {name} is not installed")
    return Contender(name, run, apart=True)


def _size(samples: Samples) -> str:
    return f"{samples.jpeg_size[0]} x {samples.jpeg_size[1]}"
