"""Loading a model of Hugging Face: the libraries, the device, the numbers, the tokenizer and the network."""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.devices import find_device, find_dtype
from calligram.errors import MissingExtraError, ModelError

ADAPTER = "adapter_config.json"


@dataclass(frozen=True)
class Parts:
    """What a model is made of.

    Args:
        torch: the module, handed on since it is heavy.
        device: where it computes.
        dtype: the numbers it computes with.
        tokenizer: of ``transformers``.
        network: a causal model of ``transformers``.
    """

    torch: Any
    device: Any
    dtype: Any
    tokenizer: Any
    network: Any


def load_parts(place: str, device: str, dtype: str, revision: str) -> Parts:
    """Return tokenizer and network of a folder or of the hub.

    Args:
        place: a folder, or ``ORG/NAME`` of the hub.
        device: as ``cpu`` or ``cuda:1``; ``auto`` takes a GPU where there is one.
        dtype: as ``float32``; ``auto`` takes what suits the device.
        revision: commit or branch of a model of the hub; empty is its newest.

    Raises:
        MissingExtraError: transformers or torch is not installed.
        ModelError: there is no such model, or it cannot be loaded.
        OptionError: there is no such device.
    """
    torch, transformers = _libraries()
    found = find_device(torch, device)
    numbers = find_dtype(torch, dtype, found)
    return Parts(torch, found, numbers, *_load(transformers, place, numbers, revision))


def _load(transformers: Any, place: str, dtype: Any, revision: str) -> tuple[Any, Any]:
    local = {"local_files_only": True} if Path(place).is_dir() else {}
    more = {"revision": revision} if revision else {}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(place, **local, **more)
        if (Path(place) / ADAPTER).is_file():
            return tokenizer, _load_adapter(transformers, place, dtype, len(tokenizer))
        network = transformers.AutoModelForCausalLM.from_pretrained(place, dtype=dtype, **local, **more)
    except MissingExtraError:
        raise
    except Exception as fault:  # transformers raises many classes, none of its own
        told = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        raise ModelError(
            f"the model hf:{place} cannot be loaded ({told}): give a folder with a causal model and "
            "its tokenizer, or the name of one on the hub, as hf:openai-community/gpt2"
        ) from fault
    return tokenizer, network


def _load_adapter(transformers: Any, place: str, dtype: Any, tokens: int) -> Any:
    try:
        import peft
    except ImportError as fault:
        raise MissingExtraError("peft", "hf", "a LoRA adapter") from fault
    told = peft.PeftConfig.from_pretrained(place)
    network = transformers.AutoModelForCausalLM.from_pretrained(told.base_model_name_or_path, dtype=dtype)
    if network.get_input_embeddings().num_embeddings < tokens:
        network.resize_token_embeddings(tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by names of old
        return peft.PeftModel.from_pretrained(network, place).merge_and_unload()


def _libraries() -> tuple[Any, Any]:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import torch
        import transformers
    except ImportError as fault:
        raise MissingExtraError(fault.name or "transformers", "hf", "a model of Hugging Face") from fault
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return torch, transformers
