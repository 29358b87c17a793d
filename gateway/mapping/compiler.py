"""Compiling a stream: its rules become one Python function that writes the complete object.

The source holds nothing but constants written with ``repr`` and names that are bound here, so a
mapping file cannot bring code in. The rules themselves stay the oracle: when the function raises,
the record is read again by them, and they name the attribute that cannot be read.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import partial
from typing import Any

from adapters.conditions import (
    Absent,
    All,
    AnyOf,
    Condition,
    In,
    NotIn,
    Present,
    Record,
    get,
    is_absent,
    matches,
)
from gateway.mapping.expression import (
    Const,
    Expression,
    FieldRaw,
    FirstRaw,
    JoinRaw,
    Raw,
    SplitRaw,
)
from gateway.mapping.stream import Attribute, RuleError, Stream, fit
from gateway.standard.model import (
    Derived,
    Embed,
    Field,
    Group,
    Inverse,
    Kind,
    Member,
    Ref,
    Required,
    Variants,
)
from gateway.standard.shape import Related, shape

Write = Callable[[Record, str, str, Related], dict[str, Any]]


class Writer:
    """Writes the objects of one stream. ``source`` is the generated Python, for people."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        generator = _Generator(stream)
        self.source = generator.source()
        name = f"<mapping:{stream}>"
        # So that a traceback shows the generated line.
        linecache.cache[name] = (len(self.source), None, self.source.splitlines(True), name)
        scope = dict(generator.names)
        exec(compile(self.source, name, "exec"), scope)  # noqa: S102 - see the module
        self._write: Write = scope["write"]

    def __call__(self, record: Record, uuid: str, url: str, related: Related) -> dict[str, Any]:
        """The complete object of a record, without ``_expand``.

        ``related`` writes the relation at a dotted path. Raises ``RuleError`` naming the rule
        that cannot read the record.
        """
        try:
            return self._write(record, uuid, url, related)
        except (KeyError, ValueError, TypeError, AttributeError):
            return interpret(self._stream, record, uuid, url, related)


def interpret(
    stream: Stream, record: Record, uuid: str, url: str, related: Related
) -> dict[str, Any]:
    """The same object, by reading the rules one by one. Raises ``RuleError``."""
    values = stream.read(record)
    for path, _ in stream.resource.refs():
        if "." in path and related(path):
            values[path] = True
    try:
        return shape(stream.resource, values, uuid, url, related)
    except KeyError as error:
        raise RuleError(stream, str(error.args[0]), "de bron heeft geen waarde") from None


def missing(path: str) -> Any:
    """A required attribute without a value."""
    raise KeyError(path)


