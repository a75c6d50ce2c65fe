"""Whether painting, looking and painting again reaches a brief more often than painting once does.

``python -m benchmarks.refining`` goes through the 50 briefs of ``refining_briefs.toml`` and writes
``docs/results/refining.json``, from which ``python -m benchmarks.refining_page docs/refining.md`` writes the
page. Each brief names its painter, and says in so many words what is wished and checked. Compared are:

one shot: the first image of the brief's own words;
rules: the loop, its words chosen by rules;
model: the loop, its words said by ``refining_script.json``, written without sight of any image;
best of n: the brief's own words alone, as many images as the loop may use, the best chosen by the same
evidence, and no more painted once one meets the brief: what looking does without other words;
random of n: one of as many images of the brief's own words as the loop by rules used, taken by lot.

With ``--judge DATA`` a judge that learnt from the real pictures in DATA, and had no part in choosing, says of
each image that met its brief whether it shows the subject too.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.machine import describe_machine
from calligram.art.painting import PaintOptions
from calligram.art.refining import Hands, Refined, RefineOptions, refine
from calligram.art.refining_brief import Brief
from calligram.art.refining_looks import BuiltinReader, EyeReader, Reader, look_at
from calligram.art.refining_rounds import Shot, best_of
from calligram.art.refining_wishes import Wish
from calligram.errors import ContentRefusedError, RequestError
from calligram.metrics.base import Paired, wilson_interval
from calligram.metrics.mcnemar import measure as mcnemar
from calligram.models.base import Talking, open_model
from calligram.painters.adversarial.kinds import KINDS
from calligram.painters.adversarial.network import open_network
from calligram.painters.base import Order, Painter, open_painter
from calligram.whole_files import write_whole

HERE = Path(__file__).parent
BRIEFS, SCRIPT = HERE / "refining_briefs.toml", HERE / "refining_script.json"
RESULTS = HERE.parent / "docs" / "results" / "refining.json"
ROUNDS, IMAGES = 4, 4
"""Rounds at most, and images in each."""
SEED = 1000
"""Brief number k is painted from seeds that begin at this times k."""
WAYS = ("one shot", "random of n", "best of n", "rules", "model")
NO = "no "

Seen = Callable[[Image.Image, str], bool | None]
"""From an image and a subject to whether another judge sees it, None where it cannot tell."""


@dataclass(frozen=True)
class Task:
    """One brief, and what paints it.

    Args:
        number: from 1.
        painter: its spelling.
        brief: words and wishes.
    """

    number: int
    painter: str
    brief: Brief


@dataclass
class Outcome:
    """What one way of painting came to on one brief.

    Args:
        reached: whether the chosen image meets every wish.
        images: how many were painted.
        met: share of the wishes that the chosen image meets.
        seen: whether another judge sees the subject in the chosen image; None where it was not asked.
    """

    reached: bool
    images: int
    met: float
    seen: bool | None = None


@dataclass
class Studio:
    """What paints and looks, opened once.

    Args:
        readers: by the painter's name; those of the empty name read what other painters made.
        model: gives the model that says words, from its first answer on.
        seen: the other judge, or None.
        painters: those opened, by spelling.
    """

    readers: Mapping[str, Sequence[Reader]]
    model: Callable[[], Talking]
    seen: Seen | None = None
    painters: dict[str, Painter] = field(default_factory=dict)

    def painter(self, task: Task) -> Painter:
        """Return the painter of a brief."""
        if task.painter not in self.painters:
            self.painters[task.painter] = open_painter(task.painter)
        return self.painters[task.painter]

    def readers_of(self, task: Task) -> Sequence[Reader]:
        """Return what reads the images of a brief, that which fits its painter first."""
        return self.readers.get(task.painter.partition("?")[0], self.readers[""])


def read_tasks(path: Path = BRIEFS) -> list[Task]:
    """Return the briefs; a wish is written as ``colour red`` or ``no colour blue``."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Task(number, entry.get("painter", told["painter"]), _brief(entry))
        for number, entry in enumerate(told["briefs"], 1)
    ]


def _brief(entry: Mapping[str, Any]) -> Brief:
    return Brief(entry["words"], tuple(map(_wish, entry["wishes"])))


