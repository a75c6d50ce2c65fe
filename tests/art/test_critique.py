"""Critiques: four steps in order, evidence for each claim, voices and languages."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calligram.art.critique import UNCHECKED, CritiqueOptions, critique_image
from calligram.art.critique_markdown import to_markdown
from calligram.art.languages import script_fault
from calligram.art.voices import STEPS, voice_names
from calligram.errors import InputError, ModelError, OptionError
from calligram.models.base import open_model

SEA = np.full((80, 100, 3), (20, 50, 80), np.uint8)
SEA[:30] = (170, 200, 230)
Scripts = Callable[..., str]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripts:
    """Return a function that writes a script of what is said and returns the model's spelling."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))

    def write(*say: object, options: str = "") -> str:
        path = tmp_path / "script.json"
        path.write_text(json.dumps([{"say": list(say)}]), encoding="utf-8")
        return f"scripted:{path}{options}"

    return write


def claims(*texts: str, facts: tuple[str, ...] = ("palette",)) -> dict[str, object]:
    entries = [{"text": text, "facts": list(facts), "regions": ["A1"]} for text in texts]
    return dict.fromkeys(STEPS, entries)


@pytest.mark.parametrize("voice", voice_names())
def test_each_voice_takes_four_steps_and_gives_evidence_for_every_claim(voice: str) -> None:
    found = critique_image(SEA, CritiqueOptions(voice=voice))
    assert list(found.steps) == ["describe", "analyse", "interpret", "judge"]
    assert all(found.steps.values())
    assert all(claim.grounded for claim in found.claims)
    told = found.to_json()
    assert (told["without_evidence"], told["contradicting"]) == (0, 0)
    assert told["limits"]


def test_voices_differ_and_seeds_vary_their_words() -> None:
    said = {
        tuple(claim.text for claim in critique_image(SEA, CritiqueOptions(voice=voice, seed=seed)).claims)
        for voice in voice_names()
        for seed in (0, 1)
    }
    assert len(said) == 2 * len(voice_names())


def test_what_is_imagined_stands_with_the_interpretation_and_counts_as_without_evidence(
    script: Scripts,
) -> None:
    model = open_model(script(" two boats at rest.", options="?talks=no"))
    found = critique_image(SEA, model=model)
    assert found.steps["interpret"][-1].origin == "imagined"
    assert sum(claim.origin == "imagined" for claim in found.claims) == 1
    assert found.to_json()["without_evidence"] == 1


def test_claims_of_a_model_are_marked_where_they_rest_on_nothing_or_contradict(script: Scripts) -> None:
    told = claims("The blue is deep.")
    told["judge"] = [{"text": "The red is good.", "facts": [], "regions": []}]
    found = critique_image(SEA, model=open_model(script(told)))
    assert found.steps["describe"][0].grounded
    assert found.steps["judge"][0].faults
    told = found.to_json()
    assert (told["claims"], told["without_evidence"], told["contradicting"]) == (4, 1, 1)


def test_a_step_that_is_missing_is_asked_for_again(script: Scripts) -> None:
    short = {step: entries for step, entries in claims("Blue.").items() if step != "judge"}
    found = critique_image(SEA, model=open_model(script(short, claims("Blue."))))
    assert found.remarks == ("asked 2 times until the answer could be used",)


def test_another_language_is_asked_for_until_its_script_comes(script: Scripts) -> None:
    korean = claims("파란색이 깊다.")
    found = critique_image(
        SEA, CritiqueOptions(language="Korean"), open_model(script(claims("The blue is deep."), korean))
    )
    assert found.steps["judge"][0].text == "파란색이 깊다."
    assert found.remarks == (UNCHECKED, "asked 2 times until the answer could be used")
    with pytest.raises(ModelError, match="it is not written in Korean"):
        critique_image(
            SEA, CritiqueOptions(language="Korean"), open_model(script(claims("The blue is deep.")))
        )


def test_a_model_that_does_not_follow_instructions_has_english_alone(script: Scripts) -> None:
    writer = open_model(script(" boats.", options="?talks=no"))
    for model, name in ((writer, "the model scripted"), (None, "rules without a model")):
        with pytest.raises(OptionError, match=name):
            critique_image(SEA, CritiqueOptions(language="German"), model)


def test_a_voice_without_a_step_needs_a_model_that_follows_instructions(
    script: Scripts, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\nmeaning = "mine"\nspeaker = "You are a sailor."', encoding="utf-8")
    with pytest.raises(InputError, match="no rules for the step 'describe'"):
        critique_image(SEA, CritiqueOptions(voice=str(path)))
    found = critique_image(SEA, CritiqueOptions(voice=str(path)), open_model(script(claims("Blue."))))
    assert found.voice.name == "mine"


def test_markdown_holds_every_claim_with_its_evidence_and_escapes_what_a_model_says(script: Scripts) -> None:
    told = claims("The <b>blue</b> is *deep*.")
    told["judge"] = [{"text": "Fine.", "facts": [], "regions": []}]
    text = to_markdown(critique_image(SEA, model=open_model(script(told))))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Describe",
        "## Analyse",
        "## Interpret",
        "## Judge",
        "## Evidence",
    ]
    assert "- The \\<b\\>blue\\</b\\> is \\*deep\\*. — `palette`, A1" in text
    assert "- Fine. — **without evidence**" in text
    offline = to_markdown(critique_image(SEA, CritiqueOptions(voice="formal")))
    assert "[^1]: R. Arnheim, Art and Visual Perception, 1954" in offline


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        ("Тихая гавань", "Russian", True),
        ("A quiet harbour", "Russian", False),
        ("静かな港、Monet 風", "Japanese", True),
        ("조용한 항구", "Japanese", False),
        ("Ein stiller Hafen", "German", True),
        ("ميناء هادئ", "Modern Standard Arabic", True),
        ("123", "Korean", True),
    ],
)
def test_scripts_tell_languages_apart_where_they_can(text: str, language: str, fits: bool) -> None:
    assert (script_fault(text, language) == "") is fits
