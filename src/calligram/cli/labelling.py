"""Labels at the door: every image that a command writes says how it was made, unless it is told not to.

A command is registered through :data:`with_label`, makes the bytes of its files, and hands them to
:func:`write_labelled`. Rooms that write images in the midst of their work are lent :func:`finishing`.
"""

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import typer

from calligram.cli.options import with_options
from calligram.errors import OptionError
from calligram.settings import option

if TYPE_CHECKING:
    from calligram.picture.saving import Finish, Origin
    from calligram.provenance import Label
    from calligram.provenance.label import Setting

TEXTS = frozenset(("", ".txt", ".ans", ".md"))
"""Endings of files that are read as text, and carry no label."""
MOST_SOURCES = 24
"""So many files at most are named that one image was made from."""
STANDARD_INPUT = "standard input"


@dataclass(frozen=True)
class LabelOptions:
    """What the images that a command writes say of themselves."""

    GROUP: ClassVar[str] = "label"

    metadata: bool = option(True, "write into each image how it was made")
    private: bool = option(False, "leave words, titles and names of files out of it")
    creator: str = option("", "who is named as maker")
    rights: str = option("", "notice of rights")
    mining: str = option("", "what may be mined, a term of PLUS as DMI-PROHIBITED-AIMLTRAINING")

    def __post_init__(self) -> None:
        if self.mining:
            from calligram.provenance.label import MINING

            if self.mining not in MINING:
                raise OptionError(f"mining is {self.mining!r}, but must be one of {', '.join(MINING)}")

    def applied(self, label: "Label") -> "Label | None":
        """Return what of a label may be written: all of it, all but words and names, or nothing."""
        from calligram.provenance.label import WITHHELD

        if not self.metadata:
            return None
        given = {name: getattr(self, name) for name in ("creator", "rights", "mining")}
        told = dataclasses.replace(label, **{name: value for name, value in given.items() if value})
        if not self.private:
            return told
        sources = (WITHHELD,) * bool(told.sources)
        return dataclasses.replace(
            told.without_prompt(), title="", description="", subjects=(), sources=sources
        )


with_label = with_options(LabelOptions, "label", panel="Label")
"""Gives a command the parameter ``label``, and the flags that it is made from."""


def write_labelled(
    path: str | os.PathLike[str], content: bytes, made: "Label", options: LabelOptions
) -> None:
    """Write a file that a command made, with its label where it is an image, whole or not at all.

    What an endpoint signed is written as it came; see :func:`calligram.provenance.write_image`.

    Args:
        path: its ending names the format; texts stay as they are.
        content: of the file.
        made: how it was made.
        options: what may be told of that.

    Raises:
        OutputError: the file cannot be written.
    """
    from calligram.provenance import write_image
    from calligram.provenance.credentials import is_signed
    from calligram.whole_files import write_whole

    if Path(path).suffix.lower() in TEXTS:
        write_whole(path, content)
    elif label := options.applied(made):
        for remark in write_image(path, content, label):
            typer.echo(remark, err=True)
    elif is_signed(content):
        write_whole(path, content)
        typer.echo(f"{Path(path).name} keeps the content credentials that it came with", err=True)
    else:
        write_whole(path, bare(content))


def finishing(options: LabelOptions, **told: Any) -> "Finish":
    """Return what labels the images that a room writes in the midst of its work, or bares them.

    Args:
        options: what may be told.
        told: what the command knows of all of them, as fields of the label.
    """
    from calligram.provenance import labelled

    def finish(content: bytes, origin: "Origin") -> bytes:
        label = options.applied(label_of(origin, **told))
        return bare(content) if label is None else labelled(content, "", label)

    return finish


def bare(content: bytes) -> bytes:
    """Return an image file's bytes without anything that tells of its making."""
    from calligram.provenance.containers.base import container_of

    container = container_of(content)
    return content if container is None else container.stripped(content)