def _wish(told: str) -> Wish:
    kind, _, value = told.removeprefix(NO).partition(" ")
    return Wish(kind, value, not told.startswith(NO))  # type: ignore[arg-type]


def measure(tasks: Sequence[Task], studio: Studio) -> dict[str, Any]:
    """Return what each way came to on each brief, and how the ways compare."""
    found: dict[str, list[Outcome]] = {way: [] for way in WAYS}
    seconds = dict.fromkeys(WAYS, 0.0)
    for task in tasks:
        for way, outcome, took in _all_ways(task, studio):
            found[way].append(outcome)
            seconds[way] += took
        print(f"{task.number}/{len(tasks)} {task.brief.words}", file=sys.stderr, flush=True)
    return {
        "briefs": len(tasks),
        "rounds": ROUNDS,
        "images in a round": IMAGES,
        "ways": {way: {**_figures(found[way]), "seconds": round(seconds[way], 1)} for way in WAYS},
        "compared": {
            f"{way} with {other}": _compared(found[other], found[way])
            for way in ("rules", "model")
            for other in ("one shot", "best of n")
        },
        "each": [_told(task, {way: found[way][place] for way in WAYS}) for place, task in enumerate(tasks)],
    }


def _all_ways(task: Task, studio: Studio) -> list[tuple[str, Outcome, float]]:
    """Return way, outcome and seconds, in the order of ``WAYS``."""
    ways: dict[str, tuple[Outcome, float]] = {}
    ways["rules"] = _timed(lambda: _loop(task, studio, None))
    ways["model"] = _timed(lambda: _loop(task, studio, studio.model()))
    ways["one shot"] = _timed(lambda: OwnWords(task, studio).best_until(1))
    own = OwnWords(task, studio)
    ways["best of n"] = _timed(lambda: own.best_until(ROUNDS * IMAGES))
    used = max(1, ways["rules"][0].images)
    ways["random of n"] = _timed(lambda: own.by_lot(used))
    return [(way, *ways[way]) for way in WAYS]


