"""What a model says while it is taught: readings, drawings and texts of lessons kept for validation."""

from collections.abc import Sequence
from typing import Any

from calligram.training.text_data import Lesson
from calligram.training.text_model import Pupil
from calligram.training.text_tokens import Speller

OPENING = 24
"""Tokens of a plain text that are given, to see how the model goes on."""

LONGEST_TEXT = 80
"""Tokens that a model adds to a plain text."""

TEMPERATURE = 0.8


def choose_samples(lessons: Sequence[Lesson], count: int) -> list[Lesson]:
    """Return a few lessons of every kind there is, ``count`` in all."""
    kinds = sorted({lesson.task for lesson in lessons})
    each = -(-count // max(1, len(kinds)))
    chosen = [[lesson for lesson in lessons if lesson.task == kind][:each] for kind in kinds]
    return [lesson for group in chosen for lesson in group][:count]


def say_all(pupil: Pupil, speller: Speller, lessons: Sequence[Lesson], seed: int) -> str:
    """Return what the model says to each lesson beside what it should say, as one text.

    Readings are the likeliest words; drawings and texts are drawn by chance from a seed of their own, so that
    the training's own randomness is left as it was.
    """
    import torch

    training = pupil.network.training
    pupil.network.eval()
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        said = [_say(pupil, speller, lesson) for lesson in lessons]
    pupil.network.train(training)
    return ("-" * 40 + "\n").join(said)


def _say(pupil: Pupil, speller: Speller, lesson: Lesson) -> str:
    tokenizer = pupil.tokenizer
    whole = speller.given(lesson) if lesson.given else tokenizer(lesson.learned)["input_ids"][:OPENING]
    target = tokenizer(lesson.learned, add_special_tokens=False)["input_ids"]
    room = LONGEST_TEXT if lesson.task == "text" else len(target) * 5 // 4 + 4
    room = min(room, pupil.context - len(whole))
    if room < 1:
        return ""
    said = tokenizer.decode(_generate(pupil, whole, room, lesson.task != "read"), skip_special_tokens=True)
    if lesson.task == "read":
        mark = "right" if said.strip() == lesson.learned.strip() else "wrong"
        return f"{lesson.given}said: {said.strip()!r}   right answer: {lesson.learned.strip()!r}   {mark}\n"
    given = lesson.given or tokenizer.decode(whole, skip_special_tokens=True)
    return f"{given}⟶{said}\n"


def _generate(pupil: Pupil, given: list[int], room: int, by_chance: bool) -> list[int]:
    import torch

    end = pupil.tokenizer.eos_token_id
    ids = torch.tensor([given], device=pupil.network.device)
    chance = {"temperature": TEMPERATURE, "top_k": 0} if by_chance else {}
    made: Any = pupil.network.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=room,
        do_sample=by_chance,
        pad_token_id=pupil.tokenizer.pad_token_id if end is None else end,
        use_cache=True,
        **chance,
    )
    return [int(token) for token in made[0, len(given) :]]
