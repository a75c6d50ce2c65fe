"""Descriptions of images: put together, imagined and asked for, each sentence with its grounds."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.describing_images import describe_image
from calligram.art.describing_options import DescribeOptions
from calligram.errors import ImageError, ModelError, OptionError
from calligram.models.base import Model, Turn, open_model
from calligram.models.scripted import Options, Talker, read_script

SEA = np.full((80, 100, 3), (20, 50, 80), np.uint8)
SEA[:30] = (170, 200, 230)
Scripts = Callable[..., str]


@pytest.fixture
def script(tmp_path: Path) -> Scripts:
    """Return a function that writes a script of what is said and returns its path."""

    def write(*say: object) -> str:
        path = tmp_path / "script.json"
        path.write_text(json.dumps([{"say": list(say)}]), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


def sentence(text: str, *facts: str, regions: tuple[str, ...] = ()) -> dict[str, object]:
    return {"text": text, "facts": list(facts), "regions": list(regions)}


class Listening(Talker):
    """A scripted model that keeps what it was told."""

    def __init__(self, path: str, options: Options | None = None) -> None:
        super().__init__(path, read_script(Path(path)), options or Options())
        self.heard: list[tuple[Turn, ...]] = []

    def reply(self, turns, options, most_tokens, schema=None):  # type: ignore[no-untyped-def]
        self.heard.append(tuple(turns))
        return super().reply(turns, options, most_tokens, schema)


def test_without_a_model_every_sentence_rests_on_something_measured() -> None:
    found = describe_image(SEA)
    assert 3 <= len(found.statements) <= 6
    assert all(each.origin == "measured" and each.grounded for each in found.statements)
    cited = {key for each in found.statements for key in each.facts}
    assert {"orientation", "main_colour"} <= cited
    assert set(found.to_json()["facts"]) == cited
    assert "wider than it is high" in found.text


def test_the_same_seed_gives_the_same_words_and_another_seed_others() -> None:
    first, again, other = (describe_image(SEA, DescribeOptions(seed=seed)).text for seed in (1, 1, 2))
    assert first == again != other


def test_what_a_model_imagines_is_marked_and_set_apart(script: Scripts) -> None:
    model = open_model(f"scripted:{script(' two boats at rest. And then')}?talks=no")
    found = describe_image(SEA, model=model)
    assert found.statements[-1].to_json() == {
        "text": "It might show two boats at rest.",
        "facts": [],
        "regions": [],
        "origin": "imagined",
        "grounded": False,
        "faults": [],
    }
    assert found.text.endswith("(Imagined: It might show two boats at rest.)")


def test_of_what_is_imagined_a_draft_without_contradiction_is_kept(script: Scripts) -> None:
    drafts = [
        " a red barn.",
        " the artist's hand.",
        " a blue bay.",
        " a pink sky.",
        " a red roof.",
        " unfinished",
    ]
    model = open_model(f"scripted:{script(*drafts)}?talks=no")
    assert describe_image(SEA, model=model).statements[-1].text == "It might show a blue bay."


def test_a_contradiction_that_cannot_be_avoided_is_marked(script: Scripts) -> None:
    model = open_model(f"scripted:{script(' a red barn.')}?talks=no")
    (fault,) = describe_image(SEA, model=model).statements[-1].faults
    assert fault.startswith("names red, but the palette is ")


def test_the_shipped_writer_imagines_offline() -> None:
    found = describe_image(SEA, model=open_model("builtin:writer"))
    assert found.statements[-1].origin == "imagined"
    assert found.statements[-1].text.startswith("It might show ")


def test_a_model_that_follows_instructions_is_given_facts_and_picture_and_cites_them(script: Scripts) -> None:
    told = [
        sentence("The upper part is pale blue.", "palette", regions=("a1-h2",)),
        sentence("A red sun stands in it.", "palette"),
        sentence("It is very fine."),
    ]
    model = Listening(script({"sentences": told}))
    first, second, third = describe_image(SEA, model=model).statements
    assert (first.facts, first.regions, first.origin, first.grounded) == (
        ("palette",),
        ("A1-H2",),
        "model",
        True,
    )
    assert second.faults[0].startswith("names red")
    assert not third.grounded
    asked = model.heard[0][0].text
    assert "Orientation: landscape, 1.25 times as wide as high" in asked
    assert " 1 |" in asked
    assert "main_colour" in asked


def test_a_field_that_there_is_not_is_told_to_the_model_which_then_mends_it(script: Scripts) -> None:
    wrong = {"sentences": [sentence("Look there.", regions=("Z9",))]}
    right = {"sentences": [sentence("Look there.", regions=("B1",))]}
    model = Listening(script(wrong, right))
    found = describe_image(SEA, model=model)
    assert found.statements[0].regions == ("B1",)
    assert found.remarks == ("asked 2 times until the answer could be used",)
    assert "there is no field Z9" in model.heard[1][-1].text


def test_a_fact_that_there_is_not_is_never_let_through(script: Scripts) -> None:
    model = Listening(script({"sentences": [sentence("It is lovely.", "beauty")]}))
    with pytest.raises(ModelError, match="beauty"):
        describe_image(SEA, model=model)


def test_the_image_itself_goes_only_to_a_model_that_takes_one_when_asked(script: Scripts) -> None:
    path = script({"sentences": [sentence("Blue.", "palette")]})
    seeing = Listening(path, Options(images=True))
    describe_image(SEA, model=seeing)
    assert seeing.heard[0][0].images == ()
    describe_image(SEA, DescribeOptions(image_too=True), seeing)
    (png,) = seeing.heard[1][0].images
    assert Image.open(io.BytesIO(png)).size == (100, 80)
    for blind in (Listening(path), None):
        with pytest.raises(OptionError, match="not said to take images"):
            describe_image(SEA, DescribeOptions(image_too=True), blind)


def test_a_model_that_cannot_write_is_told(tiny_model: str) -> None:
    model: Model = open_model(tiny_model)
    with pytest.raises(ModelError, match="neither writes nor follows instructions"):
        describe_image(SEA, model=model)


def test_what_is_no_image_is_told(tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    path.write_text("no image")
    with pytest.raises(ImageError, match=r"note\.png"):
        describe_image(str(path))
