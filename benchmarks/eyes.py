"""Whether what a text-only model is given answers what was measured; a rule reads the prompt, no model does.

``python -m benchmarks.eyes FOLDER…`` prints for each question how many pictures are answered as measured.
Where that can be done without our measures, the whole image is looked at a second time; and where the
characters of the text picture can answer alone, they are asked too.

``python -m benchmarks.eyes --tokens TOKENIZER FOLDER…`` counts the tokens of facts and of whole prompts.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from calligram.art.eyes import eyes_of
from calligram.art.facts import Facts
from calligram.errors import InputError
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.picture.files import find_images

QUESTIONS: dict[str, tuple[str, str]] = {
    "main colour": ("main_colour", r"^Main colour: ([a-z -]+), \d+ % of the picture$"),
    "orientation": ("orientation", r"^Orientation: (landscape|portrait|square)\b"),
    "light or dark": ("light_or_dark", r"^Light or dark: (light|middling|dark)\b"),
    "colour or grey": ("colour_or_grey", r"^Colour or grey: (colour|grey)$"),
    "symmetrical or not": ("symmetrical", r"^Symmetrical: (yes|no)\b"),
    "busy or empty": ("busy_or_empty", r"^Busy or empty: (busy|middling|empty)\b"),
}
"""Each question with the fact that answers it, and the rule that finds the answer in the prompt."""


def answer(question: str, prompt: str) -> str | None:
    """Return what a prompt answers to a question, or None where it answers nothing, or two things."""
    found = re.findall(QUESTIONS[question][1], prompt, re.MULTILINE)
    return found[0] if len(found) == 1 else None


def answer_from_picture(question: str, prompt: str) -> str | None:
    """Return what the characters alone answer, without the lines of facts; None where they cannot."""
    rows = re.findall(r"^[ \d]{2} \|(.+)\|$", prompt, re.MULTILINE)
    if question == "orientation":
        width, height = len(rows[0]), 2 * len(rows)
        # a row more or less is all that the grid can tell
        if abs(width - height) <= 0.05 * min(width, height):
            return "square"
        return "landscape" if width > height else "portrait"
    if question == "symmetrical or not":
        levels = np.array([[" .:-=+*#%@".index(symbol) for symbol in row] for row in rows], float)
        return "yes" if max(_mirrored(levels), _mirrored(levels.T)) >= 0.6 else "no"
    return None


def look_again(question: str, path: str) -> str | None:
    """Return what a plain look at the whole image answers, without our measures; None where it cannot."""
    with Image.open(path) as opened:
        image = opened.copy()
    if question == "orientation":
        width, height = image.size
        if max(width, height) < 1.05 * min(width, height):
            return "square"
        return "landscape" if width > height else "portrait"
    flat = image.convert("RGBA")
    rgb = np.asarray(Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat).convert("RGB"), float)
    if question == "colour or grey":
        return "colour" if (np.ptp(rgb, axis=-1) > 12).mean() >= 0.01 else "grey"
    linear = np.where(rgb <= 10.31475, rgb / 3294.6, ((rgb / 255 + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    lightness = np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)
    if question == "light or dark":
        return "dark" if lightness.mean() < 38 else "light" if lightness.mean() > 58 else "middling"
    if question == "symmetrical or not":
        return "yes" if max(_mirrored(lightness), _mirrored(lightness.T)) >= 0.6 else "no"
    return None


def _mirrored(plane: np.ndarray) -> float:
    apart = plane - plane.mean(axis=1, keepdims=True)
    if apart.std() < 1:
        return 1.0
    return float(np.corrcoef(apart.ravel(), apart[:, ::-1].ravel())[0, 1])


def count(paths: Iterable[str]) -> tuple[int, dict[str, Counter[str]]]:
    """Return how many pictures were read, and for each question how many answers were given and right.

    Returns:
        Of each question: ``right`` (equal to the fact), ``wrong``, ``none``; ``look`` and ``look right`` of
        the second look, ``characters`` and ``characters right`` of the characters alone.
    """
    counts: dict[str, Counter[str]] = {question: Counter() for question in QUESTIONS}
    read = 0
    for path in paths:
        try:
            eyes = eyes_of(path, png=False)
        except InputError as fault:
            print(fault, file=sys.stderr)
            continue
        read += 1
        for question, tally in counts.items():
            _tally(tally, eyes.facts, question, eyes.prompt, path)
    return read, counts


def _tally(tally: Counter[str], facts: Facts, question: str, prompt: str, path: str) -> None:
    measured, given = facts[QUESTIONS[question][0]], answer(question, prompt)
    tally["none" if given is None else "right" if given == measured else "wrong"] += 1
    others: dict[str, Callable[[], str | None]] = {
        "look": lambda: look_again(question, path),
        "characters": lambda: answer_from_picture(question, prompt),
    }
    for name, ask in others.items():
        told = ask()
        if told is not None:
            tally[name] += 1
            tally[f"{name} right"] += told == given


def count_tokens(spelling: str, paths: Iterable[str]) -> tuple[list[int], list[int]]:
    """Return the tokens of the lines of facts and of the whole prompt, for each picture."""
    tokenizer = open_tokenizer(spelling)
    lines, prompts = [], []
    for path in paths:
        eyes = eyes_of(path, png=False)
        lines.append(len(tokenizer.encode("\n".join(eyes.facts.lines()))))
        prompts.append(len(tokenizer.encode(eyes.prompt)))
    return lines, prompts


def main(folders: list[str]) -> None:
    """Print the table of the pictures in some folders."""
    if folders[0] == "--tokens":
        paths = (path for folder in folders[2:] for path in find_images(Path(folder)))
        for name, counts in zip(("facts", "prompt"), count_tokens(folders[1], paths), strict=True):
            print(f"{name}: {sum(counts) / len(counts):.0f} tokens, at most {max(counts)}")
        return
    read, tallies = count(path for folder in folders for path in find_images(Path(folder)))
    print(f"{read} pictures, {read * len(QUESTIONS)} questions\n")
    print(f"{'question':<20}{'answered as measured':>22}{'second look agrees':>20}{'characters alone':>18}")
    for question, tally in tallies.items():
        cells = [f"{tally['right']} of {read}"]
        cells += [
            f"{tally[f'{name} right']} of {tally[name]}" if tally[name] else "-"
            for name in ("look", "characters")
        ]
        print(f"{question:<20}{cells[0]:>22}{cells[1]:>20}{cells[2]:>18}")
    right = sum(tally["right"] for tally in tallies.values())
    print(f"\nanswered as measured: {right} of {read * len(QUESTIONS)}, {right / read / len(QUESTIONS):.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
