"""Training files of small pictures that follow a rule, so that a tiny model learns something of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from calligram.formats.base import Example, get_format

ROWS = {"0": ("▓▓▓", "▓ ▓", "▓▓▓"), "1": (" █ ", " █ ", " █ "), "7": ("███", "  ▓", " ▓ ")}


def small_examples(count: int, tasks: str = "read") -> list[Example]:
    """Return examples of three kinds of picture, no two alike."""
    made = []
    for number in range(count):
        answer = "017"[number % 3]
        mark = f"{number:06b}".replace("0", " ").replace("1", "█")
        rows = [*ROWS[answer], mark[:3], mark[3:6]]
        picture = "".join(f"<row:{n}>{row}</row:{n}>\n" for n, row in enumerate(rows, start=1))
        if tasks != "draw":
            made.append(Example("read", picture, "What digit is this?", answer, 3))
        if tasks != "read":
            made.append(Example("draw", picture, f"Draw the digit {answer}, small.", "", 3))
    return made


@pytest.fixture
def training_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a training file and gives its path."""

    def write(
        name: str = "train.jsonl", count: int = 48, format: str = "messages", tasks: str = "read"
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(get_format(format).write_part(small_examples(count, tasks)))
        return path

    return write
