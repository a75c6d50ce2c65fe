"""Training files of small pictures that follow a rule, so that a tiny model learns something of them."""

import json
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


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny GPT-2 in a folder, as ``calligram train`` leaves it."""
    pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")
    from tests.models.hugging import make_gpt2

    folder = make_gpt2(tmp_path_factory.mktemp("published") / "mine")
    asked = {
        "dataset": "/home/somebody/digits",
        "model": "hf:/home/somebody/gpt2",
        "options": {"method": "full", "seed": 1},
        "files": {"train.jsonl": "3e93"},
        "train": 200,
    }
    finished = {"steps": 50, "best_step": 40, "best_loss": 2.5, "right": 0.75, "notes": []}
    (folder / "run.json").write_text(json.dumps({"asked": asked, "finished": finished}))
    (folder / "checkpoints").mkdir()
    (folder / "optimizer.pt").write_bytes(b"stays here")
    return folder


@pytest.fixture(scope="session")
def dataset_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set, as ``calligram dataset build`` writes it."""
    pytest.importorskip("sklearn", reason="the digits of scikit-learn need the extra train")
    from calligram.picture import EncodeOptions
    from calligram.training.dataset import build_dataset
    from calligram.training.dataset_options import BuildOptions

    folder = tmp_path_factory.mktemp("published") / "digits"
    build_dataset(
        "digits:", str(folder), BuildOptions(split="train", format="messages", limit=20), EncodeOptions()
    )
    return folder
