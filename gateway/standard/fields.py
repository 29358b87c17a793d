"""Reading the value of one attribute in a body: what is taken for what, and what is refused.

Lenient as Open Klant is: text is trimmed, numbers are taken for text, and booleans and integers may
be written as text. All values come out as wire values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final

from gateway.standard.checks import bad_country, bad_phone, is_email, is_url
from gateway.standard.draft import Kept
from gateway.standard.errors import echo
from gateway.standard.model import Field, Kind, Nature
from gateway.standard.names import camel
from gateway.standard.values import datetime_text

Fault = tuple[str, str, str]
"""Where in the value (empty, or a key of a map), a code, and a reason in Dutch."""

MISSING: Final = "Dit veld is vereist."
EMPTY: Final = "Dit veld mag niet leeg zijn."
_TRUE: Final = frozenset({"t", "y", "yes", "true", "on", "1"})
_FALSE: Final = frozenset({"f", "n", "no", "false", "off", "0"})
_NULL: Final = frozenset({"null", ""})
_LONGEST_NUMBER: Final = 1000
_DUTCH: Final = frozenset({"nl", "dut"})
_DATE_FORMAT: Final = "Date heeft het verkeerde formaat, gebruik 1 van deze formaten: YYYY-MM-DD."
_DATETIME_FORMAT: Final = (
    "Datetime heeft een ongeldig formaat, gebruik 1 van de volgende formaten: "
    "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
)


class Unfit(Exception):
    """A value that an attribute cannot have, with everything that is wrong with it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*(code for _, code, _ in faults))
        self.faults = faults


def read_field(spec: Field, raw: object) -> Kept:
    """The value of an attribute that a body gives as ``raw``. Raises ``Unfit``."""
    if raw is None:
        if spec.nullable:
            return None
        raise Unfit(("", "null", EMPTY))
    match spec.kind:
        case Kind.TEXT:
            return _text(spec, raw)
        case Kind.ENUM:
            return _choice(spec, raw)
        case Kind.BOOLEAN:
            return _boolean(spec, raw)
        case Kind.INTEGER:
            return _integer(spec, raw)
        case Kind.DATE:
            return _date(raw)
        case Kind.DATETIME:
            return _datetime(raw)
        case Kind.MAP:
            return _map(spec, raw)


def _text(spec: Field, raw: object) -> str | None:
    if isinstance(raw, str) and not raw.strip():
        if spec.nullable:
            return None
        if spec.blank:
            return ""
        raise Unfit(("", "blank", EMPTY))
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Unfit(("", "invalid", "Not a valid string."))
    text = str(raw).strip()
    if spec.nature is Nature.LANGUAGE and text.lower() in _DUTCH:
        return "nld"
    faults = [("", code, reason) for code, reason in _wrong(spec, text)]
    if faults:
        raise Unfit(*faults)
    return text


def _wrong(spec: Field, text: str) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a text, in the order in which Open Klant says it."""
    reason = _wrong_nature(spec, text)
    if reason is not None:
        yield "invalid", reason
    if spec.max_length is not None and len(text) > spec.max_length:
        yield (
            "max_length",
            f"Zorg ervoor dat dit veld niet meer dan {spec.max_length} karakters bevat.",
        )
    if spec.min_length is not None and len(text) < spec.min_length:
        yield "min_length", f"Zorg ervoor dat dit veld minimaal {spec.min_length} karakters bevat."
    if "\0" in text:
        yield "null_characters_not_allowed", "Null-tekens zijn niet toegestaan."
    if half := re.search("[\ud800-\udfff]", text):
        yield (
            "surrogate_characters_not_allowed",
            f"Surrogate characters are not allowed: U+{ord(half[0]):X}.",
        )
    if spec.format == "email" and not is_email(text):
        yield "invalid", "Voer een geldig e-mailadres in."
    if spec.format == "uri" and not is_url(text):
        yield "invalid", "Voer een geldige URL in."


def _wrong_nature(spec: Field, text: str) -> str | None:
    match spec.nature:
        case Nature.NUMBER:
            number = re.fullmatch(r"-?[0-9]+", text)
            return None if number else "Voer een geldig geheel getal in."
        case Nature.PHONE:
            return bad_phone(text)
        case Nature.COUNTRY:
            return bad_country(text)
    if spec.pattern is None or re.fullmatch(spec.pattern, text):
        return None
    return spec.reason.format(echo(text))


def _choice(spec: Field, raw: object) -> str:
    if isinstance(raw, str) and raw in spec.choices:
        return raw
    shown = echo(str(raw)) if isinstance(raw, str | int | float) else "***"
    raise Unfit(("", "invalid_choice", f'"{shown}" is een ongeldige keuze.'))


def _boolean(spec: Field, raw: object) -> bool | None:
    if isinstance(raw, str):
        word = raw.lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        if word in _NULL and spec.nullable:
            return None
    elif isinstance(raw, int | float) and raw in (0, 1):
        return bool(raw)
    raise Unfit(("", "invalid", "Must be a valid boolean."))


def _integer(spec: Field, raw: object) -> int:
    if isinstance(raw, str) and len(raw) > _LONGEST_NUMBER:
        raise Unfit(("", "max_string_length", "Tekstwaarde is te lang."))
    text = str(raw).strip() if isinstance(raw, str | int | float) else ""
    if not re.fullmatch(r"[-+]?[0-9]+(\.0*)?", text):
        raise Unfit(("", "invalid", "Een geldig getal is vereist."))
    number = int(text.partition(".")[0])
    if spec.bounds is not None:
        least, most = spec.bounds
        told = "Zorg ervoor dat deze waarde {} is dan of gelijk is aan {}."
        if number > most:
            raise Unfit(("", "max_value", told.format("kleiner", most)))
        if number < least:
            raise Unfit(("", "min_value", told.format("groter", least)))
    return number


def _date(raw: object) -> str:
    try:
        return date.fromisoformat(_iso(raw)).isoformat()
    except ValueError:
        raise Unfit(("", "invalid", _DATE_FORMAT)) from None


def _datetime(raw: object) -> str:
    """A moment in any form of ISO 8601, to the microsecond; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(_iso(raw))
        return datetime_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Unfit(("", "invalid", _DATETIME_FORMAT)) from None


def _iso(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError
    return raw


def _map(spec: Field, raw: object) -> Mapping[str, str]:
    """Text by key; keys are put in the case of the wire (QRK-08)."""
    if not isinstance(raw, Mapping):
        kind = type(raw).__name__
        reason = f'Verwachtte een dictionary van items, maar kreeg type "{kind}".'
        raise Unfit(("", "not_a_dict", reason))
    each = Field(spec.name, Kind.TEXT, max_length=spec.max_length, blank=False)
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for key, value in raw.items():
        name = camel(key)
        try:
            texts[name] = str(read_field(each, value))
        except Unfit as unfit:
            faults += [(echo(name), code, reason) for _, code, reason in unfit.faults]
    if faults:
        raise Unfit(*faults)
    return texts
