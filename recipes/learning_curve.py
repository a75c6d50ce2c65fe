"""Does a network that has read prose learn to read pictures from fewer examples? Measures it from nothing.

One command does all of it: `python recipes/learning_curve.py --mnist DIR --prose DIR`. A small GPT-2 is made
with a tokenizer of its own, taught museum prose, then taught the reference's data set (MNIST as
`ascii-image`, layout `classic`) in three ways: all weights from scratch, all weights after prose, LoRA after
prose. Each learns from 100, 1,000, … examples, is chosen by held-out training images, and reads the test
images once.

Stopped at any moment, the same command goes on. What is done is written into docs/ at every step.
Needs pip install ".[train,hf]".
"""

import argparse
import json
import os
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import learning_curve_page as page
import numpy as np

from calligram.models.base import open_model
from calligram.picture import encode_batch, get_layout
from calligram.sources.base import open_source
from calligram.training.dataset import build_dataset
from calligram.training.dataset_options import BuildOptions
from calligram.training.text_data import read_lessons
from calligram.training.text_options import TextOptions
from calligram.training.text_run import teach
from calligram.whole_files import write_whole

WAYS = {
    "scratch": ("start", "full"),
    "words, then all weights": ("prose", "full"),
    "words, then LoRA": ("prose", "lora"),
}
"""Each way: which network it begins with, and how that is taught."""

RATES = {"full": (0.001, 0.003), "lora": (0.003, 0.01)}
"""Tried at the count of --choose-at; the one with the lower validation loss is taken at all counts."""

EPOCHS = {100: 40.0, 1000: 10.0, 10_000: 3.0, 57_000: 1.0}
LORA = {"lora_rank": 16, "lora_alpha": 32, "lora_targets": "c_attn,c_proj,c_fc,wte"}
"""The token table is adapted too: in prose no token of a picture was ever met."""

CELLS = 4
"""Cells that one token spells: a row of 20 is five tokens, so that the same place is the same position."""


def main() -> None:
    """Do what is not done yet, and write what is known."""
    asked = _arguments()
    work: Path = asked.work
    work.mkdir(parents=True, exist_ok=True)
    make_network(work / "start", asked)
    write_pages(asked)
    say("prose")
    teach(str(asked.prose), f"hf:{work / 'start'}", prose_options(asked), work / "prose")
    data = work / "mnist.json"
    if not data.with_suffix(".manifest.json").exists():
        build_dataset(f"idx:{asked.mnist}", str(data), BuildOptions(workers=1))
    write_pages(asked)
    for seed, count, way in product(asked.seeds, asked.counts, asked.ways):
        score(asked, count, way, seed)
        write_pages(asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--mnist", type=Path, default=Path("../shared/data/mnist"), help="folder of idx files"
    )
    parser.add_argument("--prose", type=Path, default=Path("../shared/data/art-texts"), help="JSON lines")
    parser.add_argument("--work", type=Path, default=Path("runs/learning-curve"), help="where runs are kept")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="where results are written")
    parser.add_argument("--counts", type=_numbers, default=[100, 1000, 10_000, 57_000])
    parser.add_argument(
        "--ways", type=lambda text: text.split(";"), default=list(WAYS), help="with ; between"
    )
    parser.add_argument("--seeds", type=_numbers, default=[1])
    parser.add_argument("--choose-at", type=int, default=1000, help="examples at which rates are compared")
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--vocabulary", type=int, default=2048, help="tokens for prose")
    parser.add_argument("--prose-steps", type=int, default=600)
    parser.add_argument("--epochs-share", type=float, default=1.0, help="of the epochs stated in the recipe")
    parser.add_argument("--test-limit", type=int, default=0, help="test images read, 0 for all")
    parser.add_argument("--precision", default="auto", help="auto, bfloat16 or float32")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def make_network(folder: Path, asked: argparse.Namespace) -> None:
    """Write a fresh GPT-2 and its tokenizer, made of the prose to be learnt and of the ramp."""
    if (folder / "config.json").exists():
        return
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = make_tokenizer(asked)
    torch.manual_seed(1)
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=256,
        n_embd=asked.width,
        n_layer=asked.layers,
        n_head=asked.width // 32,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        tie_word_embeddings=False,  # or adapters of the token table would change the answers too when merged
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    network = GPT2LMHeadModel(config)
    say(f"network of {sum(weight.numel() for weight in network.parameters()):,} weights")
    tokenizer.save_pretrained(folder)
    network.save_pretrained(folder)


