"""What an evaluation can be asked to do: each default, range and help line stated once."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from calligram.settings import option


@dataclass(frozen=True)
class EvaluationOptions:
    """Options of one evaluation; zero counts mean all there are."""

    GROUP: ClassVar[str] = "evaluate"

    suite: Literal["reading", "robustness", "drawing", "all"] = option(
        "reading", "what is measured: reading, and with it robustness, drawing, or all of them"
    )
    base_url: str = option("", "address of the endpoint, for a model behind one")
    split: str = option("test", "split that is read, as test or test[:1000]")
    train_split: str = option("train", "split that ceiling, baselines and judge learn from")
    layout: str = option("classic", "layout of the grids, as classic, fine or full")
    framing: Literal["auto", "none", "content", "fit"] = option(
        "auto",
        "auto to take small images on clean paper as they are and others as calligram see does, "
        "none to take all as they are, content to crop to the ink and centre it by mass, "
        "fit to crop to the thing and fill the frame",
    )
    polarity: Literal["auto", "light-on-dark", "dark-on-light"] = option(
        "auto", "what the ink is: light-on-dark, dark-on-light, or auto to look"
    )
    limit: int = option(0, "most pictures read, 0 for all", minimum=0)
    train_limit: int = option(0, "most pictures the ceiling and the judge learn from, 0 for all", minimum=0)
    question: str = option("", "question asked of each picture; empty takes the source's own")
    open_answers: bool = option(False, "let the model answer freely instead of choosing among the classes")
    batch: int = option(
        0,
        "pictures handed to the model at once, each step of a run; 0 is 500 for builtin, 20 for others",
        minimum=0,
    )
    bad_images: Literal["stop", "skip"] = option(
        "stop", "at images that cannot be read: stop and name them, or skip and count them"
    )
    seed: int = option(0, "seed of every choice, net and drawing", minimum=0)
    ceiling: bool = option(False, "train a small convolutional net on the same grids and test it")
    baselines: bool = option(
        True, "beside the ceiling: nearest neighbour, logistic regression and RBF-SVM on the same grids"
    )
    baseline_limit: int = option(20_000, "most pictures a baseline learns from, 0 for all", minimum=0)
    epochs: int = option(8, "passes over the train split for ceiling and judge", minimum=1, maximum=200)
    cache: bool = option(True, "keep trained nets in the user's cache and use them again")
    drawing: bool = option(False, "have the model draw, and a convolutional judge look at it")
    drawings: int = option(1000, "pictures drawn, shared among the classes", minimum=1)
    request: str = option(
        "", "words that ask for a drawing, as 'the {kind} {label}'; empty names kind and label"
    )
    temperature: float | None = option(
        None, "sampling temperature; that of calligram draw where not given", minimum=0
    )
    abstention: bool = option(False, "measure abstention on photographs, noise, blanks and another source")
    photos: str = option("", "folder of photographs for --abstention")
    other: str = option("", "source of other things for --abstention, as idx:data/fashion-mnist")
    strange: int = option(1000, "most pictures of each strange kind for --abstention", minimum=1)

    @property
    def draws(self) -> bool:
        """Whether drawing is measured."""
        return self.drawing or self.suite in ("drawing", "all")

    @property
    def damages(self) -> bool:
        """Whether robustness is measured."""
        return self.suite in ("robustness", "all")

    @property
    def learns(self) -> bool:
        """Whether anything learns from the train split: a ceiling, or a judge of drawings."""
        return self.ceiling or self.draws
