"""The options of serving: each default, range and help line stated once."""

from dataclasses import dataclass, fields

from calligram.picture.options import Limits
from calligram.seeing.options import SeeOptions
from calligram.settings import option, option_of


@dataclass(frozen=True)
class ServeOptions(Limits):
    """What is served, where, to whom, and how much is taken in."""

    model: str = option("builtin", "model to serve, as builtin, builtin:FOLDER or hf:FOLDER")
    host: str = option("127.0.0.1", "address to listen at; 0.0.0.0 is every one of this machine")
    port: int = option(8000, "port to listen at; 0 takes a free one", minimum=0, maximum=65535)
    api_key_env: str | None = option(
        None, "environment variable that holds the key which clients must send; no key if none"
    )
    layout: str = option_of(SeeOptions, "layout", SeeOptions.layout)
    max_request_bytes: int = option(1 << 25, "refuse requests of more bytes", minimum=1)

    def seeing(self, layout: str) -> SeeOptions:
        """Return how an image is taken in: the limits of these options, and a layout."""
        limits = {field.name: getattr(self, field.name) for field in fields(Limits)}
        return SeeOptions(**limits, layout=layout)
