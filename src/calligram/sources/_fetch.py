"""Downloads files with known checksums into the user's cache, from the first mirror that works."""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path

from calligram.errors import FetchError, OutputError
from calligram.whole_files import write_whole

TIMEOUT_S = 30.0
MAX_BYTES = 256 * 2**20


def fetch_files(sums: Mapping[str, str], mirrors: Sequence[str], folder: Path) -> Path:
    """Bring all files into a folder and return it; files that are there with the right checksum stay.

    Args:
        sums: SHA-256 (hex) of each file by its name.
        mirrors: addresses that the names are put behind, tried in order.
        folder: made where it does not exist.

    Raises:
        FetchError: no mirror gave a file with the right checksum; nothing of it is kept.
        OutputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, wanted in sums.items():
            path = folder / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
                write_whole(path, _fetch(name, wanted, mirrors))
    except OSError as fault:
        raise OutputError(
            f"the cache {folder} cannot be written ({fault.strerror or fault}): "
            "name another in CALLIGRAM_CACHE"
        ) from fault
    return folder


def _fetch(name: str, wanted: str, mirrors: Sequence[str]) -> bytes:
    faults = []
    for mirror in mirrors:
        address = f"{mirror.rstrip('/')}/{name}"
        try:
            data = _download(address)
        except (OSError, HTTPException, ValueError) as fault:
            faults.append(f"{address}: {fault}")
            continue
        if hashlib.sha256(data).hexdigest() == wanted:
            return data
        faults.append(f"{address}: wrong checksum ({len(data)} bytes)")
    told = "; ".join(faults) or "there is no mirror"
    raise FetchError(f"{name} could not be fetched ({told}): give its folder as the place, name:FOLDER")


def _download(address: str) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise ValueError("a mirror's address must begin with http:// or https://")
    request = urllib.request.Request(address, headers={"User-Agent": "calligram"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        data: bytes = answer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES >> 20} MiB")
    return data
