"""Loading a pipeline: the libraries, its weights, a scheduler of one's choice, an adapter."""

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from typing import Any

from calligram.errors import MissingExtraError, ModelError, OptionError
from calligram.painters._diffusers_faults import first_line
from calligram.painters._diffusers_options import Options

ADAPTER = "calligram"
"""What an adapter is called within a pipeline."""

OTHERWISE = ("num_frames", "audio_length_in_s", "audio_end_in_s")
"""What the calls of pipelines take that make films and sounds."""


def libraries() -> tuple[Any, Any]:
    """Return the modules torch and diffusers, which keep quiet from then on.

    Raises:
        MissingExtraError: one of them, or transformers, is not installed.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        with quiet():
            import diffusers
            import torch
            import transformers
    except ImportError as fault:
        raise MissingExtraError(fault.name or "diffusers", "diffusers", "a pipeline of diffusers") from fault
    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
    return torch, diffusers


@contextmanager
def quiet() -> Iterator[None]:
    """Let through no warning that a person who only paints can do nothing about, each with its reason."""
    with warnings.catch_warnings():
        # configurations of old pipelines, and names of arguments within diffusers and its parts
        warnings.filterwarnings("ignore", category=FutureWarning, module=r"(diffusers|peft|transformers)\b")
        # a pipeline among all those that are imported together still compiles with torch.jit
        warnings.filterwarnings("ignore", message=r".*torch\.jit", category=DeprecationWarning)
        # schedulers hand tensors to numpy in the way of old
        warnings.filterwarnings("ignore", message="__array__ implementation", category=DeprecationWarning)
        # numbers that overflowed in float16 make a black image, which is remarked
        warnings.filterwarnings(
            "ignore", message="invalid value encountered in cast", category=RuntimeWarning
        )
        yield


def load_pipeline(diffusers: Any, name: str, folder: Path, options: Options, dtype: Any) -> Any:
    """Return a pipeline that turns words into images, on the processor.

    Args:
        diffusers: the module.
        name: the painter's, for messages.
        folder: with the pipeline's files.
        options: scheduler, adapter, and which weights are read.
        dtype: numbers it computes with.

    Raises:
        ModelError: it cannot be loaded, makes other things than images of words, or the adapter does not fit.
        OptionError: it takes no such scheduler.
    """
    try:
        pipeline = diffusers.DiffusionPipeline.from_pretrained(
            str(folder),
            dtype=dtype,
            variant=options.variant or None,
            use_safetensors=options.safetensors,
            local_files_only=True,
        )
    except MemoryError:
        raise
    except Exception as fault:  # diffusers raises many classes, none of its own
        raise ModelError(f"{name} cannot be loaded ({first_line(fault)}): {_step(fault, options)}") from fault
    pipeline = _painting(diffusers, name, pipeline)
    if options.scheduler:
        _schedule(pipeline, name, options.scheduler)
    if options.adapter:
        _adapt(pipeline, name, options)
    pipeline.set_progress_bar_config(disable=None, leave=False)  # None: shown where a person sees it
    return pipeline


def _step(fault: Exception, options: Options) -> str:
    missing = re.search(r"no file named \S*\.safetensors|necessary `safetensors`", str(fault))
    if options.only_safetensors and missing:
        return "take one with .safetensors, or write ?only_safetensors=no if you trust who made it"
    return "check its files, or fetch it again"


def _painting(diffusers: Any, name: str, pipeline: Any) -> Any:
    """Return a pipeline that paints from words alone with the parts of another.

    Raises:
        ModelError: there is none.
    """
    takes = signature(type(pipeline).__call__).parameters
    if "prompt" in takes and "image" not in takes and not set(OTHERWISE) & set(takes):
        return pipeline
    try:
        return diffusers.AutoPipelineForText2Image.from_pipe(pipeline)
    except (ValueError, TypeError, AttributeError) as fault:
        raise ModelError(
            f"{name} is a {type(pipeline).__name__}, which does not turn words into images: choose a "
            "pipeline for text to image"
        ) from fault


def _schedule(pipeline: Any, name: str, wanted: str) -> None:
    """Give a pipeline another scheduler, by its class's name with or without ``Scheduler``."""
    own = getattr(pipeline, "scheduler", None)
    kinds = {
        kind.__name__.removesuffix("Scheduler"): kind for kind in getattr(own, "compatibles", None) or []
    }
    kinds.setdefault(type(own).__name__.removesuffix("Scheduler"), type(own))
    found = {short.lower(): kind for short, kind in kinds.items()}.get(
        wanted.lower().removesuffix("scheduler")
    )
    if found is None or own is None:
        told = f"{', '.join(sorted(kinds))}: choose one" if own else "none: leave it out"
        raise OptionError(f"scheduler is {wanted!r}, but {name} takes {told}")
    pipeline.scheduler = found.from_config(own.config)


def _adapt(pipeline: Any, name: str, options: Options) -> None:
    """Give a pipeline a LoRA adapter.

    Raises:
        ModelError: it takes none, or not this one.
        MissingExtraError: peft is not installed.
    """
    try:
        import peft  # noqa: F401
    except ImportError as fault:
        raise MissingExtraError("peft", "diffusers", "a LoRA adapter") from fault
    path = Path(options.adapter).expanduser()
    place, file = (str(path.parent), {"weight_name": path.name}) if path.is_file() else (options.adapter, {})
    try:
        pipeline.load_lora_weights(
            str(path) if path.is_dir() else place,
            adapter_name=ADAPTER,
            use_safetensors=options.safetensors,
            local_files_only=options.offline or path.exists(),
            **file,
        )
        pipeline.set_adapters([ADAPTER], [options.adapter_strength])
    except Exception as fault:  # peft, the hub's client and diffusers raise many classes
        raise ModelError(
            f"the adapter {options.adapter!r} does not fit {name} or cannot be read ({first_line(fault)}): "
            "give a LoRA that was taught on a pipeline of this kind"
        ) from fault
