"""What every painter is to the rest of Calligram, and how one is named on the command line.

A painter is spelled ``name`` or ``name:place``, with options after a question mark where it has any::

    adversarial
    nano?layout=fine
    diffusers:runs/tiny-pipeline?steps=20
    openai:gpt-image-2?base_url=http://127.0.0.1:8000/v1

A member of the family is a module with the text ``SPELLING``, which shows how it is named, a frozen dataclass
``Options``, and a function ``load(place, options) -> Painter``; ``place`` is empty where none was given.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

from calligram import registry, settings


@dataclass(frozen=True)
class Order:
    """What a painter is asked for.

    Args:
        words: what the image should show.
        avoid: what it should not show, for painters that can be told; the others say that they cannot.
        width: of the image in pixels; None is the painter's own.
        height: of the image in pixels; None is the painter's own.
        seed: from which the first image follows; image number k follows from the seed plus k.
    """

    words: str
    avoid: str = ""
    width: int | None = None
    height: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Painted:
    """One image that a painter made, and how.

    Args:
        image: mode ``RGB``, ``RGBA`` or ``L``.
        seed: from which it follows; None where the painter takes none.
        model: its name, as ``"calligram adversarial"`` or ``"gpt-image-2"``; empty where none was asked.
        version: of the model, where it is known, else empty.
        settings: whatever else decides how it looks, by name, ready for JSON.
        remarks: what a person should be told of it, a sentence each.
        content: the very file, where an endpoint sent one; its content credentials are in it alone.
    """

    image: Image.Image
    seed: int | None = None
    model: str = ""
    version: str = ""
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    content: bytes = b""


class Painter(ABC):
    """Anything that turns words into images.

    Attributes:
        name: how the painter was spelled, without its options, as ``"nano"``.
    """

    name: str

    @abstractmethod
    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        """Return so many images of one order, in the order of their seeds; single ones that were refused are
        left out, and remarked.

        Args:
            order: what to paint.
            count: how many.

        Raises:
            RequestError: the painter cannot paint that.
            ModelError: its model is missing or failed.
            ContentRefusedError: content rules refuse all of it.
        """


def open_painter(name: str) -> Painter:
    """Return the painter that a spelling names.

    Args:
        name: a member of the family ``painters``, then a colon and a place where it takes one, then options.

    Raises:
        NameInFamilyError: no such painter.
        MissingExtraError: what it needs is not installed.
        ModelError: its files are missing or damaged.
        OptionError: an option is unknown or out of its range.
    """
    kind, _, rest = name.partition(":") if ":" in name.partition("?")[0] else _without_place(name)
    module = registry.member("painters", kind)
    place, values = settings.split_query(rest, module.Options, f"the painter {kind}")
    painter: Painter = module.load(place, settings.resolve(module.Options, values))
    painter.name = f"{kind}:{place}" if place else kind
    return painter


def _without_place(name: str) -> tuple[str, str, str]:
    kind, mark, query = name.partition("?")
    return kind, ":", mark + query
