"""Running: the application behind a socket, until somebody stops it."""

import errno
import ipaddress
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from calligram.errors import OptionError
from calligram.server.options import ServeOptions


def run(app: FastAPI, name: str, options: ServeOptions, tell: Callable[[str], None]) -> None:
    """Serve an application until the process is interrupted; see :func:`calligram.server.serve`."""
    with listen(options.host, options.port) as listener, suppress(KeyboardInterrupt):
        for line in greet(name, listener, options):
            tell(line)
        config = uvicorn.Config(app, log_level="warning", lifespan="off", access_log=False)
        Server(config).run(sockets=[listener])


class Server(uvicorn.Server):
    """Tells the application when it is to stop, so that streams come to an end at once."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        super().handle_exit(sig, frame)
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.served.closing.set()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises:
        OptionError: the address is none of this machine's, or is taken already.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as fault:
        raise OptionError(
            f"host is {host!r}, but must be an address of this machine, as 127.0.0.1"
        ) from fault
    listener = socket.socket(family, kind)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as fault:
        listener.close()
        raise OptionError(_told(fault, host, port)) from fault
    return listener


def _told(fault: OSError, host: str, port: int) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use already: choose another with --port, or --port 0 for a free one"
        )
    if fault.errno == errno.EADDRNOTAVAIL:
        return f"host is {host!r}, but must be an address of this machine, as 127.0.0.1"
    return f"port {port} of {host} cannot be listened at ({fault.strerror}): choose another with --port"


def greet(name: str, listener: socket.socket, options: ServeOptions) -> list[str]:
    """Return what there is to say when a server has started."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    lines = [f"{name} is served at http://{shown}:{port}/v1 (Ctrl-C stops it)"]
    if options.api_key_env:
        lines.append(f"clients must send the key that the environment variable {options.api_key_env} holds")
    elif not ipaddress.ip_address(host).is_loopback:
        lines.append(
            f"{shown} can be reached from other machines and no key is asked for: "
            "everybody there can use it; --api-key-env NAME asks for one"
        )
    return lines
