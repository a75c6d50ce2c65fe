"""Drawing with ``transformers``: the grammar and our sampling as logits processors of ``generate``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from transformers import LogitsProcessor, LogitsProcessorList, StoppingCriteria, StoppingCriteriaList
from transformers.generation.logits_process import (
    RepetitionPenaltyLogitsProcessor,
    UnbatchedClassifierFreeGuidanceLogitsProcessor,
)

from calligram.errors import ModelError, OptionError
from calligram.models._grammar import START, PictureGrammar, Place, TokenTree
from calligram.models.base import Levels, OnRow, SamplingOptions
from calligram.nano.sampling import choose, uniforms


class GrammarProcessor(LogitsProcessor):  # type: ignore[misc]
    """Leaves only the tokens that may follow in each drawing; where one is whole, only the end.

    Args:
        grammar: of the drawings.
        tree: of the tokenizer's tokens.
        prompt: tokens before each drawing.
        end: the token that follows a whole drawing.
    """

    def __init__(self, grammar: PictureGrammar, tree: TokenTree, prompt: int, end: int) -> None:
        self.grammar, self.tree, self.prompt, self.end = grammar, tree, prompt, end
        self._places: dict[tuple[int, ...], Place | None] = {(): START}

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        kept = torch.full_like(scores, -torch.inf)
        for row, tokens in enumerate(input_ids[:, self.prompt :].tolist()):
            allowed = torch.tensor(self.allowed(tuple(tokens)), device=scores.device)
            kept[row, allowed] = scores[row, allowed]
        return kept

    def allowed(self, tokens: tuple[int, ...]) -> list[int]:
        """Return the tokens that may follow those of a drawing."""
        place = self.place(tokens)
        if place is None or self.grammar.is_whole(place):
            return [self.end]
        found = self.tree.allowed(self.grammar, place)
        if not found:
            slot = self.grammar.slots[place[0]]
            raise ModelError(
                f"the tokenizer has no token for {slot[0].decode()!r}: choose another ramp or markup, "
                "or teach the model with added tokens"
            )
        return found

    def place(self, tokens: tuple[int, ...]) -> Place | None:
        """Return where a drawing of some tokens stands; those behind its end count for nothing.

        None where they are no drawing: beams of no probability are kept while there are no others.
        """
        if tokens not in self._places:
            before = self.place(tokens[:-1])
            spelling = self.tree.spellings.get(tokens[-1], b"")
            if before is not None and not self.grammar.is_whole(before):
                before = self.grammar.follow(before, spelling)
            self._places[tokens] = before
        return self._places[tokens]

    def is_whole(self, tokens: tuple[int, ...]) -> bool:
        """Return whether the tokens are a whole drawing."""
        place = self.place(tokens)
        return place is not None and self.grammar.is_whole(place)


class SeededChoice(LogitsProcessor):  # type: ignore[misc]
    """Chooses by our sampling rules, with random numbers of each drawing's seed, and leaves that token."""

    def __init__(self, options: SamplingOptions, seeds: Sequence[int], prompt: int, steps: int) -> None:
        self.options, self.prompt = options, prompt
        self.chances = uniforms(seeds, steps)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        step = input_ids.shape[1] - self.prompt
        picked = choose(np.asarray(scores.float().cpu()), self.options, self.chances[:, step], None)
        kept = torch.full_like(scores, -torch.inf)
        kept[torch.arange(len(scores)), torch.from_numpy(picked).to(scores.device)] = 0
        return kept


class WholeDrawings(StoppingCriteria):  # type: ignore[misc]
    """Stops where every drawing is whole, and tells of each row as soon as it stands."""

    def __init__(self, processor: GrammarProcessor, spellings: Sequence[bytes], on_row: OnRow | None) -> None:
        self.processor, self.spellings, self.on_row = processor, spellings, on_row
        self.told: dict[int, int] = {}

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: Any) -> torch.Tensor:
        whole = []
        for number, tokens in enumerate(input_ids[:, self.processor.prompt :].tolist()):
            whole.append(self.processor.is_whole(tuple(tokens)))
            if self.on_row:
                self._tell(number, tokens)
        return torch.tensor(whole, device=input_ids.device)

    def _tell(self, number: int, tokens: Sequence[int]) -> None:
        assert self.on_row
        text = b"".join(self.spellings[token] for token in tokens).decode("utf-8", "ignore")
        rows = self.processor.grammar.rows_in(text)
        for row in range(self.told.get(number, 0), len(rows)):
            self.on_row(number, row, rows[row])
        self.told[number] = len(rows)


