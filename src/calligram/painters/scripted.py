"""A painter that shows the images a file tells it to, to try out whatever asks painters.

The file is JSON, a list of rules::

    [
      {"when": "\\bcat\\b", "paint": ["cat-1.png", "cat-2.png"]},
      {"when": "dog", "refuse": "dogs are beyond this painter"},
      {"paint": "plain.png"}
    ]

The first rule counts whose pattern ``when`` (a regular expression; missing fits all) is found in the words.
The seed picks the image, 0 the first, and begins anew behind the last. Images lie beside the file.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image, UnidentifiedImageError

from calligram.errors import ModelError, RequestError
from calligram.painters.base import Order, Painted, Painter
from calligram.settings import option

SPELLING = "scripted:FILE"


@dataclass(frozen=True)
class Options:
    """How the script is gone through."""

    GROUP: ClassVar[str] = "painting_script"

    wait_s: float = option(0.0, "seconds that each image takes", minimum=0, maximum=3600)


@dataclass(frozen=True)
class Rule:
    """What is painted for some words.

    Args:
        when: what the words have to hold.
        paint: image files, gone through by the seed.
        refuse: why nothing is painted; empty where something is.
    """

    when: re.Pattern[str]
    paint: tuple[Path, ...]
    refuse: str = ""


def load(place: str, options: Options) -> Painter:
    """Return the painter that shows what a file tells it to.

    Raises:
        ModelError: there is no such file, or it is no script.
    """
    if not place:
        raise ModelError("the painter scripted names no file: write scripted:FILE")
    return ScriptedPainter(read_rules(Path(place)), options)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a script.

    Raises:
        ModelError: there is no such file, or it is no script.
    """
    try:
        return tuple(_rule(entry, path.parent) for entry in json.loads(path.read_text(encoding="utf-8")))
    except OSError as fault:
        raise ModelError(f"the script {path} cannot be read ({fault.strerror}): check the path") from fault
    except (ValueError, TypeError, AttributeError, re.error) as fault:
        raise ModelError(
            f'the script {path} is no list of rules ({fault}): write [{{"when": "cat", "paint": "cat.png"}}]'
        ) from fault


def _rule(entry: Mapping[str, Any], folder: Path) -> Rule:
    paint = entry.get("paint", ())
    files = tuple(folder / name for name in ([paint] if isinstance(paint, str) else paint))
    refuse = str(entry.get("refuse", ""))
    if not files and not refuse:
        raise ValueError("a rule has neither 'paint' nor 'refuse'")
    return Rule(re.compile(str(entry.get("when", "")), re.IGNORECASE), files, refuse)


class ScriptedPainter(Painter):
    """Shows the images that its script tells, by the words and the seed."""

    name = "scripted"

    def __init__(self, rules: tuple[Rule, ...], options: Options | None = None) -> None:
        self.rules, self.options = rules, options or Options()

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        """Return the images of one order, resized where a size is asked for.

        Raises:
            RequestError: no rule fits the words, or one refuses them.
            ModelError: an image is missing.
        """
        rule = next((rule for rule in self.rules if rule.when.search(order.words)), None)
        if rule is None or rule.refuse:
            told = rule.refuse if rule else "no rule of the script fits"
            raise RequestError(f"{order.words!r} is not painted by {self.name}: {told}; use other words")
        remarks = (f"this painter cannot be told what to avoid: {order.avoid}",) if order.avoid else ()
        return [self._paint_one(rule, order, order.seed + place, remarks) for place in range(count)]

    def _paint_one(self, rule: Rule, order: Order, seed: int, remarks: tuple[str, ...]) -> Painted:
        time.sleep(self.options.wait_s)
        path = rule.paint[seed % len(rule.paint)]
        try:
            with Image.open(path) as opened:
                image = opened.convert("RGB")
        except (OSError, UnidentifiedImageError) as fault:
            raise ModelError(f"the image {path} of {self.name} cannot be read: check its script") from fault
        size = (order.width or image.width, order.height or image.height)
        if size != image.size:
            image = image.resize(size)
        return Painted(image, seed, settings={"file": path.name}, remarks=remarks)
