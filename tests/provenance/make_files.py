"""Makes the files signed with a leaf that ends at once: ``python -m tests.provenance.make_files``."""

import datetime
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from tests.provenance.conftest import bytes_of
from tests.provenance.stamping import stamping
from tests.provenance.test_keys import DAY, put_pair, write_key

from calligram.provenance.certificates import make_root
from calligram.provenance.label import Label
from calligram.provenance.signing import sign
from calligram.provenance.signing_options import SignOptions

FILES = Path(__file__).parent / "files"
CENTURY_DAYS = 36_500
SECONDS = 4


def make_files(folder: Path) -> None:
    """Write both images and their roots, made with keys in a folder that goes away."""
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = make_root(root_key, "Ada Lovelace", now, CENTURY_DAYS)
    own = root.public_bytes(Encoding.PEM)
    (folder / "root.pem").write_bytes(own)
    write_key(folder / "root.key", root_key)
    (folder / "clock").mkdir()
    ends = now + datetime.timedelta(seconds=SECONDS)
    put_pair(folder, ec.generate_private_key(ec.SECP256R1()), begins=now - DAY, ends=ends)
    with stamping(folder / "clock", CENTURY_DAYS) as address:
        for name, timestamp in (("expired", ""), ("stamped", address)):
            path = FILES / f"{name}.png"
            path.write_bytes(bytes_of("png"))
            sign(path, keys=folder, label=Label("drawn"), options=SignOptions(timestamp=timestamp))
    (FILES / "expired-root.pem").write_bytes(own)
    (FILES / "stamped-roots.pem").write_bytes(own + (folder / "clock" / "root.pem").read_bytes())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make_files(Path(place))
