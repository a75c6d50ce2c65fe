"""One picture that shows the facts of an image: palette, weight, what stands out, symmetry."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from calligram.art.fact import Facts
from calligram.art.facts_maps import mirror_map, plain_map, salience_map, weight_map
from calligram.art.views import View

WIDTH, MARGIN, GAP = 1480, 40, 24
PANEL = 440
"""Pixels a panel is wide; its height follows from the image, within the bounds below."""
LOWEST, HIGHEST = 200, 470
PAPER, INK, PALE, LINE, FRAME = "#fbfaf7", "#23211f", "#77726b", "#dcd8d0", "#efece5"
ACCENT = "#e24a33"
TITLE, HEAD, TEXT, SMALL = 26, 17, 15, 13
STRIP = 58
"""Pixels the palette is high."""
LABEL = 34
"""Pixels under a panel for its label."""
LINE_STEP = 24
LEAST_STEP, LABELLED_STEP, MOST_STEP = 41, 47, 62
"""Pixels from one gauge to the next, and from where on there is room to name its ends."""
SCALES = {
    "": ((226, 222, 214), (150, 144, 134)),
    "warmth": ((60, 110, 180), (210, 110, 40)),
    "lightness": ((20, 20, 20), (250, 250, 250)),
}
"""Colours of a gauge's ends."""
LONGEST_TITLE = 90

GAUGES: tuple[tuple[str, str, float, float, str], ...] = (
    ("warmth", "Warmth", -1, 1, "cool|warm"),
    ("colourfulness", "Colourfulness", 0, 110, "grey|extreme"),
    ("lightness", "Lightness", 0, 100, "black|white"),
    ("contrast", "Contrast", 0, 0.4, "flat|strong"),
    ("symmetry_left_right", "Symmetry, left to right", -1, 1, "against|mirrored"),
    ("symmetry_top_bottom", "Symmetry, top to bottom", -1, 1, "against|mirrored"),
    ("empty_space", "Empty space", 0, 1, "none|all"),
    ("edge_density", "Edges", 0, 0.6, "none|many"),
    ("texture", "Texture", 0, 8, "smooth|rough"),
    ("complexity", "Complexity", 0, 2.5, "plain|busy"),
    ("rhythm", "Rhythm", 0, 1, "none|exact"),
)
"""Key, title, ends of the scale, and what its ends are called; what is beyond is shown at the end."""


def show_facts(view: View, facts: Facts, title: str = "") -> Image.Image:
    """Return one picture that shows the facts of an image.

    Args:
        view: the image.
        facts: what is measured on it.
        title: what stands at its top.

    Returns:
        An RGB image 1480 pixels wide; its height follows from the image.
    """
    return _Page(view, facts, title).draw()


def to_png(image: Image.Image) -> bytes:
    """Return an image as the bytes of a PNG file."""
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


