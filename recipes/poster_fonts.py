"""Makes the faces that posters are set in where no font is named: ``python recipes/poster_fonts.py FOLDER``.

FOLDER has Fira Code's own files (``FiraCode-Light.ttf`` …; OFL 1.1). Of each weight two files are made: the
font itself with fewer characters and no hints, from which Pillow draws pixels, and its outlines as JSON, so
that SVG and PDF need no further package. Needs fonttools.
"""

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from calligram.picture.posters.outlines import read_outlines
from calligram.whole_files import write_whole

WEIGHTS = ("Light", "Medium", "Bold")
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA1, 0x180),  # Latin-1 and Latin Extended-A
    *range(0x391, 0x3CA),  # Greek
    *range(0x400, 0x460),  # Cyrillic
    *range(0x2010, 0x2027),
    0x20AC,
]
FONTS = Path(__file__).parents[1] / "src" / "calligram" / "picture" / "posters" / "fonts"


def main() -> None:
    """Write the fonts and their outlines."""
    for weight in WEIGHTS:
        source = Path(sys.argv[1]) / f"FiraCode-{weight}.ttf"
        target = FONTS / f"{weight.lower()}.ttf"
        cut(source, target)
        outlines = read_outlines(target.read_bytes(), str(target))
        write_whole(target.with_suffix(".json"), to_json(outlines))
        print(target.name, target.stat().st_size, target.with_suffix(".json").stat().st_size)


def cut(source: Path, target: Path) -> None:
    """Write a font with these characters alone, without hints, ligatures and composite glyphs."""
    font = TTFont(source)
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[0, 1, 2, 5, 13, 14], notdef_outline=True
    )
    options.drop_tables += ["DSIG", "GSUB", "GPOS", "GDEF", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    font.save(target)


def to_json(outlines: object) -> bytes:
    """Return outlines as JSON, a line for each character."""
    told = vars(outlines) | {}
    glyphs = told.pop("glyphs")
    lines = ",\n".join(
        f"{json.dumps(character, ensure_ascii=False)}: {json.dumps(glyph, ensure_ascii=False)}"
        for character, glyph in glyphs.items()
    )
    head = json.dumps(told, ensure_ascii=False)[:-1]
    return f'{head}, "glyphs": {{\n{lines}\n}}}}\n'.encode()


if __name__ == "__main__":
    main()