def label_of(origin: "Origin", **told: Any) -> "Label":
    """Return the label of an image that a room tells the origin of."""
    from calligram.provenance import Label

    if origin.model:
        return Label("drawn", model=without_place(origin.model), prompt=origin.words, **told)
    return rendered([origin.source] if origin.source else [], generated=origin.generated, **told)


def rendered(sources: Sequence[str | os.PathLike[str]], *, generated: bool = False, **told: Any) -> "Label":
    """Return the label of an image that our own program made, from files or from nothing.

    Where a file says of itself that a model took part in making it, so does the label: ``composed``.

    Args:
        sources: the files; their names alone are told, and not those of the folders they lie in.
        generated: whether it is known already that a model took part in making one of them.
        told: other fields of the label.
    """
    from calligram.provenance import Label
    from calligram.provenance.generated import is_generated

    names = list(dict.fromkeys(map(name_of, sources)))
    more = len(names) - MOST_SOURCES
    names = names[:MOST_SOURCES] + ([f"and {more} more"] if more > 0 else [])
    generated = generated or any(map(is_generated, sources))
    return Label("composed" if generated else "rendered", sources=tuple(names), **told)


def drawn(
    request: str, model: str, base_url: str = "", *, number: int = 1, start: str = "", **told: Any
) -> "Label":
    """Return the label of drawings in one file.

    Args:
        request: the words that were asked for.
        model: how it was spelled.
        base_url: of the model's endpoint.
        number: how many drawings the file holds; several are composed to a sheet.
        start: the file with the rows that were given, which the model went on from.
        told: other fields of the label, as ``seed`` and ``settings``.
    """
    from calligram.provenance import Label

    name, version = told_model(model, base_url)
    made = "composed" if number > 1 else "edited" if start else "drawn"
    sources = (name_of(start),) if start else ()
    return Label(made, prompt=request, model=name, model_version=version, sources=sources, **told)  # type: ignore[arg-type]


def told_model(spelling: str, base_url: str = "") -> tuple[str, str]:
    """Return a model's name without the folders it lies in, and its version: a checksum of its weights.

    The version is empty where the weights are elsewhere, as behind an endpoint.
    """
    from calligram.evaluation.origins import tell_model

    told = tell_model(spelling, base_url)
    return without_place(told["name"]), f"weights {told['weights']}" if told["weights"] else ""


def without_place(model: str) -> str:
    """Return a model's spelling without its options and the folders it lies in; names on a hub stay whole.

    >>> without_place("builtin:/home/me/models/mine?precision=float32"), without_place("openai:gpt-5")
    ('builtin:mine', 'openai:gpt-5')
    """
    kind, colon, place = model.partition("?")[0].partition(":")
    lies_here = place.startswith(("/", "~", ".")) or Path(place).is_absolute() or Path(place).exists()
    return f"{kind}{colon}{Path(place).name if place and lies_here else place}"


def told_settings(command: str, options: Any = None, *left_out: str, **more: Any) -> "Mapping[str, Setting]":
    """Return the settings that a label tells: the command, and what of its options is not as usual.

    Args:
        command: as it is called.
        options: the resolved options; None where nothing of an image follows from them.
        left_out: names of options that are told elsewhere, or that nothing of the image follows from.
        more: further settings; those that are None are left out.
    """
    fields = dataclasses.fields(options) if options is not None else ()
    usual = {field.name: field.default for field in fields if field.name not in left_out}
    found = {name: getattr(options, name) for name in usual}
    chosen = {name: value for name, value in found.items() if value != usual[name]}
    told = {name: value for name, value in {**chosen, **more}.items() if value is not None}
    return {"command": f"calligram {command}", **told}


def name_of(source: str | os.PathLike[str]) -> str:
    """Return the name under which a file is told of: without its folders."""
    return STANDARD_INPUT if os.fspath(source) == "-" else Path(source).name
