"""Looks at some examples of a training file, or at what would be made of a source."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from calligram import registry
from calligram.errors import FormatError
from calligram.formats.base import Example, get_format
from calligram.picture import EncodeOptions
from calligram.sources.base import open_source
from calligram.training.dataset_files import find_files
from calligram.training.dataset_options import BuildOptions, ShowOptions
from calligram.training.shards import Job, make_examples
from calligram.training.storage import Storage


def show_examples(place: str, options: ShowOptions | None = None) -> list[Example]:
    """Return some examples.

    Args:
        place: a training file, a folder of them, or a source's spelling such as ``"idx:data/mnist"``.
        options: how many and where from; None takes the defaults.

    Raises:
        InputError: the place is neither, or cannot be read.
    """
    options = options or ShowOptions()
    is_source = place.partition(":")[0] in registry.members("sources") and not Path(place).exists()
    found = _of_source(place, options) if is_source else _of_files(place)
    chosen = list(islice(found, options.start, options.start + options.count))
    if not chosen:
        raise FormatError(f"{place} has no more than {options.start} examples: pass over fewer with --start")
    return chosen


def _of_source(spelling: str, options: ShowOptions) -> Iterator[Example]:
    build = BuildOptions(layout=options.layout)
    images = open_source(spelling, options.split)
    for number in range(len(images)):
        if number < options.start:
            yield Example("read", "", "", "")  # passed over, so not worth encoding
            continue
        shard, here = images.part(range(number, number + 1)), Storage(".")
        job = Job(shard, options.split, 0, range(number, number + 1), build, EncodeOptions(), here, here)
        yield from make_examples(job)[0]


def _of_files(place: str) -> Iterator[Example]:
    for file in find_files([place]):
        with file.open() as stream:
            for record in get_format(file.format).read(stream, repair=True):
                if record.faults:
                    raise FormatError(
                        f"{file.name}, {record.faults[0]}: see calligram dataset check {file.name}"
                    )
                if record.example:
                    yield record.example
