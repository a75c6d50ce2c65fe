"""The pictures of a task as every harness gets them: texts, and the place of the right answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from calligram.errors import OptionError
from calligram.evaluation.examples import LabelledGrids, choose_framing, load_grids
from calligram.evaluation.exporting.options import ExportOptions
from calligram.evaluation.framing import Prepare
from calligram.evaluation.outcomes import digest_pictures
from calligram.models._prompts import bare_reading, ending_of, told_reading, usual_answers
from calligram.picture import get_layout, spell_batch
from calligram.picture.spelling import get_markup

NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


@dataclass(frozen=True)
class Task:
    """What is asked of which pictures.

    Args:
        name: an identifier.
        examples: the pictures.
        question: what is asked of each.
        framing: how images were framed, ready for JSON; None is as they are.
        options: what the task was made from.
    """

    name: str
    examples: LabelledGrids
    question: str
    framing: dict[str, str | int] | None
    options: ExportOptions

    @property
    def ending(self) -> str:
        """What stands behind every answer where one is the beginning of another."""
        return ending_of(self.examples.classes)

    @property
    def is_usual(self) -> bool:
        """Whether the classes are the very answers that a model gives to the question unless told others."""
        return set(usual_answers(self.question) or ()) == set(self.examples.classes)

    def records(self) -> Iterator[dict[str, object]]:
        """Yield each picture as ``name``, ``context``, ``rest``, ``told`` and ``answer``, its class's place.

        ``context`` and ``rest`` together are picture and question as training files hold them. They are
        parted behind the last row's opening tag: a harness that moves white space from the end of a context
        to the answer finds none there, and a token that reaches over the line break is never cut in two.
        ``told`` is the same for a model that was never taught, with instructions.
        """
        examples, layout = self.examples, self.examples.layout
        rows = examples.levels.shape[1]
        tag = get_markup(layout.markup).before(rows, rows)
        texts = spell_batch(examples.levels, layout)
        for text, name, label in zip(texts, examples.names, examples.labels, strict=True):
            prompt = bare_reading(text, self.question)
            part = prompt.rindex(tag) + len(tag)
            yield {
                "name": name,
                "context": prompt[:part],
                "rest": prompt[part:],
                "told": told_reading(text, self.question, layout, examples.classes),
                "answer": int(label),
            }

    def describe(self) -> dict[str, object]:
        """Return what the task was made from, ready for JSON."""
        examples = self.examples
        return {
            "task": self.name,
            "source": examples.source,
            "split": examples.split,
            "layout": examples.layout.name,
            "framing": self.framing,
            "limit": self.options.limit,
            "seed": self.options.seed,
            "question": self.question,
            "answers": list(examples.classes),
            "ending": self.ending,
            "n": len(examples),
            "skipped": len(examples.skipped),
            "pictures": digest_pictures(examples.digests, examples.labels, examples.classes),
        }


def gather_task(source: str, options: ExportOptions, prepare: Prepare | None = None) -> Task:
    """Return the pictures that ``calligram evaluate`` would read by the same options.

    Args:
        source: its spelling, as ``"idx:data/mnist"``.
        options: split, layout and the rest.
        prepare: frames one image as ``calligram see`` does; without it images are taken as they are.

    Raises:
        SourceError: the source or the split cannot be read.
        ImageError: images cannot be read, and they are not to be skipped; or none can be read.
        OptionError: the name is no identifier.
    """
    if options.name and not NAME.fullmatch(options.name):
        raise OptionError(
            f"name is {options.name!r}, but must be letters, figures and underscores, a letter first"
        )
    layout = get_layout(options.layout)
    framing = prepare and choose_framing(source, options.split, options.framing, options.polarity, prepare)
    examples = load_grids(
        source, options.split, layout, options.limit, options.seed, framing, options.bad_images
    )
    usual = re.sub(r"\W+", "_", f"calligram_{examples.kind}_{layout.name}", flags=re.ASCII)
    return Task(
        name=options.name or usual,
        examples=examples,
        question=options.question or examples.question,
        framing=framing.describe() if framing else None,
        options=options,
    )
