"""What figures follow from beside what is asked: a model's own options and weights."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path

from calligram import registry, settings
from calligram.errors import ModelError, OptionError
from calligram.metrics.base import Figures

WHOLE_BYTES, END_BYTES = 4 * 2**20, 2**20
"""Files up to the first are read whole for a checksum; of others the first and the last so many bytes."""
INDIFFERENT = frozenset({"timeout_s", "retries", "budget_tokens", "concurrency", "cache"})
"""Options by which an endpoint is reached, and which its answers do not follow from."""


def tell_model(spelling: str, base_url: str = "", besides: Collection[Path] = ()) -> Figures:
    """Return what a model's answers follow from, as far as it can be told without opening it.

    Args:
        spelling: the model, as ``"hf:runs/mine?dtype=float32"``.
        base_url: the endpoint's address, for a model that is behind one.
        besides: files that do not count although they lie in the model's folder, as the result itself.

    Returns:
        ``name``: kind and place; ``options``: its own, resolved, but for those that say only how it is
        reached; ``weights``: a checksum of the folder or file it was read from, None where it is elsewhere.

    Raises:
        NameInFamilyError: no such kind of model.
        OptionError: an option is unknown or out of its range.
        ModelError: a file of it cannot be read.
    """
    kind, _, rest = spelling.partition(":")
    module = registry.member("models", kind)
    place, values = settings.split_query(rest, module.Options, f"the model {kind}")
    if base_url and takes_address(spelling):
        values.setdefault("base_url", base_url)
    options = asdict(settings.resolve(module.Options, values))
    return {
        "name": f"{kind}:{place}" if place else kind,
        "options": {name: value for name, value in options.items() if name not in INDIFFERENT},
        "weights": checksum_files(_place_of(kind, place), besides),
    }


def takes_address(spelling: str) -> bool:
    """Return whether a model is behind an endpoint, whose address can be given."""
    module = registry.member("models", spelling.partition(":")[0])
    return "base_url" in module.Options.__dataclass_fields__


def give_address(spellings: Collection[str], base_url: str) -> list[str]:
    """Return for each model the address of its endpoint, empty for one that is behind none.

    Raises:
        OptionError: an address is given, and none of the models is behind an endpoint.
    """
    takers = [takes_address(spelling) for spelling in spellings]
    if base_url and not any(takers):
        raise OptionError(
            f"base_url is {base_url!r}, but the model {' or '.join(map(repr, spellings))} is behind no "
            "endpoint: leave it out, or name a model such as openai:NAME"
        )
    return [base_url if taker else "" for taker in takers]


def checksum_files(place: Path | None, besides: Collection[Path] = ()) -> str | None:
    """Return a checksum (hex) of a file, or of the files right in a folder; None where there is neither.

    Of large files the size and the first and the last MiB count.

    Raises:
        ModelError: a file cannot be read.
    """
    if place is None or not place.exists():
        return None
    made = hashlib.blake2b(digest_size=16)
    try:
        for path in _files_of(place, {other.resolve() for other in besides}):
            size = path.stat().st_size
            made.update(f"{path.name} {size} ".encode())
            with path.open("rb") as stream:
                made.update(stream.read(size if size <= WHOLE_BYTES else END_BYTES))
                if size > WHOLE_BYTES:
                    stream.seek(-END_BYTES, 2)
                    made.update(stream.read())
    except OSError as fault:
        raise ModelError(
            f"the model's file {fault.filename or place} cannot be read ({fault.strerror}): check its rights"
        ) from fault
    return made.hexdigest()


def _place_of(kind: str, place: str) -> Path | None:
    if place:
        return Path(place).expanduser()
    if kind != "builtin":
        return None
    from calligram.nano.folder import SHIPPED

    return SHIPPED


def _files_of(place: Path, besides: Collection[Path]) -> Iterator[Path]:
    """Yield a file itself, or a folder's files in order; neither steps of a run nor what is written there."""
    if place.is_file():
        yield place
        return
    for path in sorted(place.iterdir()):
        if path.is_file() and path.suffix not in (".steps", ".part") and path.resolve() not in besides:
            yield path
