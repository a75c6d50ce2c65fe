"""Verifying: whether an image is what its content credentials were signed for, by whom, and what they say."""

import os
from collections.abc import Sequence
from pathlib import Path

from calligram.errors import ImageError
from calligram.picture.opening import read_bytes
from calligram.picture.options import Limits
from calligram.provenance.credentials import MEDIA_TYPES, format_of, is_signed
from calligram.provenance.engine import UnreadableError, need_c2pa, read
from calligram.provenance.keys import LEAF, ROOT, keys_folder, read_certificates
from calligram.provenance.manifest_reading import claims_in, findings_in
from calligram.provenance.verdict import Verdict

SIDECAR = ".c2pa"


def verify(
    path: str | os.PathLike[str],
    *,
    trust: Sequence[str | os.PathLike[str]] = (),
    keys: str | os.PathLike[str] | None = None,
) -> Verdict:
    """Return whether an image is as it was signed, by whom, and what its content credentials say.

    Credentials in the file count; where there are none, those beside it, in ``NAME.c2pa``. Nothing is
    fetched from anywhere.

    Args:
        path: the image.
        trust: PEM files of roots that are trusted besides one's own.
        keys: the folder of one's own keys, whose root is trusted; None is the usual folder, if there is one.

    Raises:
        ImageError: it is no file, or neither credentials nor a format that could hold some are found.
        KeysError: a root cannot be read.
        MissingExtraError: the extra ``provenance`` is not installed.
    """
    need_c2pa("checking content credentials")
    content = read_bytes(path, Limits())
    sidecar = Path(path).with_suffix(SIDECAR)
    beside = None
    if not is_signed(content) and sidecar.is_file():
        beside = read_bytes(sidecar, Limits(), "content credentials")
    return check(content, os.fspath(path), trust=trust, keys=keys, manifest=beside)


def check(
    content: bytes,
    told: str,
    *,
    trust: Sequence[str | os.PathLike[str]] = (),
    keys: str | os.PathLike[str] | None = None,
    manifest: bytes | None = None,
) -> Verdict:
    """Return the verdict on a file's bytes, as :func:`verify` does.

    Args:
        content: the whole file.
        told: how it is called.
        trust: PEM files of roots that are trusted besides one's own.
        keys: the folder of one's own keys.
        manifest: credentials that lie beside the file.

    Raises:
        ImageError: neither credentials nor a format that could hold some are found.
        KeysError: a root cannot be read.
        MissingExtraError: the extra ``provenance`` is not installed.
    """
    kind, place = format_of(content), "beside" if manifest is not None else "inside"
    if not kind and manifest is None:
        raise ImageError(
            f"{told!r} is of no format that holds content credentials ({', '.join(MEDIA_TYPES)}), "
            f"and no {SIDECAR} file lies beside it: give another file"
        )
    anchors = _anchors(trust, keys)
    try:
        found = read(content, MEDIA_TYPES.get(kind, "application/octet-stream"), anchors, manifest)
    except UnreadableError as fault:
        return _unread(fault, content, told, place)
    state, reasons = findings_in(found["store"])
    return Verdict(told, state, reasons, place, claims_in(found["store"], found["report"]))


def _unread(fault: UnreadableError, content: bytes, told: str, place: str) -> Verdict:
    """Return the verdict on a file whose credentials cannot be read, or that has none."""
    if place == "beside" or is_signed(content):
        return Verdict(told, "damaged", (f"they cannot be read: {fault.reason}",), place)
    if not fault.absent:
        raise ImageError(f"{told!r} cannot be read ({fault.reason}): fetch or save it again") from fault
    reasons = ("it names an address where some lie, from which nothing was fetched",)
    return Verdict(told, "none", reasons if fault.elsewhere else ())


def _anchors(trust: Sequence[str | os.PathLike[str]], keys: str | os.PathLike[str] | None) -> str:
    """Return the roots that are trusted as PEM: one's own, and those of the files given."""
    folder = Path(keys) if keys is not None else keys_folder()
    own = folder / ROOT
    files = [Path(path) for path in trust]
    if own.is_file() or (keys is not None and not (folder / LEAF).is_file()):
        files.append(own)
    for file in files:
        read_certificates(file)
    return "".join(file.read_text(encoding="utf-8").rstrip() + "\n" for file in files)
