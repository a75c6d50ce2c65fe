from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
transformers = pytest.importorskip("transformers", reason="needs the extra hf")

from calligram.training.text_batches import UNCOUNTED, Collator, Rows, pack  # noqa: E402
from calligram.training.text_model import texts_see_each_other  # noqa: E402
from calligram.training.text_tokens import Item  # noqa: E402


def item(*ids: int, given: int = 1) -> Item:
    learned = np.arange(len(ids)) >= given
    return Item(np.array(ids, np.int32), learned)


def test_one_text_in_a_row_is_filled_up_and_only_what_is_learnt_is_counted() -> None:
    batch = Collator(9, packed=False)([[item(1, 2, 3, given=2)], [item(4, 5)]])
    assert batch["input_ids"].tolist() == [[1, 2, 3], [4, 5, 9]]
    assert batch["labels"].tolist() == [[UNCOUNTED, UNCOUNTED, 3], [UNCOUNTED, 5, UNCOUNTED]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0]]


def test_packed_texts_begin_anew_and_their_first_token_is_not_foretold_by_the_text_before() -> None:
    batch = Collator(9, packed=True)([[item(1, 2, given=0), item(3, 4, 5, given=0)], [item(6, 7)]])
    assert batch["position_ids"].tolist() == [[0, 1, 0, 1, 2], [0, 1, 0, 1, 2]]
    assert batch["labels"].tolist()[0] == [UNCOUNTED, 2, UNCOUNTED, 4, 5]
    assert "attention_mask" not in batch


def test_packing_keeps_the_order_and_every_text() -> None:
    items = [item(*range(n)) for n in (5, 4, 3, 2, 9, 1)]
    rows = pack(items, 9)
    assert [len(one.ids) for row in rows for one in row] == [5, 4, 3, 2, 9, 1]
    assert [sum(len(one.ids) for one in row) for row in rows] == [9, 5, 9, 1]
    assert len(Rows(items, 9)) == 4
    assert len(Rows(items)) == 6


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_packed_texts_get_the_scores_they_have_alone(
    kind: str, language_model: Callable[[str], Path]
) -> None:
    network = transformers.AutoModelForCausalLM.from_pretrained(language_model(kind)).eval()
    network.config.use_cache = False
    texts = [item(11, 12, 13), item(21, 22, 23, 24), item(31, 32)]
    batch = Collator(0, packed=True)([texts, [item(*range(40, 52))]])
    with torch.no_grad():
        packed = network(**batch).logits[0]
        alone = [
            network(input_ids=torch.from_numpy(text.ids[None].astype(np.int64))).logits[0] for text in texts
        ]
    assert torch.allclose(packed[:9], torch.cat(alone), atol=1e-5)
    assert not texts_see_each_other(network, takes_places=True)
    assert texts_see_each_other(network, takes_places=False)
