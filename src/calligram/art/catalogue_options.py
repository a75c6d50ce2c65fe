"""How a catalogue is made."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.art.asking import AskingOptions
from calligram.art.facts_options import FactsOptions
from calligram.settings import option


@dataclass(frozen=True)
class CatalogueOptions(AskingOptions, FactsOptions):
    """How a catalogue is made."""

    GROUP: ClassVar[str] = "catalogue"

    title: str = option("Catalogue", "title of the whole catalogue")
    base_uri: str = option(
        "https://example.org/catalogue/", "address under which the catalogue will be published, ending in /"
    )
    send_images: bool = option(False, "give the image itself to models that take one, not its text alone")
    processes: int = option(0, "images measured at once; 0 is one a processor", minimum=0, maximum=256)
    at_once: int = option(2, "images that models are asked about at once", minimum=1, maximum=64)
