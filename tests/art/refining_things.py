"""What tests of refining share: small images, painters that show them, and models that say what is told."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from calligram.art.painting import PaintOptions
from calligram.art.refining_options import RefineOptions
from calligram.models.base import Talking, open_model

IMAGES: Mapping[str, tuple[str, str]] = {
    "red": ("#c4302b", "#faf6ee"),
    "blue": ("#2654a4", "#faf6ee"),
    "night": ("#c4302b", "#101014"),
    "deep": ("#2654a4", "#101014"),
}
"""Names of images, each with the ink of its disc and its paper."""

ONE = PaintOptions(number=2, seed=0)
FOUR = RefineOptions(rounds=4)


def disc(ink: str, paper: str, size: tuple[int, int] = (64, 64), reach: float = 0.35) -> Image.Image:
    """Return a disc in the middle of an image; its reach is a share of the shorter side."""
    image = Image.new("RGB", size, paper)
    across, down, radius = size[0] / 2, size[1] / 2, reach * min(size)
    pen = ImageDraw.Draw(image)
    pen.ellipse((across - radius, down - radius, across + radius, down + radius), fill=ink)
    return image


def make_painter(folder: Path, rules: Sequence[Mapping[str, Any]], wait_s: float = 0) -> str:
    """Return the spelling of a painter that shows the images above by such rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (ink, paper) in IMAGES.items():
        disc(ink, paper).save(folder / f"{name}.png")
    (folder / "script.json").write_text(json.dumps(rules), encoding="utf-8")
    return f"scripted:{folder / 'script.json'}?wait_s={wait_s}"


def make_model(path: Path, *say: Any, when: str = "") -> str:
    """Return the spelling of a model that says such things one after another."""
    path.write_text(json.dumps([{"when": when, "say": list(say)}]), encoding="utf-8")
    return f"scripted:{path}"


def open_talking(spelling: str) -> Talking:
    """Return a model that follows instructions."""
    model = open_model(spelling)
    assert isinstance(model, Talking)
    return model
