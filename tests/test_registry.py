"""Families find their members, and those of other packages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from calligram import registry
from calligram.errors import NameInFamilyError


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a package's file, installed as the renderer ``wax``."""
    told = tmp_path / "waxwork-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: waxwork\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[calligram.picture.renderers]\nwax = waxwork_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry._places.cache_clear()
    yield tmp_path / "waxwork_module.py"
    registry._places.cache_clear()


def test_another_packages_member_is_found(plugin: Path) -> None:
    plugin.write_text("COLOUR = 'yellow'\n")
    assert "wax" in registry.members("picture.renderers")


@pytest.mark.parametrize("text", [None, "import no_such_package_at_all\n"])
def test_another_packages_member_that_cannot_be_loaded_is_named(plugin: Path, text: str | None) -> None:
    if text:
        plugin.write_text(text)
    told = r"'wax' of the renderers cannot be loaded from waxwork_module \(No module.*package waxwork"
    with pytest.raises(NameInFamilyError, match=told):
        registry.member("picture.renderers", "wax")
