"""Looking: from an image or a text picture to what a model says of it."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from calligram import settings
from calligram.errors import CalligramError
from calligram.models.base import Model, Reading, open_model, taught_subjects
from calligram.nano.requests import choose_question, find_kind, usual_kind
from calligram.picture import Layout, TextPicture, get_layout
from calligram.picture.files import find_all_images
from calligram.picture.opening import describe
from calligram.seeing.inputs import SeeInput, settle
from calligram.seeing.options import SeeOptions
from calligram.seeing.preparing import prepare

Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Sight:
    """One picture, as the model read it, and what the model said.

    Args:
        file: where it came from; empty where it was no file.
        picture: the text picture that was read; None where the file could not be read.
        reading: what the model said; None where the file could not be read.
        carried: how much each cell carried the answer, ``(rows, columns)``, 0 to 1; None unless asked for.
        fault: why the file could not be read, one sentence, or None.
    """

    file: str
    picture: TextPicture | None
    reading: Reading | None
    carried: NDArray[np.float64] | None = None
    fault: str | None = None


def see(
    image: SeeInput,
    ask: str | None = None,
    layout: str | Layout | None = None,
    model: str | Model | None = None,
    options: SeeOptions | None = None,
) -> Reading:
    """Return what a model says of one picture.

    Args:
        image: a path, ``-`` for standard input, bytes of an image file, a Pillow image, an array ``(H, W)``
            or ``(H, W, 3 or 4)``, a text picture, or the text of one.
        ask: the question in free words, as ``"Which digit is this?"``; None asks "What is this?".
        layout: the layout the model reads, or its name; None is the options' own; a text picture has one.
        model: a model or its spelling; None is the options' own.
        options: framing, polarity and limits.

    Returns:
        Answer, confidence, candidates and familiarity; ``answer`` is None where the model abstained.

    Raises:
        ImageError: the image cannot be read.
        PictureError: the text is no text picture.
        RequestError: the model was not taught the question.
        ModelError: the model is missing or damaged, or was not taught the layout.
    """
    reading = look(image, ask, layout, model, options).reading
    assert reading is not None, "an eye that is not tolerant raises instead"
    return reading


def look(
    image: SeeInput,
    ask: str | None = None,
    layout: str | Layout | None = None,
    model: str | Model | None = None,
    options: SeeOptions | None = None,
) -> Sight:
    """Return what :func:`see` does, together with the text picture that was read."""
    return _Eye.open(ask, layout, model, options).look([("", image)])[0]


def see_files(
    files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    ask: str | None = None,
    options: SeeOptions | None = None,
    why: bool = False,
    model: str | Model | None = None,
) -> Iterator[Sight]:
    """Yield what a model says of each file, in order; a bad file yields its fault and stops nothing.

    Args:
        files: one or several: images, text pictures, folders of images, and ``-`` for standard input.
        ask: the question in free words; None asks "What is this?".
        options: model, layout, framing, polarity and limits.
        why: whether to find the cells that carried each answer, which takes longer.
        model: a model or its spelling; None is the options' own.

    Raises:
        RequestError: the model was not taught the question.
        ModelError: the model is missing or damaged.
    """
    eye = _Eye.open(ask, None, model, options, why, tolerant=True)
    found = ((name, fault or name) for name, fault in find_all_images(files))
    while batch := list(islice(found, eye.options.batch)):
        yield from eye.look(batch)


@dataclass(frozen=True)
class _Eye:
    """What reads, opened once for many pictures."""

    model: Model
    layout: Layout
    kind: str | None
    question: str
    options: SeeOptions
    why: bool = False
    tolerant: bool = False

    @classmethod
    def open(
        cls,
        ask: str | None,
        layout: str | Layout | None,
        model: str | Model | None,
        options: SeeOptions | None,
        why: bool = False,
        tolerant: bool = False,
    ) -> "_Eye":
        options = options or SeeOptions()
        settings.check(options)
        chosen = get_layout(layout or options.layout)
        opened = model if isinstance(model, Model) else open_model(model or options.model, options.base_url)
        kinds = taught_subjects(opened)
        if kinds is None:
            usual = usual_kind(ask) if ask else None
            return cls(opened, chosen, usual, ask or choose_question(None, []), options, why, tolerant)
        kind = find_kind(ask, kinds) if ask and ask.strip() else None
        return cls(opened, chosen, kind, choose_question(ask, kinds), options, why, tolerant)

    def look(self, named: "Sequence[tuple[str, SeeInput | CalligramError]]") -> list[Sight]:
        """Return one sight for each picture; all grids of one shape are read together."""
        ready = [self._kept(self._prepared, image) for _, image in named]
        readings = self._read([grids for grids in ready if not isinstance(grids, CalligramError)])
        sights = []
        for (name, _), grids in zip(named, ready, strict=True):
            if isinstance(grids, CalligramError):
                sights.append(_faulty(name, grids))
                continue
            given = [next(readings) for _ in grids]
            sight = self._kept(self._chosen, name, grids, given)
            sights.append(_faulty(name, sight) if isinstance(sight, CalligramError) else sight)
        return sights

    def _kept(
        self, make: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
    ) -> Made | CalligramError:
        """Return what is made, or what went wrong where the eye is tolerant."""
        try:
            return make(*args, **kwargs)
        except CalligramError as fault:
            if not self.tolerant:
                raise
            return fault

    def _prepared(self, image: "SeeInput | CalligramError") -> list[TextPicture]:
        if isinstance(image, CalligramError):
            raise image
        settled = settle(image, self.options)
        if isinstance(settled, TextPicture):
            return [settled]
        grids = prepare(settled, self.layout, self.kind, self.options, describe(image))
        return [TextPicture(grid, self.layout) for grid in grids]

    def _read(self, ready: Sequence[Sequence[TextPicture]]) -> Iterator[Reading | CalligramError]:
        """Return the reading of each grid, in order, or what went wrong with those of its shape."""
        pictures = [picture for pictures in ready for picture in pictures]
        groups: dict[tuple[Layout, tuple[int, ...]], list[int]] = {}
        for place, picture in enumerate(pictures):
            groups.setdefault((picture.layout, picture.levels.shape), []).append(place)
        found: dict[int, Reading | CalligramError] = {}
        for (layout, _), places in groups.items():
            levels = np.stack([pictures[place].levels for place in places])
            read = self._kept(self.model.read, levels, layout, self.question)
            each = [read] * len(places) if isinstance(read, CalligramError) else read
            found |= zip(places, each, strict=True)
        return iter([found[place] for place in range(len(pictures))])

    def _chosen(
        self, name: str, pictures: Sequence[TextPicture], given: Sequence[Reading | CalligramError]
    ) -> Sight:
        """Return the sight of the framing that the model is surest of."""
        readings = []
        for reading in given:
            if isinstance(reading, CalligramError):
                raise reading
            readings.append(reading)
        best = max(range(len(readings)), key=lambda place: _sureness(readings[place]))
        sight = Sight(name, pictures[best], readings[best])
        if not self.why:
            return sight
        picture = pictures[best]
        return replace(sight, carried=self.model.why(picture.levels, picture.layout, self.question))


def _faulty(name: str, fault: CalligramError) -> Sight:
    """Return the sight of a file that could not be read; its sentence names the file."""
    told, called = str(fault), describe(name)
    return Sight(name, None, None, fault=told if called in told else f"{called}: {told}")


def _sureness(reading: Reading) -> tuple[bool, float]:
    """Return what the framings of one image are compared by: how sure the answer, how usual the picture."""
    usual = 1.0 if reading.familiarity is None else reading.familiarity
    return not reading.abstained, reading.confidence * usual
