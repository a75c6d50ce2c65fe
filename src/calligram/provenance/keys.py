"""The folder of signing keys: a root and a leaf with their private keys, made here, read by their owner."""

import datetime
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calligram.errors import KeysError, OptionError, OutputError
from calligram.provenance.certificates import (
    fingerprint_of,
    make_leaf,
    make_root,
    name_of,
    need_cryptography,
    unfitness_of,
)
from calligram.whole_files import writing_folder

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

ROOT, ROOT_KEY, LEAF, LEAF_KEY = "root.pem", "root.key", "leaf.pem", "leaf.key"
USUAL_NAME = "a user of Calligram"
USUAL_DAYS = 5 * 365
MOST_DAYS = 20 * 365
LONGEST_NAME = 57
"""Bytes in UTF-8 that a name may have: 64 fit into a certificate, and the root's has seven more."""

LARGEST_FILE = 1 << 20


@dataclass(frozen=True)
class Keys:
    """A leaf that signs, and the root that vouches for it.

    Args:
        folder: where they are.
        name: who signs, as the leaf says.
        begins: from when the leaf is valid.
        ends: until when the leaf is valid.
        fingerprint: SHA-256 of the leaf.
        root_fingerprint: SHA-256 of the root, or nothing where the folder has none.
        algorithm: of the signatures, as C2PA spells it, as ``"ES256"``.
        chain: the leaf's certificate and those that vouch for it, as PEM.
        root: the root's certificate as PEM, or nothing.
        sign: signs bytes, and returns the signature as COSE wants it.
        remarks: what a person should be told of the folder.
    """

    folder: Path
    name: str
    begins: datetime.datetime
    ends: datetime.datetime
    fingerprint: str
    root_fingerprint: str
    algorithm: str
    chain: str = field(repr=False)
    root: str = field(repr=False)
    sign: Callable[[bytes], bytes] = field(repr=False)
    remarks: tuple[str, ...] = ()


