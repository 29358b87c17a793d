"""The rules of a klant: a partij, with its numbers and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.learn.making import BOTH, NAME, NOTHING, VALUES, Line, Making, Stream
from gateway.learn.names import ADDRESSES, NUMBERS, PARTIJ
from gateway.mapping.formats.text import TUSSENVOEGSELS

_NAAM: Final = "partijIdentificatie.naam"
_ACHTERNAAM: Final = "partijIdentificatie.contactnaam.achternaam"
_VOORVOEGSEL: Final = "partijIdentificatie.contactnaam.voorvoegselAchternaam"


class Partij(Making):
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
                if not of:
                    self.used.difference_update([line.rule.get("from")])
                else:
                    narrowed = {**line.rule, "when": {soort.rule["from"]: of}}
                    lines[attribute] = Line(narrowed, line.sure, line.why)
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
