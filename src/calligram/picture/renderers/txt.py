"""The marked-up text itself, UTF-8, as a model reads it."""

from calligram.picture.text_picture import TextPicture


def render(picture: TextPicture) -> bytes:
    """Return the text's bytes."""
    return picture.text.encode()
