"""The optimizer of the matrices, beside torch's own."""

from copy import deepcopy

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train")

from calligram.training.nano_muon import Muon, make_orthogonal  # noqa: E402

SHAPES = ((16, 16), (48, 16), (16, 48), (16, 16))


def test_singular_values_come_near_one_and_directions_stay() -> None:
    torch.manual_seed(0)
    given = torch.randn(3, 24, 40)
    made = make_orthogonal(given)
    assert made.shape == given.shape
    left, _, right = torch.linalg.svd(given, full_matrices=False)
    inside = left.mT @ made @ right.mT
    values = torch.diagonal(inside, dim1=1, dim2=2)
    assert 0.6 < float(values.min()) < float(values.max()) < 1.3
    assert float((inside - torch.diag_embed(values)).abs().max()) < 1e-3


def test_it_does_what_the_optimizer_of_torch_does_but_for_rounding() -> None:
    torch.manual_seed(1)
    first = [torch.randn(shape) for shape in SHAPES]
    ours, theirs = ([torch.nn.Parameter(weight.clone()) for weight in first] for _ in range(2))
    mine = Muon(ours, lr=0.01, weight_decay=0.1)
    other = torch.optim.Muon(theirs, lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(5):
        for one, two in zip(ours, theirs, strict=True):
            one.grad = torch.randn_like(one)
            two.grad = one.grad.clone()
        mine.step()
        other.step()
    for start, one, two in zip(first, ours, theirs, strict=True):
        moved = (one.detach() - start).norm()
        assert float((one.detach() - two.detach()).norm() / moved) < 0.03  # bfloat16 has three digits
        assert float(moved) > 0.1


def test_its_momentum_is_kept_with_a_checkpoint() -> None:
    torch.manual_seed(2)
    weight = torch.nn.Parameter(torch.randn(8, 8))
    once = Muon([weight], lr=0.1, weight_decay=0.0)
    weight.grad = torch.randn(8, 8)
    once.step()
    kept, saved = deepcopy(once.state_dict()), weight.detach().clone()
    gradient = torch.randn(8, 8)
    weight.grad = gradient.clone()
    once.step()
    again = torch.nn.Parameter(saved)
    other = Muon([again], lr=0.1, weight_decay=0.0)
    other.load_state_dict(kept)
    again.grad = gradient.clone()
    other.step()
    assert torch.equal(weight, again)
