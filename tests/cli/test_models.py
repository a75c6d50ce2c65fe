"""``calligram models list``."""

import json
from collections.abc import Callable

from calligram import registry

Command = Callable[[list[object]], tuple[int, str, str]]


def test_every_kind_of_model_is_listed(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["models", "list", "--json"])
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [entry["name"] for entry in told] == registry.members("models")
    for entry in told:
        assert entry["summary"]
        assert entry["ready"] or entry["reason"]


def test_people_get_a_list_that_fits_their_terminal(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["models", "list"])
    assert code == 0
    assert "builtin: The language model that comes with Calligram" in out
    assert max(map(len, out.splitlines())) <= 80


def test_without_a_word_more_the_help_is_shown(calligram_command: Command) -> None:
    code, out, err = calligram_command(["models"])
    assert code == 2
    assert "list" in out + err
