"""Calligram gives language models that only know text a way to see pictures, to draw, and to work on art.

::

    calligram.encode("seven.png")            an image as a text picture
    calligram.decode(text)                   and back
    calligram.see("seven.png").answer        what the built-in language model says of it
    calligram.draw("the digit 5")            what it draws when asked

Each name is loaded when it is first used, so that ``import calligram`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calligram.art.catalogue import catalogue
    from calligram.art.catalogue_options import CatalogueOptions
    from calligram.art.critique import CritiqueOptions, critique_image
    from calligram.art.describing_images import describe_image
    from calligram.art.describing_options import DescribeOptions
    from calligram.art.describing_texts import describe_opening
    from calligram.art.eyes import Eyes, eyes_of
    from calligram.art.fact import Facts
    from calligram.art.facts import measure_facts
    from calligram.art.facts_options import FactsOptions
    from calligram.art.ideas import propose_ideas
    from calligram.art.ideas_options import IdeasOptions
    from calligram.art.judge import Judgement, judge
    from calligram.art.judge_options import JudgeOptions
    from calligram.art.painting import PaintOptions, paint
    from calligram.art.refining import Hands, RefineOptions, refine
    from calligram.drawing import Drawing, DrawOptions, draw
    from calligram.errors import (
        BudgetError,
        CalligramError,
        ContentRefusedError,
        EndpointError,
        FetchError,
        FormatError,
        ImageError,
        InputError,
        KeysError,
        LayoutError,
        LimitError,
        MissingExtraError,
        ModelError,
        NameInFamilyError,
        OptionError,
        OutputError,
        PictureError,
        RequestError,
        SourceError,
        TemplateError,
        TrainingError,
    )
    from calligram.models.base import Reading, open_model
    from calligram.painters.base import open_painter
    from calligram.picture import EncodeOptions, Layout, TextPicture, decode, encode, encode_batch, get_layout
    from calligram.picture.posters.making import make_poster
    from calligram.picture.posters.options import PosterOptions
    from calligram.picture.posters.poster import Poster
    from calligram.provenance.label import Label
    from calligram.provenance.writing import labelled, write_image
    from calligram.seeing import SeeOptions, see

__version__ = "0.1.0"

__all__ = [
    "BudgetError",
    "CalligramError",
    "CatalogueOptions",
    "ContentRefusedError",
    "CritiqueOptions",
    "DescribeOptions",
    "DrawOptions",
    "Drawing",
    "EncodeOptions",
    "EndpointError",
    "Eyes",
    "Facts",
    "FactsOptions",
    "FetchError",
    "FormatError",
    "Hands",
    "IdeasOptions",
    "ImageError",
    "InputError",
    "JudgeOptions",
    "Judgement",
    "KeysError",
    "Label",
    "Layout",
    "LayoutError",
    "LimitError",
    "MissingExtraError",
    "ModelError",
    "NameInFamilyError",
    "OptionError",
    "OutputError",
    "PaintOptions",
    "PictureError",
    "Poster",
    "PosterOptions",
    "Reading",
    "RefineOptions",
    "RequestError",
    "SeeOptions",
    "SourceError",
    "TemplateError",
    "TextPicture",
    "TrainingError",
    "__version__",
    "catalogue",
    "critique_image",
    "decode",
    "describe_image",
    "describe_opening",
    "draw",
    "encode",
    "encode_batch",
    "eyes_of",
    "get_layout",
    "judge",
    "labelled",
    "make_poster",
    "measure_facts",
    "open_model",
    "open_painter",
    "paint",
    "propose_ideas",
    "refine",
    "see",
    "write_image",
]

_ROOMS = {
    "calligram.art.eyes": "Eyes eyes_of",
    "calligram.art.fact": "Facts",
    "calligram.art.facts": "measure_facts",
    "calligram.art.facts_options": "FactsOptions",
    "calligram.art.catalogue": "catalogue",
    "calligram.art.catalogue_options": "CatalogueOptions",
    "calligram.art.critique": "CritiqueOptions critique_image",
    "calligram.art.describing_images": "describe_image",
    "calligram.art.describing_options": "DescribeOptions",
    "calligram.art.describing_texts": "describe_opening",
    "calligram.art.ideas": "propose_ideas",
    "calligram.art.ideas_options": "IdeasOptions",
    "calligram.art.judge": "Judgement judge",
    "calligram.art.judge_options": "JudgeOptions",
    "calligram.picture": "EncodeOptions Layout TextPicture decode encode encode_batch get_layout",
    "calligram.picture.posters.making": "make_poster",
    "calligram.picture.posters.options": "PosterOptions",
    "calligram.picture.posters.poster": "Poster",
    "calligram.provenance.label": "Label",
    "calligram.provenance.writing": "labelled write_image",
    "calligram.seeing": "SeeOptions see",
    "calligram.drawing": "DrawOptions Drawing draw",
    "calligram.models.base": "Reading open_model",
    "calligram.painters.base": "open_painter",
    "calligram.art.painting": "PaintOptions paint",
    "calligram.art.refining": "Hands RefineOptions refine",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'calligram' has no attribute {name!r}: it has {', '.join(__all__)}")
    room = next((room for room, names in _ROOMS.items() if name in names.split()), "calligram.errors")
    found = getattr(import_module(room), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
