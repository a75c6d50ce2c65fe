"""A task for ``inspect_ai``, which runs the file ``task.py`` as it is."""

from calligram.evaluation.exporting.records import Task

SCRIPT = '''"""Asks a chat model what the pictures of this folder show; README.md tells how to run it."""

import json
import re
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import pattern
from inspect_ai.solver import generate

HERE = Path(__file__).parent
FACTS = json.loads((HERE / "task.json").read_text(encoding="utf-8"))
ANSWERS = FACTS["answers"]
NAMED = "|".join(re.escape(answer) for answer in sorted(ANSWERS, key=len, reverse=True))


def make(prompt) -> Task:
    """Return the task; ``prompt`` makes a picture's prompt of its record."""
    samples = []
    with (HERE / "pictures.jsonl").open(encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines), 1):
            about = {"name": row["name"]}
            target = ANSWERS[row["answer"]]
            samples.append(Sample(input=prompt(row), target=target, id=number, metadata=about))
    return Task(
        dataset=MemoryDataset(samples, name=FACTS["task"]),
        solver=generate(),
        # a model that abstains names its first candidate behind "at best", and that counts
        scorer=pattern(rf"\\A\\W*(?:.*; at best )?({NAMED})\\W*\\Z", ignore_case=False),
        config=GenerateConfig(temperature=0),
    )


@task
def bare() -> Task:
    """Picture and question, as training files of Calligram hold them."""
    return make(lambda row: row["context"] + row["rest"])


@task
def told() -> Task:
    """The same with instructions, for models that were never taught."""
    return make(lambda row: row["told"])
'''

RUN = """## Run it

Two tasks hold the same {n:,} pictures: `bare` is picture and question, for models that were taught, the
built-in one among them; `told` explains the picture first, for models that were not.

Serve a model, then ask it from another terminal:

```console
calligram serve --model builtin --layout {layout}
CALLIGRAM_API_KEY=none CALLIGRAM_BASE_URL=http://127.0.0.1:8000/v1 \\
  inspect eval task.py@bare --model openai-api/calligram/builtin
```

A model in a folder likewise, with `calligram serve --model hf:FOLDER` and
`--model openai-api/calligram/hf:FOLDER`: so answers are weighed by their log-probability. Inspect's own `hf/`
provider has a model write freely instead, which measures something else. Any other chat model:

```console
inspect eval task.py@told --model openai/NAME
```

`accuracy` of a served model is that of

```console
{command}
```

picture by picture. That counts the first candidate also where the model abstained, and so does this task:
the server then answers "I am not sure what this is; at best 7.", and the scorer takes the 7.{classes}
"""

OPEN = """
The classes are not the usual answers to the question, and a served model does not choose among them alone:
compare with `--open-answers`."""


def files(task: Task, command: str) -> dict[str, str]:
    """Return the files of the task beside its pictures: names and texts.

    Args:
        task: the pictures.
        command: measures the same with Calligram.
    """
    classes = "" if task.is_usual else OPEN
    readme = RUN.format(
        n=len(task.examples),
        layout=task.examples.layout.name,
        command=command,
        classes=classes,
    )
    return {"task.py": SCRIPT, "README.md": readme}
