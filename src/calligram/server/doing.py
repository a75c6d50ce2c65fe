"""Doing: from a task to answers on their way."""

from calligram.server.answers import Answer, Served, Wishes
from calligram.server.drawing import draw
from calligram.server.reading import read
from calligram.server.speaking import continue_chat
from calligram.server.tasks import Task, ToDraw, ToRead


def do(task: Task, served: Served, wishes: Wishes) -> Answer:
    """Return the answers to a task; a reading is done at once, the rest while its pieces are taken.

    Raises:
        RefusalError: the task cannot be done in the wished way.
        CalligramError: the model was not taught that, does not know the layout, or cannot be reached.
    """
    if isinstance(task, ToRead):
        return read(task, served, wishes)
    if isinstance(task, ToDraw):
        return draw(task, served, wishes)
    return continue_chat(task, served, wishes)
