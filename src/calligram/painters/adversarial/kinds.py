"""What the adversarial painter can paint: the names of its kinds and colours, in the order of its network."""

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
GARMENTS = (
    "t-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "sneaker",
    "bag",
    "ankle boot",
)
ICONS = (
    "skull",
    "heart",
    "star",
    "sword",
    "fire",
    "mask",
    "eye",
    "lightning",
    "shield",
    "crown",
    "key",
    "fish",
    "tree",
    "leaf",
    "flower",
    "mushroom",
    "moon",
    "sun",
    "cloud",
    "house",
    "ship",
    "car",
    "book",
    "hat",
    "bottle",
    "axe",
    "clock",
    "dice",
    "spider",
    "cat",
    "bird",
    "smiley",
)
KINDS = DIGITS + GARMENTS + ICONS
"""The 51 kinds; the place of each is its number in the network."""

COLOURS = ("black", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "grey", "")
"""The 11 colours; the last one means that the words name none."""
