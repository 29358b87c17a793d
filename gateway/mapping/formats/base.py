"""What a format is: how a source writes a value, read, inverted and written.

Each format declares both directions. ``read`` takes the source's text or number and gives a wire
value. ``sources`` inverts an exact question: every source text that reads as the value
(``exact``), or fragments that every such text contains. ``parts`` does so for *contains*.
``write`` gives the one source text in which the gateway writes a value, and ``kept`` what that
reads as.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Unreadable(ValueError):
    """A value that does not fit; its text says why and never holds the value."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Source texts that read as a value. ``exact`` is false when others may do so too, and then
    ``fragments`` occur, in order, in all of them."""

    texts: tuple[str, ...] = ()
    exact: bool = True
    fragments: tuple[str, ...] = ()


class Format(BaseModel):
    """A format with its options."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @property
    def monotone(self) -> bool:
        """Whether source texts order as their values do."""
        return False

    @property
    def writable(self) -> bool:
        """Whether values can be written."""
        return True

    def read(self, raw: str | int) -> str:
        """The wire value. Raises ``Unreadable``."""
        raise NotImplementedError

    def reader(self) -> Callable[[str | int], str]:
        """``read`` as a function that is made once and called for every record."""
        return self.read

    def sources(self, value: str) -> Sources:
        """The inverse of ``read`` for one wire value."""
        raise NotImplementedError

    def parts(self, text: str) -> tuple[str, ...] | None:
        """Fragments that a source text contains, in order and in any case, whenever its value
        contains ``text``; ``None`` when nothing can be said."""
        return None

    def kept(self, value: str) -> str:
        """What a wire value reads as after it was written: itself, or another spelling of it."""
        return value

    def write(self, value: str) -> str:
        """The source text for a wire value: one that reads as ``kept``. Raises ``Unreadable`` when
        there is none."""
        raise Unreadable("dit formaat kan niet schrijven")
