"""Any causal language model of Hugging Face, from a folder or the hub (extra ``hf``).

Answers are weighed by their log-probability behind the picture and the question, so that a choice among ten
digits is fair and nothing is matched as a string. Drawings keep to the drawing grammar token by token, for
any tokenizer. A folder with a LoRA adapter is read together with the model it was made for.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from calligram import settings
from calligram.errors import ModelError, OptionError
from calligram.models._asking import Said
from calligram.models._grammar import PictureGrammar, TokenTree
from calligram.models._hf_limits import check_cache, longest_text, memory_told
from calligram.models._hf_loading import Parts, load_parts
from calligram.models._hf_weighing import Weigher
from calligram.models._prompts import (
    bare_drawing,
    bare_reading,
    ending_of,
    told_drawing,
    told_reading,
    usual_answers,
)
from calligram.models._spoken import Pieces, scored_pieces
from calligram.models._token_bytes import token_bytes
from calligram.models._written import written_at
from calligram.models.base import (
    Levels,
    Model,
    OnRow,
    Reading,
    Reply,
    Request,
    SamplingOptions,
    Speaking,
    Talking,
    TokenScore,
    Turn,
    Writing,
    Written,
)
from calligram.nano.sampling import choose, softmax, uniforms
from calligram.picture import Layout, spell_batch
from calligram.settings import option

TAUGHT = "run.json"
"""The record that ``calligram train`` leaves beside a model it taught."""


SPELLING = "hf:FOLDER or hf:ORG/NAME"


@dataclass(frozen=True)
class Options:
    """How the model is run."""

    GROUP: ClassVar[str] = "hf"

    device: str = option("auto", "device as cpu, cuda or cuda:1; auto takes a GPU where there is one")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = option(
        "auto", "numbers it computes with; auto is float32 on a processor, bfloat16 on a GPU that has it"
    )
    style: Literal["auto", "bare", "told"] = option(
        "auto",
        "bare asks as training files do, told explains the picture first; auto: told for chat models "
        "that calligram train did not teach",
    )
    batch: int = option(16, "texts run at once", minimum=1, maximum=4096)
    revision: str = option("", "commit or branch of a model of the hub; empty is its newest")


def load(place: str, options: Options) -> Model:
    """Return the model of a folder or of the hub.

    Args:
        place: a folder, or ``ORG/NAME`` of the hub.
        options: how it is run.

    Raises:
        MissingExtraError: transformers or torch is not installed.
        ModelError: there is no such model, or it cannot be loaded.
        OptionError: there is no such device.
    """
    if not place:
        raise ModelError(f"the model hf names no model: write {SPELLING}")
    folder = str(Path(place).expanduser()) if place.startswith("~") else place
    if place.startswith((".", "~", os.sep)) and not Path(folder).is_dir():
        raise ModelError(f"there is no folder {place!r}: check the path, or write {SPELLING}")
    parts = load_parts(folder, options.device, options.dtype, options.revision)
    return (HuggingFaceChat if parts.tokenizer.chat_template else HuggingFace)(folder, options, parts)


class HuggingFace(Model, Speaking, Writing):
    """A causal model and its tokenizer behind the interface that all models have."""

    def __init__(self, place: str, options: Options, parts: Parts) -> None:
        self.name, self.place, self.options = f"hf:{place}", place, options
        self.torch, self.device, self.dtype = parts.torch, parts.device, parts.dtype
        self.tokenizer, self.network = parts.tokenizer, parts.network
        check_cache(self.network, self.name)
        with self._memory_told():
            self.network.to(self.device).eval()
        self.weigher = Weigher(self.torch, self.network, self.device, options.batch, len(self.spellings))

    @cached_property
    def spellings(self) -> list[bytes]:
        """Each token's bytes; special tokens have none."""
        return token_bytes(self.tokenizer)

    @cached_property
    def _tree(self) -> TokenTree:
        return TokenTree(dict(enumerate(self.spellings)))

    @cached_property
    def _told(self) -> bool:
        """Whether the model is told in words what it is shown."""
        if self.options.style != "auto":
            return self.options.style == "told"
        return bool(self.tokenizer.chat_template) and not (Path(self.place) / TAUGHT).is_file()

    def _asked(self, text: str) -> str:
        """Return a text as the model's chat has it, where it has one."""
        return self._conversation([Turn("user", text)]) if self.tokenizer.chat_template else text

    def _conversation(self, turns: Sequence[Turn]) -> str:
        """Return what was said as the model's chat has it, up to where its answer begins."""
        told = [{"role": turn.role, "content": turn.text} for turn in turns]
        asked: str = self.tokenizer.apply_chat_template(
            told, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return asked

    def _memory_told(self) -> AbstractContextManager[None]:
        return memory_told(self.torch, self.name, self.device, self.options.batch)

    def read(
        self,
        levels: Levels,
        layout: Layout,
        question: str,
        candidates: Sequence[str] | None = None,
        *,
        familiarity: bool = True,
    ) -> list[Reading]:
        """Return one reading for each picture; see :class:`Model`.

        Without candidates, a question for a usual kind ("What digit is this?") has that kind's answers; any
        other is answered freely, with the probability of the whole answer as confidence. The model does not
        abstain but where a free answer is empty, and tells no familiarity.
        """
        answers = tuple(candidates) if candidates is not None else usual_answers(question)
        prompts = [
            self._reading_prompt(text, question, layout, answers) for text in spell_batch(levels, layout)
        ]
        if not answers:
            return [self._free_reading(prompt) for prompt in prompts]
        end = ending_of(answers)
        endings = [self._behind(answer + end) for answer in answers]
        weights = self._weigh([self.cut(prompt) for prompt in prompts], [endings] * len(prompts))
        return [_reading(answers, row) for row in weights]

    def _weigh(
        self, texts: Sequence[Sequence[int]], endings: Sequence[Sequence[Sequence[int]]]
    ) -> list[list[float]]:
        """Return the log-probability of each ending behind its text; see :class:`Weigher`."""
        for text, each in zip(texts, endings, strict=True):
            self._check_length(len(text) + max(map(len, each)))
        with self._memory_told():
            return self.weigher.weigh(texts, endings)

    def _reading_prompt(
        self, picture: str, question: str, layout: Layout, answers: Sequence[str] | None
    ) -> str:
        if self._told:
            return self._asked(told_reading(picture, question, layout, answers))
        return self._asked(bare_reading(picture, question))

    def _behind(self, text: str) -> list[int]:
        """Return the tokens of a text that stands behind another.

        It is cut by itself, as in training, so that no token reaches over into what stands before. Where a
        tokenizer begins every text with a space, it is cut behind a character that it does not merge with.
        """
        for before in ("", "\n", "|", "="):
            tokens, given = self.cut(before + text), self.cut(before)
            rest = tokens[len(given) :]
            if tokens[: len(given)] == given and self.join(rest) == text:
                return rest
        return self.cut(text)

    def _free_reading(self, prompt: str) -> Reading:
        text, logprob = "", 0.0
        for piece in self.speak(prompt, SamplingOptions(temperature=0), 24):
            text += piece.text
            logprob += piece.logprob or 0.0
            if "\n" in text.lstrip("\n"):
                break
        answer = text.strip().split("\n")[0].strip()
        confidence = float(np.exp(logprob))
        return Reading(answer or None, confidence, [(answer, confidence)], None, not answer)

    def draw(
        self,
        request: Request,
        layout: Layout,
        count: int = 1,
        options: SamplingOptions | None = None,
        *,
        prefix_levels: Levels | None = None,
        on_row: OnRow | None = None,
    ) -> list[Levels]:
        from calligram.models._hf_drawing import Drawer

        options = options or SamplingOptions()
        settings.check(options)
        grammar = PictureGrammar.of(layout, prefix_levels)
        given, end = self._behind(grammar.given_text), min(self._ends, default=self._begin())
        drawer = Drawer(self.network, self._begin(), end, self._tree, self.spellings, self.positions, given)
        prompt = self.cut(self._drawing_prompt(request, layout)) + given
        self._check_length(len(prompt) + grammar.rows)
        with self._memory_told():
            return drawer.draw_in_batches(prompt, grammar, count, options, on_row, self.options.batch)

    def _drawing_prompt(self, request: Request, layout: Layout) -> str:
        return self._asked((told_drawing if self._told else bare_drawing)(request, layout))

    def bits_per_cell(
        self, levels: Levels, layout: Layout, request: Request | None = None
    ) -> npt.NDArray[np.float64]:
        """Return how many bits the model needs for one cell of each picture; see :class:`Model`.

        They are those of the text, row tags and all, as this model's tokenizer cuts it.
        """
        prompt = self._drawing_prompt(request, layout) if request is not None else ""
        given = self.cut(prompt) or [self._begin()]
        texts = spell_batch(levels, layout)
        weights = self._weigh([given] * len(texts), [[self._behind(text)] for text in texts])
        cells = levels.shape[1] * levels.shape[2]
        return np.array([-row[0] / (np.log(2) * cells) for row in weights], np.float64)

    def _begin(self) -> int:
        """Return the token that stands before a text that comes unasked."""
        for token in (self.tokenizer.bos_token_id, self.tokenizer.eos_token_id):
            if token is not None:
                return int(token)
        return 0

    @property
    def positions(self) -> int:
        return longest_text(self.network.config, self.tokenizer)

    def written_at(self) -> int | None:
        return written_at(Path(self.place)) if Path(self.place).is_dir() else None

    def remarks(self) -> list[str]:
        """Return what it computes on."""
        return [f"{self.name} computes on {self.device} in {_name_of(self.dtype)}"]

    def _check_length(self, tokens: int) -> None:
        if tokens > self.positions:
            raise ModelError(
                f"the text has {tokens} tokens, but {self.name} reads at most {self.positions}: "
                "give a smaller picture, or a layout with fewer cells"
            )

    def cut(self, text: str) -> list[int]:
        tokens: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"] if text else []
        return tokens

    def join(self, tokens: Sequence[int]) -> str:
        return b"".join(self.spellings[token] for token in tokens).decode("utf-8", "replace")

    def score_texts(self, texts: Sequence[str | Sequence[int]], top: int = 0) -> list[list[TokenScore]]:
        scored = []
        for text in texts:
            tokens = self.cut(text) if isinstance(text, str) else list(text)
            self._check_length(len(tokens))
            with self._memory_told():
                scores = self.weigher.logits(tokens) if tokens else np.zeros((0, 0), np.float32)
            scored.append(scored_pieces(self.spellings, tokens, scores, top))
        return scored

    def speak(
        self, prompt: str | Sequence[int], options: SamplingOptions, most_tokens: int, top: int = 0
    ) -> Iterator[TokenScore]:
        given = (self.cut(prompt) if isinstance(prompt, str) else list(prompt)) or [self._begin()]
        self._check_length(len(given))
        steps = min(most_tokens, self.positions - len(given))
        chances = uniforms([options.seeded().seed or 0], max(steps, 0))[0]
        pieces, cache, ids = Pieces(self.spellings), None, given
        used = np.zeros((1, len(self.spellings)), np.float32)
        used[0, [token for token in given if token < used.shape[1]]] = 1
        for step in range(steps):
            with self._memory_told():
                scores, cache = self.weigher.next_scores(ids, cache)
            picked = int(choose(scores, options, chances[step : step + 1], used)[0])
            yield pieces.piece(picked, scores[0], top)
            if picked in self._ends:
                return
            used[0, picked] = 1
            ids = [picked]

    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        """Return continuations; see :class:`Writing`.

        The log-probability is that of the added tokens, the one that ends the text included.

        Raises:
            ModelError: the opening is too long.
            OptionError: guidance is asked for, which only drawings have.
        """
        options = options.seeded()
        settings.check(options)
        if options.guidance not in (None, 1):
            raise OptionError(f"guidance is {options.guidance}, but texts have none: leave it out")
        given = self._opening(opening)
        steps = min(most_tokens, self.positions - len(given))
        if steps < 1:
            raise ModelError(
                f"the opening has {len(given)} tokens, and {self.name} reads at most {self.positions}: "
                "shorten it"
            )
        make = self._write_sampled if options.beams == 1 else self._write_searched
        seeds = [(options.seed or 0) + number for number in range(count)]
        return [make(given, replace(options, seed=seed), steps) for seed in seeds]

    def _opening(self, text: str) -> list[int]:
        """Return the tokens of an opening, behind the token that begins every text where there is one."""
        begin = self.tokenizer.bos_token_id
        begun = [begin] if begin is not None and self.tokenizer("")["input_ids"][:1] == [begin] else []
        return [*begun, *self.cut(text)] or [self._begin()]

    def _write_sampled(self, given: Sequence[int], options: SamplingOptions, steps: int) -> Written:
        pieces = list(self.speak(given, options, steps))
        text = "".join(piece.text for piece in pieces)
        logprob = sum(piece.logprob or 0.0 for piece in pieces)
        return Written(text, options.seed, logprob, len(pieces), pieces[-1].token in self._ends)

    def _write_searched(self, given: Sequence[int], options: SamplingOptions, steps: int) -> Written:
        from calligram.models._hf_writing import search_text

        with self._memory_told():
            made = search_text(self.network, given, options, steps, sorted(self._ends))
            logprob = self.weigher.weigh([given], [[made]])[0][0]
        pieces = Pieces(self.spellings)
        text = "".join(pieces.piece(token, None, 0).text for token in made)
        return Written(text, options.seed, logprob, len(made), made[-1] in self._ends)

    @cached_property
    def _ends(self) -> frozenset[int]:
        told = self.network.generation_config.eos_token_id
        ends = told if isinstance(told, list) else [told]
        return frozenset(token for token in [*ends, self.tokenizer.eos_token_id] if token is not None)

    def describe(self) -> dict[str, object]:
        """Return name, size, device and how it is asked, ready for JSON."""
        return {
            "name": self.name,
            "parameters": sum(weight.numel() for weight in self.network.parameters()),
            "tokens": len(self.spellings),
            "positions": self.positions,
            "device": str(self.device),
            "dtype": _name_of(self.dtype),
            "asked": "told" if self._told else "bare",
            "chat": bool(self.tokenizer.chat_template),
        }


class HuggingFaceChat(HuggingFace, Talking):
    """A causal model whose tokenizer has a chat, so that it is taken to follow instructions."""

    def reply(
        self,
        turns: Sequence[Turn],
        options: SamplingOptions,
        most_tokens: int,
        schema: Mapping[str, object] | None = None,
    ) -> Reply:
        """Return the model's next turn; see :class:`Talking`. The schema is not forced on it.

        Raises:
            ModelError: the conversation is too long, or images are given.
        """
        if any(turn.images for turn in turns):
            raise ModelError(f"images are given to {self.name}, which takes none: leave them out")
        given = self.cut(self._conversation(turns))
        self._check_length(len(given) + 1)
        pieces = list(self.speak(given, options, most_tokens))
        said = Said("".join(piece.text for piece in pieces))
        return Reply(said.answer, bool(pieces) and pieces[-1].token in self._ends)


def _reading(answers: Sequence[str], weights: Sequence[float]) -> Reading:
    shares = softmax(np.array(weights, np.float64)[None])[0]
    order = np.argsort(-shares, kind="stable")
    candidates = [(answers[place], float(shares[place])) for place in order]
    return Reading(candidates[0][0], candidates[0][1], candidates, None, False)


def _name_of(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")
