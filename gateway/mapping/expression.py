"""Expressions: how one value comes out of a record, and which records give a wanted value.

An expression is compiled from the words of one rule. ``push`` is its inverse: a condition on
source fields that every record giving the wanted value meets, and whether only those meet it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.conditions import ALWAYS, NEVER, Record, Scalar
from gateway.mapping.formats import Format, Sources, Unreadable
from gateway.mapping.meaning import Wire, holds, same
from gateway.mapping.raw import UNKNOWN, FirstRaw, JoinRaw, Push, Raw, SplitRaw, either, sorts_first
from gateway.standard.model import Op


@dataclass(frozen=True, slots=True)
class Const:
    """A value that every record has; it decides a filter without a call."""

    value: Wire

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    @property
    def order(self) -> tuple[str, ...] | None:
        return ()

    def read(self, record: Record) -> Wire:
        return self.value

    def push(self, op: Op, value: Any) -> Push:
        return Push(ALWAYS if holds(op, self.value, value) else NEVER, True)


@dataclass(frozen=True, slots=True)
class Expression:
    """A raw value, then value map or format, then default. ``written``: per value the code in which
    it is written, ``None`` for leaving it empty."""

    raw: Raw
    codes: Mapping[str, Wire] | None = None
    keep_unknown: bool = False
    unknown: Wire = None
    format: Format | None = None
    default: Wire = None
    written: Mapping[Wire, Scalar | None] = field(default_factory=dict)

    def written_as(self, written: Mapping[Wire, Scalar | None]) -> Expression:
        """The same expression, whose values are written in these codes."""
        return replace(self, written=written)

    @property
    def fields(self) -> tuple[str, ...]:
        return self.raw.fields

    @property
    def order(self) -> tuple[str, ...] | None:
        """Source fields whose order is the order of the values; ``None`` if there is no such."""
        if self.codes is not None or isinstance(self.raw, FirstRaw | SplitRaw):
            return None
        if isinstance(self.raw, JoinRaw) and not self.raw.widths:
            return None
        if self.default is not None or not sorts_first(self.raw):
            return None  # The source would sort such a record elsewhere.
        return self.fields if self.format is None or self.format.monotone else None

    def read(self, record: Record) -> Wire:
        """The wire value. Raises ``ValueError``."""
        value = self.raw.read(record)
        if value is None:
            return self.default
        if self.codes is not None:
            found = self.meaning(value)
            if found is None:
                raise Unreadable("onbekende code")
            return found
        if self.format is not None:
            return self.format.read(value)
        result: Wire = value
        return result

    def meaning(self, code: Scalar) -> Wire:
        """What a code stands for, ``None`` when that is not known."""
        assert self.codes is not None
        found = self.codes.get(str(code), self.unknown)
        return str(code) if found is None and self.keep_unknown else found

    def push(self, op: Op, value: Any) -> Push:
        """The inverse for ``op`` and a wire value (a tuple of them for ``IN``)."""
        match op:
            case Op.EQ:
                return self._equal((value,))
            case Op.IN:
                return self._equal(tuple(value))
            case Op.ALIKE:
                return self._alike(tuple(value))
            case Op.CONTAINS:
                return self._contains(value)
            case Op.PRESENT:
                if self.default is not None:
                    return Push(ALWAYS if value else NEVER, True)
                return self.raw.present() if value else self.raw.absent()
            case Op.EXISTS:
                return UNKNOWN
            case _:
                return self._compare(op, value)

    def _equal(self, wanted: tuple[Wire, ...]) -> Push:
        pushes = [self._sources(v) for v in wanted if v is not None]
        if self.default is not None and self.default in wanted:
            pushes.append(self.raw.absent())
        return either(pushes)

    def _sources(self, value: Wire) -> Push:
        if self.codes is not None:
            return self._codes(value)
        if self.format is not None:
            sources = self.format.sources(str(value))
            return self._raw(sources)
        if isinstance(value, bool):
            return UNKNOWN
        return self.raw.equal((value,) if value is not None else ())

    def _raw(self, sources: Sources) -> Push:
        if sources.exact:
            return self.raw.equal(sources.texts)
        return self.raw.pattern(sources.fragments)

    def _codes(self, value: Wire) -> Push:
        assert self.codes is not None
        pushes = [self.raw.equal(tuple(c for c, v in self.codes.items() if same(v, value)))]
        if self.keep_unknown and isinstance(value, str) and value not in self.codes:
            pushes.append(self.raw.equal((value,)))
        if self.unknown is not None and same(self.unknown, value):
            pushes.append(self.raw.outside(tuple(self.codes)))
        return either(pushes)

    def _contains(self, text: str) -> Push:
        if self.codes is not None:
            if self.keep_unknown or self.unknown is not None:
                return UNKNOWN
            fits = tuple(c for c, v in self.codes.items() if holds(Op.CONTAINS, v, text))
            push = self.raw.equal(fits)
        elif self.format is not None:
            fragments = self.format.parts(text)
            push = self.raw.pattern(fragments) if fragments is not None else UNKNOWN
        else:
            push = self.raw.contains(text)
        if self.default is not None and holds(Op.CONTAINS, self.default, text):
            return either([push, self.raw.absent()])
        return push

    def _alike(self, texts: tuple[str, ...]) -> Push:
        if self.codes is not None:
            if self.keep_unknown or self.unknown is not None:
                return UNKNOWN
            fits = tuple(c for c, v in self.codes.items() if holds(Op.ALIKE, v, texts))
            push = self.raw.equal(fits)
        elif self.format is not None:
            # What equals a text contains it.
            push = either(self._contains(text) for text in texts)
        else:
            push = self.raw.alike(texts)
        if self.default is not None and holds(Op.ALIKE, self.default, texts):
            return either([push, self.raw.absent()])
        return push

    def _compare(self, op: Op, value: str) -> Push:
        if self.order is None or self.default is not None:
            return UNKNOWN
        if self.format is None:
            return self.raw.compare(op.value, value)
        sources = self.format.sources(value)
        if not (sources.exact and len(sources.texts) == 1):
            return UNKNOWN
        return self.raw.compare(op.value, sources.texts[0])
