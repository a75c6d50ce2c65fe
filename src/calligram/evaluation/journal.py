"""The journal of an evaluation: finished steps beside the result, so that a killed run goes on where it was.

It is a file of one JSON object a line, the first of which says whose steps they are. A line that was being
written when the run was killed is thrown away; all before it count.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from calligram.errors import OptionError, OutputError

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Journal:
    """Remembers what the steps of one run made.

    Args:
        path: the file, or None to remember nothing.
        run: what the steps follow from, ready for JSON; steps of another run are refused.

    Raises:
        OptionError: the file holds the steps of another run.
        OutputError: the file cannot be read or written.
    """

    def __init__(self, path: Path | None = None, run: Mapping[str, Any] | None = None) -> None:
        self.path = path
        self.steps: dict[str, Any] = {}
        self.noted: set[str] = set()
        self.recalled = 0
        if path is None:
            return
        head = {"run": json.loads(json.dumps(run or {}))}
        try:
            lines = self._kept_lines(path) if path.exists() else []
            if lines:
                self._check(lines[0], head)
                self.steps = {line["step"]: line["made"] for line in lines[1:]}
                self.recalled = len(self.steps)
            else:
                self._append(head)
        except OSError as fault:
            raise self._refusal(fault) from fault

    def once(self, step: str, make: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Return what a step made: as remembered where it was finished before, else made now and noted.

        Args:
            step: its name, which no other step of the run has.
            make: makes what JSON can hold, from the other arguments.
        """
        if step not in self.steps:
            made = make(*args, **kwargs)
            if self.path is None:
                return made
            self._append({"step": step, "made": made})
            self.steps[step] = made
        kept: Made = self.steps[step]
        return kept

    def check(self, step: str, now: Any) -> None:
        """Note things that have to be the same when the run goes on, or compare them with those noted.

        Args:
            step: what they are, in the plural, as ``"pictures"``.
            now: what they are known by, ready for JSON.

        Raises:
            OptionError: they were others before.
        """
        now = json.loads(json.dumps(now))
        self.noted.add(step)
        if self.once(step, lambda: now) != now:
            raise OptionError(
                f"{self.path} keeps the steps of a run with other {step}: delete it to begin anew, "
                "or write the result to another place"
            )

    @property
    def begun(self) -> bool:
        """Whether anything was made that another try would have to make again."""
        return bool(self.steps.keys() - self.noted)

    def close(self) -> None:
        """Delete the file: the run is done."""
        if self.path:
            self.path.unlink(missing_ok=True)

    def _kept_lines(self, path: Path) -> list[dict[str, Any]]:
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(path, len(whole))
        try:
            return [json.loads(line) for line in whole.splitlines()]
        except ValueError as fault:
            raise OptionError(
                f"{path} is no journal of an evaluation ({fault}): delete it, or write to another place"
            ) from fault

    def _check(self, found: Mapping[str, Any], head: Mapping[str, Any]) -> None:
        then, now = found.get("run"), head["run"]
        if then == now:
            return
        told = "what is asked"
        if isinstance(then, dict):
            told = ", ".join(sorted(key for key in {*then, *now} if then.get(key) != now.get(key)))
        raise OptionError(
            f"{self.path} keeps the steps of another run, which differs in {told}: finish that one, "
            "delete the file to begin anew, or write the result to another place"
        )

    def _append(self, line: Mapping[str, Any]) -> None:
        assert self.path
        try:
            with self.path.open("ab") as stream:
                stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as fault:
            raise self._refusal(fault) from fault

    def _refusal(self, fault: OSError) -> OutputError:
        return OutputError(
            f"the journal '{self.path}' cannot be written ({fault.strerror or fault}): choose another place"
        )
