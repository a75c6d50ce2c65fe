"""Where the files of a data set go, and how nothing of a failed build stays."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from calligram.errors import CalligramError, OptionError, OutputError
from calligram.training.shards import plain_split
from calligram.training.storage import Storage

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class DataFile:
    """One finished file of examples."""

    name: str
    size_bytes: int
    sha256: str
    examples: int


class HashingStream:
    """A stream that counts and checksums what goes through it."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name, self._size = stream, name, 0
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write all of the data."""
        self._sum.update(data)
        self._size += len(data)
        return self._stream.write(data)

    def flush(self) -> None:
        """Hand on what the stream beneath holds back."""
        self._stream.flush()

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._size

    def close(self) -> None:
        """Do nothing: whoever opened the stream beneath closes it."""

    @property
    def closed(self) -> bool:
        """Whether the stream beneath is closed."""
        return self._stream.closed

    def file(self, examples: int) -> DataFile:
        """Return the finished file."""
        return DataFile(self._name, self._size, self._sum.hexdigest(), examples)


@dataclass(frozen=True)
class Target:
    """Where a data set goes.

    Args:
        folder: holds the data files.
        file: the data file's name where the user named one file, else empty.
        work: holds shards until they are joined, and the facts of finished shards.
        suffix: of the format.
        joined: whether the shards of a split become one file.
        fresh: whether the folder had no files before.
    """

    folder: Storage
    file: str
    work: Storage
    suffix: str
    joined: bool
    fresh: bool

    @property
    def shards(self) -> Storage:
        """Where shards are written."""
        return self.work if self.joined else self.folder

    def data_name(self, split: str) -> str:
        """Return the name of a split's joined file."""
        return self.file or f"{plain_split(split)}{self.suffix}"

    def beside(self, name: str) -> str:
        """Return the name of a file beside the data; beside a single file it begins with that file's name."""
        return f"{PurePosixPath(self.file).stem}.{name}" if self.file else name

    def refuse_strangers(self, splits: Sequence[str], companions: Sequence[str]) -> None:
        """Raise OutputError where a file that no earlier build has made would be overwritten.

        A single file that the user named is overwritten, as by any other command.
        """
        names = [self.beside(name) for name in (*companions, MANIFEST)]
        names += [] if self.file else [self.data_name(split) for split in splits]
        ours = self._listed() | {self.beside(MANIFEST)} if self._has_manifest() else set()
        for name in names:
            if name not in ours and self.folder.exists(name):
                raise OutputError(
                    f"{self.folder.address}/{name} is there already and was made by something else: "
                    "choose another output or move it away"
                )

    def _has_manifest(self) -> bool:
        if not self.folder.exists(self.beside(MANIFEST)):
            return False
        try:
            told = json.loads(self.folder.read(self.beside(MANIFEST)))
        except ValueError:
            return False
        return isinstance(told, dict) and "calligram" in told.get("versions", {})

    def _listed(self) -> set[str]:
        told = json.loads(self.folder.read(self.beside(MANIFEST)))
        files = {file["name"] for split in told["splits"].values() for file in split["files"]}
        return files | set(told["companions"])

    @contextmanager
    def hashing(self, name: str) -> Iterator[HashingStream]:
        """Give a stream to write one data file with; the file appears when the block ends well."""
        with self.folder.writing(name) as stream:
            yield HashingStream(stream, name)

    @contextmanager
    def clean_after_fault(self) -> Iterator[None]:
        """Remove what the block leaves when it ends in one of our errors; an interrupt keeps shards."""
        try:
            yield
        except CalligramError:
            self.work.clear()
            if not self.joined:
                kept = self._listed() if self._has_manifest() else set()
                self._remove_shards(kept)
            if self.fresh and not self.folder.is_remote:
                _remove_empty(Path(self.folder.address))
            raise

    def finish(self, files: Mapping[str, Sequence[DataFile]]) -> None:
        """Remove what is of no more use: joined shards, or the shards of an earlier build."""
        if self.joined:
            self.work.clear()
        else:
            self._remove_shards({file.name for parts in files.values() for file in parts})

    def _remove_shards(self, kept: set[str]) -> None:
        shard = re.compile(r".+-\d{5,}-[0-9a-f]{24}" + re.escape(self.suffix))
        for name in self.folder.names():
            if shard.fullmatch(name) and name not in kept:
                self.folder.remove(name)


def choose_target(output: str, suffix: str, splits: Sequence[str], joined: bool) -> Target:
    """Return where a data set goes.

    Args:
        output: a file with the format's suffix, or any other name for a folder.
        suffix: of the format.
        splits: the splits to be built.
        joined: whether the shards of a split become one file.

    Raises:
        OptionError: one file is named, but there are several splits, or shards are to be kept apart.
        OutputError: the output is a file where a folder is wanted.
    """
    if not output or not splits:
        raise OptionError(f"the {'output' if not output else 'split'} is empty: name one")
    is_folder = "://" not in output and Path(output).is_dir()
    if is_folder or not output.endswith(suffix):
        return _folder_target(output, suffix, joined)
    if len(splits) > 1 or not joined:
        raise OptionError(
            f"the output {output} is one file, but several splits or separate shards need a folder: "
            f"give a name without {suffix}"
        )
    _refuse_file_above(output)
    folder, _, file = output.rpartition("/") if "://" in output else _parted(output)
    storage = Storage(folder)
    return Target(storage, file, storage.inside(f".{file}.shards"), suffix, joined, not storage.names())


def _refuse_file_above(output: str) -> None:
    parent = next((p for p in Path(output).parents if p.exists()), None) if "://" not in output else None
    if parent and not parent.is_dir():
        raise OutputError(f"{output} cannot be written: {parent} is a file, not a folder")


def _parted(output: str) -> tuple[str, str, str]:
    path = Path(output)
    return str(path.parent), "/", path.name


def _folder_target(output: str, suffix: str, joined: bool) -> Target:
    path = Path(output)
    if "://" not in output and path.exists() and not path.is_dir():
        raise OutputError(f"{output} is a file: give a folder, or a file name that ends in {suffix}")
    _refuse_file_above(output)
    storage = Storage(output.rstrip("/") or "/")
    return Target(storage, "", storage.inside(".shards"), suffix, joined, not storage.names())


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()) and folder.resolve() != Path.cwd():
        folder.rmdir()
