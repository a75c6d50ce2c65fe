"""How well the built-in painter paints what words ask for, as a judge tells that never saw it.

``python -m benchmarks.painting DATA`` measures on ``DATA`` (digits, garments, emoji and icons as
``calligram.training.painter_pictures`` reads them) and writes ``docs/results/painting.json``; add
``--split valid`` while anything is still being chosen, for the test split is for the report alone. The judge
learns from real pictures first, which takes about twenty minutes of one core, and is kept in the cache.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from calligram import training
from calligram.metrics.base import wilson_interval
from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import ICONS, KINDS
from calligram.painters.adversarial.network import PAPER, SHIPPED
from calligram.painters.base import Order, Painted, Painter, open_painter
from calligram.settings import cache_folder
from calligram.training.painter_inking import Inker
from calligram.training.painter_judge import REPORTING, Judge, accuracy, judged, train_judge
from calligram.training.painter_pictures import Places, Stock, read_stock
from calligram.whole_files import make_folder, write_whole, writing_whole

RESULTS = Path(__file__).parent.parent / "docs" / "results" / "painting.json"
WORDINGS = Path(__file__).parent / "painting_wordings.toml"
TAUGHT = Path(training.__file__).parent
PER_KIND = 20
SEED = 20_000
Floats = NDArray[np.float64]


def plain_words(kind: str) -> str:
    """Return how a kind is asked for.

    >>> plain_words("axe"), plain_words("seven"), plain_words("trousers")
    ('an axe', 'the digit seven', 'trousers')
    """
    if KINDS.index(kind) < 10:
        return f"the digit {kind}"
    if kind in {"trousers", "lightning", "fire", "dice"}:
        return kind
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def places_of(data: Path) -> Places:
    """Return where the pictures of a data folder lie."""
    art = data / "art"
    return Places(
        data / "mnist", data / "fashion-mnist", art / "noto-emoji-72.zip", art / "game-icons-svg.jsonl.gz"
    )


def reporting_judge(stock: Stock) -> Judge:
    """Return the judge, which learned from this training stock, from the cache where it is kept."""
    kept = make_folder(cache_folder() / "painting") / f"judge-{hash_of(stock)}.pt"
    judge = Judge(REPORTING)
    if kept.exists():
        judge.load_state_dict(torch.load(kept, weights_only=True))
        return judge.eval()
    judge = train_judge(stock, REPORTING, lambda told: print(told, file=sys.stderr, flush=True))
    with writing_whole(kept) as stream:
        torch.save(judge.state_dict(), stream)
    return judge


def hash_of(stock: Stock) -> str:
    """Return a checksum that changes with the judge's settings and the names of what it learns from."""
    told = f"{REPORTING} {len(stock)} {stock.names}".encode()
    return hashlib.sha256(told).hexdigest()[:16]


def as_tensor(images: Sequence[Image.Image]) -> torch.Tensor:
    """Return images as a judge takes them, ``(N, 3, 64, 64)`` of -1 to 1."""
    small = [np.asarray(image.convert("RGB").resize((64, 64), Image.Resampling.BOX)) for image in images]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float() / 127.5 - 1


def recognised(judge: Judge, images: Sequence[Image.Image], asked: Sequence[int]) -> NDArray[np.bool_]:
    """Return for each image whether the judge tells the kind that was asked for."""
    told: NDArray[np.bool_] = judged(judge, as_tensor(images)).argmax(1) == np.array(asked)
    return told


def ink_of(images: torch.Tensor) -> Floats:
    """Return each image's shape without colour, ``(N, 32 * 32)``: distance from the paper, the farthest 1."""
    paper = torch.tensor(PAPER)[:, None, None] / 127.5 - 1
    apart = (images - paper).abs().amax(1, keepdim=True)
    small = torch.nn.functional.avg_pool2d(apart, 2).flatten(1)
    inks: Floats = (small / small.amax(1, keepdim=True).clamp_min(1e-6)).double().numpy()
    return inks


