"""How the records of a catalogue come about: images measured in processes, models asked in threads."""

import multiprocessing
import os
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from calligram.art.catalogue_journal import CatalogueJournal, journal_in
from calligram.art.catalogue_options import CatalogueOptions
from calligram.art.facts_options import FactsOptions
from calligram.art.record_given import GivenRecords
from calligram.art.record_proposals import Proposal, propose
from calligram.art.record_settling import settle_record
from calligram.art.record_survey import Job, Survey, survey_image
from calligram.art.vocabulary import Vocabulary
from calligram.errors import ModelError
from calligram.models.base import Model, Talking
from calligram.picture.files import find_all_images
from calligram.picture.saving import Finish, Origin, as_it_is
from calligram.whole_files import make_folder, write_whole

MANY = 12
"""From so many images on, starting processes takes less time than they save."""
THUMBNAILS = "thumbnails"
LONGEST_ID = 60

Told = Callable[[int, int], None]
Places = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass
class Making:
    """A catalogue while it is made.

    Args:
        journal: of its records.
        models: that propose.
        vocabulary: terms by which words are known.
        records: of the owner.
        options: how it is made.
        asked: what every record follows from besides its image and what is given.
        finish: labels thumbnails.
        faults: images and models that failed, each with a sentence.
        made: records made now.
        kept: images whose record still holds.
        remade: records made now in the place of others that no longer held.
    """

    journal: CatalogueJournal
    models: Sequence[Model]
    vocabulary: Vocabulary
    records: GivenRecords
    options: CatalogueOptions
    asked: str
    finish: Finish = as_it_is
    faults: list[tuple[str, str]] = field(default_factory=list)
    made: int = 0
    kept: int = 0
    remade: int = 0

    def run(self, images: Places, tell: Told) -> None:
        """Make the records of images; each is in the journal as soon as it stands.

        Raises:
            OutputError: the folder cannot be written.
        """
        jobs = self._jobs(images)
        make_folder(self.journal.folder / THUMBNAILS)
        with ThreadPoolExecutor(self.options.at_once) as threads:
            waiting: deque[tuple[Survey, Future[list[Proposal | ModelError]]]] = deque()
            try:
                for survey in self._surveys(jobs):
                    waiting.append((survey, threads.submit(self._ask, survey)))
                    while len(waiting) > 2 * self.options.at_once:
                        self._finish(*waiting.popleft())
                        tell(len(jobs) - len(waiting), len(jobs))
                for done, each in enumerate(waiting, len(jobs) - len(waiting) + 1):
                    self._finish(*each)
                    tell(done, len(jobs))
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def file_of(self, image: str) -> str:
        """Return an image's path from the catalogue's folder, with ``/``."""
        return Path(os.path.relpath(image, self.journal.folder)).as_posix()

    def _jobs(self, images: Places) -> list[Job]:
        measured = FactsOptions(
            **{name: getattr(self.options, name) for name in FactsOptions.__dataclass_fields__}
        )
        eyes = any(isinstance(model, Talking) for model in self.models)
        jobs: dict[str, Job] = {}
        for path, fault in find_all_images(images):
            if fault is not None:
                self.faults.append((path, str(fault)))
                continue
            if _is_thumbnail(path):
                continue
            file = self.file_of(path)
            known = self.journal.follows.get(file, "")
            png = eyes and self.options.send_images
            jobs.setdefault(file, Job(path, measured, self.records.of(path), self.asked, known, eyes, png))
        return list(jobs.values())

    def _surveys(self, jobs: Sequence[Job]) -> Iterator[Survey]:
        processes = self.options.processes or os.cpu_count() or 1
        if len(jobs) < MANY or processes == 1:
            yield from map(survey_image, jobs)
            return
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        pool = ProcessPoolExecutor(processes, multiprocessing.get_context(method))
        try:
            yield from pool.map(survey_image, jobs, chunksize=4)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, survey: Survey) -> list[Proposal | ModelError]:
        if survey.fault or survey.unchanged:
            return []
        found: list[Proposal | ModelError] = []
        for model in self.models:
            try:
                found.append(propose(model, survey, self.options, self.options.send_images))
            except ModelError as fault:
                found.append(fault)
        return found

    def _finish(self, survey: Survey, answers: "Future[list[Proposal | ModelError]]") -> None:
        answered = answers.result()
        if survey.fault:
            self.faults.append((survey.path, survey.fault))
            return
        if survey.unchanged:
            self.kept += 1
            return
        file = self.file_of(survey.path)
        faults = [str(answer) for answer in answered if isinstance(answer, ModelError)]
        proposals = [answer for answer in answered if isinstance(answer, Proposal)]
        before = self.journal.records.get(file)
        id = before.id if before else self._new_id(survey.path)
        record = settle_record(file, id, survey, proposals, self.vocabulary)
        record = replace(record, notes=(*record.notes, *faults))
        thumbnail = self.finish(survey.thumbnail, Origin(survey.path, generated=survey.made_by_model))
        write_whole(self.journal.folder / THUMBNAILS / f"{id}.jpg", thumbnail)
        # a record that lacks a model's word follows from nothing, so that the next run makes it again
        self.journal.note_record(record, "" if faults else survey.follows)
        self.faults += [(survey.path, fault) for fault in faults]
        self.made += 1
        self.remade += before is not None

    def _new_id(self, image: str) -> str:
        """Return a name that no other record has, from the file's name."""
        taken = {record.id for record in self.journal.records.values()}
        plain = unicodedata.normalize("NFKD", Path(image).stem).encode("ascii", "ignore").decode()
        start = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_ID] or "work"
        number, made = 1, start
        while made in taken:
            number += 1
            made = f"{start}-{number}"
        return made


def _is_thumbnail(image: str) -> bool:
    """Return whether an image is a catalogue's own, as where the catalogue lies among the images."""
    folder = Path(image).parent
    return folder.name == THUMBNAILS and journal_in(folder.parent)
