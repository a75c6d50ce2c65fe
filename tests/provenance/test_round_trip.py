"""Every field of a label in every format, read back by readers that are not ours."""

import dataclasses
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from tests.provenance.outside_readers import (
    EXIV2,
    comment_of,
    exiv2_of,
    packets_of,
    pdf_of,
    pixels_of,
    statements_of,
)
from tests.provenance.samples import EVERY, FULL, PIXELS, bytes_of, saved

from calligram.provenance import Label, labelled
from calligram.provenance.label import MINING, MINING_TERMS
from calligram.provenance.parameters import parameters_of
from calligram.provenance.reading import find, read_label

XMP = {
    "dc:title": [FULL.title],
    "dc:description": [FULL.description],
    "dc:creator": [FULL.creator],
    "dc:subject": list(FULL.subjects),
    "dc:rights": [FULL.rights],
    "xmp:CreatorTool": FULL.creator_tool,
    "xmp:CreateDate": FULL.made_at,
    "Iptc4xmpExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "Iptc4xmpExt:AISystemUsed": FULL.model,
    "Iptc4xmpExt:AISystemVersionUsed": FULL.model_version,
    "Iptc4xmpExt:AIPromptInformation": FULL.prompt,
    "Iptc4xmpExt:AIPromptWriterName": FULL.prompt_writer,
    "plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
    "calligram:Made": "drawn",
    "calligram:Avoid": FULL.avoid,
    "calligram:Painter": FULL.painter,
    "calligram:Seed": "7",
    "calligram:Sources": list(FULL.sources),
}


@pytest.mark.parametrize("ending", [ending for ending in EVERY if ending != ".html"])
def test_rdflib_reads_every_field_in_the_packet_of_every_format(ending: str) -> None:
    told = statements_of(labelled(bytes_of(ending), ending, FULL))
    assert {name: told[name] for name in XMP} == XMP
    assert json.loads(told["calligram:Settings"]) == FULL.settings


@pytest.mark.parametrize("ending", EXIV2)
def test_exiv2_reads_every_field_where_it_knows_the_format(ending: str, tmp_path: Path) -> None:
    xmp, exif = exiv2_of(labelled(bytes_of(ending), ending, FULL), ending, tmp_path)
    spelled = {name.replace("Iptc4xmpExt", "iptcExt"): value for name, value in XMP.items()}
    for name, value in spelled.items():
        found = xmp[f"Xmp.{name.replace(':', '.')}"]
        assert (list(found.values()) if isinstance(found, dict) else found) == value
    if ending != ".png":
        assert exif["Exif.Photo.UserComment"] == f"charset=Unicode {parameters_of(FULL, (48, 40))}"


@pytest.mark.parametrize("ending", EVERY)
def test_the_whole_label_comes_back(ending: str) -> None:
    assert read_label(labelled(bytes_of(ending), ending, FULL)) == FULL


@pytest.mark.parametrize("ending", PIXELS)
def test_no_pixel_changes_when_a_label_goes_in(ending: str) -> None:
    content = bytes_of(ending)
    assert pixels_of(labelled(content, ending, FULL)) == pixels_of(content)


@pytest.mark.parametrize("ending", EVERY)
def test_the_same_label_gives_the_same_bytes_and_a_second_one_takes_its_place(ending: str) -> None:
    content = bytes_of(ending)
    once = labelled(content, ending, FULL)
    assert once == labelled(content, ending, FULL)
    other = dataclasses.replace(FULL, prompt="an otter", avoid="", title="Otter")
    twice = labelled(once, ending, other)
    assert read_label(twice) == other
    for word in ("sitting", "Katze"):
        assert word.encode() not in twice
        assert word.encode("utf-16-be") not in twice


@pytest.mark.parametrize("ending", EVERY)
def test_nothing_of_a_private_prompt_stays(ending: str) -> None:
    private = Label(
        "drawn",
        prompt="zebra aloft",
        avoid="quagga",
        prompt_writer="Ada",
        title="The zebra",
        description="Zebra, flying",
        subjects=("zebra", "sky"),
        sources=("zebra-1.png",),
        settings={"wish": "a striped horse", "steps": 4},
        model="m",
        seed=3,
    ).without_prompt()
    public = dataclasses.replace(FULL, prompt="zebra aloft", avoid="quagga")
    content = labelled(labelled(bytes_of(ending), ending, public), ending, private)
    for word in ("zebra", "Zebra", "quagga", "striped", "aloft", "Ada"):
        for encoding in ("utf-8", "utf-16-be", "utf-16-le"):
            assert word.encode(encoding) not in content
    assert read_label(content) == private
    assert (private.subjects, private.sources, dict(private.settings)) == (
        ("sky",),
        ("withheld",),
        {"steps": 4},
    )


def test_a_png_has_its_parameters_where_art_tools_look() -> None:
    content = labelled(bytes_of(".png"), ".png", FULL)
    assert Image.open(io.BytesIO(content)).text["parameters"] == parameters_of(FULL, (48, 40))  # type: ignore[attr-defined]


@pytest.mark.parametrize("ending", [".jpg", ".webp", ".avif"])
def test_jpeg_webp_and_avif_have_their_parameters_where_art_tools_look(ending: str) -> None:
    assert comment_of(labelled(bytes_of(ending), ending, FULL)) == parameters_of(FULL, (48, 40))


def test_a_pdf_says_it_in_both_places_and_stays_a_pdf() -> None:
    found = pdf_of(labelled(bytes_of(".pdf"), ".pdf", FULL))
    assert found.metadata is not None
    assert found.metadata.title == FULL.title
    assert found.metadata.author == FULL.creator
    assert found.metadata["/Keywords"] == "cat, red, deep, 猫"
    assert found.metadata["/CreationDate"] == "D:20261127100000+01'00'"
    assert found.xmp_metadata is not None
    assert found.xmp_metadata.dc_title == {"x-default": FULL.title}
    assert len(found.pages) == 1
    assert found.pages[0].images[0].image.size == (48, 40)


