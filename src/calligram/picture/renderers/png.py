"""A PNG, each cell 12 pixels wide."""

import io

from calligram.picture.text_picture import TextPicture


def render(picture: TextPicture) -> bytes:
    """Return the file's bytes; the text itself is kept in the text chunk ``Comment``."""
    from PIL.PngImagePlugin import PngInfo

    information = PngInfo()
    information.add_itxt("Comment", picture.text)
    content = io.BytesIO()
    picture.image().save(content, "PNG", pnginfo=information, optimize=True)
    return content.getvalue()
