"""What a label holds, refuses and withholds, and the text that art tools read."""

import pytest
from tests.provenance.samples import FULL

from calligram.errors import OptionError
from calligram.provenance import Label
from calligram.provenance.label import LONGEST_TEXT
from calligram.provenance.layouts._parameters import taken_apart
from calligram.provenance.parameters import parameters_of

TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def test_each_way_of_making_has_its_source_type() -> None:
    assert Label("drawn").source_type == TERMS + "trainedAlgorithmicMedia"
    assert Label("composed").source_type == TERMS + "compositeSynthetic"
    assert Label("edited").source_type == TERMS + "compositeWithTrainedAlgorithmicMedia"
    assert Label("rendered").source_type == TERMS + "algorithmicMedia"
    assert Label("rendered", sources=("photo.jpg",)).source_type == TERMS + "algorithmicallyEnhanced"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"made": "found"}, "made is 'found', but must be one of drawn, composed, edited, rendered"),
        ({"mining": "no"}, "mining is 'no', but must be one of DMI-UNSPECIFIED"),
        ({"made_at": "yesterday"}, "made_at is 'yesterday', but must be ISO 8601"),
        ({"prompt": "x" * (LONGEST_TEXT + 1)}, "100001 characters, but at most 100000 fit"),
        ({"settings": {"a": ["b"]}}, "holds texts, numbers, yes and no, but was given"),
        ({"seed": "7"}, "the label's seed cannot be '7'"),
        ({"subjects": "cat"}, "the label's subjects cannot be 'cat'"),
    ],
)
def test_what_is_no_label_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        Label(**{"made": "drawn", **fields})  # type: ignore[arg-type]


def test_texts_are_kept_as_every_carrier_can_hold_them() -> None:
    label = Label("drawn", prompt="a\r\nb\rc\0d\ud800e", settings={"b": float("inf"), "a": 1})
    assert label.prompt == "a\nb\nc\ufffdd\ufffde"
    assert list(label.settings.items()) == [("a", 1), ("b", "inf")]


def test_a_withheld_prompt_leaves_what_shares_no_word_with_it() -> None:
    private = FULL.without_prompt()
    assert (private.prompt, private.avoid, private.prompt_writer) == ("", "", "")
    assert (private.title, private.description) == (FULL.title, "")
    assert private.subjects == ("猫",)
    assert dict(private.settings) == {"guidance": 2.5, "mask": None, "steps": 3, "tiled": True}
    assert (private.seed, private.creator, private.sources) == (7, FULL.creator, FULL.sources)


def test_the_parameters_are_read_back_by_the_rules_of_art_tools() -> None:
    told = taken_apart(parameters_of(FULL, (48, 40)))
    assert told is not None
    assert told.prompt == FULL.prompt
    assert told.avoid == FULL.avoid
    assert told.settings == {
        "Steps": "3",
        "CFG scale": "2.5",
        "Seed": "7",
        "Size": "48x40",
        "Model": "calligram adversarial",
        "Model version": "0123abcd",
        "Painter": "adversarial",
        "mask": "null",
        "style": 'flat, "bold"',
        "tiled": "true",
        "Made": "drawn",
        "Source type": "trainedAlgorithmicMedia",
        "Version": FULL.creator_tool,
    }


def test_the_shortest_label_still_has_the_three_settings_that_readers_ask_for() -> None:
    told = taken_apart(parameters_of(Label("rendered")))
    assert told is not None
    assert list(told.settings) == ["Made", "Source type", "Version"]


def test_names_of_settings_that_readers_do_not_take_for_names_are_spelled_anew() -> None:
    told = taken_apart(parameters_of(Label("drawn", settings={"a": 1, "b:c,d": 2, "": 3})))
    assert told is not None
    assert (told.settings["setting a"], told.settings["b_c_d"], told.settings["setting"]) == ("1", "2", "3")
