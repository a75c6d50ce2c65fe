"""The real ``huggingface_hub`` sends packages to a stand-in for the hub."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

huggingface_hub = pytest.importorskip("huggingface_hub", reason="publishing needs the extra hf")
yaml = pytest.importorskip("yaml", reason="the stand-in for the hub reads cards with PyYAML")

from tests.training.hub import Hub, running  # noqa: E402

from calligram.errors import CalligramError, OptionError, OutputError  # noqa: E402
from calligram.training.publishing import pack  # noqa: E402
from calligram.training.publishing_hub import Published, send  # noqa: E402
from calligram.training.publishing_options import PublishOptions  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # huggingface_hub's own
TOKEN, READER = "hf_mayWriteHere", "hf_mayOnlyRead"


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing of a person's own set-up in; large files go by LFS, which the stand-in speaks."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no-token"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running(Hub({TOKEN: True, READER: False})) as hub:
        yield hub


@pytest.fixture
def publish(hub: Hub) -> Callable[..., Published]:
    def call(folder: Path | str, to: str = "me/mine", **more: object) -> Published:
        return send(pack(str(folder), PublishOptions(to=to, endpoint=hub.url, **more)))  # type: ignore[arg-type]

    return call


def test_a_model_arrives_whole_with_its_large_files_by_lfs(
    model_folder: Path, publish: Callable[..., Published], hub: Hub
) -> None:
    sent = publish(model_folder, licence="mit", private=True, message="first")
    made = hub.repositories["me/mine"]
    assert (made.kind, made.private, made.messages) == ("model", True, ["first"])
    assert sent.url == f"{hub.url}/me/mine"
    assert sent.files == len(made.files)
    weights = (model_folder / "model.safetensors").read_bytes()
    assert made.files["model.safetensors"] == weights
    assert list(hub.objects.values()) == [weights]
    assert json.loads(made.files["config.json"])["architectures"] == ["GPT2LMHeadModel"]


def test_a_data_set_arrives_as_one(dataset_folder: Path, publish: Callable[..., Published], hub: Hub) -> None:
    publish(dataset_folder)
    made = hub.repositories["me/mine"]
    assert made.kind == "dataset"
    assert made.files["train.jsonl"] == (dataset_folder / "train.jsonl").read_bytes()
    header = yaml.safe_load(made.files["README.md"].decode().split("---\n")[1])
    assert header["license"] == "cc-by-4.0"
    assert header["configs"][0]["data_files"] == [{"split": "train", "path": ["train.jsonl"]}]


def test_publishing_again_replaces_what_changed(
    dataset_folder: Path, publish: Callable[..., Published], hub: Hub
) -> None:
    publish(dataset_folder)
    publish(dataset_folder, licence="cc0-1.0")
    made = hub.repositories["me/mine"]
    assert len(made.messages) == 2
    assert b"license: cc0-1.0" in made.files["README.md"]


def test_without_a_token_nothing_is_asked(
    dataset_folder: Path, publish: Callable[..., Published], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(OutputError, match="there is no token for the hub: set HF_TOKEN, or log in once"):
        publish(dataset_folder)
    assert hub.repositories == {}


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("hf_nobodyKnowsThis", "the hub does not know the token"),
        (READER, "the token may not write to me/mine"),
    ],
)
def test_a_token_that_will_not_do_is_told_and_never_shown(
    token: str,
    sentence: str,
    dataset_folder: Path,
    publish: Callable[..., Published],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(OutputError, match=sentence) as caught:
        publish(dataset_folder)
    assert token not in str(caught.value)


def test_a_name_that_the_hub_refuses_is_told(dataset_folder: Path, publish: Callable[..., Published]) -> None:
    with pytest.raises(OutputError, match=r"refused me/taken-for-good \(400: .*reserved"):
        publish(dataset_folder, "me/taken-for-good")


def test_a_commit_that_fails_leaves_the_repository_as_it_was(
    dataset_folder: Path, publish: Callable[..., Published], hub: Hub
) -> None:
    hub.broken = True
    with pytest.raises(OutputError, match=r"refused me/mine \(500: Internal error"):
        publish(dataset_folder)
    assert hub.repositories["me/mine"].files == {}


def test_a_hub_out_of_reach_is_one_sentence(dataset_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    package = pack(str(dataset_folder), PublishOptions(to="me/mine", endpoint=f"http://127.0.0.1:{port}"))
    with pytest.raises(OutputError, match=r"the hub cannot be reached \(.*\): look at the network"):
        send(package)


def test_offline_mode_is_told(
    dataset_folder: Path, publish: Callable[..., Published], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(OutputError, match="HF_HUB_OFFLINE is set"):
        publish(dataset_folder)


def test_a_package_without_a_name_is_not_sent(dataset_folder: Path) -> None:
    package = pack(str(dataset_folder), PublishOptions())
    with pytest.raises(OptionError, match="to is empty"):
        send(replace(package))


@pytest.mark.parametrize(
    "name", ["mine", "me/", "/mine", "me/a b", "me/a--b", "me/a.git", "a/b/c", f"me/{'x' * 100}"]
)
def test_a_name_that_no_hub_takes_is_refused_before_anything_is_sent(name: str, dataset_folder: Path) -> None:
    with pytest.raises(CalligramError, match="must be ORG/NAME"):
        pack(str(dataset_folder), PublishOptions(to=name))
