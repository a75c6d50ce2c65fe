"""Where built files lie: a folder of this machine, or one of an object store (``s3://bucket/folder``)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from calligram.errors import MissingExtraError, OutputError
from calligram.whole_files import make_folder, writing_whole


@dataclass(frozen=True)
class Storage:
    """A folder whose files appear whole or not at all. It can be sent to another process or machine.

    Args:
        address: a path, or ``scheme://…`` for what fsspec can reach.
    """

    address: str

    @property
    def is_remote(self) -> bool:
        """Whether the folder is in an object store."""
        return "://" in self.address

    def inside(self, name: str) -> "Storage":
        """Return a folder of this folder."""
        return Storage(f"{self.address.rstrip('/')}/{name}")

    def address_of(self, name: str) -> str:
        """Return the address of one file of the folder."""
        return f"{self.address}/{name}" if self.is_remote else str(Path(self.address) / name)

    def exists(self, name: str) -> bool:
        """Return whether there is a file of that name."""
        if not self.is_remote:
            return (Path(self.address) / name).is_file()
        return bool(self._told(lambda store, place: store.isfile(f"{place}/{name}"), "looked into"))

    def names(self) -> list[str]:
        """Return the names of the files right in this folder, sorted; none where it does not exist."""
        if not self.is_remote:
            folder = Path(self.address)
            return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        found = self._told(lambda store, place: store.find(place, maxdepth=1), "listed")
        return sorted(str(path).rpartition("/")[2] for path in found)

    def read(self, name: str) -> bytes:
        """Return a whole file.

        Raises:
            OutputError: it cannot be read.
        """
        if self.is_remote:
            return cast(bytes, self._told(lambda store, place: store.cat_file(f"{place}/{name}"), "read"))
        try:
            return (Path(self.address) / name).read_bytes()
        except OSError as fault:
            raise OutputError(f"{self.address}/{name} cannot be read: {fault.strerror or fault}") from fault

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file, replacing one that is there.

        Raises:
            OutputError: it cannot be written; nothing of it stays.
        """
        with self.writing(name) as stream:
            stream.write(data)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Give a stream whose file appears when the block ends well, and never otherwise.

        Raises:
            OutputError: it cannot be written; nothing of it stays.
        """
        try:
            if self.is_remote:
                with self._remote_stream(name) as stream:
                    yield stream
            else:
                folder = make_folder(self.address)
                with writing_whole(folder / name) as stream:
                    yield stream
        except OSError as fault:
            raise OutputError(
                f"{self.address}/{name} cannot be written: {fault.strerror or fault}"
            ) from fault

    @contextmanager
    def _remote_stream(self, name: str) -> Iterator[BinaryIO]:
        store, place = self._open()
        # within a transaction a store keeps what is written aside until the end
        with store.transaction, store.open(f"{place}/{name}", "wb") as stream:
            yield stream

    def remove(self, name: str) -> None:
        """Remove a file where there is one."""
        if self.is_remote:
            if self.exists(name):
                self._told(lambda store, place: store.rm_file(f"{place}/{name}"), "removed from")
        else:
            (Path(self.address) / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the folder's files, and the folder where nothing is left in it."""
        for name in self.names():
            self.remove(name)
        if not self.is_remote and Path(self.address).is_dir() and not any(Path(self.address).iterdir()):
            Path(self.address).rmdir()

    def _told(self, act: Callable[[Any, str], Any], what: str) -> Any:
        store, place = self._open()
        try:
            return act(store, place)
        except OSError as fault:
            raise OutputError(f"{self.address} cannot be {what}: {fault}") from fault

    def _open(self) -> tuple[Any, str]:
        try:
            import fsspec  # type: ignore[import-untyped]
        except ImportError as fault:
            raise MissingExtraError("fsspec", "data", f"writing to {self.address}") from fault
        try:
            store, place = fsspec.core.url_to_fs(self.address)
        except (ImportError, ValueError) as fault:
            raise OutputError(f"{self.address} cannot be opened: {fault}") from fault
        return store, str(place)
