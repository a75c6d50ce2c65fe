"""Encoding: a Pillow image as bytes of the format that a file's ending names, the same bytes each time."""

import io
import os
from typing import Any

from PIL import Image

from calligram.errors import OutputError

FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".webp": ("WEBP", {"lossless": True}),
    ".avif": ("AVIF", {"quality": 90, "subsampling": "4:4:4"}),
    ".tif": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ".tiff": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ".gif": ("GIF", {}),
    ".bmp": ("BMP", {}),
    ".pdf": ("PDF", {"creationDate": None, "modDate": None, "producer": None}),
}
"""Pillow's name of each format, and how it is saved: edges of glyphs and colours are kept sharp."""

OPAQUE = ("JPEG", "BMP", "PDF")


def encoded(image: Image.Image, ending: str, path: str | os.PathLike[str] = "") -> bytes:
    """Return an image as bytes of a format, without anything that tells of its making.

    Args:
        image: of any mode; what the format cannot hold is converted to ``RGB`` or ``RGBA``, and where it has
            no transparency the image is laid over white.
        ending: as ``".png"``.
        path: for messages.

    Raises:
        OutputError: the ending is of no format that is known, or the format cannot hold the image.
    """
    if ending.lower() not in FORMATS:
        raise OutputError(
            f"{os.fspath(path)!r} ends in {ending!r}, which is no known kind of image: "
            f"choose one of {', '.join(FORMATS)}"
        )
    name, options = FORMATS[ending.lower()]
    bare = _fitting(image, name)
    stream = io.BytesIO()
    try:
        bare.save(stream, name, **options)
    except (OSError, ValueError) as fault:
        raise OutputError(
            f"{os.fspath(path)!r} cannot hold this image ({fault}): choose another kind"
        ) from fault
    return stream.getvalue()


def _fitting(image: Image.Image, name: str) -> Image.Image:
    """Return an image in a mode that a format holds, with its colour profile and nothing else beside it."""
    profile = image.info.get("icc_profile")
    if image.mode == "P" and name != "GIF":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if name in OPAQUE and image.mode in ("RGBA", "LA", "PA"):
        under = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(under, image.convert("RGBA")).convert("RGB")
    elif image.mode not in ("1", "L", "RGB", "RGBA", "P"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare = image.copy()
    bare.info = {key: bare.info[key] for key in ("transparency", "background") if key in bare.info}
    if profile:
        bare.info["icc_profile"] = profile
    return bare
