"""Terminal text with ANSI colours, for ``cat`` and ``less -R``."""

from calligram.picture.terminal import terminal_text
from calligram.picture.text_picture import TextPicture


def render(picture: TextPicture) -> bytes:
    """Return the text's bytes; without colours, the plain lines."""
    return terminal_text(picture, picture.colour_kind).encode()
