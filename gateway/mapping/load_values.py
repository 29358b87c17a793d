"""How a value is written in a mapping file, and the expression that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from adapters.base import Collection
from adapters.conditions import Scalar
from gateway import documents
from gateway.documents import Location, suggestion
from gateway.mapping import formats
from gateway.mapping.attribute import fit
from gateway.mapping.checks import Checks
from gateway.mapping.expression import Const, Expression
from gateway.mapping.meaning import Wire
from gateway.mapping.raw import FieldRaw, FirstRaw, JoinRaw, Raw, SplitRaw
from gateway.mapping.words import Choices, Value
from gateway.standard.model import Field, Kind


def value(
    checks: Checks,
    at: Location,
    word: Value,
    known: Collection,
    spec: Field,
    choices: Choices | None = None,
) -> Expression | Const:
    """The expression of a value for a field of the standard. ``choices``: the codes in which values
    are written; ``None`` when they are not."""
    if word.const is not None:
        return Const(_fits(checks, (*at, "const"), spec, word.const))
    raw = _raw(word)
    checks.fields(at, raw.fields, known)
    codes = {
        str(code): _fits(checks, (*at, "values", str(code)), spec, meaning)
        for code, meaning in (word.values or {}).items()
    }
    unknown = word.unknown["value"] if isinstance(word.unknown, Mapping) else None
    if spec.kind is Kind.BOOLEAN and word.values is None:
        checks.find(at, f"`{spec.name}` is een boolean: geef met `values` aan wat waar is.")
    made = Expression(
        raw,
        codes if word.values is not None else None,
        word.unknown == "keep",
        _fits(checks, (*at, "unknown"), spec, unknown) if unknown is not None else None,
        _format(checks, (*at, "format"), word),
        _fits(checks, (*at, "default"), spec, word.default) if word.default is not None else None,
    )
    if choices is None or word.values is None:
        return made
    return made.written_as(_written(checks, at, word, spec, made, choices))


def _written(
    checks: Checks, at: Location, word: Value, spec: Field, made: Expression, choices: Choices
) -> dict[Wire, Scalar | None]:
    """The code in which each value is written, as the file spells it."""
    written: dict[Wire, Scalar | None] = {}
    for meaning, code in choices.items():
        here = (*at, "write", str(meaning))
        wire = _fits(checks, here, spec, meaning)
        if code is None:
            if wire not in (made.default, spec.default if made.default is None else None):
                checks.find(here, f"leeg betekent niet `{_shown(meaning)}`.")
        elif made.meaning(code) != wire:
            checks.find(here, f"de code `{code}` betekent niet `{_shown(meaning)}`.")
        written[wire] = code
    several: dict[Wire, list[Scalar]] = {}
    for code, meaning in (word.values or {}).items():
        several.setdefault(fit(spec, meaning) if _is_fit(spec, meaning) else None, []).append(code)
    for wire, codes in several.items():
        if wire in written or wire is None:
            continue
        if len(codes) > 1:
            checks.find(
                at,
                f"`{_shown(wire)}` heeft meer codes ({', '.join(map(str, codes))}): kies met "
                f"`write: {{{_shown(wire)}: {codes[0]}}}` welke geschreven wordt, of geef "
                "`write: false`.",
            )
        written[wire] = codes[0]
    return written


def _shown(wire: object) -> str:
    """A value as YAML spells it."""
    return str(wire).lower() if isinstance(wire, bool) else str(wire)


def _is_fit(spec: Field, meaning: Any) -> bool:
    try:
        fit(spec, meaning)
    except ValueError:
        return False
    return True


def _raw(word: Value) -> Raw:
    empty = tuple(word.empty)
    if word.join is not None:
        parts = tuple(FieldRaw(f, empty) for f in word.join.fields)
        widths = tuple(word.join.widths) if word.join.widths else None
        return JoinRaw(parts, word.join.separator, widths)
    if word.split is not None:
        return SplitRaw(FieldRaw(word.split.field, empty), word.split.on, word.split.part)
    if word.first_of is not None:
        return FirstRaw(tuple(FieldRaw(f, empty) for f in word.first_of))
    return FieldRaw(str(word.source), empty)


def _format(checks: Checks, at: Location, word: Value) -> formats.Format | None:
    if word.format is None:
        return None
    name = word.format.name
    if name not in formats.FORMATS:
        checks.find(at, f"`{name}` is geen bekend formaat.{suggestion(name, formats.FORMATS)}")
        return None
    try:
        return formats.make(name, word.format.options)
    except ValidationError as error:
        for e in error.errors(include_url=False):
            checks.find(at, f"{name}: {documents.describe(e, formats.FORMATS[name])}")
        return None


def _fits(checks: Checks, at: Location, spec: Field, given: Any) -> Wire:
    """The value in the contract's type; a finding when it does not fit."""
    try:
        return fit(spec, given)
    except ValueError:
        hint = suggestion(given, spec.choices) if spec.choices else ""
        kind = f"een keuze uit {', '.join(spec.choices)}" if spec.choices else _KINDS[spec.kind]
        checks.find(at, f"`{given}` past niet bij `{spec.name}` ({kind}).{hint}")
        return None


_KINDS: Final = {
    Kind.TEXT: "tekst; zet haar zo nodig tussen aanhalingstekens",
    Kind.MAP: "tekst; zet haar zo nodig tussen aanhalingstekens",
    Kind.BOOLEAN: "true of false",
    Kind.INTEGER: "een geheel getal",
    Kind.DATE: "een datum JJJJ-MM-DD",
    Kind.DATETIME: "een tijdstip JJJJ-MM-DDTuu:mm:ssZ",
    Kind.ENUM: "",
}
