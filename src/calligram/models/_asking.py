"""Models that are asked in words and answer in words: how they read and draw, whatever carries the words.

An answer is parsed strictly. One that cannot be used is told so, with what exactly was wrong, and asked for
again, a bounded number of times.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from calligram import settings
from calligram.errors import ModelError, OptionError, PictureError
from calligram.models._grammar import START, PictureGrammar
from calligram.models._prompts import (
    bare_drawing,
    bare_reading,
    told_drawing,
    told_fault,
    told_reading,
    usual_answers,
)
from calligram.models.base import Levels, Model, OnRow, Reading, Request, SamplingOptions, Turn
from calligram.nano.matching import match_answer
from calligram.nano.sampling import softmax
from calligram.picture import Layout, spell_batch
from calligram.settings import option

AGAIN = 100_003
"""Added to the seed of a drawing that is tried again, so that it is that of no other drawing."""

THOUGHTS = "<think>", "</think>"
"""What some models write around what they think before they answer. Source: Qwen3's chat template."""

One = TypeVar("One")
Done = TypeVar("Done")
OnText = Callable[[str], bool]
"""Told all that was said so far; says whether to go on."""


@dataclass(frozen=True)
class AskOptions:
    """How a model that answers in words is asked."""

    style: Literal["auto", "bare", "told"] = option(
        "auto", "bare asks as training files do, told explains the picture first; auto takes what fits"
    )
    tries: int = option(3, "times at most that one answer is asked for", minimum=1, maximum=100)
    concurrency: int = option(4, "questions asked at once", minimum=1, maximum=256)
    as_json: bool = option(False, "ask for answers as JSON by a schema")
    answer_tokens: int = option(
        64,
        "tokens at most for an answer, and for what stands around a drawing; "
        "raise it for a model that thinks first",
        minimum=1,
        maximum=1_000_000,
    )
    images: bool = option(False, "say that the model takes images, which no endpoint tells of itself")


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Args:
        turns: what was said, the question last.
        sampling: how to sample.
        most_tokens: the longest answer.
        choices: the answers to choose from, or None.
        grammar: of the drawing that is asked for, or None.
        as_json: whether the answer comes as JSON.
        begun: the beginning of the answer that stands at the question's end already.
        form: the JSON schema of an answer that is more than one of the choices, or None.
        prose: whether a text is gone on with, line breaks and all.
    """

    turns: tuple[Turn, ...]
    sampling: SamplingOptions
    most_tokens: int
    choices: tuple[str, ...] | None = None
    grammar: PictureGrammar | None = None
    as_json: bool = False
    begun: str = ""
    form: Mapping[str, object] | None = None
    prose: bool = False

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of an answer."""
        if self.form is not None:
            return dict(self.form)
        answer: dict[str, object] = {"type": "string"}
        if self.choices:
            answer["enum"] = list(self.choices)
        return {
            "type": "object",
            "properties": {"answer": answer},
            "required": ["answer"],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Said:
    """What was answered.

    Args:
        text: all of it.
        shares: how probable each beginning of the answer was, as far as that was told; None where it was not.
        whole: whether the answer came to its end, and was not cut off for its length.
        first: its first token that is no blank, where that was told.
        reading: what a server of ours tells of the picture that it read, or None.
        logprob: natural log-probability of the whole text, where that was told.
        tokens: how many it has, where that was told.
    """

    text: str
    shares: Mapping[str, float] | None = None
    whole: bool = True
    first: str = ""
    reading: Mapping[str, Any] | None = None
    logprob: float | None = None
    tokens: int | None = None

    @property
    def answer(self) -> str:
        """The text without the thoughts that some models write before it."""
        start = self.text.lstrip()
        if not start.startswith(THOUGHTS[0]):
            return self.text
        return start.partition(THOUGHTS[1])[2].lstrip()


class AskedModel(Model, ABC):
    """Reads and draws by asking.

    Args:
        name: how the model was spelled.
        options: how it is asked.
    """

    def __init__(self, name: str, options: AskOptions) -> None:
        self.name, self.options = name, options

    @abstractmethod
    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        """Return one answer.

        Args:
            wish: what is asked for.
            on_text: told of the answer as it comes, where that can be; stops it by False.

        Raises:
            ModelError: no answer comes.
        """

    def weigh(self, prompt: str, answers: Sequence[str]) -> list[float] | None:
        """Return the log-probability of each answer behind a prompt, or None where that is not told."""
        return None

    @property
    def bare(self) -> bool:
        """Whether the model is asked as training files ask."""
        return self.options.style == "bare"

    @property
    def continues(self) -> bool:
        """Whether the model goes on with what is asked as with its own text, and not as in a conversation."""
        return False

    @property
    def spans_rows(self) -> bool:
        """Whether one token holds a row's end and the next one's beginning, which must be given then."""
        return False

    def drawing_words(self, request: Request, layout: Layout) -> str:
        """Return a request as a model hears it that is asked as training files ask."""
        return bare_drawing(request, layout)

    def read(
        self,
        levels: Levels,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        """Return one reading for each picture; see :class:`Model`.

        Confidence comes from the log-probabilities that the model tells; where it tells none, every answer
        counts as sure. An answer that is none of the candidates after all tries counts as abstaining.
        """
        answers = tuple(candidates) if candidates is not None else usual_answers(question)

        def read_one(picture: str) -> Reading:
            return self._read_one(picture, question, layout, answers)

        return self._side_by_side(read_one, spell_batch(levels, layout) if len(levels) else [])

    def _read_one(
        self, picture: str, question: str, layout: Layout, answers: tuple[str, ...] | None
    ) -> Reading:
        bare = bare_reading(picture, question)
        weights = self.weigh(bare, answers) if answers else None
        if answers and weights is not None:
            return _weighed(answers, weights)
        turn = Turn("user", bare if self.bare else told_reading(picture, question, layout, answers))
        most = self.options.answer_tokens
        wish = Wish((turn,), SamplingOptions(temperature=0), most, answers, as_json=self.options.as_json)
        for _ in range(self.options.tries):
            said = self._say_something(wish)
            if said.reading is not None and (told := told_elsewhere(said.reading, answers)):
                return told
            found, fault = _find_answer(said.answer, wish)
            if found is not None:
                return _answered(found, said, answers)
            again = _asked_again(wish, said.text, fault, self.bare)
            if again == wish:
                break
            wish = again
        return Reading(None, 0.0, [], None, True)

    def _say_something(self, wish: Wish, on_text: OnText | None = None) -> Said:
        """Return one answer that holds anything.

        Raises:
            ModelError: it was cut off before.
        """
        said = self.say(wish, on_text)
        if not said.whole and not said.answer.strip():
            raise ModelError(
                f"{self.name} was cut off before an answer, after {wish.most_tokens} tokens: raise "
                f"answer_tokens, as {self.name}?answer_tokens={max(2000, 2 * wish.most_tokens)}"
            )
        return said

    def draw(
        self,
        request: Request,
        layout: Layout,
        count: int = 1,
        options: SamplingOptions | None = None,
        *,
        prefix_levels: Levels | None = None,
        on_row: OnRow | None = None,
    ) -> list[Levels]:
        """Return drawings; see :class:`Model`.

        Raises:
            ModelError: no drawing could be used after all tries; says what was wrong with the last one.
            OptionError: beams or guidance are asked for, which such a model does not have.
        """
        options = (options or SamplingOptions()).seeded()
        settings.check(options)
        if options.beams > 1 or options.guidance not in (None, 1):
            raise OptionError(
                f"beams is {options.beams} and guidance {options.guidance}, but {self.name} has neither: "
                "leave them out"
            )
        grammar = PictureGrammar.of(layout, prefix_levels)
        most = 2 * sum(len(slot[0]) for slot in grammar.slots) + self.options.answer_tokens
        words, begun = self._drawing_question(request, layout, grammar)
        wish = Wish((Turn("user", words),), options, most, grammar=grammar, begun=begun)
        return self._side_by_side(lambda number: self._draw_one(wish, number, on_row), range(count))

    def _drawing_question(self, request: Request, layout: Layout, grammar: PictureGrammar) -> tuple[str, str]:
        """Return a request together with the rows that stand already, and what of the next row does."""
        given = grammar.given_text
        if not self.bare:
            more = f" The first rows stand already; go on behind them:\n{given}" if given else ""
            return told_drawing(request, layout) + more, ""
        if given and not self.continues:
            raise OptionError(
                f"complete gives rows to go on with, but {self.name} is asked in a conversation as training "
                "files ask, which has no place for them: write ?api=completions, or ?style=told"
            )
        begun = grammar.fixed[0] if given and self.spans_rows else ""
        return self.drawing_words(request, layout) + given + begun, begun

    def _draw_one(self, wish: Wish, number: int, on_row: OnRow | None) -> Levels:
        grammar, seed = wish.grammar, wish.sampling.seed
        assert grammar is not None
        assert seed is not None
        wish = replace(wish, sampling=replace(wish.sampling, seed=seed + number))
        rows = _RowTeller(grammar, number, on_row, wish.begun)
        fault = ""
        for _ in range(self.options.tries):
            said = self._say_something(wish, rows.hear)
            written = _only_rows(wish.begun + said.answer, grammar)
            try:
                levels = grammar.levels(written)
            except PictureError as wrong:
                fault = str(wrong).removesuffix(": mend it, or decode with repair")
                fault += "" if said.whole else " (the answer was cut off for its length)"
                wish = _asked_again(wish, said.text, fault, self.bare)
                continue
            rows.tell(levels)
            return levels
        raise ModelError(
            f"{self.name} gave no drawing that could be used in {self.options.tries} tries (the last one: "
            f"{fault}): raise tries, or take a model whose server takes a grammar"
        )

    def bits_per_cell(
        self, levels: Levels, layout: Layout, request: Request | None = None
    ) -> npt.NDArray[np.float64]:
        """Return how many bits the model needs for one cell of each picture; NaN where it does not tell."""
        cells = levels.shape[1] * levels.shape[2]
        prompt = bare_drawing(request, layout) if request is not None else ""

        def bits(picture: str) -> float:
            weights = self.weigh(prompt, [picture])
            return float("nan") if weights is None else -weights[0] / (np.log(2) * cells)

        return np.array(self._side_by_side(bits, spell_batch(levels, layout) if len(levels) else []))

    def _side_by_side(self, work: Callable[[One], Done], parts: Iterable[One]) -> list[Done]:
        """Return what is made of each part, in order; the first fault lets no other begin."""
        with ThreadPoolExecutor(self.options.concurrency) as pool:
            waiting = [pool.submit(work, part) for part in parts]
            try:
                return [each.result() for each in waiting]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


@dataclass
class _RowTeller:
    """Tells of each row of one drawing once, as soon as it stands; stops an answer that is no drawing."""

    grammar: PictureGrammar
    number: int
    on_row: OnRow | None
    begun: str = ""
    told: int = 0

    def hear(self, text: str) -> bool:
        """Tell of the rows so far; say whether the rest is wanted: not behind a fault, nor behind the end."""
        answer = self.begun + Said(text).answer
        if "\n" not in answer:
            return True
        written = _unfenced(answer, self.grammar)
        place = self.grammar.follow(START, written.encode())
        if place is None:
            return False
        if self.on_row:
            self._tell_from(self.grammar.rows_in(written))
        return not self.grammar.is_whole(place)

    def tell(self, levels: Levels) -> None:
        if self.on_row:
            self._tell_from(levels)

    def _tell_from(self, rows: Levels) -> None:
        assert self.on_row
        for row in range(self.told, len(rows)):
            self.on_row(self.number, row, rows[row])
        self.told = max(self.told, len(rows))


def _unfenced(text: str, grammar: PictureGrammar) -> str:
    """Return an answer without the fence that chats put around a text."""
    first, _, rest = text.partition("\n")
    if not first.startswith("```") or grammar.fixed[0].startswith("`"):
        return text
    return rest.removesuffix("```").removesuffix("```\n")


def _only_rows(text: str, grammar: PictureGrammar) -> str:
    """Return the rows of a whole answer, with one line break at their end."""
    rows = _unfenced(text, grammar).rstrip("\n")
    return f"{rows}\n" if rows else ""


def _find_answer(text: str, wish: Wish) -> tuple[str | None, str]:
    """Return the answer of a text, or None and what was wrong with it."""
    if wish.as_json:
        try:
            text = json.loads(text)["answer"]
        except (ValueError, KeyError, TypeError):
            return None, f'{text[:80]!r} is not JSON with an "answer"'
        if not isinstance(text, str):
            return None, f"the answer {text!r} is no text"
    if wish.choices is None:
        answer = text.strip()
        return (answer, "") if answer else (None, "the answer is empty")
    place, _ = match_answer(text, wish.choices)
    if place is None:
        return None, f"{text.strip()[:80]!r} is none of {', '.join(wish.choices)}"
    return wish.choices[place], ""


def _asked_again(wish: Wish, said: str, fault: str, bare: bool) -> Wish:
    """Return a wish that tells what was wrong; a model that is asked bare gets another seed instead."""
    if bare:
        seed = wish.sampling.seed
        return replace(wish, sampling=replace(wish.sampling, seed=None if seed is None else seed + AGAIN))
    more = (Turn("assistant", said or "(nothing)"), Turn("user", told_fault(fault)))
    return replace(wish, turns=wish.turns + more)


def _answered(answer: str, said: Said, answers: Sequence[str] | None) -> Reading:
    """Return the answer that was given, weighed where its own first token tells it apart from the others."""
    shares = said.shares or {}
    weights = {each: _share_of(each, answers, shares) for each in answers} if answers and shares else {}
    if answers is None or _begun_by(_first_token(said), answers) != [answer] or not weights.get(answer):
        return Reading(answer, 1.0, [(answer, 1.0)], None, False, weighed=False)
    others = sorted((each for each in weights if each != answer), key=lambda each: -weights[each])
    candidates = [(each, weights[each]) for each in (answer, *others)]
    return Reading(answer, weights[answer], candidates, None, False)


def _first_token(said: Said) -> str:
    """Return an answer's first token; where it was not told, the longest beginning that was weighed."""
    text = said.text.strip()
    begun = [token for token in said.shares or {} if token.strip() and text.startswith(token.strip())]
    return said.first or max(begun, key=len, default="")


def _begun_by(token: str, answers: Sequence[str]) -> list[str]:
    """Return the answers that a token begins, or the one that it is."""
    begun = token.strip()
    if not begun:
        return []
    return [begun] if begun in answers else [each for each in answers if each.startswith(begun)]


def _share_of(answer: str, answers: Sequence[str], shares: Mapping[str, float]) -> float:
    """Return how probable the beginnings are that only this one of the answers has."""
    total = sum(share for token, share in shares.items() if _begun_by(token, answers) == [answer])
    return min(total, 1.0)


def told_elsewhere(told: Mapping[str, Any], answers: Sequence[str] | None) -> Reading | None:
    """Return a reading that a server of ours made, of the wished answers alone; None if it has none of them.

    Args:
        told: its answer, confidence, candidates and familiarity.
        answers: those to choose from, or None.
    """
    candidates = [(str(each["answer"]), float(each["confidence"])) for each in told.get("candidates") or []]
    candidates = [each for each in candidates if answers is None or each[0] in answers]
    if not candidates:
        return None
    abstained = bool(told.get("abstained"))
    return Reading(
        answer=None if abstained else candidates[0][0],
        confidence=candidates[0][1],
        candidates=candidates,
        familiarity=told.get("familiarity"),
        abstained=abstained,
        weighed=bool(told.get("weighed", True)),
    )


def _weighed(answers: Sequence[str], weights: Sequence[float]) -> Reading:
    shares = softmax(np.array(weights, np.float64)[None])[0]
    order = np.argsort(-shares, kind="stable")
    candidates = [(answers[place], float(shares[place])) for place in order]
    return Reading(candidates[0][0], candidates[0][1], candidates, None, False)
