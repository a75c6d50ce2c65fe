"""Damage to training images, and the elder whose answers to undamaged ones are followed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train")

from calligram.nano.network import Network, Shape, token_looks  # noqa: E402
from calligram.nano.vocabulary import build  # noqa: E402
from calligram.picture import encode_batch, get_layout, get_ramp  # noqa: E402
from calligram.training.nano_augment import DIGITS  # noqa: E402
from calligram.training.nano_elder import follow_elder  # noqa: E402
from calligram.training.nano_examples import ExampleMaker, Mixture, Subject  # noqa: E402
from calligram.training.nano_wear import _KINDS, wear  # noqa: E402

STROKES = torch.zeros(12, 28, 28)
STROKES[:, 6:22, 12:16] = 1.0
STROKES[::2, 6:9, 8:20] = 0.8


def random(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_worn_images_follow_from_the_seed_and_stay_greys() -> None:
    once, again, other = (wear(STROKES, random(seed)) for seed in (1, 1, 2))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)
    assert once.shape == STROKES.shape
    assert 0 <= float(once.min()) <= float(once.max()) <= 1


@pytest.mark.parametrize("damage", dict.fromkeys(_KINDS), ids=lambda damage: damage.__name__)
def test_every_kind_of_damage_changes_images_and_leaves_the_given_ones(damage: object) -> None:
    given = STROKES.clone()
    changed = damage(given, random(3))  # type: ignore[operator]
    assert torch.equal(given, STROKES)
    assert changed.shape == STROKES.shape
    assert torch.isfinite(changed).all()
    assert float((changed.clamp(0, 1) - STROKES).abs().mean((1, 2)).median()) > 0.002


def test_one_image_can_be_worn_alone_and_none_too() -> None:
    assert wear(STROKES[:1], random()).shape == (1, 28, 28)
    assert wear(STROKES[:0], random()).shape == (0, 28, 28)


def test_readings_are_worn_and_drawings_are_not() -> None:
    layout = get_layout("classic")
    images = (STROKES.numpy() * 255).astype(np.uint8)
    subject = Subject("digit", ("0", "1"), images, np.arange(12) % 2, DIGITS.scaled(0))
    phrases = ["What is this?\n", "What digit is this?\n", "Draw this digit, classic:\n"]
    vocabulary = build([get_ramp("classic")], phrases, ["0", "1", "none"])
    plain, worn = (
        ExampleMaker([subject], vocabulary, 5).batch(layout, [12], Mixture(0.5, 0.0, {"digit": share}))
        for share in (0, 1)
    )
    known = {tuple(row) for row in vocabulary.picture_ids(encode_batch(images, layout), layout.symbols)}

    def pictures(batch: object, rows: slice, first: int) -> set[tuple[int, ...]]:
        width = len(next(iter(known)))
        return {tuple(row[first : first + width]) for row in batch.ids[rows].tolist()}  # type: ignore[attr-defined]

    assert pictures(plain, slice(0, 6), 0) <= known
    assert not pictures(worn, slice(0, 6), 0) & known
    assert pictures(worn, slice(6, 12), 3) <= known
    assert len(worn.pictured) == 0  # what worn pictures look like is not learnt


def test_the_elder_gives_shares_of_the_answers_and_does_not_learn() -> None:
    vocabulary = build([get_ramp("classic")], ["What digit is this?\n"], ["0", "1", "none"])
    torch.manual_seed(0)
    network = Network(Shape(32, 1, 1, 64), token_looks(vocabulary, [get_ramp("classic")]))
    ids = np.array([[1, 2, 3], [4, 5, 6]])
    elder = follow_elder(network)
    before = elder(ids, [vocabulary.ids["0"], vocabulary.ids["1"]])
    assert before.sum(1) == pytest.approx([1, 1], abs=1e-3)
    assert before.shape == (2, 2)
    assert not any(weight.requires_grad for weight in network.parameters())
