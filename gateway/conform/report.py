"""What came of the statements: as text of at most 80 columns, in Dutch, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from gateway.conform.statement import Result, Seen, Verdict
from gateway.narrow import narrow

_SHOWN: Final = 10
"""How many places are named for one thing that is wrong or lacking."""

_WORDS: Final[Mapping[Verdict, str]] = {
    Verdict.PASSED: "goed",
    Verdict.FAILED: "FOUT",
    Verdict.NOT_APPLICABLE: "n.v.t.",
}


def total(results: Iterable[Result]) -> str:
    """How many statements there are of each verdict, in a line."""
    counted = Counter(result.verdict for result in results)
    return ", ".join(f"{counted[verdict]} {word.lower()}" for verdict, word in _WORDS.items())


def text(result: Result) -> Iterator[str]:
    """One statement, line by line."""
    head = f"{_WORDS[result.verdict]:<6} {result.statement.id:<22} "
    tries = f" ({result.right} keer)" if result.right else ""
    yield from narrow(head + result.statement.says + tries, 30)
    for what, places in _told(result):
        yield from narrow(f"       {what}: {', '.join(places)}", 9)


def _told(result: Result) -> Iterator[tuple[str, list[str]]]:
    """What was wrong, with where; what could not be tried only where nothing could."""
    for what, places in _by(result.wrong, "wrong").items():
        yield what, _few(places)
    if result.verdict is Verdict.NOT_APPLICABLE:
        for what, places in _by(result.lacking, "lacks").items():
            yield what, _few(places)


def _few(places: Sequence[str]) -> list[str]:
    more = len(places) - _SHOWN
    return [*places[:_SHOWN], *([f"en nog {more}"] if more > 0 else [])]


def _by(seen: Iterable[Seen], name: str) -> dict[str, list[str]]:
    """Where, by what there is to say."""
    found: dict[str, dict[str, None]] = {}
    for one in seen:
        found.setdefault(getattr(one, name), {})[one.where] = None
    return {what: list(places) for what, places in found.items()}


def document(root: str, results: Sequence[Result], error: str = "") -> dict[str, Any]:
    """As JSON: each statement with its verdict and what was seen; ``error``: why there is none."""
    counted = Counter(result.verdict for result in results)
    return {
        "server": root,
        "error": error or None,
        **{verdict.value: counted[verdict] for verdict in Verdict},
        "statements": [
            {
                "id": result.statement.id,
                "says": result.statement.says,
                "verdict": result.verdict.value,
                "right": result.right,
                "wrong": _by(result.wrong, "wrong"),
                "lacking": _by(result.lacking, "lacks"),
            }
            for result in results
        ],
    }
