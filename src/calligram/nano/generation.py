"""Makes new text with the model: drawings under the grammar, and plain text.

Each loop reads top to bottom: choose, note, feed back, until done. Every sequence draws its random numbers
from a seed of its own, so a drawing follows from its prompt, options and seed, however many are made at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from calligram.errors import OptionError
from calligram.nano.engine import Cache, Engine, Floats
from calligram.nano.grammar import DrawingGrammar, Levels
from calligram.nano.sampling import SamplingOptions, choose, log_softmax, penalise, uniforms
from calligram.nano.vocabulary import END, Ids
from calligram.nano.writer_folder import WriterEngine

OnRow = Callable[[int, int, Levels], None]
DRAWN_AT_ONCE = 64
TEXT_TOKENS = 128


@dataclass(frozen=True)
class Sketch:
    """What to draw, in the engine's own terms.

    Args:
        prompt: the text before the drawing.
        grammar: the drawing's shape and ramp.
        given: the first rows, ``(given rows, columns)``, or None.
    """

    prompt: str
    grammar: DrawingGrammar
    given: Levels | None = None

    def ids(self, engine: Engine) -> Ids:
        """Return the tokens before the first free place, ``(T,)``."""
        before = np.array(engine.vocabulary.encode(self.prompt), np.int64)
        return np.concatenate([before, self.grammar.opening(self.given)])

    @property
    def first_place(self) -> int:
        """The number of the first free place."""
        return 0 if self.given is None else len(self.given) * self.grammar.runs_per_row


def draw(
    engine: Engine, sketch: Sketch, count: int, options: SamplingOptions, on_row: OnRow | None = None
) -> list[Levels]:
    """Return drawings, each ``(rows, columns)``; drawing number k follows from the seed plus k.

    Args:
        engine: the model.
        sketch: what to draw.
        count: how many.
        options: how to sample, with a seed; more than one beam keeps the likeliest instead.
        on_row: told of each finished row as drawing number, row number and levels.

    Raises:
        OptionError: more drawings are wanted than beams.
    """
    if options.beams > 1:
        return _draw_likeliest(engine, sketch, count, options, on_row)
    seeds = [(options.seeded().seed or 0) + number for number in range(count)]
    size = min(DRAWN_AT_ONCE, -(-count // engine.threads)) if on_row is None else DRAWN_AT_ONCE
    starts = list(range(0, count, size))

    def sample(start: int) -> Levels:
        told = _Teller(sketch, on_row, start)
        return _sample(engine, sketch, seeds[start : start + size], options, told)

    return [drawing for part in engine.side_by_side(sample, starts) for drawing in part]


def _sample(
    engine: Engine, sketch: Sketch, seeds: Sequence[int], options: SamplingOptions, told: "_Teller"
) -> Levels:
    grammar, count = sketch.grammar, len(seeds)
    pen = _Pen(engine, sketch, options.guidance)
    chances = uniforms(seeds, grammar.free_places)
    chosen = np.zeros((count, grammar.free_places), np.int64)
    used = _used(sketch, count, options)
    told.begin(count)
    scores = pen.begin(count)
    for place in range(sketch.first_place, grammar.free_places):
        picked = choose(scores, options, chances[:, place], used)
        chosen[:, place] = picked
        if used is not None:
            used[np.arange(count), picked] = 1
        told.tell(place, chosen)
        if place + 1 < grammar.free_places:
            scores = pen.go_on(place, picked)
    return told.whole(chosen)


class _Pen:
    """What the model has read of each drawing, and the scores of the runs that may follow.

    With a guidance other than 1 the model reads each drawing twice, with the request and as a picture that
    comes unasked; what the request changes is multiplied by the guidance.
    """

    def __init__(self, engine: Engine, sketch: Sketch, guidance: float | None) -> None:
        guidance = 1.0 if guidance is None else guidance
        self.engine, self.grammar, self.guidance = engine, sketch.grammar, np.float32(guidance)
        self.head = engine.head(self.grammar.runs)
        unasked = [self.grammar.opening(sketch.given)] if guidance != 1 else []
        self.openings = [sketch.ids(engine), *unasked]
        self.caches: list[Cache] = []

    def begin(self, count: int) -> Floats:
        """Return the scores of the first free place, ``(count, runs)``."""
        read = [self.engine.run(np.tile(ids, (count, 1)), self.head) for ids in self.openings]
        return self._noted(read)

    def go_on(self, place: int, picked: Ids) -> Floats:
        """Return the scores after the chosen runs and, at a row's end, its row end."""
        scores = self._read(self.grammar.runs[picked])
        row_end = self.grammar.forced(place)
        return scores if row_end is None else self._read(np.full(len(picked), row_end))

    def keep(self, places: Ids) -> None:
        """Go on with some of the drawings, in the given order, repeated where asked."""
        self.caches = [cache.take(places) for cache in self.caches]

    def _read(self, tokens: Ids) -> Floats:
        return self._noted([self.engine.run(tokens[:, None], self.head, cache) for cache in self.caches])

    def _noted(self, read: Sequence[tuple[Floats, Cache]]) -> Floats:
        self.caches = [cache for _, cache in read]
        asked, unasked = read[0][0], read[-1][0]
        return asked if len(read) == 1 else unasked + self.guidance * (asked - unasked)