@dataclass(frozen=True)
class Drawer:
    """What draws with one network.

    Args:
        network: a causal model of ``transformers``.
        begin: the token before a text that comes unasked.
        end: the token that ends a text.
        tree: of the tokenizer's tokens.
        spellings: each token's bytes.
        positions: the longest text in tokens.
        given: tokens of the rows that stand already.
    """

    network: Any
    begin: int
    end: int
    tree: TokenTree
    spellings: Sequence[bytes]
    positions: int
    given: Sequence[int] = ()

    def draw_in_batches(
        self,
        prompt: Sequence[int],
        grammar: PictureGrammar,
        count: int,
        options: SamplingOptions,
        on_row: OnRow | None,
        batch: int,
    ) -> list[Levels]:
        """Return drawings as :meth:`draw` does, ``batch`` of them at once; beams are followed together."""
        if options.beams > 1:
            return self.draw(prompt, grammar, count, options, on_row)
        options = options.seeded()
        made: list[Levels] = []
        for start in range(0, count, batch):
            later = replace(options, seed=(options.seed or 0) + start)
            some = min(batch, count - start)
            made += self.draw(prompt, grammar, some, later, _counted_from(start, on_row))
        return made

    def draw(
        self,
        prompt: Sequence[int],
        grammar: PictureGrammar,
        count: int,
        options: SamplingOptions,
        on_row: OnRow | None,
    ) -> list[Levels]:
        """Return drawings, each ``(rows, columns)``.

        Args:
            prompt: tokens before each drawing.
            grammar: of the drawings.
            count: how many.
            options: how to sample.
            on_row: told of each row as soon as it stands, with several beams when all are done.

        Raises:
            OptionError: more drawings are wanted than beams.
            ModelError: the tokenizer cannot spell the drawing, or it is too long for the model.
        """
        if options.beams > 1 and count > options.beams:
            raise OptionError(f"{count} drawings are wanted, but beams is {options.beams}: raise beams")
        processor = GrammarProcessor(grammar, self.tree, len(prompt), self.end)
        stop = WholeDrawings(processor, self.spellings, on_row if options.beams == 1 else None)
        longest = sum(max(map(len, slot)) for slot in grammar.slots) + 1
        steps = min(self.positions - len(prompt), longest)
        seeds = [(options.seeded().seed or 0) + number for number in range(count)]
        ids = torch.tensor([list(prompt)] * (count if options.beams == 1 else 1), device=self.network.device)
        made = self.network.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=steps,
            logits_processor=self._processors(processor, options, seeds, ids, steps),
            stopping_criteria=StoppingCriteriaList([stop]),
            eos_token_id=self.end,
            pad_token_id=self.end,
            **_beams(options, count),
        )
        drawings = [self._levels(processor, tokens) for tokens in made[:, len(prompt) :].tolist()]
        if on_row and options.beams > 1:
            _tell_all(drawings, on_row)
        return drawings

    def _processors(
        self,
        processor: GrammarProcessor,
        options: SamplingOptions,
        seeds: Sequence[int],
        ids: torch.Tensor,
        steps: int,
    ) -> LogitsProcessorList:
        chain = LogitsProcessorList()
        if options.guidance not in (None, 1):
            unasked = torch.tensor([[self.begin, *self.given]] * len(ids), device=ids.device)
            chain.append(
                UnbatchedClassifierFreeGuidanceLogitsProcessor(options.guidance, self.network, unasked)
            )
        if options.repetition_penalty != 1:
            chain.append(RepetitionPenaltyLogitsProcessor(options.repetition_penalty))
        chain.append(processor)
        if options.beams == 1:
            chain.append(SeededChoice(options, seeds, processor.prompt, steps))
        return chain

    def _levels(self, processor: GrammarProcessor, tokens: Sequence[int]) -> Levels:
        grammar = processor.grammar
        place, spelled = START, b""
        for token in tokens:
            if grammar.is_whole(place):
                break
            spelled += self.spellings[token]
            place = grammar.follow(place, self.spellings[token]) or place
        if not grammar.is_whole(place):
            raise ModelError(
                f"the model reads at most {self.positions} tokens, and the drawing was not whole by then: "
                "choose a layout with fewer cells"
            )
        return grammar.levels(spelled.decode("utf-8"))


def _beams(options: SamplingOptions, count: int) -> dict[str, int]:
    return {"num_beams": options.beams, "num_return_sequences": count} if options.beams > 1 else {}


def _counted_from(start: int, on_row: OnRow | None) -> OnRow | None:
    """Return what tells of rows of drawings that are counted from a number."""
    return on_row and (lambda number, row, levels: on_row(start + number, row, levels))


def _tell_all(drawings: Sequence[Levels], on_row: OnRow) -> None:
    for number, drawing in enumerate(drawings):
        for row, levels in enumerate(drawing):
            on_row(number, row, levels)
