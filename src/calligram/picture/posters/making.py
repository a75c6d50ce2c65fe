"""Making: from an image or a text picture to a finished poster."""

import dataclasses
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calligram import settings
from calligram.picture.forms import DOT_FORMS
from calligram.picture.opening import ImageInput, describe, open_pixels, read_bytes, without_pillow_limit
from calligram.picture.options import EncodeOptions, Limits
from calligram.picture.painting import level_greys
from calligram.picture.posters.captions import caption_height, set_caption
from calligram.picture.posters.choosing import COLOUR_RISE, Numbers, Scale, as_given, choose, find_characters
from calligram.picture.posters.faces import Face, open_faces
from calligram.picture.posters.flowing import flow, set_words
from calligram.picture.posters.inks import Colour, Inks, choose_paper, limit, mix, thin
from calligram.picture.posters.options import PosterOptions
from calligram.picture.posters.poster import Block, Poster, Rule
from calligram.picture.posters.sampling import (
    FloatArray,
    Sample,
    cover,
    ink_of,
    is_dark,
    luminance,
    mean,
    sample,
    to_linear,
    tones,
)
from calligram.picture.posters.sheets import USUAL_COLUMNS, Grid, Sheet, lay_grid, lay_sheet
from calligram.picture.posters.type_case import (
    BLANK,
    SUB_COLUMNS,
    SUB_ROWS,
    Fit,
    TypeCase,
    measure,
    set_case,
)
from calligram.picture.text_picture import TextPicture

OWN = "own"
"""The charset of a text picture that keeps its own characters."""

SEEN_PARTS = 1.6
"""A large JPEG is decoded as if a cell had so many parts across, each of three pixels at least."""

BRIGHTEST = 0.85
"""Luminance of the lightest ink where inks have the image's colours, which leaves room for them."""

MIDDLE = 0.2
"""Paper of less luminance is dark."""

FULL_SHARE = 0.95
"""The fullest cell is taken as full as this share of all characters is at most."""

LINE_SHARE, LINE_AWAY = 0.0008, 0.014
"""Thickness of the line around a picture, and its distance, in parts of the sheet's shorter side."""


def make_poster(
    source: "ImageInput | TextPicture", options: PosterOptions | None = None, name: str = ""
) -> Poster:
    """Return an image or a text picture as a poster, set in characters.

    Args:
        source: a path, ``-`` for standard input, bytes, a Pillow image, an array, or a text picture.
        options: sheet, font, characters, colours and caption; None is the usual.
        name: what the source is called in messages; empty describes it.

    Raises:
        ImageError: the image cannot be read.
        LimitError: the image or the sheet is over a limit.
        OptionError: an option is out of its range, a font is missing or none, or has not got a character.
    """
    options = options or PosterOptions()
    settings.check(options)
    faces = open_faces(options.font)
    if isinstance(source, TextPicture):
        if _keeps_its_own(source, options):
            return _set_as_it_is(source, faces, options)
        return _set_picture(_drawn(source), faces, options)
    if options.charset == OWN:
        options = dataclasses.replace(options, charset="letters")
    return _set_picture(_seen(source, options, name), faces, options)


@dataclass(frozen=True)
class _Original:
    """What is set.

    Args:
        pixels: ``(H, W, 3)``, over black where it is transparent.
        cover: how opaque each pixel is, ``(H, W)``, 0 to 255, or None where all are.
        aspect: width over height.
        drawn: whether it is a drawing, light where it has ink, in no colours of its own.
    """

    pixels: NDArray[np.uint8]
    cover: NDArray[np.uint8] | None
    aspect: float
    drawn: bool = False

    def over(self, paper: Colour) -> NDArray[np.uint8]:
        """Return its pixels with paper behind what is transparent."""
        if self.cover is None:
            return self.pixels
        behind = (255 - self.cover.astype(np.uint16))[:, :, None] * np.array(paper, np.uint16) // 255
        return np.asarray(np.minimum(self.pixels + behind, 255), np.uint8)


