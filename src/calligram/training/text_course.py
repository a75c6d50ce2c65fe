"""All that a training needs, made ready and checked before anything is written."""

import inspect
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from calligram import settings
from calligram.errors import OptionError
from calligram.training.text_added import wanting_tokens
from calligram.training.text_data import Lessons, read_lessons
from calligram.training.text_model import Pupil, open_pupil, open_tokenizer, place_of, texts_see_each_other
from calligram.training.text_options import TextOptions
from calligram.training.text_tokens import Item, Speller, check_spelling, tokens_to_add

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Course:
    """What is taught to whom.

    Args:
        options: how.
        lessons: what.
        pupil: to whom.
        speller: makes tokens of lessons.
        train: texts to learn, in tokens.
        valid: texts kept for validation, in tokens.
        takes_places: whether the network is told where packed texts begin.
        notes: what a person should know, one sentence each.
    """

    options: TextOptions
    lessons: Lessons
    pupil: Pupil
    speller: Speller
    train: list[Item]
    valid: list[Item]
    takes_places: bool
    notes: list[str] = field(default_factory=list)

    @property
    def filler(self) -> int:
        """The token in empty places."""
        tokenizer = self.pupil.tokenizer
        known = (tokenizer.pad_token_id, tokenizer.eos_token_id, 0)
        return next(int(token) for token in known if token is not None)

    @property
    def machine(self) -> dict[str, Any]:
        """What the weights follow from, beside what was asked for."""
        precision = "bfloat16" if self.pupil.machine.bfloat16 else "float32"
        return {"devices": devices(self.options), "precision": precision}

    @property
    def room(self) -> int:
        """Tokens in a row of packed texts; 0 where each text has its own row."""
        return self.pupil.context if self.options.pack else 0


@dataclass(frozen=True)
class Opened:
    """The first part of getting ready: what is cheap, and what most mistakes are found by.

    Args:
        lessons: what is taught.
        tokenizer: of the model, with the tokens that were added.
        added: those tokens.
        place: the model's folder or name.
        asked: all that the taught weights follow from, for the record.
    """

    lessons: Lessons
    tokenizer: Any
    added: list[str]
    place: str
    asked: dict[str, Any]


def read_course(dataset: str, model: str, options: TextOptions) -> Opened:
    """Return lessons and tokenizer, checked against each other.

    Args:
        dataset: training files or plain texts.
        model: as ``"hf:FOLDER"``.
        options: how it is taught.

    Raises:
        CalligramError: an option, the data or the tokenizer cannot be used.
    """
    settings.check(options)
    _check_together(options)
    place = place_of(model)
    lessons = read_lessons(dataset, options, options.seed)
    tokenizer = open_tokenizer(place)
    added = wanting_tokens(tokenizer, tokens_to_add(lessons)) if options.add_tokens else []
    tokenizer.add_tokens(added)
    check_spelling(tokenizer, lessons, place)
    asked = {
        "dataset": dataset,
        "model": model,
        "options": options.recipe(),
        "files": lessons.files,
        "train": len(lessons.train),
        "valid": len(lessons.valid),
        "lessons": lessons.digest(),
        "added": added,
    }
    return Opened(lessons, tokenizer, added, place, asked)


def open_course(opened: Opened, options: TextOptions, tell: Tell | None = None) -> Course:
    """Return all that a training needs, the network in memory.

    Args:
        opened: lessons and tokenizer.
        options: how the model is taught.
        tell: told of texts that are spelled.

    Raises:
        CalligramError: the model is missing or does not fit, or all texts are too long.
    """
    lessons, tokenizer = opened.lessons, opened.tokenizer
    pupil = open_pupil(opened.place, tokenizer, opened.added, options)
    speller = Speller(tokenizer, options.loss, pupil.context)
    spelling = (lambda done, total: tell("spelling", done, total)) if tell else None
    train, valid = speller.items(lessons.train, spelling), speller.items(lessons.valid)
    notes = [*lessons.notes, pupil.machine.note]
    if speller.too_long:
        notes.append(f"Left out: {speller.too_long:,} texts of more than {pupil.context} tokens.")
    if options.loss == "answer" and any(not lesson.given for lesson in lessons.train):
        notes.append("Plain texts have no answers: all of each text is learnt.")
    if not valid:
        notes.append("There is no validation: the last checkpoint is taken for the best.")
    takes_places = options.pack and _takes_places(pupil.network)
    if options.pack:
        leaks = texts_see_each_other(pupil.network, takes_places)
        notes.append(
            "Packed texts see the ones before them in their row: this model cannot be told where they begin."
            if leaks
            else "Packed texts do not see each other."
        )
    return Course(options, lessons, pupil, speller, train, valid, takes_places, notes)


def world() -> tuple[int, int]:
    """Return this process's number among those on one training, and how many there are."""
    return int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))


def devices(options: TextOptions) -> int:
    """Return how many devices share a step."""
    import torch

    _, processes = world()
    return processes if processes > 1 or options.device == "cpu" else max(1, torch.cuda.device_count())


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep transformers from printing bars, hints and warnings that are none of the user's concern."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            # peft asks by a name that transformers gives up in version 6
            warnings.filterwarnings("ignore", ".*is_gradient_checkpointing.*", FutureWarning)
            # it may: the table is small beside the rest, and the folder then stands for itself
            warnings.filterwarnings("ignore", "Setting `save_embedding_layers`", UserWarning)
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _check_together(options: TextOptions) -> None:
    if options.method == "lora" and options.add_tokens and not options.merge:
        raise OptionError(
            "adapters alone cannot carry added tokens to where the model is used: give --merge too, "
            "or leave --add-tokens out"
        )
    if options.merge and options.method == "full":
        raise OptionError("--merge puts adapters into the weights, but --method full has none: leave it out")
    if options.tensorboard and not find_spec("tensorboard"):
        raise OptionError(
            "--tensorboard needs the package 'tensorboard', which is not installed: run "
            "pip install tensorboard, or leave it out, since log.jsonl and curve.png tell the same"
        )


def _takes_places(network: Any) -> bool:
    inner = network.get_base_model() if hasattr(network, "get_base_model") else network
    return "position_ids" in inspect.signature(inner.forward).parameters
