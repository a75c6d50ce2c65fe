"""What the built-in model is trained to make small: losses on answers and pictures, and training aids."""

from collections.abc import Callable

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from calligram.nano.network import Network
from calligram.nano.precision import quick_numbers
from calligram.training.nano_examples import Batch
from calligram.training.nano_teacher import Teacher

Forward = Callable[..., tuple[Tensor, Tensor]]


def losses(forward: Forward, network: Network, helper: "Helper", batch: Batch) -> dict[str, Tensor]:
    """Return the losses ``answer``, ``picture``, ``helper`` and ``guide`` of a batch.

    Args:
        forward: the network, or what it was compiled to.
        network: gives the table of tokens.
        helper: the training aids.
        batch: what is read and drawn.
    """
    with quick_numbers():
        table = network.table()
        state, middle = forward(batch.ids, table)
        answer, picture = _answer_loss(state, table, batch), _picture_loss(state, table, batch)
        return {"answer": answer, "picture": picture, **helper.losses(state, middle, batch)}


class Helper(nn.Module):
    """Training aids only: what the states of a picture must tell beside what they foretell."""

    def __init__(self, width: int, answers: int) -> None:
        super().__init__()
        self.answer = nn.Linear(width, answers)
        self.place = nn.Linear(width, Teacher.CHANNELS)

    def losses(self, state: Tensor, middle: Tensor, batch: Batch) -> dict[str, Tensor]:
        """Return how far the mean state is from the answer, and each middle one from what a teacher sees."""
        mean = state[: batch.readings, 1 : batch.question_at].mean(1)
        kinds = self.answer.out_features // batch.shares.shape[1]
        guess = self.answer(mean).float().view(batch.readings, kinds, -1).logsumexp(1)
        helper = functional.cross_entropy(guess, batch.shares)
        if not len(batch.guided):
            return {"helper": helper, "guide": torch.zeros(())}
        count, rows, tokens, _ = batch.guides.shape
        places = middle[batch.guided, 1 : batch.question_at].view(count, rows, tokens + 1, -1)[:, :, :-1]
        return {
            "helper": helper,
            "guide": functional.mse_loss(self.place(places).float(), batch.guides),
        }


def _answer_loss(state: Tensor, table: Tensor, batch: Batch) -> Tensor:
    answer = functional.linear(state[: batch.readings, batch.question_at], table).float()
    target = torch.zeros(batch.readings, len(table)).scatter_add_(1, batch.answers, batch.shares)
    return functional.cross_entropy(answer, target)


def _picture_loss(state: Tensor, table: Tensor, batch: Batch) -> Tensor:
    """The loss on drawings, among all tokens, and half of that on readings, among the tokens they show."""
    mask, following = batch.picture_mask[:, 1:], batch.ids[:, 1:]
    loss = torch.zeros(())
    drawn = mask[batch.readings :]
    if drawn.any():
        foretold = functional.linear(state[batch.readings :, :-1][drawn], table).float()
        loss = functional.cross_entropy(foretold, following[batch.readings :][drawn])
    if len(batch.pictured):
        read = mask[batch.pictured]
        shown, targets = torch.unique(following[batch.pictured][read], return_inverse=True)
        foretold = functional.linear(state[batch.pictured, :-1][read], table[shown]).float()
        loss = loss + 0.5 * functional.cross_entropy(foretold, targets)
    return loss
