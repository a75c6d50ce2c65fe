"""Languages: whether a text is written in the script of the language that was asked for."""

import re
import unicodedata
from collections.abc import Mapping

SCRIPTS: Mapping[str, str] = {
    "korean": "HANGUL",
    "japanese": "HIRAGANA KATAKANA CJK",
    "chinese": "CJK",
    "mandarin": "CJK",
    "cantonese": "CJK",
    "russian": "CYRILLIC",
    "ukrainian": "CYRILLIC",
    "bulgarian": "CYRILLIC",
    "serbian": "CYRILLIC LATIN",
    "greek": "GREEK",
    "arabic": "ARABIC",
    "persian": "ARABIC",
    "farsi": "ARABIC",
    "urdu": "ARABIC",
    "hebrew": "HEBREW",
    "yiddish": "HEBREW",
    "hindi": "DEVANAGARI",
    "marathi": "DEVANAGARI",
    "nepali": "DEVANAGARI",
    "bengali": "BENGALI",
    "punjabi": "GURMUKHI ARABIC",
    "gujarati": "GUJARATI",
    "tamil": "TAMIL",
    "telugu": "TELUGU",
    "kannada": "KANNADA",
    "malayalam": "MALAYALAM",
    "thai": "THAI",
    "lao": "LAO",
    "burmese": "MYANMAR",
    "khmer": "KHMER",
    "georgian": "GEORGIAN",
    "armenian": "ARMENIAN",
    "amharic": "ETHIOPIC",
}
"""The scripts of languages that are not written in Latin letters; every other language passes."""

LEAST_SHARE = 0.5
"""So many of the letters must be of the script: names and terms may stay Latin."""
ENGLISH = "english"


def is_english(language: str) -> bool:
    """Return whether a language is English, of whatever country.

    >>> is_english("British English"), is_english("Korean")
    (True, False)
    """
    return ENGLISH in language.casefold().split()


def script_fault(text: str, language: str) -> str:
    """Return what is wrong with the script of a text, a clause; empty where nothing is, or nothing is known.

    Args:
        text: what was written.
        language: its name in English, as ``"Korean"``.

    >>> script_fault("A quiet harbour.", "Korean")
    'it is not written in Korean'
    >>> script_fault("조용한 항구", "Korean")
    ''
    """
    scripts = {script for word in re.findall(r"\w+", language.casefold()) for script in _of(word)}
    letters = [letter for letter in text if letter.isalpha()]
    if not scripts or not letters:
        return ""
    found = sum(unicodedata.name(letter, "").partition(" ")[0] in scripts for letter in letters)
    return "" if found >= LEAST_SHARE * len(letters) else f"it is not written in {language}"


def _of(word: str) -> list[str]:
    return SCRIPTS.get(word, "").split()
