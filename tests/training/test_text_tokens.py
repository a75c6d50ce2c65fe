from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

transformers = pytest.importorskip("transformers", reason="needs the extra hf")

from calligram.errors import ModelError, TrainingError  # noqa: E402
from calligram.training.text_data import Lesson, Lessons, read_lessons  # noqa: E402
from calligram.training.text_options import DataOptions  # noqa: E402
from calligram.training.text_tokens import Speller, check_spelling, show_item, tokens_to_add  # noqa: E402

PICTURE = "<row:1> ▓█</row:1>\n<row:2>█  </row:2>\n"
READ = Lesson(f"{PICTURE}What digit is this?\n", "7\n", PICTURE, PICTURE, "read")
TEXT = Lesson("", "A woman reads by the window.", "", "", "text")

MakeModel = Callable[[str], Path]


@pytest.fixture
def tokenizer(language_model: MakeModel) -> Any:
    return transformers.AutoTokenizer.from_pretrained(language_model("gpt2"))


@pytest.fixture
def chatting(language_model: MakeModel) -> Any:
    return transformers.AutoTokenizer.from_pretrained(language_model("llama"))


def word_tokenizer(words: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(["<unk>", *words])}, "<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.Fuse()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>")


def test_the_loss_counts_the_answer_its_line_break_and_the_end(tokenizer: Any) -> None:
    (item,) = Speller(tokenizer, "answer", 256).items([READ])
    assert tokenizer.decode(item.ids.tolist()) == READ.given + "7\n<|end|>"
    assert tokenizer.decode(item.ids[item.learned].tolist()) == "7\n<|end|>"
    assert show_item(tokenizer, item) == f"{READ.given}⟦7\n<|end|>⟧"


def test_the_loss_counts_all_where_that_is_asked_for_or_nothing_is_given(tokenizer: Any) -> None:
    assert Speller(tokenizer, "all", 256).items([READ])[0].learned.all()
    (text,) = Speller(tokenizer, "answer", 256).items([TEXT])
    assert show_item(tokenizer, text) == f"⟦{TEXT.learned}<|end|>⟧"


def test_a_chat_template_makes_turns_of_what_is_given_and_learnt(chatting: Any) -> None:
    (item,) = Speller(chatting, "answer", 256).items([READ])
    assert show_item(chatting, item) == f"<|user|>{READ.given}<|end|><|assistant|>⟦7\n<|end|>⟧"


def test_a_long_text_is_cut_and_a_long_picture_left_out(tokenizer: Any) -> None:
    speller = Speller(tokenizer, "answer", 20)
    items = speller.items([READ, TEXT])
    assert [len(item.ids) for item in items] == [20, 9]
    assert speller.too_long == 1
    with pytest.raises(TrainingError, match="all 1 texts have more than 20 tokens"):
        Speller(tokenizer, "answer", 20).items([READ])


def test_the_given_tokens_are_the_reader_s_prompt(tokenizer: Any, chatting: Any) -> None:
    assert tokenizer.decode(Speller(tokenizer, "answer", 256).given(READ)) == READ.given
    prompt = f"<|user|>{READ.given}<|end|><|assistant|>"
    assert chatting.decode(Speller(chatting, "answer", 256).given(READ)) == prompt


def test_a_tokenizer_that_cannot_spell_the_ramp_is_refused_with_the_symbols() -> None:
    lessons = Lessons([READ], [], {})
    letters = sorted({*"Look:\n<row/123456789> What digit is this?"})
    with pytest.raises(
        ModelError, match=r"cannot spell the pictures: '█' '▓' would be lost; give --add-tokens"
    ):
        check_spelling(word_tokenizer(letters), lessons, "words")


def test_added_tokens_spell_what_a_tokenizer_could_not() -> None:
    lessons = Lessons([READ], [], {})
    known = word_tokenizer(sorted({*"Look:\n<row/12> "}))
    added = tokens_to_add(lessons)
    assert added == ["</row:1>", "<row:1>", "</row:2>", "<row:2>", "█", "▓"]
    known.add_tokens(added)
    check_spelling(known, lessons, "words")


def test_row_tags_with_tokens_of_their_own_make_pictures_shorter(
    tokenizer: Any, training_file: Callable[..., Path]
) -> None:
    lessons = read_lessons(str(training_file(count=6)), DataOptions(valid_share=0), 1)
    before = len(Speller(tokenizer, "answer", 256).items(lessons.train)[0].ids)
    tokenizer.add_tokens(tokens_to_add(lessons))
    check_spelling(tokenizer, lessons, "bytes")
    assert len(Speller(tokenizer, "answer", 256).items(lessons.train)[0].ids) < before / 2
