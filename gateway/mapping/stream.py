"""Streams and edges: the compiled form of a mapping.

A stream is (source, collection, resource, slot): one way in which records become objects. It is
the unit that is planned, counted, paged and merged. An edge is a reference that a stream's
record holds; inverse relations, expand and filters on related objects follow from edges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from adapters.base import Writes
from adapters.conditions import (
    ALWAYS,
    Alike,
    Condition,
    In,
    Record,
    Scalar,
    fields_of,
    get,
    is_absent,
)
from gateway.mapping.attribute import Attribute
from gateway.mapping.code import Code
from gateway.mapping.expression import Const, Expression
from gateway.mapping.formats import Unreadable, as_map
from gateway.mapping.meaning import Wire, holds
from gateway.mapping.raw import Push
from gateway.mapping.shared import SharedKey
from gateway.mapping.words import KeyPart
from gateway.standard.model import Kind, Ref, Resource
from gateway.standard.question import Test

NativeKey = tuple[Scalar, ...]
Values = dict[str, Any]
SortKey = tuple[str, str]

UNREADABLE: Final = (KeyError, ValueError, TypeError, AttributeError)
"""What compiled rules raise for a record that they cannot read; which one it is, is not said."""


class RuleError(Exception):
    """A record that a rule cannot read. Names the rule, never the value."""

    def __init__(self, stream: Stream, attribute: str, reason: str) -> None:
        self.source = stream.source
        super().__init__(f"{stream.resource.path}.{attribute} ({stream.name}): {reason}")


@dataclass(frozen=True, eq=False)
class Edge:
    """A reference to the object of ``target`` (resource, stream) whose native key is ``field``.

    ``elsewhere``: the sources that it leads to, where these are others; then it leads to all their
    streams of the resource, and ``target`` names none. ``required``: where it leads nowhere, the
    object that holds it is not shown; ``given``: unless nothing is referred to. ``writable``: the
    mapping lets it be written. ``shared``: ``field`` does not hold the native key but a key of this
    kind, which leads to the one object that it is of, if there is just one (see
    ``federation.links``).
    """

    path: str
    ref: Ref
    target: tuple[str, str]
    field: str
    when: Condition
    required: bool | Literal["given"]
    writable: bool = False
    elsewhere: tuple[str, ...] = ()
    shared: SharedKey | None = None

    def leads(self, near: Stream, far: Stream) -> bool:
        """Whether it leads from the objects of one stream, which hold it, to those of another."""
        if self.elsewhere:
            return far.source in self.elsewhere and far.resource.path == self.ref.to
        return far.source == near.source and far.id == self.target

    @cached_property
    def key(self) -> Callable[[Record], Scalar | None]:
        """The key of the object that a record refers to, ``None`` when it refers to nothing. A key
        that is shared is in its normal spelling."""
        code = Code()
        value, holds = code.field(self.field), code.condition(self.when)
        key = f"{value} if isinstance({value}, int) else str({value})"
        result = f"None if {value} is None or not {holds} else {key}"
        key_of = code.function("key(r)", result, f"{self.path} -> {self.field}")[1]
        return key_of if self.shared is None else _normal(key_of, self.shared)

    def holds(self, keys: Iterable[Scalar]) -> Condition:
        """That the field has one of these keys."""
        if self.shared is None:
            return In(self.field, tuple(keys))
        return Alike(self.field, tuple(map(str, keys)))


def _normal(
    key_of: Callable[[Record], Scalar | None], shared: SharedKey
) -> Callable[[Record], Scalar | None]:
    def key(record: Record) -> Scalar | None:
        value = key_of(record)
        return None if value is None else shared.normal(str(value))

    return key


@dataclass(frozen=True, slots=True)
class Filling:
    """Values for fields of a new record that are still empty, if it meets ``when`` by then."""

    when: Condition
    given: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Writing:
    """What may be written through a stream: what the mapping allows and the source does.

    ``given``: fields of a new record that always have the same value. ``fill``: what others get
    that nothing was written in, in this order. ``needs``: what a new record has to meet with all
    that one write puts in it. ``cleared``: what is set in
    the fields of a record instead of deleting it. ``closed``: which records are changed no more.
    ``source``: what the source says of writing.
    """

    create: bool
    update: bool
    delete: bool
    given: Mapping[str, Scalar]
    cleared: Mapping[str, Scalar | None] | None
    closed: Condition
    source: Writes
    fill: tuple[Filling, ...] = ()
    needs: Condition = ALWAYS


@dataclass(frozen=True, eq=False)
class Stream:
    """See the module. ``number`` orders the streams of a resource; ``sort`` is what the list is
    sorted by before creation, ``None`` for creation alone. ``presence``: of members with several
    shapes, whether there is an object where it would be empty. ``complete``: nothing is to be added
    to what its records say, see ``federation.preferred``."""

    source: str
    source_number: int
    name: str
    number: int
    resource: Resource
    slot: int
    collection: str
    key: Mapping[str, KeyPart]
    where: Condition
    created: Expression | Const
    attributes: Mapping[str, Attribute]
    edges: tuple[Edge, ...]
    presence: Mapping[str, Attribute] = field(default_factory=dict)
    writing: Writing | None = None
    complete: bool = False
    file: str = ""
    sort: Attribute | None = field(init=False)
    _key_names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key_names", tuple(self.key))
        by = self.resource.order
        object.__setattr__(self, "sort", self.attributes[by] if by else None)

    def __str__(self) -> str:
        return f"{self.source}:{self.resource.path}.{self.name}"

    @property
    def id(self) -> tuple[str, str]:
        """Resource and name: unique within a source."""
        return (self.resource.path, self.name)

    @property
    def key_field(self) -> str:
        """The one field that references point at (checked at load for streams referred to)."""
        return next(iter(self.key))

    def native_key(self, record: Record) -> NativeKey:
        """The native key of a record. Raises ``RuleError`` when part of it is absent."""
        if len(self._key_names) == 1:
            value = record.get(self._key_names[0])
            if value.__class__ is int:
                return (value,)
        values = [get(record, name) for name in self._key_names]
        if any(is_absent(v) for v in values):
            raise RuleError(self, "uuid", "sleutel ontbreekt")
        return tuple(v if isinstance(v, int) else str(v) for v in values)

    def native_keys(self, records: Iterable[Record]) -> list[NativeKey]:
        """``native_key`` of each."""
        if len(self._key_names) > 1:
            return [self.native_key(record) for record in records]
        (name,) = self._key_names
        values = [(record.get(name), record) for record in records]
        return [(v,) if v.__class__ is int else self.native_key(r) for v, r in values]

    def read(self, record: Record) -> Values:
        """The wire values that a record gives, by dotted path. Raises ``RuleError``."""
        values: Values = {}
        metadata: dict[str, str] = {}
        for path, attribute in self.attributes.items():
            value = self.value(path, attribute, record)
            if value is None or value == "":
                continue
            if attribute.field.kind is not Kind.MAP:
                values[path] = value
            elif "." in path:
                metadata[path.partition(".")[2]] = str(value)
            else:
                metadata = as_map(str(value))
        for path, attribute in self.presence.items():
            if self.value(path, attribute, record):
                values[path] = True
        if metadata:
            values["metadata"] = metadata
        return values

    def value(self, path: str, attribute: Attribute, record: Record) -> Wire:
        """One attribute of a record. Raises ``RuleError``."""
        try:
            return attribute.read(record)
        except ValueError as error:
            raise RuleError(self, path, reason(error)) from None

    def gives(self, member: str, record: Record) -> bool:
        """Whether a record has anything for a member of the standard, or for a part of it: a value
        that one of its rules gives, or a reference. Raises ``RuleError``."""
        present = self.presence.get(member)
        if present is not None and self.value(member, present, record):
            return True
        for path, attribute in self.attributes.items():
            if path.partition(".")[0] == member:
                try:
                    if attribute.given(record) not in (None, ""):
                        return True
                except ValueError as error:
                    raise RuleError(self, path, reason(error)) from None
        return any(
            edge.path.partition(".")[0] == member and edge.key(record) is not None
            for edge in self.edges
        )

    def meets(self, test: Test, record: Record) -> bool:
        """Whether the object that a record gives meets a test. Raises ``RuleError``."""
        attribute = self.attributes.get(test.attribute)
        if attribute is None:
            default = self.default(test.attribute)
            return holds(test.op, default, test.value)
        return holds(test.op, self.value(test.attribute, attribute, record), test.value)

    def push(self, test: Test) -> Push:
        """What of a test can be asked of the source."""
        attribute = self.attributes.get(test.attribute)
        if attribute is None:
            return Const(self.default(test.attribute)).push(test.op, test.value)
        return attribute.push(test)

    def default(self, path: str) -> Wire:
        """What an attribute without a rule shows."""
        found = dict(self.resource.fields()).get(path)
        default = found.default if found else None
        return default if isinstance(default, str | bool) else None

    @cached_property
    def sort_key(self) -> Callable[[Record], SortKey]:
        """Of a record: (sort value, creation) as text that orders as the moments do; absent orders
        first. Raises ``RuleError``."""
        code = Code()
        by = "''"
        if self.sort:
            value = code.attribute(self.sort)
            by = f"str(({self.sort.otherwise!r} if {value} is None else {value}) or '')"
        result = f"({by}.rstrip('Z'), str({code.value(self.created)} or '').rstrip('Z'))"
        _, compiled = code.function("sort_key(r)", result, f"{self}, order")

        def sort_key(record: Record) -> SortKey:
            try:
                found: SortKey = compiled(record)
                return found
            except UNREADABLE:
                return self._sort_key(record)

        return sort_key

    def _sort_key(self, record: Record) -> SortKey:
        """The same by reading the rules, which name the attribute that cannot be read."""
        by = str(self.value("", self.sort, record) or "") if self.sort else ""
        try:
            created = str(self.created.read(record) or "")
        except ValueError as error:
            raise RuleError(self, "created", reason(error)) from None
        return by.rstrip("Z"), created.rstrip("Z")

    def fields_of(self, path: str) -> frozenset[str]:
        """The fields from which an attribute is read."""
        attribute = self.attributes.get(path)
        options = attribute.options if attribute else ()
        read = (frozenset(o.expression.fields) | fields_of(o.when) for o in options)
        return frozenset[str]().union(*read)

    @property
    def source_order(self) -> tuple[str, ...] | None:
        """Source fields whose descending order is the order of the list; ``None``: no such."""
        fields: list[str] = []
        expressions: list[Expression | Const] = []
        if self.sort:
            if len(self.sort.options) != 1:
                return None
            expressions.append(self.sort.options[0].expression)
        for expression in (*expressions, self.created):
            if expression.order is None:
                return None
            fields += expression.order
        return tuple(dict.fromkeys([*fields, *self.key]))

    @property
    def sort_fields(self) -> frozenset[str]:
        """The fields that ``sort_key`` and ``native_key`` need."""
        sort = (f for o in (self.sort.options if self.sort else ()) for f in o.expression.fields)
        return frozenset([*sort, *self.created.fields, *self.key])


def reason(error: ValueError) -> str:
    """Why a value cannot be read, without the value: only our own texts leave it out."""
    return str(error) if isinstance(error, Unreadable) else "waarde is niet te lezen"
