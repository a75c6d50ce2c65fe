from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

transformers = pytest.importorskip("transformers", reason="needs the extra hf")

from calligram.errors import ModelError, TrainingError  # noqa: E402
from calligram.training.text_added import begin_rows, trained_rows, wanting_tokens  # noqa: E402
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


def test_what_a_tokenizer_spells_with_one_token_is_not_added_again() -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("â", "ĸ"), ("âĸ", "ĵ")]  # the three bytes of ▓
    words = [*letters, *("".join(pair) for pair in merges)]
    made = Tokenizer(models.BPE({word: number for number, word in enumerate(words)}, merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    bytes_of_text = transformers.PreTrainedTokenizerFast(tokenizer_object=made)
    assert wanting_tokens(bytes_of_text, ["<row:1>", "▓", "█", "x"]) == ["<row:1>", "█"]
    unknowing = word_tokenizer(["x"])
    assert wanting_tokens(unknowing, ["▓", "x"]) == ["▓"], "unknown is one token too"


@pytest.mark.parametrize("spare", [0, 40])
@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_new_rows_begin_as_the_mean_of_the_old_ones(spare: int, kind: str, language_model: MakeModel) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    tokenizer = transformers.AutoTokenizer.from_pretrained(language_model(kind))
    network = transformers.AutoModelForCausalLM.from_pretrained(language_model(kind))
    old = len(tokenizer)
    if spare:
        network.resize_token_embeddings(old + spare)
        network.get_input_embeddings().weight.data[old:] = 99.0
    tokenizer.add_tokens(["▓", "█"])
    begin_rows(network, tokenizer, [old, old + 1])
    for table in (network.get_input_embeddings().weight, network.get_output_embeddings().weight):
        assert len(table) == old + (spare or 2)
        assert torch.allclose(table[old : old + 2], table[:old].mean(0).expand(2, -1), atol=1e-6)


def test_adapters_train_the_new_rows_of_every_table(language_model: MakeModel) -> None:
    def arguments(kind: str, biased: bool = False) -> dict[str, Any]:
        network = transformers.AutoModelForCausalLM.from_pretrained(language_model(kind))
        if biased:
            network.lm_head = type(network.lm_head)(32, 257, bias=True)
        return trained_rows(network, [7])

    assert arguments("gpt2") == {"trainable_token_indices": [7]}, "one table for both"
    both = {"model.embed_tokens": [7], "lm_head": [7]}
    assert arguments("llama") == {"trainable_token_indices": both}
    one = {"trainable_token_indices": {"model.embed_tokens": [7]}, "modules_to_save": ["lm_head"]}
    assert arguments("llama", biased=True) == one


@pytest.mark.parametrize("losing", ["template", "mark"])
def test_a_chat_template_that_loses_blanks_of_a_picture_is_refused(losing: str, chatting: Any) -> None:
    if losing == "template":
        chatting.chat_template = chatting.chat_template.replace("turn.content", "turn.content | trim")
    else:
        mark = transformers.AddedToken("<|user|>", rstrip=True, special=True, normalized=False)
        chatting.add_special_tokens({"additional_special_tokens": [mark]})
    plain = "  ▓█\n█   \n"
    lesson = Lesson(f"{plain}What digit is this?\n", "7\n", plain, plain, "read")
    with pytest.raises(ModelError, match=r"chat template of chatty takes away blanks .* --markup rows"):
        check_spelling(chatting, Lessons([lesson], [], {}), "chatty")
    drawn = Lesson("Draw the digit 7.\n", plain, plain, plain, "draw")
    check_spelling(chatting, Lessons([READ, drawn], [], {}), "chatty")


def test_the_end_of_a_long_text_is_left_out_where_the_loss_would_count_nothing(tokenizer: Any) -> None:
    context = len(TEXT.learned) // 2  # each letter is a token, and the end is one more
    speller = Speller(tokenizer, "answer", context)
    assert [len(item.ids) for item in speller.items([TEXT])] == [context, context]
    with pytest.raises(TrainingError, match="has a second token to foretell within a --context of 1"):
        Speller(tokenizer, "answer", 1).items([TEXT])
