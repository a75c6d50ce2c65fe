"""Keys: made whole, closed to others, never overwritten, and refused where they may not sign."""

import datetime
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("cryptography", reason="keys need the extra provenance")

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from calligram.errors import KeysError, MissingExtraError, OptionError, OutputError
from calligram.provenance.certificates import make_leaf, make_root
from calligram.provenance.keys import Keys, check_keys, keys_folder, make_keys, open_keys

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
OTHER_USAGES = ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
OTHER_USAGES += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
DAY = datetime.timedelta(days=1)


def read_pem(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def write_key(path: Path, key: object, passphrase: bytes = b"") -> None:
    hidden = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))  # type: ignore[attr-defined]


def copy_of(keys: Keys, place: Path) -> Path:
    place.mkdir()
    for file in keys.folder.iterdir():
        (place / file.name).write_bytes(file.read_bytes())
        (place / file.name).chmod(0o600)
    return place


def test_a_root_vouches_for_a_leaf_that_may_sign(keys: Keys) -> None:
    root, leaf = read_pem(keys.folder / "root.pem"), read_pem(keys.folder / "leaf.pem")
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    meant_for = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.EMAIL_PROTECTION in meant_for
    assert root.not_valid_after_utc > leaf.not_valid_after_utc


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps who may read a file elsewhere")
def test_keys_are_open_to_their_owner_alone(keys: Keys) -> None:
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()} == {0o600}
    assert keys.remarks == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps who may read a file elsewhere")
def test_a_key_that_others_can_read_is_told(keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "open")
    (place / "leaf.key").chmod(0o644)
    assert "leaf.key' can be read by others: close it with 'chmod 600'" in open_keys(place).remarks[0]


def test_keys_that_are_there_are_never_overwritten(keys: Keys) -> None:
    before = {path: path.read_bytes() for path in keys.folder.iterdir()}
    with pytest.raises(OutputError, match="is there already: keys are never overwritten"):
        make_keys(keys.folder)
    assert {path: path.read_bytes() for path in keys.folder.iterdir()} == before


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert make_keys(tmp_path).name == "a user of Calligram"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "leaf.key",
        "leaf.pem",
        "root.key",
        "root.pem",
    ]


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        make_keys(tmp_path / "file" / "keys")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 58, "ж" * 29, "\ud800"])
def test_a_name_that_no_certificate_holds_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot stand in a certificate"):
        make_keys(tmp_path / "keys", name=name)
    assert not (tmp_path / "keys").exists()


def test_a_long_name_of_any_script_is_kept(tmp_path: Path) -> None:
    name = "ж" * 28 + "e"
    assert open_keys(make_keys(tmp_path / "keys", name=name).folder).name == name


@pytest.mark.parametrize("days", [0, -1, 7301])
def test_days_out_of_range_are_refused(days: int, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=f"days is {days}, but must be from 1 to 7300"):
        make_keys(tmp_path / "keys", days=days)


def test_the_usual_folder_is_that_of_the_environment_else_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if sys.platform != "win32":
        assert keys_folder() == tmp_path / "config" / "calligram" / "keys"
    monkeypatch.setenv("CALLIGRAM_KEYS", str(tmp_path / "mine"))
    assert keys_folder() == tmp_path / "mine"
    assert make_keys().folder == tmp_path / "mine"


def test_no_keys_tell_how_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"there are no keys in .*: make some with 'calligram keys new'"):
        open_keys(tmp_path / "none")


def test_a_key_of_another_certificate_is_refused(keys: Keys, stranger: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "mixed")
    (place / "leaf.key").write_bytes((stranger.folder / "leaf.key").read_bytes())
    with pytest.raises(KeysError, match=r"leaf.key' is not the key of the first certificate in leaf.pem"):
        open_keys(place)


def test_an_encrypted_key_is_refused_with_how_to_open_it(keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "hidden")
    write_key(place / "leaf.key", load_pem_private_key((place / "leaf.key").read_bytes(), None), b"secret")
    with pytest.raises(KeysError, match=r"leaf.key' is encrypted: .*'openssl pkey"):
        open_keys(place)


