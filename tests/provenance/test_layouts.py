"""Each layout is read from samples made by what is documented of it, and every member keeps the contract."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from tests.provenance.samples import (
    COMFY,
    DREAM,
    FLUX,
    FOOOCUS,
    FULL,
    INVOKE,
    PARAMETERS,
    SD_METADATA,
    WORKFLOW,
    as_json,
    bytes_of,
    deep_json,
    exif_with,
    png_with,
    saved,
)

from calligram import registry
from calligram.provenance import labelled
from calligram.provenance.layouts.base import FIELDS, Telling, Text, parsed
from calligram.provenance.reading import Findings, find, read_label

FAMILY = "provenance.layouts"


def only(findings: Findings) -> Telling:
    (telling,) = findings.tellings
    return telling


def told(content: bytes) -> dict[str, Any]:
    return dict(only(find(content)).fields)


A1111 = {
    "prompt": "a lighthouse, (stormy sea:1.2), <lora:ink:0.8>\nat night",
    "avoid": "blurry, text",
    "steps": 20,
    "sampler": "DPM++ 2M",
    "scheduler": "Karras",
    "guidance": 7.5,
    "seed": 965400086,
    "size": "512x768",
    "model": "dreamshaper_8",
    "loras": "ink: 1a2b, paper: 3c4d",
    "software": "v1.10.1",
}


def test_a1111_is_read_from_a_png() -> None:
    telling = only(find(png_with(parameters=PARAMETERS)))
    assert telling.layout == "A1111 parameters"
    assert dict(telling.fields) == A1111
    assert telling.others["Model hash"] == "45dee52b"
    assert telling.others["Hires prompt"] == 'sea, "big" waves: yes'


@pytest.mark.parametrize("format_name", ["JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    "spelled",
    [
        b"UNICODE\0" + PARAMETERS.encode("utf-16-be"),
        b"UNICODE\0" + PARAMETERS.encode("utf-16-le"),
        b"UNICODE\0" + b"\xff\xfe" + PARAMETERS.encode("utf-16-le"),
        b"UNICODE\0" + PARAMETERS.encode(),
        b"ASCII\0\0\0" + PARAMETERS.encode(),
        b"\0" * 8 + PARAMETERS.encode(),
        PARAMETERS.encode(),
    ],
    ids=["utf-16-be", "utf-16-le", "utf-16 with mark", "utf-8", "ascii", "undefined", "bare"],
)
def test_a1111_is_read_from_every_spelling_of_a_comment(format_name: str, spelled: bytes) -> None:
    assert told(saved(format_name, exif=exif_with({}, {37510: spelled}))) == A1111


def test_a1111_in_other_alphabets_is_read_from_both_orders() -> None:
    words = "ночной маяк\nNegative prompt: 模糊\nSteps: 20, Sampler: Euler, Seed: 1"
    for order in ("utf-16-be", "utf-16-le"):
        content = saved("JPEG", exif=exif_with({}, {37510: b"UNICODE\0" + words.encode(order)}))
        assert told(content)["prompt"] == "ночной маяк"
        assert told(content)["avoid"] == "模糊"


def test_a1111_without_a_negative_prompt_or_any_prompt() -> None:
    assert told(png_with(parameters="a cat\nSteps: 1, Sampler: x, Seed: 2")).get("avoid") is None
    assert told(png_with(parameters="Steps: 1, Sampler: x, Seed: 2"))["seed"] == 2


def test_a_comment_that_is_no_list_of_settings_is_none() -> None:
    assert find(png_with(parameters="just a caption: nice, is it?")).tellings == ()


def test_invokeai_is_read_in_all_its_ages() -> None:
    newest = told(png_with(invokeai_metadata=as_json(INVOKE), invokeai_graph="{}"))
    assert newest == {
        "prompt": "a lighthouse",
        "avoid": "blurry",
        "software": "InvokeAI 3.3.0",
        "model": "dreamshaper",
        "model_version": "beef",
        "seed": 12,
        "steps": 30,
        "scheduler": "euler",
        "guidance": 7.5,
        "size": "512x768",
        "loras": ("ink: 0.5",),
    }
    older = {
        "prompt": "a lighthouse",
        "avoid": "blurry",
        "seed": 33,
        "steps": 50,
        "guidance": 7.5,
        "size": "640x512",
    }
    middle = told(png_with(sd__metadata=as_json(SD_METADATA), Dream=DREAM))
    assert middle == older | {
        "software": "invoke-ai/InvokeAI 2.2.4",
        "model": "stable-diffusion-1.5",
        "model_version": "cafe",
        "sampler": "k_lms",
    }
    assert told(png_with(Dream=DREAM)) == older | {"software": "InvokeAI", "sampler": "k_lms"}


def test_invokeai_of_version_4_names_its_model_anew() -> None:
    model = {"key": "k", "hash": "blake3:beef", "name": "flux", "base": "flux", "type": "main"}
    assert told(png_with(invokeai_metadata=as_json(INVOKE | {"model": model})))["model"] == "flux"


def test_fooocus_is_read_from_png_and_exif() -> None:
    expected = {
        "prompt": "a lighthouse",
        "avoid": "blurry",
        "software": "Fooocus v2.5.5",
        "model": "juggernautXL",
        "model_version": "d91d35736d",
        "seed": 5124052475,
        "steps": 30,
        "sampler": "dpmpp_2m_sde_gpu",
        "scheduler": "karras",
        "guidance": 4.0,
        "size": "1152x896",
        "loras": ("offset: 0.1",),
    }
    assert told(png_with(parameters=as_json(FOOOCUS), fooocus_scheme="fooocus")) == expected
    exif = exif_with({37510: as_json(FOOOCUS), 305: "Fooocus v2.5.5", 37500: "fooocus"})
    assert told(saved("JPEG", exif=exif)) == expected
    assert told(saved("WEBP", exif=exif)) == expected


def test_fooocus_in_the_scheme_of_a1111_is_read_as_that() -> None:
    content = png_with(parameters=PARAMETERS, fooocus_scheme="a1111")
    assert only(find(content)).layout == "A1111 parameters"


COMFY_TOLD = {
    "prompt": "a lighthouse",
    "avoid": "blurry",
    "software": "ComfyUI",
    "model": "v1-5.safetensors",
    "seed": 156680208700286,
    "steps": 20,
    "sampler": "euler",
    "scheduler": "normal",
    "guidance": 8.0,
    "size": "512x640",
    "loras": ("ink.safetensors: 0.7",),
}


def test_comfyui_is_read_by_following_the_graph_that_was_run() -> None:
    assert told(png_with(prompt=as_json(COMFY), workflow=as_json(WORKFLOW))) == COMFY_TOLD


def test_comfyui_with_guiders_and_text_from_another_node_is_read() -> None:
    assert told(png_with(prompt=as_json(FLUX))) == {
        "prompt": "a lighthouse",
        "software": "ComfyUI",
        "model": "flux1-dev.safetensors",
        "seed": 99,
        "steps": 20,
        "sampler": "euler",
        "scheduler": "simple",
        "guidance": 3.5,
        "size": "1024x768",
    }


def test_comfyui_is_read_from_the_drawn_graph_where_nothing_else_is_left() -> None:
    assert told(png_with(workflow=as_json(WORKFLOW))) == {
        **{
            key: COMFY_TOLD[key]
            for key in ("prompt", "avoid", "software", "model", "sampler", "scheduler", "size")
        },
        "seed": 42,
        "steps": 25,
        "guidance": 6.5,
    }


@pytest.mark.parametrize(
    "tags",
    [
        {0x0110: "prompt:" + as_json(COMFY), 0x010F: "workflow:" + as_json(WORKFLOW)},
        {0x010F: "Prompt:" + as_json(COMFY), 0x010E: "Workflow:" + as_json(WORKFLOW)},
        {0x010F: "Prompt: " + as_json(COMFY)},
    ],
)
@pytest.mark.parametrize("format_name", ["WEBP", "JPEG", "AVIF"])
def test_comfyui_is_read_from_exif_in_each_spelling(tags: dict[int, str], format_name: str) -> None:
    assert told(saved(format_name, exif=exif_with(tags))) == COMFY_TOLD


def test_comfyui_is_read_from_an_animated_png() -> None:
    info = PngImagePlugin.PngInfo()
    info.add(b"comf", b"prompt\0" + as_json(COMFY).encode("latin-1"), after_idat=True)
    frames = [Image.new("RGB", (4, 4), (number, 0, 0)) for number in range(2)]
    assert told(saved("PNG", frames[0], save_all=True, append_images=frames[1:], pnginfo=info)) == COMFY_TOLD


def test_both_sides_of_a_controlnet_stay_apart() -> None:
    apply = {"class_type": "ControlNetApplyAdvanced", "inputs": {"positive": ["6", 0], "negative": ["7", 0]}}
    sampler = {**COMFY["3"], "inputs": {**COMFY["3"]["inputs"], "positive": ["20", 0], "negative": ["20", 1]}}
    fields = told(png_with(prompt=as_json({**COMFY, "20": apply, "3": sampler})))
    assert (fields["prompt"], fields["avoid"]) == ("a lighthouse", "blurry")
    crossed = {**sampler["inputs"], "positive": ["20", 1], "negative": ["20", 0]}
    fields = told(png_with(prompt=as_json({**COMFY, "20": apply, "3": {**sampler, "inputs": crossed}})))
    assert (fields["prompt"], fields["avoid"]) == ("blurry", "a lighthouse")


def test_the_sampler_that_came_last_counts() -> None:
    second = {**COMFY["3"], "inputs": {**COMFY["3"]["inputs"], "seed": 5, "latent_image": ["3", 0]}}
    decode = {**COMFY["8"], "inputs": {"samples": ["30", 0]}}
    assert told(png_with(prompt=as_json({**COMFY, "30": second, "8": decode})))["seed"] == 5


def test_a_graph_that_turns_in_a_ring_ends() -> None:
    ring = {"class_type": "ConditioningCombine", "inputs": {"conditioning_1": ["6", 0]}}
    graph = {**COMFY, "6": {**ring, "inputs": {"conditioning_1": ["6", 0]}}}
    telling = only(find(png_with(prompt=as_json(graph))))
    assert "prompt" not in telling.fields
    assert telling.remarks == ("its prompt is put together by nodes that are not known",)


def test_a_graph_without_a_known_sampler_says_so() -> None:
    graph = {
        "1": {"class_type": "CLIPTextEncode", "inputs": {"text": "a hen"}},
        "2": {"class_type": "Odd", "inputs": {}},
    }
    telling = only(find(png_with(prompt=as_json(graph))))
    assert telling.fields["prompt"] == "a hen"
    assert "none of its nodes is a sampler" in telling.remarks[0]


def test_novelai_is_read() -> None:
    comment = {
        "prompt": "a lighthouse",
        "uc": "blurry",
        "steps": 28,
        "sampler": "k_euler",
        "seed": 3,
        "scale": 5.0,
    }
    content = png_with(
        Title="NovelAI generated image",
        Description="a lighthouse",
        Software="NovelAI",
        Source="NovelAI Diffusion V4",
        Comment=as_json(comment),
    )
    fields = told(content)
    assert (fields["prompt"], fields["avoid"], fields["seed"]) == ("a lighthouse", "blurry", 3)
    assert fields["model"] == "NovelAI Diffusion V4"


OTHERS_XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<xmp:xmpmeta xmlns:xmp="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<r:Description r:about="" xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:x="http://ns.adobe.com/xap/1.0/"
 xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" x:CreatorTool="Some camera &amp; tool" x:Rating="5">
<d:title><r:Alt><r:li xml:lang="de">Haus</r:li><r:li xml:lang="x-default">House</r:li></r:Alt></d:title>
<d:subject><r:Bag><r:li>sea</r:li><r:li>sky</r:li></r:Bag></d:subject>
<i:DigitalSourceType r:resource="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"/>
<i:LocationShown><r:Bag><r:li r:parseType="Resource"><i:City>Bath</i:City><i:Code>GB</i:Code></r:li></r:Bag>
</i:LocationShown></r:Description></r:RDF></xmp:xmpmeta><?xpacket end="w"?>"""


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_xmp_of_others_is_read_whatever_they_call_its_spaces(format_name: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", OTHERS_XMP.decode())
    options = {"PNG": {"pnginfo": info}, "TIFF": {"tiffinfo": {700: OTHERS_XMP}}}
    content = saved(format_name, **options.get(format_name, {"xmp": OTHERS_XMP}))
    telling = only(find(content))
    assert telling.layout == "XMP"
    assert dict(telling.fields) == {
        "title": "House",
        "subjects": ("sea", "sky"),
        "software": "Some camera & tool",
        "source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    }
    assert telling.others["xmp:Rating"] == "5"
    assert "Bath" in str(telling.others["Iptc4xmpExt:LocationShown"])
    assert read_label(content) is None


def test_metadata_of_an_editor_is_read_from_an_svg() -> None:
    svg = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:cc="http://creativecommons.org/ns#"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <metadata><rdf:RDF><cc:Work rdf:about=""><dc:title>Ship</dc:title></cc:Work></rdf:RDF></metadata></svg>"""
    assert told(svg) == {"title": "Ship"}


def test_the_older_iptc_block_is_read(tmp_path: Any) -> None:
    import pyexiv2

    path = tmp_path / "old.jpg"
    path.write_bytes(saved("JPEG"))
    with pyexiv2.Image(str(path)) as found:
        found.modify_iptc(
            {
                "Iptc.Application2.ObjectName": "Ship",
                "Iptc.Application2.Keywords": ["sea", "sky"],
                "Iptc.Application2.Byline": "Ann",
            }
        )
    assert told(path.read_bytes()) == {"title": "Ship", "subjects": ("sea", "sky"), "creator": "Ann"}


def test_ours_is_told_from_others() -> None:
    content = labelled(bytes_of(".jpg"), ".jpg", FULL)
    assert [telling.layout for telling in find(content).tellings] == ["XMP of Calligram", "A1111 parameters"]


def test_a_file_without_any_label_tells_nothing() -> None:
    assert find(bytes_of(".png")) == Findings("PNG", (), ())


MEMBERS = registry.members(FAMILY)
SPELLED = [PARAMETERS, as_json(COMFY), as_json(INVOKE), as_json(FOOOCUS), DREAM, deep_json(), "{}", "[]"]
NAMES = ["nodes", "image", "prompt", "1", "inputs", "class_type", "model", "loras", "links", "seed"]
LEAVES = st.none() | st.integers() | st.text(max_size=5)
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(SPELLED),
    st.recursive(
        LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner), max_leaves=8
    ).map(json.dumps),
)
KEYS = st.sampled_from(
    [
        "parameters",
        "prompt",
        "workflow",
        "invokeai_metadata",
        "sd-metadata",
        "Dream",
        "xmp",
        "iptc",
        "UserComment",
        "Comment",
        "Software",
        "MakerNote",
        "fooocus_scheme",
    ]
)


@pytest.mark.parametrize("name", MEMBERS)
@given(texts=st.lists(st.builds(Text, KEYS, WORDS, st.just("somewhere")), max_size=3))
@settings(max_examples=30, deadline=None)
def test_a_layout_tells_in_shared_words_or_nothing_whatever_it_is_given(name: str, texts: list[Text]) -> None:
    member = registry.member(FAMILY, name)
    telling = member.read(texts)
    assert isinstance(member.NAME, str)
    if telling is not None:
        assert set(telling.fields) <= set(FIELDS)
        json.dumps([dict(telling.fields), dict(telling.others)])


def test_json_that_is_too_deep_is_none() -> None:
    assert parsed(deep_json()) is None
    assert parsed("9" * 10_000) is None


def test_texts_of_png_are_read_packed_or_not() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", PARAMETERS, zip=True)
    assert told(saved("PNG", pnginfo=info)) == A1111
    info = PngImagePlugin.PngInfo()
    info.add_itxt("parameters", PARAMETERS, zip=True)
    assert told(saved("PNG", pnginfo=info)) == A1111
    assert Image.open(io.BytesIO(saved("PNG", pnginfo=info))).size == (48, 40)
