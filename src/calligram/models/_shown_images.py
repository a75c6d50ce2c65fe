"""Images in a conversation, as each interface takes them beside its text."""

from base64 import b64encode
from typing import Any

from calligram.models.base import Turn

KIND = "image/png"


def openai_content(turn: Turn) -> str | list[dict[str, Any]]:
    """Return what a turn holds, as OpenAI's chats take it; plain text where there is no image.

    Source: OpenAI, Chat completions, image inputs.
    """
    if not turn.images:
        return turn.text
    shown: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": f"data:{KIND};base64,{_spelled(image)}"}}
        for image in turn.images
    ]
    return [*shown, {"type": "text", "text": turn.text}]


def anthropic_content(turn: Turn) -> str | list[dict[str, Any]]:
    """Return what a turn holds, as Anthropic's messages take it; plain text where there is no image.

    Source: Anthropic, Messages, vision: images before the text that asks about them.
    """
    if not turn.images:
        return turn.text
    shown: list[dict[str, Any]] = [
        {"type": "image", "source": {"type": "base64", "media_type": KIND, "data": _spelled(image)}}
        for image in turn.images
    ]
    return [*shown, {"type": "text", "text": turn.text}]


def _spelled(image: bytes) -> str:
    return b64encode(image).decode("ascii")
