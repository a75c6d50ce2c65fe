"""Verifying: one clear verdict for each case, in every format, and never "valid" after a change."""

import io
import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("c2pa", reason="content credentials need the extra provenance")

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ObjectIdentifier
from PIL import Image
from tests.provenance.conftest import ENDINGS, FAR, bytes_of
from tests.provenance.independent import active_manifest, manifest_store, span_of_store, with_store
from tests.provenance.stamping import stamping
from tests.provenance.test_keys import copy_of, put_pair

from calligram.errors import ImageError, KeysError, MissingExtraError
from calligram.provenance import engine
from calligram.provenance.credentials import is_signed
from calligram.provenance.keys import Keys, open_keys
from calligram.provenance.label import Label
from calligram.provenance.manifest import manifest_of
from calligram.provenance.manifest_reading import claims_in, findings_in
from calligram.provenance.signing import sign
from calligram.provenance.signing_options import SignOptions
from calligram.provenance.verdict import HEADLINES
from calligram.provenance.verifying import check, verify

FILES = Path(__file__).parent / "files"
LABEL = Label("drawn", prompt="a red cat", title="Cat", mining="DMI-PROHIBITED-GENAIMLTRAINING")
ImageMaker = Callable[[str], Path]


def signed_by(keys: Keys, path: Path) -> bytes:
    return sign(path, keys=keys, label=LABEL).path.read_bytes()


def test_a_valid_image_tells_who_signed_when_and_what(image: ImageMaker, keys: Keys) -> None:
    signed_by(keys, image("png"))
    lines = verify(image("png").parent / "image.png", keys=keys.folder)
    assert lines.state == "none"  # written anew by the fixture
    content = signed_by(keys, image("png"))
    verdict = check(content, "cat.png", keys=keys.folder)
    assert (verdict.state, verdict.exit_code, verdict.place) == ("valid", 0, "inside")
    told = "\n".join(verdict.sentences())
    for words in (
        "valid: nothing was changed since 'Ada Lovelace' signed it",
        "signed by 'Ada Lovelace', for whom 'Ada Lovelace (root)' vouches",
        f"certificate valid until {keys.ends:%Y-%m-%d}",
        "by the signer's own clock",
        "title: Cat",
        "made: drawn by a model trained on samples (trainedAlgorithmicMedia)",
        "done: c2pa.created",
        "mining: ai_generative_training notAllowed",
        "Iptc4xmpExt:AIPromptInformation: a red cat",
        "written by Calligram",
    ):
        assert words in told


