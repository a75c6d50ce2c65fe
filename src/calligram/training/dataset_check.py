"""Checks training files: faults by line and field, balance, duplicates, leakage, tokens per picture."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any, BinaryIO

from calligram.errors import FormatError, PictureError
from calligram.formats.base import TRAILING_COMMA, Example, Format, Record, get_format
from calligram.picture import get_layout
from calligram.training.dataset_files import DatasetFile
from calligram.training.dataset_options import CheckOptions
from calligram.training.dataset_pictures import PictureChecker
from calligram.training.dataset_tokens import Count, open_counter
from calligram.training.storage import Storage

KEPT_FAULTS = 100
TOKEN_SAMPLE = 1000
PART = 1000
_COUNTED = ("tasks", "labels", "requests", "shapes")


@dataclass
class FileReport:
    """What was found in one file.

    Args:
        file: its name.
        format: its format's name.
        records: entries, sound or not.
        faults: how many there are.
        told: the first hundred faults, each a sentence with line and field.
        mends: the first hundred mends.
        tasks: examples of reading and of drawing.
        labels: how often each answer is given to a question, most often first.
        requests: how often each request to draw comes, most often first.
        shapes: how often each shape comes, as ``"20x11"``.
        duplicates: pictures that came before, for the same task with the same words.
        contradictions: pictures that came before with another answer.
        round_trip: whether writing what was read gives the same bytes; None where there are
            faults, and for Parquet, whose writers differ.
        characters: mean per picture.
        tokens: mean, least and most per picture, the tokenizer's name, and how many pictures were counted.
    """

    file: str
    format: str
    records: int = 0
    faults: int = 0
    told: list[str] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)
    tasks: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    contradictions: int = 0
    round_trip: bool | None = None
    characters: float = 0.0
    tokens: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the report as what JSON can hold."""
        counts = {name: dict(getattr(self, name).most_common()) for name in _COUNTED}
        return vars(self) | counts


@dataclass(frozen=True)
class Leak:
    """Pictures that two splits share, and which share of the smaller one that is."""

    one: str
    other: str
    pictures: int
    share: float


@dataclass(frozen=True)
class Report:
    """What was found in all files together."""

    files: tuple[FileReport, ...]
    leaks: tuple[Leak, ...]

    @property
    def faults(self) -> int:
        """How many faults there are in all files."""
        return sum(report.faults for report in self.files)


