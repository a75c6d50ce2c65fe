"""Signing: the label first, then content credentials over every byte of the file."""

import dataclasses
import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from calligram import settings
from calligram.errors import ImageError, OptionError, OutputError
from calligram.picture.opening import read_bytes
from calligram.picture.options import Limits
from calligram.provenance.credentials import MEDIA_TYPES, format_of, is_signed
from calligram.provenance.engine import Parent, need_c2pa, signed
from calligram.provenance.keys import Keys, check_keys, open_keys
from calligram.provenance.label import MINING, WITHHELD, Label, Made
from calligram.provenance.manifest import manifest_of
from calligram.provenance.reading import find, read_label
from calligram.provenance.signing_options import SignOptions
from calligram.provenance.verifying import check
from calligram.provenance.writing import labelled
from calligram.whole_files import write_whole

SIDECAR = ".c2pa"
UNLABELLED = frozenset({"heif"})
"""Formats that hold content credentials, but no label of ours."""


@dataclass(frozen=True)
class Signed:
    """What was signed.

    Args:
        path: the file that holds the credentials.
        name: who signed.
        label: the label that went with it, or None where nothing is known of the making.
        parent: whether the image became the parent of what was signed, since it was there before.
        remarks: what a person should be told, a sentence each.
    """

    path: Path
    name: str
    label: Label | None
    parent: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Work:
    """An image that is to be signed, as far as it is known."""

    path: str
    content: bytes
    media_type: str
    label: Label | None
    is_parent: bool
    remarks: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def sign(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    keys: Keys | str | os.PathLike[str] | None = None,
    label: Label | None = None,
    options: SignOptions | None = None,
) -> Signed:
    """Write an image with its label and content credentials, whole or not at all.

    A file that is signed already is not edited: it becomes the parent ingredient, with all its credentials.
    So does one of which nothing is known, since then nothing is claimed of its making.

    Args:
        path: the image.
        output: where the signed one appears; None is the same place. Its ending is the image's.
        keys: who signs: keys or their folder; None is the usual folder.
        label: how it was made; None takes the label in the file.
        options: what to add to the label, and where the credentials go.

    Raises:
        ImageError: the image is damaged, or of a format that holds no credentials.
        KeysError: the keys are missing or may not sign.
        OptionError: an option does not fit the image.
        OutputError: the result cannot be written.
        FetchError: a server of time stamps was named and gave none.
        MissingExtraError: the extra ``provenance`` is not installed.
    """
    options = options or SignOptions()
    settings.check(options)
    if options.mining and options.mining not in MINING:
        raise OptionError(f"mining is {options.mining!r}, but must be one of {', '.join(MINING)}")
    need_c2pa("signing")
    opened = keys if isinstance(keys, Keys) else open_keys(keys)
    check_keys(opened)
    work = _prepare(os.fspath(path), label, opened.folder, options)
    place = _place(Path(path), Path(output) if output is not None else Path(path), options)
    write_whole(place, _sealed(work, opened, options))
    remarks = (*opened.remarks, *work.remarks)
    return Signed(place, opened.name, work.label, work.is_parent, remarks)


def _prepare(path: str, label: Label | None, keys: Path, options: SignOptions) -> _Work:
    """Return the image with its label in it, unless it may not be edited."""
    if path == "-":
        raise ImageError("what comes by standard input has no place to be signed in: give a file")
    content = read_bytes(path, Limits())
    kind = format_of(content)
    if not kind and not options.sidecar:
        raise ImageError(
            f"{path!r} is of no format that holds content credentials ({', '.join(MEDIA_TYPES)}): "
            "sign it with --sidecar, or save it as one of these"
        )
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
    if is_signed(content):
        return _signed_already(path, content, media_type, label, keys, options)
    label = _wanted(label or read_label(content), options)
    remarks: tuple[str, ...] = ()
    if label is not None and kind in UNLABELLED:
        remarks = (f"{kind.upper()} holds no label of ours: its label stands in the credentials alone",)
    elif label is not None and not options.sidecar:
        content = labelled(content, Path(path).suffix, label)
    elif label is None:
        remarks = (
            "nothing in the file tells how it was made, so nothing is claimed of that: "
            "say it with --made where you know",
        )
    if options.private:
        _check_private(path, content)
    return _Work(path, content, media_type, label, label is None, remarks)


