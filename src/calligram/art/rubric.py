"""What a judge is asked: five aspects of a work, each with a question and what its levels 1 to 5 mean.

The aspects stand side by side and are never added up: they are different things, and a sum of them is
none. Each level is anchored in something that can be pointed at, so that two judges can mean the same by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 5
UNTOLD = 0
"""The level by which a judge says that an aspect cannot be judged from what it was given."""


@dataclass(frozen=True)
class Aspect:
    """One thing that is judged.

    Args:
        name: one word.
        question: what is asked of the work.
        anchors: what each level means, from 1 to 5.
        facts: keys of the facts that bear on it, told beside the verdict; they do not decide it.
    """

    name: str
    question: str
    anchors: tuple[str, str, str, str, str]
    facts: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield question and anchors as lines for a prompt."""
        yield f"Aspect: {self.name}. {self.question}"
        yield from (f"  {level} = {anchor}" for level, anchor in enumerate(self.anchors, LOWEST))


ASPECTS = (
    Aspect(
        "creativity",
        "Does the work join things, forms or colours in a way that was not to be expected and still holds?",
        (
            "a stock arrangement; nothing in it needed a choice",
            "one small departure from the usual, which changes little in the whole",
            "a clear idea of its own in subject, composition or colour, carried out in part",
            "an unexpected idea that shapes most of the picture and holds together",
            "an idea that remakes the subject, and that every large part of the picture serves",
        ),
        ("main_colour", "centre", "symmetrical", "complexity", "busy_or_empty"),
    ),
    Aspect(
        "aesthetics",
        "How well do colour, light and arrangement work together as a whole to look at?",
        (
            "colours, lights or masses get in each other's way; nothing leads the eye",
            "some order, but a large part is unresolved: a dead area, a clash, a weight with no answer",
            "orderly and easy to look at; the parts are in place without strengthening each other",
            "colour, light and masses support each other; the eye is led and finds rest",
            "colour, light, masses and intervals each seem needed; taking one away would harm the rest",
        ),
        ("warmth", "colourfulness", "contrast", "key", "symmetry_left_right", "empty_space"),
    ),
    Aspect(
        "technique",
        "How well does the maker command the medium, as far as what is given lets that be seen?",
        (
            "form, edge and tone look accidental or out of control",
            "basic control; large passages are uncertain in drawing, tone or edge",
            "sound throughout; the medium is used correctly and plainly",
            "sure handling: edges, tones and textures vary for a purpose",
            "mastery: difficult passages are solved with economy, and the medium itself speaks",
        ),
        ("make", "edge_density", "texture", "contrast", "lightness"),
    ),
    Aspect(
        "emotion",
        "How strong and how clear is the feeling or mood that the work itself carries?",
        (
            "no mood can be named",
            "a faint or general mood, such as merely pleasant or merely dark",
            "one mood can be named and pointed at in the picture",
            "a strong mood that light, colour and subject all carry",
            "a strong and particular feeling, or a tension of two, which every large part deepens",
        ),
        ("warmth", "temperature", "light_or_dark", "key", "contrast", "main_colour"),
    ),
    Aspect(
        "originality",
        "How far is the work from others of its kind, as far as what is given lets that be known?",
        (
            "the same picture as another that is given or widely known",
            "a close variant of a common type",
            "a common type with clear traits of its own",
            "few works of its kind look like it; its difference can be pointed at",
            "no type fits it; its difference is large and can be pointed at",
        ),
        ("make", "main_colour", "colourfulness", "complexity", "centre"),
    ),
)
"""The five, in the order in which they are asked and told."""

NAMES = tuple(aspect.name for aspect in ASPECTS)
