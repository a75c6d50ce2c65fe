"""What the built-in model can be asked: the questions, the requests and the answers it is taught."""

from collections.abc import Mapping, Sequence

NONE = "none"
"""The answer to a question about a picture that shows nothing of what was asked for."""

GENERAL = "What is this?\n"
"""The question that leaves the kind open."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

SUBJECTS: Mapping[str, Sequence[str]] = {
    "digit": tuple("0123456789"),
    "garment": (
        "T-shirt/top",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ),
    "letter": tuple(LETTERS),
}
"""What the shipped model was taught: kind -> the answers of that kind."""


def question(kind: str) -> str:
    """Return the question about a kind, as it stands behind a picture.

    >>> question("digit")
    'What digit is this?\\n'
    """
    return f"What {kind} is this?\n"


def drawing_opener(kind: str, layout: str) -> str:
    """Return the first line of a drawing prompt; the class follows on a line of its own.

    >>> drawing_opener("digit", "classic")
    'Draw this digit, classic:\\n'
    """
    return f"Draw this {kind}, {layout}:\n"


def drawing_prompt(kind: str, answer: str, layout: str) -> str:
    """Return the text after which the model draws.

    >>> drawing_prompt("digit", "5", "classic")
    'Draw this digit, classic:\\n5\\n'
    """
    return f"{drawing_opener(kind, layout)}{answer}\n"


def phrases(kinds: Sequence[str], layouts: Sequence[str]) -> list[str]:
    """Return every question and opener for the given kinds and layouts, in a fixed order."""
    openers = [drawing_opener(kind, layout) for kind in kinds for layout in layouts]
    return [GENERAL, *map(question, kinds), *openers]
