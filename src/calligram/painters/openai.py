"""Any model behind the images endpoint of OpenAI's protocol (extra ``endpoints``).

OpenAI itself, or another server that answers ``POST /images/generations``; reached by OpenAI's own client.
The key is read from ``OPENAI_API_KEY``, is never printed or kept, and may be missing for an endpoint that is
not OpenAI's. The address is ``?base_url=…`` or ``OPENAI_BASE_URL``. The words of an order and the options are
all that is sent.

OpenAI's endpoint takes no seed. Images are kept on disk by what was asked and by the order's seed, so that
the same order gives the same image again and is paid for once; another seed asks anew. ``?takes_seed=yes``
sends the seed to servers that take one, as vLLM's, and each image is then asked for by itself.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from calligram.endpoints.address import Address, check_address, need_key, read_key
from calligram.endpoints.ledger import Ledger
from calligram.endpoints.shelf import shelf_of
from calligram.errors import ContentRefusedError, EndpointError, MissingExtraError, ModelError, RequestError
from calligram.painters._openai_images import Received, hear, version_of
from calligram.painters._openai_sizes import size_for
from calligram.painters.base import Order, Painted, Painter
from calligram.settings import option

OFFICIAL = "https://api.openai.com/v1"
KEY = "OPENAI_API_KEY"

MOST_AT_ONCE = 10
"""Images that one request may ask for. Source: OpenAI, images interface, ``n``, November 2026."""

IMAGE_TOKENS = 6240
"""What an image counts where its cost is not told: about as many as the dearest of ``gpt-image-1.5``."""

SPELLING = "openai:MODEL, as openai:gpt-image-2, with ?base_url=ADDRESS where it is not OpenAI"


@dataclass(frozen=True)
class Options:
    """How the endpoint is asked, and what it may cost."""

    GROUP: ClassVar[str] = "image_endpoint"

    model: str = option("", "the model's name, where the painter's spelling names none")
    base_url: str = option("", "address of the endpoint, as http://127.0.0.1:8000/v1; empty is the usual one")
    size: str = option("", "pixels as 1536x1024, or auto, where the order gives none; empty says none")
    quality: str = option("auto", "as low, medium or high; what there is depends on the model")
    background: Literal["auto", "opaque", "transparent"] = option(
        "auto", "what is behind the subject: auto, opaque or transparent"
    )
    moderation: Literal["auto", "low"] = option("auto", "how strictly content is filtered: auto or low")
    response_format: Literal["unsaid", "b64_json"] = option(
        "unsaid", "b64_json asks for the image itself, for servers that else answer its address"
    )
    takes_seed: bool = option(False, "yes sends the seed, for servers that take one, as vLLM")
    timeout_s: float = option(300, "seconds to wait for an answer", minimum=0.1, maximum=3600)
    retries: int = option(
        2, "tries again after a time-out, too many requests or a server's fault", minimum=0, maximum=20
    )
    budget_tokens: int = option(0, "tokens at most; 0 is no limit", minimum=0)
    cache: bool = option(True, "keep images on disk, so that the same order is paid for once")


def load(place: str, options: Options) -> Painter:
    """Return the painter of that model behind the endpoint.

    Args:
        place: the model's name, as the endpoint spells it; empty takes the option ``model``.
        options: address, limits and how it is asked.

    Raises:
        ModelError: no model is named, or a key is needed and not set.
        OptionError: the address is none.
    """
    model = place or options.model
    if not model:
        raise ModelError(
            "the painter openai names no model: write openai:MODEL, as openai:gpt-image-2, or set "
            "CALLIGRAM_IMAGE_ENDPOINT_MODEL"
        )
    return OpenAIPainter(model, options)


class OpenAIPainter(Painter):
    """A model behind an images endpoint, asked by OpenAI's client.

    Args:
        model: its name, as the endpoint spells it.
        options: address, limits and how it is asked.
    """

    def __init__(self, model: str, options: Options) -> None:
        self.name, self.model, self.options = f"openai:{model}", model, options
        base_url = check_address(options.base_url or os.environ.get("OPENAI_BASE_URL") or OFFICIAL)
        patience = options.timeout_s, options.retries
        self.address = Address(self.name, base_url, read_key(KEY), KEY, "openai", *patience)
        need_key(self.address, OFFICIAL)
        self.ledger = Ledger(self.name, options.budget_tokens)
        self.shelf = shelf_of("images", options.cache)

    def _client(self) -> Any:
        try:
            import openai
        except ImportError as fault:
            raise MissingExtraError("openai", "endpoints", "a painter behind an endpoint") from fault
        return openai.OpenAI(
            base_url=self.address.base_url,
            api_key=self.address.key or "none",
            timeout=self.options.timeout_s,
            max_retries=self.options.retries,
        )

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        if not order.words.strip():
            raise RequestError(f"{self.name} was given no words: say what the image should show")
        asked = self._request(order)
        received: dict[int, Received] = {}
        for seed in (seeds := range(order.seed, order.seed + count)):
            if found := self._find(asked, seed):
                received[seed] = found
        while missing := [seed for seed in seeds if seed not in received]:
            received |= self._ask(asked, missing[: self._most_at_once], bool(received))
        return self._painted(order, {seed: received[seed] for seed in seeds})

    @property
    def _most_at_once(self) -> int:
        """Images asked for in one request: one alone where the budget or the seed counts."""
        return 1 if self.options.budget_tokens or self.options.takes_seed else MOST_AT_ONCE

    def _request(self, order: Order) -> dict[str, Any]:
        """Return the body of a request, all but how many; what is as usual is not said."""
        words = order.words.strip() + (f"\n\nDo not show: {order.avoid}" if order.avoid else "")
        asked: dict[str, Any] = {"model": self.model, "prompt": words}
        if size := size_for(self.model, order, self.options.size):
            asked["size"] = size
        for name, usual in (("quality", "auto"), ("background", "auto"), ("moderation", "auto")):
            if (value := getattr(self.options, name)) != usual:
                asked[name] = value
        if self.options.response_format != "unsaid":
            asked["response_format"] = self.options.response_format
        return asked

    def _kept_as(self, asked: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Return what an image is kept by: where it was asked for, all that was asked, and the seed."""
        return {"base_url": self.address.base_url, **asked, "seed": seed}

    def _find(self, asked: Mapping[str, Any], seed: int) -> Received | None:
        """Return an image that was paid for before, where it still can be opened."""
        found = self.shelf.find(self._kept_as(asked, seed))
        if found is None:
            return None
        try:
            received = Received(**found)
            received.open(self.name)
        except (TypeError, EndpointError):
            return None
        self.ledger.find_on_disk()
        return received

    def _ask(self, asked: dict[str, Any], seeds: Sequence[int], some: bool) -> dict[int, Received]:
        """Return what one request gives for some seeds, at least one, each opened once and kept, or refused.

        Args:
            asked: the body.
            seeds: of the images that are wanted.
            some: whether there are images already, beside which a refusal is remarked only.

        Raises:
            EndpointError: no answer came, or an image that is none.
            ContentRefusedError: a content filter refused what was asked, and there are no others.
        """
        try:
            images = dict(zip(seeds, self._heard(asked, seeds), strict=False))
        except ContentRefusedError:
            if not some:
                raise
            return {seed: Received("") for seed in seeds}
        for seed, image in images.items():
            if not image.refused:
                self.shelf.keep(self._kept_as(asked, seed), vars(image))
        return images

    def _heard(self, asked: dict[str, Any], seeds: Sequence[int]) -> list[Received]:
        """Return the images of one request, and count what it cost."""
        self.shelf.prepare(self._kept_as(asked, seeds[0]))
        more = {"extra_body": {"seed": seeds[0]}} if self.options.takes_seed else {}
        room = IMAGE_TOKENS * len(seeds)
        with self.ledger.request(len(asked["prompt"]), room) as bill, self._client() as client:
            answer = self.address.reach(lambda: client.images.generate(**asked, **more, n=len(seeds)))
            bill.made = room
            images, bill.told = hear(answer, self.address, len(seeds))
        return images

    def _painted(self, order: Order, images: Mapping[int, Received]) -> list[Painted]:
        """Return what came; what single images were refused of is remarked with the last.

        Raises:
            ContentRefusedError: all were refused.
        """
        given = {seed: image for seed, image in images.items() if not image.refused}
        if not given:
            raise ContentRefusedError(
                f"{self.name} at {self.address.base_url} answered without an image, as endpoints do whose "
                "content filter refused it: say it in other words"
            )
        painted = [self._one(order, seed, image) for seed, image in given.items()]
        if refused := len(images) - len(given):
            told = f"{refused} of {len(images)} images were refused by a content filter, or came empty"
            painted[-1] = replace(painted[-1], remarks=(*painted[-1].remarks, told))
        return painted

    def _one(self, order: Order, seed: int, received: Received) -> Painted:
        image, content = received.open(self.name)
        wanted = order.width or order.height, order.height or order.width
        remarks = []
        if None not in wanted and wanted != image.size:
            made = f"{image.width} x {image.height}"
            remarks.append(f"{wanted[0]} x {wanted[1]} pixels were asked for, and {self.model} made {made}")
        if order.avoid:
            remarks.append(f"{self.model} takes no words to avoid, so it was told them as a sentence")
        told = received.settings(self.address)
        if self.options.moderation == "low":
            told["moderation"] = "low"
        if self.options.cache and not self.options.takes_seed:
            told["kept_as_seed"] = seed
        taken = seed if self.options.takes_seed else None
        return Painted(image, taken, self.model, version_of(self.model), told, tuple(remarks), content)
