"""What an examination has to say: remarks with an id, a weight and advice, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from gateway.exits import Exit
from gateway.narrow import narrow


class Weight(StrEnum):
    """How bad it is: ``ERROR``, something does not work or is not safe; ``WARNING``, it will not,
    or not always; ``NOTE``, good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_WORDS: Final = {Weight.ERROR: "FOUT", Weight.WARNING: "LET OP", Weight.NOTE: "weet"}
_CODES: Final = {
    Weight.ERROR: Exit.ERRORS,
    Weight.WARNING: Exit.WARNINGS,
    Weight.NOTE: Exit.WELL,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be said. ``says``: what is the matter, and ``advice``: what may help, both
    in Dutch."""

    id: str
    weight: Weight
    says: str
    advice: str


@dataclass(frozen=True, slots=True)
class Remark:
    """That it is so somewhere. ``about``: a source, a setting, a collection and its field;
    ``seen``: more of it, in Dutch. Neither holds a value of a record or a secret."""

    kind: Kind
    about: str
    seen: str = ""


def exit_code(remarks: Iterable[Remark]) -> Exit:
    """That of the worst."""
    return max((_CODES[one.kind.weight] for one in remarks), default=Exit.WELL)


def text(remarks: Sequence[Remark]) -> Iterator[str]:
    """Line by line, the worst first; of each kind once what may help."""
    kinds = list(dict.fromkeys(one.kind for one in remarks))
    for weight in Weight:
        for kind in (one for one in kinds if one.weight is weight):
            yield from narrow(f"{_WORDS[weight]:<6} {kind.id}: {kind.says}", 7)
            for one in (r for r in remarks if r.kind is kind):
                seen = f": {one.seen}" if one.seen else ""
                yield from narrow(f"       - {one.about}{seen}", 9)
            yield from narrow(f"       {kind.advice}", 7)
    counts = [(w, sum(one.kind.weight is w for one in remarks)) for w in Weight]
    told = [f"{n} {_WORDS[w].lower()}" for w, n in counts if n]
    yield ", ".join(told) + "." if told else "Niets op te merken."


def document(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """As JSON."""
    return [
        {
            "id": one.kind.id,
            "severity": one.kind.weight.value,
            "about": one.about,
            "says": one.kind.says,
            "seen": one.seen,
            "advice": one.kind.advice,
        }
        for one in remarks
    ]
