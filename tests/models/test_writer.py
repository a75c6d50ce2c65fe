"""The writer behind the interface that all models have."""

from collections import Counter
from pathlib import Path

import pytest

from calligram.errors import ModelError, OptionError
from calligram.models.base import SamplingOptions, Speaking, Writing, open_model
from calligram.nano.copying import words_of
from calligram.nano.fields import Fields, spell_fields
from calligram.picture import get_layout

EXAMPLE = SamplingOptions(temperature=0.7, top_k=50, top_p=0.95, seed=1)


@pytest.fixture(scope="module")
def writer() -> Writing:
    model = open_model("builtin:writer")
    assert isinstance(model, Writing)
    return model


def test_a_text_follows_from_its_seed_whatever_it_is_written_beside(writer: Writing) -> None:
    three = writer.write("An abstract painting with", 3, EXAMPLE, 30)
    second = SamplingOptions(temperature=0.7, top_k=50, top_p=0.95, seed=2)
    assert [each.seed for each in three] == [1, 2, 3]
    assert writer.write("An abstract painting with", 1, second, 30)[0].text == three[1].text


def test_the_texts_of_several_seeds_differ(writer: Writing) -> None:
    texts = {each.text for each in writer.write("An abstract painting with", 5, EXAMPLE, 30)}
    assert len(texts) == 5


def test_a_beam_search_finds_a_likelier_text_than_sampling(writer: Writing) -> None:
    opening, beams = "A deer stands", SamplingOptions(temperature=0, beams=4, seed=1)
    (found,) = writer.write(opening, 1, beams, 25)
    sampled = writer.write(opening, 3, SamplingOptions(temperature=1, seed=1), 25)
    assert found.logprob is not None
    assert found.tokens
    each = [(text.logprob or 0) / (text.tokens or 1) for text in sampled]
    assert found.logprob / found.tokens > max(each)


def test_likelihoods_are_those_that_scoring_the_text_gives(writer: Writing) -> None:
    assert isinstance(writer, Speaking)
    opening = spell_fields(Fields("caption")) + "A deer"
    (found,) = writer.write(opening, 1, SamplingOptions(temperature=0, seed=1), 12)
    (scored,) = writer.score_texts([writer.cut(opening) + writer.cut(found.text)])
    told = sum(each.logprob or 0 for each in scored[len(writer.cut(opening)) :])
    assert not found.whole
    assert found.logprob == pytest.approx(told, abs=0.02)


def test_fields_shape_the_text(writer: Writing) -> None:
    def words(*tags: str) -> Counter[str]:
        opening = spell_fields(Fields("caption", medium="oil on canvas", tags=tags))
        texts = writer.write(opening, 6, EXAMPLE, 40)
        return Counter(word for text in texts for word in words_of(text.text))

    assert words("deer", "snow")["deer"] > words("ship", "sea")["deer"]
    assert words("ship", "sea")["sea"] > words("deer", "snow")["sea"]


def test_no_names_and_numbers_are_made_up_unless_they_are_wished_for(writer: Writing) -> None:
    opening = spell_fields(Fields("biography"))
    texts = "".join(each.text for each in writer.write(opening, 4, EXAMPLE, 60))
    assert texts
    assert not any(letter.isdigit() for letter in texts)
    free = open_model("builtin:writer?names=yes&drafts=1")
    assert isinstance(free, Writing)
    wild = "".join(each.text for each in free.write(opening, 4, EXAMPLE, 60))
    assert any(letter.isdigit() for letter in wild)


def test_the_writer_says_that_it_does_not_read_and_draw() -> None:
    model = open_model("builtin:writer")
    with pytest.raises(ModelError, match="writes and does not draw: use builtin"):
        model.draw("the digit 5", get_layout("classic"))


def test_an_opening_that_is_too_long_is_told(writer: Writing) -> None:
    with pytest.raises(ModelError, match="reads at most 512: shorten it"):
        writer.write("river " * 600, 1, EXAMPLE, 5)


def test_guidance_is_refused(writer: Writing) -> None:
    with pytest.raises(OptionError, match="guidance is 2"):
        writer.write("A", 1, SamplingOptions(guidance=2), 5)


@pytest.mark.parametrize(
    "file", ["config.json", "model.safetensors", "model.onnx", "subwords.model", "known.bin"]
)
def test_a_damaged_folder_is_told(file: str, tiny_writer: str, tmp_path: Path) -> None:
    for path in Path(tiny_writer.partition(":")[2]).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes() if path.name != file else b"no")
    with pytest.raises(ModelError, match=r"copy the whole model folder|train the model again"):
        open_model(f"builtin:{tmp_path}")
