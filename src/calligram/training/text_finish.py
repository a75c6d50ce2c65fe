"""The end of a training: the best checkpoint becomes a folder that transformers loads."""

import json
import shutil
from pathlib import Path
from typing import Any

from calligram.training.text_course import Course
from calligram.whole_files import write_whole, writing_whole

OF_THE_TRAINER = {
    "README.md",
    "optimizer.pt",
    "scaler.pt",
    "scheduler.pt",
    "trainer_state.json",
    "training_args.bin",
}
"""What a checkpoint holds beside the model; the card that peft writes says nothing of this training."""

MERGING = ".merging"
CONFIG, ADAPTERS = "config.json", "adapter_config.json"


def place_model(checkpoint: Path, folder: Path, course: Course) -> None:
    """Copy a checkpoint's model and tokenizer into the run folder, or write it with its adapters merged.

    Args:
        checkpoint: whole.
        folder: of the run.
        course: tells how the model was made.
    """
    if course.options.merge:
        merged = folder / MERGING
        shutil.rmtree(merged, ignore_errors=True)
        _merge(checkpoint, course).save_pretrained(merged)
        course.pupil.tokenizer.save_pretrained(merged)
        checkpoint = merged
    for file in sorted(checkpoint.iterdir()):
        if file.name not in OF_THE_TRAINER and not file.name.startswith("rng_state"):
            _copy(file, folder / file.name)
    shutil.rmtree(folder / MERGING, ignore_errors=True)


def _copy(file: Path, to: Path) -> None:
    if file.name == CONFIG:
        _write_json(to, json.loads(file.read_text(encoding="utf-8")) | {"use_cache": True})
    elif file.name == ADAPTERS:
        told = json.loads(file.read_text(encoding="utf-8"))
        base = Path(told["base_model_name_or_path"])
        # a folder is named so that it is found from anywhere
        _write_json(to, told | {"base_model_name_or_path": str(base.resolve() if base.is_dir() else base)})
    else:
        with file.open("rb") as source, writing_whole(to) as stream:
            shutil.copyfileobj(source, stream)


def _write_json(path: Path, told: dict[str, Any]) -> None:
    write_whole(path, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())


def _merge(checkpoint: Path, course: Course) -> Any:
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    # afresh in float32: what is merged in bfloat16 is rounded twice
    network = AutoModelForCausalLM.from_pretrained(course.pupil.name, dtype=torch.float32)
    if len(course.pupil.tokenizer) > network.get_input_embeddings().weight.shape[0]:
        network.resize_token_embeddings(len(course.pupil.tokenizer))
    return peft.PeftModel.from_pretrained(network, checkpoint).merge_and_unload()