def _signed_already(
    path: str, content: bytes, media_type: str, label: Label | None, keys: Path, options: SignOptions
) -> _Work:
    """Return an image that is signed as it is, with what its credentials are worth."""
    if options.private or options.sidecar or options.made:
        wrong = "--private" if options.private else "--sidecar" if options.sidecar else "--made"
        raise OptionError(
            f"{wrong} does not fit {path!r}, which is signed already and is not edited: sign it without, "
            "or take its credentials off first with 'calligram provenance strip'"
        )
    verdict = check(content, path, keys=keys)
    remarks = (f"it was signed already, and is the parent of what is signed now ({verdict.headline})",)
    wanted = _wanted(label or read_label(content), options)
    return _Work(path, content, media_type, wanted, True, remarks, verdict.claims.mining)


def _wanted(label: Label | None, options: SignOptions) -> Label | None:
    """Return a label with what the options add to it."""
    if label is None and options.made is None:
        return None
    label = label or Label(cast("Made", options.made))
    given = {name: getattr(options, name) for name in ("made", "mining", "title", "creator")}
    label = dataclasses.replace(label, **{name: value for name, value in given.items() if value})
    return _withheld(label, options) if options.private else label


def _withheld(label: Label, options: SignOptions) -> Label:
    """Return a label without words and names of files, but for those that the options give."""
    sources = (WITHHELD,) * bool(label.sources)
    bare = dataclasses.replace(label.without_prompt(), description="", subjects=(), sources=sources)
    return dataclasses.replace(bare, title=options.title)


def _check_private(path: str, content: bytes) -> None:
    """Make sure that nothing in a file tells a prompt, as texts of other tools do.

    Raises:
        OptionError: something does.
    """
    for telling in find(content).tellings:
        if "prompt" in telling.fields or "avoid" in telling.fields:
            raise OptionError(
                f"{path!r} tells its prompt in {telling.where}, which --private does not take out: "
                "take it out first with 'calligram provenance strip'"
            )


def _place(source: Path, output: Path, options: SignOptions) -> Path:
    """Return the file that is written."""
    if options.sidecar:
        place = output if output.suffix == SIDECAR else output.with_suffix(SIDECAR)
        if place.exists():
            raise OutputError(f"{os.fspath(place)!r} is there already: move it away first")
        return place
    if _family(output) != _family(source):
        raise OutputError(
            f"{os.fspath(output)!r} has another ending than {os.fspath(source)!r}, but signing converts "
            f"nothing: name a file that ends in {source.suffix!r}"
        )
    return output


def _family(path: Path) -> str:
    ending = path.suffix.lower()
    return {".jpeg": ".jpg", ".tiff": ".tif"}.get(ending, ending)


def _sealed(work: _Work, keys: Keys, options: SignOptions) -> bytes:
    """Return the file with its credentials, or the credentials alone where they go beside it."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    label = work.label or _bare(options)
    return signed(
        work.content,
        work.media_type,
        manifest_of(label, opened=work.is_parent, kept=work.kept, signed_at=now),
        keys,
        told=work.path,
        parent=Parent(work.content, _parent_title(work, options)) if work.is_parent else None,
        timestamp=options.timestamp,
        embedded=not options.sidecar,
    )


def _parent_title(work: _Work, options: SignOptions) -> str:
    return WITHHELD if options.private else Path(work.path).name


def _bare(options: SignOptions) -> Label:
    """Return a label of what the options say alone, for an image of whose making nothing is claimed."""
    return Label(
        "rendered",
        software="",
        software_version="",
        mining=options.mining,
        title=options.title,
        creator=options.creator,
    )
