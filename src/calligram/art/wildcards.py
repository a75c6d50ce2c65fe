"""Word lists by name: those that ship with the package, and a user's own beside or instead of them.

A list is a text file with one line for each entry; empty lines and lines that begin with ``#`` do not count.
Its name is its path below the folder, without the ending: ``light/calm`` is ``light/calm.txt``. A name of a
folder stands for all lists below it. A JSON file holds lists by key, ``{"coat": ["red", "blue"]}``, and its
keys, nested or not, are names too.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from calligram.errors import InputError, TemplateError

SHIPPED = Path(__file__).parent / "words"
MOST_BYTES = 16_000_000
"""The largest file of a list."""

Lists = dict[str, tuple[str, ...]]


class WordLists:
    """The lists that templates draw from.

    Args:
        folder: a folder of the user's own lists, or None; one of the name of a shipped list takes its place.

    Raises:
        InputError: the folder or a list in it cannot be read.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.own: Lists = {} if folder is None else read_folder(Path(folder))
        self.lists: Lists = {**shipped_lists(), **self.own}

    def names(self) -> list[str]:
        """Return the names of all lists, sorted."""
        return sorted(self.lists)

    def has(self, name: str) -> bool:
        """Return whether a name fits a list."""
        return bool(self._fitting(name))

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines that a name stands for, each once, in the order of the sorted names.

        Args:
            name: a list, a folder of lists, or a pattern with ``*`` as ``medium/*``.

        Raises:
            TemplateError: no list has such a name.
        """
        fitting = self._fitting(name)
        if not fitting:
            near = get_close_matches(name, [*self.lists, *self._folders()], 3, 0.5)
            known = f"did you mean {' or '.join(near)}" if near else "see calligram ideas --word-lists"
            raise TemplateError(f"there is no list {name!r} of words: {known}")
        return tuple(dict.fromkeys(line for one in fitting for line in self.lists[one]))

    def digest(self, *names: str) -> str:
        """Return 12 hexadecimal digits that change when a line of the named lists, or of any, does."""
        chosen = {one for name in names for one in self._fitting(name)} if names else set(self.lists)
        told = json.dumps([(name, self.lists[name]) for name in sorted(chosen)], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def _fitting(self, name: str) -> list[str]:
        if name in self.lists:
            return [name]
        if "*" in name:
            return [one for one in self.names() if fnmatchcase(one, name)]
        return [one for one in self.names() if one.startswith(f"{name}/")]

    def _folders(self) -> set[str]:
        return {parent.as_posix() for one in self.lists for parent in Path(one).parents} - {"."}


@cache
def shipped_lists() -> Mapping[str, tuple[str, ...]]:
    """Return the lists that ship with the package, by name."""
    return read_folder(SHIPPED)


def read_folder(folder: Path) -> Lists:
    """Return the lists below a folder, by name.

    Raises:
        InputError: there is no such folder, it holds no list, or one cannot be read.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {str(folder)!r} of word lists: check the path")
    found: Lists = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if path.suffix == ".txt" and path.is_file():
            lines = _lines(_content(path))
            found |= {name: lines} if lines else {}
        elif path.suffix == ".json" and path.is_file():
            found |= dict(_nested(name, _tree(path)))
    if not found:
        raise InputError(
            f"the folder {str(folder)!r} holds no word list: put files such as light.txt in it, a line each"
        )
    return found


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"the list {path} is over {MOST_BYTES:,} bytes: split it into several")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        told = getattr(fault, "strerror", None) or "it is no UTF-8"
        raise InputError(
            f"the list {path} cannot be read ({told}): check the file, or take it away"
        ) from fault


def _lines(content: str) -> tuple[str, ...]:
    lines = (line.strip() for line in content.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _tree(path: Path) -> object:
    try:
        return json.loads(_content(path))
    except ValueError as fault:
        raise InputError(f"the list {path} is no valid JSON ({fault}): mend it, or take it away") from fault


def _nested(name: str, tree: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lists in a tree of JSON; what is neither a list nor a table is passed over."""
    if isinstance(tree, list):
        lines = tuple(" ".join(line.split()) for line in tree if isinstance(line, str) and line.strip())
        if lines:
            yield name, lines
    elif isinstance(tree, dict):
        for key, inner in tree.items():
            yield from _nested(f"{name}/{key}", inner)
