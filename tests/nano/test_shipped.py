"""The weights that come with the package."""

from pathlib import Path

import numpy as np
import pytest

from calligram.models.base import SamplingOptions, open_model
from calligram.models.builtin import Builtin
from calligram.nano.folder import SHIPPED, open_folder
from calligram.picture import encode_batch, get_layout
from calligram.sources.base import open_source

DATA = Path(__file__).parents[2] / "../shared/data"


@pytest.fixture(scope="module")
def shipped() -> Builtin:
    return Builtin()


def test_the_weights_are_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) <= 12e6
    assert open_folder().parameters <= 6e6


def test_transformers_loads_the_shipped_model_and_gives_the_same_logits() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    transformers = pytest.importorskip("transformers", reason="needs transformers")
    model = transformers.AutoModelForCausalLM.from_pretrained(SHIPPED, dtype=torch.float32)
    tokenizer = transformers.AutoTokenizer.from_pretrained(SHIPPED)
    levels = np.random.default_rng(0).integers(0, 3, (1, 11, 20)).astype(np.uint8)
    ours = Builtin(precision="float32")
    ids = ours.engine.vocabulary.picture_ids(levels, get_layout("classic").symbols)
    text = ours.engine.vocabulary.decode(ids[0].tolist())
    theirs = tokenizer(text, return_tensors="pt")["input_ids"]
    assert theirs.tolist() == ids.tolist()
    with torch.no_grad():
        expected = model(theirs).logits.numpy()
    assert np.abs(ours.engine.logits(ids) - expected).max() <= 1e-3


@pytest.mark.parametrize(("layout", "least"), [("classic", 0.975), ("fine", 0.985)])
def test_held_out_digits_are_read(shipped: Builtin, layout: str, least: float) -> None:
    if not (DATA / "mnist").is_dir():
        pytest.skip("shared/data/mnist is not here")
    source = open_source(f"idx:{DATA / 'mnist'}", "train[59400:]")
    images, labels = next(iter(source.batches(600)))
    scores = shipped.score(
        encode_batch(images, get_layout(layout)), get_layout(layout), "What digit is this?", familiarity=False
    )
    assert (scores.logits[:, :-1].argmax(1) == labels).mean() >= least


def test_noise_and_blanks_are_abstained_from(shipped: Builtin) -> None:
    layout = get_layout("classic")
    noise = np.random.default_rng(1).integers(0, 3, (20, 11, 20)).astype(np.uint8)
    levels = np.concatenate([noise, np.zeros((1, 11, 20), np.uint8), np.full((1, 11, 20), 2, np.uint8)])
    readings = shipped.read(levels, layout, "What digit is this?")
    assert all(reading.abstained for reading in readings)


def test_the_shipped_model_draws_what_it_reads_again(shipped: Builtin) -> None:
    layout = get_layout("classic")
    drawn = shipped.draw(("digit", "1"), layout, 8, SamplingOptions(seed=3, temperature=0.7))
    read = shipped.read(np.stack(drawn), layout, "What digit is this?", familiarity=False)
    assert sum(reading.candidates[0][0] == "1" for reading in read) >= 6  # chance is less than one of eight


def test_the_shipped_model_is_the_one_called_builtin(shipped: Builtin) -> None:
    assert open_model("builtin").describe() == shipped.describe()
