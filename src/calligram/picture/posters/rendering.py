"""Rendering: a poster as the content of a file, chosen by its ending."""

import os
from pathlib import Path
from typing import cast

from calligram import registry
from calligram.errors import OutputError
from calligram.picture.posters.forms.base import Form
from calligram.picture.posters.poster import Poster


def check_ending(path: str | os.PathLike[str]) -> str:
    """Return the ending of a file that a poster goes to, in small letters without its dot.

    Raises:
        OutputError: no form has it.
    """
    ending, known = Path(path).suffix.removeprefix(".").lower(), registry.members("picture.posters.forms")
    if ending not in known:
        told = f"ends in {'.' + ending!r}" if ending else "has no ending"
        raise OutputError(
            f"{os.fspath(path)!r} {told}, but a poster is one of {', '.join('.' + name for name in known)}: "
            "name it so"
        )
    return ending


def render(poster: Poster, ending: str) -> bytes:
    """Return what a file with that ending holds.

    Raises:
        NameInFamilyError: no form has it.
    """
    return cast(Form, registry.member("picture.posters.forms", ending)).render(poster)
