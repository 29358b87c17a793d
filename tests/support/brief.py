"""Printing little: what a failing test shows of a value."""

from __future__ import annotations

from typing import Any


class Brief:
    """Shown by hypothesis as ``repr`` says, not field by field."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))
