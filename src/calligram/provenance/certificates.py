"""Certificates for signing: a root of one's own, the leaf that it vouches for, and what makes a leaf unfit.

Source: C2PA Technical Specification 2.4, section 14.5 "X.509 Certificates": version 3, key usage
digitalSignature and critical, an extended key usage out of a short list, never self-signed.
"""

import datetime
from typing import TYPE_CHECKING, Any

from calligram.errors import MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
USAGES = (CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL_PROTECTION)
"""The extended key usages for which readers of C2PA take a leaf: C2PA's own, documents, and mail."""

LEAF_USAGES = (CLAIM_SIGNING, EMAIL_PROTECTION)
"""Those of our own leaves; mail is the one that every reader knows without being told."""

SLACK = datetime.timedelta(hours=1)
"""So much earlier than now a certificate begins, for machines whose clocks are behind."""


def need_cryptography(purpose: str) -> Any:
    """Return the module ``cryptography.x509``.

    Raises:
        MissingExtraError: the package is not installed.
    """
    try:
        from cryptography import x509
    except ImportError as fault:
        raise MissingExtraError("cryptography", "provenance", purpose) from fault
    return x509


def make_root(key: "EllipticCurvePrivateKey", name: str, now: datetime.datetime, days: int) -> "Certificate":
    """Return a root certificate that vouches for itself, and ends a day after the leaf.

    Args:
        key: its private key.
        name: whose root it is.
        now: when it was made.
        days: how long the leaf lasts.
    """
    x509 = need_cryptography("making a root certificate")
    from cryptography.hazmat.primitives.hashes import SHA256

    subject = _subject(f"{name} (root)", name)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    root: Certificate = (
        _started(subject, subject, key.public_key(), now, days + 1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(identity, critical=False)
        .sign(key, SHA256())
    )
    return root


def make_leaf(
    key: "EllipticCurvePrivateKey",
    name: str,
    root: "Certificate",
    root_key: "EllipticCurvePrivateKey",
    now: datetime.datetime,
    days: int,
) -> "Certificate":
    """Return a leaf certificate that may sign content credentials, and nothing else.

    Args:
        key: the private key of the leaf.
        name: who signs.
        root: that vouches for it.
        root_key: the private key of the root.
        now: when it was made.
        days: how long it lasts.
    """
    x509 = need_cryptography("making a leaf certificate")
    from cryptography.hazmat.primitives.hashes import SHA256

    usages = x509.ExtendedKeyUsage([x509.ObjectIdentifier(each) for each in LEAF_USAGES])
    vouching = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf: Certificate = (
        _started(_subject(name, name), root.subject, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(usages, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(vouching, critical=False)
        .sign(root_key, SHA256())
    )
    return leaf


def _started(subject: Any, issuer: Any, public_key: Any, now: datetime.datetime, days: int) -> Any:
    x509 = need_cryptography("making certificates")
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _subject(name: str, organization: str) -> Any:
    x509 = need_cryptography("making certificates")
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _usage(signs: bool) -> Any:
    """Return the key usage of a leaf, which signs, or of a root, which vouches."""
    return need_cryptography("making certificates").KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def name_of(certificate: "Certificate") -> str:
    """Return who a certificate names: the common name, else the organization, else the whole subject."""
    from cryptography.x509.oid import NameOID

    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()


def fingerprint_of(certificate: "Certificate") -> str:
    """Return the SHA-256 of a certificate in hexadecimal, in pairs with colons between."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex(":").upper()


def unfitness_of(leaf: "Certificate", now: datetime.datetime) -> str:
    """Return why a leaf may not sign content credentials, with the next step, or nothing where it may."""
    if leaf.issuer == leaf.subject:
        return "is self-signed, but a root must vouch for it: make a pair with 'calligram keys new'"
    if now > leaf.not_valid_after_utc:
        return f"expired on {leaf.not_valid_after_utc:%Y-%m-%d}: make new keys with 'calligram keys new'"
    if now < leaf.not_valid_before_utc:
        return f"is valid from {leaf.not_valid_before_utc:%Y-%m-%d} only: check this machine's clock"
    if not _may_sign(leaf):
        return "lacks the key usage digitalSignature: ask for a certificate that may sign"
    if not set(USAGES) & _usages(leaf):
        return (
            "is not meant for content credentials, documents or mail (its extended key usage): "
            "ask for one that is"
        )
    return ""


def _may_sign(leaf: "Certificate") -> bool:
    x509 = need_cryptography("reading certificates")
    try:
        return bool(leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature)
    except (x509.ExtensionNotFound, ValueError):
        return False


def _usages(leaf: "Certificate") -> set[str]:
    x509 = need_cryptography("reading certificates")
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return set()
    return {usage.dotted_string for usage in usages}
