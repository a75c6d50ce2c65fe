"""Refining: paint a few, look, say what misses the brief, choose other words, and paint again.

::

    done = refine("a scarlet cat, much empty space", Hands(open_painter("adversarial"), readers), "cat")
    done.best.file, done.reached, done.missing

In the folder stand ``rounds/01``, ``rounds/02``, … with every image, what was seen of it and the words; and a
journal, from which the same call goes on where a killed one was. The best image is the one that meets most
wishes, then the one whose least margin is largest, then the earlier one. There is no mark for the whole.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from calligram import settings
from calligram.art.painting import PaintOptions
from calligram.art.refining_asking import ModelReader, ask_wishes, revise_by_model
from calligram.art.refining_brief import Brief, make_brief
from calligram.art.refining_budget import Budget, Counted
from calligram.art.refining_hands import Hands
from calligram.art.refining_journal import RefiningJournal
from calligram.art.refining_looks import Look, finders_of, look_at
from calligram.art.refining_options import RefineOptions
from calligram.art.refining_result import Refined
from calligram.art.refining_rounds import Attempt, Round, Shot, best_of
from calligram.art.refining_words import revise_by_rules
from calligram.errors import BudgetError, ContentRefusedError, InputError, RequestError
from calligram.models.base import Talking
from calligram.painters.base import Painted
from calligram.whole_files import make_folder, write_whole

__all__ = ["Hands", "RefineOptions", "Refined", "refine"]

RESULT = "result.json"
UNREAD = "the words name nothing that can be read here, so that what the images show was not checked"
ENDING = ".png"

Tell = Callable[[Round], None]
"""Told of each round when it is over."""


def refine(
    brief: Brief | str,
    hands: Hands,
    folder: str | os.PathLike[str],
    asked: PaintOptions | None = None,
    options: RefineOptions | None = None,
    tell: Tell | None = None,
) -> Refined:
    """Paint, look and paint again until an image meets its brief, or the rounds or the budget are used up.

    Round 1 has the brief's own words, so that its first image is what painting once gives. A folder that
    holds the same refinement is gone on with: what it has is neither painted nor asked for again.

    Args:
        brief: what an image should be; the wishes of plain words are found by rules, and by the model.
        hands: what paints, reads, revises and writes.
        folder: where every round is kept.
        asked: how many images in a round, their size and the first seed.
        options: rounds, and the bounds of the budget.
        tell: told of each round that is over.

    Raises:
        InputError: the brief wishes nothing that can be checked, or the folder holds another refinement.
        RequestError: the painter could paint none of the words.
        ModelError: painter or model failed; what was finished is kept, and the same call goes on.
        OptionError: an option is out of its range.
        OutputError: a file cannot be written; what was finished is kept.
    """
    asked, options = asked or PaintOptions(), options or RefineOptions()
    settings.check(asked)
    settings.check(options)
    options = options if options.rounds else replace(options, rounds=1)
    with RefiningJournal(folder) as journal:
        loop = _Loop(hands, journal, options, Budget(options, journal.spent), tell)
        return loop.run(brief, asked)


@dataclass
class _Loop:
    """One refinement under way."""

    hands: Hands
    journal: RefiningJournal
    options: RefineOptions
    budget: Budget
    tell: Tell | None

    def run(self, brief: Brief | str, asked: PaintOptions) -> Refined:
        self.brief, self.asked = self._begin(brief, asked)
        stopped = ""
        while not stopped:
            try:
                stopped = self._stop()
                if not stopped:
                    self._begin_round()
                    stopped = self._finish_round()
            except BudgetError as fault:
                stopped = str(fault)
        done = Refined(
            self.brief,
            tuple(self.journal.rounds),
            stopped,
            self.budget.spent,
            self.journal.folder,
            tuple(self._remarks()),
        )
        if done.best is None and any(each.refused for each in done.rounds):
            raise RequestError(next(iter(done.rounds[0].refused.values())))
        write_whole(self.journal.folder / RESULT, _json(done.to_json()))
        return done

    def _begin(self, brief: Brief | str, asked: PaintOptions) -> tuple[Brief, PaintOptions]:
        """Return the brief with its wishes and the options with a seed: as noted, or found now."""
        before = self.journal.asked
        own = brief
        if isinstance(own, str):
            own = make_brief(own, asked.avoid, finders_of(self.hands.readers))
        told = {
            "words": own.words,
            "avoid": own.avoid,
            "painter": self.hands.spelling or self.hands.painter.name,
            "number": asked.number,
            "width": asked.width,
            "height": asked.height,
            "readers": [reader.name for reader in self.hands.readers],
            "model": self.hands.writer,
        }
        if before is not None:
            told |= {} if asked.seed is None else {"seed": asked.seed}
            self.journal.begin(told, self.budget.spent)
            kept = self.journal.brief
            assert kept is not None
            return kept, replace(asked, seed=before["seed"])
        asked = asked.seeded()
        whole = self._with_wishes(own, asked)
        self.journal.begin({**told, "seed": asked.seed, "brief": whole.to_json()}, self.budget.spent)
        return whole, asked

    def _with_wishes(self, brief: Brief, asked: PaintOptions) -> Brief:
        if self.hands.model is not None:
            asking = self.options.asking(asked.seed or 0)
            # out of budget the rules' wishes stand, and the loop says the bound after its first round
            with suppress(BudgetError):
                brief = ask_wishes(Counted(self.hands.model, self.budget), brief, asking)
        if not brief.wishes:
            raise InputError(
                f"nothing that {brief.words!r} wishes can be checked: name a colour, a quality such as dark "
                "or symmetrical, or a subject that can be read; or paint it without --refine"
            )
        return brief

    def _stop(self) -> str:
        """Return why there are to be no more images, or nothing."""
        rounds = self.journal.rounds
        best = best_of([shot for each in rounds for shot in each.shots])
        if best is not None and best.reached:
            return f"image {best.number} of round {best.round} meets the brief"
        if best is not None and not best.missed:
            return "nothing at hand can tell whether an image meets the brief"
        if len(rounds) >= self.options.rounds and self._is_whole(rounds[-1]):
            return f"all {self.options.rounds} rounds are done"
        return self.budget.reached()

    def _is_whole(self, each: Round) -> bool:
        return len(each.shots) + len(each.refused) >= self.asked.number

    def _begin_round(self) -> None:
        """Note what the next round asks for, unless one is under way."""
        rounds = self.journal.rounds
        if rounds and not self._is_whole(rounds[-1]):
            return
        if not rounds:
            attempt = Attempt(self.brief.words, self.brief.avoid, self.asked.width, self.asked.height)
        elif self.hands.model is None:
            attempt = revise_by_rules(self.brief, rounds)
        else:
            attempt = self._asked_words(self.hands.model)
        self.journal.note_round(attempt, self.budget.spent)

    def _asked_words(self, model: Talking) -> Attempt:
        seed = (self.asked.seed or 0) + len(self.journal.rounds)
        asking = self.options.asking(seed)
        counted = Counted(model, self.budget)
        return revise_by_model(counted, self.hands.writer, self.brief, self.journal.rounds, asking)

    def _finish_round(self) -> str:
        """Paint and look at what the last round lacks; return the bound that stopped it, or nothing."""
        stopped = ""
        for number in range(1, self.asked.number + 1):
            last = self.journal.rounds[-1]
            if number in last.refused or any(shot.number == number for shot in last.shots):
                continue
            stopped = self.budget.reached(self._asks)
            if stopped:
                break
            self._paint(last, number)
        last = self.journal.rounds[-1]
        self._keep_round(last)
        if self.tell:
            self.tell(last)
        return stopped

    def _paint(self, last: Round, number: int) -> None:
        """Paint one image of a round, look at it, and note it."""
        attempt = last.attempt
        seed = (self.asked.seed or 0) + (last.number - 1) * self.asked.number + number - 1
        try:
            came = self.hands.painter.paint(attempt.order(seed), 1)
        except (RequestError, ContentRefusedError) as fault:
            came = []
            told = str(fault)
        else:
            told = "the painter gave no image for it"
        if not came:
            self.journal.note_refusal(number, told, self.budget.spent)
            return
        (painted,) = came
        self.budget.count_image()
        file = f"{_folder_of(last)}/{number}{ENDING}"
        make_folder((self.journal.folder / file).parent)
        self.hands.save(self.journal.folder / file, painted, attempt)
        look = self._look(painted)
        write_whole(self.journal.folder / file.replace(ENDING, ".txt"), look.eyes.prompt.encode())
        self.journal.note_shot(_shot(last, number, file, painted, look), self.budget.spent)

    @property
    def _asks(self) -> bool:
        """Whether looking asks a model."""
        return bool(self.brief.subjects) and any(reader.asks for reader in self.hands.readers)

    def _look(self, painted: Painted) -> Look:
        readers = [
            reader.counted(self.budget) if isinstance(reader, ModelReader) else reader
            for reader in self.hands.readers
        ]
        return look_at(painted.image, self.brief, readers, png=any(reader.asks for reader in readers))

    def _keep_round(self, last: Round) -> None:
        folder = make_folder(self.journal.folder / _folder_of(last))
        write_whole(folder / "round.json", _json(last.to_json()))

    def _remarks(self) -> list[str]:
        """Return what a person should be told of painter and looks, each once."""
        shots = [shot for each in self.journal.rounds for shot in each.shots]
        told = [remark for shot in shots for remark in shot.remarks]
        if not self.brief.subjects:
            told.append(UNREAD)
        return list(dict.fromkeys(told))


def _shot(last: Round, number: int, file: str, painted: Painted, look: Look) -> Shot:
    width, height = painted.image.size
    return Shot(
        last.number,
        number,
        file,
        look.found,
        painted.seed,
        width,
        height,
        painted.model,
        painted.version,
        dict(painted.settings),
        painted.remarks,
    )


def _folder_of(each: Round) -> str:
    return f"rounds/{each.number:02}"


def _json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")
