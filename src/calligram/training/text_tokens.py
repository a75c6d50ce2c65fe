"""From lessons to tokens: what is given, what is learnt, and whether the tokenizer can spell it at all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError, TrainingError
from calligram.training.text_data import Lesson, Lessons, pictures_of

ROW_TAG = re.compile(r"</?row:\d+>")
TRIED = 64
"""Pictures that are spelled and read back before a training starts."""

AT_ONCE = 1000
LEAD = "Look:\n"
"""Stands before a picture that is tried, since some tokenizers drop a blank at a text's beginning."""


@dataclass(frozen=True)
class Item:
    """One text in tokens.

    Args:
        ids: tokens, ``(tokens,)``.
        learned: which of them the loss counts, ``(tokens,)``.
    """

    ids: npt.NDArray[np.int32]
    learned: npt.NDArray[np.bool_]


def tokens_to_add(lessons: Lessons) -> list[str]:
    """Return row tags and symbols of the lessons' pictures, each to become a token of its own.

    The blank is none of them: as a token of its own it would part every word from the one before it.
    """
    tags: set[str] = set()
    symbols: set[str] = set()
    for picture in pictures_of([*lessons.train, *lessons.valid]):
        tags.update(ROW_TAG.findall(picture))
        symbols.update(ROW_TAG.sub("", picture))
    in_order = sorted(tags, key=lambda tag: (int("".join(filter(str.isdigit, tag))), tag))
    return in_order + sorted(symbols - {" ", "\n"})


def check_spelling(tokenizer: Any, lessons: Lessons, name: str) -> None:
    """Raise ModelError where pictures do not come back as they were from the tokenizer or its chat template.

    Args:
        tokenizer: of transformers.
        lessons: what is to be spelled.
        name: the model's, for the message.
    """
    for picture in islice(pictures_of(lessons.train), TRIED):
        ids = tokenizer(LEAD + picture, add_special_tokens=False)["input_ids"]
        back = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
        if not back.endswith(picture):
            lost = sorted({symbol for symbol in picture if symbol not in back})
            what = " ".join(map(repr, lost)) or "the places of blanks"
            raise ModelError(
                f"the tokenizer of {name} cannot spell the pictures: {what} would be lost; give "
                "--add-tokens, or build the data set with symbols it knows, as --symbols ascii10 "
                "or --markup letters"
            )
    shown = (lesson for lesson in lessons.train if lesson.picture and lesson.picture in lesson.given)
    for lesson in islice(shown, TRIED):
        _check_opening(tokenizer, lesson, name)


def _check_opening(tokenizer: Any, lesson: Lesson, name: str) -> None:
    """Raise ModelError where a chat template, or the tokenizer after one of its marks, takes blanks away."""
    opening = opening_of(tokenizer, lesson)
    if opening == lesson.given:
        return
    ids = tokenizer(opening, add_special_tokens=False)["input_ids"]
    back = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
    if lesson.picture not in opening or lesson.picture not in back:
        raise ModelError(
            f"the chat template of {name} takes away blanks at the ends of what a user says, and with them "
            "cells of the pictures: build the data set with --markup rows, whose lines begin and end with a "
            "tag, or with symbols that have no blank and --markup plain, as --symbols 012"
        )


def opening_of(tokenizer: Any, lesson: Lesson) -> str:
    """Return the text that a model is given: by the tokenizer's chat template, where it has one."""
    if not lesson.given or not tokenizer.chat_template:
        return lesson.given
    turn = [{"role": "user", "content": lesson.given}]
    return str(tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True))


class Speller:
    """Spells lessons as a model is given them.

    The tokens of an answer are those that follow the prompt's in the whole text. The end is the tokenizer's
    own mark of it, so that an answer that could go on is told from one that is done. Where the tokenizer has
    a chat template, what is given is the user's turn and what is learnt the assistant's.

    Args:
        tokenizer: of transformers.
        loss: ``"answer"``, or ``"all"`` to learn what is given too.
        context: tokens that a text may have.
    """

    def __init__(self, tokenizer: Any, loss: str, context: int) -> None:
        self._tokenizer, self._loss, self._context = tokenizer, loss, context
        self._end = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
        self.too_long = 0

    def items(self, lessons: Sequence[Lesson], tell: Callable[[int, int], None] | None = None) -> list[Item]:
        """Return the lessons in tokens; those with too many are left out and counted in ``too_long``.

        A plain text that is longer than the context becomes several items. What is left of it without a token
        for the loss to count, since nothing foretells the first, is left out.

        Raises:
            TrainingError: none is short enough, or none has a token to learn.
        """
        made: list[Item] = []
        for first in range(0, len(lessons), AT_ONCE):
            part = lessons[first : first + AT_ONCE]
            for lesson, given, whole in zip(part, *self._spelled(part), strict=True):
                items = self._items(lesson, given, whole)
                made += [item for item in items if item.learned[1:].any()]
            if tell:
                tell(min(first + AT_ONCE, len(lessons)), len(lessons))
        if lessons and not made and not self.too_long:
            raise TrainingError(
                f"none of the {len(lessons):,} texts has a second token to foretell within a --context of "
                f"{self._context}: give a larger one, or longer texts"
            )
        if lessons and not made:
            raise TrainingError(
                f"all {len(lessons):,} texts have more than {self._context} tokens: give a larger --context "
                "if the model takes it, --add-tokens, or a smaller layout"
            )
        return made

    def given(self, lesson: Lesson) -> list[int]:
        """Return the tokens of what the model is given."""
        (given,), _ = self._spelled([lesson])
        return given

    def _spelled(self, lessons: Sequence[Lesson]) -> tuple[list[list[int]], list[list[int]]]:
        """Return the tokens of what is given, and of the whole texts."""
        given = [opening_of(self._tokenizer, lesson) for lesson in lessons]
        whole = [text + lesson.learned for text, lesson in zip(given, lessons, strict=True)]
        return self._ids(given), self._ids(whole)

    def _ids(self, texts: list[str]) -> list[list[int]]:
        special = not self._tokenizer.chat_template  # a template writes its own first token
        made: list[list[int]] = self._tokenizer(texts, add_special_tokens=special)["input_ids"]
        return [ids[:-1] if self._end and ids[-1:] == self._end else ids for ids in made]

    def _items(self, lesson: Lesson, given: list[int], whole: list[int]) -> list[Item]:
        if whole[: len(given)] != given:  # the last token of the one runs into the other
            whole = given + self._tokenizer(lesson.learned, add_special_tokens=False)["input_ids"]
        ids = np.array([*whole, *self._end], np.int32)
        learned = np.ones(len(ids), np.bool_)
        if self._loss == "answer":
            learned[: len(given)] = False
        if len(ids) <= self._context:
            return [Item(ids, learned)]
        if lesson.task == "text":
            cuts = range(0, len(ids), self._context)
            return [Item(ids[at : at + self._context], learned[at : at + self._context]) for at in cuts]
        self.too_long += 1
        return []


def show_item(tokenizer: Any, item: Item) -> str:
    """Return a text with ``⟦ ⟧`` around what the loss counts."""
    shown, start = "", 0
    ends = [*(np.flatnonzero(np.diff(item.learned)) + 1).tolist(), len(item.ids)]
    for end in ends:
        text = tokenizer.decode(item.ids[start:end].tolist(), clean_up_tokenization_spaces=False)
        shown += f"⟦{text}⟧" if item.learned[start] else text
        start = end
    return shown
