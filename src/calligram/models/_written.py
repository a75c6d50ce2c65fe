"""When weights were written, so that answers of older ones are told apart."""

from pathlib import Path


def written_at(place: Path) -> int | None:
    """Return when a file or the newest file of a folder was written, in seconds since 1970; None if empty."""
    files = [path for path in place.iterdir() if path.is_file()] if place.is_dir() else [place]
    return int(max(path.stat().st_mtime for path in files)) if files else None
