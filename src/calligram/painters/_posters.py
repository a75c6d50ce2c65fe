"""What painters that set characters share: a sheet of so many pixels, and characters that it has room for."""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

from calligram.painters.base import Order
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.sheets import MM_PER_INCH, parse_size
from calligram.settings import option_of

PIXELS_PER_CHARACTER = 8
"""A character is at least so wide, where the number of columns is left open."""

SHEET_DPI = 100.0


@dataclass(frozen=True)
class SheetOptions(PosterOptions):
    """How characters are set, with fewer dots to the inch than in print."""

    dpi: float = option_of(PosterOptions, "dpi", SHEET_DPI)


Options = TypeVar("Options", bound=PosterOptions)


def on_sheet(options: Options, order: Order) -> Options:
    """Return options for the size that an order asks for, else for their own, with columns that fit.

    Args:
        options: as the painter was given them.
        order: width and height count; where one is missing, it follows from the sheet's own shape.
    """
    short, long = sorted(parse_size(options.size))
    sides = (long, short) if options.turn == "landscape" else (short, long)
    if order.width or order.height:
        width = order.width or round((order.height or 0) * sides[0] / sides[1])
        height = order.height or round(width * sides[1] / sides[0])
        inches = f"{width / options.dpi:.9g}x{height / options.dpi:.9g}in"
        options = replace(options, size=inches, turn="landscape" if width > height else "portrait")
        sides = (width / options.dpi * MM_PER_INCH, height / options.dpi * MM_PER_INCH)
    if options.columns is None:
        room = (1 - 2 * options.margin) * sides[0] / MM_PER_INCH * options.dpi
        options = replace(options, columns=max(1, int(room / PIXELS_PER_CHARACTER)))
    return options


def told(options: PosterOptions, *left_out: str) -> dict[str, str | int | float | bool | None]:
    """Return the options that are not as usual, without those that name files or are told elsewhere."""
    hidden = {"font", "words", "title", "byline", "seed", *left_out}
    return {
        field.name: getattr(options, field.name)
        for field in fields(options)
        if field.name not in hidden and getattr(options, field.name) != field.default
    }


def remarks(order: Order, *more: str) -> tuple[str, ...]:
    """Return what should be told: that nothing can be avoided, where that was asked for, and more."""
    avoided = f"this painter cannot be told what to avoid, so {order.avoid!r} was left aside"
    return (*more, *([avoided] if order.avoid else []))
