"""What a source keeps, found out by trying: a value is offered to what would write it, and what it
would say of it is what a client is told. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from adapters.conditions import ALWAYS, All, AnyOf, Condition, In, Present, Record, all_of
from gateway.federation.catalogue import Catalogue
from gateway.federation.sampling import TEXTS, any_value, given
from gateway.mapping.attribute import Attribute, Option
from gateway.mapping.expression import Const, Expression
from gateway.mapping.formats import as_json
from gateway.mapping.keeping import Keeper, NotKept, Target
from gateway.mapping.raw import FieldRaw
from gateway.mapping.refusal import Otherwise
from gateway.mapping.stream import RuleError, Stream
from gateway.standard.model import Field, Kind

NOW: Final = "2026-01-31T12:00:00Z"

_VALUES: Final[Mapping[Kind, tuple[Any, ...]]] = {
    Kind.TEXT: (*TEXTS, "nld", "NL", "1234 AB", "0612345678", "a@b.nl", "https://x.example/1"),
    Kind.INTEGER: (1,),
    Kind.BOOLEAN: (True, False),
    Kind.DATE: ("2026-01-31",),
    Kind.DATETIME: ("2026-01-31T12:00:00Z",),
    Kind.MAP: ("x", as_json({"x": "x"})),
}


class Probe:
    """Tries what the keepers of one resource in one source keep."""

    def __init__(self, catalogue: Catalogue, keepers: Iterable[Keeper]) -> None:
        self._catalogue = catalogue
        self._keepers = list(keepers)

    def creates(self, path: str) -> bool:
        """Whether a new object can be given a value of choice for an attribute."""
        able = [keeper for keeper in self._keepers if keeper.creates]
        return self._chooses(able, path, self._taken_by_new)

    def updates(self, path: str) -> bool:
        """Whether an object can be given another value for an attribute."""
        able = [keeper for keeper in self._keepers if keeper.updates]
        return self._chooses(able, path, self._taken_by_old)

    def refers(self, path: str) -> tuple[bool, bool]:
        """Whether a new object, and one that there is, can be given another reference."""
        new = any(self._refers_new(k, path) for k in self._keepers if k.creates)
        return new, any(self._refers_old(k, path) for k in self._keepers if k.updates)

    def needed(self, path: str, *, reference: bool = False) -> bool:
        """Whether a new object cannot be without something that it can have."""
        able = [keeper for keeper in self._keepers if keeper.creates and keeper.within != path]
        return bool(able) and not any(self._does_without(k, path, reference) for k in able)

    def sometimes(self, path: str, *, reference: bool = False) -> bool:
        """Whether one kind of new objects cannot be without something that it can have."""
        able = [keeper for keeper in self._keepers if keeper.creates and keeper.within != path]
        return any(not self._does_without(keeper, path, reference) for keeper in able)

    def _does_without(self, keeper: Keeper, path: str, reference: bool) -> bool:
        hosts = self._hosts(keeper)
        values = {} if reference else {path: None}
        none = {path: ()} if reference else {}
        return _keeps(path, lambda: keeper.create(values, {}, {**hosts, **none}, NOW))

    def choices(self, path: str) -> tuple[Any, ...]:
        """The only values that a new object can have for an attribute, ``()``: there are others."""
        found: dict[Any, None] = {}
        for keeper in self._keepers:
            attribute = keeper.stream.attributes.get(path) if keeper.creates else None
            if attribute is None:
                continue
            if not all(_knows_values(option.expression) for option in attribute.options):
                return ()
            found |= {v: None for v in given(attribute) if self._taken_by_new(keeper, path, v)}
        return tuple(found)

    def longest(self, path: str) -> int | None:
        """The most characters that a new object can have for an attribute; ``None``: any number, or
        it depends."""
        found: list[int | None] = []
        for keeper in self._keepers:
            attribute = keeper.stream.attributes.get(path) if keeper.creates else None
            lengths = keeper.stream.writing.source.lengths if keeper.stream.writing else {}
            found += (_room(option.expression, lengths) for option in _options(attribute))
        known = [length for length in found if length is not None]
        return max(known) if known and len(known) == len(found) else None

    def _chooses(self, keepers: Sequence[Keeper], path: str, taken: Any) -> bool:
        """Whether there is a choice: rules that only have values of their own have to differ."""
        found: set[Any] = set()
        free = False
        for keeper in keepers:
            attribute = keeper.stream.attributes.get(path)
            if attribute is None:
                continue
            values = {v for v in candidates(attribute) if taken(keeper, path, v)}
            found |= values
            fixed = all(isinstance(o.expression, Const) for o in attribute.options)
            free = free or (not fixed and bool(values - {attribute.otherwise}))
        return free or len(found) > 1

    def _taken_by_new(self, keeper: Keeper, path: str, value: Any) -> bool:
        hosts = self._hosts(keeper)
        return _keeps(path, lambda: keeper.create({path: value}, {}, hosts, NOW), keeper.stays)

    def _taken_by_old(self, keeper: Keeper, path: str, value: Any) -> bool:
        options = keeper.stream.attributes[path].options
        return any(
            _keeps(path, lambda r=record: keeper.update(r, {path: value}, {}, {}))
            for record in (like(keeper.stream, option.when) for option in options)
        )

    def _refers_new(self, keeper: Keeper, path: str) -> bool:
        return any(
            _keeps(
                path,
                lambda t=target: keeper.create({}, {}, {**self._hosts(keeper), path: [t]}, NOW),
            )
            for target in self._targets(keeper.stream, path)
        )

    def _refers_old(self, keeper: Keeper, path: str) -> bool:
        record = like(keeper.stream)
        return any(
            _keeps(path, lambda t=target: keeper.update(record, {}, {}, {path: [t]}))
            for target in self._targets(keeper.stream, path)
        )

    def _hosts(self, keeper: Keeper) -> Mapping[str, Sequence[Target]]:
        """What an object has to refer to that is filled in in the record of another: one that has
        what such a record has for good."""
        path, stream = keeper.within, keeper.stream
        if path is None:
            return {}
        once = stream.writing.source.once if stream.writing else frozenset()
        fixed = {name: value for name, value in like(stream).items() if name in once}
        found = self._targets(stream, path)[:1]
        return {path: [replace(one, record={**(one.record or {}), **fixed}) for one in found]}

    def _targets(self, stream: Stream, path: str) -> list[Target]:
        far = [way.far for way in self._catalogue.targets(stream, path)]
        return [Target(s, tuple(map(any_value, s.key.values())), like(s)) for s in far]


def _keeps(path: str, tried: Any, stays: bool = False) -> bool:
    """Whether nothing is said of an attribute, whatever is said of the rest."""
    try:
        tried()
    except Otherwise as refused:
        # It can be given with the record that it is to stand in, and not afterwards.
        return stays or path not in refused.reasons
    except NotKept as refused:
        return path not in refused.reasons
    except RuleError:
        return False
    return True


def _options(attribute: Attribute | None) -> Sequence[Option]:
    return attribute.options if attribute else ()


def _room(expression: Expression | Const, lengths: Mapping[str, int]) -> int | None:
    match expression:
        case Expression(raw=FieldRaw(field), codes=None):
            return lengths.get(field)
        case _:
            return None


def _knows_values(expression: Expression | Const) -> bool:
    """Whether all values of a rule stand in it."""
    if isinstance(expression, Const):
        return True
    return expression.codes is not None and not expression.keep_unknown


def candidates(attribute: Attribute) -> Iterator[Any]:
    """Values to try: what its rules know, and one of each kind."""
    field: Field = attribute.field
    yield from given(attribute)
    yield from field.choices if field.kind is Kind.ENUM else _VALUES[field.kind]


def like(stream: Stream, when: Condition = ALWAYS) -> Record:
    """A record that a stream shows, with nothing in it but what that takes."""
    key = {name: any_value(part) for name, part in stream.key.items()}
    return {**dict(_meeting(all_of([stream.where, when]))), **key}


def _meeting(condition: Condition) -> Iterator[tuple[str, Any]]:
    match condition:
        case In(field, (value, *_)):
            yield field, value
        case Present(field):
            yield field, "1"
        case All(parts):
            for part in parts:
                yield from _meeting(part)
        case AnyOf((part, *_)):
            yield from _meeting(part)
        case _:
            return
