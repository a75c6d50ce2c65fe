"""The format of the idea's author, byte for byte."""

import io
import re
from pathlib import Path

import pytest

from calligram.formats.base import get_format
from calligram.picture import decode, encode_batch, spell_batch
from calligram.sources.base import open_source

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="module")
def sample() -> bytes:
    """The author's own sample: an array of one entry, and a comma after it."""
    documents = sorted((SHARED / "reference").glob("000_*.txt"))
    if not documents:
        pytest.skip("the author's description is not here")
    found = re.search(r"```json\n(.*?)```", documents[0].read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1].encode()


def test_the_sample_is_refused_without_repair(sample: bytes) -> None:
    records = list(get_format("ascii-image").read(io.BytesIO(sample)))
    assert "line 7: there is a comma after the last entry: mend it with --repair" in str(
        records[-1].faults[0]
    )


def test_the_sample_decoded_and_encoded_comes_back_byte_for_byte(sample: bytes) -> None:
    members = get_format("ascii-image")
    records = list(members.read(io.BytesIO(sample), repair=True))
    examples = [record.example for record in records if record.example]
    assert [example.picture for example in examples] == [decode(example.picture).text for example in examples]
    again = io.BytesIO()
    members.join_parts([members.write_part(examples)], again, trailing_comma=True)
    assert again.getvalue() == sample


def test_the_first_image_of_mnist_becomes_the_samples_entry(sample: bytes) -> None:
    if not (SHARED / "data" / "mnist").is_dir():
        pytest.skip("MNIST is not beside the project")
    from calligram.formats.base import Example

    batch = open_source(f"idx:{SHARED / 'data' / 'mnist'}", "train").take([0])
    assert not isinstance(batch.images, list)
    text = spell_batch(encode_batch(batch.images, "classic"), "classic")[0]
    written = get_format("ascii-image").write_part([Example("read", text, "", "5", 20)])
    assert written.removesuffix(b"\n]\n") == sample.removesuffix(b",\n]\n")
