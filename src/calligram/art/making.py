"""How an image was made, as a guess with its evidence: line art, photograph, painting or flat graphic."""

from calligram.art.views import View

Guess = tuple[str, str]


def guess_make(view: View) -> Guess:
    """Return how an image was made, and what speaks for it; ``unsure`` where nothing does.

    Args:
        view: the image.
    """
    if view.head.camera:
        return "photograph", f"the file names the camera {view.head.camera} and its exposure"
    return "unsure", "nothing measured speaks clearly for one kind"
