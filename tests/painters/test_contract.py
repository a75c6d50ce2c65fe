"""What every painter promises, whatever stands behind it."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calligram import registry
from calligram.errors import ModelError, NameInFamilyError, OptionError
from calligram.painters.base import Order, Painted, Painter, open_painter

MEMBERS = registry.members("painters")
KEY = "sk-contract-0123456789"
Find = Callable[[str], Any]


@dataclass(frozen=True)
class Row:
    """How a member is opened in these tests.

    Args:
        spelling: from a function that finds fixtures by name to how a small painter of the kind is named.
        words: which it paints.
        needs: packages that it does not work without.
    """

    spelling: Callable[[Find], str]
    words: str = "a red fox"
    needs: tuple[str, ...] = ()


ROWS = {
    "adversarial": Row(lambda find: "adversarial", "a black cat"),
    "diffusers": Row(
        lambda find: f"diffusers:{find('tiny_pipeline')}?steps=1&device=cpu", needs=("diffusers",)
    ),
    "glyphs": Row(lambda find: f"glyphs:{find('painted_file')}"),
    "nano": Row(lambda find: "nano?layout=classic&tries=2", "an ankle boot"),
    "openai": Row(lambda find: f"openai:any?base_url={find('images_endpoint').base_url}", needs=("openai",)),
    "scripted": Row(lambda find: f"scripted:{find('painting_script')}"),
}
"""One row for each member: a new one says here how it is opened."""


def spelling_of(name: str, find: Find) -> str:
    assert name in ROWS, f"the painter {name} has no row in ROWS of this file: say there how it is opened"
    for package in ROWS[name].needs:
        pytest.importorskip(package, reason=f"the painter {name} needs {package}")
    return ROWS[name].spelling(find)


@pytest.fixture(params=MEMBERS)
def member(request: pytest.FixtureRequest) -> str:
    """Each member of the family."""
    return str(request.param)


@pytest.fixture
def painter(member: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Painter:
    """Each member, opened."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return open_painter(spelling_of(member, request.getfixturevalue))


def told(painted: Painted) -> str:
    """Return all that is told of an image in words."""
    return json.dumps([painted.model, painted.version, dict(painted.settings), painted.remarks])


def test_a_member_shows_how_it_is_named_and_what_it_can_be_told(member: str) -> None:
    module = registry.member("painters", member)
    assert module.SPELLING.startswith(member)
    assert dataclasses.is_dataclass(module.Options)
    assert module.Options.__dataclass_params__.frozen  # type: ignore[attr-defined]
    for field in dataclasses.fields(module.Options):
        assert field.metadata["help"]
        assert not field.metadata["help"].endswith(".")
    assert dataclasses.replace(module.Options()) == module.Options()


def test_no_two_members_share_a_table_of_options() -> None:
    from calligram.settings import group_of

    families = [
        registry.member(family, name)
        for family in ("painters", "models")
        for name in registry.members(family)
    ]
    groups = [group_of(module.Options) for module in families]
    assert len(set(groups)) == len(groups)
    assert not [one for one in groups for other in groups if one.startswith(f"{other}_")]


def test_importing_the_members_loads_nothing_heavy() -> None:
    names = [f"calligram.painters.{name.replace('-', '_')}" for name in MEMBERS]
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"torch", "transformers", "diffusers", "openai", "httpx", "huggingface_hub"})


def test_an_option_that_there_is_not_is_refused_with_those_there_are(member: str) -> None:
    with pytest.raises(OptionError, match=rf"the painter {member} has no option 'sparkle': it knows"):
        open_painter(f"{member}?sparkle=yes")


def test_a_painter_is_called_as_it_was_spelled_without_its_options(
    member: str, painter: Painter, request: pytest.FixtureRequest
) -> None:
    assert painter.name == spelling_of(member, request.getfixturevalue).partition("?")[0]


def test_what_is_told_of_an_image_is_ready_for_a_label(member: str, painter: Painter, tmp_path: Path) -> None:
    order = Order(ROWS[member].words, seed=5)
    painted = painter.paint(order, 2)
    assert len(painted) == 2
    for number, each in enumerate(painted):
        assert each.image.mode in {"L", "RGB", "RGBA"}
        assert each.seed in {None, order.seed + number}
        assert json.loads(json.dumps(each.settings)) == dict(each.settings)
        assert all(isinstance(value, str | int | float | bool | None) for value in each.settings.values())
        assert all(isinstance(name, str) and name.isidentifier() for name in each.settings)
        assert isinstance(each.remarks, tuple)
        assert all(remark and not remark.endswith(".") for remark in each.remarks)
        assert KEY not in told(each)
        assert str(tmp_path.parent) not in told(each), "a label tells no path"


def test_an_image_follows_from_the_words_and_its_own_seed(member: str, painter: Painter) -> None:
    words = ROWS[member].words
    together = painter.paint(Order(words, seed=3), 2)
    (alone,) = painter.paint(Order(words, seed=4))
    assert alone.image.tobytes() == together[1].image.tobytes()
    assert (alone.seed, alone.remarks) == (together[1].seed, together[1].remarks)


def test_a_size_is_kept_or_what_was_made_instead_is_remarked(member: str, painter: Painter) -> None:
    (painted,) = painter.paint(Order(ROWS[member].words, width=64, height=64))
    assert painted.image.size == (64, 64) or any("64 x 64" in remark for remark in painted.remarks)


def test_words_to_avoid_count_or_it_is_remarked_that_they_do_not(member: str, painter: Painter) -> None:
    (plain,) = painter.paint(Order(ROWS[member].words))
    (without,) = painter.paint(Order(ROWS[member].words, avoid="snow"))
    assert set(without.remarks) - set(plain.remarks) or without.image.tobytes() != plain.image.tobytes()


def test_an_unknown_painter_is_named_with_those_there_are() -> None:
    with pytest.raises(
        NameInFamilyError, match=r"there is no 'crystal' among the painters: choose one of .*openai"
    ):
        open_painter("crystal:ball")


@pytest.mark.parametrize("name", ["diffusers", "glyphs", "openai", "scripted"])
def test_a_painter_that_needs_a_place_says_so(name: str) -> None:
    with pytest.raises(ModelError, match=rf"the painter {name} names no .*: write {name}:"):
        open_painter(name)
