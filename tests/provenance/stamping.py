"""A server of time stamps on this machine, whose answers the command openssl makes."""

import datetime
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from calligram.provenance.certificates import make_root

SETTINGS = """[tsa]
default_tsa = t
[t]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
"""
OTHER_USAGES = ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
OTHER_USAGES += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]


@contextmanager
def stamping(folder: Path, days: int = 2) -> Iterator[str]:
    """Give the address of a server of time stamps whose root is ``root.pem`` in the folder."""
    _make_files(folder, days)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["content-length"])))
            answer = _answer(folder)
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _answer(folder: Path) -> bytes:
    words = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "t"]
    words += ["-queryfile", "query", "-out", "answer"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=60)
    return (folder / "answer").read_bytes()


def _make_files(folder: Path, days: int) -> None:
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = make_root(root_key, "Clock", now, days + 1)
    hidden = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    leaf = _leaf(key, root, root_key, now + datetime.timedelta(days=days))
    (folder / "tsa.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    (folder / "tsa.key").write_bytes(key.private_bytes(*hidden))
    (folder / "serial").write_text("01")
    (folder / "tsa.cnf").write_text(SETTINGS.format(folder=folder))


def _leaf(
    key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    ends: datetime.datetime,
) -> x509.Certificate:
    kinds = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    usage = x509.KeyUsage(digital_signature=True, **dict.fromkeys(OTHER_USAGES, False))
    meant_for = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    vouching = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(kind, "Clock") for kind in kinds]))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(root.not_valid_before_utc)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(meant_for, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(vouching, critical=False)
        .sign(root_key, SHA256())
    )
