"""MNIST and Fashion-MNIST: fetched from mirrors, here from a local server."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from calligram.errors import FetchError
from calligram.sources._fetch import fetch_files
from calligram.sources.base import open_source


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "one.gz").write_bytes(b"content")
    sums = {"one.gz": hashlib.sha256(b"content").hexdigest()}
    for address in serve(folder):
        yield address, sums


@pytest.fixture
def wrong(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "wrong"
    folder.mkdir()
    (folder / "one.gz").write_bytes(b"other content")
    yield from serve(folder)


def test_a_file_is_fetched_once(tmp_path: Path, served: tuple[str, dict[str, str]]) -> None:
    address, sums = served
    cache = tmp_path / "cache"
    assert (fetch_files(sums, [address], cache) / "one.gz").read_bytes() == b"content"
    fetch_files(sums, ["http://127.0.0.1:1"], cache)


def test_the_next_mirror_is_tried_after_a_wrong_checksum_or_none(
    tmp_path: Path, served: tuple[str, dict[str, str]], wrong: str
) -> None:
    address, sums = served
    mirrors = ["http://127.0.0.1:1", wrong, f"{address}/nowhere", address]
    assert (fetch_files(sums, mirrors, tmp_path / "cache") / "one.gz").read_bytes() == b"content"


def test_a_wrong_checksum_leaves_nothing_behind(
    tmp_path: Path, served: tuple[str, dict[str, str]], wrong: str
) -> None:
    with pytest.raises(FetchError, match=r"one.gz could not be fetched.*wrong checksum.*give its folder"):
        fetch_files(served[1], [wrong], tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_a_damaged_file_in_the_cache_is_fetched_again(
    tmp_path: Path, served: tuple[str, dict[str, str]]
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "one.gz").write_bytes(b"cont")
    fetch_files(served[1], [served[0]], tmp_path / "cache")
    assert (tmp_path / "cache" / "one.gz").read_bytes() == b"content"


def test_other_schemes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.gz").write_bytes(b"content")
    with pytest.raises(FetchError, match="must begin with http"):
        fetch_files({"one.gz": "0"}, [f"file://{tmp_path}"], tmp_path / "cache")


@pytest.mark.parametrize(("name", "folder"), [("mnist", "mnist"), ("fashion", "fashion-mnist")])
def test_the_real_sets_have_the_checksums_we_know(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, folder: str
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path))
    for address in serve(shared_data / folder):
        source = open_source(f"{name}:?mirrors={address}", "test")
        assert len(source) == 10000
        assert source.digest(range(5)) == open_source(f"{name}:{shared_data / folder}", "test").digest(
            range(5)
        )


def test_without_a_network_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path))
    with pytest.raises(FetchError, match="give its folder"):
        open_source("mnist:?mirrors=http://127.0.0.1:1", "test")
