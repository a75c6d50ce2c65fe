"""Trains a painter, from real pictures to a folder for ``--painter adversarial:FOLDER``. Needs torch."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from calligram.errors import MissingExtraError, OptionError
from calligram.training.painter_options import PainterTraining

# spinning threads of two processes make both ten times slower; torch reads this when it is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
try:
    import torch
except ImportError as fault:  # pragma: no cover
    raise MissingExtraError("torch", "train", "training a painter") from fault

from calligram.painters.adversarial.network import EYE, PAINTER
from calligram.training import painter_judge
from calligram.training.painter_export import judge_graph, painter_graph
from calligram.training.painter_pictures import Places, Stock, read_stock
from calligram.training.painter_run import Run, TrainingSettings
from calligram.whole_files import make_folder, write_whole

Say = Callable[[str], None]


def train_painter(options: PainterTraining, output: Path, say: Say = lambda line: None) -> list[str]:
    """Train a painter and its eye, and write both into a folder; taken up again where it was stopped.

    Args:
        options: where the pictures lie, and how to train.
        output: the painter's folder, made where there is none; the checkpoint lies in ``run`` inside it.
        say: told of each stretch of the training in a line.

    Returns:
        What was made, in lines.

    Raises:
        OptionError: a place of pictures is not given.
        SourceError: pictures are missing or damaged.
        OutputError: the folder cannot be written.
    """
    places = places_of(options)
    make_folder(output)
    torch.set_num_threads(options.threads)
    learnt, held = read_stock(places, "train"), read_stock(places, "valid")
    say(f"{len(learnt):,} pictures to learn from, {len(held):,} kept to choose by")
    run = _trained(learnt, options, output / "run", say)
    write_whole(output / PAINTER, painter_graph(run.mean.eval()))
    eye, share = _eye(learnt, held, options, say)
    write_whole(output / EYE, eye)
    parameters = sum(part.numel() for part in run.mean.parameters())
    return [
        f"painter: {run.step:,} steps, {parameters / 1e6:.1f} million parameters",
        f"eye: {share:.0%} of the pictures kept to choose by are told right, kind by kind",
        f"written to {output}; paint with: calligram paint 'a red fish' --painter adversarial:{output}",
    ]


def places_of(options: PainterTraining) -> Places:
    """Return where the pictures lie.

    Raises:
        OptionError: a place is not given.
    """
    given = {name: getattr(options, name) for name in ("digits", "garments", "emoji", "icons")}
    if missing := [name for name, place in given.items() if not place]:
        raise OptionError(
            "a painter learns from digits, garments, emoji and icons, but no place of "
            f"{', '.join(missing)} is given: add {' '.join(f'--{name} PLACE' for name in missing)}"
        )
    return Places(**{name: Path(place) for name, place in given.items()})


def _trained(learnt: Stock, options: PainterTraining, folder: Path, say: Say) -> Run:
    settings = replace(
        TrainingSettings(), copying_steps=options.copying_steps, steps=options.steps, seed=options.seed
    )
    run = Run(learnt, settings, folder)

    def told(figures: dict[str, float]) -> None:
        shown = ", ".join(
            f"{name} {value:.3f}" for name, value in figures.items() if name not in ("step", "seconds")
        )
        say(f"step {figures['step']:,.0f} of {run.last_step:,}: {shown}")

    run.train(options.save_every, told)
    return run


def _eye(learnt: Stock, held: Stock, options: PainterTraining, say: Say) -> tuple[bytes, float]:
    """Return the eye's graph, and the share of held pictures it tells right, every kind weighing the same."""
    settings = replace(painter_judge.EYE, steps=options.eye_steps, seed=options.seed)
    eye = painter_judge.train_judge(
        learnt, settings, lambda told: say(f"eye, step {told['step']:,.0f}: loss {told['loss']:.3f}")
    )
    shares = painter_judge.accuracy(eye, held)
    return judge_graph(eye), float(shares[shares == shares].mean())
