"""From what is known of the fields to rules: which resource, which attributes, how sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.conditions import Record
from gateway.learn.known import Known
from gateway.learn.names import ADDRESSES, CONTACT, NUMBERS, PARTIJ
from gateway.learn.reading import reading
from gateway.learn.sample import SampleError
from gateway.mapping.formats.text import TUSSENVOEGSELS
from gateway.standard.table import RESOURCES

BOTH: Final = "naam en waarden"
NAME: Final = "alleen de naam"
VALUES: Final = "alleen de waarden"
NOTHING: Final = "geen veld gevonden, en de standaard wil het"
_NAAM: Final = "partijIdentificatie.naam"
_ACHTERNAAM: Final = "partijIdentificatie.contactnaam.achternaam"
_VOORVOEGSEL: Final = "partijIdentificatie.contactnaam.voorvoegselAchternaam"
_EARLY: Final = "2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Line:
    """One rule. ``why``: what it was told from, empty where it follows from another; where it is
    not ``sure`` somebody has to look."""

    rule: Mapping[str, Any]
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream; ``words``: what it has beside its rules."""

    name: str
    words: Mapping[str, Any]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Streams by resource, and the fields of which nothing was made."""

    streams: Mapping[str, Sequence[Stream]]
    left: Sequence[str]
    key_sure: bool


def propose(records: Sequence[Record], collection: str) -> Proposal:
    """A mapping for records of a collection. Raises ``SampleError`` when nothing in them is
    recognised, or nothing tells them apart."""
    known = Known(records)
    key = known.key()
    if key is None:
        raise SampleError("Geen veld heeft in elk record een eigen waarde: er is geen sleutel.")
    contact, partij = (_weight(known, table) for table in (CONTACT, PARTIJ))
    partij += sum(whole for *_, whole in known.named(NUMBERS))
    if not contact and not partij:
        raise SampleError("Van dit voorbeeld is niets herkend.")
    made = (
        _Contact(known, collection, *key) if contact > partij else _Partij(known, collection, *key)
    )
    streams = made.streams()
    left = [path for path in known.values if path not in made.used]
    return Proposal(streams, left, sure_key(key[0]))


def sure_key(path: str) -> bool:
    """Whether a name says that it is a key."""
    return bool(re.search(r"(?i)(^|_)(uu|gu)?id$|Id$", path))


def _weight(known: Known, table: Mapping[str, str]) -> int:
    """How many fields a resource has room for that the other has not."""
    other = CONTACT if table is PARTIJ else PARTIJ
    found = {a: p for p, a, whole in known.named(table) if whole and not known.is_empty(p)}
    return len({a for a, p in found.items() if not _in(other, p)})


def _in(table: Mapping[str, str], path: str) -> bool:
    return re.sub(r"[^a-z0-9]", "", path.rpartition(".")[2].lower()) in table


@dataclass
class _Making:
    """The streams of one record, while they are made."""

    known: Known
    collection: str
    key: str
    form: Any
    used: set[str] = field(default_factory=set)

    resource = ""
    table: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.used.add(self.key)
        self.name = re.sub(r"[^a-z0-9]+", "_", self.collection.lower()).strip("_") or "record"

    def words(self, slot: int, present: str = "") -> dict[str, Any]:
        """What a stream has beside its rules."""
        words: dict[str, Any] = {
            "slot": slot,
            "collection": self.collection,
            "key": {self.key: self.form},
        }
        if present:
            words["where"] = {present: {"present": True}}
        created = self.known.created()
        if created is not None:
            self.used.add(created)
            found = self.known.shape(created)
            assert found is not None
            return words | {"created": {"from": created, **found.words}}
        return words | {"created": {"const": _EARLY}}

    def found(self) -> dict[str, Line]:
        """The rules that fields were found for, by attribute."""
        kinds = dict(RESOURCES[self.resource].fields())
        lines: dict[str, Line] = {}
        for path, attribute, whole in self.known.named(self.table):
            if attribute in lines or attribute not in kinds or path in self.used:
                continue
            read = reading(self.known, path, attribute, kinds[attribute].kind)
            if read is None:
                continue
            self.used.add(path)
            words, agrees = read
            lines[attribute] = Line(
                {"to": attribute, "from": path, **words},
                whole and agrees,
                BOTH if agrees else NAME,
            )
        return lines

    def fill(self, lines: dict[str, Line], constants: Mapping[str, Any]) -> None:
        """Give every attribute that has to be there a value, in every record."""
        for attribute, value in constants.items():
            line = lines.get(attribute)
            if line is None:
                lines[attribute] = Line({"to": attribute, "const": value}, False, NOTHING)
            elif "from" in line.rule and not self.known.is_full(line.rule["from"]):
                rule = {**line.rule, "default": value}
                lines[attribute] = Line(rule, False, "de standaard wil het, en soms is het leeg")

    def in_order(self, lines: Mapping[str, Line]) -> list[Line]:
        """As the standard has its attributes."""
        order = [path for path, _ in RESOURCES[self.resource].fields()]
        return [lines[path] for path in order if path in lines]

    def streams(self) -> dict[str, list[Stream]]:
        """By resource."""
        raise NotImplementedError


class _Contact(_Making):
    """A contact."""

    resource = "klantcontacten"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.table = CONTACT

    def streams(self) -> dict[str, list[Stream]]:
        words = self.words(0)
        lines = self.found()
        moment = lines.get("plaatsgevondenOp") or self._moment()
        if moment is not None:
            lines["plaatsgevondenOp"] = moment
        self.fill(
            lines,
            {
                "kanaal": "onbekend",
                "onderwerp": "(geen onderwerp)",
                "taal": "nld",
                "vertrouwelijk": False,
                "plaatsgevondenOp": _EARLY,
            },
        )
        return {self.resource: [Stream(self.name, words, self.in_order(lines))]}

    def _moment(self) -> Line | None:
        """When it was, where no moment has a name that says so."""
        joined = self.known.joined_moment()
        if joined is not None:
            self.used.update(joined["join"]["fields"])
            return Line({"to": "plaatsgevondenOp", **joined}, False, VALUES)
        path = next(self.known.moments(), None)
        if path is None:
            return None
        found = self.known.shape(path)
        assert found is not None
        self.used.add(path)
        return Line({"to": "plaatsgevondenOp", "from": path, **found.words}, False, VALUES)


class _Partij(_Making):
    """A klant, with its numbers and addresses."""

    resource = "partijen"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.table = PARTIJ

    def streams(self) -> dict[str, list[Stream]]:
        words = self.words(0)
        numbers = list(self._numbers())
        addresses = list(self._addresses())
        lines = self.found()
        lines |= self._names(lines)
        self.fill(lines, {"soortPartij": "persoon", "indicatieActief": True})
        made = {
            self.resource: [Stream(self.name, words, self.in_order(lines))],
            "partij-identificatoren": numbers,
            "digitaleadressen": addresses,
        }
        return {resource: streams for resource, streams in made.items() if streams}

    def _names(self, lines: dict[str, Line]) -> dict[str, Line]:
        """The rules of a name: of whom it is follows from the kind of partij."""
        general = next(self._of(PARTIJ, "naam"), None)
        if general is not None and not {_ACHTERNAAM, _NAAM} & set(lines):
            self.used.add(general)
            alone = "soortPartij" not in lines
            for attribute in [_NAAM] if alone and self._is_company(lines) else [_ACHTERNAAM, _NAAM]:
                rule = {"to": attribute, "from": general}
                lines[attribute] = Line(rule, False, NAME)
        soort = lines.get("soortPartij")
        persons = [a for a in lines if a.startswith("partijIdentificatie.contactnaam")]
        if _ACHTERNAAM in lines and _VOORVOEGSEL not in lines:
            lines |= self._split(lines[_ACHTERNAAM])
            persons = [a for a in lines if a.startswith("partijIdentificatie.contactnaam")]
        if soort is None:
            kind = "persoon" if persons else "organisatie"
            lines["soortPartij"] = Line({"to": "soortPartij", "const": kind}, False, NOTHING)
            for attribute in [_NAAM] if persons else []:
                lines.pop(attribute, None)
            return lines
        codes: Mapping[str, str] = soort.rule["values"]
        for attribute in (*persons, _NAAM):
            if attribute in lines:
                organisation = attribute == _NAAM
                of = [c for c, kind in codes.items() if (kind == "organisatie") is organisation]
                line = lines.pop(attribute)
                if of:
                    rule = {**line.rule, "when": {soort.rule["from"]: of}}
                    lines[attribute] = Line(rule, line.sure, line.why)
        return lines

    def _of(self, table: Mapping[str, str], wanted: str) -> Iterator[str]:
        for path, attribute, _ in self.known.named(table):
            if attribute == wanted and self.known.says_more(path):
                yield path

    def _is_company(self, lines: Mapping[str, Line]) -> bool:
        """Whether it has numbers of companies, and nothing of a person."""
        numbers = {kind for _, kind, _ in self.known.named(NUMBERS)}
        persons = any(a.startswith("partijIdentificatie.contactnaam") for a in lines)
        return bool(numbers) and "bsn" not in numbers and not persons

    def _split(self, line: Line) -> dict[str, Line]:
        """The rules of a surname with its tussenvoegsel in one field."""
        path = line.rule["from"]
        texts = [str(value) for value in self.known.values[path]]
        if any(", " in text for text in texts):
            parts = {_ACHTERNAAM: 0, _VOORVOEGSEL: 1}
            return {
                attribute: Line(
                    {"to": attribute, "split": {"from": path, "on": ", ", "part": part}},
                    False,
                    "er staat een komma in",
                )
                for attribute, part in parts.items()
            }
        if any(text.partition(" ")[0].lower() in TUSSENVOEGSELS for text in texts):
            formats = {_ACHTERNAAM: "achternaam", _VOORVOEGSEL: "tussenvoegsel"}
            return {
                attribute: Line(
                    {"to": attribute, "from": path, "format": name},
                    False,
                    "er staat een tussenvoegsel in",
                )
                for attribute, name in formats.items()
            }
        return {}

    def _numbers(self) -> Iterator[Stream]:
        named = {
            path: (kind, whole)
            for path, kind, whole in self.known.named(NUMBERS)
            if self.known.says_more(path)
        }
        for path in self.known.values:
            found = self.known.shape(path)
            looks_so = found is not None and found.name == "bsn" and self.known.differs(path)
            if looks_so and path not in {*named, self.key}:
                named[path] = ("bsn", False)
        for slot, (path, (kind, whole)) in enumerate(named.items()):
            looks = self.known.shape(path)
            agrees = looks is not None and looks.name == _NUMBERS[kind][2]
            self.used.add(path)
            why = (BOTH if agrees else NAME) if whole else VALUES
            yield Stream(
                _stream(path),
                self.words(slot, present=path),
                [
                    self._back("identificeerdePartij"),
                    _const("partijIdentificator.codeObjecttype", _NUMBERS[kind][0]),
                    _const("partijIdentificator.codeSoortObjectId", kind),
                    Line(
                        {"to": "partijIdentificator.objectId", "from": path, **_NUMBERS[kind][3]},
                        whole and agrees,
                        why,
                    ),
                    _const("partijIdentificator.codeRegister", _NUMBERS[kind][1]),
                ],
            )

    def _addresses(self) -> Iterator[Stream]:
        named = {path: (kind, whole) for path, kind, whole in self.known.named(ADDRESSES)}
        for path in self.known.values:
            looks = self.known.shape(path)
            kind = _SHAPES.get(looks.name) if looks is not None else None
            if kind is not None and path not in named:
                named[path] = (kind, False)
        slot = 0
        for path, (kind, whole) in named.items():
            if path in self.used or not self.known.says_more(path):
                continue
            looks = self.known.shape(path)
            agrees = looks is not None and _SHAPES.get(looks.name) == kind
            if not agrees and not self.known.is_empty(path) and not whole:
                continue
            self.used.add(path)
            reads = {"format": "telefoon"} if kind == "telefoonnummer" else {}
            yield Stream(
                _stream(path),
                self.words(slot, present=path),
                [
                    self._back("verstrektDoorPartij"),
                    Line(
                        {"to": "adres", "from": path, **reads},
                        agrees,
                        (BOTH if agrees else NAME) if whole else VALUES,
                    ),
                    _const("soortDigitaalAdres", kind),
                    _const("omschrijving", "e-mail" if kind == "email" else "telefoon"),
                ],
            )
            slot += 1

    def _back(self, attribute: str) -> Line:
        rule = {"to": attribute, "ref": f"{self.resource}.{self.name}", "key": self.key}
        return Line(rule, True, "")


_SHAPES: Final = {"e-mail": "email", "telefoon": "telefoonnummer"}
_NUMBERS: Final[Mapping[str, tuple[str, str, str, Mapping[str, Any]]]] = {
    "bsn": ("natuurlijk_persoon", "brp", "bsn", {"format": "bsn"}),
    "rsin": ("niet_natuurlijk_persoon", "hr", "bsn", {"format": "bsn"}),
    "kvk_nummer": (
        "niet_natuurlijk_persoon",
        "hr",
        "kvk",
        {"format": {"name": "cijfers", "length": 8}},
    ),
    "vestigingsnummer": (
        "vestiging",
        "hr",
        "vestiging",
        {"format": {"name": "cijfers", "length": 12}},
    ),
}
"""By kind of number: the codes of what has it and of its register, its shape, how it is read."""


def _const(attribute: str, value: Any) -> Line:
    return Line({"to": attribute, "const": value}, True, "")


def _stream(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", path.lower()).strip("_")
