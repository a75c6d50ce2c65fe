"""Opens the model that is to be taught: its tokenizer, its weights, and adapters where they are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import MissingExtraError, ModelError, OptionError
from calligram.training.text_added import begin_rows, trained_rows
from calligram.training.text_faults import is_out_of_memory
from calligram.training.text_options import TextOptions

LONGEST = 2048
"""Tokens of a text where no context is asked for, since models often claim more than they are good for."""


@dataclass
class Pupil:
    """A model with its tokenizer, ready to be taught.

    Args:
        name: the place in its spelling: a folder, or a name on the hub.
        network: of transformers, or of peft around one.
        tokenizer: of transformers.
        context: tokens that a text may have.
        machine: where and in what is computed.
    """

    name: str
    network: Any
    tokenizer: Any
    context: int
    machine: "Machine"

    def sizes(self) -> tuple[int, int]:
        """Return how many weights there are, and how many of them are trained."""
        weights = list(self.network.parameters())
        return sum(w.numel() for w in weights), sum(w.numel() for w in weights if w.requires_grad)


def place_of(model: str) -> str:
    """Return the folder or hub name in a model's spelling.

    Raises:
        OptionError: it is no model of Hugging Face's.
    """
    kind, _, place = model.partition(":")
    if kind != "hf" or not place:
        raise OptionError(
            f"the model {model!r} cannot be taught from training files: give hf:FOLDER or hf:ORG/NAME, "
            "or train the built-in model from images with 'calligram train nano'"
        )
    return place


def open_tokenizer(place: str) -> Any:
    """Return a model's tokenizer.

    Raises:
        MissingExtraError: transformers is not installed.
        ModelError: there is none, or it is damaged.
    """
    transformers = _transformers()
    if (Path(place) / "adapter_config.json").exists():
        raise ModelError(
            f"{place} holds adapters alone: give the model they belong to, or one merged with --merge"
        )
    try:
        return transformers.AutoTokenizer.from_pretrained(place)
    except Exception as fault:  # tokenizers raises bare Exception
        if is_out_of_memory(fault):
            raise
        raise _unloaded(place, "tokenizer", fault) from fault


def open_pupil(place: str, tokenizer: Any, added: Sequence[str], options: TextOptions) -> Pupil:
    """Return a model that is ready to be taught.

    Args:
        place: a folder, or a name on the hub.
        tokenizer: its own, with ``added`` in it already.
        added: the tokens that were added, whose embeddings begin as the others are on average.
        options: how it is taught.

    Raises:
        MissingExtraError: transformers, or peft where it is wanted, is not installed.
        ModelError: there is no such model, or it is damaged.
        OptionError: an option does not fit the model or this machine.
    """
    import torch

    transformers = _transformers()
    transformers.set_seed(options.seed)
    machine = choose_machine(options)
    frozen = torch.bfloat16 if machine.bfloat16 and options.method == "lora" else torch.float32
    try:
        network = transformers.AutoModelForCausalLM.from_pretrained(place, dtype=frozen)
    except Exception as fault:  # safetensors has a kind of its own
        if is_out_of_memory(fault):
            raise
        raise _unloaded(place, "language model", fault) from fault
    context = _context(network.config, options)
    numbers = [tokenizer.convert_tokens_to_ids(token) for token in added]
    begin_rows(network, tokenizer, numbers)
    network.config.use_cache = False
    if options.method == "lora":
        network = _with_adapters(network, numbers, options)
    if options.recompute:
        # transformers 5 renames it on the way to 6
        enable = (
            getattr(network, "activation_checkpointing_enable", None) or network.gradient_checkpointing_enable
        )
        enable({"use_reentrant": False})
        network.enable_input_require_grads()
    return Pupil(place, network, tokenizer, context, machine)


@dataclass(frozen=True)
class Machine:
    """Where and in what is computed.

    Args:
        processor: whether it is the processor, and no graphics card.
        bfloat16: whether in bfloat16.
        note: both in a sentence.
    """

    processor: bool
    bfloat16: bool
    note: str


def choose_machine(options: TextOptions) -> Machine:
    """Return where and in what is computed.

    Raises:
        OptionError: bfloat16 is asked for where there is none.
    """
    import torch

    from calligram.nano.precision import processor_has_bfloat16

    processor = False
    if options.device == "auto" and torch.cuda.is_available():
        has, where = torch.cuda.is_bf16_supported(including_emulation=False), torch.cuda.get_device_name()
    elif options.device == "auto" and torch.backends.mps.is_available():
        has, where = False, "the Apple graphics processor"
    else:
        processor, has, where = True, processor_has_bfloat16(), "the processor"
    if options.precision == "bfloat16" and not has:
        raise OptionError(f"precision is bfloat16, but {where} has none: give --precision float32")
    wanted = has and options.precision != "float32"
    return Machine(processor, wanted, f"Computing on {where} in {'bfloat16' if wanted else 'float32'}.")


def _context(config: Any, options: TextOptions) -> int:
    most = getattr(config, "max_position_embeddings", None) or options.context or LONGEST
    if options.context > most:
        raise OptionError(f"context is {options.context}, but the model takes at most {most} tokens")
    return int(options.context or min(most, LONGEST))


def _with_adapters(network: Any, added: Sequence[int], options: TextOptions) -> Any:
    try:
        import peft
    except ImportError as fault:
        raise MissingExtraError("peft", "hf", "--method lora") from fault
    from transformers.pytorch_utils import Conv1D

    names = [name.strip() for name in options.lora_targets.split(",") if name.strip()]
    config = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=options.lora_rank,
        lora_alpha=options.lora_alpha,
        lora_dropout=options.lora_dropout,
        target_modules=names or "all-linear",
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in network.modules()),
        **trained_rows(network, added),
    )
    try:
        return peft.get_peft_model(network, config)
    except ValueError as fault:
        told = str(fault).splitlines()[0]
        raise OptionError(
            f"no adapters can be made for {options.lora_targets or 'this model'} ({told}): name layers with "
            "--lora-targets, as q_proj,v_proj"
        ) from fault


def texts_see_each_other(network: Any, takes_places: bool) -> bool:
    """Return whether a text in a packed row changes what the network foretells in the next one.

    Args:
        network: tried as it is, on two rows whose first texts differ.
        takes_places: whether it is told where texts begin.
    """
    import torch

    ids = torch.arange(8, device=network.device).repeat(2, 1)
    ids[1, :4] = 9
    places = torch.arange(4, device=network.device).repeat(2, 2)
    training = network.training
    network.eval()
    with torch.no_grad():
        logits = network(input_ids=ids, **({"position_ids": places} if takes_places else {})).logits[:, 4:]
    network.train(training)
    return not torch.allclose(logits[0], logits[1], atol=1e-3)


def _unloaded(place: str, what: str, fault: Exception) -> ModelError:
    told = " ".join(str(fault).split())[:200]
    return ModelError(
        f"no {what} can be loaded from {place!r} ({type(fault).__name__}: {told}): give the whole folder of "
        "a model of transformers, or a name on the Hugging Face hub while it can be reached"
    )


def _transformers() -> Any:
    try:
        import accelerate  # noqa: F401
        import torch  # noqa: F401
        import transformers
    except ImportError as fault:
        raise MissingExtraError(fault.name or "transformers", "hf", "teaching a language model") from fault
    return transformers
