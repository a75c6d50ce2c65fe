"""What a file is for, told by its name: to learn, to validate, or to test."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Generic, TypeVar

ROLES = {
    "train": {"train", "training"},
    "valid": {"valid", "validation", "val", "dev"},
    "test": {"test", "testing", "tests", "eval", "evaluation"},
}
"""The words that tell a role. Source: ``datasets.data_files.SPLIT_KEYWORDS`` of Hugging Face, Apache-2.0."""

File = TypeVar("File")


@dataclass(frozen=True)
class Parts(Generic[File]):
    """Files by what they are for.

    Args:
        train: to learn from.
        valid: for validation.
        left_out: tests, which are never learnt from.
    """

    train: list[File]
    valid: list[File]
    left_out: list[File]


def told_role(name: str) -> str:
    """Return the role that a name tells, or nothing where it tells none."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((role for word in reversed(words) for role, those in ROLES.items() if word in those), "")


def role_of(name: str) -> str:
    """Return ``"train"``, ``"valid"`` or ``"test"``; a name that tells no role is one to learn from.

    Of several words the last one counts, since a data set's own name stands before.

    >>> role_of("mnist-test"), role_of("train-00000-of-00002"), role_of("turing_test_train"), role_of("cats")
    ('test', 'train', 'train', 'train')
    """
    return told_role(name) or "train"


def role_of_path(path: PurePath) -> str:
    """Return the role of a file below a folder; the outermost name that tells one counts.

    >>> role_of_path(PurePath("train/a-test-of-time.txt")), role_of_path(PurePath("deep/valid.csv.gz"))
    ('train', 'valid')
    """
    names = [*path.parts[:-1], path.name.partition(".")[0]]
    return next((role for name in names if (role := told_role(name))), "train")


def part(files: Sequence[File], role: Callable[[File], str]) -> Parts[File]:
    """Return files by what they are for.

    Where none is to learn from, those for validation are, and tests only where nothing else is there.
    """
    train, valid, tests = ([file for file in files if role(file) == wanted] for wanted in ROLES)
    if train:
        return Parts(train, valid, tests)
    return Parts(valid, [], tests) if valid else Parts(tests, [], [])
