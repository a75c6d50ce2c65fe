"""The label: how one image was made, in the words that every carrier of it is written from."""

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias, get_args

from calligram import __version__
from calligram.errors import OptionError

Made: TypeAlias = Literal["drawn", "composed", "edited", "rendered"]
Setting: TypeAlias = str | int | float | bool | None

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MINING_TERMS = "http://ns.useplus.org/ldf/vocab/"
MINING = (
    "DMI-UNSPECIFIED",
    "DMI-ALLOWED",
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED",
    "DMI-PROHIBITED-SEECONSTRAINT",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
)
"""What may be said of data mining. Source: PLUS License Data Format, vocabulary of ``plus:DataMining``."""

LONGEST_TEXT = 100_000
"""Characters that one text of a label may have, so that every reader of it copes."""

_MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
_SMALL_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
WITHHELD = "withheld"

_UNFIT = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. Source: https://www.w3.org/TR/xml/#charsets."""


@dataclass(frozen=True)
class Label:
    """How one image was made.

    Texts are kept with line feeds as line ends, and characters that XML cannot hold become U+FFFD, so that
    each carrier says the same.

    Args:
        made: ``drawn`` by a model trained on samples, ``composed`` of parts of which at least one was drawn
            by such a model, ``edited`` by such a model from what was there, or ``rendered`` by a plain
            algorithm, as a text picture set in a font.
        software: that made it.
        software_version: of the software.
        prompt: what was asked for.
        avoid: what should not be in it, the negative prompt.
        prompt_writer: who wrote the prompt, a person or a model.
        painter: how the painter was spelled, as ``"adversarial"``.
        model: the model's name.
        model_version: of the model, where it is known.
        seed: from which it follows.
        settings: whatever else decides how it looks, by name.
        title: of the work.
        description: of what is seen.
        creator: who is named as its maker.
        rights: the notice of rights.
        subjects: keywords.
        mining: a term of ``MINING``, as ``"DMI-PROHIBITED-AIMLTRAINING"``; empty states nothing.
        made_at: ISO 8601; empty where it is not told, so that results stay reproducible.
        sources: what it was made from, a name each.

    Raises:
        OptionError: ``made``, ``mining`` or ``made_at`` is no such term, or a text is too long.

    >>> Label("drawn", prompt="a red cat", seed=7).source_type
    'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
    """

    made: Made
    software: str = "Calligram"
    software_version: str = __version__
    prompt: str = ""
    avoid: str = ""
    prompt_writer: str = ""
    painter: str = ""
    model: str = ""
    model_version: str = ""
    seed: int | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    creator: str = ""
    rights: str = ""
    subjects: tuple[str, ...] = ()
    mining: str = ""
    made_at: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for each in dataclasses.fields(self):
            object.__setattr__(self, each.name, _fitted(each.name, getattr(self, each.name)))
        if self.made not in get_args(Made):
            raise OptionError(f"made is {self.made!r}, but must be one of {', '.join(get_args(Made))}")
        if self.mining and self.mining not in MINING:
            raise OptionError(f"mining is {self.mining!r}, but must be one of {', '.join(MINING)}")
        if self.made_at and not _MOMENT.fullmatch(self.made_at):
            raise OptionError(
                f"made_at is {self.made_at!r}, but must be ISO 8601 as 2026-11-27T10:00:00+01:00"
            )

    @property
    def source_type(self) -> str:
        """Return the IPTC Digital Source Type as a full address.

        A plain algorithm's work is ``algorithmicMedia`` where it was made from nothing, and
        ``algorithmicallyEnhanced`` ("altered by algorithm") where sources are named. An editing model's is
        ``compositeWithTrainedAlgorithmicMedia``, whose name is "Edited using Generative AI"; what is put
        together from parts is ``compositeSynthetic``.

        Source: IPTC NewsCodes, digitalsourcetype, as of 2024-10-23 (CC BY 4.0).
        """
        rendered = "algorithmicallyEnhanced" if self.sources else "algorithmicMedia"
        terms = {
            "drawn": "trainedAlgorithmicMedia",
            "composed": "compositeSynthetic",
            "edited": "compositeWithTrainedAlgorithmicMedia",
            "rendered": rendered,
        }
        return SOURCE_TYPES + terms[self.made]

    @property
    def creator_tool(self) -> str:
        """Return software and version in one, as ``"Calligram 0.1.0"``."""
        return f"{self.software} {self.software_version}".strip()

    @property
    def mining_term(self) -> str:
        """Return the full term for ``plus:DataMining``, or nothing."""
        return MINING_TERMS + self.mining if self.mining else ""

    def without_prompt(self) -> "Label":
        """Return a label that tells nothing of the words the image was asked for with.

        Prompts, their writer and every setting that is a text are left out, and so are title, description,
        subjects and sources that share a word with a prompt; of such a source only stays that there was one.
        """
        telling = _words(f"{self.prompt} {self.avoid}")
        return dataclasses.replace(
            self,
            prompt="",
            avoid="",
            prompt_writer="",
            settings={name: value for name, value in self.settings.items() if not isinstance(value, str)},
            title="" if telling & _words(self.title) else self.title,
            description="" if telling & _words(self.description) else self.description,
            subjects=tuple(subject for subject in self.subjects if not telling & _words(subject)),
            sources=tuple(WITHHELD if telling & _words(source) else source for source in self.sources),
        )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold())) - _SMALL_WORDS


def _fitted(name: str, value: Any) -> Any:
    """Return a field's value as every carrier can hold it.

    Raises:
        OptionError: it is of another kind than the field, or a text is too long.
    """
    if name == "settings" and isinstance(value, Mapping):
        return {_fit_text(str(key)): _fit_scalar(value[key]) for key in sorted(value)}
    if name in ("subjects", "sources") and isinstance(value, list | tuple):
        return tuple(text for text in map(_fit_text, value) if text)
    if name == "seed" and (value is None or isinstance(value, Integral)):
        return None if value is None else int(value)
    if name not in ("settings", "subjects", "sources", "seed"):
        return _fit_text(value)
    raise OptionError(f"the label's {name} cannot be {value!r:.80}: see the fields of a label")


def _fit_scalar(value: Any) -> Setting:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else str(float(value))
    return _fit_text(value)


def _fit_text(text: Any) -> str:
    if not isinstance(text, str):
        raise OptionError(f"a label holds texts, numbers, yes and no, but was given {text!r:.80}")
    if len(text) > LONGEST_TEXT:
        raise OptionError(
            f"a text of the label has {len(text)} characters, but at most {LONGEST_TEXT} fit: shorten it"
        )
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
