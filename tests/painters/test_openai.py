"""The painter behind an images endpoint: what goes over the wire, what comes of it, and how it fails."""

import base64
import json
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.painters.images_endpoint import ImagesEndpoint, entry_of, image_of, png_of

from calligram.errors import (
    BudgetError,
    ContentRefusedError,
    EndpointError,
    MissingExtraError,
    ModelError,
    OptionError,
    RequestError,
)
from calligram.painters.base import Order, Painter, open_painter
from calligram.painters.openai import OpenAIPainter

pytest.importorskip("openai", reason="endpoints need the extra endpoints")

KEY = "sk-secret-0123456789"
FOX = Order("a fox in the snow")
Open = Callable[..., Painter]


@pytest.fixture
def opened(images_endpoint: ImagesEndpoint, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the painter behind the endpoint, with options."""
    monkeypatch.setenv("OPENAI_BASE_URL", images_endpoint.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def open_with(model: str = "gpt-image-2", **options: object) -> Painter:
        told = "&".join(f"{name}={value}" for name, value in {"retries": 0, **options}.items())
        return open_painter(f"openai:{model}?{told}")

    return open_with


def failing(
    status: int, code: str, message: str, **headers: str
) -> tuple[int, dict[str, str], dict[str, object]]:
    error = {"code": code, "message": message, "type": "image_generation_user_error", "param": None}
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, {"error": error}


def test_words_become_an_image_with_what_is_known_of_it(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.told = {"size": "1024x1024", "quality": "high", "background": "opaque"}
    (painted,) = opened("gpt-image-2-2026-04-21").paint(FOX)
    assert images_endpoint.asked == [{"model": "gpt-image-2-2026-04-21", "prompt": FOX.words, "n": 1}]
    assert images_endpoint.keys == [f"Bearer {KEY}"]
    assert painted.image.getpixel((0, 0)) == (255, 0, 0)
    assert (painted.image.mode, painted.seed, painted.remarks) == ("RGB", None, ())
    assert (painted.model, painted.version) == ("gpt-image-2-2026-04-21", "2026-04-21")
    assert painted.settings == {
        "size": "1024x1024",
        "quality": "high",
        "background": "opaque",
        "tokens": 100,
        "images_in_request": 1,
        "kept_as_seed": 0,
    }


def test_the_file_is_kept_as_it_came(opened: Open) -> None:
    (painted,) = opened().paint(FOX)
    assert painted.content == png_of("red")


def test_several_images_come_of_one_request_and_more_than_ten_of_two(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    painted = opened().paint(FOX, 12)
    assert [body["n"] for body in images_endpoint.asked] == [10, 2]
    assert [each.image.getpixel((0, 0)) for each in painted[:3]] == [(255, 0, 0), (0, 128, 0), (0, 0, 255)]
    assert len(painted) == 12


def test_a_server_that_gives_one_image_at_a_time_is_asked_again(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.entries = [entry_of(png_of("gold"))]
    assert len(opened().paint(FOX, 3)) == 3
    assert [body["n"] for body in images_endpoint.asked] == [3, 2, 1]


def test_the_same_order_is_paid_for_once_and_another_seed_anew(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    first = opened().paint(FOX, 2)
    again = opened().paint(Order(FOX.words, seed=1), 2)
    assert [body["n"] for body in images_endpoint.asked] == [2, 1]
    assert again[0].image.tobytes() == first[1].image.tobytes()
    assert again[0].settings == first[1].settings
    opened(cache="no").paint(FOX)
    assert len(images_endpoint.asked) == 3


def test_an_image_on_disk_that_was_damaged_is_asked_for_again(
    opened: Open, images_endpoint: ImagesEndpoint, tmp_path: Path
) -> None:
    opened().paint(FOX)
    (path,) = (tmp_path / "cache" / "images").rglob("*.json")
    told = json.loads(path.read_text())
    told["answered"]["base64"] = "AAAA"
    path.write_text(json.dumps(told))
    opened().paint(FOX)
    assert len(images_endpoint.asked) == 2


def test_options_are_sent_and_what_is_as_usual_is_not(opened: Open, images_endpoint: ImagesEndpoint) -> None:
    options = {"quality": "low", "background": "transparent", "moderation": "low", "size": "1536x1024"}
    (painted,) = opened(**options, response_format="b64_json").paint(FOX)
    sent = {name: images_endpoint.asked[0][name] for name in options}
    assert sent == options
    assert images_endpoint.asked[0]["response_format"] == "b64_json"
    assert painted.settings["moderation"] == "low"


def test_a_server_that_takes_a_seed_is_told_it_for_each_image(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    painted = opened("Qwen/Qwen-Image", takes_seed="yes").paint(Order("a fox", seed=7), 2)
    assert [(body["seed"], body["n"]) for body in images_endpoint.asked] == [(7, 1), (8, 1)]
    assert [each.seed for each in painted] == [7, 8]
    assert "kept_as_seed" not in painted[0].settings


def test_what_to_avoid_is_told_as_a_sentence_and_remarked(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    (painted,) = opened().paint(Order("a fox", avoid="snow, text"))
    assert images_endpoint.asked[0]["prompt"] == "a fox\n\nDo not show: snow, text"
    assert painted.remarks == ("gpt-image-2 takes no words to avoid, so it was told them as a sentence",)


def test_words_that_the_endpoint_revised_are_kept_without_the_key(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.entries = [entry_of(png_of("red"), revised_prompt=f"A red fox, {KEY}")]
    (painted,) = opened().paint(FOX)
    assert painted.settings["revised_prompt"] == "A red fox, [key]"


@pytest.mark.parametrize(
    ("model", "asked", "sent"),
    [
        ("gpt-image-1.5", (1920, 1080), "1536x1024"),
        ("gpt-image-1-mini", (600, 900), "1024x1536"),
        ("chatgpt-image-latest", (512, 500), "1024x1024"),
        ("gpt-image-2", (1920, 1080), "1920x1088"),
        ("gpt-image-2.6-flare", (1024, None), "1024x1024"),
        ("gpt-image-2", (None, None), None),
        ("flux-at-home", (501, 37), "501x37"),
    ],
)
def test_a_size_becomes_one_that_the_model_makes(
    model: str,
    asked: tuple[int | None, int | None],
    sent: str | None,
    opened: Open,
    images_endpoint: ImagesEndpoint,
) -> None:
    (painted,) = opened(model).paint(Order("a fox", width=asked[0], height=asked[1]))
    assert images_endpoint.asked[0].get("size") == sent
    told = f"{asked[0]} x {asked[1] or asked[0]} pixels were asked for, and {model} made 32 x 32"
    assert painted.remarks == ((told,) if sent else ())


def test_a_shape_that_no_model_makes_is_refused_before_anything_is_sent(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    with pytest.raises(RequestError, match="makes no image of 4000 x 1000 pixels: ask for at most 3 to 1"):
        opened().paint(Order("a fox", width=4000, height=1000))
    with pytest.raises(OptionError, match="size is 'large', but must be width x height"):
        opened(size="large").paint(FOX)
    with pytest.raises(RequestError, match="was given no words"):
        opened().paint(Order(" "))
    assert not images_endpoint.asked


@pytest.mark.parametrize("code", ["moderation_blocked", "content_policy_violation"])
def test_a_refusal_by_the_content_filter_says_so_and_is_asked_once(
    code: str, opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    told = "Your request was rejected by the safety system. safety_violations=[violence]."
    images_endpoint.failures = [failing(400, code, told)]
    with pytest.raises(ContentRefusedError) as caught:
        opened(retries=3).paint(FOX)
    assert str(caught.value) == (
        f"the content filter of openai:gpt-image-2 at {images_endpoint.base_url} refused what was asked "
        f"({told}): say it in other words"
    )
    assert len(images_endpoint.asked) == 1


def test_an_answer_without_images_counts_as_a_refusal(opened: Open, images_endpoint: ImagesEndpoint) -> None:
    images_endpoint.entries = []
    with pytest.raises(
        ContentRefusedError, match="answered without an image, as endpoints do whose content filter"
    ):
        opened().paint(FOX, 3)
    assert len(images_endpoint.asked) == 1


def test_single_images_that_were_refused_are_left_out_and_remarked(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.entries = [entry_of(png_of("red")), {"b64_json": None}, entry_of(png_of("blue"))]
    painted = opened().paint(FOX, 3)
    assert [each.image.getpixel((0, 0)) for each in painted] == [(255, 0, 0), (0, 0, 255)]
    assert painted[-1].remarks == ("1 of 3 images were refused by a content filter, or came empty",)


def test_a_refusal_beside_images_that_were_paid_for_is_remarked_only(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    opened().paint(FOX)
    images_endpoint.failures = [failing(400, "moderation_blocked", "rejected")]
    (painted,) = opened().paint(FOX, 3)
    assert painted.image.getpixel((0, 0)) == (255, 0, 0)
    assert painted.remarks == ("2 of 3 images were refused by a content filter, or came empty",)


def test_the_usual_endpoint_needs_a_key_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="openai:gpt-image-2 needs a key, and OPENAI_API_KEY is not set"):
        open_painter("openai:gpt-image-2")
    assert open_painter("openai:any?base_url=http://127.0.0.1:9/v1").name == "openai:any"


def test_a_painter_without_a_model_says_where_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ModelError, match=r"names no model: write openai:MODEL.*CALLIGRAM_IMAGE_ENDPOINT_MODEL"
    ):
        open_painter("openai")
    monkeypatch.setenv("CALLIGRAM_IMAGE_ENDPOINT_MODEL", "gpt-image-9")
    painter = open_painter("openai?base_url=http://127.0.0.1:9/v1")
    assert isinstance(painter, OpenAIPainter)
    assert (painter.name, painter.model) == ("openai", "gpt-image-9")


def test_a_missing_package_names_the_command_that_installs_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingExtraError, match=r"run pip install 'calligram\[endpoints\]'"):
        opened().paint(FOX)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "check the key in OPENAI_API_KEY"),
        (404, "check the model's name and the address"),
        (429, "it was asked 1 times: ask less at once, or try again later"),
        (500, "try again later"),
        (400, "change what is asked, or the options"),
    ],
)
def test_what_an_endpoint_refuses_is_told_with_the_next_step_and_never_the_key(
    status: int, told: str, opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.failures = [failing(status, "some_code", f"failing, your key is {KEY}")]
    with pytest.raises(EndpointError) as caught:
        opened().paint(FOX)
    assert str(caught.value).endswith(f"was refused with {status} (failing, your key is [key]): {told}")
    assert caught.value.status == status


def test_too_many_requests_are_tried_again_when_the_endpoint_says(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.failures = [failing(429, "rate_limit_exceeded", "slow down", retry_after_ms="20")] * 2
    assert len(opened(retries=2).paint(FOX)) == 1
    assert len(images_endpoint.asked) == 3


def test_a_slow_endpoint_is_given_up_after_its_time(opened: Open, images_endpoint: ImagesEndpoint) -> None:
    images_endpoint.wait_s = 1.0
    with pytest.raises(EndpointError, match=r"gave no answer within 0\.2 s, 1 times: raise timeout_s"):
        opened(timeout_s=0.2).paint(FOX)


def test_an_endpoint_that_is_not_there_is_told() -> None:
    with pytest.raises(
        EndpointError, match=r"127\.0\.0\.1:9/v1 of openai:any cannot be reached.*check the address"
    ):
        open_painter("openai:any?base_url=http://127.0.0.1:9/v1&retries=0").paint(FOX)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<html><body>Welcome</body></html>"),
        ("application/json", b'{"data": ['),
        ("application/json", b"[]"),
        ("application/json", b'{"data": [5]}'),
        ("application/json", b'{"data": [{"b64_json": 5}]}'),
        ("application/json", b'{"data": [{"b64_json": "AAAA"}], "usage": "none"}'),
    ],
)
def test_what_is_no_images_endpoint_is_told_in_one_sentence(
    kind: str, body: bytes, opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.raw = (kind, body)
    with pytest.raises(
        EndpointError, match=r"so this is no OpenAI-compatible endpoint: does the address end in /v1"
    ):
        opened().paint(FOX)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it has that many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no image at all", r"sent 15 bytes that are no PNG, JPEG, WebP or GIF, or a damaged one"),
        (png_of("red")[:50], r"that are no PNG, JPEG, WebP or GIF, or a damaged one"),
        (
            bomb(60_000, 60_000),
            r"sent an image of 60000 x 60000 pixels, more than the 67,108,864 that are taken",
        ),
        (bomb(400, 400), r"that are no PNG, JPEG, WebP or GIF, or a damaged one"),
        (image_of("red", kind="BMP"), r"that are no PNG, JPEG, WebP or GIF"),
    ],
)
def test_hostile_images_are_refused_in_one_sentence_and_not_kept(
    content: bytes, told: str, opened: Open, images_endpoint: ImagesEndpoint, tmp_path: Path
) -> None:
    images_endpoint.entries = [entry_of(content)]
    with pytest.raises(EndpointError, match=told):
        opened().paint(FOX)
    assert not list((tmp_path / "cache").rglob("*.json"))


def test_broken_base64_is_told(opened: Open, images_endpoint: ImagesEndpoint) -> None:
    images_endpoint.entries = [{"b64_json": "iVBO!!"}]
    with pytest.raises(EndpointError, match="sent 6 characters for an image that are no base64"):
        opened().paint(FOX)


def test_addresses_of_images_are_not_followed_but_data_in_them_is_read(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.entries = [{"url": images_endpoint.base_url + "/fox.png"}]
    with pytest.raises(EndpointError, match=r"addresses are not followed: write \?response_format=b64_json"):
        opened().paint(FOX)
    data = base64.b64encode(png_of("teal")).decode()
    images_endpoint.entries = [{"url": f"data:image/png;base64,{data}"}]
    assert opened().paint(FOX)[0].image.getpixel((0, 0)) == (0, 128, 128)


def test_no_image_begins_that_the_budget_has_no_room_for(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    with pytest.raises(BudgetError, match=r"has used 200 tokens in 2 requests, and budget_tokens is 150"):
        opened(budget_tokens=150).paint(FOX, 4)
    assert [body["n"] for body in images_endpoint.asked] == [1, 1]
    assert len(opened(budget_tokens=250).paint(FOX, 4)) == 4  # two of them from disk


def test_a_cost_that_is_not_told_is_estimated_rather_too_high(
    opened: Open, images_endpoint: ImagesEndpoint
) -> None:
    images_endpoint.tokens = None
    (painted,) = (painter := opened()).paint(FOX)
    assert "tokens" not in painted.settings
    assert isinstance(painter, OpenAIPainter)
    assert painter.ledger.tokens > 6000