def test_a_verdict_is_ready_for_json(image: ImageMaker, keys: Keys) -> None:
    verdict = check(signed_by(keys, image("png")), "cat.png", keys=keys.folder)
    told = json.loads(json.dumps(verdict.to_json()))
    assert (told["state"], told["valid"], told["claims"]["signer"]) == ("valid", True, "Ada Lovelace")
    assert told["claims"]["mining"] == {"cawg.ai_generative_training": "notAllowed"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_image_that_nobody_signed_has_no_credentials(ending: str, image: ImageMaker) -> None:
    verdict = verify(image(ending))
    assert (verdict.state, verdict.exit_code) == ("none", 1)
    assert verdict.sentences() == ("no content credentials",)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signer_whose_root_is_unknown_is_not_trusted(
    ending: str, image: ImageMaker, keys: Keys, stranger: Keys
) -> None:
    content = signed_by(stranger, image(ending))
    for known in (None, keys.folder):
        verdict = check(content, "cat", keys=known)
        assert (verdict.state, verdict.exit_code) == ("unknown", 1)
        assert "the root of the signer is unknown here, and anybody can sign as 'Mallory'" in verdict.headline


def test_a_root_is_trusted_where_its_file_is_given(image: ImageMaker, keys: Keys, stranger: Keys) -> None:
    content = signed_by(stranger, image("png"))
    root = stranger.folder / "root.pem"
    assert check(content, "cat", trust=[root], keys=keys.folder).state == "valid"
    assert check(content, "cat", trust=[root]).state == "valid"


def test_a_name_alone_is_no_trust(image: ImageMaker, keys: Keys, tmp_path: Path) -> None:
    from calligram.provenance.keys import make_keys

    twin = make_keys(tmp_path / "twin", name=keys.name)
    assert check(signed_by(twin, image("png")), "cat", keys=keys.folder).state == "unknown"


def test_the_usual_folder_of_keys_is_trusted(
    image: ImageMaker, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = signed_by(keys, image("png"))
    assert check(content, "cat").state == "unknown"
    monkeypatch.setenv("CALLIGRAM_KEYS", str(keys.folder))
    assert check(content, "cat").state == "valid"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_byte_outside_the_credentials_is_found(ending: str, image: ImageMaker, keys: Keys) -> None:
    content, chance = signed_by(keys, image(ending)), random.Random(ending)
    store = span_of_store(content)
    places = [place for place in range(len(content)) if place not in store]
    states = set()
    for place in chance.sample(places, min(40, len(places))):
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            states.add(check(bytes(changed), "cat", keys=keys.folder).state)
        except ImageError:
            states.add("unreadable")
    assert "valid" not in states
    assert "changed" in states


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_pixel_names_the_hash_that_failed(ending: str, image: ImageMaker, keys: Keys) -> None:
    content = signed_by(keys, image(ending))
    place = content.rfind({"svg": b"#abcdef", "pdf": b"/MediaBox"}.get(ending, b"")) + 1
    if ending not in ("svg", "pdf"):
        place = place_of_pixels(ending, content)
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    verdict = check(changed, "cat", keys=keys.folder)
    assert verdict.state == "changed"
    code = "assertion.bmffHash.mismatch" if ending == "avif" else "assertion.dataHash.mismatch"
    assert f"the bytes of the file are not those that were signed [{code}" in verdict.headline
    assert "something was changed after 'Ada Lovelace' signed it" in verdict.headline


def place_of_pixels(ending: str, content: bytes) -> int:
    """Return where a byte of compressed pixels lies."""
    if ending == "tif":
        with Image.open(io.BytesIO(content)) as opened:
            return int(opened.tag_v2[273][0]) + 9  # type: ignore[attr-defined]
    mark = {"png": b"IDAT", "jpg": b"\xff\xda", "webp": b"VP8 ", "avif": b"mdat", "gif": b"\x2c\0\0\0\0"}[
        ending
    ]
    return content.rfind(mark) + 60


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_byte_of_what_was_claimed_is_found(ending: str, image: ImageMaker, keys: Keys) -> None:
    content, chance = signed_by(keys, image(ending)), random.Random(ending)
    store, manifest = manifest_store(content), active_manifest(content)
    said = [box.payload for box in manifest.inner["c2pa.assertions"].inner.values()]
    said.append(manifest.inner["c2pa.claim.v2"].content)
    for words in said:
        for _ in range(8):
            place = store.index(words) + chance.randrange(len(words))
            changed = store[:place] + bytes([store[place] ^ 1]) + store[place + 1 :]
            verdict = check(with_store(content, changed), "cat", keys=keys.folder)
            assert verdict.state in ("changed", "damaged")


def test_a_changed_word_of_the_opt_out_is_named(image: ImageMaker, keys: Keys) -> None:
    content = signed_by(keys, image("png"))
    verdict = check(content.replace(b"notAllowed", b"notallowed"), "cat", keys=keys.folder)
    assert verdict.state == "changed"
    assert "[assertion.hashedURI.mismatch, cawg.training-mining]" in verdict.headline


def test_a_changed_signature_is_named(image: ImageMaker, keys: Keys) -> None:
    content = signed_by(keys, image("png"))
    place = content.index(b"\xf6\x58\x40", content.rindex(b"c2pa.signature")) + 10
    verdict = check(
        content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], "cat", keys=keys.folder
    )
    assert verdict.state == "changed"
    assert "the signature does not fit the claim [claimSignature.mismatch" in verdict.headline


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signed_image_whose_end_is_missing_is_not_valid(ending: str, image: ImageMaker, keys: Keys) -> None:
    content = signed_by(keys, image(ending))
    for kept in (len(content) - 1, len(content) - 30, len(content) // 2, 200):
        torn = content[:kept]
        try:
            state = check(torn, "cat", keys=keys.folder).state
        except ImageError:
            assert not is_signed(torn)
            continue
        assert state in ("changed", "damaged", "none")
        assert state != "none" or not is_signed(torn)


def test_credentials_moved_to_another_image_do_not_hold(
    image: ImageMaker, keys: Keys, tmp_path: Path
) -> None:
    path = tmp_path / "one.bmp"
    Image.new("RGB", (8, 8), "red").save(path)
    sign(path, keys=keys, label=LABEL, options=SignOptions(sidecar=True))
    Image.new("RGB", (8, 8), "blue").save(path)
    assert verify(path, keys=keys.folder).state == "changed"


def test_damaged_credentials_beside_an_image_say_so(image: ImageMaker) -> None:
    path = image("png")
    path.with_suffix(".c2pa").write_bytes(b"no JUMBF at all")
    verdict = verify(path)
    assert (verdict.state, verdict.exit_code) == ("damaged", 1)


def test_an_expired_certificate_says_so() -> None:
    verdict = verify(FILES / "expired.png", trust=[FILES / "expired-root.pem"])
    assert (verdict.state, verdict.exit_code) == ("expired", 1)
    assert verdict.headline == (
        "not valid any more: the certificate of 'Odd' has expired, and no trusted time stamp tells that it "
        "was signed before"
    )


def test_a_trusted_time_stamp_outlives_the_certificate() -> None:
    verdict = verify(FILES / "stamped.png", trust=[FILES / "stamped-roots.pem"])
    assert verdict.state == "valid"
    assert "by a server of time stamps that is trusted here" in verdict.sentences()[2]
    untrusted = verify(FILES / "stamped.png", trust=[FILES / "expired-root.pem"])
    assert (untrusted.state, untrusted.claims.clock) == ("expired", "server")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the command openssl makes the time stamps")
def test_a_server_of_time_stamps_that_is_named_tells_when(
    image: ImageMaker, keys: Keys, tmp_path: Path
) -> None:
    (tmp_path / "clock").mkdir()
    with stamping(tmp_path / "clock") as address:
        path = sign(image("png"), keys=keys, label=LABEL, options=SignOptions(timestamp=address)).path
    assert verify(path, keys=keys.folder).claims.clock == "server"
    trusted = verify(path, keys=keys.folder, trust=[tmp_path / "clock" / "root.pem"])
    assert (trusted.state, trusted.claims.clock) == ("valid", "trusted")


def test_a_certificate_for_something_else_is_unfit(
    image: ImageMaker, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "1.2.3.4"
    place = copy_of(keys, tmp_path / "odd")
    put_pair(place, ec.generate_private_key(ec.SECP256R1()), meant_for=ObjectIdentifier(odd))
    with monkeypatch.context() as patch:
        patch.setattr(engine, "USAGES", (odd,))  # a signer who does not care
        content = engine.signed(
            bytes_of("png"), "image/png", manifest_of(LABEL), open_keys(place), told="cat"
        )
    verdict = check(content, "cat", keys=place)
    assert (verdict.state, verdict.exit_code) == ("unfit", 1)
    assert "the certificate of 'Odd' may not sign content credentials" in verdict.headline


def test_a_self_signed_leaf_is_unknown_even_where_it_names_a_root_of_ours(
    image: ImageMaker, keys: Keys, tmp_path: Path
) -> None:
    place = copy_of(keys, tmp_path / "self")
    put_pair(place, ec.generate_private_key(ec.SECP256R1()), self_signed=True)
    content = engine.signed(bytes_of("png"), "image/png", manifest_of(LABEL), open_keys(place), told="cat")
    assert check(content, "cat", keys=keys.folder).state == "unknown"


def test_a_manifest_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "far.jpg", xmp=FAR)
    verdict = verify(tmp_path / "far.jpg")
    assert verdict.state == "none"
    assert verdict.headline.endswith("(it names an address where some lie, from which nothing was fetched)")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"BM no format of ours", "is of no format that holds content credentials"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_usable_image_is_one_sentence(content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(ImageError, match=told):
        verify(tmp_path / "odd")


def test_a_root_that_cannot_be_read_is_named(image: ImageMaker, tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"none.pem' cannot be read"):
        verify(image("png"), trust=[tmp_path / "none.pem"])
    with pytest.raises(KeysError, match=r"root.pem' cannot be read"):
        verify(image("png"), keys=tmp_path / "none")


def test_without_the_extra_its_install_command_is_told(
    image: ImageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'calligram\[provenance\]'"):
        verify(image("png"))


def test_no_word_of_a_stranger_steers_the_terminal(image: ImageMaker, stranger: Keys) -> None:
    label = Label("drawn", title="cat\x1b[2J\u202e", description="two\nlines" + "x" * 2000)
    content = sign(image("png"), keys=stranger, label=label).path.read_bytes()
    for line in check(content, "cat").sentences():
        assert line.isprintable()
        assert len(line) < 700


@pytest.mark.parametrize("value", [None, 1, "text", [], [1], {}, {"activeManifest": 1}, {"failure": [1]}])
def test_results_of_any_shape_are_read_without_a_fault(value: Any) -> None:
    store = dict.fromkeys(("active_manifest", "manifests", "validation_results"), value)
    assert findings_in(store)[0] in HEADLINES
    assert claims_in(store, {"manifests": value}).signer == ""
    nested = {"active_manifest": "m", "manifests": {"m": {"assertions": value, "ingredients": value}}}
    assert claims_in(nested, {"manifests": value}).signer == ""
