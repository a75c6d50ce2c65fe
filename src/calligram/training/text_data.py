"""What a language model is to learn: lessons out of training files or plain texts, parted for validation."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from calligram.errors import FormatError
from calligram.formats.base import Example, get_format
from calligram.nano.prompts import GENERAL
from calligram.training.dataset_files import DatasetFile, find_files, read_manifest
from calligram.training.dataset_target import MANIFEST
from calligram.training.text_options import DataOptions
from calligram.training.text_plain import is_plain, read_texts, text_files
from calligram.training.text_roles import part, role_of, role_of_path

NAMED = 5
"""So many files are named in a note."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to learn.

    Args:
        given: what the model is given: picture and question, or a request to draw; empty for a plain text.
        learned: what it shall say.
        key: what the split is chosen by: the picture, so that all that is made of one stays together.
        picture: the text picture in it; empty for a plain text.
        task: ``"read"``, ``"draw"`` or ``"text"``.
    """

    given: str
    learned: str
    key: str = ""
    picture: str = ""
    task: str = "text"


@dataclass(frozen=True)
class Lessons:
    """What there is to learn and to be examined on.

    Args:
        train: lessons to learn, in an order by chance that follows from the seed.
        valid: lessons kept for validation; may be empty.
        files: name and checksum of each file they came from.
        notes: what a person should know of them, one sentence each.
    """

    train: list[Lesson]
    valid: list[Lesson]
    files: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """Return a checksum of all lessons in their order."""
        told = hashlib.blake2b(digest_size=16)
        for lesson in chain(self.train, [Lesson("", "\0")], self.valid):
            told.update(f"{lesson.given}\0{lesson.learned}\0".encode())
        return told.hexdigest()


def read_lessons(dataset: str, options: DataOptions, seed: int) -> Lessons:
    """Return the lessons of a data set.

    Args:
        dataset: a training file, a folder of them, or plain texts: a folder of ``.txt``, CSV, JSON lines.
        options: which of them, and how they are parted.
        seed: of the order and of the parting.

    Raises:
        FormatError: a file is missing, empty, damaged or of no known format.
    """
    reader = _Reader(options)
    train, valid = reader.read(dataset)
    if options.valid:
        others, valid = reader.read(options.valid)
        valid = valid or others
        if not valid:
            raise FormatError(
                f"--valid names {options.valid}, which has no examples: give a file or folder that has some, "
                "or leave it out, and a share of the data set is kept"
            )
    if not train:
        raise FormatError(f"{dataset} has no examples to learn from: give a training file that has some")
    train = sorted(train, key=lambda lesson: _place(lesson, seed))
    if not valid and options.valid_share:
        valid = [lesson for lesson in train if _share(lesson, seed) < options.valid_share]
        train = [lesson for lesson in train if _share(lesson, seed) >= options.valid_share]
        if not train:
            raise FormatError(
                f"{dataset} has too few examples to keep some for validation: "
                "give --valid-share 0, or a validation file with --valid"
            )
    else:
        valid = sorted(valid, key=lambda lesson: _place(lesson, seed))
    return Lessons(
        train[: options.limit or None], valid[: options.valid_limit or None], reader.files, reader.notes
    )


class _Reader:
    """Reads data sets, and keeps what files there were and what is to be told of them."""

    def __init__(self, options: DataOptions) -> None:
        self._options = options
        self.files: dict[str, str] = {}
        self.notes: list[str] = []

    def read(self, place: str) -> tuple[list[Lesson], list[Lesson]]:
        """Return what a place holds to learn, and what it holds for validation.

        What a file is for, its name tells: see :mod:`calligram.training.text_roles`.
        """
        path = Path(place)
        if not path.exists():
            raise FormatError(
                f"there is no file or folder {place!r}: give a training file, a folder that "
                "'calligram dataset build' made, or plain texts"
            )
        if is_plain(path, self._options.column):
            return self._read_plain(path)
        parts = part(find_files([path], self._options.format), _role)
        self._note_tests(file.path.name for file in parts.left_out)
        return self._lessons(parts.train), self._lessons(parts.valid)

    def _read_plain(self, path: Path) -> tuple[list[Lesson], list[Lesson]]:
        files, about = text_files(path)
        parts = part(files, lambda file: role_of_path(file.relative_to(path)) if file != path else "train")
        if about:
            self.notes.append(f"Left out, as they tell of the texts: {', '.join(about)}.")
        self._note_tests(file.name for file in parts.left_out)
        if parts.valid:
            named = ", ".join(file.name for file in parts.valid[:NAMED])
            self.notes.append(
                f"Kept for validation, as their names say: {named}{', …' * (len(parts.valid) > NAMED)}."
            )
        return self._plain(parts.train), self._plain(parts.valid)

    def _note_tests(self, names: Iterable[str]) -> None:
        if tests := sorted(set(names)):
            self.notes.append(f"Left out, as tests are never learnt from: {', '.join(tests)}.")

    def _lessons(self, files: Sequence[DatasetFile]) -> list[Lesson]:
        return [lesson for file in files for lesson in self._file(file)]

    def _file(self, file: DatasetFile) -> Iterator[Lesson]:
        if file.faults:
            raise FormatError(f"{file.name}: {file.faults[0]}: build it again, or take its manifest away")
        self._note_file(file.path)
        question = ""
        with file.open() as stream:
            for record in get_format(file.format).read(stream):
                if record.faults or record.example is None:
                    what = record.faults[0] if record.faults else f"line {record.line} holds no example"
                    raise FormatError(f"{file.name}, {what}: see 'calligram dataset check {file.name}'")
                example = record.example
                if example.task == "read" and not example.request:
                    question = question or self._question(file.path)
                    example = Example("read", example.picture, question, example.answer)
                yield _lesson(example, file.format)

    def _question(self, path: Path) -> str:
        """Return what is asked over the pictures of a format that keeps no question, and say so."""
        manifests = [path.with_name(f"{path.stem}.{MANIFEST}"), path.with_name(MANIFEST)]
        told = next((found for at in manifests if (found := read_manifest(at))), {})
        question = self._options.question or told.get("question") or GENERAL.removesuffix("\n")
        note = f"The format keeps no question; asked is {question!r} (--question changes it)."
        if note not in self.notes:
            self.notes.append(note)
        return str(question)

    def _plain(self, files: Sequence[Path]) -> list[Lesson]:
        texts = read_texts(files, self._options.column or "text", self._note_file)
        return [Lesson("", text, text) for text in texts]

    def _note_file(self, path: Path) -> None:
        with path.open("rb") as stream:
            self.files[path.name] = hashlib.file_digest(stream, "sha256").hexdigest()


def _lesson(example: Example, format: str) -> Lesson:
    """Return an example as a lesson; the format ``text`` is plain language modelling, picture or not."""
    if format == "text":
        text = example.prompt + example.completion
        return Lesson("", text, example.picture, example.picture)
    return Lesson(example.prompt, example.completion, example.picture, example.picture, example.task)


def _role(file: DatasetFile) -> str:
    named = file.split != file.name  # by a manifest, as train[:54000]
    return role_of(file.split.partition("[")[0] if named else file.path.stem)


def _place(lesson: Lesson, seed: int) -> bytes:
    return _hash("order", lesson.given, lesson.learned, str(seed))


def _share(lesson: Lesson, seed: int) -> float:
    return int.from_bytes(_hash("split", lesson.key, str(seed))) / 2**128


def _hash(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()


def pictures_of(lessons: Sequence[Lesson]) -> Iterable[str]:
    """Return the text pictures that lessons hold."""
    return (lesson.picture for lesson in lessons if lesson.picture)
