"""Stripping really strips: what others find afterwards, and a search for a word through every byte."""

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from tests.provenance.outside_readers import EXIV2, exiv2_of, packets_of, pdf_of, pixels_of
from tests.provenance.samples import EVERY, FULL, MARKER, PIXELS, SVG, bytes_of, exif_with, image, saved

from calligram.errors import ImageError
from calligram.provenance import Label, labelled
from calligram.provenance.containers.base import container_of
from calligram.provenance.reading import find
from calligram.provenance.stripping import Stripped, strip, told_sizes

TOLD = Label(
    "drawn", prompt=MARKER, title=MARKER, creator=MARKER, subjects=(MARKER,), settings={MARKER: MARKER}
)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
EXIF = exif_with(
    {270: MARKER, 271: MARKER, 305: MARKER, 315: MARKER}, {37510: b"ASCII\0\0\0" + MARKER.encode()}
)
GPS = {1: "N", 2: (48.0, 8.0, 12.0), 29: MARKER}


def hides_nothing(content: bytes) -> bool:
    """Return whether a word that was put everywhere is nowhere, in any spelling, packed or not."""
    haystacks = [content, *_unpacked(content)]
    needles = [MARKER.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    needles += [base64.b64encode(MARKER.encode())[:-4], MARKER.encode().hex().encode()]
    return not any(needle in haystack for haystack in haystacks for needle in needles)


def _unpacked(content: bytes) -> list[bytes]:
    """Return what can be unpacked with zlib anywhere in a file."""
    found = []
    for start in range(len(content) - 2):
        if content[start] == 0x78 and content[start + 1] in (0x01, 0x5E, 0x9C, 0xDA):
            try:
                found.append(zlib.decompressobj().decompress(content[start:], 1 << 20))
            except zlib.error:
                continue
    return found


def checked(content: bytes, ending: str) -> Stripped:
    """Return a stripped file of which others find nothing, and whose pixels are the same."""
    bare = strip(content)
    assert hides_nothing(bare.content)
    assert not packets_of(bare.content)
    assert find(bare.content).tellings == ()
    assert find(bare.content).parts == ()
    if ending in PIXELS:
        assert bare.compared
        assert pixels_of(bare.content) == pixels_of(content)
    return bare


@pytest.mark.parametrize("ending", EVERY)
def test_a_label_goes_and_is_named(ending: str) -> None:
    bare = checked(labelled(bytes_of(ending), ending, TOLD), ending)
    assert bare.gone
    assert all(part.size_bytes for part in bare.gone)


@pytest.mark.parametrize("ending", EXIV2)
def test_exiv2_finds_nothing_afterwards(ending: str, tmp_path: Path) -> None:
    xmp, exif = exiv2_of(strip(labelled(bytes_of(ending), ending, TOLD)).content, ending, tmp_path)
    assert xmp == {}
    structure = {"ImageWidth", "ImageLength", "BitsPerSample", "Compression", "PhotometricInterpretation"}
    structure |= {"StripOffsets", "SamplesPerPixel", "RowsPerStrip", "StripByteCounts", "PlanarConfiguration"}
    assert {name.rpartition(".")[2] for name in exif} <= structure


@pytest.mark.parametrize("ending", EVERY)
def test_what_is_stripped_already_stays_as_it_is(ending: str) -> None:
    bare = strip(labelled(bytes_of(ending), ending, TOLD)).content
    assert strip(bare).content == bare
    assert strip(bare).gone == ()


def test_everything_that_pillow_and_exiv2_put_into_a_jpeg_goes(tmp_path: Path) -> None:
    import pyexiv2

    path = tmp_path / "full.jpg"
    path.write_bytes(saved("JPEG", exif=EXIF, comment=MARKER.encode(), icc_profile=PROFILE, xmp=b"<x/>"))
    with pyexiv2.Image(str(path)) as found:
        found.modify_iptc({"Iptc.Application2.Caption": MARKER, "Iptc.Application2.Keywords": [MARKER]})
        found.modify_xmp({"Xmp.dc.title": MARKER})
        found.modify_exif({"Exif.GPSInfo.GPSMapDatum": MARKER, "Exif.Photo.MakerNote": MARKER})
        found.modify_thumbnail(saved("JPEG", image().resize((16, 12)), comment=MARKER.encode()))
        found.modify_comment(MARKER)
    content = path.read_bytes() + MARKER.encode()
    bare = checked(content, ".jpg")
    assert {part.kind for part in bare.gone} >= {"exif", "xmp", "iptc", "comment", "trailing"}
    assert Image.open(io.BytesIO(bare.content)).info["icc_profile"] == PROFILE


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("format_name", ["JPEG", "WEBP", "PNG", "TIFF"])
def test_how_an_image_is_turned_stays(turn: int, format_name: str) -> None:
    block = exif_with({271: MARKER, 274: turn})
    content = (
        saved(format_name, exif=block)
        if format_name != "TIFF"
        else saved("TIFF", tiffinfo={271: MARKER, 274: turn})
    )
    bare = strip(content).content
    assert hides_nothing(bare)
    assert Image.open(io.BytesIO(bare)).getexif().get(274, 1) == turn
    assert strip(bare).gone == ()


def test_a_thumbnail_in_the_head_of_a_jpeg_goes() -> None:
    plain = saved("JPEG")
    size = int.from_bytes(plain[4:6], "big")
    head = plain[6 : 2 + 2 + size - 2] + bytes((2, 1)) + MARKER[:6].encode()
    content = plain[:4] + struct.pack(">H", len(head) + 2) + head + plain[4 + size :]
    bare = strip(content)
    assert [part.kind for part in bare.gone] == ["thumbnail"]
    assert MARKER[:6].encode() not in bare.content
    assert pixels_of(bare.content) == pixels_of(content)


def test_credentials_and_unknown_segments_of_a_jpeg_go() -> None:
    plain = saved("JPEG")
    box = b"JP\0\1\0\0\0\1\0\0\0\x20jumb" + MARKER.encode()
    segments = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
        for marker, data in (
            (0xEB, box),
            (0xEC, MARKER.encode()),
            (0xE2, b"FPXR\0" + MARKER.encode()),
            (0xFE, MARKER.encode()),
        )
    )
    bare = checked(plain[:2] + segments + plain[2:], ".jpg")
    assert bare.content == plain
    assert [part.kind for part in bare.gone] == ["c2pa", "other", "other", "comment"]


