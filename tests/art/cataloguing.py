"""Images and scripts with which catalogues are tried out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from calligram.models.base import Model, SamplingOptions, Writing, Written

ANSWER: dict[str, Any] = {
    "title": "Coloured squares",
    "medium": "",
    "subject": "squares",
    "style": "hard edges",
    "description": "Squares of many colours fill the picture. They meet at hard edges.",
    "tags": ["squares", "Grid"],
}


def make_images(folder: Path, count: int, cell: int = 12) -> list[Path]:
    """Write images of their own colours, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        coarse = np.random.default_rng(number).integers(0, 256, (4, 5, 3), dtype=np.uint8)
        paths.append(folder / f"work-{number:02}.png")
        Image.fromarray(coarse.repeat(cell, axis=0).repeat(cell, axis=1)).save(paths[-1])
    return paths


def write_script(path: Path, *answers: Any) -> str:
    """Write a script that proposes, and return how the model is spelled."""
    say = [answer if isinstance(answer, str) else json.dumps(answer) for answer in answers or (ANSWER,)]
    path.write_text(json.dumps([{"say": say}]), encoding="utf-8")
    return f"scripted:{path}"


class Blind(Writing):
    """Writes what it is told to, one text after another for each kind, and remembers its openings."""

    name = "blind"

    def __init__(self, titles: list[str], tags: list[str] | None = None) -> None:
        self.texts = {"title": titles, "tags": tags or [""]}
        self.openings: list[str] = []

    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        self.openings.append(opening)
        texts = self.texts[opening.split("\n")[0].removeprefix("Kind: ")]
        made = [texts.pop(0) if len(texts) > 1 else texts[0] for _ in range(count)]
        return [Written(text, seed=options.seed) for text in made]


def as_model(writing: Writing) -> Model:
    """Return something that writes where a model is wanted: it is asked for nothing else."""
    return writing  # type: ignore[return-value]
