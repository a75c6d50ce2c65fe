"""The one place where c2pa-python is met: manifests are signed and read by it, without thumbnails, offline.

Nothing is fetched when a file is read: no manifest that lies elsewhere, no list of revoked certificates.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calligram.errors import FetchError, ImageError, MissingExtraError
from calligram.provenance.certificates import USAGES
from calligram.provenance.credentials import is_signed
from calligram.provenance.keys import Keys

PARENT = "parent"
"""How the actions of a manifest name the ingredient that is the parent."""


class UnreadableError(ValueError):
    """What c2pa-python says where it cannot read a file's manifest.

    Args:
        reason: in its words.
        absent: whether there is no manifest in the file.
        elsewhere: whether the manifest lies at an address, from which it was not fetched.
    """

    def __init__(self, reason: str, absent: bool = False, elsewhere: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.absent, self.elsewhere = reason, absent, elsewhere


@dataclass(frozen=True)
class Parent:
    """The file that a signed one was made from.

    Args:
        content: the whole file, signed or not.
        title: how it is called.
    """

    content: bytes
    title: str


def need_c2pa(purpose: str) -> Any:
    """Return the module ``c2pa``.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import c2pa
    except ImportError as fault:
        raise MissingExtraError("c2pa", "provenance", purpose) from fault
    return c2pa


def signed(
    content: bytes,
    media_type: str,
    manifest: Mapping[str, Any],
    keys: Keys,
    *,
    told: str,
    parent: Parent | None = None,
    timestamp: str = "",
    embedded: bool = True,
) -> bytes:
    """Return a file with a signed manifest in it, or the manifest alone.

    Args:
        content: the whole file.
        media_type: of the file.
        manifest: what is claimed.
        keys: that sign it.
        told: how the file is called in messages.
        parent: becomes the parent ingredient, with its own manifests where it has some.
        timestamp: address of a server of time stamps (RFC 3161), or nothing.
        embedded: whether the manifest goes into the file; else it alone is returned.

    Raises:
        ImageError: the file is damaged, or the manifest cannot be put into it.
        FetchError: the server of time stamps gave none.
        MissingExtraError: ``c2pa-python`` is not installed.
    """
    c2pa = need_c2pa("signing")
    algorithm = getattr(c2pa.C2paSigningAlg, keys.algorithm)
    out = io.BytesIO()
    try:
        with (
            c2pa.Signer.from_callback(keys.sign, algorithm, keys.chain, timestamp or None) as signer,
            c2pa.Builder(json.dumps(manifest), context=_context(c2pa, keys.root)) as builder,
        ):
            if parent is not None:
                ingredient = {
                    "title": parent.title,
                    "relationship": "parentOf",
                    "instance_id": PARENT,
                    "label": PARENT,
                }
                builder.add_ingredient(ingredient, media_type, io.BytesIO(parent.content))
            if not embedded:
                builder.set_no_embed()
            alone: bytes = builder.sign(signer, media_type, io.BytesIO(content), out)
    except c2pa.C2paError as fault:
        again = parent is not None and is_signed(parent.content)
        raise _refusal(str(fault), told, timestamp, again) from fault
    return out.getvalue() if embedded else alone


def read(content: bytes, media_type: str, anchors: str, manifest: bytes | None = None) -> dict[str, Any]:
    """Return what c2pa-python reads in a file's manifests, and finds when it checks them.

    Args:
        content: the whole file.
        media_type: of the file.
        anchors: certificates of the roots that are trusted, as PEM, one after the other.
        manifest: where it lies beside the file.

    Returns:
        ``store``, all manifests with the results of the check, and ``report``, the same in another shape
        that knows the certificates.

    Raises:
        UnreadableError: there is no manifest, or it cannot be read.
        MissingExtraError: ``c2pa-python`` is not installed.
    """
    c2pa = need_c2pa("checking content credentials")
    try:
        context = _context(c2pa, anchors)
        with c2pa.Reader(media_type, io.BytesIO(content), manifest, context=context) as reader:
            return {"store": json.loads(reader.json()), "report": json.loads(reader.crjson())}
    except c2pa.C2paError as fault:
        reason = str(fault)
        elsewhere = reason.startswith(("Remote", "must fetch remote"))
        absent = elsewhere or reason.startswith("ManifestNotFound")
        raise UnreadableError(_bare(reason), absent, elsewhere) from fault


def _context(c2pa: Any, anchors: str) -> Any:
    trust = {"trust_config": "\n".join(USAGES)} | ({"user_anchors": anchors} if anchors else {})
    settings: dict[str, Any] = {
        "trust": trust,
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    return c2pa.Context.from_dict(settings)


def _refusal(reason: str, told: str, timestamp: str, again: bool) -> Exception:
    """Return the error that c2pa-python's refusal to sign, or to sign again, amounts to."""
    reason = _bare(reason)
    if timestamp and ("http" in reason or "TSA" in reason or "time stamp" in reason.lower()):
        return FetchError(
            f"the server of time stamps {timestamp!r} gave none ({reason}): try another address, "
            "or sign without --timestamp"
        )
    step = "save the image again, or sign it with --sidecar"
    if again:
        step = (
            "fetch it again, or take its credentials off with 'calligram provenance strip' and sign it then"
        )
    return ImageError(f"{told!r} cannot be signed ({reason}): {step}")


def _bare(reason: str) -> str:
    """Return a reason without the name of its kind, which c2pa-python sets before it."""
    kind, colon, rest = reason.partition(": ")
    return rest if colon and kind.isalnum() else reason
