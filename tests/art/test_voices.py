"""Voices: that every rule of those that ship can be said, and what is told of broken ones."""

from pathlib import Path

import numpy as np
import pytest

from calligram.art.eyes import eyes_of
from calligram.art.grounding import contradictions
from calligram.art.phrasing import check_rules, phrase
from calligram.art.voices import STEPS, Condition, open_voice, voice_names
from calligram.art.wording import PIECES, pieces_of
from calligram.errors import InputError

CHANCE = np.random.default_rng(0)
SCENES = {
    "dark": np.full((60, 90, 3), (20, 18, 16), np.uint8),
    "noise": CHANCE.integers(256, size=(80, 80, 3)).astype(np.uint8),
    "upright": np.repeat(np.linspace(0, 255, 120).astype(np.uint8)[:, None, None], 70, 1).repeat(3, 2),
    "sea": np.repeat(np.array([[(170, 200, 230)]] * 30 + [[(20, 50, 80)]] * 50, np.uint8), 100, 1),
    "stripes": np.tile(np.array([[(250, 250, 250)] * 8 + [(200, 30, 30)] * 8], np.uint8), (96, 6, 1)),
    "paper": np.full((100, 140, 3), 250, np.uint8),
}  # fmt: skip
ALL = ("plain", *voice_names())


def test_four_voices_ship_that_critics_have() -> None:
    assert voice_names() == ("children", "formal", "historical", "studio")


def test_the_pieces_are_those_that_are_known() -> None:
    made = set().union(*(pieces_of(eyes_of(image, png=False)) for image in SCENES.values()))
    assert made <= PIECES


@pytest.mark.parametrize("name", ALL)
def test_rules_ask_only_for_facts_and_pieces_that_there_are(name: str) -> None:
    facts = eyes_of(SCENES["sea"], png=False).facts
    for step in STEPS:
        check_rules(open_voice(name).rules[step], facts)


@pytest.mark.parametrize("name", ALL)
def test_every_sentence_of_every_rule_rests_on_something(name: str) -> None:
    for rules in open_voice(name).rules.values():
        for rule in rules:
            for text in rule.say:
                assert rule.when or "{" in text, text
                assert text[-1] in ".?!"


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("scene", SCENES)
def test_each_step_says_something_of_any_image_that_its_facts_bear_out(name: str, scene: str) -> None:
    eyes = eyes_of(SCENES[scene], png=False)
    pieces = pieces_of(eyes)
    for step in STEPS if name != "plain" else STEPS[:1]:
        for seed in range(3):
            said = phrase(open_voice(name).rules[step], pieces, eyes.facts, seed)
            assert said, (name, scene, step)
            for statement in said:
                assert statement.grounded
                assert "{" not in statement.text
                assert contradictions(statement.text, eyes.facts) == ()


def test_seeds_in_a_row_use_other_words() -> None:
    eyes = eyes_of(SCENES["sea"], png=False)
    rules, pieces = open_voice("plain").rules["describe"], pieces_of(eyes)
    first, second = (phrase(rules, pieces, eyes.facts, seed) for seed in (4, 5))
    assert [each.text for each in first] == [each.text for each in phrase(rules, pieces, eyes.facts, 4)]
    assert not {each.text for each in first[:3]} & {each.text for each in second[:3]}


def test_the_most_important_topics_are_kept_in_their_order() -> None:
    eyes = eyes_of(SCENES["sea"], png=False)
    voice, pieces = open_voice("plain"), pieces_of(eyes)
    whole = [each.text for each in phrase(voice.rules["describe"], pieces, eyes.facts, 0)]
    kept = [each.text for each in phrase(voice.rules["describe"], pieces, eyes.facts, 0, 3, voice.keep)]
    assert len(kept) == 3 < len(whole)
    assert kept == [text for text in whole if text in kept]


def write_voice(folder: Path, rule: str) -> str:
    path = folder / "mine.toml"
    path.write_text(f'title = "Mine"\nmeaning = "mine"\nspeaker = "You."\n{rule}', encoding="utf-8")
    return str(path)


def test_a_voice_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    when = 'when = ["contrast = low|very low", "rhythm >= 0.3"]'
    rule = f'[[judge]]\ntopic = "tone"\n{when}\nsay = ["So {{contrast}}."]'
    voice = open_voice(write_voice(tmp_path, rule))
    assert voice.rules["judge"][0].when == (
        Condition("contrast", "=", ("low", "very low")),
        Condition("rhythm", ">=", ("0.3",)),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("[[judge]]\ntopic = 'tone'", "it has no 'say'"),
        ("[[judge]]\ntopic = 'tone'\nsay = 'so'", "must be a list of sentences"),
        (
            "[[judge]]\ntopic = 'tone'\nwhen = ['contrast low']\nsay = ['so']",
            "'contrast low' is no condition",
        ),
        ("[[judge]]\ntopic = 'tone'\nwhen = ['rhythm > much']\nsay = ['so']", "could not convert"),
        ("[[judge", "Expected"),
    ],
)
def test_a_broken_voice_is_told_in_one_sentence(tmp_path: Path, rule: str, told: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as caught:
        open_voice(write_voice(tmp_path, rule))
    assert told in str(caught.value)


def test_a_rule_that_asks_for_what_there_is_not_is_told(tmp_path: Path) -> None:
    eyes = eyes_of(SCENES["sea"], png=False)
    fact = '[[judge]]\ntopic = "a"\nwhen = ["beauty > 1"]\nsay = ["so"]'
    with pytest.raises(InputError, match="asks for the fact 'beauty'"):
        check_rules(open_voice(write_voice(tmp_path, fact)).rules["judge"], eyes.facts)
    with pytest.raises(InputError, match="there is no voice 'shouting': choose children, formal"):
        open_voice("shouting")


def test_a_piece_that_there_is_not_is_told(tmp_path: Path) -> None:
    eyes = eyes_of(SCENES["sea"], png=False)
    rule = '[[judge]]\ntopic = "a"\nsay = ["So {lovely}."]'
    with pytest.raises(InputError, match="has the piece 'lovely': there are accent, "):
        check_rules(open_voice(write_voice(tmp_path, rule)).rules["judge"], eyes.facts)