def keys_folder() -> Path:
    """Return where keys are kept: ``$CALLIGRAM_KEYS``, or ``keys`` in the user's folder of settings."""
    if given := os.environ.get("CALLIGRAM_KEYS"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData/Roaming")) / "calligram" / "keys"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "calligram" / "keys"


def make_keys(
    folder: str | os.PathLike[str] | None = None, *, name: str = USUAL_NAME, days: int = USUAL_DAYS
) -> Keys:
    """Make a root and a leaf with their private keys in a new folder, and return them.

    The folder appears whole or not at all, open to its owner alone. The keys are on the curve P-256.

    Args:
        folder: a new or empty one; None is :func:`keys_folder`.
        name: who signs; every file that is signed tells it.
        days: how long the leaf is valid, 1 to 7300.

    Raises:
        OptionError: the name or the days cannot be.
        OutputError: the folder holds something, or cannot be written.
        MissingExtraError: ``cryptography`` is not installed.
    """
    place = Path(folder) if folder is not None else keys_folder()
    if not name.strip() or not name.isprintable() or len(name.encode(errors="replace")) > LONGEST_NAME:
        raise OptionError(
            f"the name {name!r} cannot stand in a certificate: take one line of at most "
            f"{LONGEST_NAME} bytes in UTF-8"
        )
    if not 1 <= days <= MOST_DAYS:
        raise OptionError(f"days is {days}, but must be from 1 to {MOST_DAYS}")
    need_cryptography("making keys")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise OutputError(
            f"{os.fspath(place)!r} is there already: keys are never overwritten, since what they signed "
            "could no longer be checked, so name a new folder"
        )
    contents = _new_pair(name, days)
    with writing_folder(place) as beside:
        beside.chmod(0o700)
        for file, content in contents.items():
            _write_private(beside / file, content)
    return open_keys(place)


def open_keys(folder: str | os.PathLike[str] | None = None) -> Keys:
    """Return the keys of a folder; that they may sign is asked by :func:`check_keys`.

    Args:
        folder: with ``leaf.pem`` (the leaf, and behind it what vouches for it) and ``leaf.key``, and
            ``root.pem`` where there is one; None is :func:`keys_folder`.

    Raises:
        KeysError: a file is missing, no usable PEM, encrypted, or the key is another certificate's.
        MissingExtraError: ``cryptography`` is not installed.
    """
    need_cryptography("signing")
    place = Path(folder) if folder is not None else keys_folder()
    if not place.is_dir():
        raise KeysError(f"there are no keys in {os.fspath(place)!r}: make some with 'calligram keys new'")
    chain = read_certificates(place / LEAF)
    roots = read_certificates(place / ROOT) if (place / ROOT).exists() else []
    key = _read_key(place / LEAF_KEY)
    if key.public_key() != chain[0].public_key():
        raise KeysError(
            f"{os.fspath(place / LEAF_KEY)!r} is not the key of the first certificate in {LEAF}: "
            "put the two that belong together there"
        )
    algorithm, sign = _signer(key, place / LEAF_KEY)
    return Keys(
        place,
        name_of(chain[0]),
        chain[0].not_valid_before_utc,
        chain[0].not_valid_after_utc,
        fingerprint_of(chain[0]),
        fingerprint_of(roots[0]) if roots else "",
        algorithm,
        _pem(chain),
        _pem(roots),
        sign,
        _remarks(place),
    )


def check_keys(keys: Keys) -> None:
    """Make sure that a leaf may sign content credentials now.

    Raises:
        KeysError: it is self-signed, expired, not yet valid, or meant for something else.
    """
    leaf = read_certificates(keys.folder / LEAF)[0]
    reason = unfitness_of(leaf, datetime.datetime.now(datetime.UTC))
    if reason:
        raise KeysError(f"the certificate {os.fspath(keys.folder / LEAF)!r} cannot sign: it {reason}")


def read_certificates(path: Path) -> "list[Certificate]":
    """Return the certificates of a PEM file, one at least.

    Raises:
        KeysError: the file cannot be read, or holds none.
        MissingExtraError: ``cryptography`` is not installed.
    """
    x509 = need_cryptography("reading certificates")
    try:
        found: list[Certificate] = x509.load_pem_x509_certificates(_read(path))
    except ValueError as fault:
        raise KeysError(f"{os.fspath(path)!r} holds no certificate as PEM: give one that does") from fault
    return found


def _new_pair(name: str, days: int) -> dict[str, bytes]:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    root_key, leaf_key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    root = make_root(root_key, name, now, days)
    leaf = make_leaf(leaf_key, name, root, root_key, now, days)
    return {
        ROOT: _pem([root]).encode(),
        ROOT_KEY: _key_pem(root_key),
        LEAF: _pem([leaf]).encode(),
        LEAF_KEY: _key_pem(leaf_key),
    }


def _pem(certificates: "list[Certificate]") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def _key_pem(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    written: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return written


def _write_private(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone may read, from its first byte on."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise KeysError(
            f"{os.fspath(path)!r} cannot be read ({fault.strerror or fault}): name the folder that "
            "'calligram keys new' made, or a PEM file"
        ) from fault
    if len(content) > LARGEST_FILE:
        raise KeysError(
            f"{os.fspath(path)!r} is over {LARGEST_FILE} bytes, which no key is: name the right file"
        )
    return content


def _read_key(path: Path) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = _read(path)
    try:
        return load_pem_private_key(content, password=None)
    except TypeError as fault:
        raise KeysError(
            f"the private key {os.fspath(path)!r} is encrypted: keep one without a passphrase in the folder, "
            "as 'openssl pkey -in OLD -out NEW' writes it"
        ) from fault
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise KeysError(f"{os.fspath(path)!r} holds no private key as PEM: give one that does") from fault


def _signer(key: Any, path: Path) -> tuple[str, Callable[[bytes], bytes]]:
    """Return the algorithm of a private key, and what signs with it.

    Source: RFC 9053 (signatures on a curve are two numbers of one length each) and C2PA Technical
    Specification 2.4, section 13.2 "Digital Signatures", for which algorithms there are.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ED25519", key.sign
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        return "PS256", lambda data: key.sign(data, salted, hashes.SHA256())
    curves: dict[str, tuple[str, hashes.HashAlgorithm, int]] = {
        "secp256r1": ("ES256", hashes.SHA256(), 32),
        "secp384r1": ("ES384", hashes.SHA384(), 48),
        "secp521r1": ("ES512", hashes.SHA512(), 66),
    }
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in curves:
        raise KeysError(
            f"the private key {os.fspath(path)!r} is of a kind that C2PA does not know: take one on the "
            "curve P-256, P-384 or P-521, Ed25519, or RSA with 2048 bits or more"
        )
    algorithm, digest, size = curves[key.curve.name]

    def sign(data: bytes) -> bytes:
        first, second = utils.decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
        return first.to_bytes(size, "big") + second.to_bytes(size, "big")

    return algorithm, sign


def _remarks(place: Path) -> tuple[str, ...]:
    """Return a remark on each private key that others than its owner can read."""
    if sys.platform == "win32":
        return ()
    open_ones = [
        place / name for name in (LEAF_KEY, ROOT_KEY) if (place / name).is_file() and _is_open(place / name)
    ]
    return tuple(
        f"the private key {os.fspath(path)!r} can be read by others: close it with 'chmod 600'"
        for path in open_ones
    )


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)
