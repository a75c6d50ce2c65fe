"""What the README promises: its two commands, its links, its table and its Python."""

import re
from pathlib import Path

import pytest
from benchmarks.results_table import main

import calligram

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "CONTRIBUTING.md"]
COMMANDS = ["pip install . && calligram demo", 'pip install -c constraints.txt -e ".[dev]" && pytest']
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_two_commands_stand_in_the_readme_word_for_word() -> None:
    assert [block.strip() for block in blocks("README.md", "console")] == COMMANDS


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    wanted = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in wanted if not (ROOT / link).exists()] == []


def test_the_table_of_results_is_what_the_files_say() -> None:
    assert main([str(ROOT / "README.md"), "--check"]) == 0


def test_the_python_in_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (Path(calligram.__file__).parent / "nano" / "weights" / "model.safetensors").exists():
        pytest.skip("the built-in model's weights are not there yet")
    monkeypatch.chdir(ROOT)
    (code,) = blocks("README.md", "python")
    found: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), found)  # the page's own words
    assert getattr(found["reading"], "answer") == "7"  # noqa: B009
    assert calligram.decode(getattr(found["picture"], "text")) == found["picture"]  # noqa: B009


def test_the_page_for_contributors_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) < 100


def test_every_change_is_told_in_a_fragment_of_a_known_kind() -> None:
    names = [path.name for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md"]
    assert names
    assert all(re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md", name) for name in names)
