"""The journal of a refinement, in its folder: every round, image and refusal as soon as it stands."""

import os
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from calligram.art.journal_file import JournalFile
from calligram.art.refining_brief import Brief, brief_from_json
from calligram.art.refining_budget import Spent
from calligram.art.refining_rounds import Attempt, Round, Shot, shot_from_json
from calligram.errors import InputError

KIND = "refinement"


class RefiningJournal:
    """The rounds of one refinement.

    Args:
        folder: of the refinement; made where there is none.

    Raises:
        OutputError: it cannot be read or written, or another process writes to it.
        FormatError: its journal is none.

    Attributes:
        asked: what the rounds follow from; None before anything was noted.
        rounds: those that were begun.
        spent: until the last line.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.asked: Mapping[str, Any] | None = None
        self.rounds: list[Round] = []
        self.spent = Spent()
        self._file = JournalFile(folder, KIND, self._recall)
        self.folder = self._file.folder

    def __enter__(self) -> "RefiningJournal":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def brief(self) -> Brief | None:
        """The brief that the rounds follow from, or None before anything was noted."""
        return brief_from_json(self.asked["brief"]) if self.asked else None

    def begin(self, asked: Mapping[str, Any], spent: Spent) -> None:
        """Note what the rounds follow from, or compare it with what was noted.

        Raises:
            InputError: the folder holds a refinement of something else.
            OutputError: it cannot be written.
        """
        if self.asked is None:
            self._note({"asked": dict(asked)}, spent)
            return
        for name, value in asked.items():
            if self.asked.get(name) != value:
                raise InputError(
                    f"the folder '{self.folder}' holds a refinement with another {name} "
                    f"({_shown(self.asked.get(name))}, now {_shown(value)}): name another folder"
                )

    def note_round(self, attempt: Attempt, spent: Spent) -> None:
        """Note what the next round asks for.

        Raises:
            OutputError: it cannot be written.
        """
        self._note({"round": asdict(attempt)}, spent)

    def note_shot(self, shot: Shot, spent: Spent) -> None:
        """Note an image of the last round.

        Raises:
            OutputError: it cannot be written.
        """
        self._note({"image": shot.to_json()}, spent)

    def note_refusal(self, number: int, fault: str, spent: Spent) -> None:
        """Note why an image of the last round did not come.

        Raises:
            OutputError: it cannot be written.
        """
        self._note({"refused": {"number": number, "fault": fault}}, spent)

    def _note(self, line: Mapping[str, Any], spent: Spent) -> None:
        whole = {**line, "spent": spent.to_json()}
        self._file.append(whole)
        self._recall(whole)

    def _recall(self, line: Mapping[str, Any]) -> None:
        self.spent = Spent(**line["spent"])
        if "asked" in line:
            self.asked = line["asked"]
        elif "round" in line:
            self.rounds.append(Round(len(self.rounds) + 1, Attempt(**line["round"])))
        elif "image" in line:
            last = self.rounds[-1]
            self.rounds[-1] = replace(last, shots=(*last.shots, shot_from_json(line["image"])))
        else:
            last, told = self.rounds[-1], line["refused"]
            self.rounds[-1] = replace(last, refused={**last.refused, told["number"]: told["fault"]})


def _shown(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= 60 else f"{told[:60]}…"
