"""Any pipeline of diffusers that turns words into images, from a folder or the hub (extra ``diffusers``).

Stable Diffusion, SDXL, SD3, Flux, PixArt, latent consistency and whatever else ``diffusers`` knows. Only
``.safetensors`` files are read unless told otherwise, and no code of a model is ever run. Image number k
follows from the seed plus k alone, whatever else is painted beside it. The pipeline runs here: no word leaves
the machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from calligram.devices import find_device, find_dtype
from calligram.errors import ContentRefusedError, ModelError, RequestError
from calligram.painters._diffusers_asking import Asking, asking_of
from calligram.painters._diffusers_faults import memory_told, painting_told
from calligram.painters._diffusers_finding import Found, find_pipeline
from calligram.painters._diffusers_loading import libraries, load_pipeline, quiet
from calligram.painters._diffusers_options import Options
from calligram.painters.base import Order, Painted, Painter

__all__ = ["SPELLING", "DiffusersPainter", "Options", "load"]

MOST_SEED = (1 << 63) - 1
"""torch takes no larger seed."""

SPELLING = "diffusers:FOLDER or diffusers:ORG/NAME, with ?steps=20 and more"


def load(place: str, options: Options) -> Painter:
    """Return the painter of a pipeline.

    Args:
        place: a folder, or ``ORG/NAME`` of the hub.
        options: how it is found, run and asked.

    Raises:
        MissingExtraError: diffusers, torch or transformers is not installed.
        ModelError: there is no such pipeline, it turns no words into images, or it cannot be loaded.
        OptionError: there is no such device or scheduler, or the pipeline takes no such option.
    """
    if not place:
        raise ModelError(f"the painter diffusers names no pipeline: write {SPELLING}")
    torch, diffusers = libraries()
    device, name = find_device(torch, options.device), f"diffusers:{place}"
    with quiet():
        found = find_pipeline(diffusers, name, place, options)
        with memory_told(torch, name, device):
            dtype = find_dtype(torch, options.dtype, device)
            pipeline = load_pipeline(diffusers, name, found.folder, options, dtype).to(device)
    return DiffusersPainter(options, found, asking_of(pipeline, name, options.steps, options.guidance), torch)


class DiffusersPainter(Painter):
    """A pipeline that is loaded, and how it is asked.

    Args:
        options: how it was found.
        found: where it is, and what is known of it.
        asking: the pipeline, and what its call takes.
        torch: the module, handed on since it is heavy.
    """

    def __init__(self, options: Options, found: Found, asking: Asking, torch: Any) -> None:
        self.name, self.options, self.found = asking.name, options, found
        self.asking, self.torch = asking, torch

    def paint(self, order: Order, count: int = 1) -> Sequence[Painted]:
        if not 0 <= order.seed <= order.seed + count - 1 <= MOST_SEED:
            raise RequestError(
                f"{self.name} takes seeds from 0 to {MOST_SEED}, not {order.seed}: take another"
            )
        asked, remarks = self.asking.request(order)
        made = [self._one(asked, order.seed + number, remarks) for number in range(count)]
        painted = [each for each in made if each]
        if not painted:
            raise ContentRefusedError(
                f"the safety checker of {self.name} holds all that it painted unsafe, and blackened it: "
                "say it in other words, or take another seed"
            )
        if len(painted) < count:
            told = f"{count - len(painted)} of {count} images were held unsafe by the safety checker"
            painted[-1] = replace(painted[-1], remarks=(*painted[-1].remarks, told))
        return painted

    def _one(self, asked: Mapping[str, Any], seed: int, remarks: tuple[str, ...]) -> Painted | None:
        """Return the image of one seed, or None where the safety checker blackened it."""
        device = self.asking.pipeline.device
        told = painting_told(self.torch, self.name, device)
        with quiet(), told, _seeded(self.torch, seed, device):
            answer = self.asking.call(asked, self.torch.Generator("cpu").manual_seed(seed))
        if any(getattr(answer, "nsfw_content_detected", None) or []):
            return None
        image = answer.images[0]
        remarks = self.found.remarks + remarks + self.asking.remarks(asked, image)
        settings = self.asking.settings(asked) | self._settings()
        return Painted(image, seed, self.found.name, self.found.version, settings, remarks)

    def _settings(self) -> dict[str, str | int | float | bool | None]:
        """Return what decides how it looks beside what is asked."""
        from importlib.metadata import version

        pipeline, adapter = self.asking.pipeline, self.options.adapter
        told: dict[str, str | int | float | bool | None] = {
            "pipeline": type(pipeline).__name__,
            "scheduler": type(getattr(pipeline, "scheduler", None)).__name__,
            "dtype": str(pipeline.dtype).removeprefix("torch."),
            "device": pipeline.device.type,
            "diffusers": version("diffusers"),
            "torch": version("torch"),
        }
        if self.found.licence:
            told["licence"] = self.found.licence
        if adapter:
            told |= {"adapter": adapter.rpartition("/")[2], "adapter_strength": self.options.adapter_strength}
        return told


@contextmanager
def _seeded(torch: Any, seed: int, device: Any) -> Iterator[None]:
    """Seed whatever takes no generator of its own, and leave the caller's chances as they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
