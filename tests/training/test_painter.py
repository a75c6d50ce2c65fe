"""The painter's training: pictures, ink, networks, graphs, the duel, the judge, and the command."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.training.painter_stocks import bars, write_places

from calligram.cli.main import run as run_command
from calligram.errors import OptionError, SourceError
from calligram.painters.adversarial.kinds import COLOURS, DIGITS, KINDS
from calligram.painters.adversarial.network import CHANCE, PAPER, SIDE, open_network
from calligram.training.painter import places_of
from calligram.training.painter_export import judge_graph, painter_graph
from calligram.training.painter_inking import INKS, UNNAMED, Inker
from calligram.training.painter_judge import EYE, Judge, accuracy, judged, train_judge
from calligram.training.painter_network import NetworkSettings, Painter
from calligram.training.painter_options import PainterTraining
from calligram.training.painter_pictures import read_stock, split_names
from calligram.training.painter_run import Run, TrainingSettings, unlikeness

TINY = TrainingSettings(
    copying_steps=2,
    steps=5,
    copying_batch=4,
    batch=4,
    copies=2,
    network=NetworkSettings(painter=(16, 8, 8, 4), critic=(8, 8, 8), kind=8, colour=4),
)


@given(st.sets(st.text(min_size=1), max_size=40))
def test_the_splits_share_no_picture_and_lose_none(names: set[str]) -> None:
    parts = [split_names(sorted(names), split) for split in ("train", "valid", "test")]
    assert sorted(name for part in parts for name in part) == sorted(names)


def test_the_stock_of_each_split_has_every_kind_that_was_given(tmp_path: Path) -> None:
    places = write_places(tmp_path)
    learnt, held, tested = (read_stock(places, split) for split in ("train", "valid", "test"))
    assert set(learnt.kinds) == set(range(len(KINDS)))
    parts = [set(zip(part.kinds.tolist(), part.names, strict=True)) for part in (learnt, held, tested)]
    assert all(parts)
    assert parts[0].isdisjoint(parts[1])
    assert parts[2].isdisjoint(parts[0] | parts[1])
    assert (learnt.own >= 0).sum() == len(learnt.colours)


def test_an_emoji_keeps_its_colours_and_an_icon_is_ink(tmp_path: Path) -> None:
    learnt = read_stock(write_places(tmp_path), "train")
    assert learnt.colours[0, 40, 40].tolist() == [220, 20, 20]
    icon = np.flatnonzero((learnt.kinds == KINDS.index("sword")) & (learnt.own < 0))[0]
    assert (learnt.ink[icon, 40, 40], learnt.ink[icon, 8, 8]) == (255, 0)


def test_damaged_icons_are_refused_with_a_sentence(tmp_path: Path) -> None:
    places = write_places(tmp_path)
    places.icons.write_bytes(b"no gzip")
    with pytest.raises(SourceError, match=r"cannot be read .*give packed JSON lines"):
        read_stock(places, "train")


def test_unworn_ink_is_paper_and_one_ink() -> None:
    inked = Inker(bars(), 3, worn=0.0).images(np.array([0, 1]))
    shades = (inked.images[0].permute(1, 2, 0).reshape(-1, 3) + 1) / 2 * 255
    paper, inks = torch.tensor(PAPER, dtype=torch.float32), torch.tensor(list(INKS.values())).float()
    on_paper = (shades - paper).abs().amax(1) < 1
    in_ink = (shades[:, None] - inks[None]).abs().amax(2).amin(1) < 1
    assert on_paper.any()
    assert in_ink.any()
    assert inked.images.shape == (2, 3, SIDE, SIDE)


def test_a_colour_that_is_told_is_the_colour_that_is_seen() -> None:
    inker = Inker(bars(), 4, worn=0.0)
    inked = inker.images(np.zeros(40, int))
    darkest = inked.images.flatten(2)[torch.arange(40), :, inked.images.sum(1).flatten(1).argmin(1)]
    for colour, seen in zip(inked.colours, (darkest + 1) / 2 * 255, strict=True):
        if colour != UNNAMED:
            assert seen.round().tolist() == list(INKS[COLOURS[colour]])
    assert (inked.colours == UNNAMED).any()


def test_a_picture_with_its_own_colours_names_none() -> None:
    stock = bars()
    inked = Inker(stock, 5, worn=0.0).images(np.array([len(stock) - 1] * 8))
    assert (inked.colours == UNNAMED).all()
    lowest = inked.images[0].flatten(1)[:, inked.images[0].sum(0).argmin()]
    assert ((lowest + 1) / 2 * 255).round().tolist() == [10, 200, 30]


def test_digits_are_never_mirrored_and_other_pictures_are() -> None:
    stock = bars()
    stock.ink[:] = 0
    stock.ink[:, 20:60, 10:25] = 255
    inker = Inker(stock, 6, worn=0.2)

    def left(kind: int) -> torch.Tensor:
        images = inker.images(np.repeat(inker.of_kind[kind][:1], 30)).images
        return images[..., : SIDE // 2].mean((1, 2, 3)) < images[..., SIDE // 2 :].mean((1, 2, 3))

    assert left(3).all()
    assert 0 < left(len(DIGITS) + 2).float().mean() < 1


def test_the_same_seed_draws_the_same_images() -> None:
    first, again = (Inker(bars(), 9).batch(6) for _ in range(2))
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.colours, again.colours)


def test_the_painters_graph_paints_what_its_network_paints() -> None:
    torch.manual_seed(0)
    painter = Painter(TINY.network)
    given = torch.randn(16, CHANCE), torch.rand(16, len(KINDS)), torch.rand(16, len(COLOURS))
    painter(*given)  # so that the normalisation has seen something
    painter.eval()
    session = onnxruntime.InferenceSession(painter_graph(painter))
    names = ("chance", "kinds", "colours")
    (images,) = session.run(None, {name: part.numpy() for name, part in zip(names, given, strict=True)})
    with torch.no_grad():
        expected = (painter(*given) + 1) / 2
    assert images.std() > 0.01
    np.testing.assert_allclose(images, expected.numpy(), atol=2e-6)


def test_the_judges_graph_tells_what_its_network_tells() -> None:
    torch.manual_seed(0)
    judge = Judge(replace(EYE, widths=(8, 8, 8, 8)))
    judge(torch.randn(16, 3, SIDE, SIDE))
    judge.eval()
    images = torch.rand(4, 3, SIDE, SIDE)
    (kinds,) = onnxruntime.InferenceSession(judge_graph(judge)).run(None, {"images": images.numpy()})
    np.testing.assert_allclose(kinds, judged(judge, images * 2 - 1), atol=2e-6)


def test_a_judge_learns_bars_by_their_height() -> None:
    stock = bars(kinds=4, each=4)
    settings = replace(EYE, widths=(8, 16, 16, 16), steps=60, batch=16, dropout=0.0, hidden=4)
    assert np.nanmean(accuracy(train_judge(stock, settings), stock)) > 0.7


def test_copying_makes_images_more_alike(tmp_path: Path) -> None:
    run = Run(bars(kinds=2), replace(TINY, copying_steps=60, steps=0, copying_batch=8), tmp_path)
    run.train(every=20)
    told = [json.loads(line)["unlike"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert told[-1] < 0.8 * told[0]


def test_a_training_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    def stop(figures: dict[str, float]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Run(bars(), TINY, tmp_path).train(every=3, told=stop)
    again = Run(bars(), TINY, tmp_path)
    again.train(every=3)
    steps = [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert steps == [3, 6, 7]
    assert again.step == again.last_step


def test_the_duel_moves_painter_and_critic_and_leaves_the_encoder(tmp_path: Path) -> None:
    run = Run(bars(), TINY, tmp_path)
    run.step = TINY.copying_steps
    before = [
        copy.clone() for copy in (run.painter.end.weight, run.critic.real.weight, run.encoder.real.weight)
    ]
    figures = run._duel_step()
    after = run.painter.end.weight, run.critic.real.weight, run.encoder.real.weight
    moved = [not torch.equal(*pair) for pair in zip(before, after, strict=True)]
    assert moved == [True, True, False]
    assert all(np.isfinite(figure) for figure in figures.values())


def test_unlikeness_of_equal_images_is_nothing() -> None:
    images = torch.rand(2, 3, SIDE, SIDE)
    assert unlikeness(images, images) == 0
    assert unlikeness(images, 1 - images) > 0


def test_places_that_are_not_given_are_named() -> None:
    with pytest.raises(
        OptionError, match=r"no place of emoji, icons is given: add --emoji PLACE --icons PLACE"
    ):
        places_of(PainterTraining(digits="a", garments="b"))


def test_the_command_trains_a_painter_that_paints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = write_places(tmp_path)
    command = ["train", "painter", "-o", str(tmp_path / "mine"), "--copying-steps", "1", "--steps", "1"]
    command += ["--eye-steps", "2", "--save-every", "1", "--threads", "1", "--quiet"]
    for name in ("digits", "garments", "emoji", "icons"):
        command += [f"--{name}", str(getattr(places, name))]
    assert run_command(command) == 0
    assert "2 steps" in capsys.readouterr().out
    network = open_network(tmp_path / "mine")
    chance = np.zeros((1, CHANCE), np.float32)
    (image,) = network.paint(chance, np.eye(len(KINDS))[:1], np.eye(len(COLOURS))[:1])
    assert image.size == (SIDE, SIDE)
    assert network.see(image).sum() == pytest.approx(1, abs=1e-5)
