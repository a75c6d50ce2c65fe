"""Finds the training files of a data set, their formats and their splits."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from calligram import registry
from calligram.errors import FormatError
from calligram.formats.base import get_format
from calligram.training.dataset_target import MANIFEST

HEAD_BYTES = 65536


@dataclass(frozen=True)
class DatasetFile:
    """One training file.

    Args:
        path: where it is.
        format: its format's name.
        split: the split it belongs to; each file that no manifest names is a split of its own.
        faults: what is wrong with it that can be seen without reading its records.
    """

    path: Path
    format: str
    split: str
    faults: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The path as text."""
        return str(self.path)

    def open(self) -> BinaryIO:
        """Return the file, opened for reading bytes.

        Raises:
            FormatError: it cannot be opened.
        """
        try:
            return self.path.open("rb")
        except OSError as fault:
            raise FormatError(f"{self.path} cannot be read: {fault.strerror}") from fault


def find_files(paths: Sequence[str | Path], format: str = "") -> list[DatasetFile]:
    """Return the training files among paths; a folder stands for the files that its manifest names.

    Args:
        paths: files, or folders made by ``calligram dataset build``.
        format: their format, or empty to tell it from each file.

    Raises:
        FormatError: a path does not exist, is of no known format, or is a folder without training files.
    """
    if format:
        get_format(format)
    found: list[DatasetFile] = []
    for path in map(Path, paths):
        found += _of_folder(path, format) if path.is_dir() else [_of_file(path, format, str(path))]
    return found


def _of_file(path: Path, format: str, split: str, faults: tuple[str, ...] = ()) -> DatasetFile:
    return DatasetFile(path, format or recognise(path), split, faults)


def recognise(path: Path) -> str:
    """Return the name of the format that a file has, by the first mark that it holds.

    Raises:
        FormatError: the file cannot be read, or no format's mark is in its first 64 KiB.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as fault:
        raise FormatError(
            f"{path} cannot be read: {fault.strerror}: give a training file or its folder"
        ) from fault
    marks = {name: head.find(get_format(name).MARK) for name in registry.members("formats")}
    there = {name: place for name, place in marks.items() if place >= 0}
    if not there:
        what = "is empty" if not head else "is no training file of a known format"
        raise FormatError(f"{path} {what}: name its format with --format {'|'.join(marks)}")
    return min(there, key=there.__getitem__)


def _of_folder(folder: Path, format: str) -> list[DatasetFile]:
    manifest = read_manifest(folder / MANIFEST)
    if manifest is None:
        suffixes = {get_format(name).SUFFIX for name in registry.members("formats")}
        paths = sorted(p for p in folder.iterdir() if p.suffix in suffixes and p.name != "dataset_info.json")
        if not paths:
            raise FormatError(
                f"the folder {folder} has no training files and no {MANIFEST}: give one that has"
            )
        return [_of_file(path, format, str(path)) for path in paths]
    files = []
    for split, told in manifest["splits"].items():
        for entry in told["files"]:
            path = folder / entry["name"]
            files.append(_of_file(path, format, split, _differences(path, entry["sha256"])))
    return files


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return a build's manifest, or None where there is none.

    Raises:
        FormatError: the file is no manifest.
    """
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        _ = [entry["name"] + entry["sha256"] for split in told["splits"].values() for entry in split["files"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise FormatError(
            f"{path} is no manifest of a data set ({type(fault).__name__} {fault}): build it again"
        ) from fault
    return dict(told)


def _differences(path: Path, sha256: str) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found == sha256:
        return ()
    return (f"the checksum is {found[:12]}…, but the manifest says {sha256[:12]}…: the file was changed",)
