"""The classes of data sets that carry numbers instead of names."""

DIGITS = tuple("0123456789")
GARMENTS = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
CLASSES = {"digit": DIGITS, "garment": GARMENTS}

MNIST_LICENCE = "MNIST by Y. LeCun, C. Cortes and C. Burges; commonly given as CC BY-SA 3.0"
FASHION_LICENCE = "Fashion-MNIST by Zalando SE, MIT licence"
