"""Images to text pictures and back: knows no model, no data set, no network.

Names are loaded when they are first used, so that reading the options costs no numpy and no Pillow.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calligram.picture.batch import encode_batch
    from calligram.picture.decoding import decode
    from calligram.picture.encoding import encode
    from calligram.picture.files import EncodedFile, encode_files
    from calligram.picture.layout import LAYOUTS, Layout, get_layout
    from calligram.picture.options import EncodeOptions, Limits
    from calligram.picture.ramps import RAMPS, get_ramp
    from calligram.picture.spelling import spell, spell_batch
    from calligram.picture.text_picture import TextPicture

_HOMES = {
    "LAYOUTS": "layout",
    "RAMPS": "ramps",
    "EncodeOptions": "options",
    "EncodedFile": "files",
    "Layout": "layout",
    "Limits": "options",
    "TextPicture": "text_picture",
    "decode": "decoding",
    "encode": "encoding",
    "encode_batch": "batch",
    "encode_files": "files",
    "get_layout": "layout",
    "get_ramp": "ramps",
    "spell": "spelling",
    "spell_batch": "spelling",
}
"""In which module each public name lives."""

__all__ = [
    "LAYOUTS",
    "RAMPS",
    "EncodeOptions",
    "EncodedFile",
    "Layout",
    "Limits",
    "TextPicture",
    "decode",
    "encode",
    "encode_batch",
    "encode_files",
    "get_layout",
    "get_ramp",
    "spell",
    "spell_batch",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
