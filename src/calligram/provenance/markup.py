"""XML, safely: whether a text is well-formed and plain, and its tokens one after another.

Nothing is fetched, no entity is declared, and nothing nests deeper than ``DEEPEST``.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from calligram.errors import ImageError

DEEPEST = 200
_TOKENS = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>"""
    r"""|<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>|[^<]+""",
    re.DOTALL,
)
_NAME = re.compile(r"</?\s*([^\s/>]+)")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class Token(NamedTuple):
    """A stretch of XML; its kind is open, close, empty, comment, instruction, doctype or text."""

    kind: str
    text: str
    name: str = ""


def hardened(
    on_start: Callable[..., None], on_end: Callable[..., None], on_text: Callable[..., None]
) -> expat.XMLParserType:
    """Return a parser that gives names with their namespaces, and refuses entities and deep nesting."""
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ImageError(f"the XML nests deeper than {DEEPEST} elements: it is not read")
        on_start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        on_end(name)

    def refuse(*_: object) -> None:
        raise ImageError("the XML declares entities, which may blow up: it is not read")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = on_text, refuse
    parser.buffer_text = True
    return parser


def parse(content: bytes, parser: expat.XMLParserType) -> None:
    """Run a parser over a whole document.

    Raises:
        ImageError: it is not well-formed, or is refused.
    """
    try:
        parser.Parse(content, True)
    except expat.ExpatError as fault:
        raise ImageError(f"the XML is damaged ({fault}): fetch or save it again") from fault
    except (ValueError, LookupError) as fault:
        raise ImageError(f"the XML cannot be read ({fault}): fetch or save it again") from fault


def text_of(content: bytes) -> str:
    """Return the text of an XML file, whichever of the usual encodings it has, without a byte order mark.

    Raises:
        ImageError: it is in none of them.
    """
    declared = _DECLARED.match(content)
    encoding = declared[1].decode() if declared else "utf-8"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as fault:
        raise ImageError(f"the XML is no {encoding} text ({fault}): save it as UTF-8") from fault


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a well-formed text; joined they are the text again.

    Raises:
        ImageError: it cannot be taken apart.
    """
    place = 0
    for found in _TOKENS.finditer(text):
        if found.start() != place:
            break
        token, place = found[0], found.end()
        if not token.startswith("<") or token.startswith("<![CDATA["):
            yield Token("text", token)
        elif token.startswith("<!--"):
            yield Token("comment", token)
        elif token.startswith("<?"):
            yield Token("instruction", token, token[2:].split(None, 1)[0].rstrip("?"))
        elif token.startswith("<!"):
            yield Token("doctype", token)
        else:
            name = _NAME.match(token)
            kind = "close" if token.startswith("</") else "empty" if token.endswith("/>") else "open"
            yield Token(kind, token, name[1] if name else "")
    if place != len(text):
        raise ImageError(f"the XML cannot be taken apart at character {place}: save it again")
