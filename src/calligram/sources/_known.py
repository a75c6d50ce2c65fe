"""The classes of data sets that carry numbers instead of names."""

from calligram.nano.prompts import SUBJECTS

DIGITS, GARMENTS = tuple(SUBJECTS["digit"]), tuple(SUBJECTS["garment"])
CLASSES = {"digit": DIGITS, "garment": GARMENTS}

MNIST_LICENCE = "MNIST by Y. LeCun, C. Cortes and C. Burges; commonly given as CC BY-SA 3.0"
FASHION_LICENCE = "Fashion-MNIST by Zalando SE, MIT licence"
