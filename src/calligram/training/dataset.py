"""Builds data sets: plans the shards, has an engine run them, joins them, and writes the manifest."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from calligram import errors, settings
from calligram.errors import CalligramError, InputError, OptionError, SourceError
from calligram.formats.base import Format, get_format
from calligram.picture import EncodeOptions, get_layout
from calligram.sources.base import Source, open_source
from calligram.training.dataset_manifest import card_of, manifest_of, write_manifest
from calligram.training.dataset_options import BuildOptions
from calligram.training.dataset_target import DataFile, Target, choose_target
from calligram.training.engines.base import get_engine
from calligram.training.shards import Job, Made, run_job

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What a build came to.

    Args:
        files: addresses of the data files.
        manifest: what ``manifest.json`` says.
        shards: how many shards the splits have.
        reused: how many of them were there already.
    """

    files: tuple[str, ...]
    manifest: dict[str, Any]
    shards: int
    reused: int


def build_dataset(
    source: str,
    output: str | Path,
    options: BuildOptions | None = None,
    encoding: EncodeOptions | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build training files from labelled images.

    The same source, options and versions give the same bytes, whichever engine and however many workers.
    An interrupted build goes on from its finished shards when it is called again.

    Args:
        source: a source's spelling, as ``"idx:data/mnist"``.
        output: a file with the format's suffix (one split only), or a folder, or ``s3://…`` for either.
        options: what to build; None takes the defaults.
        encoding: how an image becomes a text picture; None changes nothing of the layout.
        progress: called with what is done, finished shards and all shards.

    Returns:
        The files and the manifest, which is written beside them.

    Raises:
        InputError: source, option or image cannot be used; nothing of the build stays.
        OutputError: something cannot be written, or a file that is not ours is in the way.
    """
    options, encoding = options or BuildOptions(), encoding or EncodeOptions()
    members = _checked(options, encoding)
    splits = list(dict.fromkeys(split.strip() for split in options.split.split(",") if split.strip()))
    target = choose_target(str(output), members.SUFFIX, splits, options.join)
    sources = {split: open_source(source, split) for split in splits}
    _refuse_overlap(sources)
    target.refuse_strangers(splits, [*members.companions(card_of(sources, source, {}, options))])
    jobs = {split: _plan(sources[split], split, options, encoding, target) for split in splits}
    with target.clean_after_fault():
        made = _run(jobs, options, progress)
        files = {split: _place(target, split, made[split], members) for split in splits}
        card = card_of(sources, source, {split: (made[split], files[split]) for split in splits}, options)
        for name, data in members.companions(card).items():
            target.folder.write(target.beside(name), data)
        manifest = manifest_of(sources, source, made, files, options, encoding, target)
        write_manifest(target, manifest)
    target.finish(files)
    everything = [one for parts in made.values() for one in parts]
    addresses = tuple(target.folder.address_of(file.name) for split in splits for file in files[split])
    return Built(addresses, manifest, len(everything), sum(one.again for one in everything))


def _refuse_overlap(sources: Mapping[str, Source]) -> None:
    for (one, these), (other, those) in combinations(sources.items(), 2):
        if these.shares_images_with(those):
            raise OptionError(
                f"the splits {one} and {other} have images in common, so that one would leak into the other: "
                "give splits apart, as train[:54000],train[54000:]"
            )


def _checked(options: BuildOptions, encoding: EncodeOptions) -> Format:
    settings.check(options)
    settings.check(encoding)
    members, layout = get_format(options.format), get_layout(options.layout)
    encoding.laid_out(layout)
    get_engine(options.engine)
    wanted = ("read", "draw") if options.task == "both" else (options.task,)
    for task in wanted:
        if task not in members.TASKS:
            raise OptionError(
                f"task is {options.task}, but the format {options.format} keeps no requests to draw: "
                "use task read, since its entries serve both ways, or another format, such as messages"
            )
    for name in ("question", "request"):
        if "\n" in getattr(options, name):
            raise OptionError(f"{name} has a line break, but must be one line")
    if encoding.colors != "none":
        raise OptionError(
            f"colors is {encoding.colors!r}, but what a model reads has no colour: leave it out"
        )
    return members


def _plan(
    images: Source, split: str, options: BuildOptions, encoding: EncodeOptions, target: Target
) -> list[Job]:
    """Return one job for each shard of a split; together they take every wanted image once."""
    count = min(options.limit or len(images), len(images))
    order: Any = range(len(images))
    if options.shuffle:
        order = np.random.default_rng((options.seed, len(images))).permutation(len(images))
    jobs = []
    for number, start in enumerate(range(0, count, options.shard_size)):
        part = order[start : min(start + options.shard_size, count)]
        places = part if isinstance(part, range) else tuple(part.tolist())
        shard = images.part(part)
        jobs.append(Job(shard, split, number, places, options, encoding, target.shards, target.work))
    return jobs


def _run(
    jobs: dict[str, list[Job]], options: BuildOptions, progress: Progress | None
) -> dict[str, list[Made]]:
    """Run all jobs and return what was made of each split, in order.

    Raises:
        CalligramError: of the first shard that could not be made.
    """
    everything = [(split, job) for split, parts in jobs.items() for job in parts]
    # a number over all splits, to know whose a result is
    numbered = [Numbered(number, job) for number, (_, job) in enumerate(everything)]
    made: list[Made | None] = [None] * len(numbered)
    engine = get_engine(options.engine)
    with closing(engine.run(run_numbered, numbered, options.workers)) as results:  # type: ignore[type-var]
        for done, (number, result) in enumerate(results, start=1):
            if result.fault:
                raise _error(result)
            made[number] = result
            if progress:
                progress("building shards", done, len(numbered))
    by_split: dict[str, list[Made]] = {split: [] for split in jobs}
    for (split, _), result in zip(everything, made, strict=True):
        assert result is not None, "an engine left out a job"
        by_split[split].append(result)
    return by_split


@dataclass(frozen=True)
class Numbered:
    """A job and its number among all jobs of a build."""

    number: int
    job: Job


def run_numbered(numbered: Numbered) -> tuple[int, Made]:
    """Run a job and return what was made with the job's number."""
    return numbered.number, run_job(numbered.job)


def _error(made: Made) -> CalligramError:
    kind = getattr(errors, made.error, InputError)
    return InputError(made.fault) if kind is errors.MissingExtraError else kind(made.fault)


def _place(target: Target, split: str, made: Sequence[Made], members: Format) -> list[DataFile]:
    """Return the data files of a split, joined from its shards, or the shards themselves."""
    examples = sum(part.examples for part in made)
    if not examples:
        raise SourceError(f"none of the images in the split {split!r} could be read: nothing was built")
    if not target.joined:
        return [DataFile(part.name, part.size_bytes, part.sha256, part.examples) for part in made]
    with target.hashing(target.data_name(split)) as stream:
        members.join_parts((target.shards.read(part.name) for part in made), stream)  # type: ignore[arg-type]
    return [stream.file(examples)]
