"""Measuring many works: each file once, in several processes where wanted; a bad file stops no other."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeAlias

from calligram.art.novelty import Work, survey
from calligram.errors import InputError, OptionError
from calligram.picture.files import find_all_images

Places: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"
Tell: TypeAlias = Callable[[str, int, int], None]
"""Told of what is done, steps done and steps in all."""

CHUNK = 4
"""So many files are handed to a process at a time."""


class Surveyor:
    """Measures works, also those that are met twice only once.

    Args:
        texts: what records say of each image, by its file name without folder.
        tell: told of the progress.
        workers: how many processes measure.

    Attributes:
        faults: files that could not be measured, each with a sentence.
    """

    def __init__(self, texts: Mapping[str, str], tell: Tell, workers: int = 1) -> None:
        self.texts, self.tell, self.workers = texts, tell, workers
        self.faults: list[tuple[str, str]] = []
        self._known: dict[str, Work | None] = {}

    def works(self, places: Places, what: str) -> list[Work]:
        """Return the works of files and folders, in their order; what fails is noted among the faults.

        Args:
            places: image files, and folders of them.
            what: what is done, for the progress.
        """
        found: dict[str, str] = {}
        for path, fault in find_all_images(places):
            if fault is None:
                found.setdefault(str(Path(path).resolve()), path)
            else:
                self.faults.append((path, str(fault)))
        self._measure([path for place, path in found.items() if place not in self._known], what)
        return [work for place in found if (work := self._known[place]) is not None]

    def _measure(self, paths: Sequence[str], what: str) -> None:
        for number, (path, result) in enumerate(zip(paths, self._survey(paths), strict=True), 1):
            if isinstance(result, str):
                self.faults.append((path, result))
            self._known[str(Path(path).resolve())] = None if isinstance(result, str) else result
            self.tell(what, number, len(paths))

    def _survey(self, paths: Sequence[str]) -> Iterator[Work | str]:
        jobs = [(path, self.texts.get(Path(path).name, "")) for path in paths]
        count = min(self.workers, len(jobs))
        if count <= 1:
            yield from map(_survey_one, jobs)
            return
        # a fork would copy the locks of a program that has threads, and could hang
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        with ProcessPoolExecutor(count, multiprocessing.get_context(method)) as pool:
            try:
                yield from pool.map(_survey_one, jobs, chunksize=CHUNK)
            except BrokenProcessPool as fault:
                raise OptionError(
                    f"workers is {self.workers}, but a process was killed, perhaps for want of memory, or "
                    "a script calls this without if __name__ == '__main__': use fewer, or guard the call"
                ) from fault


def _survey_one(job: tuple[str, str]) -> Work | str:
    """Return a measured work, or what was wrong with its file."""
    path, text = job
    try:
        return survey(path, text)
    except InputError as fault:
        return str(fault)
