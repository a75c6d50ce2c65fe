"""Asking a pipeline: what its call takes, what an order becomes, and what is told of the image."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any

from PIL import Image

from calligram.errors import ModelError, OptionError, RequestError
from calligram.painters.base import Order

MOST_PIXELS = 1 << 24
"""No pipeline paints so many, and the attempt would fill the memory."""

Setting = str | int | float | bool | None


@dataclass(frozen=True)
class Asking:
    """A pipeline and what its call takes.

    Args:
        name: the painter's, for messages.
        pipeline: of ``diffusers``, on its device.
        takes: the names of what its call takes, and the defaults.
        always: what is asked of it besides the order.
    """

    name: str
    pipeline: Any
    takes: Mapping[str, Any]
    always: Mapping[str, Any]

    def request(self, order: Order) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return what the pipeline is called with for an order, and what is to be remarked.

        Raises:
            RequestError: it cannot paint that.
        """
        if not order.words.strip():
            raise RequestError(f"{self.name} was given no words: say what the image should show")
        asked = {"prompt": order.words, **self.always, **self._size(order)}
        remarks = self._cut(order.words)
        if order.avoid and "negative_prompt" in self.takes:
            asked["negative_prompt"] = order.avoid
        elif order.avoid:
            remarks.append(f"{self.name} takes no words to avoid, so they were left out")
        return asked, tuple(remarks)

    def call(self, asked: Mapping[str, Any], generator: Any) -> Any:
        """Return what the pipeline answers, which has images.

        Raises:
            ModelError: it has none.
        """
        more = {"generator": generator} if "generator" in self.takes else {}
        answer = self.pipeline(**asked, **more)
        images = getattr(answer, "images", None)
        if not isinstance(images, list) or not images or not isinstance(images[0], Image.Image):
            raise ModelError(
                f"{self.name} is a {type(self.pipeline).__name__}, whose answer holds no images: choose a "
                "pipeline for text to image"
            )
        return answer

    def remarks(self, asked: Mapping[str, Any], image: Image.Image) -> tuple[str, ...]:
        """Return what a person should be told of an image."""
        told = []
        wanted = asked.get("width", image.width), asked.get("height", image.height)
        if wanted != image.size:
            made = f"{image.width} x {image.height}"
            told.append(f"{wanted[0]} x {wanted[1]} pixels were asked for, and the pipeline made {made}")
        if "negative_prompt" in asked and not self._guided():
            told.append("the pipeline paints without guidance here, so that the words to avoid had no effect")
        if image.convert("L").getextrema() == (0, 0):
            told.append(
                "the image is black throughout: its numbers may have overflowed, so try ?dtype=float32"
            )
        return tuple(told)

    def settings(self, asked: Mapping[str, Any]) -> dict[str, Setting]:
        """Return what decides how an image looks, the pipeline's own defaults too, ready for JSON."""
        named = {
            "num_inference_steps": "steps",
            "guidance_scale": "guidance",
            "true_cfg_scale": "true_guidance",
        }
        told: dict[str, Setting] = {}
        for name, short in named.items():
            value = asked.get(name, self.takes.get(name))
            if isinstance(value, int | float):
                told[short] = value
        return told

    def _size(self, order: Order) -> dict[str, int]:
        wanted = {"width": order.width, "height": order.height}
        size = {name: value for name, value in wanted.items() if value is not None}
        step = getattr(self.pipeline, "vae_scale_factor", 1)
        for name, value in size.items():
            if name not in self.takes:
                raise RequestError(f"{self.name} paints one size only: leave width and height out")
            if isinstance(step, int) and value % step:
                near = max(1, round(value / step)) * step
                raise RequestError(
                    f"{name} is {value}, but {self.name} paints multiples of {step}: ask for {near}"
                )
        if len(size) == 2 and size["width"] * size["height"] > MOST_PIXELS:
            raise RequestError(
                f"{self.name} was asked for {size['width']} x {size['height']} pixels, more than the "
                f"{MOST_PIXELS:,} that are tried: ask for a smaller image"
            )
        return size

    def _cut(self, words: str) -> list[str]:
        """Return a remark where no tokenizer of the pipeline reads all of the words."""
        read = []
        for name in ("tokenizer", "tokenizer_2", "tokenizer_3"):
            tokenizer = getattr(self.pipeline, name, None)
            if tokenizer is not None and callable(tokenizer):
                read.append((int(tokenizer.model_max_length), len(tokenizer(words).input_ids)))
        if not read or any(tokens <= most for most, tokens in read):
            return []
        most, tokens = max(read)
        return [f"the words are {tokens} tokens, and the pipeline reads the first {most}"]

    def _guided(self) -> bool:
        """Return whether the call that was just made was guided, as far as the pipeline tells."""
        if self.takes.get("true_cfg_scale") is not None:
            return bool(self.always.get("true_cfg_scale", self.takes["true_cfg_scale"]) > 1)
        return bool(getattr(self.pipeline, "do_classifier_free_guidance", True))


def asking_of(pipeline: Any, name: str, steps: int | None, guidance: float | None) -> Asking:
    """Return how a pipeline is asked.

    Args:
        pipeline: of ``diffusers``.
        name: the painter's, for messages.
        steps: of denoising; None is the pipeline's own.
        guidance: how closely the words are followed; None is the pipeline's own.

    Raises:
        OptionError: its call does not take one of them.
    """
    parameters = signature(type(pipeline).__call__).parameters
    takes = {each.name: None if each.default is each.empty else each.default for each in parameters.values()}
    always: dict[str, Any] = {"output_type": "pil"} if "output_type" in takes else {}
    guided = "true_cfg_scale" if (takes.get("true_cfg_scale") or 0) > 1 else "guidance_scale"
    for told, value, field in (("steps", steps, "num_inference_steps"), ("guidance", guidance, guided)):
        if value is None:
            continue
        if field not in takes:
            kind = type(pipeline).__name__
            raise OptionError(f"{told} is {value}, but {name} is a {kind}, which takes none: leave it out")
        always[field] = value
    return Asking(name, pipeline, takes, always)
