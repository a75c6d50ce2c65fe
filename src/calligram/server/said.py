"""What was said: the messages of a conversation, each taken apart into words and pictures."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calligram.errors import InputError
from calligram.picture import Limits, TextPicture
from calligram.server.finding import find_pictures
from calligram.server.refusals import RefusalError

Detail = Literal["auto", "low", "high"]
DATA_URL = re.compile(r"data:(?P<kind>[^;,]*)(?P<more>(?:;[^;,]*)*),(?P<content>.*)", re.DOTALL)
SHOWN_OF_URL = 60
"""So many characters of an address are told in a message."""


@dataclass(frozen=True)
class Shown:
    """One picture of a message.

    Args:
        content: a text picture that stood in the words, or the bytes of an image file.
        place: where it stood, for messages.
        detail: how finely an image is to be looked at.
    """

    content: TextPicture | bytes
    place: str
    detail: Detail = "auto"


@dataclass(frozen=True)
class Said:
    """One message.

    Args:
        role: who said it, as ``"user"``.
        text: its text as it came, text pictures included.
        words: its text without the text pictures.
        shown: its pictures, in order.
    """

    role: str
    text: str
    words: str
    shown: tuple[Shown, ...] = ()


def take_apart(role: str, parts: Iterable[str | Shown], place: str, limits: Limits) -> Said:
    """Return one message from its parts; only what a user says is searched for text pictures.

    Args:
        role: who said it.
        parts: texts and images, in order.
        place: where the message stands, for messages.
        limits: how much is taken in.

    Raises:
        RefusalError: a text picture in it has a fault.
    """
    texts: list[str] = []
    words: list[str] = []
    shown: list[Shown] = []
    for part in parts:
        if isinstance(part, Shown):
            shown.append(part)
            continue
        texts.append(part)
        spoken, found = _find(part, place, limits) if role == "user" else (part, [])
        words += [spoken] if spoken else []
        shown += [Shown(picture, place) for picture in found]
    return Said(role, "\n".join(texts), "\n".join(words), tuple(shown))


def _find(text: str, place: str, limits: Limits) -> tuple[str, list[TextPicture]]:
    try:
        return find_pictures(text, limits)
    except InputError as fault:
        raise RefusalError(
            f"the text picture in {place} cannot be read: {fault}", place, "bad_picture"
        ) from fault


def open_url(url: str, place: str) -> bytes:
    """Return the bytes of the image that a data: URL holds; nothing is ever fetched.

    Args:
        url: what stands in the request.
        place: where it stands, for messages.

    Raises:
        RefusalError: it is no data: URL of an image in base64.
    """
    wanted = "send the image itself as data:image/png;base64,…"
    found = DATA_URL.fullmatch(url)
    if not found:
        raise RefusalError(
            f"{place} is {url[:SHOWN_OF_URL]!r}, but images are never fetched from an address: {wanted}",
            place,
            "image_not_fetched",
        )
    if not found["kind"].startswith("image/") or not found["more"].endswith(";base64"):
        raise RefusalError(
            f"{place} begins with {url[:SHOWN_OF_URL].partition(',')[0]!r}, "
            f"which is no image in base64: {wanted}",
            place,
            "bad_image",
        )
    try:
        content = base64.b64decode("".join(found["content"].split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise RefusalError(f"{place} is no valid base64 ({fault}): {wanted}", place, "bad_image") from fault
    if not content:
        raise RefusalError(f"{place} holds no bytes: {wanted}", place, "bad_image")
    return content