def _seen(source: ImageInput, options: PosterOptions, name: str) -> _Original:
    """Return an image as pixels and cover."""
    name = name or describe(source)
    if isinstance(source, str | PathLike):
        source = read_bytes(source, options)
    wanted = int((options.columns or USUAL_COLUMNS) * SEEN_PARTS)
    encode = EncodeOptions(
        **{field.name: getattr(options, field.name) for field in dataclasses.fields(Limits)}
    )

    def opened(background: str) -> NDArray[np.uint8]:
        with_background = dataclasses.replace(encode, background=background)
        return open_pixels(source, with_background, (wanted, 1), colour=True, name=name)

    pixels = opened("black")
    cover = None
    if _may_be_transparent(source):
        cover = 255 - (opened("white").astype(np.int16) - pixels).min(axis=2).clip(0, 255).astype(np.uint8)
    return _Original(pixels, cover, pixels.shape[1] / pixels.shape[0])


def _may_be_transparent(source: ImageInput) -> bool:
    if isinstance(source, np.ndarray):
        return source.ndim == 3 and source.shape[2] == 4
    if isinstance(source, Image.Image):
        return source.has_transparency_data
    assert isinstance(source, bytes)
    with without_pillow_limit(), Image.open(io.BytesIO(source)) as image:
        return image.has_transparency_data


def _drawn(picture: TextPicture) -> _Original:
    """Return a text picture as pixels, its fullest level white."""
    aspect = picture.columns * picture.layout.font_ratio / picture.rows
    colours = picture.shown_colours()
    if colours is not None:
        return _Original(colours, None, aspect)
    grey = level_greys(picture.layout)[picture.levels]
    if picture.layout.ramp in DOT_FORMS or picture.layout.ramp == "shape":
        grey = np.asarray(picture.image())
    return _Original(np.repeat(grey[:, :, None], 3, axis=2), None, aspect, drawn=True)


def _keeps_its_own(picture: TextPicture, options: PosterOptions) -> bool:
    """Return whether a text picture keeps its cells and characters: asked for, or nothing else was."""
    if options.charset == OWN:
        return True
    return not options.words and options.charset == "letters" and options.columns in (None, picture.columns)


def _set_as_it_is(picture: TextPicture, faces: Sequence[Face], options: PosterOptions) -> Poster:
    symbols = picture.layout.symbols
    paper, ink = choose_paper(options.paper, options.ink, dark=False)
    fit = _shaped(measure(faces[-1:], symbols), picture.layout.font_ratio)
    frame = _Frame(options, faces, paper, ink)
    sheet, grid = frame.lay(fit, (picture.rows, picture.columns), picture.columns * fit.ratio / picture.rows)
    case = set_case(faces[-1:], symbols, grid.cell_width, fit)
    numbers = as_given([[symbols[level] for level in row] for row in picture.levels.tolist()], case)
    colours = picture.shown_colours()
    if colours is None or options.colour == "none":
        inks = Inks(np.array([ink], np.uint8), np.zeros(numbers.shape, np.intp))
    else:
        inks = limit(colours, numbers != BLANK, options.inks)
    return frame.finish(sheet, grid, Block(case, numbers, inks, grid.left, grid.top))


def _shaped(fit: Fit, ratio: float) -> Fit:
    """Return a cell made wider or higher, until it has the ratio."""
    if fit.ratio < ratio:
        return dataclasses.replace(fit, width=fit.height * ratio)
    height = fit.width / ratio
    return Fit(fit.width, height, fit.baseline + (height - fit.height) / 2)


def _set_picture(original: _Original, faces: Sequence[Face], options: PosterOptions) -> Poster:
    """Return pixels set in characters that are chosen, or in words."""
    paper, ink = choose_paper(options.paper, options.ink, not original.drawn and is_dark(original.pixels))
    text = set_words(options.words) if options.words else ""
    characters = text or find_characters(options.charset)
    fit = measure(faces, characters)
    frame = _Frame(options, faces, paper, ink)
    sheet, grid = frame.lay(fit, original.aspect, original.aspect)
    case = set_case(faces, characters, grid.cell_width, fit)
    setter = _Setter(original, options, case, paper, ink)
    numbers, inks, remarks = setter.set(grid, text)
    return frame.finish(sheet, grid, Block(case, numbers, inks, grid.left, grid.top), remarks)


