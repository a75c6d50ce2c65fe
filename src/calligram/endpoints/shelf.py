"""The shelf: answers kept on disk by what was asked, so that each is paid for once."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram import settings
from calligram.errors import OutputError
from calligram.whole_files import make_folder, write_whole


@dataclass(frozen=True)
class Shelf:
    """Answers, each in a file named after what was asked; no key is ever among it.

    Args:
        folder: where they lie; None keeps nothing.
    """

    folder: Path | None

    def find(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return what was answered to the very same question, or None."""
        if self.folder is None:
            return None
        try:
            found = json.loads(self._place(asked).read_text(encoding="utf-8"))["answered"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if isinstance(found, dict) else None

    def prepare(self, asked: dict[str, Any]) -> None:
        """Make the folder of an answer that is to come, so that none is paid for that cannot be kept.

        Raises:
            OutputError: it cannot be made.
        """
        if self.folder is None:
            return
        try:
            make_folder(self._place(asked).parent)
        except OutputError as fault:
            raise OutputError(
                f"{fault}: set CALLIGRAM_CACHE to a folder that can be written, or cache=no"
            ) from fault

    def keep(self, asked: dict[str, Any], answered: dict[str, Any]) -> None:
        """Keep an answer beside its question.

        Raises:
            OutputError: it cannot be written.
        """
        if self.folder is not None:
            self.prepare(asked)
            told = json.dumps({"asked": asked, "answered": answered}, ensure_ascii=False, indent=1)
            write_whole(self._place(asked), told.encode("utf-8", "surrogatepass"))

    def _place(self, asked: dict[str, Any]) -> Path:
        assert self.folder
        told = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        name = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
        return self.folder / name[:2] / f"{name}.json"


def shelf_of(kind: str, kept: bool) -> Shelf:
    """Return the shelf of a kind, as ``"answers"``, in the cache folder, or one that keeps nothing."""
    return Shelf(settings.cache_folder() / kind if kept else None)
