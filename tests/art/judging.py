"""Images and scripts with which judging is tried out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from calligram.art.rubric import NAMES


def make_works(folder: Path, count: int) -> list[Path]:
    """Write images of their own colours and shapes, and return their paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(count):
        coarse = np.random.default_rng(number).integers(0, 256, (5, 6, 3), dtype=np.uint8)
        paths.append(folder / f"work-{number}.png")
        Image.fromarray(coarse.repeat(16, axis=0).repeat(16, axis=1)).save(paths[-1])
    return paths


def verdict(level: int, *evidence: str) -> dict[str, Any]:
    """Return what a judge answers to one aspect."""
    return {"reason": f"It is at {level}.", "evidence": list(evidence), "level": level}


def opinions(better: str, *evidence: str) -> dict[str, Any]:
    """Return what a judge answers to a pair."""
    return {name: {"reason": "So it is.", "evidence": list(evidence), "better": better} for name in NAMES}


def write_judge(path: Path, verdicts: list[Any], pairs: list[Any] | None = None) -> str:
    """Write the script of a judge, and return how the model is spelled."""
    replies = [{"when": "You judge one aspect", "say": verdicts}]
    replies += [{"when": "You compare two works", "say": pairs}] if pairs else []
    path.write_text(json.dumps(replies), encoding="utf-8")
    return f"scripted:{path}"
