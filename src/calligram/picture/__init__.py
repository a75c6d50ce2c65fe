"""Images to text pictures and back: knows no model, no data set, no network."""

from calligram.picture.batch import encode_batch
from calligram.picture.decoding import decode
from calligram.picture.encoding import encode
from calligram.picture.layout import LAYOUTS, Layout, get_layout
from calligram.picture.options import EncodeOptions, Limits
from calligram.picture.ramps import RAMPS, get_ramp
from calligram.picture.spelling import spell, spell_batch
from calligram.picture.text_picture import TextPicture

__all__ = [
    "LAYOUTS",
    "RAMPS",
    "EncodeOptions",
    "Layout",
    "Limits",
    "TextPicture",
    "decode",
    "encode",
    "encode_batch",
    "get_layout",
    "get_ramp",
    "spell",
    "spell_batch",
]
