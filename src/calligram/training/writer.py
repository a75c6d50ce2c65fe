"""Teaches a writer: one's own texts to the shipped one, or a new one from nothing.

From nothing it learns from larger teachers, which are trained first and not kept. The folder holds the
writer, a log, a checkpoint while the training lasts, and a record of what it followed from.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from calligram.errors import OptionError, SourceError
from calligram.nano.copying import KnownTexts, note_texts
from calligram.nano.fields import Fields, spell_fields
from calligram.nano.network import Shape, llama_config
from calligram.nano.subwords import Subwords
from calligram.nano.writer_export import export_writer
from calligram.nano.writer_folder import SHIPPED_WRITER, SUBWORDS, WriterFolder, open_writer
from calligram.training.prose_fields import Part, Work, part_of, works_of
from calligram.training.prose_records import read_prose
from calligram.training.text_record import LOG, RunFolder
from calligram.training.writer_network import WriterNetwork, export_state, load_weights
from calligram.training.writer_options import WriterTraining
from calligram.training.writer_run import (
    Course,
    Taught,
    ask_teachers,
    bits,
    taught_batches,
    taught_loss,
    text_batches,
    text_loss,
    train,
)
from calligram.training.writer_tokens import SHORT, Cut, Rows, cut_works, make_vocabulary, pack, parts_of

Tell = Callable[[str, int, int], None]
"""Told what is trained, steps done and steps in all."""

HEAD_WIDTH = 64
POSITIONS = 512
TEACHER = Shape(768, 12, 12, 2048, POSITIONS)
TEACHER_RATE, TEACHER_DECAY = 0.004, 0.5
TEACHER_DROPOUT = (0.1, 0.2)
"""Of one teacher after another, so that they differ."""
PACKS = 4
"""So many ways of packing the texts are shown to teachers and pupil; without teachers each epoch is new."""
RATES = {"from weights": 5e-4, "anew": 5e-3}
CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True)
class WriterTaught:
    """What a finished training tells.

    Args:
        folder: where the writer is.
        works: how many were learnt from.
        size_bytes: of their texts.
        before: bits a byte on the works kept for validation, before the training; None without such.
        after: the same behind it.
    """

    folder: str
    works: int
    size_bytes: int
    before: float | None
    after: float | None

    def lines(self) -> list[str]:
        """Return what a person is told at the end."""
        told = [
            f"The writer is in {self.folder}: calligram describe 'Here' --model builtin:{self.folder}",
            f"  learnt from {self.works} works, {self.size_bytes / 1e6:.2f} MB",
        ]
        if self.after is not None:
            before = f"{self.before:.3f} before, " if self.before is not None else ""
            told.append(f"  works kept for validation: {before}{self.after:.3f} bits a byte now")
        return told


def teach_writer(
    texts: str | Path,
    options: WriterTraining,
    folder: Path,
    tell: Tell = lambda what, done, total: None,
    say: Callable[[str], None] = lambda line: None,
) -> WriterTaught:
    """Teach a writer and return what came of it; an interrupted training goes on where it was.

    Args:
        texts: a folder of text files, CSV or JSONL, or one such file; see :func:`read_prose`.
        options: how it is taught.
        folder: where the writer goes.
        tell: told of progress.
        say: told what a person should know, one sentence each.

    Raises:
        SourceError: there are no texts, or too few.
        OptionError: two options do not go together.
        ModelError: the writer to start from is missing or damaged.
        TrainingError: the loss became no number, or the folder holds another training.
        OutputError: the folder cannot be written.
    """
    lesson = _Lesson.read(texts, options)
    run, asked = RunFolder(folder), {"options": asdict(options), "texts": lesson.digest}
    earlier = run.check(asked)
    if earlier and earlier["finished"]:
        return WriterTaught(**earlier["finished"])
    say(lesson.told())
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    start = _start(options)
    record = run.begin(asked, {"device": device.type})
    vocabulary = start.vocabulary if start else _vocabulary(lesson.train, options, folder)
    cuts = cut_works(lesson.train, vocabulary)
    tests = _tests(lesson.valid, vocabulary)
    torch.manual_seed(options.seed)
    network = _network(start, options, vocabulary).to(device)
    before = _bits_a_byte(network, tests) if start else None
    taught = _ask(cuts, vocabulary, options, device, tell)
    _train(network, cuts, vocabulary, taught, lesson, options, folder, tell)
    after = _bits_a_byte(network, tests)
    known = note_texts(work.text for work in lesson.all if work.fields.kind not in SHORT)
    _write(network, vocabulary, start, known, folder)
    size = sum(cut.size_bytes for cut in cuts)
    done = WriterTaught(str(folder), len({work.key for work in lesson.train}), size, before, after)
    run.write(record | {"finished": asdict(done), "ended": time.time()})
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return done


@dataclass(frozen=True)
class _Lesson:
    """The works of some texts, by what they are for."""

    train: list[Work]
    valid: list[Work]
    all: list[Work]
    digest: str

    @classmethod
    def read(cls, texts: str | Path, options: WriterTraining) -> "_Lesson":
        works = works_of(read_prose(texts), options.filtered)
        if not works:
            raise SourceError(
                f"nothing of the texts at {texts} may be learnt from: give longer ones, or --no-filtered"
            )
        digest = hashlib.blake2b(digest_size=16)
        for work in works:
            digest.update(f"{work.key}\0{work.fields}\0{work.text}\0".encode())
        parts: dict[Part, list[Work]] = {"train": [], "validation": [], "test": []}
        for work in works:
            parts[_part(work.key, options)].append(work)
        if not parts["train"]:
            parts["train"], parts["validation"] = works, []
        return cls(parts["train"], parts["validation"], works, digest.hexdigest())

    def told(self) -> str:
        size = sum(len(work.text.encode()) for work in self.train) / 1e6
        tests = len(self.all) - len(self.train) - len(self.valid)
        told = f"{len(self.train)} texts to learn, {size:.2f} MB, and {len(self.valid)} for validation"
        return f"{told}; {tests} kept for tests are not learnt" if tests else told


def _part(key: str, options: WriterTraining) -> Part:
    """Return what a work is for: begun anew as :func:`part_of` says, else by a share."""
    if options.start == "none":
        return part_of(key) if options.valid_share else "train"
    place = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest()) / 2**32
    return "validation" if place < options.valid_share else "train"


def _start(options: WriterTraining) -> WriterFolder | None:
    if options.start == "none":
        return None
    if options.teachers:
        raise OptionError(
            f"teachers is {options.teachers}, but training starts from {options.start!r}: give --start none, "
            "or no teachers"
        )
    return open_writer(SHIPPED_WRITER if options.start == "builtin" else options.start)


def _vocabulary(works: Sequence[Work], options: WriterTraining, folder: Path) -> Subwords:
    """Return the folder's vocabulary, made of the prose and a fifth as many titles and tags."""
    path = folder / SUBWORDS
    if path.exists():
        return Subwords(path)
    prose = [work.text for work in works if work.fields.kind not in SHORT]
    short = [work.text for work in works if work.fields.kind in SHORT]
    every = max(1, 5 * len(short) // len(prose)) if prose else 1
    return make_vocabulary([*prose, *short[::every]], options.vocabulary, path)


def _network(start: WriterFolder | None, options: WriterTraining, vocabulary: Subwords) -> WriterNetwork:
    if start:
        network = WriterNetwork(Shape(**start.config["calligram"]), len(vocabulary), options.dropout)
        load_weights(network, start.weights)
        return network
    if options.width % HEAD_WIDTH:
        raise OptionError(f"width is {options.width}, but must be a multiple of {HEAD_WIDTH}")
    hidden = -(-options.width * 8 // 3 // 128) * 128
    shape = Shape(options.width, options.layers, options.width // HEAD_WIDTH, hidden, POSITIONS)
    return WriterNetwork(shape, len(vocabulary), options.dropout)


def _ask(
    cuts: Sequence[Cut], vocabulary: Subwords, options: WriterTraining, device: torch.device, tell: Tell
) -> list[Taught]:
    """Return what teachers, trained here, say of the texts; nothing without teachers."""
    teachers = []
    for number in range(options.teachers):
        torch.manual_seed(100 + number)
        teacher = WriterNetwork(TEACHER, len(vocabulary), TEACHER_DROPOUT[number % 2]).to(device)
        course = Course(TEACHER_RATE, TEACHER_DECAY, options.teacher_steps)
        packs = _packs(cuts, vocabulary, number)
        name = f"teacher {number + 1} of {options.teachers}"
        train(
            teacher,
            partial(text_batches, packs, options.rows, device, number),
            text_loss,
            course,
            partial(_tell_step, tell, name, options.teacher_steps),
        )
        teachers.append(teacher)
    if not teachers:
        return []
    return [ask_teachers(teachers, pack(cuts, vocabulary, POSITIONS, number)) for number in range(PACKS)]


def _tell_step(tell: Tell, name: str, steps: int, done: int, loss: float) -> None:
    tell(name, done, steps)


def _packs(cuts: Sequence[Cut], vocabulary: Subwords, first: int) -> Callable[[int], Rows]:
    return lambda epoch: pack(cuts, vocabulary, POSITIONS, first + epoch)


def _train(
    network: WriterNetwork,
    cuts: Sequence[Cut],
    vocabulary: Subwords,
    taught: Sequence[Taught],
    lesson: _Lesson,
    options: WriterTraining,
    folder: Path,
    tell: Tell,
) -> None:
    device = next(network.parameters()).device
    rows = len(pack(cuts, vocabulary, POSITIONS, 0).ids)
    steps = options.steps or max(1, round(options.epochs * rows / options.rows))
    rate = options.rate or RATES["anew" if options.start == "none" else "from weights"]
    asked = json.dumps({**asdict(options), "save_every_s": 0, "texts": lesson.digest}, sort_keys=True)
    course = Course(rate, options.weight_decay, steps, folder / CHECKPOINT, options.save_every_s, asked)

    def told(done: int, loss: float) -> None:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"step": done, "loss": round(loss, 5)}) + "\n")
        tell("teaching", done, steps)

    if taught:
        batches = partial(taught_batches, taught, options.rows, device, options.seed)
        train(network, batches, taught_loss, course, told)
        return
    packs = _packs(cuts, vocabulary, 0)
    train(network, partial(text_batches, packs, options.rows, device, options.seed), text_loss, course, told)


Tests = tuple[list[tuple["np.ndarray", int]], int]


def _tests(works: Sequence[Work], vocabulary: Subwords) -> Tests:
    """Return the prose of works as texts that fit, each behind its kind alone, and its bytes."""
    cuts = cut_works([work for work in works if work.fields.kind not in SHORT], vocabulary)
    before = {cut.fields.kind: vocabulary.encode(spell_fields(Fields(cut.fields.kind))) for cut in cuts}
    parts = [part for cut in cuts for part in parts_of(cut, before[cut.fields.kind], POSITIONS)]
    return parts, sum(cut.size_bytes for cut in cuts)


def _bits_a_byte(network: WriterNetwork, tests: Tests) -> float | None:
    parts, size = tests
    network.eval()
    return bits([network], parts) / size if size else None


def _write(
    network: WriterNetwork, vocabulary: Subwords, start: WriterFolder | None, known: KnownTexts, folder: Path
) -> None:
    source = start.path if start else folder
    config = llama_config(network.shape, len(vocabulary), vocabulary.end, vocabulary.end)
    if start and start.known:
        known = start.known + known
    export_writer(folder, export_state(network), config, (source / SUBWORDS).read_bytes(), known)
