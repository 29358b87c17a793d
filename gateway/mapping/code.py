"""Python source for the parts of a mapping: what a rule, a condition or a field is in code.

The source holds nothing but constants written with ``repr`` and names that are bound here, so a
mapping file cannot bring code in.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
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
    matches,
)
from gateway.mapping.attribute import Attribute, fit
from gateway.mapping.expression import Const, Expression
from gateway.mapping.raw import FieldRaw, FirstRaw, JoinRaw, Raw, SplitRaw
from gateway.standard.model import Field, Kind


class Code:
    """The body of a function whose first argument is a record ``r``, while it is written.

    Methods that give code give an expression; what it needs beforehand is added to the body.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._fields: dict[tuple[str, tuple[str, ...]], str] = {}
        self._parents: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._count = 0
        self._names: dict[str, Any] = {"Mapping": Mapping}

    def function(self, signature: str, result: str, title: str) -> tuple[str, Callable[..., Any]]:
        """The source of ``signature``, which returns ``result``, and the function itself. A
        traceback shows its lines, in a file called ``<mapping:title>``."""
        source = "\n".join([f"def {signature}:", *self.lines, f"    return {result}", ""])
        file = f"<mapping:{title}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        scope = dict(self._names)
        exec(compile(source, file, "exec"), scope)  # noqa: S102 - see the module
        made: Callable[..., Any] = scope[signature.partition("(")[0]]
        return source, made

    def local(self, stem: str, code: str) -> str:
        """A local variable with the value of ``code``."""
        name = self._new(stem)
        self.lines.append(f"    {name} = {code}")
        return name

    def bind(self, stem: str, value: Any) -> str:
        """A name for something that is not made by the code itself."""
        name = f"{stem}{len(self._names)}"
        self._names[name] = value
        return name

    def _new(self, stem: str) -> str:
        self._count += 1
        return f"{stem}{self._count}"

    # --- fields ---------------------------------------------------------------------------------

    def field(self, path: str, empty: Iterable[str | int] = ()) -> str:
        """A source field, ``None`` when it is absent or one of the codes in ``empty``."""
        codes = tuple(map(str, empty))
        known = self._fields.get((path, codes))
        if known is not None:
            return known
        if codes:
            plain = self.field(path)
            name = self.local("f", f"None if str({plain}) in {codes!r} else {plain}")
        else:
            name = self.local("f", self._read(path))
            # Only what is empty or begins with a space (or less) can be all spaces.
            self.lines.append(
                f'    if {name}.__class__ is str and {name} < "!" and not {name}.strip(" "):'
            )
            self.lines.append(f"        {name} = None")
        self._fields[path, codes] = name
        return name

    def _read(self, path: str) -> str:
        """As ``adapters.conditions.get``: a name with dots in it goes before a path."""
        head, dot, last = path.rpartition(".")
        if not dot:
            return f"r.get({path!r})"
        return f"r[{path!r}] if {path!r} in r else {self._parent(head)}.get({last!r})"

    def _parent(self, path: str) -> str:
        """The mapping at a path, an empty one where there is something else."""
        known = self._parents.get(path)
        if known is None:
            head, dot, last = path.rpartition(".")
            inside = self._parent(head) if dot else "r"
            known = self.local("p", f"{inside}.get({last!r})")
            self.lines.append(
                f"    if {known}.__class__ is not dict and not isinstance({known}, Mapping):"
            )
            self.lines.append(f"        {known} = {{}}")
            self._parents[path] = known
        return known

    # --- conditions -----------------------------------------------------------------------------

    def condition(self, condition: Condition) -> str:
        """Whether the record meets a condition."""
        match condition:
            case All(parts):
                return f"({' and '.join(map(self.condition, parts))})" if parts else "True"
            case AnyOf(parts):
                return f"({' or '.join(map(self.condition, parts))})" if parts else "False"
            case In(field, values):
                name = self.field(field)
                return f"({name} is not None and {_text(name)} in {_one_of(values)})"
            case NotIn(field, values):
                name = self.field(field)
                return f"({name} is None or {_text(name)} not in {_one_of(values)})"
            case Present(field):
                return f"{self.field(field)} is not None"
            case Absent(field):
                return f"{self.field(field)} is None"
            case _:
                return f"{self.bind('meets', partial(matches, condition))}(r)"

    # --- values ---------------------------------------------------------------------------------

    def attribute(self, attribute: Attribute) -> str:
        """A local variable with the attribute's value, ``None`` when no rule gives one."""
        code = "None"
        for option in reversed(attribute.options):
            value = self.value(option.expression, attribute.field)
            always = option.when == All()
            code = value if always else f"({value} if {self.condition(option.when)} else {code})"
        return self.local("a", code)

    def value(self, expression: Expression | Const, spec: Field | None = None) -> str:
        """The value of an expression, in the contract's type for ``spec`` if there is one."""
        if isinstance(expression, Const):
            text = spec is not None and spec.kind is Kind.TEXT
            return repr(str(expression.value) if text else expression.value)
        if self._is_text(expression, spec):
            name = self._text_of(self._raw(expression.raw))
            otherwise = expression.default
            return name if otherwise is None else f"({otherwise!r} if {name} is None else {name})"
        raw = self._raw(expression.raw)
        name, test = raw, raw
        if not isinstance(expression.raw, FieldRaw):
            name = self._new("x")
            test = f"({name} := {raw})"
        if expression.codes is not None:
            found = self._codes(expression, name)
        elif expression.format is not None:
            found = f"{self.bind('read', expression.format.reader())}({name})"
        else:
            found = self._plain(name, spec)
        return f"({expression.default!r} if {test} is None else {found})"

    @staticmethod
    def _is_text(expression: Expression, spec: Field | None) -> bool:
        """Whether the value is the text of a field, as it is."""
        return (
            isinstance(expression.raw, FieldRaw)
            and expression.codes is None
            and expression.format is None
            and spec is not None
            and spec.kind in (Kind.TEXT, Kind.MAP)
        )

    def _text_of(self, name: str) -> str:
        """A local with a field as text, ``None`` when it is absent."""
        if name not in self._texts:
            code = f"{name} if {name}.__class__ is str or {name} is None else str({name})"
            self._texts[name] = self.local("t", code)
        return self._texts[name]

    def _codes(self, expression: Expression, name: str) -> str:
        # Codes are compared as text; a source may give them as integers.
        assert expression.codes is not None
        table: dict[Any, Any] = dict(expression.codes)
        table |= {
            int(code): value
            for code, value in expression.codes.items()
            if code.isascii() and code.lstrip("-").isdigit() and str(int(code)) == code
        }
        codes = self.bind("codes", table)
        if expression.keep_unknown:
            return f"{codes}.get({name}, str({name}))"
        if expression.unknown is not None:
            return f"{codes}.get({name}, {expression.unknown!r})"
        return f"{codes}[{name}]"

    def _plain(self, name: str, spec: Field | None) -> str:
        if spec is None:
            return name
        if spec.kind in (Kind.TEXT, Kind.MAP):
            return _text(name)
        if spec.kind is Kind.INTEGER:
            return f"int({name})"
        return f"{self.bind('fit', partial(fit, spec))}({name})"

    def _raw(self, raw: Raw) -> str:
        match raw:
            case FieldRaw(field, empty):
                return self.field(field, empty)
            case FirstRaw(options):
                *rest, last = (self._raw(o) for o in options)
                return "".join(f"{r} if {r} is not None else " for r in rest) + last
            case JoinRaw():
                return self._join(raw)
            case SplitRaw(option, on, part):
                name = self._raw(option)
                cut = f"str({name}).partition({on!r})[{2 * part}].strip() or None"
                return f"None if {name} is None else {cut}"
            case _:
                raise TypeError(raw)

    def _join(self, raw: JoinRaw) -> str:
        parts = [self._raw(o) for o in raw.options]
        joined = f"{self.bind('join', raw.join)}(({', '.join(parts)},))"
        if not raw.widths:
            return joined
        # The usual case is spelled out; whatever else there is, the rule itself decides.
        between = f" + {raw.separator!r} + " if raw.separator else " + "
        text = between.join(map(_text, parts))
        absent = " and ".join(f"{p} is None" for p in parts)
        whole = " and ".join(
            f"{p} is not None and len({_text(p)}) == {w}"
            for p, w in zip(parts, raw.widths, strict=True)
        )
        return f"(None if {absent} else {text} if {whole} else {joined})"


@lru_cache(maxsize=1024)
def predicate(condition: Condition) -> Callable[[Record], bool]:
    """``adapters.conditions.matches`` of one condition, compiled: for those of mappings, which
    are few and looked at for every record."""
    code = Code()
    return code.function("meets(r)", code.condition(condition), "condition")[1]


def _text(name: str) -> str:
    # Almost everything is text already, and that is quicker to see than to make.
    return f"({name} if {name}.__class__ is str else str({name}))"


def _one_of(values: Iterable[str | int]) -> str:
    return repr(tuple(map(str, values)))