def check_files(
    files: Sequence[DatasetFile],
    options: CheckOptions | None = None,
    output: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Return what is in training files, and what is wrong with them.

    Files are read in bounded memory, but for sixteen bytes or so for each different picture.

    Args:
        files: what to check; files of different splits are searched for pictures they share.
        options: how; None takes the defaults.
        output: where the one file, mended, is written; None writes nothing.
        progress: called with the number of records read.

    Raises:
        FormatError: an output is wanted, but the file has faults or there are several files.
        OutputError: the output cannot be written; nothing of it stays.
    """
    options = options or CheckOptions()
    counter = open_counter(options.tokenizer)
    reports, seen = [], []
    for file in files:
        checker = _FileChecker(file, options, counter, progress)
        reports.append(checker.run())
        seen.append(checker.pictures)
    if output:
        _write_mended(files, reports, options, output)
    return Report(tuple(reports), tuple(_leaks(files, seen)))


class _FileChecker:
    """Reads one file once and gathers its report."""

    def __init__(
        self,
        file: DatasetFile,
        options: CheckOptions,
        counter: tuple[str, Count] | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.report = FileReport(file.name, options.format or file.format)
        self.pictures: set[int] = set()
        self._answers: dict[int, str] = {}
        self._seen: set[int] = set()
        self._file, self._options, self._counter = file, options, counter
        self._progress = progress
        self._characters, self._counts = 0, [0] * 0

    def run(self) -> FileReport:
        report = self.report
        for told in self._file.faults:
            self._fault(told)
        for record in read_checked(self._file, self._options):
            self._take(record)
        pictures = sum(report.tasks.values())
        report.characters = round(self._characters / pictures, 1) if pictures else 0.0
        if self._counter and self._counts:
            report.tokens = _figures(self._counter[0], self._counts)
        if not report.records and not report.faults:
            self._fault("has no records: at least one is expected")
        if not report.faults and report.format != "parquet":
            report.round_trip = comes_back(self._file, self._options, report)
        return report

    def _take(self, record: Record) -> None:
        report = self.report
        report.mends += record.mends[: KEPT_FAULTS - len(report.mends)]
        for problem in record.faults:
            self._fault(str(problem))
        if record.example is None and not record.faults:
            return
        report.records += 1
        if self._progress and report.records % PART == 0:
            self._progress(report.records)
        if record.example:
            self._count(record.example)

    def _fault(self, told: str) -> None:
        self.report.faults += 1
        if len(self.report.told) < KEPT_FAULTS:
            self.report.told.append(told)

    def _count(self, example: Example) -> None:
        report = self.report
        report.tasks[example.task] += 1
        if example.task == "read":
            report.labels[example.answer] += 1
        else:
            report.requests[example.request] += 1
        rows = example.picture.count("\n") - example.picture.startswith("<picture:")
        report.shapes[f"{example.columns}x{rows}"] += 1
        self._characters += len(example.picture)
        if self._counter and len(self._counts) < TOKEN_SAMPLE:
            self._counts.append(self._counter[1](example.picture))
        self._remember(example)

    def _remember(self, example: Example) -> None:
        """Count an example that came before, or a picture that came before with another answer."""
        picture = _short_sum(example.picture)
        whole = _short_sum(f"{example.task}\0{example.request}\0{example.answer}\0{example.picture}")
        self.report.duplicates += whole in self._seen
        self._seen.add(whole)
        self.pictures.add(picture)
        if example.task == "read":
            question = _short_sum(f"{example.request}\0{example.picture}")
            self.report.contradictions += self._answers.setdefault(question, example.answer) != example.answer


def read_checked(file: DatasetFile, options: CheckOptions) -> Iterator[Record]:
    """Yield the records of a file, their pictures checked, and mended under ``repair``.

    An example's ``columns`` are those of its picture.
    """
    checker = PictureChecker(get_layout(options.layout) if options.layout else None, options.repair)
    with file.open() as stream:
        for record in _format(file, options).read(stream, options.repair):
            yield _with_picture(record, checker, options.repair) if record.example else record


def _with_picture(record: Record, checker: PictureChecker, repair: bool) -> Record:
    example = record.example
    assert example is not None
    place = f"line {record.line}"
    try:
        text, (_, columns), mends = checker.check(example.picture)
    except PictureError as problem:
        told = f"{place}, field picture: {problem}"
        return replace(
            record, example=None, faults=(*record.faults, FormatError(told, record.line, "picture"))
        )
    mended = [*record.mends, *(f"{place}, field picture: {mend}" for mend in mends)]
    faults = list(record.faults)
    if example.columns not in (0, columns):
        told = f"{place}, field size: says {example.columns} columns, but the picture has {columns}"
        if repair:
            mended.append(f"{told}: changed to {columns}")
        else:
            faults.append(FormatError(f"{told}: correct it, or mend it with --repair", record.line, "size"))
    sound = replace(example, picture=text, columns=columns)
    return Record(record.line, sound, tuple(faults), tuple(mended))


def comes_back(file: DatasetFile, options: CheckOptions, report: FileReport) -> bool:
    """Return whether what was read, written again in the way it was found, gives the same bytes."""
    with file.open() as stream:
        compared = _Comparing(stream)
        _rewrite(file, options, compared, _had_comma(report))
        return compared.same and not stream.read(1)


class _Comparing:
    """A stream to write to that compares what comes with what is in another."""

    def __init__(self, found: BinaryIO) -> None:
        self._found, self.same = found, True

    def write(self, data: bytes) -> int:
        self.same = self.same and self._found.read(len(data)) == data
        return len(data)


def _rewrite(file: DatasetFile, options: CheckOptions, stream: Any, trailing_comma: bool) -> None:
    members = _format(file, options)

    def parts() -> Iterator[bytes]:
        waiting: list[Example] = []
        for record in read_checked(file, options):
            if record.example:
                waiting.append(record.example)
            if len(waiting) == PART:
                yield members.write_part(waiting)
                waiting = []
        if waiting:
            yield members.write_part(waiting)

    members.join_parts(parts(), stream, trailing_comma)


def _write_mended(
    files: Sequence[DatasetFile], reports: Sequence[FileReport], options: CheckOptions, output: Path
) -> None:
    if len(files) != 1:
        raise FormatError(f"{len(files)} files were given with one output: mend them one by one")
    if reports[0].faults:
        raise FormatError(f"{files[0].name} cannot be written mended: {reports[0].told[0]}")
    with Storage(str(output.parent)).writing(output.name) as stream:
        _rewrite(files[0], options, stream, options.as_found and _had_comma(reports[0]))


def _had_comma(report: FileReport) -> bool:
    return any(mend.endswith(TRAILING_COMMA) for mend in report.mends)


def _leaks(files: Sequence[DatasetFile], seen: Sequence[set[int]]) -> Iterator[Leak]:
    """Yield what each pair of splits shares; files of one split are taken together."""
    splits: dict[str, set[int]] = {}
    for file, pictures in zip(files, seen, strict=True):
        splits[file.split] = splits.get(file.split, set()) | pictures
    for one, other in combinations(splits, 2):
        if shared := len(splits[one] & splits[other]):
            smaller = min(len(splits[one]), len(splits[other]))
            yield Leak(one, other, shared, round(shared / smaller, 6))


def _figures(name: str, counts: Sequence[int]) -> dict[str, Any]:
    mean = round(sum(counts) / len(counts), 1)
    return {
        "tokenizer": name,
        "mean": mean,
        "least": min(counts),
        "most": max(counts),
        "counted": len(counts),
    }


def _format(file: DatasetFile, options: CheckOptions) -> Format:
    return get_format(options.format or file.format)


def _short_sum(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
