"""Makes several continuations of a text, by sampling or along several beams, under the writer's rules.

Continuation k follows from the seed plus k alone, whatever is written beside it. It is the fittest of a few
drafts: sampled ones, or those that a search along several beams ends with. At a temperature above 0 beams
are sampled without replacement (Kool et al., Stochastic Beams, 2019), under the same rules as plain sampling,
else the likeliest are kept. Where nothing may be said, a continuation is drawn again with another seed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calligram.nano.engine import Floats
from calligram.nano.sampling import SamplingOptions, choose, log_softmax, penalise, probabilities, uniforms
from calligram.nano.writer_folder import WriterEngine
from calligram.nano.writing_rules import WritingRules, fitness

AGAIN = 1_000_003
"""Added to the seed of a continuation that is drawn again, so that it is that of no other."""
DRAFT = 10_007
"""Added to the seed of each further draft."""
AT_ONCE = 24
"""So many texts are sampled beside each other; what is kept of them takes memory."""
TRIES = 8
"""So often one continuation is drawn where nothing of it may be said."""


@dataclass(frozen=True)
class Continuation:
    """One text behind an opening.

    Args:
        text: what was added; empty where nothing may be said after all tries.
        logprob: natural log-probability of its tokens.
        tokens: how many.
        whole: whether the model ended it here.
        seed: it follows from.
        refused: how many were drawn before of which nothing may be said.
    """

    text: str
    logprob: float
    tokens: int
    whole: bool
    seed: int
    refused: int = 0


@dataclass(frozen=True)
class Task:
    """What is written.

    Args:
        engine: the writer.
        fields: the lines that stand before the opening.
        opening: the text to go on behind, seen by the rules.
        options: how to sample; its own seed and guidance do not count.
        most: tokens at most.
        rules: what may not be said.
        drafts: so many are sampled for each continuation.
        wished: words that a draft should mention.
    """

    engine: WriterEngine
    fields: str
    opening: str
    options: SamplingOptions
    most: int
    rules: WritingRules
    drafts: int = 1
    wished: Collection[str] = ()

    @property
    def ids(self) -> list[int]:
        """The tokens before the text."""
        return self.engine.vocabulary.encode(self.fields + self.opening)

    @property
    def steps(self) -> int:
        """How many tokens fit."""
        return max(0, min(self.most, self.engine.positions - len(self.ids)))

    def used(self, written: Sequence[Sequence[int]]) -> Floats | None:
        """Return which tokens each text holds already, where that is asked for."""
        if self.options.repetition_penalty == 1:
            return None
        used = np.zeros((len(written), len(self.engine.vocabulary)), np.float32)
        for place, ids in enumerate(written):
            used[place, [*self.ids, *ids]] = 1
        return used


@dataclass(frozen=True)
class _Drawn:
    """Tokens as they were drawn, the end among them, and the log-probability of each."""

    ids: tuple[int, ...]
    logprobs: tuple[float, ...]


def continue_text(task: Task, seeds: Sequence[int]) -> list[Continuation]:
    """Return one continuation for each seed; none copies more than twelve words in a row.

    Args:
        task: what is written.
        seeds: one for each continuation.
    """
    found: dict[int, Continuation] = {}
    waiting = dict(enumerate(seeds))
    for attempt in range(TRIES):
        for (place, seed), drawn in zip(waiting.items(), _draw(task, list(waiting.values())), strict=True):
            best = max((_settled(task, each) for each in drawn), key=lambda each: _fitness(task, each))
            found[place] = replace(best, seed=seed, refused=attempt)
        waiting = {place: seed + AGAIN for place, seed in waiting.items() if not found[place].text}
        if not waiting or task.options.temperature == 0:
            break
    return [replace(found[place], seed=seed) for place, seed in enumerate(seeds)]


def _settled(task: Task, drawn: _Drawn) -> Continuation:
    """Return what of drawn tokens may be said."""
    vocabulary = task.engine.vocabulary
    ended = bool(drawn.ids) and drawn.ids[-1] == vocabulary.end
    ids = drawn.ids[:-1] if ended else drawn.ids
    text = vocabulary.decode(ids)
    kept = task.rules.usable(task.opening, text, ended)
    whole = ended and len(kept) == len(text.rstrip())
    count = len(ids)
    while count and len(vocabulary.decode(ids[: count - 1]).rstrip()) >= len(kept):
        count -= 1
    return Continuation(kept, float(sum(drawn.logprobs[: count + whole])), count, whole, 0)


def _fitness(task: Task, found: Continuation) -> float:
    return fitness(found.text, found.logprob / max(1, found.tokens), task.wished)


def _draw(task: Task, seeds: Sequence[int]) -> list[list[_Drawn]]:
    """Return the drafts of each continuation, at least one."""
    if task.options.beams > 1:
        return [_search(task, seed) for seed in seeds]
    drafts = 1 if task.options.temperature == 0 else task.drafts
    wanted = [seed + DRAFT * draft for seed in seeds for draft in range(drafts)]
    parts = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
    sampled = task.engine.side_by_side(lambda part: _sample(task, part), parts)
    drawn = [each for part in sampled for each in part]
    return [drawn[start : start + drafts] for start in range(0, len(drawn), drafts)]


def _sample(task: Task, seeds: Sequence[int]) -> list[_Drawn]:
    engine, head, end = task.engine, task.engine.head(), task.engine.vocabulary.end
    chances = uniforms(seeds, task.steps)
    scores, cache = engine.run(np.tile(np.array(task.ids), (len(seeds), 1)), head)
    ids: list[list[int]] = [[] for _ in seeds]
    logprobs: list[list[float]] = [[] for _ in seeds]
    alive = np.arange(len(seeds))
    for step in range(task.steps):
        used = task.used([ids[place] for place in alive])
        picked = choose(scores, task.options, chances[alive, step], used)
        likely = log_softmax(scores)[np.arange(len(alive)), picked]
        for place, token, logprob in zip(alive, picked, likely, strict=True):
            ids[place].append(int(token))
            logprobs[place].append(float(logprob))
        going = np.flatnonzero(picked != end)
        if len(going) == 0 or step + 1 == task.steps:
            break
        alive, cache = alive[going], cache if len(going) == len(picked) else cache.take(going)
        scores, cache = engine.run(picked[going][:, None], head, cache)
    return [_Drawn(tuple(each), tuple(logs)) for each, logs in zip(ids, logprobs, strict=True)]


@dataclass(frozen=True)
class _Beam:
    ids: tuple[int, ...]
    logprobs: tuple[float, ...]
    reached: float


def _search(task: Task, seed: int) -> list[_Drawn]:
    """Return the texts that one search along beams ends with, finished ones alone where there are any."""
    engine, head, end, width = task.engine, task.engine.head(), task.engine.vocabulary.end, task.options.beams
    chance = np.random.default_rng(seed)
    beams, finished = [_Beam((), (), 0.0)], list[_Beam]()
    scores, cache = engine.run(np.array([task.ids]), head)
    for step in range(task.steps):
        made = list(_grown(task, beams, scores, chance))
        made = [each for each in made if not _forbidden(task, each[1].ids)] or made
        finished += [beam for _, beam in made[:width] if beam.ids[-1] == end]
        going = [(parent, beam) for parent, beam in made if beam.ids[-1] != end][:width]
        if len(finished) >= width or not going:
            break
        beams = [beam for _, beam in going]
        if step + 1 < task.steps:
            cache = cache.take(np.array([parent for parent, _ in going]))
            scores, cache = engine.run(np.array([[beam.ids[-1]] for beam in beams]), head, cache)
    return [_Drawn(beam.ids, beam.logprobs) for beam in finished or beams]


def _forbidden(task: Task, ids: Sequence[int]) -> bool:
    """Return whether a text's last token begins what may not be said, so that a beam goes around it."""
    return task.rules.forbids(task.engine.vocabulary.decode(ids[-3:]))


def _grown(
    task: Task, beams: Sequence[_Beam], scores: Floats, chance: np.random.Generator
) -> Iterator[tuple[int, _Beam]]:
    """Yield the beams that follow, best first, each with the number of the one it grew from."""
    plain, texts = log_softmax(scores), [beam.ids for beam in beams]
    ruled = penalise(scores, task.used(texts), task.options.repetition_penalty)
    logs, noise = log_softmax(ruled), np.zeros(ruled.shape)
    if task.options.temperature > 0:
        with np.errstate(divide="ignore"):
            logs = np.log(probabilities(ruled, task.options).astype(np.float64))
        noise = chance.gumbel(size=logs.shape)
    totals = np.array([beam.reached for beam in beams])[:, None] + logs
    picked = np.argsort(-(totals + noise).ravel(), kind="stable")[: 2 * task.options.beams]
    picked = picked[totals.ravel()[picked] > -1e20]
    for place in picked[np.argsort(-totals.ravel()[picked], kind="stable")].tolist():
        parent, token = divmod(place, scores.shape[1])
        beam, likely = beams[parent], float(plain[parent, token])
        yield parent, _Beam((*beam.ids, token), (*beam.logprobs, likely), float(totals[parent, token]))
