"""Streams and edges: the compiled form of a mapping.

A stream is (source, collection, resource, slot): one way in which records become objects. It is
the unit that is planned, counted, paged and merged. An edge is a reference that a stream's
record holds; inverse relations, expand and filters on related objects follow from edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.conditions import Condition, Record, Scalar, all_of, get, is_absent, matches
from gateway.mapping.expression import UNKNOWN, Const, Expression, Push, Wire, either, holds
from gateway.mapping.formats import Unreadable
from gateway.mapping.words import KeyPart
from gateway.standard.model import Field, Kind, Op, Ref, Resource
from gateway.standard.question import Test

NativeKey = tuple[Scalar, ...]
Values = dict[str, Any]


class RuleError(Exception):
    """A record that a rule cannot read. Names the rule, never the value."""

    def __init__(self, stream: Stream, attribute: str, reason: str) -> None:
        self.source = stream.source
        super().__init__(f"{stream.resource.path}.{attribute} ({stream.name}): {reason}")


@dataclass(frozen=True, slots=True)
class Option:
    """One rule of an attribute: it counts for records that meet ``when``."""

    when: Condition
    expression: Expression | Const


@dataclass(frozen=True, slots=True)
class Attribute:
    """All rules of one attribute. Their conditions exclude each other."""

    field: Field
    options: tuple[Option, ...]

    def read(self, record: Record) -> Wire:
        """The wire value of the attribute; the contract's default when no rule gives one.

        Raises ``ValueError`` when the value cannot be read or does not fit the contract's type.
        """
        for option in self.options:
            if matches(option.when, record):
                value = option.expression.read(record)
                if value is not None:
                    return fit(self.field, value)
        return self.otherwise

    @property
    def otherwise(self) -> Wire:
        """What the attribute shows when no rule gives a value."""
        default = self.field.default
        return default if isinstance(default, str | bool) else None

    def push(self, test: Test) -> Push:
        """The inverse of ``read`` for one test."""
        if holds(test.op, self.otherwise, test.value):
            # Records without any value meet the test too; only a lone rule can say which.
            return self._push_default(test)
        pushes = []
        for option in self.options:
            inner = option.expression.push(test.op, test.value)
            pushes.append(Push(all_of([option.when, inner.condition]), inner.exact))
        return either(pushes)

    def _push_default(self, test: Test) -> Push:
        if len(self.options) != 1 or self.options[0].when != all_of([]):
            return UNKNOWN
        expression = self.options[0].expression
        if isinstance(expression, Const) or expression.default is not None:
            return expression.push(test.op, test.value)
        inner = expression.push(test.op, test.value)
        return inner if test.op is Op.PRESENT else either([inner, expression.raw.absent()])


@dataclass(frozen=True, slots=True)
class Edge:
    """A reference to the object of ``target`` (resource, stream) whose native key is ``field``.

    ``required``: where it leads nowhere, the object that holds it is not shown.
    """

    path: str
    ref: Ref
    target: tuple[str, str]
    field: str
    when: Condition
    required: bool

    def key(self, record: Record) -> Scalar | None:
        """The key of the object that a record refers to, ``None`` when it refers to nothing."""
        value = get(record, self.field)
        if is_absent(value) or not matches(self.when, record):
            return None
        return value if isinstance(value, int) else str(value)


@dataclass(frozen=True, eq=False)
class Stream:
    """See the module. ``number`` orders the streams of a resource; ``sort`` is what the list is
    sorted by before creation, ``None`` for creation alone."""

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

    def read(self, record: Record) -> Values:
        """The wire values that a record gives, by dotted path. Raises ``RuleError``."""
        values: Values = {}
        metadata: dict[str, str] = {}
        for path, attribute in self.attributes.items():
            value = self.value(path, attribute, record)
            if value is None or value == "":
                continue
            if attribute.field.kind is Kind.MAP:
                metadata[path.partition(".")[2]] = str(value)
            else:
                values[path] = value
        if metadata:
            values["metadata"] = metadata
        return values

    def value(self, path: str, attribute: Attribute, record: Record) -> Wire:
        """One attribute of a record. Raises ``RuleError``."""
        try:
            return attribute.read(record)
        except ValueError as error:
            raise RuleError(self, path, reason(error)) from None

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

    def sort_key(self, record: Record) -> tuple[str, str]:
        """(sort value, creation) as text that orders as the moments do; absent orders first."""
        by = str(self.value("", self.sort, record) or "") if self.sort else ""
        try:
            created = str(self.created.read(record) or "")
        except ValueError as error:
            raise RuleError(self, "created", reason(error)) from None
        return by.rstrip("Z"), created.rstrip("Z")

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

    def edges_to(self, ref: str, target: Stream) -> Iterable[Edge]:
        """The edges under a reference's name that can point at a stream of the same source."""
        if self.source != target.source:
            return ()
        return (e for e in self.edges if e.path == ref and e.target == target.id)


def reason(error: ValueError) -> str:
    """Why a value cannot be read, without the value: only our own texts leave it out."""
    return str(error) if isinstance(error, Unreadable) else "waarde is niet te lezen"


def fit(spec: Field, value: Wire) -> Wire:
    """A value in the contract's type for a field. Raises ``ValueError`` when it does not fit."""
    match spec.kind:
        case Kind.TEXT | Kind.MAP if not isinstance(value, bool):
            return str(value)
        case Kind.BOOLEAN if isinstance(value, bool):
            return value
        case Kind.INTEGER if not isinstance(value, bool) and value is not None:
            return int(value)
        case Kind.ENUM if value in spec.choices:
            return value
        case Kind.DATE | Kind.DATETIME if isinstance(value, str) and _MOMENT[spec.kind](value):
            return value
    raise Unreadable(f"waarde past niet bij het type {spec.kind.value}")


_MOMENT = {
    Kind.DATE: lambda text: len(text) == 10 and text[4] == text[7] == "-",
    Kind.DATETIME: lambda text: len(text) >= 20 and text[10] == "T" and text.endswith("Z"),
}
