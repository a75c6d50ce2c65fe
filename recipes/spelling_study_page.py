"""Writes what the study of spellings found: results as JSON, a plot, and the table of the page."""

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from calligram.metrics.base import Figures, wilson_interval
from calligram.whole_files import make_folder, write_whole

BEGIN, END = "<!-- results -->", "<!-- /results -->"
MEANS = ("accuracy", "tokens", "vocabulary", "unknown", "teraflops", "cpu_seconds")
HEAD = (
    "tokenizer", "spelling", "tokens a picture", "right", "95 % interval", "seeds", "apart", "TFLOP", "CPU s",
)  # fmt: skip

SIZE, FINER = (960, 560), 3
LEFT, RIGHT, TOP, BOTTOM = 76, 30, 56, 64
COLOURS = ("#2e6da4", "#c0392b", "#2f7d4f", "#8a6d1d")
INK, FAINT, GUIDE = "#22262b", "#6b737c", "#e3e6e9"


def write(docs: Path, runs: Sequence[Figures]) -> None:
    """Write ``results/spelling-study.json`` and its plot, and the page's table between its two marks.

    Args:
        docs: folder of the documentation.
        runs: one entry for each trained network.
    """
    lines = summarise(runs)
    folder = make_folder(docs / "results")
    told = {"summary": lines, "runs": list(runs)}
    write_whole(folder / "spelling-study.json", (json.dumps(told, indent=1) + "\n").encode())
    plot(lines, folder / "spelling-study.png")
    page = docs / "spelling-study.md"
    if page.is_file():
        inside = f"{BEGIN}\n{table(lines)}\n{END}"
        made = re.sub(f"{BEGIN}.*?{END}", lambda _: inside, page.read_text(encoding="utf-8"), flags=re.DOTALL)
        write_whole(page, made.encode())


def summarise(runs: Sequence[Figures]) -> list[Figures]:
    """Return one line for each tokenizer and spelling, the shortest spelling first: means over seeds.

    ``interval`` is Wilson's for the mean share on as many pictures as one network read, which says how far
    chance among test pictures goes; ``spread`` is the distance between the best and the worst seed.
    """
    lines = []
    for key in dict.fromkeys((each["tokenizer"], each["spelling"]) for each in runs):
        group = [each for each in runs if (each["tokenizer"], each["spelling"]) == key]
        shares, count = [each["accuracy"] for each in group], group[0]["n"]
        line = {"tokenizer": key[0], "spelling": key[1], "seeds": len(group)}
        line |= {name: float(np.mean([each[name] for each in group])) for name in MEANS}
        line |= {"interval": wilson_interval(round(float(np.mean(shares)) * count), count)}
        lines.append(line | {"spread": max(shares) - min(shares)})
    return sorted(lines, key=lambda line: (line["tokenizer"], line["tokens"]))


def table(lines: Sequence[Figures]) -> str:
    """Return the results as Markdown."""
    rows = [HEAD, tuple("---" if place < 2 else "---:" for place in range(len(HEAD)))]
    rows += [_row(line) for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(line: Figures) -> tuple[str, ...]:
    low, high = line["interval"]
    return (
        line["tokenizer"],
        line["spelling"],
        f"{line['tokens']:.0f}",
        f"{line['accuracy']:.1%}",
        f"{low:.1%}–{high:.1%}",
        str(line["seeds"]),
        f"{line['spread']:.1%}",
        f"{line['teraflops']:.1f}",
        f"{line['cpu_seconds']:.0f}",
    )


def plot(lines: Sequence[Figures], path: Path) -> None:
    """Write a PNG of the share read rightly over the tokens of a picture, with intervals."""
    frame = Frame(lines)
    for share in frame.ticks:
        frame.line((0, share), (frame.most, share), GUIDE)
        frame.text((0, share), f"{share:.0%}", FAINT, (-10, 5), "rs")
    for tokens in range(0, int(frame.most) + 1, 50):
        frame.text((tokens, frame.lowest), str(tokens), FAINT, (0, 24), "ms")
    frame.text((frame.most / 2, frame.lowest), "tokens of a picture", INK, (0, 50), "ms")
    frame.text((0, frame.highest), "test pictures read rightly", INK, (0, -26), "ls")
    for place, name in enumerate(dict.fromkeys(line["tokenizer"] for line in lines)):
        frame.dot((frame.most, frame.highest), COLOURS[place], (-230 + 130 * place, -31))
        frame.text((frame.most, frame.highest), name, INK, (-218 + 130 * place, -26), "ls")
        for line in (line for line in lines if line["tokenizer"] == name):
            at = (line["tokens"], line["accuracy"])
            low, high = line["interval"]
            frame.line((line["tokens"], low), (line["tokens"], high), COLOURS[place])
            frame.dot(at, COLOURS[place], (0, 0))
            frame.text(at, line["spelling"], INK, (10, 5), "ls")
    frame.save(path)


class Frame:
    """A sheet on which places are given in tokens and shares.

    Args:
        lines: the results that have to fit on it.
    """

    def __init__(self, lines: Sequence[Figures]) -> None:
        self.most = max(line["tokens"] for line in lines) * 1.3
        lows, highs = zip(*(line["interval"] for line in lines), strict=True)
        self.lowest, self.highest = np.floor(min(lows) * 20) / 20, np.ceil(max(highs) * 20) / 20
        self.ticks = np.arange(self.lowest, self.highest + 0.001, 0.05)
        self._image = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), "white")
        self._drawing = ImageDraw.Draw(self._image)

    def _at(self, place: tuple[float, float], shift: tuple[float, float] = (0, 0)) -> tuple[float, float]:
        across = LEFT + place[0] / self.most * (SIZE[0] - LEFT - RIGHT) + shift[0]
        share = (self.highest - place[1]) / (self.highest - self.lowest)
        return across * FINER, (TOP + share * (SIZE[1] - TOP - BOTTOM) + shift[1]) * FINER

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        """Draw a line."""
        self._drawing.line((*self._at(start), *self._at(end)), colour, 2 * FINER)

    def dot(self, place: tuple[float, float], colour: str, shift: tuple[float, float]) -> None:
        """Draw a dot, shifted by so many pixels."""
        x, y = self._at(place, shift)
        radius = 5 * FINER
        self._drawing.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def text(
        self, place: tuple[float, float], text: str, colour: str, shift: tuple[float, float], anchor: str
    ) -> None:
        """Write a text, shifted by so many pixels."""
        font = ImageFont.load_default(15 * FINER)
        self._drawing.text(self._at(place, shift), text, colour, font, anchor=anchor)

    def save(self, path: Path) -> None:
        """Write the sheet as a PNG."""
        held = io.BytesIO()
        self._image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64).save(held, "PNG", optimize=True)
        write_whole(path, held.getvalue())
