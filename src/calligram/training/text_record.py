"""The run folder of a training: what was asked for, what was learnt from, and the log of figures."""

import json
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import calligram
from calligram.errors import OutputError, TrainingError
from calligram.picture.saving import Finish, as_it_is
from calligram.whole_files import make_folder, write_whole

RECORD, LOG, CHECKPOINTS = "run.json", "log.jsonl", "checkpoints"
VERSIONED = ("torch", "transformers", "peft", "accelerate", "tokenizers", "numpy")


@dataclass(frozen=True)
class RunFolder:
    """A folder that holds one training.

    Args:
        path: where it is.
        writes: whether this process writes to it; of several on one training only the first does.
        finish: labels the images in it.
    """

    path: Path
    writes: bool = True
    finish: Finish = as_it_is

    def begin(self, asked: Mapping[str, Any], machine: Mapping[str, Any]) -> dict[str, Any]:
        """Make the folder with its record, or find the record of the same training, and return it.

        Args:
            asked: all that the weights follow from; lists, dicts, texts and numbers.
            machine: what else they follow from, where it is computed: devices and precision.

        Raises:
            TrainingError: the folder holds a training of something else, or one begun on another machine.
            OutputError: it holds other files, or cannot be made.
        """
        known = self.check(asked)
        if known is not None:
            self._check_machine(known, machine)
        if known is not None or not self.writes:
            return known or {}
        make_folder(self.path)
        record = {
            "asked": dict(asked),
            "machine": dict(machine),
            "versions": versions(),
            "begun": time.time(),
            "finished": None,
        }
        self.write(record)
        return record

    def check(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the record of the same training, or None where the folder is still to be filled.

        Raises:
            TrainingError: the folder holds a training of something else.
            OutputError: it holds other files.
        """
        if self.path.exists() and not self.path.is_dir():
            raise OutputError(f"{self.path} is a file: choose another --output")
        if not (self.path / RECORD).exists():
            if self.path.exists() and self.writes and any(self.path.iterdir()):
                raise OutputError(f"{self.path} holds files of something else: choose another --output")
            return None
        record = self._read()
        told = json.loads(json.dumps(asked))
        if record["asked"] != told:
            raise TrainingError(
                f"{self.path} holds another training ({_differences(record['asked'], told)}): "
                "give the same words to go on with it, or another --output"
            )
        return record

    def write(self, record: Mapping[str, Any]) -> None:
        """Write the record, whole or not at all."""
        told = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        write_whole(self.path / RECORD, told.encode())

    def note(self, row: Mapping[str, Any]) -> None:
        """Add one row to the log."""
        if self.writes:
            with (self.path / LOG).open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row) + "\n")

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the log; one that was cut short is passed over."""
        path = self.path / LOG
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def forget_rows_after(self, step: int) -> None:
        """Take out of the log what was done after a checkpoint, since it is done again."""
        if self.writes and (self.path / LOG).exists():
            kept = [json.dumps(row) + "\n" for row in self.rows() if row["step"] <= step]
            write_whole(self.path / LOG, "".join(kept).encode())

    def _check_machine(self, record: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
        """Raise TrainingError where steps would be others than those before; older records do not tell."""
        begun = record.get("machine", {})
        others = [name for name in begun if begun[name] != machine[name]]
        if told := [f"{name} {begun[name]}, not {machine[name]}" for name in others]:
            raise TrainingError(
                f"the training in {self.path} was begun with {' and '.join(told)}, so that its steps would "
                "not be those of one training: go on where it was begun, with as many processes or cards and "
                "the same --precision, or begin anew with another --output"
            )

    def _read(self) -> dict[str, Any]:
        try:
            record = json.loads((self.path / RECORD).read_text(encoding="utf-8"))
            _ = record["asked"]["options"], record["finished"]
        except (ValueError, KeyError, TypeError) as fault:
            raise TrainingError(
                f"{self.path / RECORD} is no record of a training: choose another --output"
            ) from fault
        return dict(record)


def versions() -> dict[str, str]:
    """Return the versions of all that a training can depend on."""
    found = {"calligram": calligram.__version__, "python": platform.python_version()}
    for package in VERSIONED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return what differs in two records of what was asked for."""
    told = []
    for name in sorted({*before, *now}):
        one, other = before.get(name), now.get(name)
        if isinstance(one, dict) and isinstance(other, dict) and name == "options":
            told += [
                f"{key} was {one.get(key)!r}, now {other.get(key)!r}"
                for key in other
                if one.get(key) != other[key]
            ]
        elif one != other:
            short = all(isinstance(value, str | int | float) for value in (one, other))
            told.append(f"{name} was {one!r}, now {other!r}" if short else f"other {name}")
    return "; ".join(told)
