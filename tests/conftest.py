"""What tests of several rooms share: a tiny model in a folder, and the command line as a function."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from calligram.cli.main import run


class Outcome(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the spelling of an untrained model, which answers and draws at random."""
    pytest.importorskip("onnx", reason="the tiny model's graphs are written with onnx, of the extra train")
    from calligram.nano.tiny import make_model

    return f"builtin:{make_model(tmp_path_factory.mktemp('models') / 'tiny')}"


VOICE = (
    "A boat rests on the {} river. The water is {} and the sky is {}.",
    "Two {} trees stand beside a {} field. The light is {}.",
    "A {} house with a {} roof stands in the {} snow.",
    "The {} sea meets a {} shore below {} clouds.",
)


@pytest.fixture(scope="session")
def tiny_writer(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the spelling of a writer that was taught for a few steps, and writes scraps of words."""
    pytest.importorskip("torch", reason="a writer is taught with torch, of the extra train")
    pytest.importorskip("onnx", reason="a writer's graph is written with onnx, of the extra train")
    from calligram.training.writer import teach_writer
    from calligram.training.writer_options import WriterTraining

    folder = tmp_path_factory.mktemp("writers")
    colours = ("blue", "grey", "green", "dark", "pale", "red", "white", "brown")
    texts = [
        voice.format(colours[first], colours[first - 3], colours[first - 5])
        for voice in VOICE
        for first in range(len(colours))
    ]
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    options = WriterTraining(start="none", steps=12, rows=4, vocabulary=330, width=64, layers=1)
    return f"builtin:{teach_writer(folder, options, folder / 'writer').folder}"


@pytest.fixture
def calligram_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[str]], Outcome]:
    """Return a function that runs the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def call(words: Sequence[str]) -> Outcome:
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


CHAT = (
    "{% for turn in messages %}<|{{ turn.role }}|>{{ turn.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@pytest.fixture(scope="session")
def language_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a tiny untrained ``"gpt2"`` or ``"llama"``, which chats."""
    torch = pytest.importorskip("torch", reason="needs the extra train")
    transformers = pytest.importorskip("transformers", reason="needs the extra hf")
    transformers.utils.logging.disable_progress_bar()
    folder = tmp_path_factory.mktemp("language-models")

    def make(kind: str) -> Path:
        if (folder / kind).exists():
            return folder / kind
        tokenizer = byte_tokenizer()
        if kind == "llama":
            tokenizer.chat_template = CHAT
        shape = {"vocab_size": len(tokenizer), "bos_token_id": 0, "eos_token_id": 0}
        torch.manual_seed(0)
        if kind == "gpt2":
            config = transformers.GPT2Config(n_positions=256, n_embd=32, n_layer=2, n_head=2, **shape)
        else:
            config = transformers.LlamaConfig(
                max_position_embeddings=256,
                hidden_size=32,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=2,
                **shape,
            )
        transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder / kind)
        tokenizer.save_pretrained(folder / kind)
        return folder / kind

    return make


def byte_tokenizer() -> Any:
    """Return a tokenizer of transformers with a token for each byte and one for the end."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = ["<|end|>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    made = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|end|>")
