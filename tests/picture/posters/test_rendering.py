"""Rendering: the ending says how."""

import pytest
from tests.picture.posters.conftest import MakePoster

from calligram import registry
from calligram.errors import OutputError
from calligram.picture.posters.rendering import check_ending

SIGNATURES = {"png": b"\x89PNG", "svg": b"<svg ", "pdf": b"%PDF-", "gif": b"GIF89a"}


def test_every_form_begins_as_its_kind_of_file_does(small: MakePoster) -> None:
    made = small()
    assert registry.members("picture.posters.forms") == sorted(SIGNATURES)
    for ending, signature in SIGNATURES.items():
        assert made.render(ending).startswith(signature)


@pytest.mark.parametrize(("path", "told"), [("a.bmp", "ends in '.bmp'"), ("poster", "has no ending")])
def test_an_unknown_ending_is_told_with_those_there_are(path: str, told: str) -> None:
    with pytest.raises(OutputError, match=rf"{told}, but a poster is one of \.gif, \.pdf, \.png, \.svg"):
        check_ending(path)


def test_capitals_in_an_ending_do_not_matter() -> None:
    assert check_ending("POSTER.SVG") == "svg"
