"""What the built-in painter hears in words, kind by kind, without painting anything.

``python -m benchmarks.painting_words`` teaches an adapter without the names kept to choose by, and measures
it on these; it takes two minutes of one core. ``python -m benchmarks.painting_words FILE`` measures the
shipped adapter on a file of wordings (TOML, tables ``wording`` with ``words``, ``kind`` and ``known``), and
once more without those that stand word for word among what it learnt.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import KINDS
from calligram.painters.adversarial.understanding import Listener, Understood, listener
from calligram.training.painter_phrases import Wordings, phrases_to_check, read_wordings


@dataclass(frozen=True)
class Heard:
    """What was heard in one wording.

    Args:
        words: as they were given.
        kind: what is meant; empty where it is none of the painter's.
        nearest: the most probable kind.
        known: whether the painter would paint it.
        learnt: whether it stands among the names that were learnt, word for word.
    """

    words: str
    kind: str
    nearest: str
    known: bool
    learnt: bool

    @property
    def right(self) -> bool:
        """Whether the kind meant is the most probable one."""
        return self.nearest == self.kind


def hear(listening: Listener, wordings: Iterable[tuple[str, str]], learnt: set[str]) -> list[Heard]:
    """Return what is heard in wordings, each given with the kind meant, empty for none."""
    told: list[tuple[str, str, Understood]] = [
        (words, kind, listening.understand(words)) for words, kind in wordings
    ]
    return [
        Heard(words, kind, each.nearest, each.known, without_frame(words) in learnt)
        for words, kind, each in told
    ]


def learnt_names(wordings: Wordings, with_checked: bool) -> set[str]:
    """Return every name that an adapter learnt."""
    lists = [*wordings.kinds["learn"], *wordings.further, *(wordings.kinds["check"] if with_checked else ())]
    return {without_frame(name) for names in lists for name in names}


def summary(heard: Sequence[Heard]) -> dict[str, float | int]:
    """Return counts and shares over some wordings."""
    named = [each for each in heard if each.kind]
    other = [each for each in heard if not each.kind]
    return {
        "wordings of a kind": len(named),
        "heard as meant": _share(each.right for each in named),
        "heard as meant, and known": _share(each.right and each.known for each in named),
        "wordings of no kind": len(other),
        "refused": _share(not each.known for each in other),
    }


def _share(found: Iterable[bool]) -> float:
    told = list(found)
    return round(sum(told) / len(told), 4) if told else 0.0


def lines(heard: Sequence[Heard]) -> list[str]:
    """Return what is printed: shares for every kind, and what is taken for what most often."""
    told = []
    for kind in KINDS:
        of_kind = [each for each in heard if each.kind == kind]
        if of_kind:
            told.append(f"{kind:12} {_share(each.right for each in of_kind):7.0%} of {len(of_kind)}")
    mistaken = Counter((each.kind, each.nearest) for each in heard if each.kind and not each.right)
    told += [f"{kind} taken for {nearest}: {count}" for (kind, nearest), count in mistaken.most_common(12)]
    return told


def from_file(path: Path) -> list[tuple[str, str]]:
    """Return the wordings of a file with the kinds meant."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["wording"]
    return [(row["words"], row["kind"] if row["known"] else "") for row in rows]


def _checked() -> tuple[list[Heard], dict[str, object]]:
    from calligram.training.painter_words import Teaching, first_adapter, measure, read_lessons

    wordings = read_wordings()
    lessons = read_lessons(wordings, Teaching())
    adapter = first_adapter(lessons, Teaching())
    asked = [
        (phrase.words, (*KINDS, "")[phrase.kind]) for phrase in phrases_to_check(wordings, Teaching().seed)
    ]
    listening = Listener(listener().engine, adapter)
    return hear(listening, asked, learnt_names(wordings, with_checked=False)), {
        "measured": asdict(measure(adapter, lessons.check))
    }


def main(arguments: Sequence[str]) -> None:
    """Print what is heard."""
    if arguments:
        learnt = learnt_names(read_wordings(), with_checked=True)
        heard, told = hear(listener(), from_file(Path(arguments[0])), learnt), {}
        for each in heard:
            if each.right != bool(each.kind) or each.known != bool(each.kind):
                print(f"{each.words!r} ({each.kind or 'none'}): {each.nearest}, known {each.known}")
    else:
        heard, told = _checked()
    print("\n".join(lines(heard)))
    new = [each for each in heard if not each.learnt]
    found = {"all": summary(heard), "not learnt word for word": summary(new), **told}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