def test_further_images_behind_a_jpeg_go_with_what_names_them() -> None:
    content = saved("MPO", save_all=True, append_images=[image().rotate(90)])
    bare = strip(content)
    assert bare.compared
    assert "trailing" in [part.kind for part in bare.gone]
    assert pixels_of(bare.content) == pixels_of(content)[:1]


def test_a_progressive_jpeg_keeps_every_scan() -> None:
    content = saved("JPEG", progressive=True, comment=MARKER.encode())
    assert strip(content).content == saved("JPEG", progressive=True)


def test_texts_credentials_and_unknown_chunks_of_a_png_go_and_its_colours_stay() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", MARKER)
    info.add_text("Packed", MARKER, zip=True)
    info.add_itxt("Inter", MARKER, zip=True, lang=MARKER, tkey=MARKER)
    info.add(b"caBX", MARKER.encode())
    info.add(b"tIME", b"\x07\xea\x0b\x1b\x0a\x00\x00")
    info.add(b"stRa", MARKER.encode(), True)
    content = saved("PNG", pnginfo=info, icc_profile=PROFILE, exif=EXIF, dpi=(72, 72)) + MARKER.encode()
    bare = checked(content, ".png")
    assert {part.kind for part in bare.gone} == {"text", "c2pa", "exif", "other", "trailing"}
    found = Image.open(io.BytesIO(bare.content))
    assert found.info["icc_profile"] == PROFILE
    assert found.info["dpi"] == pytest.approx((72, 72), abs=0.1)


