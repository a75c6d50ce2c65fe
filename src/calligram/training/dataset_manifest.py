"""What a built data set says of itself: ``manifest.json``, and the card that formats make files from."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from calligram.formats.base import Card, get_format
from calligram.picture import EncodeOptions, get_layout
from calligram.sources.base import Source
from calligram.training.dataset_options import BuildOptions
from calligram.training.dataset_target import MANIFEST, DataFile, Target
from calligram.training.shards import RECIPE, Made, plain_split, versions


def card_of(
    sources: Mapping[str, Source],
    spelling: str,
    made: Mapping[str, tuple[Sequence[Made], Sequence[DataFile]]],
    options: BuildOptions,
) -> Card:
    """Return the card of a data set; ``made`` may be empty to learn only which files a format adds."""
    first = next(iter(sources.values()))
    samples = [part.sample for parts, _ in made.values() for part in parts if part.sample]
    return Card(
        name=_short_name(spelling, options.layout),
        files={plain_split(split): [file.name for file in files] for split, (_, files) in made.items()},
        counts={plain_split(s): sum(part.examples for part in parts) for s, (parts, _) in made.items()},
        source=spelling,
        licence=first.licence,
        question=options.question or first.question,
        classes=first.classes,
        layout=options.layout,
        sample=samples[0] if samples else "",
    )


def _short_name(spelling: str, layout: str) -> str:
    """Return a name of letters, digits and _ for a data set.

    >>> _short_name("folder:my/own photos?kind=animal", "classic")
    'folder_own_photos_classic'
    """
    name, _, place = spelling.partition("?")[0].partition(":")
    last = place.rstrip("/").rpartition("/")[2]
    return re.sub(r"\W+", "_", f"{name} {last} {layout}").strip("_")


def manifest_of(
    sources: Mapping[str, Source],
    spelling: str,
    made: Mapping[str, Sequence[Made]],
    files: Mapping[str, Sequence[DataFile]],
    options: BuildOptions,
    encoding: EncodeOptions,
    target: Target,
) -> dict[str, Any]:
    """Return what ``manifest.json`` holds: nothing that differs between two builds of the same data set."""
    first = next(iter(sources.values()))
    card = card_of(sources, spelling, {s: (made[s], files[s]) for s in made}, options)
    told = {
        "source": spelling,
        "licence": first.licence,
        "kind": first.kind,
        "question": options.question or first.question,
        "classes": list(first.classes),
        "options": options.recipe(),
        "encoding": {name: value for name, value in asdict(encoding).items() if value is not None},
        "layout": asdict(encoding.laid_out(get_layout(options.layout))),
        "splits": {split: _split(sources[split], made[split], files[split]) for split in made},
        "companions": sorted(target.beside(name) for name in get_format(options.format).companions(card)),
        "versions": {"recipe": str(RECIPE), **versions()},
    }
    # as it will be read again: tuples become lists
    return dict(json.loads(json.dumps(told)))


def _split(source: Source, made: Sequence[Made], files: Sequence[DataFile]) -> dict[str, Any]:
    labels: Counter[str] = Counter()
    for part in made:
        labels.update(part.labels)
    return {
        "images": len(source),
        "examples": sum(part.examples for part in made),
        "labels": {name: labels[name] for name in source.classes if labels[name]},
        "skipped": [name for part in made for name in part.skipped],
        "files": [asdict(file) for file in files],
    }


def write_manifest(target: Target, manifest: dict[str, Any]) -> None:
    """Write the manifest beside the data."""
    told = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    target.folder.write(target.beside(MANIFEST), told.encode())
