"""Compiling a stream: its rules become one Python function that writes the complete object.

The rules themselves stay the oracle: when the function raises, the record is read again by them,
and they name the attribute that cannot be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from adapters.conditions import Record
from gateway.mapping.code import Code
from gateway.mapping.formats import as_map
from gateway.mapping.stream import UNREADABLE, RuleError, Stream
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
        code = Code()
        body = object_code(code, stream, lambda path: f"related({path!r})")
        self._write: Write
        self.source, self._write = code.function("write(r, uuid, url, related)", body, str(stream))

    def __call__(self, record: Record, uuid: str, url: str, related: Related) -> dict[str, Any]:
        """The complete object of a record, without ``_expand``.

        ``related`` writes the relation at a dotted path. Raises ``RuleError`` naming the rule
        that cannot read the record.
        """
        try:
            return self._write(record, uuid, url, related)
        except UNREADABLE:
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


_NO_MORE: Final[Mapping[str, str]] = MappingProxyType({})


def object_code(
    code: Code,
    stream: Stream,
    relation: Callable[[str], str],
    more: Mapping[str, str] = _NO_MORE,
) -> str:
    """The object that a stream makes of a record, as an expression.

    It uses ``uuid`` and ``url``, and the lines that it adds to ``code``. ``relation`` gives the
    code of what is written for the relation at a dotted path; ``more`` is the code of members that
    come after the others.
    """
    return _Generator(code, stream, relation).whole(more)


class _Generator:
    """Writes the source of one object."""

    def __init__(self, code: Code, stream: Stream, relation: Callable[[str], str]) -> None:
        self._stream = stream
        self._code = code
        self._relation_code = relation
        self._missing = self._code.bind("missing", missing)
        self._related: dict[str, str] = {}
        self._leaves: dict[str, str] = {
            path: self._code.attribute(attribute) for path, attribute in stream.attributes.items()
        }

    def whole(self, more: Mapping[str, str]) -> str:
        """See ``object_code``."""
        return self._object(self._stream.resource.members, "", 2, more)

    def _relation(self, path: str) -> str:
        """What is written for a relation; asked for once, however often it is needed."""
        if path not in self._related:
            self._related[path] = self._code.local("related_", self._relation_code(path))
        return self._related[path]

    def _object(
        self,
        members: tuple[Member, ...],
        prefix: str,
        depth: int,
        more: Mapping[str, str] = _NO_MORE,
    ) -> str:
        pad = "    " * depth
        parts = {
            m.name: self._member(m, prefix, depth)
            for m in members
            if not (isinstance(m, Inverse) and m.embed is Embed.HIDDEN)
        }
        lines = [f"{pad}{name!r}: {value},\n" for name, value in {**parts, **more}.items()]
        return "{\n" + "".join(lines) + "    " * (depth - 1) + "}"

    def _member(self, member: Member, prefix: str, depth: int) -> str:
        path = prefix + member.name
        match member:
            case Field():
                return self._value(member, path)
            case Group(fields=fields):
                if self._is_constant(fields, path):
                    return self._code.bind("empty", {spec.name: spec.default for spec in fields})
                return self._object(fields, path + ".", depth + 1)
            case Variants():
                return self._variants(member, path, depth)
            case Ref() | Inverse():
                return self._relation(path)
            case Derived(rule="volledige_naam", of=of):
                return self._full_name(f"{prefix}{of}")
            case Derived(rule="first_reference", of=of):
                return f'next(iter({self._relation(prefix + of)}), {{"uuid": None}})'
            case Derived(rule=rule):
                return rule

    def _is_constant(self, fields: tuple[Field, ...], path: str) -> bool:
        """Whether no rule gives anything of a group: it is made once then, for all objects."""
        return not any(
            f"{path}.{spec.name}" in self._leaves or isinstance(spec.default, Required)
            for spec in fields
        )

    def _value(self, spec: Field, path: str) -> str:
        if spec.kind is Kind.MAP:
            return self._map(path)
        if isinstance(spec.default, Required):
            otherwise = f"{self._missing}({path!r})"
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
        whole = self._leaves.get(path)
        if whole is not None:
            return f"{self._code.bind('as_map', as_map)}({whole}) if {whole} else {{}}"
        inside = {
            k.partition(".")[2]: v for k, v in self._leaves.items() if k.startswith(path + ".")
        }
        if len(inside) == 1:
            ((key, leaf),) = inside.items()
            return f"{{{key!r}: {leaf}}} if {leaf} else {{}}"
        parts = [f"({key!r}, {leaf})" for key, leaf in inside.items()]
        return f"{{k: v for k, v in ({', '.join(parts)},) if v}}" if parts else "{}"

    def _full_name(self, group: str) -> str:
        names = ("voornaam", "voorvoegselAchternaam", "achternaam")
        parts = [leaf for n in names if (leaf := self._leaves.get(f"{group}.{n}"))]
        return f'" ".join([p for p in ({", ".join(parts)},) if p])' if parts else '""'

    def _variants(self, member: Variants, path: str, depth: int) -> str:
        inside = [n for p, n in self._leaves.items() if p.startswith(path + ".")]
        refs = [p for p, _ in self._stream.resource.refs() if p.startswith(path + ".")]
        tests = [f"{n} not in (None, '')" for n in inside] + list(map(self._relation, refs))
        present = self._stream.presence.get(path)
        tests += [self._code.attribute(present)] if present else []
        by = self._leaves[member.by]
        code = "None"
        for name, shape_of in member.shapes.items():
            inner = self._object(shape_of, path + ".", depth + 1)
            code = f"{inner} if {by} == {name!r} else {code}"
        return f"({code}) if {' or '.join(tests)} else None" if tests else "None"