@pytest.mark.parametrize(
    "content", [b"", b"no PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
@pytest.mark.parametrize(("file", "told"), [("leaf.pem", "no certificate"), ("leaf.key", "no private key")])
def test_what_is_no_pem_is_refused(file: str, told: str, content: bytes, keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "broken")
    (place / file).write_bytes(content)
    with pytest.raises(KeysError, match=f"{file}' holds {told} as PEM"):
        open_keys(place)


def test_a_missing_file_is_named(keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "torn")
    (place / "leaf.key").unlink()
    with pytest.raises(KeysError, match=r"leaf.key' cannot be read \(No such file"):
        open_keys(place)


def test_a_huge_file_is_no_key(keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "huge")
    with (place / "leaf.key").open("wb") as stream:
        os.truncate(stream.fileno(), 1 << 32)
    with pytest.raises(KeysError, match="which no key is"):
        open_keys(place)


def test_a_key_of_a_kind_that_c2pa_does_not_know_is_refused(keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "odd")
    put_pair(place, ec.generate_private_key(ec.SECP256K1()))
    with pytest.raises(KeysError, match="of a kind that C2PA does not know"):
        open_keys(place)


@pytest.mark.parametrize(
    ("key", "algorithm", "size"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), "ES256", 64),
        (lambda: ec.generate_private_key(ec.SECP384R1()), "ES384", 96),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "ES512", 132),
        (ed25519.Ed25519PrivateKey.generate, "ED25519", 64),
        (lambda: rsa.generate_private_key(65537, 2048), "PS256", 256),
    ],
    ids=["ES256", "ES384", "ES512", "Ed25519", "PS256"],
)
def test_each_kind_of_key_gives_the_signature_that_cose_wants(
    key: Callable[[], object], algorithm: str, size: int, keys: Keys, tmp_path: Path
) -> None:
    place = copy_of(keys, tmp_path / "kind")
    put_pair(place, key())
    opened = open_keys(place)
    assert (opened.algorithm, len(opened.sign(b"claim"))) == (algorithm, size)


def put_pair(place: Path, key: object, **changes: object) -> None:
    """Put a leaf for a key into a folder, made by the root there; the changes are of :func:`leaf_for`."""
    root = read_pem(place / "root.pem")
    root_key = load_pem_private_key((place / "root.key").read_bytes(), None)
    leaf = leaf_for(key, root, root_key, **changes)  # type: ignore[arg-type]
    (place / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    write_key(place / "leaf.key", key)


def leaf_for(
    key: object,
    root: x509.Certificate,
    root_key: object,
    *,
    begins: datetime.datetime = NOW - DAY,
    ends: datetime.datetime = NOW + DAY,
    signs: bool = True,
    meant_for: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    self_signed: bool = False,
) -> x509.Certificate:
    """Return a leaf that is what the room of provenance would not make."""
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Odd"), x509.NameAttribute(NameOID.COMMON_NAME, "Odd")]
    )
    usage = dict.fromkeys(OTHER_USAGES, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if self_signed else root.subject)
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=signs, **usage), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
    )
    if meant_for:
        builder = builder.add_extension(x509.ExtendedKeyUsage([meant_for]), critical=False)
    return builder.sign(key if self_signed else root_key, SHA256())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"self_signed": True}, "is self-signed, but a root must vouch for it"),
        ({"ends": NOW - datetime.timedelta(hours=1)}, r"expired on \d{4}-\d\d-\d\d: make new keys"),
        ({"begins": NOW + datetime.timedelta(hours=1)}, r"is valid from .* only: check this machine's clock"),
        ({"signs": False}, "lacks the key usage digitalSignature"),
        ({"meant_for": ExtendedKeyUsageOID.SERVER_AUTH}, "is not meant for content credentials"),
        ({"meant_for": None}, "is not meant for content credentials"),
    ],
)
def test_a_leaf_that_may_not_sign_is_refused_with_the_reason(
    changes: dict[str, object], told: str, keys: Keys, tmp_path: Path
) -> None:
    place = copy_of(keys, tmp_path / "unfit")
    put_pair(place, ec.generate_private_key(ec.SECP256R1()), **changes)
    with pytest.raises(KeysError, match=rf"the certificate '.*leaf.pem' cannot sign: it {told}"):
        check_keys(open_keys(place))


def test_keys_just_made_may_sign(keys: Keys) -> None:
    check_keys(keys)
    assert keys.ends - NOW > 1824 * DAY


def test_a_leaf_begins_an_hour_early_for_clocks_that_are_behind() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    root = make_root(key, "Ada", NOW, 3)
    leaf = make_leaf(key, "Ada", root, key, NOW, 3)
    assert NOW - leaf.not_valid_before_utc == datetime.timedelta(hours=1)
    assert leaf.not_valid_after_utc - NOW == 3 * DAY


def test_without_the_extra_its_install_command_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'calligram\[provenance\]'"):
        make_keys(tmp_path / "keys")
    assert not (tmp_path / "keys").exists()
