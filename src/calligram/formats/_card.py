"""Writes a data set card: ``README.md`` with the header that the Hugging Face hub reads."""

import json

from calligram.formats.base import Card

_BODY = """# {name}

{total} examples made by Calligram: images spelled as text, for
language models that know nothing but text.

```
{sample}```

| column | what it holds |
| --- | --- |
| `task` | `read`: answer a question over a picture; `draw`: draw a picture on request |
| `prompt`, `completion` | what the model is given, and what it shall say |
| `picture` | the text picture, layout `{layout}` |
| `request` | the question, or the request to draw |
| `answer` | the right answer, empty for a drawing |
| `columns` | cells in a row of the picture |

- Images: `{source}`
- Licence of the images: {licence}
- Question: {question}
- Classes: {classes}
- Splits: {splits}
"""


def write_card(card: Card) -> bytes:
    """Return the card of a data set.

    Source: Hugging Face hub, "Dataset cards" and "Manual configuration" (``configs`` and ``data_files``).
    """
    lines = ["---", f"pretty_name: {json.dumps(card.name)}", "task_categories:", "- text-generation"]
    lines += ["tags:", "- ascii-art", "- calligram", "configs:", "- config_name: default", "  data_files:"]
    for split, names in card.files.items():
        lines += [f"  - split: {split}", "    path:", *(f"    - {json.dumps(name)}" for name in names)]
    body = _BODY.format(
        name=card.name,
        total=sum(card.counts.values()),
        sample=card.sample,
        layout=card.layout,
        source=card.source,
        licence=card.licence,
        question=card.question,
        classes=", ".join(card.classes[:100]) + (", …" if len(card.classes) > 100 else ""),
        splits=", ".join(f"{split} {count}" for split, count in card.counts.items()),
    )
    return ("\n".join([*lines, "---", ""]) + body).encode()
