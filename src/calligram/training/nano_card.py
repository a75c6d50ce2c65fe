"""The model card of a trained built-in model: what it is, what it learned from, what it does and does not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def model_card(record: Mapping[str, Any], parameters: int) -> str:
    """Return the card as Markdown with the header that the Hugging Face hub reads.

    Args:
        record: the content of ``training.json``.
        parameters: how many numbers the model has learned.
    """
    return _TEXT.format(
        parameters=f"{parameters / 1e6:.2f}",
        layouts=", ".join(f"`{name}`" for name in record["layouts"]),
        stages=_stages(record),
        sources=_table(
            ["source", "shows", "images", "licence", "checksum"],
            [
                (s["name"], s["kind"], s["images"], s["licence"], f"`{s['digest'][:16]}`")
                for s in record["sources"]
            ],
        ),
        marks=_table(
            ["held-out pictures of", "read right"],
            [(name, f"{mark:.2%}") for name, mark in record["validation"].items()],
        ),
        versions=f"calligram {record['calligram']}, torch {record['torch']}, Python {record['python']}",
    )


def _stages(record: Mapping[str, Any]) -> str:
    """Return how it was trained: every training that its weights came through, the first one first."""
    told: list[str] = []
    _tell(record, told, {})
    return "\n\n".join(told)


def _tell(record: Mapping[str, Any], told: list[str], numbers: dict[str, int]) -> int:
    """Add what is not told yet of a training and of those it began from, and return its number."""
    own = json.dumps({name: value for name, value in record.items() if name != "part"}, sort_keys=True)
    if own in numbers:
        return numbers[own]
    before = [(_tell(one, told, numbers), one["part"]) for one in record.get("before") or []]
    numbers[own] = len(numbers) + 1
    parts = [f"training {number} ({part:.0%})" for number, part in before]
    start = f"from the mean of the weights of {', '.join(parts)}" if before else "from nothing"
    start = f"from the weights of training {before[0][0]}" if len(before) == 1 else start
    steps = f"{record['steps']} steps" if record["steps"] else "no further step"
    told.append(f"**Training {numbers[own]}**: {start}, {steps}." + _legs(record["legs"]))
    return numbers[own]


def _legs(legs: Sequence[Mapping[str, Any]]) -> str:
    """Return the options, a column for each stretch of steps that had its own."""
    if not legs:
        return ""
    head = ["option", *(f"from step {leg['from_step']}" for leg in legs)]
    names = [name for name in legs[-1] if name != "from_step"]
    table = _table(head, [[name, *(leg.get(name, "") for leg in legs)] for name in names])
    changed = " The options were changed on the way, so that one run of the recipe gives other weights."
    return f"{changed if len(legs) > 1 else ''}\n\n{table}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("\n", " ") for cell in line) + " |" for line in lines
    )


_TEXT = """---
license: apache-2.0
library_name: transformers
pipeline_tag: text-generation
tags: [ascii-art, calligram]
---
# A small language model that reads and draws text pictures

An ordinary decoder-only language model (Llama architecture, {parameters} million parameters) over text.
It has no image input, no two-dimensional positions and no classifier head. Behind a picture spelled as text
it answers a plain question; behind a plain request it draws.

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

model = AutoModelForCausalLM.from_pretrained("FOLDER")
tokenizer = AutoTokenizer.from_pretrained("FOLDER")
```

A reading: the picture, then `What digit is this?` and a line end; the next token is the answer, or `none`.
A drawing: `Draw this digit, classic:`, a line end, `5`, a line end; the picture follows.

It was taught the layouts {layouts}.

## What it learned from

{sources}

Images are turned, sheared, scaled, shifted and bent a little at random, ever less in the second half of the
steps; garments are mirrored too. The answer "none" is taught with questions of the wrong kind and with
pictures of nothing that the recipe makes itself (noise, stripes, clouds, scribbles). Where a teacher was
used, a convolutional net trained on the same images gave soft answers beside the labels, and what it sees at
each place was to be told from the middle layers. Where images are worn (option `wear`), readings of damaged
copies are learnt too: noise, blur, other pens, haze, lines, bands; with an elder, the answers of a model of
before to the undamaged images are followed.

## How

{stages}

{versions}. `log.jsonl` of a training holds its curve.

## Held-out figures

The last twentieth of each train split, never trained on, read by the exported model:

{marks}

Figures on test splits are in Calligram's documentation, each with its command.

## Limits

It knows only what is listed here, in these layouts, light ink on dark. It is no judge of anything that
matters: a reading is a guess with a probability. Letters of the two cases that differ in size alone look the
same after framing, so that it cannot tell `c` from `C`.
"""
