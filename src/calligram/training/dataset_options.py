"""The options of building, checking and showing data sets: each stated once."""

from dataclasses import dataclass
from typing import Literal

from calligram.settings import option


@dataclass(frozen=True)
class BuildOptions:
    """What goes into a data set, how it is written, and who does the work."""

    split: str = option("train", "splits to build, commas between, as train,test or train[:1000]")
    format: str = option(
        "ascii-image",
        "how examples are written: ascii-image, messages, prompt-completion, alpaca, sharegpt, text, parquet",
    )
    task: Literal["read", "draw", "both"] = option("read", "examples of reading, of drawing, or both")
    layout: str = option("classic", "layout of the text pictures: classic, fine, full")
    question: str = option("", "question over a picture; empty means the source's own")
    request: str = option("Draw the {kind} {answer}, {layout}.", "request to draw, one line")
    limit: int = option(0, "images taken from each split, 0 for all", minimum=0)
    shuffle: bool = option(False, "put the images of each split in an order by chance")
    seed: int = option(0, "seed of the order and of augmentation", minimum=0)
    copies: int = option(0, "distorted copies added to each image", minimum=0, maximum=1000)
    turn_degrees: float = option(10.0, "copies: largest turn to either side", minimum=0, maximum=180)
    shear: float = option(0.1, "copies: largest lean, share of the height", minimum=0, maximum=1)
    scale: float = option(0.1, "copies: largest change of width and of height, share", minimum=0, maximum=0.9)
    shift: float = option(0.07, "copies: largest shift, share of the side", minimum=0, maximum=0.9)
    bad_images: Literal["stop", "skip"] = option("stop", "at an image that cannot be read: stop or skip")
    join: bool = option(True, "join the shards of a split into one file")
    shard_size: int = option(2000, "images in a shard, the unit of work", minimum=1, maximum=1_000_000)
    engine: str = option("local", "who runs the shards: local (all cores) or daft")
    workers: int = option(0, "processes at work, 0 for one a core", minimum=0, maximum=4096)

    def recipe(self) -> dict[str, object]:
        """Return the options that the examples follow from; who does the work is not among them."""
        return {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in {"engine", "workers", "split", "join"}
        }


@dataclass(frozen=True)
class CheckOptions:
    """How training files are checked."""

    format: str = option("", "the files' format; empty means told from the file")
    layout: str = option("", "the pictures' layout; empty means told from the pictures")
    repair: bool = option(False, "mend what can be mended, and list each mend")
    as_found: bool = option(False, "write the output with the comma after the last entry it was found with")
    tokenizer: str = option("", "counts tokens: a tokenizer.json, a folder, a hub name; empty: the built-in")


@dataclass(frozen=True)
class ShowOptions:
    """Which examples are shown."""

    count: int = option(3, "examples to show", minimum=1, flag="-n")
    start: int = option(0, "examples to pass over first", minimum=0)
    split: str = option("train", "of a source: which split")
    layout: str = option("classic", "of a source: layout of the pictures")
