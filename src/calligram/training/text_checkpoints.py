"""The checkpoints of a training: which there are, whether they are whole, and the last one to go on from."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calligram.errors import TrainingError

STATE = "trainer_state.json"
PACKED = {".pt", ".pth", ".bin"}
"""What torch writes, each a zip archive with checksums."""


def checkpoints_in(place: Path) -> dict[int, Path]:
    """Return the checkpoints in a folder by their steps, in order."""
    found = {int(folder.name.rpartition("-")[2]): folder for folder in place.glob("checkpoint-*")}
    return dict(sorted(found.items()))


def read_state(checkpoint: Path) -> dict[str, Any]:
    """Return what the trainer noted in a checkpoint."""
    return dict(json.loads((checkpoint / STATE).read_text(encoding="utf-8")))


def last_whole(place: Path, say: Callable[[str], None]) -> tuple[int, Path] | None:
    """Return step and folder of the last checkpoint that is whole, or None where there is none at all.

    Args:
        place: holds the checkpoints.
        say: told of damaged ones that are passed over.

    Raises:
        TrainingError: there are some, but all are damaged.
    """
    found = checkpoints_in(place)
    damaged: list[str] = []
    for step, folder in reversed(found.items()):
        name = damaged_file(folder)
        if not name:
            if damaged:
                say(f"Damaged: {' and '.join(damaged)}. The training goes on from step {step}.")
            return step, folder
        damaged.append(f"{folder.name}/{name}")
    if damaged:
        raise TrainingError(
            f"no checkpoint in {place} is whole ({' and '.join(damaged)} cannot be read): delete {place}, "
            "and the same command begins anew"
        )
    return None


def check_whole(checkpoint: Path) -> None:
    """Raise TrainingError where a file of a checkpoint cannot be read."""
    if name := damaged_file(checkpoint):
        raise TrainingError(
            f"{checkpoint / name} cannot be read, but the model is to be made of it: delete "
            f"{checkpoint.parent}, and the same command begins anew"
        )


def damaged_file(checkpoint: Path) -> str:
    """Return the name of a file of a checkpoint that cannot be read, or nothing where all can.

    A power cut may leave files empty or cut short, though their names are there.
    """
    files = sorted(path for path in checkpoint.iterdir() if path.is_file())
    if not (checkpoint / STATE).exists():
        return STATE
    return next((path.name for path in files if not _is_whole(path)), "")


def _is_whole(path: Path) -> bool:
    try:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".safetensors":
            _open_weights(path)
        elif path.suffix in PACKED:
            with zipfile.ZipFile(path) as packed:
                return packed.testzip() is None
    except (ValueError, zipfile.BadZipFile, EOFError, OSError):
        return False
    return True


def _open_weights(path: Path) -> None:
    """Read what weights a file holds; ValueError where it is shorter than it says."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt"):
            pass
    except SafetensorError as fault:
        raise ValueError(str(fault)) from fault


def write_through(folder: Path) -> None:
    """Have the system write a folder and the files in it to the disk itself, not only to memory."""
    for path in [*(file for file in folder.iterdir() if file.is_file()), folder]:
        if os.name == "nt" and path.is_dir():
            continue  # Windows opens no folder
        number = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
