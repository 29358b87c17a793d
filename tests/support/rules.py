"""Random rules of the mapping language, with records that they can mostly read.

A rule goes through a mapping file and ``load``, as a municipality's rules do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

import yaml
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from adapters.base import Collection, Writes
from adapters.conditions import Record
from gateway.mapping import load
from gateway.mapping.stream import Stream
from gateway.standard.model import Field, Kind, Op
from gateway.standard.question import Test as Asked
from gateway.standard.table import RESOURCES
from tests.support.brief import Brief

FIELDS: Final = ("A", "B", "C", "D", "E")
WHEN: Final = "W"
MOMENT: Final = "2020-01-01T00:00:00Z"

REQUIRED: Final[Mapping[str, Mapping[str, Any]]] = {
    "partijen": {"soortPartij": "persoon", "indicatieActief": True},
    "digitaleadressen": {"adres": "x", "soortDigitaalAdres": "email"},
    "klantcontacten": {
        "kanaal": "x",
        "onderwerp": "x",
        "taal": "nld",
        "vertrouwelijk": True,
        "plaatsgevondenOp": MOMENT,
    },
}
"""Resources without required references, and what their objects cannot do without."""

ATTRIBUTES: Final = (
    ("partijen", "interneNotitie"),
    ("partijen", "nummer"),
    ("partijen", "soortPartij"),
    ("partijen", "indicatieGeheimhouding"),
    ("partijen", "bezoekadres.huisnummer"),
    ("digitaleadressen", "isStandaardAdres"),
    ("digitaleadressen", "verificatieDatum"),
    ("klantcontacten", "plaatsgevondenOp"),
    ("klantcontacten", "metadata.bron"),
)
"""At least one attribute of each kind, with and without a default."""

ASKABLE: Final = [a for a in ATTRIBUTES if a[1] not in ("bezoekadres.huisnummer", "metadata.bron")]
"""Those of a kind that filters ask for."""

SOURCES: Final = ("from", "const", "first_of", "join", "widths", "split")
"""Where a value comes from; ``widths`` is a join of parts of fixed width."""

CODES: Final = ("J", "N", "j", "1", "0", "01", "x", "None", "é")
TEXTS: Final = ("J", "j", "x", "X", "Jan", "jan, de", "de, ", ", x", "", " ", "  x ", "None", "É")
NUMBERS: Final = (
    "12345678",
    "012345678",
    "123456789",
    "0123456789",
    "1",
    "000000000",
    "x1",
    "12 3",
)
PHONES: Final = (
    "0612345678", "06-12345678", "+31 6 12345678", "0031612345678", "+31(0)612345678",
    "(010) 123 45 67", "+32 470 12 34 56", "0032470123456", "112", "06 geheim", "tel. 0612345678",
)  # fmt: skip
POSTCODES: Final = ("1234AB", "1234 ab", "1234  Ab", "0123AB", "1234ABC", " 1234 AB ", "12 34AB")
DATES: Final = ("20260329", "20251026", "20260101", "00000000", "99991231", "2026", "20261331")
CLOCK: Final = ("000000", "015959", "020000", "023000", "030000", "235959", "12", "250000")
LANGUAGES: Final = ("nl", "NL", "nld", "dut", "DE", "ger", "xx", "Nl")
COUNTRIES: Final = ("nl", "NL", "NLD", "528", "BE", "xx")

_FORMATS: Final[Mapping[Kind, Sequence[tuple[Any, Sequence[str]]]]] = {
    Kind.TEXT: (
        ("trim", TEXTS),
        ("bsn", NUMBERS),
        ({"name": "cijfers", "length": 8}, NUMBERS),
        ("postcode", POSTCODES),
        ("telefoon", PHONES),
        ("taal", LANGUAGES),
        ("land", COUNTRIES),
        ("tussenvoegsel", ("van den Berg", "Berg", "'t Hart", "de", "VAN Dijk")),
        ("achternaam", ("van den Berg", "Berg", "'t Hart", "de", "VAN Dijk")),
    ),
    Kind.DATE: (
        ("datum", DATES),
        ({"name": "datum", "pattern": "%Y-%m-%d"}, ("2026-03-29", "2026-1-1", "0999-01-01")),
        ({"name": "datum", "pattern": "%d-%m-%Y"}, ("29-03-2026", "01-02-2026")),
    ),
    Kind.DATETIME: (
        ("tijdstip", tuple(d + t for d in DATES[:3] for t in CLOCK)),
        (
            {"name": "tijdstip", "pattern": "%Y-%m-%d %H:%M"},
            ("2026-03-29 02:30", "2025-10-26 02:30", "2026-01-01 00:00"),
        ),
    ),
}
_FORMATS_OF: Final = {**_FORMATS, Kind.MAP: _FORMATS[Kind.TEXT], Kind.INTEGER: ()}
_NUMBERS: Final = (7, 12, 0)
_VALUES: Final[Mapping[Kind, Sequence[Any]]] = {
    Kind.TEXT: ("ja", "nee", "J", "Ja", "x", "7", *_NUMBERS),
    Kind.MAP: ("ja", "nee", "J", *_NUMBERS),
    Kind.ENUM: ("persoon", "organisatie"),
    Kind.BOOLEAN: (True, False),
    Kind.INTEGER: (1, 7, *map(str, _NUMBERS)),
    Kind.DATE: ("2026-01-01", "2026-03-29"),
    Kind.DATETIME: (MOMENT, "2026-03-29T01:00:00Z"),
}


@dataclass(frozen=True)
class Case(Brief):
    """One attribute with its rules, as loaded, and values that its source fields may have."""

    attribute: str
    rules: Sequence[Mapping[str, Any]]
    stream: Stream
    samples: Sequence[str]

    @property
    def field(self) -> Field:
        return self.stream.attributes[self.attribute].field

    def __repr__(self) -> str:
        return f"{self.stream.resource.path}: {json.dumps(self.rules, ensure_ascii=False)}"


@st.composite
def cases(
    draw: DrawFn,
    attributes: Sequence[tuple[str, str]] = ATTRIBUTES,
    kinds: Sequence[str] = (),
) -> Case:
    """An attribute with one rule, or with two that exclude each other.

    ``kinds``: where the values come from (``SOURCES``); all, when none is named.
    """
    resource, attribute = draw(st.sampled_from(attributes))
    spec = _spec(resource, attribute)
    count = draw(st.integers(1, 2))
    drawn = [draw(_rule(spec, kinds or SOURCES)) for _ in range(count)]
    rules = [{"to": attribute, **words} for words, _ in drawn]
    whens: Sequence[Any] = draw(st.sampled_from(_EXCLUSIVE)) if count > 1 else [None]
    if count == 1 and draw(st.integers(0, 3)) == 3:
        whens = ["a"]
    for rule, when in zip(rules, whens, strict=True):
        if when is not None:
            rule["when"] = {WHEN: when}
    samples = [s for _, some in drawn for s in some]
    return Case(attribute, rules, loaded(resource, attribute, rules), samples)


_EXCLUSIVE: Final = (
    ["a", "b"],
    [["a", "b"], {"not": ["a", "b"]}],
    [{"present": True}, {"present": False}],
    ["a", {"present": False}],
)


def _spec(resource: str, attribute: str) -> Field:
    fields = dict(RESOURCES[resource].fields())
    return fields.get(attribute) or fields[attribute.partition(".")[0]]


@st.composite
def _rule(draw: DrawFn, spec: Field, kinds: Sequence[str]) -> tuple[dict[str, Any], Sequence[str]]:
    """The words of a rule (but ``to`` and ``when``), and texts for its source fields."""
    values = st.sampled_from(_VALUES[spec.kind])
    kind = draw(st.sampled_from(kinds))
    if kind == "const":
        return {"const": draw(values)}, TEXTS
    mapped = spec.kind in (Kind.BOOLEAN, Kind.ENUM) or draw(st.integers(0, 2)) == 2
    words: dict[str, Any] = {}
    samples: Sequence[str] = TEXTS
    if mapped:
        codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True))
        words["values"] = {code: draw(values) for code in codes}
        samples = (*codes, *codes, *TEXTS)
        keep = ["keep"] if spec.kind is Kind.TEXT else []
        unknown = draw(st.sampled_from(["error", *keep, {"value": draw(values)}]))
        if unknown != "error" or draw(st.booleans()):
            words["unknown"] = unknown
    elif formats := _FORMATS_OF.get(spec.kind, ()):
        options = [(None, TEXTS)] if spec.kind in (Kind.TEXT, Kind.MAP) else []
        chosen, samples = draw(st.sampled_from([*options, *formats]))
        if chosen:
            words["format"] = chosen
    elif spec.kind is Kind.INTEGER:
        samples = NUMBERS
    if draw(st.integers(0, 3)) == 3:
        words["default"] = draw(values)
    if draw(st.integers(0, 3)) == 3:
        words["empty"] = draw(st.lists(st.sampled_from([*samples, "00000000"]), max_size=2))
    source, samples = draw(_source(kind, samples))
    return {**source, **words}, samples


@st.composite
def _source(
    draw: DrawFn, kind: str, samples: Sequence[str]
) -> tuple[dict[str, Any], Sequence[str]]:
    """Where the value comes from; texts for the parts of what is put together or cut."""
    match kind:
        case "from":
            return {"from": "A"}, samples
        case "first_of":
            return {
                "first_of": draw(st.permutations(FIELDS[:3]))[: draw(st.integers(2, 3))]
            }, samples
        case "join":
            separator = draw(st.sampled_from(["", " ", "-"]))
            return {"join": {"fields": ["A", "B"], "separator": separator}}, samples
        case "widths":
            longest = max(samples, key=len)
            cut = min(8, max(1, len(longest) // 2))
            words = {"fields": ["A", "B"], "widths": [cut, max(1, len(longest) - cut)]}
            return {"join": words}, [p for s in samples for p in (s[:cut], s[cut:]) if p]
        case _:
            on = draw(st.sampled_from([", ", "-", " "]))
            whole = [on.join(pair) for pair in zip(samples, reversed(samples), strict=True)]
            words = {"from": "A", "on": on, "part": draw(st.sampled_from([0, 1]))}
            return {"split": words}, [*samples, *whole]


@st.composite
def sorted_cases(draw: DrawFn) -> Case:
    """A list that is sorted by a moment and then by creation, as a source might sort it."""
    resource, attribute = "klantcontacten", "plaatsgevondenOp"
    words = draw(_moment_rule())
    created = _fields_renamed(draw(_moment_rule()))
    rules = [{"to": attribute, **words}]
    stream = loaded(resource, attribute, rules, created)
    return Case(attribute, [*rules, created], stream, _MOMENTS)


# Wall times that never occurred (2 to 3 on 29 March 2026) are one moment; of records in one moment
# the source's own order holds.
_HOURS: Final = tuple(t for t in CLOCK if t not in ("020000", "023000"))
_MOMENTS: Final = tuple(d + t for d in DATES[:3] for t in _HOURS)


@st.composite
def _moment_rule(draw: DrawFn) -> dict[str, Any]:
    """A rule for a moment that is one field, or two of fixed width."""
    one, two = {"from": "A"}, {"join": {"fields": ["A", "B"], "widths": [8, 6]}}
    words: dict[str, Any] = {**draw(st.sampled_from([one, two])), "format": "tijdstip"}
    if draw(st.integers(0, 3)) == 3:
        words["default"] = draw(st.sampled_from(_VALUES[Kind.DATETIME]))
    if draw(st.integers(0, 3)) == 3:
        words["empty"] = ["99991231", "99991231235959"]
    return words


def _fields_renamed(words: Any) -> Any:
    """The words of a rule, about other fields."""
    text = json.dumps(words)
    for old, new in (("A", "D"), ("B", "E"), ("C", "A")):
        text = text.replace(f'"{old}"', f'"{new}"')
    return json.loads(text)


def loaded(
    resource: str,
    attribute: str,
    rules: Sequence[Mapping[str, Any]],
    created: Mapping[str, Any] = MappingProxyType({"const": MOMENT}),
) -> Stream:
    """The stream of a mapping with these rules for one attribute, and constants for the rest."""
    return _loaded(json.dumps(_document(resource, [attribute], rules, {"created": dict(created)})))


def _document(
    resource: str,
    attributes: Sequence[str],
    rules: Sequence[Mapping[str, Any]],
    words: Mapping[str, Any],
) -> Mapping[str, Any]:
    """A mapping file with these rules, and constants for what else is required."""
    constants = [
        {"to": to, "const": v} for to, v in REQUIRED[resource].items() if to not in attributes
    ]
    stream = {
        "slot": 0,
        "collection": "T",
        "key": {"ID": "integer"},
        "rules": [*constants, *rules],
        **words,
    }
    return {"resource": resource, "streams": {"s": stream}}


@dataclass(frozen=True)
class Written(Brief):
    """A stream that writes, with rules for some attributes, and values to write."""

    rules: Sequence[Mapping[str, Any]]
    stream: Stream
    samples: Sequence[str]
    values: Mapping[str, Sequence[Any]]

    def __repr__(self) -> str:
        return json.dumps(self.rules, ensure_ascii=False)


_WRITTEN: Final = (
    "inhoud",
    "reactie",
    "nummer",
    "taal",
    "indicatieContactGelukt",
    "verdereActieOndernomen",
    "plaatsgevondenOp",
    "metadata.bron",
    "metadata.zaak",
)
"""Attributes of klantcontacten of each kind that it has, with and without a default."""


@st.composite
def written(draw: DrawFn) -> Written:
    """A stream that writes, with some attributes whose rules share the fields of a record."""
    attributes = draw(st.lists(st.sampled_from(_WRITTEN), min_size=1, max_size=4, unique=True))
    rules: list[dict[str, Any]] = []
    samples: list[str] = []
    values: dict[str, Sequence[Any]] = {}
    for attribute in attributes:
        spec = _spec("klantcontacten", attribute)
        count = draw(st.integers(1, 2))
        whens: Sequence[Any] = draw(st.sampled_from(_EXCLUSIVE)) if count > 1 else [None]
        known: list[Any] = list(_VALUES[spec.kind])
        for when in whens:
            words, some = draw(_rule(spec, SOURCES))
            rule = {"to": attribute, **words}
            if when is not None:
                rule["when"] = {WHEN: when}
            codes: dict[str, list[str]] = {}
            for code, meaning in words.get("values", {}).items():
                fitted = meaning if spec.kind is Kind.BOOLEAN else str(meaning)
                codes.setdefault(json.dumps(fitted), []).append(code)
            several = {m: draw(st.sampled_from(c)) for m, c in codes.items() if len(c) > 1}
            if several:
                rule["write"] = {json.loads(m): c for m, c in several.items()}
            rules.append(rule)
            samples += some
            known += words.get("values", {}).values()
        if spec.kind in (Kind.TEXT, Kind.MAP):
            known = [str(v).strip() for v in (*known, *samples)]
        values[attribute] = [*known, "", None] if spec.kind is Kind.TEXT else [*known, None]
    fields = frozenset(FIELDS)
    writes = {
        "fields": draw(st.sampled_from([fields, fields, fields | {WHEN}, fields - {"B"}])),
        "lengths": draw(st.sampled_from([{}, {}, {"A": 3}, {"A": 8, "B": 1}])),
        "numbers": draw(st.sampled_from([frozenset(), frozenset(), frozenset("A")])),
    }
    where = draw(st.sampled_from([{}, {}, {WHEN: {"not": "b"}}, {"A": {"present": True}}]))
    words = {"created": {"const": MOMENT}, "write": {"create": True, "update": True}}
    document = _document("klantcontacten", attributes, rules, {**words, "where": where})
    return Written(rules, _loaded_to_write(document, writes), samples, values)


def _loaded_to_write(document: Mapping[str, Any], writes: Mapping[str, Any]) -> Stream:
    can = Writes(create=True, update=True, generated=frozenset(["ID"]), **writes)
    # YAML, for names that are true or false.
    return _load(yaml.safe_dump(document, allow_unicode=True), can)


@cache
def _loaded(text: str) -> Stream:
    return _load(text)


def _load(text: str, writes: Writes | None = None) -> Stream:
    fields = frozenset(["ID", WHEN, *FIELDS])
    known = load.Source("source", 1, {"T": Collection(fields, ("ID",), writes=writes)})
    with TemporaryDirectory() as folder:
        # JSON is YAML.
        (Path(folder) / "mapping.yaml").write_text(text)
        return load.load(Path(folder), known)[0]


def records(case: Case | Written) -> SearchStrategy[Record]:
    """Records with values that fit the rules, absent ones, integers and odd ones among them."""
    fitting = st.sampled_from(case.samples)
    absent = st.sampled_from([None, "", "  "])
    integers = st.sampled_from([0, 7, 12, *(int(s) for s in case.samples if _is_integer(s))])
    odd = st.one_of(integers, st.sampled_from(TEXTS), st.text(max_size=4))
    value = st.one_of(fitting, fitting, fitting, absent, odd)
    when = st.sampled_from(["a", "b", "c", "", None])
    return st.fixed_dictionaries({"ID": st.just(1), WHEN: when, **dict.fromkeys(FIELDS, value)})


def moments(case: Case) -> SearchStrategy[Record]:
    """Records of a case that is sorted: each field has a date, a time, a moment, or nothing."""
    fields = {}
    for field in FIELDS:
        joined = f'["{field}"' in json.dumps(case.rules)
        second = f', "{field}"]' in json.dumps(case.rules)
        fitting = DATES if joined else _HOURS if second else _MOMENTS
        fields[field] = st.sampled_from([*fitting, *fitting, "99991231235959", None])
    return st.fixed_dictionaries({"ID": st.integers(1, 3), WHEN: st.just("a"), **fields})


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text


def asked_of(case: Case, known: Sequence[Any]) -> SearchStrategy[Asked]:
    """A filter's question of the attribute, often about a value that is known to occur."""
    known = [v for v in known if str(v).strip()]
    values = st.sampled_from([*known, *_asked(case.field)])
    match case.field.kind:
        case Kind.TEXT | Kind.MAP:
            spelled = [s.strip() for s in case.samples if s.strip()]
            texts = st.one_of(values.map(str), st.sampled_from(spelled))
            parts = st.tuples(texts, st.integers(0, 8), st.integers(1, 9)).map(
                lambda t: (t[0][t[1] : t[1] + t[2]] or t[0]).swapcase()
            )
            return st.one_of(
                texts.map(lambda v: Asked(case.attribute, Op.EQ, v.strip())),
                st.lists(texts, min_size=1, max_size=3).map(
                    lambda v: Asked(case.attribute, Op.IN, tuple(v))
                ),
                st.one_of(texts, parts).map(lambda v: Asked(case.attribute, Op.CONTAINS, v)),
            )
        case Kind.DATE:
            orders = st.sampled_from([Op.EQ, Op.GT, Op.GTE, Op.LT, Op.LTE])
            days = st.one_of(values, st.dates().map(lambda d: d.isoformat()))
            present = st.booleans().map(lambda v: Asked(case.attribute, Op.PRESENT, v))
            ordered = st.tuples(orders, days).map(lambda t: Asked(case.attribute, t[0], t[1]))
            return st.one_of(ordered, ordered, present)
        case Kind.DATETIME:
            moments = st.one_of(values, st.datetimes().map(_wire))
            return moments.map(lambda v: Asked(case.attribute, Op.EQ, v))
        case _:
            return values.map(lambda v: Asked(case.attribute, Op.EQ, v))


def _asked(spec: Field) -> Sequence[Any]:
    """Values that a filter on a field can be given."""
    match spec.kind:
        case Kind.BOOLEAN:
            return (True, False)
        case Kind.ENUM:
            return spec.choices
        case Kind.TEXT | Kind.MAP | Kind.INTEGER:
            return [str(v) for v in _VALUES[spec.kind]]
        case _:
            return _VALUES[spec.kind]


def _wire(moment: datetime) -> str:
    return moment.isoformat() + "Z"
