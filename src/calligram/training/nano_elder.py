"""The elder: a model of before, whose answers to undamaged pictures are still followed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional

from calligram.nano.network import Network
from calligram.nano.precision import quick_numbers
from calligram.training.nano_examples import Elder


def follow_elder(network: Network) -> Elder:
    """Return what a network says, which is not trained on."""
    frozen = network.eval().requires_grad_(False)

    def answer(ids: npt.NDArray[np.int64], tokens: Sequence[int]) -> npt.NDArray[np.float32]:
        with torch.no_grad(), quick_numbers():
            table = frozen.table()
            state = frozen(torch.from_numpy(ids), table)[0][:, -1]
            shares = functional.linear(state, table[torch.tensor(tokens)]).float().softmax(-1)
        return np.asarray(shares)

    return answer
