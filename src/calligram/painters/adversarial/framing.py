"""Takes off what frames the words of an order: "please draw me a picture of a red cat" asks for "red cat"."""

import re

LEADING = frozenset(
    (
        "please", "can", "could", "would", "will", "you", "draw", "paint", "make", "create", "show", "give",
        "generate", "render", "sketch", "depict", "design", "produce", "do", "me", "us", "i", "we", "want",
        "need", "wish", "like", "love", "to", "see", "have", "get", "a", "an", "the", "some", "this",
        "that", "is", "it", "of", "with", "for", "showing", "depicting", "shows", "picture", "pictures",
        "image", "images", "icon", "icons", "drawing", "drawings", "painting", "paintings", "illustration",
        "illustrations", "photo", "photograph", "emoji", "emojis", "logo", "cartoon", "clipart", "artwork",
        "pixel", "simple", "digital", "oil", "watercolour", "watercolor", "pencil",
    )
)  # fmt: skip
"""Words that say nothing of the thing while only such words stood before."""
TRAILING = re.compile(
    r"(?: (?:icons?|emojis?|logo|clipart|please|for me|(?:pixel|digital|line|vector) art|flat design"
    r"|on (?:a )?(?:white|plain|transparent|light) background|drawing|painting|picture|illustration|symbol"
    r"|sign))+$"
)
"""What says nothing of the thing at the end."""
NO_PART = re.compile(r"[^\w\s'’\-:;()&.+]|(?<![:;\-])[)(]|\.(?!\d)")
"""Punctuation, but for what words, numbers and faces such as ``:-)`` are made of."""


def without_frame(words: str) -> str:
    """Return words in small letters without what frames them; what is nothing but frame stays.

    >>> without_frame("Please draw me a picture of a red Cat!")
    'red cat'
    >>> without_frame("a skull, flat design")
    'skull'
    >>> without_frame("sign")
    'sign'
    """
    plain = " ".join(NO_PART.sub(" ", words.lower()).split()).strip(" -'")
    parts = (TRAILING.sub("", plain) or plain).split()
    begun = 0
    while begun < len(parts) - 1 and parts[begun].strip(":'") in LEADING:
        begun += 1
    return " ".join(parts[begun:])
