"""Critique: describe, analyse, interpret and judge, in that order, each claim with its evidence.

The order is Feldman's. A model that follows instructions is given facts and text picture and cites facts and
fields of it; without one the claims are put together from the facts by the rules of the voice. A claim that
cites nothing, or contradicts the facts, is marked; there is no single mark for the whole.

Source: E. B. Feldman, Art as Image and Idea, 1967, for the four steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from calligram import settings
from calligram.art.asking import AskingOptions, ask
from calligram.art.citing import citation_faults, sentence_schema, statements_of
from calligram.art.describing_images import check_shown, name_of, paragraph, shown_turn
from calligram.art.eyes import Eyes, EyesOptions, eyes_of
from calligram.art.facts import Facts
from calligram.art.grounding import Statement
from calligram.art.imagining import imagine
from calligram.art.languages import is_english, script_fault
from calligram.art.phrasing import check_rules, phrase
from calligram.art.voices import STEPS, Step, Voice, asking_texts, open_voice
from calligram.art.wording import pieces_of
from calligram.errors import InputError, OptionError
from calligram.models.base import Model, Talking
from calligram.picture.opening import ImageInput
from calligram.settings import option, option_of

LEAST_CLAIMS = 1
STEP_TITLES: Mapping[Step, str] = {
    "describe": "Describe",
    "analyse": "Analyse",
    "interpret": "Interpret",
    "judge": "Judge",
}
UNCHECKED = (
    "the claims are not in English, so that only their citations were checked, not whether they contradict "
    "the facts"
)


@dataclass(frozen=True)
class CritiqueOptions(AskingOptions):
    """How a critique is written."""

    GROUP: ClassVar[str] = "critique"

    voice: str = option("formal", "who speaks: children, formal, historical or studio, or a TOML file")
    language: str = option("English", "the language; others than English need a model that has them")
    model: str = option(
        "builtin:writer",
        "the model that writes; one that follows instructions writes it all, none imagines nothing",
    )
    base_url: str = option("", "address of the endpoint, for a model behind one")
    claims: int = option(5, "claims at most in each step", minimum=1, maximum=12)
    image_too: bool = option(
        False, "give the image itself too, to a model that takes images (as openai:NAME?images=yes)"
    )
    temperature: float = option_of(AskingOptions, "temperature", 0.7)


@dataclass(frozen=True)
class Critique:
    """A critique of one image.

    Args:
        file: as it was given.
        voice: who speaks.
        language: in which.
        steps: the claims of each step, in the order of the steps.
        facts: of the image.
        model: the name of the model that wrote or imagined, empty for none.
        seed: it follows from.
        remarks: what a person should know of how it was made.
    """

    file: str
    voice: Voice
    language: str
    steps: Mapping[Step, tuple[Statement, ...]]
    facts: Facts
    model: str
    seed: int
    remarks: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[Statement, ...]:
        """The claims of all steps."""
        return tuple(claim for step in STEPS for claim in self.steps[step])

    def to_json(self) -> dict[str, Any]:
        """Return all of it, with the lines of the facts that are cited."""
        cited = dict.fromkeys(key for claim in self.claims for key in claim.facts)
        return {
            "file": self.file,
            "voice": self.voice.name,
            "language": self.language,
            **{step: [claim.to_json() for claim in self.steps[step]] for step in STEPS},
            "facts": {key: self.facts.text(key) for key in cited},
            "claims": len(self.claims),
            "without_evidence": sum(not (claim.facts or claim.regions) for claim in self.claims),
            "contradicting": sum(bool(claim.faults) for claim in self.claims),
            "limits": self.voice.limits,
            "model": self.model,
            "seed": self.seed,
            "remarks": list(self.remarks),
        }


def critique_image(
    image: ImageInput, options: CritiqueOptions | None = None, model: Model | None = None
) -> Critique:
    """Return a critique of an image in four steps, each claim with its evidence.

    Args:
        image: a path, ``-`` for standard input, bytes of a file, a Pillow image or an array.
        options: voice, language, seed, and how a model is asked.
        model: one that follows instructions, or goes on with texts; without one nothing is imagined.

    Raises:
        ImageError: the image cannot be read.
        InputError: there is no such voice, or it has no rules for a step.
        LimitError: the image is over a limit.
        ModelError: the model neither writes nor follows instructions, or gives no answer that can be used.
        OptionError: an option is out of its range, the language needs another model, or the image is wanted
            by a model that takes none.
    """
    options = options or CritiqueOptions()
    settings.check(options)
    voice = open_voice(options.voice)
    check_shown(model, options.image_too)
    check_language(model, options.language)
    eyes = eyes_of(image, EyesOptions(), png=options.image_too)
    remarks: tuple[str, ...] = ()
    if isinstance(model, Talking):
        steps, remarks = _asked(model, voice, eyes, options)
    else:
        steps = _composed(model, voice, eyes, options)
    name = model.name if model is not None else ""
    return Critique(name_of(image), voice, options.language, steps, eyes.facts, name, options.seed, remarks)


def check_language(model: Model | None, language: str) -> None:
    """Raise OptionError where a language is asked of a model that does not follow instructions."""
    if not is_english(language) and not isinstance(model, Talking):
        name = f"the model {model.name}" if model is not None else "rules without a model"
        raise OptionError(
            f"language is {language!r}, but {name} writes English alone: name a model that follows "
            "instructions and has the language, as openai:NAME"
        )


def _composed(
    model: Model | None, voice: Voice, eyes: Eyes, options: CritiqueOptions
) -> dict[Step, tuple[Statement, ...]]:
    missing = [step for step in STEPS if not voice.rules[step]]
    if missing:
        raise InputError(
            f"the voice {voice.name!r} has no rules for the step {missing[0]!r}, which it needs where no "
            "model follows instructions: add some, or name such a model"
        )
    for step in STEPS:
        check_rules(voice.rules[step], eyes.facts)
    pieces = pieces_of(eyes)
    steps = {
        step: tuple(phrase(voice.rules[step], pieces, eyes.facts, options.seed, options.claims, voice.keep))
        for step in STEPS
    }
    if model is not None:
        told = paragraph(steps["describe"])
        steps["interpret"] += imagine(model, eyes.facts, told, "caption", options.seed, options.temperature)
    return steps


def _asked(
    model: Talking, voice: Voice, eyes: Eyes, options: CritiqueOptions
) -> tuple[dict[Step, tuple[Statement, ...]], tuple[str, ...]]:
    words = asking_texts()["critique"].format(
        speaker=voice.speaker,
        language=options.language,
        least=LEAST_CLAIMS,
        most=options.claims,
        keys=", ".join(eyes.facts.to_json()),
        eyes=eyes.prompt,
    )

    def check(value: Mapping[str, Any]) -> list[str]:
        entries = [entry for step in STEPS for entry in value[step]]
        fault = script_fault(" ".join(entry["text"] for entry in entries), options.language)
        return [*citation_faults(entries, eyes), *([fault] if fault else [])]

    turn = shown_turn(words, eyes, options.image_too)
    answer = ask(model, [turn], _schema(eyes.facts, options.claims), check, options)
    english = is_english(options.language)
    steps = {step: statements_of(answer.value[step], eyes, english) for step in STEPS}
    remarks = [] if english else [UNCHECKED]
    if answer.tries > 1:
        remarks.append(f"asked {answer.tries} times until the answer could be used")
    return steps, tuple(remarks)


def _schema(facts: Facts, most: int) -> dict[str, Any]:
    claims = {
        "type": "array",
        "items": sentence_schema(facts),
        "minItems": LEAST_CLAIMS,
        "maxItems": most,
    }
    return {
        "type": "object",
        "properties": dict.fromkeys(STEPS, claims),
        "required": list(STEPS),
        "additionalProperties": False,
    }
