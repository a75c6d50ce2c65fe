"""Hostile files: each gives one sentence, or what can be read of it, and quickly."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.provenance.samples import EVERY, FULL, bytes_of, deep_json, png_with, saved

from calligram.errors import CalligramError, ImageError
from calligram.provenance import labelled
from calligram.provenance.containers.base import container_of
from calligram.provenance.containers.png import SIGNATURE, Chunk
from calligram.provenance.reading import find, read_label
from calligram.provenance.sidecar import digest_of, parse_sidecar
from calligram.provenance.stripping import strip

FILES = {ending: labelled(bytes_of(ending), ending, FULL) for ending in EVERY}
ACTIONS: tuple[Callable[[bytes], object], ...] = (
    find,
    read_label,
    strip,
    digest_of,
    lambda content: labelled(content, "", FULL),
)


@contextmanager
def quickly(seconds: float = 2.0) -> Iterator[None]:
    """Fail where a block takes longer than is decent; two busy cores are allowed for."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def survives(content: bytes) -> bool:
    """Do everything that is done with a file; say whether only results and single sentences came of it."""
    told = []
    for action in ACTIONS:
        try:
            action(content)
        except CalligramError as fault:
            told.append(str(fault))
    return all(len(sentence.splitlines()) == 1 for sentence in told)


@pytest.mark.parametrize("ending", EVERY)
def test_a_file_that_is_cut_off_anywhere_gives_a_sentence(ending: str) -> None:
    content = FILES[ending]
    for end in [*range(0, 64), *range(64, len(content), max(1, len(content) // 60))]:
        assert survives(content[:end])


@given(
    st.sampled_from(EVERY),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
)
@settings(max_examples=80, deadline=None)
def test_a_file_with_wrong_bytes_gives_a_sentence(ending: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(FILES[ending])
    for place, value in changes:
        content[int(place * len(content))] = value
    assert survives(bytes(content))


@given(st.sampled_from([b"", *(FILES[ending][:40] for ending in EVERY)]), st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_noise_behind_a_good_beginning_gives_a_sentence(head: bytes, noise: bytes) -> None:
    assert survives(head + noise)


def png_of(*chunks: Chunk) -> bytes:
    plain = saved("PNG")
    return plain[:33] + b"".join(chunk.packed() for chunk in chunks) + plain[33:]


def test_a_zlib_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(64 << 20), 1)
    with quickly():
        found = find(png_of(Chunk(b"zTXt", b"parameters\0\0" + bomb)))
    assert found.tellings == ()
    assert [part.content for part in found.parts] == [b""]


def test_entities_that_blow_up_are_refused() -> None:
    laughs = '<!DOCTYPE lol [<!ENTITY a "ha">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        laughs += f'<!ENTITY {name} "{f"&{before};" * 10}">'
    xmp = f"{laughs}]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&i;</x:xmpmeta>"
    with quickly():
        (telling,) = find(png_with(**{"XML:com.adobe.xmp": xmp})).tellings
    assert "declares entities" in telling.remarks[0]
    svg = f"{laughs}]><svg xmlns='http://www.w3.org/2000/svg'>&i;</svg>".encode()
    with quickly(), pytest.raises(ImageError, match="declares entities"):
        strip(svg.replace(b"DOCTYPE lol", b"DOCTYPE svg"))


def test_an_outside_entity_is_not_fetched() -> None:
    xml = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'
    with pytest.raises(ImageError, match="declares entities"):
        find(xml.encode())


def test_xml_that_nests_too_deep_is_refused() -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    with quickly(), pytest.raises(ImageError, match="nests deeper than 200"):
        find(f'<svg xmlns="http://www.w3.org/2000/svg">{deep}</svg>'.encode())


def test_json_that_nests_too_deep_is_passed_over() -> None:
    with quickly(5):
        assert (
            find(png_with(prompt=deep_json(), invokeai_metadata=deep_json(), parameters=deep_json())).tellings
            == ()
        )


def test_many_attributes_and_tags_take_no_longer_than_they_are_long() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg">' + "<g x=\"1\" y='2'/>" * 10_000 + "</svg>"
    with quickly(5):
        assert strip(svg.encode()).content.decode() == svg


def test_a_long_line_of_settings_takes_no_longer_than_it_is_long() -> None:
    with quickly(5):
        lines = ['x y: "', "x y: z, ", 'x y: "\\\\\\"", ', 'x y: "\\\\", ']
        for text in [*("a\n" + line * 50_000 for line in lines), "a" * 900_000]:
            assert find(png_with(parameters=text)).parts


def test_a_chunk_that_claims_too_much_gives_a_sentence() -> None:
    content = SIGNATURE + struct.pack(">I4s", 0xFFFFFFF0, b"tEXt") + b"x" * 40
    with pytest.raises(ImageError, match=r"claims 4294967280 bytes, which are not there"):
        find(content)


def test_a_tiff_whose_pages_turn_in_a_ring_ends() -> None:
    content = bytearray(saved("TIFF"))
    (first,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * count, first)
    with quickly():
        assert survives(bytes(content))


def test_a_tiff_that_claims_many_values_takes_no_memory() -> None:
    rows = struct.pack("<HHII", 273, 4, 0xFFFFFFFF, 8) + struct.pack("<HHII", 279, 4, 0xFFFFFFFF, 8)
    content = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + rows + bytes(4)
    with quickly():
        assert survives(content)


def test_a_pdf_of_many_objects_that_are_not_closed_ends() -> None:
    with quickly(5):
        assert survives(b"%PDF-1.7\n" + b"1 0 obj << (" * 5_000)
        assert survives(b"%PDF-1.7\n" + b"1 0 obj " * 10_000)


def test_an_encrypted_pdf_is_refused() -> None:
    content = bytes_of(".pdf").replace(b"/Root", b"/Encrypt 9 0 R /Root")
    with pytest.raises(ImageError, match="encrypted: save it without a password"):
        strip(content)


def test_a_file_that_is_no_image_says_how_it_begins() -> None:
    with pytest.raises(ImageError, match=r"it is no image \(it begins with b'#!/bin/sh'\): give PNG"):
        find(b"#!/bin/sh")


DIGEST = '{"calligram_label": 1, "digest": {"of": "pixels", "sha256": ""}, "label": '


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"calligram_label": 2}',
        '{"calligram_label": 1, "digest": {}, "label": {}}',
        DIGEST + '{"made": "found"}}',
        DIGEST + '{"made": "drawn", "x": 1}}',
        DIGEST + '{"made": "drawn", "seed": "x"}}',
        DIGEST + '{"made": "drawn", "prompt": [1]}}',
        DIGEST + '{"made": "drawn", "settings": {"x": {"y": 1}}}}',
        deep_json(),
        "\xff",
    ],
)
def test_a_sidecar_that_is_none_says_what_is_wrong(content: str) -> None:
    with pytest.raises(ImageError, match=r"'x.json' is no sidecar of an image \(.*\): move it, or write"):
        parse_sidecar(content.encode("latin-1"), "x.json")


def test_a_huge_image_is_not_decoded() -> None:
    content = bytearray(saved("PNG"))
    struct.pack_into(">II", content, 16, 200_000, 200_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    with quickly():
        assert survives(bytes(content))
    assert container_of(bytes(content)) is not None