def test_a_webp_keeps_its_profile_transparency_and_frames() -> None:
    frames = [Image.new("RGBA", (12, 9), (40 * number, 20, 90, 128)) for number in range(4)]
    content = saved(
        "WEBP",
        frames[0],
        save_all=True,
        append_images=frames[1:],
        exif=EXIF,
        xmp=MARKER.encode(),
        icc_profile=PROFILE,
    )
    content = _riff(content, b"C2PA" + struct.pack("<I", 12) + MARKER.encode() + b"!")
    bare = checked(content, ".webp")
    assert Image.open(io.BytesIO(bare.content)).info["icc_profile"] == PROFILE
    assert [part.kind for part in bare.gone] == ["exif", "xmp", "c2pa"]


def _riff(content: bytes, more: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(content) - 8 + len(more)) + content[8:] + more


def test_an_avif_is_blanked_in_place_and_not_encoded_again() -> None:
    content = saved("AVIF", exif=EXIF, xmp=f"<x:xmpmeta>{MARKER}</x:xmpmeta>".encode())
    content += (
        struct.pack(">I4s", 24 + len(MARKER), b"uuid")
        + bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
        + MARKER.encode()
    )
    bare = checked(content, ".avif")
    assert [part.kind for part in bare.gone] == ["exif", "xmp", "c2pa"]
    opened = Image.open(io.BytesIO(bare.content))
    assert "exif" not in opened.info
    assert "xmp" not in opened.info


def test_an_image_sequence_loses_its_dates() -> None:
    frames = [Image.new("RGB", (16, 16), (60 * number, 20, 90)) for number in range(3)]
    content = saved("AVIF", frames[0], save_all=True, append_images=frames[1:], xmp=MARKER.encode())
    bare = checked(content, ".avif")
    assert any("dates" in part.name for part in bare.gone)


def test_every_page_of_a_tiff_is_stripped_and_stray_bytes_go() -> None:
    pages = [image(), image().rotate(90), image().convert("L")]
    tags = {
        270: MARKER,
        305: MARKER,
        315: MARKER,
        700: MARKER.encode(),
        33723: MARKER.encode(),
        34377: MARKER.encode(),
    }
    content = saved(
        "TIFF", pages[0], save_all=True, append_images=pages[1:], tiffinfo=tags, compression="tiff_lzw"
    )
    content = labelled(content, ".tif", TOLD) + MARKER.encode()
    bare = checked(content, ".tif")
    assert {part.kind for part in bare.gone} >= {"xmp", "iptc", "text", "trailing", "exif"}


@pytest.mark.parametrize(
    "options", [{}, {"compression": "jpeg"}, {"compression": "packbits"}, {"big_tiff": True}]
)
def test_tiffs_of_many_kinds_keep_their_pixels(options: dict[str, object]) -> None:
    checked(labelled(saved("TIFF", icc_profile=PROFILE, **options), ".tif", TOLD), ".tif")


def test_a_gif_keeps_its_loop_and_timing_alone() -> None:
    frames = [Image.new("RGB", (12, 9), (60 * number, 9, 90)) for number in range(4)]
    content = saved(
        "GIF",
        frames[0],
        save_all=True,
        append_images=frames[1:],
        loop=3,
        duration=70,
        comment=MARKER.encode(),
    )
    content = labelled(content, ".gif", TOLD)
    credentials = b"\x21\xff\x0bC2PA_GIF\1\0\0\x0c" + MARKER.encode() + b"!\0"
    bare = checked(content[:-1] + credentials + content[-1:] + MARKER.encode(), ".gif")
    assert {part.kind for part in bare.gone} == {"comment", "c2pa", "xmp", "trailing"}
    found = Image.open(io.BytesIO(bare.content))
    assert (found.info["loop"], found.info["duration"]) == (3, 70)


