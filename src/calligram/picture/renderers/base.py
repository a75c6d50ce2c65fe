"""What every renderer is: a module with this one function; its name is the file's ending."""

from typing import Protocol

from calligram.picture.text_picture import TextPicture


class Renderer(Protocol):
    """Turns a text picture into the content of a file."""

    def render(self, picture: TextPicture) -> bytes:
        """Return the whole content of the file."""
        ...
