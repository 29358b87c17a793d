"""Text for a terminal: lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final, TextIO

WIDTH: Final = 80


def narrow(line: str, indent: int | None = None) -> Iterator[str]:
    """A line as one or more that fit; what follows the first is set in by ``indent``, or by four
    more than the line itself. A word that is too long for a line stays whole."""
    own = len(line) - len(line.lstrip())
    after = " " * (own + 4 if indent is None else indent)
    yield from wrap(
        line,
        WIDTH,
        subsequent_indent=after,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [""]


def say(line: str, to: TextIO | None = None) -> None:
    """Print a line so that it fits, to standard output by default."""
    print("\n".join(narrow(line)), file=to)