@dataclass(frozen=True)
class _Frame:
    """What stands around the picture."""

    options: PosterOptions
    faces: Sequence[Face]
    paper: Colour
    ink: Colour

    def lay(self, fit: Fit, shape: tuple[int, int] | float, aspect: float) -> tuple[Sheet, Grid]:
        """Return the sheet, and where the picture stands on it."""
        sheet = lay_sheet(self.options, aspect)
        return sheet, lay_grid(sheet, self.options, fit, shape, caption_height(self.options, sheet))

    def finish(self, sheet: Sheet, grid: Grid, picture: Block, remarks: Sequence[str] = ()) -> Poster:
        """Return the whole poster."""
        told = list(remarks)
        if self.options.columns and grid.columns != self.options.columns:
            told.append(
                f"{grid.columns} x {grid.rows} characters were set, not {self.options.columns} across, "
                "since the picture is so tall"
            )
        caption = set_caption(self.options, sheet, grid, self.ink, self.faces)
        rules = tuple(self._rules(sheet, grid)) if self.options.frame == "line" else ()
        return Poster(
            sheet, self.paper, picture, self.options, caption, rules, self.options.title, tuple(told)
        )

    def _rules(self, sheet: Sheet, grid: Grid) -> Iterator[Rule]:
        """Yield four thin lines around the picture, a little away from it."""
        shorter = min(sheet.width, sheet.height)
        thick, away = max(1, round(shorter * LINE_SHARE)), round(shorter * LINE_AWAY)
        left, top = grid.left - away, grid.top - away
        width, height = grid.width + 2 * away, grid.height + 2 * away
        yield Rule(left, top, width, thick, self.ink)
        yield Rule(left, top + height - thick, width, thick, self.ink)
        yield Rule(left, top + thick, thick, height - 2 * thick, self.ink)
        yield Rule(left + width - thick, top + thick, thick, height - 2 * thick, self.ink)


@dataclass(frozen=True)
class _Setter:
    """Sets characters and inks as an original shows."""

    original: _Original
    options: PosterOptions
    case: TypeCase
    paper: Colour
    ink: Colour

    @property
    def one_ink(self) -> bool:
        return self.options.colour == "none" or self.original.drawn

    def set(self, grid: Grid, text: str) -> tuple[Numbers, Inks, tuple[str, ...]]:
        """Return the glyph and the ink of each cell, and what should be told."""
        rows, columns = grid.rows * SUB_ROWS, grid.columns * SUB_COLUMNS
        taken = sample(self.original.over(self.paper), rows, columns)
        scale = self._scale()
        strengths = scale.strengths(self._tones(taken, scale))
        if self.original.cover is not None:
            strengths = strengths * cover(self.original.cover, rows, columns)
        whole = mean(strengths, grid.rows, grid.columns)
        if text:
            shares = scale.shares(whole) if self.one_ink else scale.fullest * whole**COLOUR_RISE
            flowed = flow(text, shares, self.case, self.one_ink)
            numbers, thinned = flowed.numbers, flowed.strengths
            remarks: tuple[str, ...] = (_tell_rounds(flowed.rounds),)
        else:
            wanted = scale.shares(strengths) if self.one_ink else scale.fullest * strengths**COLOUR_RISE
            numbers, thinned, remarks = choose(wanted, self.case, self.options.seed), np.ones(whole.shape), ()
        return numbers, self._inks(taken, grid, scale.luminances(whole), numbers, thinned), remarks

    def _tones(self, taken: Sample, scale: Scale) -> FloatArray:
        """Return how light each part is drawn; a drawing's ink is drawn as it is, whatever the paper."""
        if self.original.drawn:
            ink = ink_of(taken)
            return 1 - ink if self.options.invert != (not scale.lighter) else ink
        return tones(taken, self.options.detail, self.options.contrast, self.options.invert)

    def _scale(self) -> Scale:
        densities = self.case.densities
        light = float(luminance(to_linear(np.array(self.paper, np.uint8))))
        if self.one_ink:
            ink = float(luminance(to_linear(np.array(self.ink, np.uint8))))
        else:
            ink = BRIGHTEST if light < MIDDLE else 0.0
        return Scale(light, ink, float(np.quantile(densities[1:], FULL_SHARE)))

    def _inks(
        self, taken: Sample, grid: Grid, luminances: FloatArray, numbers: Numbers, thinned: FloatArray
    ) -> Inks:
        if self.one_ink:
            return thin(thinned, self.ink, self.paper)
        light = taken.means(grid.rows, grid.columns)
        mixed = mix(light, luminances, self.case.densities[numbers], self.paper, self.options.saturation)
        return limit(mixed, numbers != BLANK, self.options.inks)


def _tell_rounds(rounds: float) -> str:
    if rounds >= 1:
        return f"the words run through the picture {rounds:.1f} times"
    return f"the picture has room for {rounds:.0%} of the words"
