"""What is known about language models as judges, told with every judgement."""

from dataclasses import dataclass

from calligram.art.hashing import COPY_BITS


@dataclass(frozen=True)
class Limit:
    """One thing that a reader should know before trusting a judge.

    Args:
        name: in a word or two.
        text: what is known, in a sentence or two.
        source: who found it.
        here: what is done about it here, or that nothing can be.
    """

    name: str
    text: str
    source: str
    here: str


LIMITS = (
    Limit(
        "Experts",
        "On a creativity test no language-model judge agreed with experts: of stories rated by the Torrance "
        "Test of Creative Writing, no model's assessments correlated positively with those of the experts. "
        "We know of no such study for pictures told as text.",
        "T. Chakrabarty et al., Art or artifice? Large language models and the false promise of creativity, "
        "CHI 2024; the test is modelled on E. P. Torrance's tests of creative thinking, 1966",
        "No total is formed, and no verdict stands without its evidence: read the reasons, not the levels.",
    ),
    Limit(
        "Position bias",
        "Shown two answers, a judge often prefers a place rather than an answer, so that swapping the two "
        "changes who wins.",
        "L. Zheng et al., Judging LLM-as-a-judge with MT-Bench and Chatbot Arena, NeurIPS 2023; P. Wang et "
        "al., Large language models are not fair evaluators, 2023",
        "Each pair is shown in both orders; a verdict that turns with the order counts for neither, and the "
        "share of those is told.",
    ),
    Limit(
        "Verbosity bias",
        "A longer answer is preferred to a shorter one that is as good.",
        "Zheng et al. 2023",
        "Every work is told by the same facts and the same grid, so that none is longer than another.",
    ),
    Limit(
        "Self-preference",
        "Judges seem to favour what a model of their own kind has made; the evidence is less sure than that "
        "for the other two.",
        "Zheng et al. 2023",
        "Ask judges of several makers: their agreement is told. Do not let a model judge its own work.",
    ),
    Limit(
        "Eyes",
        "A model that only knows text judges measured facts and a coarse grid of characters, not the work. "
        "It cannot see a brush stroke, a face or a line of text in it.",
        "What is given to a judge is printed by calligram facts --prompt",
        "A judge may say that an aspect cannot be judged; with --show-images, one that takes images is given "
        "the work itself.",
    ),
    Limit(
        "Halo",
        "A judge that is taken by one side of a work rates its other sides higher too.",
        "E. L. Thorndike, A constant error in psychological ratings, 1920, of human judges",
        "Each aspect of a work is asked by itself. In pairs all five are asked at once.",
    ),
)
"""The order is that of weight."""

MEASURED = (
    "Distances say how unlike a work is to the collection that was named, not how good or how new it is: a "
    "badly lit photograph of a famous painting is far from all. Another collection gives other distances. A "
    f"hash within {COPY_BITS} bits means the same picture; beyond that, near and far mean nothing to the eye."
)
EVIDENCE = (
    "That a cited fact or cell exists is checked; that it carries what is concluded from it is not. "
    "Evidence that does not exist is marked, and a verdict with no other is left out of the agreement."
)
AGREEMENT = (
    "Agreement is Krippendorff's alpha over ranks: 1 is perfect and 0 is what chance gives. He asks for 0.8 "
    "to rely on a judgement and 0.667 for tentative conclusions; judges of one make may agree in the same "
    "mistake, and a few works say little."
)
NO_TOTAL = "The aspects are different things: they are never added up, and there is no score of a work."
