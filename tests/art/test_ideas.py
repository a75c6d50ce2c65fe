"""Ideas: the user's words stand, the same seed gives the same, sets differ, images and moods lead."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.ideas import IdeaSet, propose_ideas
from calligram.art.ideas_adding import clean
from calligram.art.ideas_options import IdeasOptions
from calligram.art.spreading import likenesses
from calligram.art.wildcards import shipped_lists
from calligram.errors import InputError, ModelError, OptionError, TemplateError
from calligram.models.base import open_model


def propose(words: str = "", count: int = 5, seed: int = 1, **given: object) -> IdeaSet:
    options = {name: given.pop(name) for name in ("spread", "oversample", "words_folder") if name in given}
    made = IdeasOptions(count=count, seed=seed, model="none", **options)  # type: ignore[arg-type]
    return propose_ideas(words, options=made, **given)  # type: ignore[arg-type]


def prompts(found: IdeaSet) -> list[str]:
    return [idea.prompt for idea in found.ideas]


def test_the_same_seed_gives_the_same_ideas_for_all_time() -> None:
    assert prompts(propose("river")) == [
        "river at high tide, firelight on faces, casein on board, one vertical, all else lying down",
        "river, Fauvist, in cornflower and wheat, cropped so close that the whole is only guessed",
        "river at harvest, with thistles, serene, in acid yellow against violet",
        "river, repeated small, like a pattern, watercolour and pencil, double exposure",
        "river, Art Nouveau, in aubergine, plum and ash, overlapping planes without depth",
    ]
    boats = propose("a {red|blue} boat, {2$$ and $$__colour__}", 3, 7)
    assert prompts(boats) == [
        "a blue boat, violet and viridian",
        "a red boat, terracotta and indigo",
        "a blue boat, sand and emerald",
    ]
    assert [idea.concept for idea in propose("river", 2).ideas] == [
        "Build it from rectangles, then let one curve in.",
        "Let the loudest colour sit in the quietest place.",
    ]


def test_another_seed_gives_others() -> None:
    assert not set(prompts(propose("river"))) & set(prompts(propose("river", seed=2)))


@pytest.mark.parametrize("words", ["river", "a river , with  two boats", "Fluß, 河", "an old mill at dusk"])
def test_the_users_words_stand_unchanged_at_the_start(words: str) -> None:
    for idea in propose(words, 10).ideas:
        assert idea.prompt.startswith(" ".join(words.split()))
        assert idea.pieces[0].source == "you"
        assert idea.added
        assert "".join(piece.text for piece in idea.pieces) == idea.prompt


def test_a_set_differs_more_than_one_taken_as_it_comes() -> None:
    def nearest(found: IdeaSet) -> float:
        alike = likenesses([idea.added for idea in found.ideas])
        return float((alike - np.eye(len(alike))).max())

    spread = [nearest(propose("river", 8, seed)) for seed in range(6)]
    taken = [nearest(propose("river", 8, seed, oversample=1)) for seed in range(6)]
    assert sum(spread) < 0.6 * sum(taken)
    assert all(value > 0.9 for value in [propose("river", 8).figures["distinct_2"] or 0])


def test_no_concept_comes_twice_in_a_set() -> None:
    concepts = [idea.concept for idea in propose("river", 30).ideas]
    assert len(set(concepts)) == 30
    assert set(concepts) <= set(shipped_lists()["approach"])


def test_a_mood_is_said_and_leads_the_lists_it_is_in() -> None:
    found = propose("a mill", 12, mood="hushed")
    assert found.reasons == ("'hushed' is a calm mood: light, weather and palette follow it",)
    assert all("hushed" in idea.prompt for idea in found.ideas)
    lights = {piece.source for idea in found.ideas for piece in idea.pieces if "light" in piece.source}
    assert lights == {"list:light/calm"}


def test_a_mood_that_no_list_knows_is_said_and_leads_nothing() -> None:
    found = propose("a mill", mood="zygotic")
    assert "in no list of moods" in found.reasons[0]
    assert all("zygotic" in idea.prompt for idea in found.ideas)


def test_a_time_that_the_user_named_stands_alone() -> None:
    def sources(words: str) -> set[str]:
        return {piece.source for idea in propose(words, 20).ideas for piece in idea.pieces}

    assert "list:time" in sources("a mill")
    assert "list:time" not in sources("a mill at dusk")


@pytest.fixture
def night(tmp_path: Path) -> Path:
    pixels = np.zeros((300, 200, 3), np.uint8)
    pixels[:] = (20, 24, 60)
    pixels[40:120, 40:120] = (150, 20, 25)
    Image.fromarray(pixels).save(tmp_path / "night.png")
    return tmp_path / "night.png"


def test_an_image_lends_its_palette_light_and_format(night: Path) -> None:
    found = propose("a mill", 12, image=night)
    assert "the image is dark: light and weather are dark ones" in found.reasons
    assert "the format is the image's: upright" in found.reasons
    lights = {piece.source for idea in found.ideas for piece in idea.pieces if "light" in piece.source}
    assert lights == {"list:light/dark"}
    for idea in found.ideas:
        lent = [piece.text for piece in idea.pieces if piece.source == "image"]
        assert any("red" in text for text in lent), idea.prompt


def test_an_image_or_a_mood_alone_is_enough(night: Path) -> None:
    for found in (propose(image=night), propose(mood="quiet"), propose(template="{a|b} __light__")):
        assert len(found.ideas) == 5
        assert len(set(prompts(found))) == 5


def test_nothing_is_no_beginning() -> None:
    with pytest.raises(InputError, match="give words, --mood, --image or --template"):
        propose("  ")


def test_a_template_is_kept_beside_what_it_became() -> None:
    found = propose("boat", template="${words} in __light__, {oil|ink}", seed=4)
    for idea in found.ideas:
        assert idea.template == "${words} in __light__, {oil|ink}"
        assert idea.prompt.startswith("boat in ")
        assert [pick.where for pick in idea.picks] == ["__light__", "{…}"]
        assert all(pick.value in idea.prompt for pick in idea.picks)


def test_a_template_without_the_users_words_follows_them() -> None:
    assert all(
        prompt.startswith("boat, a poster") for prompt in prompts(propose("boat", template="a poster"))
    )


def test_a_template_of_few_results_gives_each_once() -> None:
    assert sorted(prompts(propose("a {red|blue} boat", 9))) == ["a blue boat", "a red boat"]


def test_own_lists_are_drawn_from(tmp_path: Path) -> None:
    (tmp_path / "ship.txt").write_text("cog\nbarge\n", encoding="utf-8")
    found = propose("a __ship__", 9, words_folder=str(tmp_path))
    assert sorted(prompts(found)) == ["a barge", "a cog"]
    assert found.lists != propose("river").lists


@pytest.mark.parametrize("words", ["a {red|blue", "a __nolist__", "${none}"])
def test_a_template_at_fault_is_refused(words: str) -> None:
    with pytest.raises(TemplateError):
        propose(words)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(OptionError, match="count"):
        propose("river", 0)


def script(tmp_path: Path, *say: object) -> str:
    (tmp_path / "script.json").write_text(json.dumps([{"say": list(say)}]), encoding="utf-8")
    return f"scripted:{tmp_path / 'script.json'}"


def by_model(model: str, count: int = 2, **given: str) -> IdeaSet:
    return propose_ideas("river", options=IdeasOptions(count=count, seed=1, model=model), **given)


def test_a_model_that_only_writes_adds_a_detail_and_replaces_nothing(tmp_path: Path) -> None:
    details = [" heron by the reeds. And more.", " cart without its wheels.", " row of poplars in mist."]
    found = by_model(script(tmp_path, *details) + "?talks=no")
    before = propose("river", 2)
    for idea, plain in zip(found.ideas, before.ideas, strict=True):
        assert idea.prompt.startswith(plain.prompt)
        assert idea.pieces[:-1] == plain.pieces
        assert idea.pieces[-1].source == idea.model
        assert idea.model_seed is not None
    added = [idea.pieces[-1].text for idea in found.ideas]
    assert len(set(added)) == 2
    assert not any("And more" in text for text in added)


def test_a_model_that_writes_nothing_of_use_is_told(tmp_path: Path) -> None:
    found = by_model(script(tmp_path, "?") + "?talks=no")
    assert prompts(found) == prompts(propose("river", 2))
    assert "found nothing to add to 2 of 2 ideas" in found.remarks[0]


def entry(number: int, added: str, concept: str = "Look twice.") -> dict[str, object]:
    return {"number": number, "added": added, "concept": concept}


def test_a_model_that_follows_instructions_is_asked_again_until_its_answer_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    twice = {"ideas": [entry(1, "two swans"), entry(1, "a net")]}
    right = {"ideas": [entry(2, "a net on the bank."), entry(1, "two swans")]}
    found = by_model(script(tmp_path, "no JSON", twice, right))
    plain = propose("river", 2)
    assert prompts(found) == [
        f"{plain.ideas[0].prompt}, two swans",
        f"{plain.ideas[1].prompt}, a net on the bank",
    ]
    assert [idea.concept for idea in found.ideas] == ["Look twice.", "Look twice."]
    assert found.ideas[0].concept_source == found.ideas[0].model


def test_a_model_that_never_answers_rightly_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    with pytest.raises(ModelError, match="no answer that could be used"):
        by_model(script(tmp_path, {"ideas": [entry(1, "a"), entry(2, "a")]}))


def test_a_model_that_does_not_write_is_refused() -> None:
    with pytest.raises(ModelError, match="does not write"):
        propose_ideas("river", options=IdeasOptions(seed=1), model=open_model("builtin"))


def test_the_builtin_writer_adds_to_ideas_and_gives_the_same_again() -> None:
    found, again = by_model("builtin:writer"), by_model("builtin:writer")
    assert prompts(found) == prompts(again)
    added = [idea for idea in found.ideas if idea.model]
    assert added
    assert all(idea.pieces[0].text == "river" for idea in found.ideas)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" heron by the reeds. The sky is blue.", "heron by the reeds"),
        (" heron by the reeds, and a b", "heron by the reeds"),
        (" painting of a heron.", ""),
        (" heron beside a heron.", ""),
        (" river runs by.", ""),
        (" cloudy sky with clouds.", ""),
        (" heron", ""),
    ],
)
def test_of_what_a_model_writes_a_short_clause_on_the_scene_is_kept(text: str, kept: str) -> None:
    assert clean(text, whole=not text.endswith(" b"), own="a river") == kept
