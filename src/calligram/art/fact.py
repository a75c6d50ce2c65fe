"""A fact: one thing measured on an image, as a value for programs and as a line for people and models."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calligram.errors import InputError


@dataclass(frozen=True)
class Fact:
    """One thing measured on an image.

    Args:
        key: its stable name, as ``main_colour``.
        value: what was measured, as JSON can hold it; None where there is nothing, as no horizon.
        unit: of the value, empty for words and plain numbers.
        text: one plain line of English that can stand alone; facts told together share one line.
    """

    key: str
    value: Any
    unit: str
    text: str


@dataclass(frozen=True)
class Facts:
    """All facts of one image, in the order in which they are told.

    Args:
        items: the facts; no key stands twice.
    """

    items: tuple[Fact, ...]

    def __getitem__(self, key: str) -> Any:
        """Return the value of a fact.

        Raises:
            InputError: there is no such fact.
        """
        return self._find(key).value

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def text(self, key: str) -> str:
        """Return the line of a fact.

        Raises:
            InputError: there is no such fact.
        """
        return self._find(key).text

    def lines(self) -> tuple[str, ...]:
        """Return the lines for a model's prompt, each once: at most 400 tokens all together."""
        return tuple(dict.fromkeys(fact.text for fact in self.items))

    def to_json(self) -> dict[str, Any]:
        """Return the values by key, as JSON can hold them."""
        return {fact.key: fact.value for fact in self.items}

    def _find(self, key: str) -> Fact:
        if key not in self._places:
            raise InputError(f"there is no fact {key!r}: there are {', '.join(self._places)}")
        return self.items[self._places[key]]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {fact.key: place for place, fact in enumerate(self.items)}
