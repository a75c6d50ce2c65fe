"""Licences by the names that the Hugging Face hub has for them.

Source: Hugging Face hub documentation, "Licenses" (``hub-docs``, docs/hub/repositories-licenses.md).
"""

import re

from calligram.errors import OptionError

LICENCES = frozenset(
    """
    afl-3.0 agpl-3.0 apache-2.0 apple-amlr apple-ascl artistic-2.0 bigcode-openrail-m
    bigscience-bloom-rail-1.0 bigscience-openrail-m bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear
    bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
    cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0
    cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0
    creativeml-openrail-m deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2
    gemma gfdl gpl gpl-2.0 gpl-3.0 h-research intel-research isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr llama2
    llama3 llama3.1 llama3.2 llama3.3 llama4 lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1
    openmdw-1.0 openrail openrail++ osl-3.0 other pddl postgresql unlicense wtfpl zlib
    """.split()  # noqa: SIM905
)
CREATIVE_COMMONS = re.compile(r"\bCC[ -](BY(?:-(?:NC|ND|SA))*|0)[ -](\d\.\d)\b", re.IGNORECASE)
IN_WORDS = {
    "mit licence": "mit",
    "mit license": "mit",
    "apache-2.0": "apache-2.0",
    "public domain": "cc0-1.0",
}


def check_licence(name: str) -> str:
    """Return a licence's name as it was given.

    Raises:
        OptionError: the hub knows no such licence.
    """
    if name not in LICENCES:
        raise OptionError(
            f"licence is {name!r}, but must be one that the hub knows, as apache-2.0, mit, cc-by-4.0, "
            "cc0-1.0, gpl-3.0, or other"
        )
    return name


def licence_of(told: str) -> str:
    """Return the hub's name of a licence told in words, ``"other"`` where it has none, or nothing if unknown.

    >>> licence_of("Optical Recognition of Handwritten Digits, UCI, CC BY 4.0"), licence_of("CC BY-SA 3.0")
    ('cc-by-4.0', 'cc-by-sa-3.0')
    >>> licence_of("unknown"), licence_of("as agreed with the museum")
    ('', 'other')
    """
    told = told.strip()
    if told.lower() in {"", "unknown"}:
        return ""
    if told.lower() in LICENCES:
        return told.lower()
    if found := CREATIVE_COMMONS.search(told):
        name = f"cc-{found[1]}-{found[2]}".lower().replace("cc-0-", "cc0-")
        return name if name in LICENCES else "other"
    return next((name for words, name in IN_WORDS.items() if words in told.lower()), "other")