class _Page:
    def __init__(self, view: View, facts: Facts, title: str) -> None:
        self.view, self.facts, self.title = view, facts, title
        height, width = view.rgb.shape[:2]
        self.panel_height = max(LOWEST, min(HIGHEST, round(PANEL * height / width)))
        scale = min(PANEL / width, self.panel_height / height)
        self.size = max(1, round(width * scale)), max(1, round(height * scale))
        self.fonts = {size: ImageFont.load_default(size) for size in (TITLE, HEAD, TEXT, SMALL)}

    def draw(self) -> Image.Image:
        top, right = MARGIN + 74, MARGIN + 2 * (PANEL + GAP) + GAP
        panels, palette = 2 * (self.panel_height + LABEL) + GAP, self._palette_height()
        column = max(panels, palette + GAP + LEAST_STEP * len(GAUGES))
        self.page = Image.new("RGB", (WIDTH, top + column + MARGIN), PAPER)
        self.pen = ImageDraw.Draw(self.page)
        self._head()
        self._panels(top)
        step = min(MOST_STEP, (column - palette - GAP) / len(GAUGES))
        self._gauges(right, top, step)
        self._palette(right, top + step * len(GAUGES) + GAP)
        return self.page

    def _text(
        self, place: tuple[float, float], text: str, size: int, colour: str = INK, anchor: str = "la"
    ) -> None:
        self.pen.text(place, text, colour, self.fonts[size], anchor=anchor)

    def _head(self) -> None:
        facts = self.facts
        title = self.title if len(self.title) <= LONGEST_TITLE else f"…{self.title[-LONGEST_TITLE:]}"
        self._text((MARGIN, MARGIN - 6), title, TITLE)
        told = [f"{facts['width_px']} x {facts['height_px']} px", facts["orientation"]]
        told += [
            facts["colour_or_grey"],
            f"{facts['light_or_dark']}, {facts['key']} key",
            facts["temperature"],
        ]
        told += [f"busy or empty: {facts['busy_or_empty']}", f"symmetrical: {facts['symmetrical']}"]
        told += [f"a guess: {facts['make']}"]
        self._text((MARGIN, MARGIN + 34), "   ·   ".join(told), TEXT, PALE)

    def _panels(self, top: int) -> None:
        centre = f"Centre of weight {self.facts['centre']}"
        horizon = self.facts["horizon"]
        lined = centre if horizon is None else f"{centre}; level line at {horizon * 100:.0f} %"
        across, down = (self.facts[f"symmetry_{way}"] for way in ("left_right", "top_bottom"))
        axis = "left to right" if across >= down else "top to bottom"
        shown = [
            (plain_map(self.view, self.size), "The image"),
            (weight_map(self.view, self.facts, self.size), lined),
            (salience_map(self.view, self.size), "What stands out, light where most"),
            (mirror_map(self.view, self.facts, self.size), f"Unlike its mirror image, {axis}: red"),
        ]
        for place, (image, label) in enumerate(shown):
            x = MARGIN + (place % 2) * (PANEL + GAP)
            y = top + (place // 2) * (self.panel_height + LABEL + GAP)
            self.pen.rectangle([x, y, x + PANEL - 1, y + self.panel_height - 1], FRAME)
            left, above = x + (PANEL - image.width) // 2, y + (self.panel_height - image.height) // 2
            self.page.paste(image, (left, above))
            if place == 1:
                self._shares(left, above)
            self._text((x, y + self.panel_height + 8), label, TEXT)

    def _shares(self, left: int, above: int) -> None:
        """Write the share of weight into each third."""
        width, height = (side / 3 for side in self.size)
        for place, share in enumerate(self.facts["thirds"]):
            x, y = left + (place % 3) * width + 6, above + (place // 3) * height + 5
            for shift in ((1, 1), (-1, -1), (1, -1), (-1, 1)):
                self._text((x + shift[0], y + shift[1]), f"{share * 100:.0f} %", SMALL, INK)
            self._text((x, y), f"{share * 100:.0f} %", SMALL, "white")

    def _palette_height(self) -> int:
        return 30 + STRIP + 14 + LINE_STEP * len(self.facts["palette"])

    def _palette(self, x: int, top: float) -> None:
        width = WIDTH - MARGIN - x
        palette: Sequence[dict[str, Any]] = self.facts["palette"]
        self._text((x, top), "Palette", HEAD)
        start = 0.0
        for place, colour in enumerate(palette):
            end = start + colour["share"]
            box = [x + start * width, top + 30, x + end * width - 1, top + 30 + STRIP]
            self.pen.rectangle(box, colour["hex"])
            start = end
            y = top + 30 + STRIP + 14 + LINE_STEP * place
            self.pen.rectangle([x, y, x + 26, y + 15], colour["hex"], LINE)
            self._text((x + 38, y), colour["name"], TEXT)
            self._text((x + width - 90, y), f"{colour['share'] * 100:.0f} %", TEXT, anchor="ra")
            self._text((x + width, y), colour["hex"], TEXT, PALE, "ra")
        self.pen.rectangle([x, top + 30, x + width - 1, top + 30 + STRIP], outline=LINE)

    def _gauges(self, x: int, top: int, step: float) -> None:
        width = WIDTH - MARGIN - x
        for place, (key, title, low, high, ends) in enumerate(GAUGES):
            y = top + place * step
            value = float(self.facts[key])
            self._text((x, y), title, TEXT)
            self._text((x + width, y), f"{value:.{0 if high > 50 else 2}f}", TEXT, anchor="ra")
            self._scale(key, x, y + 21, width)
            at = x + width * min(1.0, max(0.0, (value - low) / (high - low)))
            self.pen.rectangle([at - 2, y + 18, at + 2, y + 31], ACCENT)
            if step >= LABELLED_STEP:
                first, last = ends.split("|")
                self._text((x, y + 31), first, SMALL, PALE)
                self._text((x + width, y + 31), last, SMALL, PALE, "ra")

    def _scale(self, key: str, x: int, y: float, width: int) -> None:
        first, last = SCALES.get(key, SCALES[""])
        for place in range(width):
            mixed = tuple(round(a + (b - a) * place / width) for a, b in zip(first, last, strict=True))
            self.pen.line([(x + place, y), (x + place, y + 7)], mixed)
