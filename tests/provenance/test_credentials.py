"""Whether a file is signed: found in the frame of each format, in damaged files too."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.provenance.conftest import ENDINGS, bytes_of

from calligram.provenance.credentials import MEDIA_TYPES, format_of, is_signed
from calligram.provenance.engine import signed
from calligram.provenance.keys import Keys
from calligram.provenance.label import Label
from calligram.provenance.manifest import manifest_of

FORMATS = {"jpg": "jpeg", "tif": "tiff"}


def signed_bytes(ending: str, keys: Keys) -> bytes:
    content = bytes_of(ending)
    media_type = MEDIA_TYPES[format_of(content)]
    return signed(content, media_type, manifest_of(Label("rendered")), keys, told=ending)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signed_file_is_told_from_one_that_is_not(ending: str, keys: Keys) -> None:
    assert not is_signed(bytes_of(ending))
    assert is_signed(signed_bytes(ending, keys))


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_format_is_told_by_the_first_bytes(ending: str) -> None:
    assert format_of(bytes_of(ending)) == FORMATS.get(ending, ending)


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != "tif"])
def test_a_file_whose_end_is_cut_off_is_still_signed(ending: str, keys: Keys) -> None:
    assert is_signed(signed_bytes(ending, keys)[:-30])


@pytest.mark.parametrize("ending", ENDINGS)
def test_words_of_credentials_elsewhere_in_a_file_sign_nothing(ending: str) -> None:
    if ending == "svg":
        content = bytes_of(ending).replace(b"<rect", b"<!-- manifest at c2pa.org/manifest --><rect")
    elif ending == "pdf":
        content = bytes_of(ending) + b"% C2PA_Manifest\n"
    else:
        content = bytes_of(ending) + b"caBX C2PA jumb C2PA_GIF c2pa"
    assert not is_signed(content)


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_damage_makes_it_fail(ending: str, keys: Keys) -> None:
    content, chance = signed_bytes(ending, keys), random.Random(5)
    for _ in range(200):
        torn = bytearray(content[: chance.randrange(len(content))])
        for _ in range(min(len(torn), 5)):
            torn[chance.randrange(min(len(torn), 400))] = chance.randrange(256)
        assert is_signed(bytes(torn)) in (True, False)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF89a", b"\x89PNG\r\n\x1a\n"]),
)
def test_no_bytes_at_all_make_it_fail(rest: bytes, start: bytes) -> None:
    assert is_signed(start + rest) in (True, False)


def test_directories_of_a_tiff_that_lead_in_a_ring_end() -> None:
    assert not is_signed(b"II*\0" + struct.pack("<IHI", 8, 0, 8))


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand --><svg:svg/>", "svg"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>\n<svg>", "svg"),
        (b"<!DOCTYPE svg [\n<!ENTITY a 'b'>\n]\n>\n<svg>", "svg"),
        (b"<!-- <svg> -->", ""),
        (b"<svgx/>", ""),
        (b"<!-- -->" * 8000 + b"<x/>", ""),
        (b"<!DOCTYPE [" * 6000, ""),
        (b"<html><svg/></html>", ""),
        (b"", ""),
        (b"BM\0\0", ""),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "heif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41", ""),
    ],
)
def test_formats_are_told_apart(start: bytes, told: str) -> None:
    assert format_of(start) == told
