"""A small reader of content credentials of our own: the oracle of what c2pa-python writes.

It knows the boxes of JUMBF (ISO 19566-5), CBOR by cbor2, and COSE's one signature (RFC 9052) by cryptography.
"""

import base64
import hashlib
import re
import struct
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


@dataclass(frozen=True)
class Box:
    """A superbox: its label, all it holds, the content of its content box, and the superboxes in it."""

    label: str
    payload: bytes
    content: bytes
    inner: dict[str, "Box"]


def manifest_store(file: bytes) -> bytes:
    """Return the manifest store in a file of any format, by how it begins."""
    if b"<svg" in file[:200]:
        found = re.search(rb"<c2pa:manifest>(.*?)</c2pa:manifest>", file, re.S)
        assert found is not None
        return base64.b64decode(found[1])
    if file.startswith(b"GIF"):
        place, blocks = file.index(b"C2PA_GIF") + 11, []
        while file[place]:
            blocks.append(file[place + 1 : place + 1 + file[place]])
            place += 1 + file[place]
        return b"".join(blocks)
    if file.startswith(b"II*\0"):
        return _in_tiff(file)
    start = file.index(b"jumdc2pa") - 12
    return file[start : start + int.from_bytes(file[start : start + 4], "big")]


def with_store(file: bytes, changed: bytes) -> bytes:
    """Return a file with another manifest store of the same length."""
    store = manifest_store(file)
    assert len(changed) == len(store)
    if b"<svg" in file[:200]:
        return file.replace(base64.b64encode(store), base64.b64encode(changed))
    if file.startswith(b"GIF"):
        return file.replace(_in_blocks(store), _in_blocks(changed))
    return file.replace(store, changed)


def span_of_store(file: bytes) -> range:
    """Return where in a file the manifest store and its frame lie."""
    store = manifest_store(file)
    if b"<svg" in file[:200]:
        store = base64.b64encode(store)
    elif file.startswith(b"GIF"):
        store = _in_blocks(store)
    start = file.index(store)
    return range(start - 80, start + len(store) + 80)


def _in_blocks(store: bytes) -> bytes:
    """Return bytes as GIF's blocks, each behind its length."""
    pieces = [store[place : place + 255] for place in range(0, len(store), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


def _in_tiff(file: bytes) -> bytes:
    """Return what the tag of C2PA points to; an older store may still lie in the file."""
    (directory,) = struct.unpack_from("<I", file, 4)
    (count,) = struct.unpack_from("<H", file, directory)
    entries = [struct.unpack_from("<HHII", file, directory + 2 + 12 * number) for number in range(count)]
    (found,) = (entry for entry in entries if entry[0] == 0xCD41)
    return file[found[3] : found[3] + found[2]]


def superbox(payload: bytes) -> Box:
    """Return a superbox by what it holds."""
    label, content, inner, place = "", b"", {}, 0
    while place < len(payload):
        size = int.from_bytes(payload[place : place + 4], "big")
        kind, body = payload[place + 4 : place + 8], payload[place + 8 : place + size]
        if kind == b"jumd":
            label = body[17:].partition(b"\0")[0].decode()
        elif kind == b"jumb":
            box = superbox(body)
            inner[box.label] = box
        else:
            content = body
        place += size
    return Box(label, payload, content, inner)


def active_manifest(file: bytes) -> Box:
    """Return the last manifest in a file, which is the one that counts."""
    store = superbox(manifest_store(file)[8:])
    assert store.label == "c2pa"
    return list(store.inner.values())[-1]


def assertions(manifest: Box) -> dict[str, Any]:
    """Return the assertions of a manifest, decoded."""
    boxes = manifest.inner["c2pa.assertions"].inner
    return {
        label: box.content if box.content[:1] == b"{" else cbor2.loads(box.content)
        for label, box in boxes.items()
    }


def faults(file: bytes, root: x509.Certificate) -> list[str]:
    """Return what does not hold in a file's credentials: assertions, bytes, signature, certificate."""
    manifest = active_manifest(file)
    claim_box = manifest.inner["c2pa.claim.v2"].content
    return [
        *_faults_of_assertions(manifest, cbor2.loads(claim_box)),
        *_faults_of_bytes(file, assertions(manifest)),
        *_faults_of_signature(manifest.inner["c2pa.signature"].content, claim_box, root),
    ]


def _faults_of_assertions(manifest: Box, claim: dict[str, Any]) -> list[str]:
    boxes, told = manifest.inner["c2pa.assertions"].inner, []
    links = claim["created_assertions"] + claim.get("gathered_assertions", [])
    for link in links:
        label = link["url"].rpartition("/")[2]
        if hashlib.sha256(boxes[label].payload).digest() != link["hash"]:
            told.append(label)
    named = {link["url"].rpartition("/")[2] for link in links}
    return told + [f"{label} is not in the claim" for label in boxes if label not in named]


def _faults_of_bytes(file: bytes, found: dict[str, Any]) -> list[str]:
    if "c2pa.hash.data" not in found:
        binding = found["c2pa.hash.bmff.v3"]
        return [] if _digest_of_boxes(file, binding) == binding["hash"] else ["c2pa.hash.bmff.v3"]
    binding, place, kept = found["c2pa.hash.data"], 0, b""
    for gap in sorted(binding["exclusions"], key=lambda gap: gap["start"]):
        kept += file[place : gap["start"]]
        place = gap["start"] + gap["length"]
    digest = hashlib.sha256(kept + file[place:]).digest()
    return [] if digest == binding["hash"] else ["c2pa.hash.data"]


def _digest_of_boxes(file: bytes, binding: dict[str, Any]) -> bytes:
    """Return the hash of the boxes at the top that are not left out, each behind its place in the file."""
    digest, place = hashlib.sha256(), 0
    while place < len(file):
        size, kind = struct.unpack_from(">I4s", file, place)
        box = file[place : place + size]
        if not any(_leaves_out(gap, kind, box) for gap in binding["exclusions"]):
            digest.update(place.to_bytes(8, "big") + box)
        place += size
    return digest.digest()


def _leaves_out(gap: dict[str, Any], kind: bytes, box: bytes) -> bool:
    if gap["xpath"] != f"/{kind.decode()}":
        return False
    return all(box[each["offset"] :].startswith(each["value"]) for each in gap.get("data") or [])


def _faults_of_signature(box: bytes, claim: bytes, root: x509.Certificate) -> list[str]:
    tag = cbor2.loads(box)
    protected, unprotected, payload, signature = tag.value
    header = cbor2.loads(protected)
    assert (tag.tag, header[1], payload) == (18, -7, None)
    chain = header[33] if 33 in header else unprotected[33]
    leaf = x509.load_der_x509_certificate(chain if isinstance(chain, bytes) else chain[0])
    signed = cbor2.dumps(["Signature1", protected, b"", claim])
    numbers = [int.from_bytes(half, "big") for half in (signature[:32], signature[32:])]
    key = leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    told = []
    try:
        key.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256()))
    except Exception:
        told.append("signature")
    try:
        leaf.verify_directly_issued_by(root)
    except Exception:
        told.append("certificate")
    return told
