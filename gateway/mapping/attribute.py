"""The attributes of an object: the rules that give each of them a value, and their inverse."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.conditions import Condition, Record, all_of, matches
from gateway.mapping.expression import Const, Expression
from gateway.mapping.formats import Unreadable
from gateway.mapping.meaning import Wire, holds
from gateway.mapping.raw import UNKNOWN, Push, either
from gateway.standard.model import Field, Kind, Op
from gateway.standard.question import Test


@dataclass(frozen=True, slots=True)
class Option:
    """One rule of an attribute: it counts for records that meet ``when``. ``writable``: the
    mapping lets it be written."""

    when: Condition
    expression: Expression | Const
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """All rules of one attribute. Their conditions exclude each other."""

    field: Field
    options: tuple[Option, ...]

    def read(self, record: Record) -> Wire:
        """The wire value of the attribute; the contract's default when no rule gives one.

        Raises ``ValueError`` when the value cannot be read or does not fit the contract's type.
        """
        value = self.given(record)
        return self.otherwise if value is None else fit(self.field, value)

    def given(self, record: Record) -> Wire:
        """What the rules make of a record, ``None`` when none gives a value. Raises as ``read``."""
        for option in self.options:
            if matches(option.when, record):
                value = option.expression.read(record)
                if value is not None:
                    return value
        return None

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
