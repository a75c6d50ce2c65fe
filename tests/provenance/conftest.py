"""Images of every format that can be signed, and keys of one's own and of a stranger."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from calligram.provenance.keys import Keys, make_keys

SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#abcdef"/></svg>
"""
FAR = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="http://127.0.0.1:9/manifest.c2pa"/></rdf:RDF>
</x:xmpmeta>"""
ENDINGS = ("jpg", "png", "webp", "avif", "tif", "gif", "svg", "pdf")


def bytes_of(ending: str) -> bytes:
    """Return a small image in the format of an ending, with edges and shades."""
    if ending == "svg":
        return SVG
    image = Image.radial_gradient("L").resize((48, 40)).convert("RGB")
    image.paste((200, 30, 60), (5, 5, 20, 20))
    stream = io.BytesIO()
    image.save(stream, {"jpg": "JPEG", "tif": "TIFF"}.get(ending, ending.upper()))
    return stream.getvalue()


@pytest.fixture
def image(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes an image without a label, and gives its path."""

    def write(ending: str) -> Path:
        path = tmp_path / f"image.{ending}"
        path.write_bytes(bytes_of(ending))
        return path

    return write


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Return keys of one's own."""
    pytest.importorskip("c2pa", reason="content credentials need the extra provenance")
    return make_keys(tmp_path_factory.mktemp("own") / "keys", name="Ada Lovelace")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Return keys of somebody whose root nobody knows."""
    pytest.importorskip("c2pa", reason="content credentials need the extra provenance")
    return make_keys(tmp_path_factory.mktemp("strange") / "keys", name="Mallory")


@pytest.fixture(autouse=True)
def _no_keys_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no test meet keys in a real home."""
    monkeypatch.delenv("CALLIGRAM_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
