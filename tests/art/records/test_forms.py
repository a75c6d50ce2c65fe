"""What holds for every form of a catalogue."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from tests.art.works import catalogue, given_work

from calligram import registry
from calligram.art.records.base import Catalogue

FAMILY = "art.records"


@pytest.mark.parametrize("form", registry.members(FAMILY))
def test_a_form_yields_files_with_names_of_their_own_inside_the_folder(form: str) -> None:
    written = list(registry.member(FAMILY, form).build(catalogue()))
    paths = [PurePosixPath(path) for path, _ in written]
    assert paths
    assert len(set(paths)) == len(paths)
    assert all(not path.is_absolute() and ".." not in path.parts for path in paths)
    assert all(isinstance(content, bytes) and content for _, content in written)


@pytest.mark.parametrize("form", registry.members(FAMILY))
def test_a_form_of_an_empty_catalogue_can_be_written(form: str) -> None:
    assert all(
        isinstance(path, str)
        for path, _ in registry.member(FAMILY, form).build(
            Catalogue("Nothing", "https://museum.example/", ())
        )
    )


@pytest.mark.parametrize("form", registry.members(FAMILY))
def test_a_form_comes_out_the_same_twice(form: str) -> None:
    build = registry.member(FAMILY, form).build
    assert list(build(catalogue())) == list(build(catalogue()))


@pytest.mark.parametrize("form", registry.members(FAMILY))
def test_a_form_takes_words_of_every_script_and_half_a_character(form: str) -> None:
    work = given_work()
    odd = replace(work["title"], value="Ночь 夜 \ud83d \x07 🌙")
    told = catalogue(replace(work, fields={**work.fields, "title": odd}))
    contents = b"".join(content for _, content in registry.member(FAMILY, form).build(told))
    assert "Ночь 夜" in contents.decode("utf-8")