class _Generator:
    """Writes the source of one stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._fields: dict[tuple[str, tuple[str, ...]], str] = {}
        self._leaves: dict[str, str] = {}
        self._count = 0
        self.names: dict[str, Any] = {
            "get": get,
            "is_absent": is_absent,
            "missing": missing,
            "matches": matches,
        }

    def source(self) -> str:
        """The whole function."""
        members = self._stream.resource.members
        for path, attribute in self._stream.attributes.items():
            if attribute.field.kind is not Kind.MAP:
                self._leaf(path, attribute)
        body = self._object(members, "", 2)
        lines = ["def write(r, uuid, url, related):", *self._lines, f"    return {body}", ""]
        return "\n".join(lines)

    # --- values ---------------------------------------------------------------------------------

    def _leaf(self, path: str, attribute: Attribute) -> None:
        """A local variable with the attribute's value, ``None`` when no rule gives one."""
        name = f"a{len(self._leaves)}"
        self._leaves[path] = name
        code = "None"
        for option in reversed(attribute.options):
            value = self._expression(option.expression, attribute.field)
            always = option.when == All()
            code = value if always else f"({value} if {self._condition(option.when)} else {code})"
        self._lines.append(f"    {name} = {code}")

    def _expression(self, expression: Expression | Const, spec: Field) -> str:
        if isinstance(expression, Const):
            return repr(str(expression.value) if spec.kind is Kind.TEXT else expression.value)
        raw = self._raw(expression.raw)
        default = repr(expression.default)
        if isinstance(expression.raw, FieldRaw):
            local, test = raw, raw
        else:
            local = self._local()
            test = f"({local} := {raw})"
        if expression.codes is not None:
            found = self._codes(expression, local)
        elif expression.format is not None:
            found = f"{self._bind('read', expression.format.reader())}({local})"
        else:
            found = self._plain(local, spec)
        return f"({default} if {test} is None else {found})"

    def _codes(self, expression: Expression, local: str) -> str:
        # Codes are compared as text; a source may give them as integers.
        assert expression.codes is not None
        table: dict[Any, Any] = dict(expression.codes)
        table |= {
            int(code): value
            for code, value in expression.codes.items()
            if code.isascii() and code.lstrip("-").isdigit() and str(int(code)) == code
        }
        name = self._bind("codes", table)
        if expression.keep_unknown:
            return f"{name}.get({local}, str({local}))"
        if expression.unknown is not None:
            return f"{name}.get({local}, {expression.unknown!r})"
        return f"{name}[{local}]"

    def _plain(self, local: str, spec: Field) -> str:
        if spec.kind in (Kind.TEXT, Kind.MAP):
            return f"str({local})"
        if spec.kind is Kind.INTEGER:
            return f"int({local})"
        return f"{self._bind('fit', partial(fit, spec))}({local})"

    def _raw(self, raw: Raw) -> str:
        match raw:
            case FieldRaw(field, empty):
                return self._field(field, tuple(map(str, empty)))
            case FirstRaw(options):
                *rest, last = (self._raw(o) for o in options)
                return "".join(f"{r} if {r} is not None else " for r in rest) + last
            case JoinRaw(options, separator, widths):
                parts = [self._raw(o) for o in options]
                if not widths:
                    return f"{self._bind('join', raw.join)}(({', '.join(parts)}))"
                text = f"{separator!r}.join(({', '.join(f'str({p})' for p in parts)}))"
                absent = " and ".join(f"{p} is None" for p in parts)
                kept = " and ".join(
                    f"{p} is not None and len(str({p})) == {w}"
                    for p, w in zip(parts, widths, strict=True)
                )
                wrong = f"{self._bind('join', raw.join)}(({', '.join(parts)}))"
                return f"(None if {absent} else {text} if {kept} else {wrong})"
            case SplitRaw(option, on, part):
                local = self._raw(option)
                cut = f"str({local}).partition({on!r})[{2 * part}].strip() or None"
                return f"None if {local} is None else {cut}"
            case _:
                raise TypeError(raw)

    def _field(self, field: str, empty: tuple[str, ...]) -> str:
        """A local variable with a source field, ``None`` when absent."""
        known = self._fields.get((field, empty))
        if known is not None:
            return known
        name = f"f{len(self._fields)}"
        self._fields[field, empty] = name
        read = f"get(r, {field!r})" if "." in field else f"r.get({field!r})"
        self._lines.append(f"    {name} = {read}")
        self._lines.append(f'    if {name}.__class__ is str and not {name}.strip(" "):')
        self._lines.append(f"        {name} = None")
        if empty:
            self._lines.append(f"    if str({name}) in {empty!r}:")
            self._lines.append(f"        {name} = None")
        return name

    def _condition(self, condition: Condition) -> str:
        match condition:
            case All(parts):
                return "(" + " and ".join(map(self._condition, parts)) + ")"
            case AnyOf(parts):
                return "(" + " or ".join(map(self._condition, parts)) + ")"
            case In(field, values):
                return f"str({self._field(field, ())}) in {tuple(map(str, values))!r}"
            case NotIn(field, values):
                return f"str({self._field(field, ())}) not in {tuple(map(str, values))!r}"
            case Present(field):
                return f"{self._field(field, ())} is not None"
            case Absent(field):
                return f"{self._field(field, ())} is None"
            case _:
                return f"matches({self._bind('condition', condition)}, r)"

    def _local(self) -> str:
        self._count += 1
        return f"x{self._count}"

    def _bind(self, stem: str, value: Any) -> str:
        name = f"{stem}{len(self.names)}"
        self.names[name] = value
        return name

    # --- the object -----------------------------------------------------------------------------

    def _object(self, members: tuple[Member, ...], prefix: str, depth: int) -> str:
        pad = "    " * depth
        parts = [
            f"{pad}{m.name!r}: {self._member(m, prefix, depth)},\n"
            for m in members
            if not (isinstance(m, Inverse) and m.embed is Embed.HIDDEN)
        ]
        return "{\n" + "".join(parts) + "    " * (depth - 1) + "}"

    def _member(self, member: Member, prefix: str, depth: int) -> str:
        path = prefix + member.name
        match member:
            case Field():
                return self._value(member, path)
            case Group(fields=fields):
                return self._object(fields, path + ".", depth + 1)
            case Variants():
                return self._variants(member, path, depth)
            case Ref() | Inverse():
                return f"related({path!r})"
            case Derived(rule="volledige_naam", of=of):
                return self._full_name(f"{prefix}{of}")
            case Derived(rule="first_reference", of=of):
                return f'next(iter(related({prefix + of!r})), {{"uuid": None}})'
            case Derived(rule=rule):
                return rule

    def _value(self, spec: Field, path: str) -> str:
        if spec.kind is Kind.MAP:
            return self._map(path)
        if isinstance(spec.default, Required):
            otherwise = f"missing({path!r})"
        else:
            otherwise = repr(spec.default)
        name = self._leaves.get(path)
        if name is None:
            return otherwise
        if spec.kind is Kind.TEXT:
            return f"{name} or {otherwise}"
        if otherwise == "None":
            return name
        return f"{otherwise} if {name} is None else {name}"

    def _map(self, path: str) -> str:
        inside = {p: a for p, a in self._stream.attributes.items() if p.startswith(path + ".")}
        for key, attribute in inside.items():
            self._leaf(key, attribute)
        parts = [f"({key.partition('.')[2]!r}, {self._leaves[key]})" for key in inside]
        return f"{{k: v for k, v in ({', '.join(parts)},) if v}}" if parts else "{}"

    def _full_name(self, group: str) -> str:
        names = ("voornaam", "voorvoegselAchternaam", "achternaam")
        parts = [leaf for n in names if (leaf := self._leaves.get(f"{group}.{n}"))]
        return f'" ".join([p for p in ({", ".join(parts)},) if p])' if parts else '""'

    def _variants(self, member: Variants, path: str, depth: int) -> str:
        inside = [n for p, n in self._leaves.items() if p.startswith(path + ".")]
        refs = [p for p, _ in self._stream.resource.refs() if p.startswith(path + ".")]
        tests = [f"{n} not in (None, '')" for n in inside] + [f"related({p!r})" for p in refs]
        by = self._leaves[member.by]
        code = "None"
        for name, shape_of in member.shapes.items():
            inner = self._object(shape_of, path + ".", depth + 1)
            code = f"{inner} if {by} == {name!r} else {code}"
        return f"({code}) if {' or '.join(tests)} else None" if tests else "None"
