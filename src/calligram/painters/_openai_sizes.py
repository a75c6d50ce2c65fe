"""Sizes: which pixels an images endpoint is asked for, by what its models make."""

from math import log

from calligram.errors import OptionError, RequestError
from calligram.painters.base import Order

FIXED = ((1024, 1024), (1536, 1024), (1024, 1536))
"""The sizes of ``gpt-image-1``, ``1-mini`` and ``1.5``. Source: OpenAI, images interface, November 2026."""

STEP = 16
LONGEST = 3
"""From ``gpt-image-2`` on, sides are multiples of 16, and at most three to one. Source: the same."""


def size_for(model: str, order: Order, usual: str) -> str:
    """Return the field ``size`` of a request, or nothing where it is not said.

    Args:
        model: a model of OpenAI by its name, or any other, which is asked for the pixels as they are.
        order: its width and height count; where one alone is given, the image is square.
        usual: what is asked for where the order gives none.

    Raises:
        OptionError: ``usual`` is no size.
        RequestError: the model makes nothing so long.
    """
    width, height = order.width or order.height, order.height or order.width
    if not width or not height:
        return _checked(usual)
    if model.startswith(("gpt-image-1", "chatgpt-image")):
        shape = width / height
        width, height = min(FIXED, key=lambda size: abs(log(size[0] / size[1] / shape)))
    elif model.startswith("gpt-image-"):
        if max(width, height) > LONGEST * min(width, height):
            raise RequestError(
                f"{model} makes no image of {width} x {height} pixels: ask for at most {LONGEST} to 1"
            )
        width, height = (max(1, round(side / STEP)) * STEP for side in (width, height))
    return f"{width}x{height}"


def _checked(size: str) -> str:
    width, cross, height = size.partition("x")
    if size in {"", "auto"} or (cross and width.isdecimal() and height.isdecimal()):
        return size
    raise OptionError(f"size is {size!r}, but must be width x height in pixels, as 1536x1024, or auto")