def nearest(inks: Floats, others: Floats) -> Floats:
    """Return the root mean square difference of each ink from the nearest of the others."""
    squares = (inks**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * inks @ others.T
    return np.sqrt(np.maximum(squares.min(1), 0) / inks.shape[1])


def spread(inks: Floats) -> float:
    """Return the mean root mean square difference of two of the inks."""
    squares = (inks**2).sum(1)[:, None] + (inks**2).sum(1)[None] - 2 * inks @ inks.T
    apart = np.sqrt(np.maximum(squares, 0) / inks.shape[1])
    return float(apart[np.triu_indices(len(inks), 1)].mean())


def share(right: NDArray[np.bool_]) -> dict[str, float | int]:
    """Return a share with its interval."""
    low, high = wilson_interval(int(right.sum()), len(right))
    return {"share": float(right.mean()), "low": low, "high": high, "of": len(right)}


def paint_all(painter: Painter) -> tuple[list[Painted], list[int]]:
    """Return so many paintings of each kind, and the kind of each."""
    painted: list[Painted] = []
    for number, kind in enumerate(KINDS):
        painted += painter.paint(Order(plain_words(kind), seed=SEED + number * PER_KIND), PER_KIND)
    return painted, [number for number in range(len(KINDS)) for _ in range(PER_KIND)]


def variety(painted: torch.Tensor, asked: NDArray[np.int64], real: Stock, learnt: Stock) -> dict[str, Any]:
    """Return how unlike each other and how unlike what was learnt painted and real pictures are.

    Both are compared with the same training pictures of their kind, unturned and mirrored; the real ones are
    of the split that was not learnt from.
    """
    figures: dict[str, list[float]] = {name: [] for name in ("apart", "real apart", "near", "real near")}
    inker, teacher = Inker(real, 11, worn=0.0), Inker(learnt, 11, worn=0.0)
    for kind in range(len(KINDS)):
        if len(inker.of_kind[kind]) < 2:
            continue
        inks = ink_of(painted[asked == kind])
        others = ink_of(inker.images(inker.of_kind[kind][:PER_KIND]).images)
        taught = teacher.images(teacher.of_kind[kind]).images
        taught_inks = np.concatenate([ink_of(taught), ink_of(taught.flip(3))])
        figures["apart"].append(spread(inks))
        figures["real apart"].append(spread(others))
        figures["near"].append(float(np.median(nearest(inks, taught_inks))))
        figures["real near"].append(float(np.median(nearest(others, taught_inks))))
    return {name: float(np.mean(values)) for name, values in figures.items()} | {
        "kinds": len(figures["near"])
    }


def unseen_wordings(painter: Painter, judge: Judge) -> dict[str, Any]:
    """Return how the wordings that were never taught fare: each painted four times, or refused."""
    from calligram.errors import RequestError

    rows = tomllib.loads(WORDINGS.read_text(encoding="utf-8"))["wording"]
    tries, told = [], []
    for row in rows:
        try:
            images = [made.image for made in painter.paint(Order(row["words"], seed=SEED), 4)]
        except RequestError:
            told.append({**row, "share": None})
            continue
        if row["known"]:
            right = recognised(judge, images, [KINDS.index(row["kind"])] * 4)
            told.append({**row, "share": float(right.mean())})
            tries.append(right)
        else:
            told.append({**row, "share": 0.0})
    taught = taught_words()
    known = [row for row in told if row["known"]]
    for row in known:
        row["taught"] = without_frame(row["words"]) in taught
    strangers = [row["share"] or 0.0 for row in known if not row["taught"]]
    strange = [row for row in told if not row["known"]]
    every = np.concatenate([*tries, np.zeros(4 * sum(row["share"] is None for row in known), bool)])
    return {
        "recognised": share(every),
        "painted as asked, three of four": share(np.array([(row["share"] or 0) >= 0.75 for row in known])),
        "not in its lists": {"share": float(np.mean(strangers)), "of": len(strangers)},
        "refused, though of a kind": sum(row["share"] is None for row in known),
        "strange words refused": share(np.array([row["share"] is None for row in strange])),
        "words": told,
    }


def taught_words() -> set[str]:
    """Return every wording that the adapter learnt from or was chosen by, without its frame."""
    lists = tomllib.loads((TAUGHT / "painter_wordings.toml").read_text(encoding="utf-8"))["kinds"]
    wordnet = tomllib.loads((TAUGHT / "painter_wordnet.toml").read_text(encoding="utf-8"))
    found = [each[part] for each in lists.values() for part in ("learn", "check")]
    found += [each[part] for each in wordnet.values() for part in ("words", "meanings")]
    return {without_frame(words) for part in found for words in part}


def seconds_of_command() -> float:
    """Return how long one painting takes as a command, start and all: the best of three."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(Path(sys.executable).with_name("calligram")),
            "paint",
            "a red fish",
            "-o",
            f"{folder}/fish.png",
            "-q",
        ]
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            took.append(time.perf_counter() - begun)
    return min(took)


def measure(data: Path, split: str, spelling: str, quick: bool = False) -> dict[str, Any]:
    """Return all figures."""
    learnt, real = read_stock(places_of(data), "train"), read_stock(places_of(data), split)  # type: ignore[arg-type]
    judge, painter = reporting_judge(learnt), open_painter(spelling)
    on_real = accuracy(judge, real)
    painted, asked = paint_all(painter)
    images = [made.image for made in painted]
    right = recognised(judge, images, asked)
    of_kind = right.reshape(len(KINDS), PER_KIND).mean(1)
    icons = np.array(asked) >= len(KINDS) - len(ICONS)
    found: dict[str, Any] = {
        "split": split,
        "painted": share(right),
        "painted icons": share(right[icons]),
        "judge on real": float(np.nanmean(on_real)),
        "judge on real icons": float(np.nanmean(on_real[-len(ICONS) :])),
        "kinds": {
            kind: {"painted": float(of_kind[n]), "real": None if np.isnan(on_real[n]) else float(on_real[n])}
            for n, kind in enumerate(KINDS)
        },
        "variety": variety(as_tensor(images), np.array(asked), real, learnt),
    }
    if not quick:
        found["unseen wordings"] = unseen_wordings(painter, judge)
        found["seconds"] = seconds_of_command()
        found["megabytes"] = sum(path.stat().st_size for path in SHIPPED.glob("*.onnx")) / 1e6
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure, print the main figures and keep all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.painting", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", choices=("valid", "test"), default="test")
    parser.add_argument("--painter", default="adversarial")
    parser.add_argument("--quick", action="store_true", help="no wordings and no times")
    given = parser.parse_args(arguments)
    found = measure(given.data, given.split, given.painter, given.quick)
    print(json.dumps({name: value for name, value in found.items() if name != "kinds"}, indent=1))
    if given.split == "test":
        write_whole(RESULTS, (json.dumps(found, indent=1) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1:])
