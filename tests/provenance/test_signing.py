"""Signing: label first, signature last, checked by a reader of our own; what is signed is never broken."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("c2pa", reason="content credentials need the extra provenance")

import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.provenance.conftest import ENDINGS, FAR, bytes_of
from tests.provenance.independent import active_manifest, assertions, faults, manifest_store, superbox
from tests.provenance.test_keys import copy_of, put_pair

from calligram.errors import (
    FetchError,
    ImageError,
    KeysError,
    MissingExtraError,
    OptionError,
    OutputError,
)
from calligram.provenance.credentials import is_signed
from calligram.provenance.keys import Keys, open_keys
from calligram.provenance.label import Label
from calligram.provenance.reading import read_label
from calligram.provenance.signing import sign
from calligram.provenance.signing_options import SignOptions
from calligram.provenance.verifying import verify
from calligram.provenance.writing import write_image

LABEL = Label(
    "drawn",
    prompt="a red cat",
    prompt_writer="Ada",
    painter="adversarial",
    model="adversarial",
    seed=7,
    title="Cat",
    mining="DMI-PROHIBITED-GENAIMLTRAINING",
)
ImageMaker = Callable[[str], Path]


def root_of(keys: Keys) -> x509.Certificate:
    return x509.load_pem_x509_certificate(keys.root.encode())


def pixels_of(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_signed_holds_before_a_reader_of_our_own(ending: str, image: ImageMaker, keys: Keys) -> None:
    signed = sign(image(ending), keys=keys, label=LABEL)
    content = signed.path.read_bytes()
    assert faults(content, root_of(keys)) == []
    assert read_label(content) == LABEL
    assert verify(signed.path, keys=keys.folder).state == "valid"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_oracle_finds_a_byte_of_the_label_that_was_changed(
    ending: str, image: ImageMaker, keys: Keys
) -> None:
    content = bytearray(sign(image(ending), keys=keys, label=LABEL).path.read_bytes())
    content[content.index(b"calligram:Made")] ^= 1
    binding = "c2pa.hash.bmff.v3" if ending == "avif" else "c2pa.hash.data"
    assert faults(bytes(content), root_of(keys)) == [binding]


def test_the_oracle_finds_a_certificate_of_another_root(
    image: ImageMaker, keys: Keys, stranger: Keys
) -> None:
    content = sign(image("png"), keys=keys, label=LABEL).path.read_bytes()
    assert faults(content, root_of(stranger)) == ["certificate"]


@pytest.mark.parametrize("ending", ["png", "webp", "gif", "tif", "avif", "jpg"])
def test_no_pixel_changes(ending: str, image: ImageMaker, keys: Keys) -> None:
    path = image(ending)
    before = pixels_of(path)
    sign(path, keys=keys, label=LABEL)
    assert np.array_equal(pixels_of(path), before)


def test_what_the_label_says_is_claimed(image: ImageMaker, keys: Keys) -> None:
    found = assertions(active_manifest(sign(image("png"), keys=keys, label=LABEL).path.read_bytes()))
    (action,) = found["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"] == LABEL.source_type
    assert found["cawg.training-mining"]["entries"] == {"cawg.ai_generative_training": {"use": "notAllowed"}}
    assert b"a red cat" in found["cawg.metadata"]
    assert not any("thumbnail" in label for label in found)


def test_the_label_in_the_file_is_taken_where_none_is_given(tmp_path: Path, keys: Keys) -> None:
    write_image(tmp_path / "cat.png", Image.new("RGB", (8, 8), "red"), LABEL)
    signed = sign(tmp_path / "cat.png", keys=keys)
    assert signed.label == LABEL
    assert verify(signed.path, keys=keys.folder).claims.source == "trainedAlgorithmicMedia"


def test_options_go_into_label_and_credentials_alike(tmp_path: Path, keys: Keys) -> None:
    write_image(tmp_path / "cat.png", Image.new("RGB", (8, 8), "red"), LABEL)
    options = SignOptions(mining="DMI-PROHIBITED", title="Red", creator="Ada")
    sign(tmp_path / "cat.png", keys=keys, options=options)
    label = read_label((tmp_path / "cat.png").read_bytes())
    assert label is not None
    assert (label.mining, label.title, label.creator) == ("DMI-PROHIBITED", "Red", "Ada")
    claims = verify(tmp_path / "cat.png", keys=keys.folder).claims
    assert claims.title == "Red"
    assert claims.mining == dict.fromkeys(
        ["cawg.ai_generative_training", "cawg.ai_training", "cawg.data_mining"], "notAllowed"
    )
    assert claims.facts["plus:DataMining"].endswith("/DMI-PROHIBITED")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_private_prompt_is_nowhere_in_the_file(ending: str, image: ImageMaker, keys: Keys) -> None:
    path = image(ending)
    write_image(path, path.read_bytes(), LABEL)
    assert read_label(path.read_bytes()) == LABEL
    content = sign(path, keys=keys, options=SignOptions(private=True)).path.read_bytes()
    for place in (content, manifest_store(content)):
        assert b"red cat" not in place
        assert "red cat".encode("utf-16-le") not in place
    assert faults(content, root_of(keys)) == []


def test_private_keeps_the_title_that_is_given_and_no_other(tmp_path: Path, keys: Keys) -> None:
    for title, kept in (("", ""), ("Red", "Red")):
        write_image(
            tmp_path / "cat.png", Image.new("RGB", (8, 8), "red"), replace(LABEL, sources=("me.jpg",))
        )
        signed = sign(tmp_path / "cat.png", keys=keys, options=SignOptions(private=True, title=title))
        assert signed.label is not None
        assert (signed.label.title, signed.label.sources) == (kept, ("withheld",))


def test_private_names_no_file_of_an_image_without_a_label(image: ImageMaker, keys: Keys) -> None:
    path = sign(image("jpg"), keys=keys, options=SignOptions(private=True)).path
    assert b"image.jpg" not in path.read_bytes()
    assert verify(path, keys=keys.folder).claims.ingredients[0].title == "withheld"


def test_private_refuses_where_another_tool_tells_the_prompt(tmp_path: Path, keys: Keys) -> None:
    path, chunks = tmp_path / "theirs.png", PngInfo()
    chunks.add_text("parameters", "a red cat\nSteps: 20, Sampler: Euler, Seed: 1")
    Image.new("RGB", (8, 8)).save(path, pnginfo=chunks)
    before = path.read_bytes()
    with pytest.raises(OptionError, match=r"theirs.png' tells its prompt in .*: take it out first"):
        sign(path, keys=keys, options=SignOptions(private=True))
    assert path.read_bytes() == before


def test_what_comes_by_standard_input_is_not_signed(keys: Keys) -> None:
    with pytest.raises(ImageError, match="standard input has no place"):
        sign("-", keys=keys)


def test_of_an_image_without_a_label_no_making_is_claimed(image: ImageMaker, keys: Keys) -> None:
    path = image("jpg")
    before = path.read_bytes()
    options = SignOptions(mining="DMI-PROHIBITED", creator="Ada")
    signed = sign(path, keys=keys, options=options)
    assert "nothing in the file tells how it was made" in signed.remarks[0]
    assert signed.parent
    verdict = verify(path, keys=keys.folder)
    assert (verdict.state, verdict.claims.actions, verdict.claims.source) == ("valid", ("c2pa.opened",), "")
    (parent,) = verdict.claims.ingredients
    assert (parent.title, parent.relation, parent.signer) == ("image.jpg", "parentOf", "")
    assert verdict.claims.facts["dc:creator"] == "Ada"
    assert "xmp:CreatorTool" not in verdict.claims.facts
    assert before[-500:] == path.read_bytes()[-500:]


def test_how_an_image_without_a_label_was_made_can_be_said(image: ImageMaker, keys: Keys) -> None:
    path = image("jpg")
    sign(path, keys=keys, options=SignOptions(made="rendered"))
    assert verify(path, keys=keys.folder).claims.source == "algorithmicMedia"
    label = read_label(path.read_bytes())
    assert label is not None
    assert label.made == "rendered"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signed_image_becomes_the_parent_of_the_one_signed_again(
    ending: str, image: ImageMaker, keys: Keys, stranger: Keys, tmp_path: Path
) -> None:
    first = sign(image(ending), keys=stranger, label=LABEL).path
    second = sign(first, tmp_path / f"again.{ending}", keys=keys)
    content = second.path.read_bytes()
    assert faults(content, root_of(keys)) == []
    stores = superbox(manifest_store(content)[8:]).inner
    (older,) = superbox(manifest_store(first.read_bytes())[8:]).inner
    assert older in stores
    verdict = verify(second.path, keys=keys.folder)
    (parent,) = verdict.claims.ingredients
    assert (verdict.state, verdict.claims.signer) == ("valid", "Ada Lovelace")
    assert (parent.signer, parent.known, parent.reasons) == ("Mallory", False, ())
    assert parent.source == "trainedAlgorithmicMedia"
    assert verify(first, keys=stranger.folder).state == "valid"


def test_an_opt_out_outlives_a_second_signature(image: ImageMaker, keys: Keys, stranger: Keys) -> None:
    path = sign(image("png"), keys=stranger, options=SignOptions(mining="DMI-PROHIBITED")).path
    assert read_label(path.read_bytes()) is None
    sign(path, keys=keys)
    assert verify(path, keys=keys.folder).claims.mining["cawg.ai_generative_training"] == "notAllowed"


def test_a_parent_that_was_changed_after_its_signature_is_told(
    image: ImageMaker, keys: Keys, stranger: Keys
) -> None:
    path = sign(image("png"), keys=stranger, label=LABEL).path
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    signed = sign(path, keys=keys)
    assert "not valid: something was changed after 'Mallory' signed it" in signed.remarks[0]
    verdict = verify(path, keys=keys.folder)
    assert verdict.state == "valid"
    assert "dataHash.mismatch" in verdict.claims.ingredients[0].reasons[0]
    assert any("did not hold when it was taken in" in line for line in verdict.sentences())


@pytest.mark.parametrize(
    ("options", "flag"),
    [
        (SignOptions(private=True), "--private"),
        (SignOptions(sidecar=True), "--sidecar"),
        (SignOptions(made="drawn"), "--made"),
    ],
)
def test_what_would_edit_a_signed_image_is_refused(
    options: SignOptions, flag: str, image: ImageMaker, keys: Keys
) -> None:
    path = sign(image("png"), keys=keys, label=LABEL).path
    before = path.read_bytes()
    with pytest.raises(OptionError, match=f"{flag} does not fit .* is not edited"):
        sign(path, keys=keys, options=options)
    assert path.read_bytes() == before


def test_a_heif_file_is_signed_without_a_label_in_it(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "cat.heic"  # the boxes are those of AVIF, under another brand
    path.write_bytes(bytes_of("avif").replace(b"avif", b"heic", 1).replace(b"avif", b"mif1", 1))
    signed = sign(path, keys=keys, label=LABEL)
    assert faults(path.read_bytes(), root_of(keys)) == []
    assert verify(path, keys=keys.folder).claims.source == "trainedAlgorithmicMedia"
    assert "its label stands in the credentials alone" in signed.remarks[0]


def test_credentials_beside_an_image_leave_it_as_it_is(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "scan.bmp"
    Image.new("RGB", (8, 8), "red").save(path)
    before = path.read_bytes()
    signed = sign(path, keys=keys, label=LABEL, options=SignOptions(sidecar=True))
    assert (signed.path, path.read_bytes()) == (tmp_path / "scan.c2pa", before)
    verdict = verify(path, keys=keys.folder)
    assert (verdict.state, verdict.place) == ("valid", "beside")
    assert verdict.sentences()[-1] == "the credentials lie beside the image, not in it"
    path.write_bytes(before[:-1] + b"\1")
    assert verify(path, keys=keys.folder).state == "changed"
    with pytest.raises(OutputError, match=r"scan.c2pa' is there already"):
        sign(path, keys=keys, options=SignOptions(sidecar=True))


def test_a_format_that_holds_no_credentials_says_what_else_to_do(tmp_path: Path, keys: Keys) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "scan.bmp")
    with pytest.raises(
        ImageError, match=r"of no format that holds content credentials .*: sign it with --sidecar"
    ):
        sign(tmp_path / "scan.bmp", keys=keys)


def test_signing_converts_nothing(image: ImageMaker, keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"signing converts nothing: name a file that ends in '.png'"):
        sign(image("png"), tmp_path / "out.jpg", keys=keys)
    assert not (tmp_path / "out.jpg").exists()


def test_a_term_of_mining_that_there_is_not_is_refused(image: ImageMaker, keys: Keys) -> None:
    with pytest.raises(OptionError, match="mining is 'never', but must be one of DMI-UNSPECIFIED"):
        sign(image("png"), keys=keys, options=SignOptions(mining="never"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate,
        lambda: rsa.generate_private_key(65537, 2048),
    ],
    ids=["ES384", "ES512", "Ed25519", "PS256"],
)
def test_keys_of_every_kind_sign(
    make: Callable[[], object], image: ImageMaker, keys: Keys, tmp_path: Path
) -> None:
    place = copy_of(keys, tmp_path / "kind")
    put_pair(place, make())
    path = sign(image("png"), keys=place, label=LABEL).path
    assert verify(path, keys=place).state == "valid"


def test_keys_that_may_not_sign_leave_the_image_alone(image: ImageMaker, keys: Keys, tmp_path: Path) -> None:
    place = copy_of(keys, tmp_path / "self-signed")
    put_pair(place, ec.generate_private_key(ec.SECP256R1()), self_signed=True)
    path = image("png")
    before = path.read_bytes()
    with pytest.raises(KeysError, match="is self-signed"):
        sign(path, keys=place)
    assert path.read_bytes() == before


def test_without_keys_the_command_that_makes_them_is_told(image: ImageMaker) -> None:
    with pytest.raises(KeysError, match="make some with 'calligram keys new'"):
        sign(image("png"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_torn_image_is_one_sentence_and_nothing_is_written(ending: str, keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / f"torn.{ending}"
    path.write_bytes(bytes_of(ending)[:60])
    with pytest.raises(ImageError) as fault:
        sign(path, tmp_path / f"out.{ending}", keys=keys)
    assert "\n" not in str(fault.value)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_damaged_credentials_say_how_to_sign_all_the_same(image: ImageMaker, keys: Keys) -> None:
    path = sign(image("png"), keys=keys, label=LABEL).path
    path.write_bytes(path.read_bytes().replace(b"dname", b"dnome"))
    before = path.read_bytes()
    with pytest.raises(ImageError, match="take its credentials off with 'calligram provenance strip'"):
        sign(path, keys=keys)
    assert path.read_bytes() == before


def test_credentials_kept_elsewhere_are_not_fetched_for_a_parent(tmp_path: Path, keys: Keys) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "far.jpg", xmp=FAR)
    verdict = verify(sign(tmp_path / "far.jpg", keys=keys).path, keys=keys.folder)
    assert verdict.state == "valid"
    assert (
        "they lie at an address, from which nothing was fetched" in verdict.claims.ingredients[0].reasons[0]
    )


def test_an_image_that_is_not_there_is_named(keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="there is no file"):
        sign(tmp_path / "none.png", keys=keys)


def test_a_folder_that_is_not_there_keeps_the_image(image: ImageMaker, keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        sign(image("png"), tmp_path / "none" / "out.png", keys=keys)


def test_a_server_of_time_stamps_that_does_not_answer_is_named(image: ImageMaker, keys: Keys) -> None:
    path = image("png")
    before = path.read_bytes()
    with pytest.raises(FetchError, match=r"the server of time stamps 'http://127.0.0.1:9/' gave none"):
        sign(path, keys=keys, label=LABEL, options=SignOptions(timestamp="http://127.0.0.1:9/"))
    assert path.read_bytes() == before


def test_an_address_that_is_none_is_refused(image: ImageMaker, keys: Keys) -> None:
    with pytest.raises(FetchError, match="the server of time stamps 'nowhere' gave none"):
        sign(image("png"), keys=keys, label=LABEL, options=SignOptions(timestamp="nowhere"))


def test_without_the_extra_its_install_command_is_told(
    image: ImageMaker, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'calligram\[provenance\]'"):
        sign(image("png"), keys=keys)


def test_keys_opened_by_their_folder_sign_too(image: ImageMaker, keys: Keys) -> None:
    path = sign(image("png"), keys=str(keys.folder), label=LABEL).path
    assert is_signed(path.read_bytes())
    assert open_keys(keys.folder).fingerprint == keys.fingerprint
