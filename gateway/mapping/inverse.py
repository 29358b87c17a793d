"""The inverse of rules: which fields make a record give a wanted value.

Nothing here has to be right in every case: what was written is read back afterwards, by the rules
themselves (``gateway.mapping.keeping``). What cannot be written raises ``Unwritable``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.base import Value
from adapters.conditions import ALWAYS, Record, Scalar, get, matches
from gateway.mapping.attribute import Attribute, Option
from gateway.mapping.expression import Const, Expression
from gateway.mapping.formats import Unreadable
from gateway.mapping.meaning import Wire, same
from gateway.mapping.raw import FieldRaw, FirstRaw, JoinRaw, SplitRaw
from gateway.mapping.sheet import READ_ONLY, Sheet, Unwritable

Fields = Mapping[str, Value]

NO_PLACE: Final = "de bron heeft hier geen plaats voor"
FIXED: Final = "dit staat in de bron vast"
UNKNOWN_CODE: Final = "de bron kent deze waarde niet"
DIFFERS: Final = "de bron kan deze waarde niet zo bewaren"
ALWAYS_SOME: Final = "dit heeft in de bron altijd een waarde"


def empty(value: object) -> bool:
    """Whether a wire value is none."""
    return value is None or value == ""


def kept(attribute: Attribute, value: Wire, record: Record) -> Wire:
    """What a record shows after a value was written in it: the value as the format of the rule that
    counts spells it, the contract's default for none."""
    if empty(value):
        return attribute.otherwise
    for option in attribute.options:
        if matches(option.when, record) and isinstance(option.expression, Expression):
            format = option.expression.format
            if format is not None and isinstance(value, str):
                try:
                    return format.kept(value)
                except ValueError:
                    return value
    return value


def gives(attribute: Attribute, record: Record, value: Wire) -> bool:
    """Whether a record shows a value, as it is kept."""
    try:
        found = attribute.read(record)
    except ValueError:
        return False
    wanted = kept(attribute, value, record)
    return same(found, wanted) or (empty(found) and empty(wanted))


def rank(attribute: Attribute, value: Wire) -> tuple[bool, int]:
    """When an attribute is written among others: what is to be nothing after what has a value; and
    what others depend on first. A constant says which fields are to be filled, so it goes before
    values that fit in several, and rules that always count before those that count sometimes."""
    constant = all(isinstance(o.expression, Const) for o in attribute.options)
    several = any(
        isinstance(o.expression, Expression) and isinstance(o.expression.raw, FirstRaw)
        for o in attribute.options
    )
    sometimes = any(o.when != ALWAYS for o in attribute.options)
    place = 1 if constant else 3 if sometimes else 2 if several else 0
    return empty(value), place


def write(path: str, attribute: Attribute, value: Wire, sheet: Sheet) -> None:
    """Make a record give a value for an attribute. Raises ``Unwritable``."""
    if empty(value):
        _clear(path, attribute, sheet)
        return
    if gives(attribute, sheet.record, value) and not any(
        matches(option.when, sheet.record) for option in attribute.options
    ):
        return  # The standard's own default.
    # Two rules exclude each other: the one that counts already goes before one that can be made to.
    sheet.first_of(
        sorted(attribute.options, key=lambda o: not matches(o.when, sheet.record)),
        lambda option, tried: _write_option(path, attribute, option, value, tried),
    )


def _write_option(
    path: str, attribute: Attribute, option: Option, value: Wire, sheet: Sheet
) -> None:
    sheet.require(option.when, path)
    expression = option.expression
    if isinstance(expression, Const):
        if not same(expression.value, value):
            raise Unwritable(FIXED)
        return
    if gives(attribute, sheet.record, value) and not _unsaid(expression, sheet):
        for field in expression.fields:
            sheet.put({field: get(sheet.record, field)}, path, shared=True)
        return
    if not option.writable:
        raise Unwritable(READ_ONLY)
    tried = sheet.copy()
    try:
        put(path, expression, value, tried)
        if not gives(attribute, tried.record, value):
            raise Unwritable(DIFFERS)
        sheet.take(tried)
    except Unwritable:
        # What the standard shows where there is nothing, can be said by leaving it empty.
        if not same(value, attribute.otherwise):
            raise
        put(path, expression, None, sheet)


def _unsaid(expression: Expression, sheet: Sheet) -> bool:
    """Whether a new record gives a value only because nothing is there yet. Then it is better
    written, as the source may have a default of its own."""
    return sheet.new and expression.raw.read(sheet.record) is None