def make_tokenizer(asked: argparse.Namespace) -> Any:
    """Return a byte-level BPE of the prose, with tokens of four cells and one for each end of a row."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=asked.vocabulary,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    options = prose_options(asked)
    lessons = read_lessons(str(asked.prose), options, options.seed)
    made.train_from_iterator((lesson.learned for lesson in lessons.train), trainer)
    layout = get_layout("classic")
    rows, _ = layout.grid()
    tokens = ["".join(cells) for cells in product(layout.symbols, repeat=CELLS)]
    tokens += ["<row:1>", *(f"</row:{row}>\n<row:{row + 1}>" for row in range(1, rows)), f"</row:{rows}>\n"]
    made.add_tokens([AddedToken(token, normalized=False) for token in tokens])
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|end|>")


def prose_options(asked: argparse.Namespace) -> TextOptions:
    """Return how the prose is taught: rows of 256 tokens, several texts in each, none seeing another."""
    return TextOptions(
        column="description", valid_share=0.02, valid_limit=400, loss="all", pack=True, context=256,
        steps=asked.prose_steps, batch=16, rate=0.002, weight_decay=0.1, precision=asked.precision,
        patience=0, samples=3, seed=1,
    )  # fmt: skip


def picture_options(
    asked: argparse.Namespace, count: int, method: str, rate: float, seed: int
) -> TextOptions:
    """Return how pictures are taught; no more of them than count are learnt from."""
    lora: dict[str, Any] = LORA if method == "lora" else {}
    return TextOptions(
        method=method, limit=count, valid_share=0.05, valid_limit=500, batch=16, rate=rate,  # type: ignore[arg-type]
        epochs=max(0.01, EPOCHS.get(count, 3.0) * asked.epochs_share), weight_decay=0.05,
        precision=asked.precision, patience=0, samples=3, seed=seed, **lora,
    )  # fmt: skip


def learn(asked: argparse.Namespace, count: int, way: str, rate: float, seed: int) -> tuple[Path, Any]:
    """Teach one network, unless that is done, and return its folder and what came of it."""
    start, method = WAYS[way]
    name = f"{way.replace(', ', '-').replace(' ', '-')}-{count}-rate-{rate:g}-seed-{seed}"
    begun = time.time()
    options = picture_options(asked, count, method, rate, seed)
    taught = teach(str(asked.work / "mnist.json"), f"hf:{asked.work / start}", options, asked.work / name)
    right = "" if taught.right is None else f", {taught.right:.1%} of held-out pictures right"
    say(f"{name}: validation loss {taught.best_loss:.4f}{right}, {time.time() - begun:.0f} s")
    return asked.work / name, taught


def choose_rate(asked: argparse.Namespace, way: str) -> float:
    """Return the rate with the lower validation loss at one count of examples."""
    losses = {
        rate: learn(asked, asked.choose_at, way, rate, asked.seeds[0])[1].best_loss
        for rate in RATES[WAYS[way][1]]
    }
    return min(losses, key=losses.__getitem__)


def score(asked: argparse.Namespace, count: int, way: str, seed: int) -> None:
    """Let one network read the test images, once, and keep which it read rightly."""
    rate = choose_rate(asked, way)
    folder, taught = learn(asked, count, way, rate, seed)
    if (folder / "score.json").exists():
        return
    source = open_source(f"idx:{asked.mnist}", "test")
    whole = source.take(range(min(asked.test_limit or len(source), len(source))))
    layout = get_layout("classic")
    levels = encode_batch(np.asarray(whole.images), layout)
    readings = open_model(f"hf:{folder}").read(levels, layout, source.question, source.classes)
    right = [
        reading.answer == source.classes[label] for reading, label in zip(readings, whole.labels, strict=True)
    ]
    told = {
        "way": way, "count": count, "seed": seed, "rate": rate, "n": len(right),
        "accuracy": float(np.mean(right)), "validation_loss": taught.best_loss,
        "held_out_right": taught.right, "steps": taught.steps, "right": np.packbits(right).tobytes().hex(),
    }  # fmt: skip
    write_whole(folder / "score.json", (json.dumps(told) + "\n").encode())
    say(f"{folder.name}: {told['accuracy']:.2%} of {len(right):,} test pictures")


def write_pages(asked: argparse.Namespace) -> None:
    """Write results, plot and page of all that is known."""
    scores = [json.loads(path.read_text()) for path in sorted(asked.work.glob("*/score.json"))]
    record = asked.work / "prose" / "run.json"
    prose = json.loads(record.read_text()) if record.exists() else None
    start = json.loads((asked.work / "start" / "config.json").read_text())
    page.write(asked.docs, scores, prose, start, list(WAYS), EPOCHS)


def say(line: str) -> None:
    """Print a line with the time of day."""
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
