"""What the painter ``diffusers`` can be told."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from calligram.settings import option


@dataclass(frozen=True)
class Options:
    """How the pipeline is found, run and asked; what is not given is as the pipeline has it."""

    GROUP: ClassVar[str] = "diffusers"

    steps: int | None = option(None, "steps of denoising", minimum=1, maximum=1000)
    guidance: float | None = option(None, "how closely the words are followed", minimum=0, maximum=100)
    scheduler: str = option("", "another scheduler, as EulerDiscrete or DPMSolverMultistep")
    device: str = option("auto", "device as cpu, cuda or cuda:1; auto takes a GPU where there is one")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = option(
        "auto", "numbers it computes with; auto is float32 on a processor, bfloat16 on a GPU that has it"
    )
    revision: str = option("", "commit or branch of a pipeline of the hub; empty is its newest")
    variant: str = option("", "which of several files of weights is read, as fp16")
    offline: bool = option(False, "take what is on disk, and never ask the hub")
    adapter: str = option("", "a LoRA adapter: a file, a folder, or ORG/NAME of the hub")
    adapter_strength: float = option(1.0, "how strongly the adapter counts", minimum=-10, maximum=10)
    only_safetensors: bool = option(True, "no reads weights of older kinds too, which may be pickles")

    @property
    def safetensors(self) -> bool | None:
        """What the libraries are told: True refuses other weights, None takes them where need be."""
        return True if self.only_safetensors else None
