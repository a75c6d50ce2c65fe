"""Reading and drawing: the built-in model's engine beside ``transformers`` with the same weights.

The peer computes in float32. Ours is raced in float32, which are the very same weights, and in int8, which
are the same weights rounded; each row says which.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.racing import Contender, Figures, Mark, Task, race
from benchmarks.samples import Samples

PEER_ALL = "transformers float32, logits of the whole picture"
PEER_LAST = "transformers float32, logits of the answer alone"
PEER_DRAWING = "transformers float32, generate"
READING = "Calligram {}, with familiarity"
ANSWERING = "Calligram {}, answer alone"
DRAWING = "Calligram {}"
QUESTION = "What digit is this?"
CLASSES = tuple("0123456789")


@dataclass(frozen=True)
class Peer:
    """The same weights in ``transformers``, in evaluation mode, on the processor, in float32."""

    model: Any
    tokenizer: Any


@dataclass(frozen=True)
class Bench:
    """What both sides read and draw.

    Args:
        ours: the opened built-in model by precision, or the reason why it is absent.
        peer: the same weights in transformers, or the reason why it is absent.
        layout: of all pictures.
        levels: the pictures, shape (N, rows, columns).
        tokens: their reading prompts for the peer, shape (N, tokens), or None.
    """

    ours: Mapping[str, Any]
    peer: Peer | str
    layout: Any
    levels: npt.NDArray[np.uint8]
    tokens: Any


def measure_language(
    samples: Samples,
    weights: Path | None,
    layouts: Sequence[str] = ("classic", "fine"),
    pictures: int = 256,
    rounds: int = 5,
) -> Figures:
    """Return the times of reading and drawing, ours and the peer's, with the same weights.

    Args:
        samples: where the pictures come from.
        weights: a folder with the model's weights; None takes the shipped ones.
        layouts: the layouts measured.
        pictures: how many are read.
        rounds: how often each contender runs.

    Raises:
        calligram.errors.ModelError: there are no weights.
    """
    from calligram.nano.folder import SHIPPED

    ours = open_ours(weights)
    peer = open_peer(weights or SHIPPED)
    tasks: list[Task] = []
    marks: list[Mark] = []
    for name in layouts:
        bench = _prepare(ours, peer, samples, name, pictures)
        reading, drawing = _race_reading(bench, rounds), _race_drawing(bench, rounds)
        tasks += [reading, drawing]
        marks += _marks(name, reading, drawing)
    return {
        "title": "Reading and drawing",
        "about": (
            "Wall time in one warm process. The peer gets its token numbers ready made, ours begins with "
            "grids. Both use as many threads as they choose. Drawings are made without "
            "guidance, which calligram draw has and which reads each token twice. float32 are the very same "
            "weights on both sides, int8 the same weights rounded."
        ),
        "ratio_of": "wall_ms",
        "model": ours["float32"].describe(),
        "default": default_precision(weights),
        "agreement": None if isinstance(peer, str) else agreement(bench),
        "tasks": [_figures(task) for task in tasks],
        "marks": [mark.to_figures() for mark in marks],
    }


def open_ours(weights: Path | None) -> dict[str, Any]:
    """Return the built-in model in each precision; int8 is a reason why not where its graph is absent.

    Raises:
        calligram.errors.ModelError: there are no weights.
    """
    from calligram.models.builtin import Builtin
    from calligram.nano.folder import GRAPHS, SHIPPED

    place = str(weights) if weights else ""
    ours: dict[str, Any] = {"float32": Builtin(place, "float32")}
    has_int8 = ((weights or SHIPPED) / GRAPHS["int8"]).is_file()
    ours["int8"] = Builtin(place, "int8") if has_int8 else "the folder has no int8 graph"
    return ours


def default_precision(weights: Path | None) -> str:
    """Return the precision that the model is opened with where none is asked for."""
    from calligram.nano.folder import SHIPPED, open_folder

    return str(open_folder(weights or SHIPPED).calibration.get("precision", "float32"))


def open_peer(folder: Path) -> Peer | str:
    """Return the weights as transformers loads them, or the reason why that is not possible."""
    if find_spec("transformers") is None or find_spec("torch") is None:
        return "the packages transformers and torch are not installed"
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()
    return Peer(model, AutoTokenizer.from_pretrained(folder))


def _prepare(
    ours: Mapping[str, Any], peer: Peer | str, samples: Samples, layout_name: str, count: int
) -> Bench:
    from calligram.picture import encode_batch, get_layout
    from calligram.sources.base import open_source

    layout = get_layout(layout_name)
    pictures = open_source(f"idx:{samples.idx}", "train").take(range(count)).images
    assert isinstance(pictures, np.ndarray)
    levels = encode_batch(pictures, layout)
    tokens = None if isinstance(peer, str) else make_tokens(peer, levels, layout)
    return Bench(ours, peer, layout, levels, tokens)


def _race_reading(bench: Bench, rounds: int) -> Task:
    n = len(bench.levels)
    contenders = [
        _peer(PEER_ALL, bench, lambda peer: score_with_peer(peer, bench.tokens, True)),
        _peer(PEER_LAST, bench, lambda peer: score_with_peer(peer, bench.tokens, False)),
        *_ours(READING, bench, lambda model: _read(model, bench, True)),
        *_ours(ANSWERING, bench, lambda model: _read(model, bench, False)),
    ]
    return race(f"Reading {n} pictures, {bench.layout.name}", contenders, n, PEER_ALL, rounds)


def _race_drawing(bench: Bench, rounds: int) -> Task:
    contenders = [
        _peer(PEER_DRAWING, bench, lambda peer: draw_with_peer(peer, bench, 1)),
        *_ours(DRAWING, bench, lambda model: _draw(model, bench, 1)),
        _peer(f"{PEER_DRAWING}, eight at once", bench, lambda peer: draw_with_peer(peer, bench, 8)),
        *_ours(f"{DRAWING}, eight at once", bench, lambda model: _draw(model, bench, 8)),
    ]
    return race(f"One drawing (or eight), {bench.layout.name}", contenders, 1, PEER_DRAWING, rounds)


def _peer(name: str, bench: Bench, run: Callable[[Peer], object]) -> Contender:
    if isinstance(bench.peer, str):
        return Contender(name, None, absent=bench.peer)
    peer = bench.peer
    return Contender(name, lambda: run(peer))


def _ours(name: str, bench: Bench, run: Callable[[Any], object]) -> list[Contender]:
    """Return a contender for each precision, named by it."""
    return [_our(name.format(precision), model, run) for precision, model in bench.ours.items()]


def _our(name: str, model: Any, run: Callable[[Any], object]) -> Contender:
    return (
        Contender(name, None, absent=model) if isinstance(model, str) else Contender(name, lambda: run(model))
    )


def _read(model: Any, bench: Bench, familiarity: bool) -> list[Any]:
    readings: list[Any] = model.read(bench.levels, bench.layout, QUESTION, CLASSES, familiarity=familiarity)
    return readings


def _draw(model: Any, bench: Bench, count: int) -> list[Any]:
    from calligram.models.base import SamplingOptions

    drawn: list[Any] = model.draw(("digit", "5"), bench.layout, count, SamplingOptions(seed=0, guidance=1))
    return drawn


def make_tokens(peer: Peer, levels: npt.NDArray[np.uint8], layout: Any) -> Any:
    """Return the token numbers of the reading prompts, shape (N, tokens)."""
    import torch

    from calligram.picture import spell_batch

    texts = [f"{text}{QUESTION}\n" for text in spell_batch(levels, layout)]
    return torch.tensor([peer.tokenizer(text)["input_ids"] for text in texts])


def score_with_peer(peer: Peer, tokens: Any, whole: bool, batch: int = 64) -> npt.NDArray[np.float64]:
    """Return the log probability of each class's first token, shape (N, classes).

    Args:
        peer: the model.
        tokens: the prompts, shape (N, tokens).
        whole: whether the picture's own probability is added up too, as familiarity needs it.
        batch: prompts at once.
    """
    import torch

    answers = [peer.tokenizer(name)["input_ids"][0] for name in CLASSES]
    found = []
    with torch.inference_mode():
        for part in tokens.split(batch):
            logits = peer.model(part, logits_to_keep=0 if whole else 1).logits
            chances = torch.log_softmax(logits, dim=-1)
            if whole:
                chances[:, :-1].gather(2, part[:, 1:, None]).sum(dim=1)
            found.append(chances[:, -1, answers].double().numpy())
    return np.concatenate(found)


def draw_with_peer(peer: Peer, bench: Bench, count: int) -> Any:
    """Return the token numbers of drawings, each as long as one of ours."""
    import torch

    from calligram.nano.prompts import drawing_prompt
    from calligram.picture import spell

    prompt = peer.tokenizer(drawing_prompt("digit", "5", bench.layout.name), return_tensors="pt")
    length = len(peer.tokenizer(spell(bench.levels[0], bench.layout))["input_ids"])
    with torch.inference_mode():
        return peer.model.generate(
            **prompt,
            do_sample=True,
            temperature=1.0,
            top_k=0,
            num_return_sequences=count,
            min_new_tokens=length,
            max_new_tokens=length,
            pad_token_id=0,
        )


def agreement(bench: Bench) -> float:
    """Return the share of pictures whose most probable class is the same on both sides, in float32."""
    assert isinstance(bench.peer, Peer)
    theirs = score_with_peer(bench.peer, bench.tokens, False).argmax(axis=1)
    ours = [CLASSES.index(reading.candidates[0][0]) for reading in _read(bench.ours["float32"], bench, False)]
    return float((theirs == np.array(ours)).mean())


def _marks(layout: str, reading: Task, drawing: Task) -> list[Mark]:
    made = []
    for precision in ("float32", "int8"):
        asked = [
            (f"reading {layout}", reading, PEER_ALL, READING, 2.5),
            (f"answering {layout}", reading, PEER_LAST, ANSWERING, 2.5),
            (f"one drawing {layout}", drawing, PEER_DRAWING, DRAWING, 4),
        ]
        for what, task, peer, own, goal in asked:
            value = task.ratio(peer, own.format(precision), "wall_ms")
            made.append(Mark(f"times as fast as transformers, {what} in {precision}", value, goal, LEAST))
    return made


LEAST = "at least"


def _figures(task: Task) -> Figures:
    figures = task.to_figures()
    for row in figures["rows"]:
        row["ratio"] = task.ratio(row["name"], task.base, "wall_ms")
    return figures