EDITED = f"""<?xml version="1.0" encoding="UTF-8"?>
<?editor {MARKER}?>
<!-- {MARKER} -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:inkscape="urn:{MARKER}" inkscape:version="{MARKER}" width="9" height="9">
 <title>{MARKER}</title><desc>{MARKER}<b>x</b></desc>
 <metadata><rdf:RDF xmlns:rdf="urn:{MARKER}"><a>{MARKER}</a></rdf:RDF></metadata>
 <inkscape:view x="1"><b>{MARKER}</b></inkscape:view><inkscape:empty/>
 <rect width="9" inkscape:label='{MARKER}' height="9" fill="&#x23;abc" aria-label="a > b"/>
 <style><![CDATA[ rect > a {{ fill: red }} ]]></style>
 <image href="data:image/png;base64,{{}}"/>
</svg>
"""


def test_an_svg_keeps_the_drawing_alone() -> None:
    inner = PngImagePlugin.PngInfo()
    inner.add_text("Title", MARKER)
    data = base64.b64encode(saved("PNG", pnginfo=inner)).decode()
    content = EDITED.replace("{}", data).encode()
    bare = checked(content, ".svg")
    text = bare.content.decode()
    assert '<rect width="9" height="9" fill="&#x23;abc" aria-label="a > b"/>' in text
    assert "<![CDATA[ rect > a { fill: red } ]]>" in text
    assert "inkscape" not in text
    assert base64.b64encode(saved("PNG")).decode() in text
    assert "text 'Title' of an image inside" in [part.name for part in bare.gone]


def test_an_svg_in_another_encoding_is_understood() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<svg xmlns="http://www.w3.org/2000/svg">'
    text += f"<!-- {MARKER} --><text>é</text></svg>"
    bare = checked(text.encode("latin-1"), ".svg")
    assert "<text>é</text>" in bare.content.decode("utf-8")
    assert b'encoding="UTF-8"' in bare.content


def test_a_pdf_is_blanked_in_place_with_its_earlier_versions() -> None:
    content = saved("PDF", title=MARKER, author=MARKER, keywords=MARKER)
    content = labelled(labelled(content, ".pdf", TOLD), ".pdf", FULL)
    bare = checked(content, ".pdf")
    found = pdf_of(bare.content)
    assert not found.metadata
    assert found.xmp_metadata is None
    assert found.pages[0].images[0].image.size == (48, 40)


def test_packed_xmp_of_a_pdf_goes() -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pdf_of(saved("PDF", title=MARKER)))
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta>{MARKER}</x:xmpmeta>".encode())
    packed = stream.flate_encode()
    packed[pypdf.generic.NameObject("/Type")] = pypdf.generic.NameObject("/Metadata")
    packed[pypdf.generic.NameObject("/Subtype")] = pypdf.generic.NameObject("/XML")
    writer.root_object[pypdf.generic.NameObject("/Metadata")] = writer._add_object(packed)
    out = io.BytesIO()
    writer.write(out)
    assert not hides_nothing(out.getvalue())
    checked(out.getvalue(), ".pdf")


def test_an_html_page_shows_the_same() -> None:
    page = bytes_of(".html").replace(
        b"<head>", f'<head><!-- {MARKER} --><meta name="author" content="{MARKER}">'.encode()
    )
    assert checked(page, ".html").content == bytes_of(".html")


def test_what_went_is_told_with_sizes() -> None:
    gone = strip(labelled(bytes_of(".png"), ".png", FULL)).gone
    assert told_sizes(gone)[0].startswith("XMP (")
    assert told_sizes((gone[0], gone[0]))[0].startswith("XMP × 2 (")


def test_a_format_that_is_not_known_well_is_refused() -> None:
    with pytest.raises(ImageError, match=r"not known well enough.*BM.*give PNG"):
        strip(saved("BMP"))


@pytest.mark.parametrize("ending", EVERY)
def test_each_format_is_recognised_by_itself_alone(ending: str) -> None:
    found = container_of(bytes_of(ending))
    assert found is not None
    assert ending in found.ENDINGS
    assert SVG.startswith(b"<?xml")