def _timed(work: Callable[[], Outcome]) -> tuple[Outcome, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _loop(task: Task, studio: Studio, model: Talking | None) -> Outcome:
    painter, readers = studio.painter(task), studio.readers_of(task)
    hands = Hands(painter, readers, model, "script" if model else "")
    asked = PaintOptions(number=IMAGES, seed=SEED * task.number)
    options = RefineOptions(rounds=ROUNDS, most_images=ROUNDS * IMAGES)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = refine(task.brief, hands, folder, asked, options)
        except RequestError:
            return Outcome(False, 0, 0.0)
        return _outcome(done.best, done.spent.images, _opened(done), studio, task)


def _opened(done: Refined) -> Image.Image | None:
    if done.best is None:
        return None
    with Image.open(done.folder / done.best.file) as opened:
        return opened.copy()


@dataclass
class OwnWords:
    """The images of one brief's own words, painted and looked at as far as they are asked for.

    Args:
        task: the brief.
        studio: what paints and looks.
    """

    task: Task
    studio: Studio
    shots: list[tuple[Shot, Image.Image] | None] = field(default_factory=list)

    def best_until(self, most: int) -> Outcome:
        """Return the best image; rounds are painted until one meets the brief, or there are so many."""
        for begun in range(0, most, IMAGES):
            self._paint(min(most, begun + IMAGES))
            if any(shot and shot[0].reached for shot in self.shots):
                break
        came = [shot for shot in self.shots if shot is not None]
        best = best_of([shot for shot, _ in came])
        image = next((image for shot, image in came if shot is best), None)
        return _outcome(best, len(came), image, self.studio, self.task)

    def by_lot(self, count: int) -> Outcome:
        """Return one of so many images, taken without looking."""
        self._paint(count)
        chosen = self.shots[random.Random(self.task.number).randrange(count)]
        shot, image = chosen or (None, None)
        return _outcome(shot, count, image, self.studio, self.task)

    def _paint(self, count: int) -> None:
        """Paint until there are so many; one that is refused counts as None."""
        task, studio = self.task, self.studio
        while len(self.shots) < count:
            order = Order(task.brief.words, task.brief.avoid, seed=SEED * task.number + len(self.shots))
            try:
                (painted,) = studio.painter(task).paint(order, 1)
            except (RequestError, ContentRefusedError):
                self.shots.append(None)
                continue
            look = look_at(painted.image, task.brief, studio.readers_of(task))
            self.shots.append((Shot(1, len(self.shots) + 1, "", look.found, painted.seed), painted.image))


def _outcome(shot: Shot | None, count: int, image: Image.Image | None, studio: Studio, task: Task) -> Outcome:
    if shot is None:
        return Outcome(False, count, 0.0)
    met = sum(bool(found.met) for found in shot.found) / len(shot.found)
    outcome = Outcome(shot.reached and not shot.unread, count, met)
    if studio.seen is not None and outcome.reached and image is not None and task.brief.subjects:
        outcome.seen = studio.seen(image, task.brief.subjects[0])
    return outcome


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    reached, n = sum(outcome.reached for outcome in outcomes), len(outcomes)
    told: dict[str, Any] = {
        "reached": reached,
        "share": reached / n,
        "interval": wilson_interval(reached, n),
        "images": float(np.mean([outcome.images for outcome in outcomes])),
        "wishes met": float(np.mean([outcome.met for outcome in outcomes])),
    }
    asked = [outcome.seen for outcome in outcomes if outcome.seen is not None]
    if asked:
        told["judged"] = {"asked": len(asked), "seen": sum(asked)}
    return told


def _compared(then: Sequence[Outcome], now: Sequence[Outcome]) -> dict[str, Any]:
    paired = Paired(
        np.array([outcome.reached for outcome in then]), np.array([outcome.reached for outcome in now])
    )
    return dict(mcnemar(paired))


def _told(task: Task, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    return {
        "words": task.brief.words,
        "painter": task.painter,
        "wishes": [wish.name for wish in task.brief.wishes],
        "reached": {way: outcome.reached for way, outcome in outcomes.items()},
        "images": {way: outcome.images for way, outcome in outcomes.items()},
    }


def open_studio(seen: Seen | None = None) -> Studio:
    """Return the built-in painters, readers and the scripted model."""
    builtin, eye = BuiltinReader(open_model()), EyeReader(open_network())
    return Studio({"": (builtin, eye), "adversarial": (eye, builtin)}, read_script, seen)


def read_script(path: Path = SCRIPT) -> Talking:
    """Return the model that says the words of a script, from its first answer on."""
    script = open_model(f"scripted:{path}")
    assert isinstance(script, Talking)
    return script


def judge_from(data: Path) -> Seen:
    """Return whether the reporting judge, which learnt from real pictures, sees a kind first in an image."""
    import torch

    from benchmarks.painting import places_of, reporting_judge
    from calligram.training.painter_judge import judged
    from calligram.training.painter_pictures import read_stock

    judge = reporting_judge(read_stock(places_of(data), "train"))

    def seen(image: Image.Image, subject: str) -> bool | None:
        if subject not in KINDS:
            return None
        small = image.convert("RGB").resize((64, 64), Image.Resampling.BOX)
        pixels = torch.from_numpy(np.asarray(small, np.float32).copy()).permute(2, 0, 1)[None] / 127.5 - 1
        return KINDS[int(judged(judge, pixels).argmax())] == subject

    return seen


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--judge", type=Path, metavar="DATA", help="let the reporting judge look too")
    parser.add_argument("--briefs", type=Path, default=BRIEFS)
    parser.add_argument("--output", "-o", type=Path, default=RESULTS)
    asked = parser.parse_args()
    began = time.perf_counter()
    found = measure(read_tasks(asked.briefs), open_studio(judge_from(asked.judge) if asked.judge else None))
    told = {**found, "seconds": round(time.perf_counter() - began, 1), "machine": describe_machine()}
    write_whole(asked.output, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())
    for way, figures in told["ways"].items():
        print(
            f"{way:<12} {figures['reached']:>3} of {told['briefs']}, {figures['images']:.1f} images a brief"
        )


if __name__ == "__main__":
    main()
