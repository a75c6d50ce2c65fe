"""How models that are asked in words go on with a text, and how they answer in a conversation."""

from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import replace

from calligram import settings
from calligram.errors import ModelError, OptionError
from calligram.models._asking import AskedModel, Wish
from calligram.models.base import Reply, SamplingOptions, Talking, Turn, Writing, Written

CONTINUE = (
    "Go on with the text below in its own voice. Write only what comes next: neither the text itself again "
    "nor any remark about it.\n\n{opening}"
)
BEGIN = "Write a short text, and no remark about it."
"""What is asked where there is no opening."""

QUOTES = {'"': '"', "“": "”", "'": "'"}
JOINED = frozenset(".,;:!?)]}’'\"”-–— \n\t")
"""What stands behind a word without a space, or is one."""


class ContinuingModel(AskedModel, Writing, ABC):
    """Goes on with texts by asking."""

    takes_seed = True
    """Whether a seed decides what comes."""

    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        """Return continuations; see :class:`Writing`.

        A model in a conversation is asked to go on, and an opening that it repeats is dropped. The
        log-probability is the endpoint's, where it tells one and nothing was dropped.

        Raises:
            ModelError: no answer comes.
            OptionError: beams or guidance are asked for, which such a model does not have.
        """
        options = options.seeded()
        self._check_sampling(options)
        return self._side_by_side(
            lambda number: self._write_one(opening, number, options, most_tokens), range(count)
        )

    def _write_one(self, opening: str, number: int, options: SamplingOptions, most_tokens: int) -> Written:
        sampling = replace(options, seed=(options.seed or 0) + number)
        words = opening if self.continues else CONTINUE.format(opening=opening) if opening else BEGIN
        most = most_tokens if self.continues else max(most_tokens, self.options.answer_tokens)
        said = self._say_something(Wish((Turn("user", words),), sampling, most, prose=True))
        text = said.answer if self.continues else behind(opening, said.answer)
        exact = text == said.text
        return Written(
            text,
            sampling.seed if self.takes_seed else None,
            said.logprob if exact else None,
            said.tokens if exact else None,
            said.whole,
        )

    def _check_sampling(self, options: SamplingOptions) -> None:
        settings.check(options)
        if options.beams > 1 or options.guidance not in (None, 1):
            raise OptionError(
                f"beams is {options.beams} and guidance {options.guidance}, but {self.name} has neither: "
                "leave them out, or take a model that runs here, as hf:FOLDER"
            )


class ConversingModel(ContinuingModel, Talking, ABC):
    """Follows instructions by asking."""

    @property
    def takes_images(self) -> bool:
        return self.options.images

    def reply(
        self,
        turns: Sequence[Turn],
        options: SamplingOptions,
        most_tokens: int,
        schema: Mapping[str, object] | None = None,
    ) -> Reply:
        """Return the model's next turn; see :class:`Talking`.

        Raises:
            ModelError: no answer comes, or images are given to a model that takes none.
            OptionError: beams or guidance are asked for, which such a model does not have.
        """
        options = options.seeded()
        self._check_sampling(options)
        if any(turn.images for turn in turns) and not self.takes_images:
            raise ModelError(
                f"images are given to {self.name}, which is not said to take any: write "
                f"{self.name}?images=yes where it does"
            )
        most = max(most_tokens, self.options.answer_tokens)
        as_json = schema is not None
        wish = Wish(tuple(turns), options, most, as_json=as_json, form=schema, prose=not as_json)
        said = self._say_something(wish)
        return Reply(said.answer, said.whole)


def behind(opening: str, answer: str) -> str:
    """Return what an answer adds to an opening, joined so that both read as one text.

    >>> behind("An abstract painting with", "an abstract painting with bold strokes.")
    ' bold strokes.'
    >>> behind("A quiet", '"sea at dusk."')
    ' sea at dusk.'
    """
    text, begun = answer.strip(), opening.rstrip()
    if len(text) > 1 and QUOTES.get(text[0]) == text[-1] and not begun.startswith(text[0]):
        text = text[1:-1].strip()
    if begun and text.casefold().startswith(begun.casefold()):
        text = text[len(begun) :]
    elif begun:
        text = text.removeprefix("...").removeprefix("…")
    if not begun or opening != begun:
        return text.lstrip()
    return text if not text or text[0] in JOINED else f" {text}"
