"""How the built-in model is trained; loads no torch, so that the command line can show its help at once."""

from dataclasses import dataclass
from typing import ClassVar

from calligram.settings import option


@dataclass(frozen=True)
class NanoOptions:
    """How the built-in model is trained."""

    GROUP: ClassVar[str] = "train"

    layouts: str = option(
        "classic", "layouts to teach, each with its share of the steps, as classic:0.4,fine:0.6"
    )
    late: str = option(
        "", "layouts, comma-separated, that join only after the share 'late_from' of the steps"
    )
    late_from: float = option(
        0.4, "share of the steps after which the late layouts join", minimum=0, maximum=1
    )
    weights: str = option(
        "", "share of each source in a batch, as digit:3,garment:3,letter:1; even where not given"
    )
    start: str = option(
        "",
        "a model folder whose weights training starts from, or 'builtin'; several, as runs/a:2,runs/b:3, "
        "give the mean of their weights; empty starts anew",
    )
    steps: int = option(2000, "training steps; 0 finishes what 'start' names as it is", minimum=0)
    batch_tokens: int = option(10_800, "tokens in one step", minimum=256)
    drawn: float = option(0.2, "share of the examples that teach drawing", minimum=0, maximum=0.9)
    unknown: float = option(
        0.08, "share of the readings whose right answer is 'none'", minimum=0, maximum=0.9
    )
    picture_loss: float = option(0.3, "weight of the loss on pictures beside the loss on answers", minimum=0)
    teacher: bool = option(
        False, "train a convolutional net first, for digits and garments, and follow its soft answers"
    )
    guide: float = option(1.0, "weight of following what the teacher sees at each place", minimum=0)
    wear: str = option(
        "",
        "share of each kind's readings whose image is damaged, as digit:0.5,letter:0.3; none where not given",
    )
    elder: str = option(
        "",
        "a model folder whose soft answers to undamaged pictures are followed, or 'builtin'; none if empty",
    )
    width: int = option(128, "width of the network", minimum=32, maximum=256)
    layers: int = option(6, "layers of the network", minimum=1, maximum=12)
    rate: float = option(0.003, "highest learning rate", minimum=1e-5, maximum=0.1)
    decay: float = option(
        0.95, "share of the steps, at the end, over which the rate falls to zero", minimum=0, maximum=1
    )
    seed: int = option(1, "seed of weights, order and distortions", minimum=0)
    save_every_s: float = option(120, "seconds between two checkpoints", minimum=0)
    check_every: int = option(1000, "steps between two looks at the validation images", minimum=1)
    compile: bool = option(False, "compile the network first: half a minute each layout, then twice as fast")
