"""A task for the EleutherAI harness: ``lm-eval`` 0.4.9 or later runs the folder as it is."""

from calligram.evaluation.exporting.records import Task

NEEDS = "lm-eval"

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

Three tasks hold the same {n:,} pictures in the three forms in which `calligram` asks. Take the one for your model:

| task | for | chat template |
| --- | --- | --- |
| `{name}` | models without a chat template, the built-in one among them | no |
| `{name}_chat` | models with a chat template that `calligram train` taught | `--apply_chat_template` |
| `{name}_told` | models with a chat template that were never taught: the prompt explains the picture | `--apply_chat_template` |

A model behind an endpoint that echoes log-probabilities, as the built-in one behind `calligram serve`; `FOLDER` holds its
tokenizer; that of the built-in model is written by `calligram publish builtin --to-folder FOLDER`:

```console
lm_eval --model local-completions --include_path . --tasks {name} --log_samples --output_path results \\
  --model_args base_url=http://127.0.0.1:8000/v1/completions,model=builtin,tokenizer=FOLDER,tokenizer_backend=huggingface,batch_size=16
```

A causal model in a folder, or on the hub:

```console
lm_eval --model hf --include_path . --tasks {name} --log_samples --output_path results \\
  --model_args pretrained=FOLDER,dtype=float32,add_bos_token=False
```

`acc` is the accuracy of

```console
{command}
```

picture by picture, where the numbers are computed alike: on a GPU give `calligram evaluate` the same `dtype`, as
`hf:FOLDER?dtype=bfloat16`.

## Why the context ends in the middle of the picture

lm-eval moves white space from the end of a context to the choice, and cuts the context into tokens by itself. A prompt
that ends with a line break would lose it, and a tokenizer with one token for the whole question would see other tokens.
So the context of `{name}` ends behind the last row's opening tag, and the rest of the prompt stands before every choice.
It adds the same to each choice's log-probability, so that the likeliest choice is the same.
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
        "README.md": RUN.format(name=name, n=len(task.examples), command=command),
    }