def test_a_pdf_with_a_stream_of_places_gets_one_more() -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pdf_of(bytes_of(".pdf")))
    stream = io.BytesIO()
    writer.write(stream)
    packed = _with_place_stream(stream.getvalue())
    content = labelled(packed, ".pdf", FULL)
    assert read_label(content) == FULL
    assert pdf_of(content).metadata.title == FULL.title  # type: ignore[union-attr]


def _with_place_stream(content: bytes) -> bytes:
    """Return a PDF whose table of places is a stream, as newer writers make it."""
    import re
    import struct

    found = pdf_of(content)
    start = content.rfind(b"xref\n", 0, content.rfind(b"startxref"))
    body = content[:start]
    places = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    size = max(places) + 2
    rows = b"".join(
        struct.pack(">BIB", number in places or number == size - 1, places.get(number, start), 0)
        for number in range(size)
    )
    root = found.trailer.raw_get("/Root").idnum
    told = f"<< /Type /XRef /Size {size} /W [1 4 1] /Root {root} 0 R /Length {len(rows)} >>".encode()
    return body + b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        size - 1,
        told,
        rows,
        start,
    )


def test_a_long_label_of_a_jpeg_goes_on_in_extended_xmp(tmp_path: Path) -> None:
    long = dataclasses.replace(FULL, prompt="lighthouse " * 8_000)
    content = labelled(bytes_of(".jpg"), ".jpg", long)
    assert pixels_of(content) == pixels_of(bytes_of(".jpg"))
    assert read_label(content) == long
    first, name = Image.open(io.BytesIO(content)).info["xmp"], b"http://ns.adobe.com/xmp/extension/\0"
    start = content.index(name) + len(name)
    digest, size = content[start : start + 32], int.from_bytes(content[start + 32 : start + 36], "big")
    assert digest in first
    pieces = [part[40 : 40 + 65400] for part in content.split(name)[1:]]
    joined = b"".join(pieces)[:size]
    assert hashlib.md5(joined).hexdigest().upper().encode() == digest
    assert long.prompt.encode() in joined


def test_what_a_file_says_already_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271], exif[274] = "A camera", 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = saved("JPEG", exif=exif.tobytes(), icc_profile=profile, comment=b"")
    _, told = exiv2_of(labelled(content, ".jpg", FULL), ".jpg", tmp_path)
    assert (told["Exif.Image.Make"], told["Exif.Image.Orientation"]) == ("A camera", "6")
    assert told["Exif.Photo.UserComment"].endswith(FULL.creator_tool)
    assert Image.open(io.BytesIO(labelled(content, ".jpg", FULL))).info["icc_profile"] == profile


def test_frames_of_animations_are_kept() -> None:
    frames = [Image.new("RGB", (12, 9), (40 * number, 20, 90)) for number in range(5)]
    for format_name, ending in (
        ("GIF", ".gif"),
        ("WEBP", ".webp"),
        ("AVIF", ".avif"),
        ("PNG", ".png"),
        ("TIFF", ".tif"),
    ):
        content = saved(format_name, frames[0], save_all=True, append_images=frames[1:])
        assert len(pixels_of(content)) == 5
        assert pixels_of(labelled(content, ending, FULL)) == pixels_of(content)


def test_a_big_tiff_and_one_of_the_other_byte_order_carry_it_too(tmp_path: Path) -> None:
    big = saved("TIFF", big_tiff=True)
    assert read_label(labelled(big, ".tif", FULL)) == FULL
    assert pixels_of(labelled(big, ".tif", FULL)) == pixels_of(big)


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def labels(draw: st.DrawFn) -> Label:
    values: dict[str, Any] = {name: draw(TEXT) for name in ("prompt", "avoid", "prompt_writer", "painter")}
    values |= {
        name: draw(TEXT) for name in ("model", "model_version", "title", "description", "creator", "rights")
    }
    scalars = st.one_of(TEXT, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())
    return Label(
        draw(st.sampled_from(["drawn", "composed", "edited", "rendered"])),
        seed=draw(st.none() | st.integers()),
        settings=draw(st.dictionaries(TEXT, scalars, max_size=3)),
        subjects=tuple(draw(st.lists(TEXT, max_size=3))),
        sources=tuple(draw(st.lists(TEXT, max_size=2))),
        mining=draw(st.sampled_from(["", *MINING])),
        **values,
    )


CONTENTS = {ending: bytes_of(ending) for ending in EVERY}


@given(labels(), st.sampled_from(EVERY))
@settings(max_examples=60, deadline=None)
def test_any_label_comes_back_whole_from_any_format(label: Label, ending: str) -> None:
    content = labelled(CONTENTS[ending], ending, label)
    assert read_label(content) == label
    if ending != ".html":
        told = statements_of(content)
        assert told.get("Iptc4xmpExt:AIPromptInformation", "") == label.prompt
        assert told.get("dc:subject", []) == list(label.subjects)
        assert told.get("plus:DataMining", "").removeprefix(MINING_TERMS) == label.mining
        assert len(packets_of(content)) == 1
    assert find(content).tellings[0].fields.get("prompt", "") == label.prompt


def test_a_gif_of_the_older_version_becomes_one_of_the_newer() -> None:
    older = b"GIF87a" + bytes_of(".gif")[6:]
    content = labelled(older, ".gif", FULL)
    assert content.startswith(b"GIF89a")
    assert pixels_of(content) == pixels_of(older)
