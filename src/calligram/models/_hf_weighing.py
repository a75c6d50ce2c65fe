"""Scores of a Hugging Face model: of endings behind texts, and of every token of one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Weigher:
    """Runs a network in batches.

    Args:
        torch: the module, handed in since it is heavy.
        network: a causal model of ``transformers``.
        device: where it lies.
        batch: texts run at once.
        known: tokens that the tokenizer knows; a network's table may be longer.
    """

    torch: Any
    network: Any
    device: Any
    batch: int
    known: int

    def weigh(
        self, texts: Sequence[Sequence[int]], endings: Sequence[Sequence[Sequence[int]]]
    ) -> list[list[float]]:
        """Return the natural log-probability of each ending behind its text.

        A text is read once, and its endings behind what was kept of it. Texts of one length are run
        together, so that nothing is padded and a text's figures do not depend on its neighbours' lengths.

        Args:
            texts: tokens, at least one each.
            endings: for each text its endings' tokens, as many for every text.
        """
        found: list[list[float]] = [[]] * len(texts)
        lengths: dict[int, list[int]] = {}
        for place, text in enumerate(texts):
            lengths.setdefault(len(text), []).append(place)
        for places in lengths.values():
            for start in range(0, len(places), self.batch):
                part = places[start : start + self.batch]
                weighed = self._weigh_together(
                    [texts[place] for place in part], [endings[place] for place in part]
                )
                for place, row in zip(part, weighed, strict=True):
                    found[place] = row
        return found

    def _weigh_together(
        self, texts: Sequence[Sequence[int]], endings: Sequence[Sequence[Sequence[int]]]
    ) -> list[list[float]]:
        torch, count = self.torch, len(endings[0])
        longest = max(len(ending) for each in endings for ending in each)
        with torch.inference_mode():
            read = self._run(torch.tensor(texts), keep=longest > 1)
            first = read.logits[:, -1, : self.known].float().log_softmax(-1)
            if longest <= 1:
                return [
                    [float(row[ending[0]]) if ending else 0.0 for ending in each]
                    for row, each in zip(first, endings, strict=True)
                ]
            cache = _kept(read)
            cache.batch_repeat_interleave(count)
            padded = [[*ending, *[0] * (longest - len(ending))] for each in endings for ending in each]
            rest = self._run(torch.tensor(padded)[:, :-1], cache=cache)
            logprobs = rest.logits[..., : self.known].float().log_softmax(-1)
        flat = [ending for each in endings for ending in each]
        sums = []
        for number, ending in enumerate(flat):
            later = sum(float(logprobs[number, at, token]) for at, token in enumerate(ending[1:]))
            sums.append(float(first[number // count, ending[0]]) + later if ending else 0.0)
        return [sums[start : start + count] for start in range(0, len(sums), count)]

    def _run(self, ids: Any, cache: Any = None, keep: bool = True) -> Any:
        # named anew in transformers 5.24
        name = "cache" if "cache" in signature(self.network.forward).parameters else "past_key_values"
        return self.network(input_ids=ids.to(self.device), use_cache=keep, **{name: cache})

    def logits(self, tokens: Sequence[int]) -> Floats:
        """Return the scores behind every token of one text, ``(len(tokens), known)``."""
        with self.torch.inference_mode():
            logits = self._run(self.torch.tensor([list(tokens)]), keep=False).logits[0, :, : self.known]
        return np.asarray(logits.float().cpu())

    def next_scores(self, tokens: Sequence[int], cache: Any) -> tuple[Floats, Any]:
        """Return the scores of the known tokens behind a text, ``(1, known)``, and the cache.

        Args:
            tokens: those not read yet.
            cache: what was kept of those before, or None.
        """
        with self.torch.inference_mode():
            read = self._run(self.torch.tensor([list(tokens)]), cache)
        return np.asarray(read.logits[:, -1, : self.known].float().cpu()), _kept(read)


def _kept(read: Any) -> Any:
    """Return the keys and values that a network kept of what it read."""
    return read.cache if "cache" in read else read.past_key_values