def _used(sketch: Sketch, count: int, options: SamplingOptions) -> Floats | None:
    if options.repetition_penalty == 1:
        return None
    used = np.zeros((count, len(sketch.grammar.runs)), np.float32)
    if sketch.given is not None:
        used[:, sketch.grammar.choices(sketch.given[None]).ravel()] = 1
    return used


def _draw_likeliest(
    engine: Engine, sketch: Sketch, count: int, options: SamplingOptions, on_row: OnRow | None
) -> list[Levels]:
    """Return the likeliest drawings that a search along several beams finds, likeliest first."""
    if count > options.beams:
        raise OptionError(
            f"{count} drawings are wanted of {options.beams} beams: ask for at least as many beams"
        )
    grammar, width = sketch.grammar, options.beams
    pen = _Pen(engine, sketch, options.guidance)
    chosen = np.zeros((1, grammar.free_places), np.int64)
    reached = np.zeros(1)
    used = _used(sketch, 1, options)
    scores = pen.begin(1)
    for place in range(sketch.first_place, grammar.free_places):
        likely = log_softmax(penalise(scores, used, options.repetition_penalty))
        totals = (reached[:, None] + likely).ravel()
        best = np.argsort(-totals, kind="stable")[:width]
        parents, picked = np.divmod(best, len(grammar.runs))
        chosen, reached = chosen[parents], totals[best]
        pen.keep(parents)
        chosen[:, place] = picked
        if used is not None:
            used = used[parents]
            used[np.arange(len(picked)), picked] = 1
        if place + 1 < grammar.free_places:
            scores = pen.go_on(place, picked)
    told = _Teller(sketch, on_row, 0)
    drawings = list(told.whole(chosen[:count]))
    told.tell_all(drawings)
    return drawings


@dataclass(frozen=True)
class _Teller:
    """Turns choices into rows, and tells of them where somebody listens."""

    sketch: Sketch
    on_row: OnRow | None
    first: int

    def begin(self, count: int) -> None:
        if self.on_row is not None and self.sketch.given is not None:
            for number in range(count):
                for row, levels in enumerate(self.sketch.given):
                    self.on_row(self.first + number, row, levels)

    def tell(self, place: int, chosen: Ids) -> None:
        grammar = self.sketch.grammar
        if self.on_row is None or (place + 1) % grammar.runs_per_row:
            return
        rows = grammar.levels(chosen[:, place + 1 - grammar.runs_per_row : place + 1])
        for number, levels in enumerate(rows):
            self.on_row(self.first + number, place // grammar.runs_per_row, levels)

    def tell_all(self, drawings: Sequence[Levels]) -> None:
        if self.on_row is not None:
            for number, drawing in enumerate(drawings):
                for row, levels in enumerate(drawing):
                    self.on_row(number, row, levels)

    def whole(self, chosen: Ids) -> Levels:
        grammar = self.sketch.grammar
        levels = grammar.levels(chosen.reshape(-1, grammar.rows, grammar.runs_per_row))
        if self.sketch.given is not None:
            levels[:, : len(self.sketch.given)] = self.sketch.given
        return levels


def speak(
    engine: Engine | WriterEngine, given: Sequence[int], options: SamplingOptions, most_tokens: int
) -> Iterator[tuple[int, Floats]]:
    """Yield the tokens that continue a text, each with the scores it was chosen by, ``(tokens,)``.

    The token with which the model ends the text is the last of them.

    Args:
        engine: the model.
        given: the text's tokens; none begins anew.
        options: how to sample.
        most_tokens: stop after so many, or where the model's positions end, or where it ends the text.
    """
    vocabulary = engine.vocabulary
    ids = list(given) or [vocabulary.ids[END]]
    steps = min(most_tokens, engine.positions - len(ids))
    chances = uniforms([options.seeded().seed or 0], max(steps, 0))[0]
    used = np.zeros((1, len(vocabulary)), np.float32)
    used[0, ids] = 1
    head = engine.head()
    scores, cache = engine.run(np.array([ids]), head)
    for step in range(steps):
        picked = choose(scores, options, chances[step : step + 1], used)
        yield int(picked[0]), scores[0]
        if picked[0] == vocabulary.ids[END]:
            return
        used[0, picked] = 1
        if step + 1 < steps:
            scores, cache = engine.run(picked[:, None], head, cache)


def write(
    engine: Engine,
    text: str,
    options: SamplingOptions | None = None,
    most_tokens: int = TEXT_TOKENS,
) -> str:
    """Return how the model continues a text, without the text itself.

    Args:
        engine: the model.
        text: any text; empty begins anew.
        options: how to sample; None always takes the likeliest token.
        most_tokens: stop after so many tokens, or where the model's positions end.
    """
    options = options or SamplingOptions(temperature=0)
    vocabulary = engine.vocabulary
    return vocabulary.decode(
        [token for token, _ in speak(engine, vocabulary.encode(text), options, most_tokens)]
    )
