"""What every form is: a module with this one function; its name is the file's ending."""

from typing import Protocol

from calligram.picture.posters.poster import Poster


class Form(Protocol):
    """Turns a poster into the content of a file."""

    def render(self, poster: Poster) -> bytes:
        """Return the whole content of the file."""
        ...
