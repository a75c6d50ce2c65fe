"""Where a server listens, and what it says when it starts."""

import socket

import pytest

from calligram.server.options import ServeOptions

pytest.importorskip("fastapi", reason="serving needs the extra serve")
pytest.importorskip("uvicorn", reason="serving needs the extra serve")

from calligram.server.running import greet, listen


def test_a_loopback_server_says_where_it_is_and_nothing_else() -> None:
    with listen("localhost", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        (line,) = greet("builtin", listener, ServeOptions())
    assert line.startswith("builtin is served at http://")
    assert f":{port}/v1 " in line


def test_a_server_open_to_others_without_a_key_says_so() -> None:
    with listen("0.0.0.0", 0) as listener:
        _, warning = greet("builtin", listener, ServeOptions())
        _, comfort = greet("builtin", listener, ServeOptions(api_key_env="KEY"))
    assert "no key is asked for" in warning
    assert "--api-key-env" in warning
    assert comfort == "clients must send the key that the environment variable KEY holds"


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_an_address_of_version_6_is_told_in_brackets() -> None:
    try:
        listener = listen("::1", 0)
    except Exception:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        (line,) = greet("builtin", listener, ServeOptions())
    assert "http://[::1]:" in line
