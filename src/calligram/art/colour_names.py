"""Plain names for colours: what people would say, and the nearest of them by CIEDE2000."""

from functools import cache

import numpy as np

from calligram.picture.lab import FloatArray, difference, to_lab

NAMES: dict[str, tuple[str, str]] = {
    # greys
    "black": ("black", "#0d0d0d"),
    "charcoal": ("black", "#303234"),
    "dark grey": ("grey", "#505152"),
    "grey": ("grey", "#7f8080"),
    "light grey": ("grey", "#b4b5b5"),
    "pale grey": ("grey", "#d9dada"),
    "white": ("white", "#fafafa"),
    # tinted greys
    "brownish black": ("black", "#1d1612"),
    "dark warm grey": ("grey", "#4d4742"),
    "warm grey": ("grey", "#827a71"),
    "light warm grey": ("grey", "#b5aea3"),
    "bluish black": ("black", "#141a24"),
    "dark blue grey": ("grey", "#3d4854"),
    "blue grey": ("grey", "#6d7f8f"),
    "light blue grey": ("grey", "#a9b7c2"),
    "cool grey": ("grey", "#848f97"),
    "greenish grey": ("grey", "#737d70"),
    "light greenish grey": ("grey", "#aab3a3"),
    "dark greenish grey": ("grey", "#434a42"),
    # whites and light browns
    "off-white": ("white", "#f1ede2"),
    "ivory": ("white", "#f6efd3"),
    "cream": ("cream", "#efe2bd"),
    "beige": ("beige", "#d8c7a5"),
    "sand": ("beige", "#c6b083"),
    "tan": ("tan", "#bd9768"),
    "pinkish beige": ("beige", "#d9bba7"),
    "dusty rose": ("pink", "#bd8f87"),
    # browns
    "very dark brown": ("brown", "#2e1f16"),
    "dark brown": ("brown", "#4a3222"),
    "brown": ("brown", "#6f4a2f"),
    "light brown": ("brown", "#977152"),
    "greyish brown": ("brown", "#6a5b4c"),
    "dark greyish brown": ("brown", "#45392f"),
    "light greyish brown": ("brown", "#988671"),
    "golden brown": ("brown", "#99692a"),
    "reddish brown": ("brown", "#74382b"),
    "dark reddish brown": ("brown", "#48231c"),
    "olive brown": ("brown", "#625333"),
    "dark olive brown": ("brown", "#3f3620"),
    "chestnut": ("brown", "#8b4a2c"),
    # yellows
    "ochre": ("ochre", "#c08a35"),
    "mustard": ("yellow", "#cfa62c"),
    "gold": ("gold", "#dfb145"),
    "yellow": ("yellow", "#f7dc1e"),
    "pale yellow": ("yellow", "#f5e990"),
    "straw yellow": ("yellow", "#e0cb7c"),
    "golden yellow": ("yellow", "#f9bd24"),
    # oranges
    "orange": ("orange", "#f78f1c"),
    "dark orange": ("orange", "#d0641b"),
    "light orange": ("orange", "#f9b578"),
    "burnt orange": ("orange", "#ad5425"),
    "peach": ("orange", "#f7c59f"),
    "terracotta": ("orange", "#bd6a4c"),
    "rust": ("rust", "#a4451f"),
    "caramel": ("brown", "#c68a50"),
    # reds
    "red": ("red", "#dd1c24"),
    "bright red": ("red", "#fb1f18"),
    "dark red": ("red", "#97171b"),
    "brick red": ("red", "#a9402f"),
    "maroon": ("red", "#5d1421"),
    "crimson": ("crimson", "#b81c43"),
    "coral": ("red", "#f3735f"),
    # pinks
    "pink": ("pink", "#f29ab2"),
    "pale pink": ("pink", "#f3d0d1"),
    "salmon pink": ("pink", "#eea08c"),
    "rose": ("pink", "#d8607c"),
    "hot pink": ("pink", "#f0368f"),
    "magenta": ("purple", "#cd1f93"),
    # purples
    "purple": ("purple", "#78287f"),
    "dark purple": ("purple", "#3e1c46"),
    "violet": ("violet", "#7f4fc0"),
    "lilac": ("violet", "#c1a1d4"),
    "pale lilac": ("violet", "#dbd0e3"),
    "mauve": ("violet", "#96748b"),
    "plum": ("purple", "#5f3048"),
    "greyish purple": ("purple", "#6b5b70"),
    # blues
    "navy blue": ("blue", "#14224b"),
    "deep blue": ("blue", "#0c1078"),
    "dark blue": ("blue", "#1b3a78"),
    "cobalt blue": ("blue", "#1f43a4"),
    "blue": ("blue", "#2459c4"),
    "bright blue": ("blue", "#1538f2"),
    "ultramarine": ("blue", "#3527a5"),
    "sky blue": ("blue", "#7fbbe6"),
    "light blue": ("blue", "#a5cce5"),
    "pale blue": ("blue", "#d2e2ec"),
    "azure": ("blue", "#2a92dd"),
    "steel blue": ("blue", "#4d7ba6"),
    "slate blue": ("blue", "#48597f"),
    "periwinkle": ("blue", "#8b93d6"),
    # blue greens
    "dark teal": ("teal", "#123f46"),
    "teal": ("teal", "#1c7a80"),
    "turquoise": ("turquoise", "#2fc0bd"),
    "pale turquoise": ("green", "#aee0dc"),
    "cyan": ("blue", "#18dcf0"),
    "greyish teal": ("teal", "#56807f"),
    # greens
    "green": ("green", "#2b8f3c"),
    "bright green": ("green", "#20d831"),
    "light green": ("green", "#8fd283"),
    "pale green": ("green", "#cfe5c3"),
    "dark green": ("green", "#1f4626"),
    "very dark green": ("green", "#18291c"),
    "sea green": ("green", "#3d9a76"),
    "mint green": ("green", "#a2e0bf"),
    "moss green": ("green", "#687a37"),
    "olive green": ("green", "#6f6f2d"),
    "dark olive green": ("green", "#40451f"),
    "sage green": ("green", "#93a583"),
    "grass green": ("green", "#5f9d31"),
    "yellow green": ("green", "#a9cc3a"),
    "khaki": ("green", "#a59a63"),
}
"""Each name with the plain word for it, and the colour that it stands for, in sRGB.

The list and its colours are ours; the names are those in common use."""


UNTINTED = 7
"""So many names at the top of the list are of greys without any tint."""


def name_of(lab: FloatArray, coloured: bool = True) -> str:
    """Return the nearest name of a colour by CIEDE2000.

    Args:
        lab: CIELAB under D65, shape (3,).
        coloured: whether all names may be given, or only those of greys without a tint.

    >>> name_of(to_lab(np.array([74, 50, 34], np.uint8)))
    'dark brown'
    """
    names, known = _known()
    return names[int(difference(lab, known if coloured else known[:UNTINTED]).argmin())]


def plain_word(name: str) -> str:
    """Return the plain word for a name: one that stands in any book.

    >>> plain_word("dark greyish brown")
    'brown'
    """
    return NAMES[name][0]


def hex_of(rgb: tuple[int, int, int]) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@cache
def _known() -> tuple[tuple[str, ...], FloatArray]:
    bytes_ = [list(bytes.fromhex(spelled[1:])) for _, spelled in NAMES.values()]
    return tuple(NAMES), to_lab(np.array(bytes_, np.uint8))
