"""A task for the EleutherAI harness: ``lm-eval`` 0.4.9 or later runs the folder as it is."""

from calligram.evaluation.exporting.records import Task

URL = "http://127.0.0.1:8000/v1/completions"

LOADER = '''"""Hands the pictures of this folder to lm-eval; README.md tells how to run it."""

import json
from pathlib import Path

import datasets

HERE = Path(__file__).parent


def load(**_):
    """Return the pictures with every text that is to be weighed."""
    task = json.loads((HERE / "task.json").read_text(encoding="utf-8"))
    endings = [answer + task["ending"] for answer in task["answers"]]
    rows = []
    with (HERE / "pictures.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            prompt = row["context"] + row["rest"]
            choices = [row["rest"] + ending for ending in endings]
            rows.append(row | {"prompt": prompt, "choices": choices, "endings": endings})
    return {"test": datasets.Dataset.from_list(rows)}
'''

FORM = """task: {name}
custom_dataset: !function data.load
test_split: test
output_type: multiple_choice
num_fewshot: 0
doc_to_text: {text}
doc_to_choice: {choices}
doc_to_target: answer
target_delimiter: ""
metric_list:
  - metric: acc
    aggregation: mean
    higher_is_better: true
metadata:
  version: 1.0
"""

RUN = """## Run it

Three tasks hold the same {n:,} pictures, in the three forms in which Calligram asks. Take your model's:

| task | for models | add |
| --- | --- | --- |
| `{name}` | without a chat template, the built-in one among them | |
| `{name}_chat` | with one that `calligram train` taught | `--apply_chat_template` |
| `{name}_told` | with one that were never taught: it explains the picture | `--apply_chat_template` |

A model behind an endpoint that echoes log-probabilities, as the built-in one behind `calligram serve`.
`FOLDER` holds its tokenizer; that of the built-in model comes by
`calligram publish builtin --to-folder FOLDER`:

```console
lm_eval --model local-completions --include_path . --tasks {name} --batch_size 16 \\
  --model_args base_url={url},model=builtin,tokenizer=FOLDER,tokenizer_backend=huggingface
```

A causal model in a folder, or on the hub:

```console
lm_eval --model hf --include_path . --tasks {name} \\
  --model_args pretrained=FOLDER,dtype=float32,add_bos_token=False
```

`acc` is the accuracy of

```console
{command}
```

picture by picture (`--log_samples --output_path results` keeps them), where the numbers are computed alike:
on a GPU give both the same `dtype`, as `hf:FOLDER?dtype=bfloat16`.

## Why the context ends in the middle of the picture

lm-eval moves white space from the end of a context to the choice, cuts context and choice into tokens
together, and takes for the choice what is longer than the context alone. The question of the built-in model
is one token with its line break, and many without: the choice itself would be lost. So the context of
`{name}` ends behind the last row's opening tag, and the rest of the prompt stands before every choice. It
adds the same to each choice's log-probability, so that the likeliest one is the same.

Calligram cuts prompt and answer by themselves, lm-eval together. That is the same for every tokenizer that
never merges a line break with what follows, as those of GPT-2, Llama and Qwen.
"""


def files(task: Task, command: str) -> dict[str, str]:
    """Return the files of the task beside its pictures: names and texts.

    Args:
        task: the pictures.
        command: measures the same with Calligram.
    """
    name = task.name
    return {
        "data.py": LOADER,
        f"{name}.yaml": FORM.format(name=name, text="context", choices="choices"),
        f"{name}_chat.yaml": FORM.format(name=f"{name}_chat", text="prompt", choices="endings"),
        f"{name}_told.yaml": FORM.format(name=f"{name}_told", text="told", choices="endings"),
        "README.md": RUN.format(name=name, n=len(task.examples), command=command, url=URL),
    }
