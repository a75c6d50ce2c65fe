"""Completions: ``/v1/completions``, which goes on with texts and tells how likely they are."""

from collections.abc import Iterator, Sequence
from typing import Any

from calligram.models.base import Speaking
from calligram.server.answers import Piece, Scored, Served, Wishes
from calligram.server.refusals import RefusalError
from calligram.server.replies import Event, Usage, heading
from calligram.server.requests import CompletionRequest
from calligram.server.speaking import check_prompt, sampling_options, speak, speaker


class Completing:
    """One request on its way: its prompts as tokens, and the pieces of its answers.

    Args:
        asked: the request.
        served: the model.

    Raises:
        RefusalError: the request cannot be carried out.
        OptionError: a value is out of its range.
    """

    def __init__(self, asked: CompletionRequest, served: Served) -> None:
        self.wishes, self.served, self.echo = asked.wishes(), served, bool(asked.echo)
        speaking = speaker(served)
        self.sampling = sampling_options(self.wishes)
        self.prompts = [self._tokens(prompt, speaking) for prompt in asked.prompts()]
        if not self.prompts:
            raise RefusalError("prompt is an empty list: give a text or a list of token numbers", "prompt")
        self.texts = [
            prompt if isinstance(prompt, str) else speaking.join(prompt) for prompt in asked.prompts()
        ]
        self.usage = Usage(sum(map(len, self.prompts)))

    @property
    def answers(self) -> int:
        """How many there will be."""
        return len(self.prompts) * self.wishes.choices

    def _tokens(self, prompt: str | Sequence[int], speaking: Speaking) -> list[int]:
        known = self.served.tokens
        strange = [] if isinstance(prompt, str) else [token for token in prompt if not 0 <= token < known]
        if strange:
            raise RefusalError(
                f"prompt holds the token {strange[0]}, but the model knows the tokens 0 to {known - 1}: "
                "cut the text with the model's own tokenizer",
                "prompt",
            )
        return check_prompt(prompt, speaking, min(1, self.wishes.most_tokens or 0), "prompt")

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of each answer, one answer after another."""
        wishes, choices = self.wishes, self.wishes.choices
        echoed = self._echoed() if self.echo else [()] * len(self.prompts)
        for place, tokens in enumerate(self.prompts):
            for choice in range(choices):
                number = place * choices + choice
                if self.echo:
                    yield Piece(number, self.texts[place], echoed[place])
                yield from self.usage.counted(
                    speak(tokens, self.served, wishes, self.sampling, number=number, seed_step=choice)
                )

    def _echoed(self) -> list[tuple[Scored, ...]]:
        if self.wishes.top is None:
            return [()] * len(self.prompts)
        with self.served.turn:
            scored = speaker(self.served).score_texts(self.prompts, self.wishes.top)
        return [tuple(map(Scored.of, tokens)) for tokens in scored]

    def first_offset(self, number: int) -> int:
        """Return where in its prompt and itself an answer's own text begins."""
        return 0 if self.echo else len(self.texts[number // self.wishes.choices])


def whole_completion(asked: CompletionRequest, served: Served) -> dict[str, Any]:
    """Return the whole reply to a request."""
    work = Completing(asked, served)
    found: list[list[Piece]] = [[] for _ in range(work.answers)]
    for piece in work.pieces():
        found[piece.choice].append(piece)
    return {
        **heading("text_completion", served.model.name, "cmpl"),
        "choices": [
            _choice(number, pieces, work.wishes, work.first_offset(number))
            for number, pieces in enumerate(found)
        ],
        "usage": work.usage.told(),
    }


def stream_completion(asked: CompletionRequest, served: Served) -> Iterator[Event]:
    """Yield the events of a streamed reply."""
    work = Completing(asked, served)
    head = heading("text_completion", served.model.name, "cmpl")
    if asked.tells_usage:
        head["usage"] = None
    offsets = [work.first_offset(number) for number in range(work.answers)]
    for piece in work.pieces():
        if piece.text or piece.scores or piece.ended:
            yield head | {"choices": [_choice(piece.choice, [piece], work.wishes, offsets[piece.choice])]}
        offsets[piece.choice] += len(piece.text)
    if asked.tells_usage:
        yield head | {"choices": [], "usage": work.usage.told()}


def _choice(number: int, pieces: Sequence[Piece], wishes: Wishes, offset: int) -> dict[str, Any]:
    return {
        "index": number,
        "text": "".join(piece.text for piece in pieces),
        "logprobs": _logprobs([score for piece in pieces for score in piece.scores], wishes, offset),
        "finish_reason": pieces[-1].ended,
    }


def _logprobs(scores: Sequence[Scored], wishes: Wishes, offset: int) -> dict[str, Any] | None:
    """Return tokens and their log-probabilities side by side; a text's first token has none."""
    if wishes.top is None:
        return None
    offsets = []
    for score in scores:
        offsets.append(offset)
        offset += len(score.text)
    return {
        "tokens": [score.text for score in scores],
        "token_logprobs": [score.logprob for score in scores],
        "top_logprobs": [_top(score) for score in scores],
        "text_offset": offsets,
    }


def _top(score: Scored) -> dict[str, float] | None:
    """Return the likeliest tokens and the one that stands there; of two that look alike the likelier."""
    if score.logprob is None:
        return None
    told: dict[str, float] = {}
    for text, logprob in (*score.top, (score.text, score.logprob)):
        told.setdefault(text, logprob)
    return told
