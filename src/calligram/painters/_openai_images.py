"""Answers of an images endpoint: what came, opened with care, since a server may send anything."""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image

from calligram.endpoints.address import Address, hide_key
from calligram.errors import EndpointError
from calligram.picture.opening import without_pillow_limit

MOST_PIXELS = 1 << 26
"""An image from elsewhere may have so many pixels: over seven times the largest that OpenAI makes."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""What is opened, so that no rare reader of Pillow's is reached by a stranger's bytes."""

Setting = str | int | float | bool | None


@dataclass(frozen=True)
class Received:
    """One image as the endpoint told it.

    Args:
        base64: the file; empty where the endpoint sent none, as those do that filter single images.
        revised_prompt: the words that the model was given instead, or empty.
        size: pixels, as told, or empty.
        quality: as told, or empty.
        background: as told, or empty.
        tokens: what the whole request cost, or None.
        images: how many the request gave.
    """

    base64: str
    revised_prompt: str = ""
    size: str = ""
    quality: str = ""
    background: str = ""
    tokens: int | None = None
    images: int = 1

    @property
    def refused(self) -> bool:
        """Whether nothing came."""
        return not self.base64

    def open(self, name: str) -> tuple[Image.Image, bytes]:
        """Return the image, ``L``, ``RGB`` or ``RGBA``, and its file as it came.

        Args:
            name: the painter's, for messages.

        Raises:
            EndpointError: it is no image, is damaged, or is larger than any that is taken.
        """
        content = _decode(self.base64, name)
        try:
            with without_pillow_limit():
                image = Image.open(io.BytesIO(content), formats=FORMATS)
                _check_size(image, name)
                image.load()
        except EndpointError:
            raise
        except Exception as fault:  # Pillow's readers raise many kinds on damaged files
            raise EndpointError(
                f"{name} sent {len(content):,} bytes that are no PNG, JPEG, WebP or GIF, or a damaged one: "
                "ask again, or check the address",
                worked=True,
            ) from fault
        return _plain(image), content

    def settings(self, address: Address) -> dict[str, Setting]:
        """Return what decides how it looks and what it cost, without what was not told."""
        told: dict[str, Setting] = {"size": self.size, "quality": self.quality, "background": self.background}
        told["revised_prompt"] = hide_key(self.revised_prompt, address.key)
        told = {name: value for name, value in told.items() if value}
        if self.tokens is not None:
            told |= {"tokens": self.tokens, "images_in_request": self.images}
        return told


def hear(answer: Any, address: Address, wanted: int) -> tuple[list[Received], int | None]:
    """Return the images of an answer, at least one and at most so many as wanted, and the tokens told.

    An answer without any image counts as a refusal of all of them.

    Raises:
        EndpointError: it is no answer of this protocol, or holds an image that is none.
    """
    try:
        entries = list(answer.data or [])[:wanted]
        tokens = _whole(answer.usage.total_tokens) if answer.usage else None
        images = [_received(entry, answer, tokens, len(entries)) for entry in entries]
        elsewhere = any(entry.url and image.refused for entry, image in zip(entries, images, strict=True))
    except (AttributeError, TypeError) as fault:
        raise address.strange(str(answer)) from fault
    if elsewhere:
        raise EndpointError(
            f"{address.name} at {address.base_url} answered the address of an image, not the image, and "
            "addresses are not followed: write ?response_format=b64_json",
            worked=True,
        )
    for image in images:
        if not image.refused:
            image.open(address.name)
    return images or [Received("")] * wanted, tokens


def version_of(model: str) -> str:
    """Return the date that a model's name ends with, or nothing.

    >>> version_of("gpt-image-2-2026-04-21")
    '2026-04-21'
    """
    found = re.search(r"-(\d{4}-\d\d-\d\d)$", model)
    return found.group(1) if found else ""


def _received(entry: Any, answer: Any, tokens: int | None, count: int) -> Received:
    content, address = (entry.b64_json or "").strip(), (entry.url or "").strip()
    if not content and address.startswith("data:"):
        content = address
    told = answer.size, answer.quality, answer.background
    size, quality, background = (str(value or "")[:40] for value in told)
    return Received(content, str(entry.revised_prompt or ""), size, quality, background, tokens, count)


def _whole(told: Any) -> int | None:
    return told if isinstance(told, int) and told >= 0 else None


def _check_size(image: Image.Image, name: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise EndpointError(
            f"{name} sent an image of {image.width} x {image.height} pixels, more than the {MOST_PIXELS:,} "
            "that are taken: ask for a smaller one",
            worked=True,
        )


def _decode(text: str, name: str) -> bytes:
    head, comma, rest = text.partition(",")
    try:
        return base64.b64decode("".join((rest if comma else head).split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise EndpointError(
            f"{name} sent {len(text):,} characters for an image that are no base64: ask again, or check the "
            "address",
            worked=True,
        ) from fault


def _plain(image: Image.Image) -> Image.Image:
    """Return an image in a mode that painters give, without the texts that came with it."""
    if image.mode not in {"L", "RGB", "RGBA"}:
        clear = "transparency" in image.info or image.mode in {"LA", "PA", "La", "RGBa"}
        image = image.convert("RGBA" if clear else "RGB")
    profile = image.info.get("icc_profile")
    made = image.copy()
    made.info = {"icc_profile": profile} if profile else {}
    return made