def _clear(path: str, attribute: Attribute, sheet: Sheet) -> None:
    """Make a record give no value for an attribute."""
    for option in attribute.options:
        if not matches(option.when, sheet.record) or gives(attribute, sheet.record, None):
            continue
        if isinstance(option.expression, Const):
            raise Unwritable(FIXED)
        if not option.writable:
            raise Unwritable(READ_ONLY)
        put(path, option.expression, None, sheet)


def put(path: str, expression: Expression, value: Wire, sheet: Sheet) -> None:
    """Write the fields of an expression, so that it gives a value. Raises ``Unwritable``."""
    raw = expression.raw
    text = _text(expression, value)
    match raw:
        case FieldRaw():
            sheet.put(_field(raw, text), path)
        case SplitRaw():
            sheet.put(_split(raw, text, sheet.record), path, shared=True)
        case JoinRaw():
            _join(raw, text, sheet, path)
        case FirstRaw():
            _first(raw, text, sheet, path)
        case _:
            raise TypeError(raw)


def _text(expression: Expression, value: Wire) -> Scalar | None:
    """What stands in the source for a value, ``None`` for nothing."""
    if expression.codes is not None and value in expression.written:
        return expression.written[value]
    if value is None and expression.default is not None:
        raise Unwritable(ALWAYS_SOME)
    if value is None or same(value, expression.default):
        return None
    if expression.codes is not None:
        if expression.keep_unknown and isinstance(value, str):
            return value
        raise Unwritable(UNKNOWN_CODE)
    if expression.format is not None:
        if not expression.format.writable:
            raise Unwritable(READ_ONLY)
        try:
            return expression.format.write(str(value))
        except Unreadable as error:
            raise Unwritable(str(error)) from None
    if isinstance(value, bool):
        raise Unwritable(DIFFERS)
    return value


def _field(raw: FieldRaw, text: Scalar | None, width: int | None = None) -> Fields:
    if text is not None:
        return {raw.field: text}
    # A source that has codes for nothing has these in its fields, and perhaps no nulls.
    codes = [code for code in raw.empty if width is None or len(str(code)) == width]
    return {raw.field: codes[0] if codes else None}


def _split(raw: SplitRaw, text: Scalar | None, record: Record) -> Fields:
    """The field with this part in it, and the other part as it is."""
    before, _, after = str(raw.option.read(record) or "").partition(raw.on)
    parts = [before.strip(), after.strip()]
    parts[raw.part] = "" if text is None else str(text)
    whole = raw.on.join(parts) if parts[1] else parts[0]
    return _field(raw.option, whole or None)


def _join(raw: JoinRaw, text: Scalar | None, sheet: Sheet, path: str) -> None:
    """The parts of the text, each in its field; one that is no more than a part in the last field
    that keeps it."""
    cut = raw.cut(str(text)) if text is not None else None
    if text is None or cut is not None:
        widths = raw.widths or (None,) * len(raw.options)
        parts = cut if cut is not None else [None] * len(raw.options)
        for option, part, width in zip(raw.options, parts, widths, strict=True):
            sheet.put(_field(option, part, width), path)
    elif raw.widths or not raw.separator or raw.separator in str(text):
        raise Unwritable(DIFFERS)
    else:
        _one_of(raw.options[::-1], raw.options, text, sheet, path)


def _first(raw: FirstRaw, text: Scalar | None, sheet: Sheet, path: str) -> None:
    """The text in one of the fields, and nothing in the others."""
    if text is None:
        for option in raw.options:
            if option.read(sheet.record) is not None:
                sheet.put(_field(option, None), path)
        return
    _one_of(_by_fitness(raw, sheet), raw.options, text, sheet, path)


def _one_of(
    fitting: Sequence[FieldRaw],
    options: Sequence[FieldRaw],
    text: Scalar,
    sheet: Sheet,
    path: str,
) -> None:
    """The text in the first of the fitting fields that keeps it, and nothing in the others."""

    def alone(chosen: FieldRaw, tried: Sheet) -> None:
        tried.put({chosen.field: text}, path)
        for option in options:
            if option is not chosen and option.read(tried.record) is not None:
                tried.put(_field(option, None), path)

    sheet.first_of(fitting, alone)


def _by_fitness(raw: FirstRaw, sheet: Sheet) -> list[FieldRaw]:
    """The fields in which a value can be written: one that was said to have a value, then the one
    that has it now, then the first."""
    return sorted(
        raw.options,
        key=lambda o: (not sheet.wanted(o.field), o.read(sheet.record) is None),
    )
