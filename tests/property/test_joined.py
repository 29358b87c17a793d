"""Keys that sources share, on random rows: who is linked, and what is found, follows from the rows.

Persons are kept in two sources, with addresses of which several have the same; contacts in a third,
with addresses only, all in any spelling. Sources can be asked more or less.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Collection, Operator
from gateway import installation
from gateway.installation import Installation
from tests.helpers import Trapped, client_of, sql_source, sqlite_ended, write_config, write_mini
from tests.property.test_elsewhere import listed

ADDRESSES: Final = ("jan@x.example", "an@x.example", "bart-jan@x.example", "jan@x.example.nl")
NO_ADDRESSES: Final = ("jan", "jan@x.example of an@x.example", " ")

PERSONEN: Final = {
    "collections.sql.yaml": """\
PERSOON:
  key: ID
  columns: {ID: integer, BSN: text, WEG: text, AANMAAK: text}
ADRES:
  key: ID
  columns: {ID: integer, PERSOON: integer, SRT: text, WAARDE: text, AANMAAK: text}
""",
    "partijen.yaml": """\
resource: partijen
streams:
  persoon:
    slot: 0
    collection: PERSOON
    key: {ID: integer}
    where: {WEG: {present: false}}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: soortPartij, const: persoon}
      - {to: indicatieActief, const: true}
""",
    "partij-identificatoren.yaml": """\
resource: partij-identificatoren
streams:
  bsn:
    slot: 0
    collection: PERSOON
    key: {ID: integer}
    where: {WEG: {present: false}, BSN: {present: true}}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: identificeerdePartij, ref: partijen.persoon, key: ID}
      - {to: partijIdentificator.codeObjecttype, const: natuurlijk_persoon}
      - {to: partijIdentificator.codeSoortObjectId, const: bsn}
      - {to: partijIdentificator.objectId, from: BSN}
      - {to: partijIdentificator.codeRegister, const: brp}
""",
    "digitaleadressen.yaml": """\
resource: digitaleadressen
streams:
  adres:
    slot: 0
    collection: ADRES
    key: {ID: integer}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: verstrektDoorPartij, ref: partijen.persoon, key: PERSOON, required: given}
      - {to: adres, from: WAARDE}
      - {to: soortDigitaalAdres, from: SRT, values: {E: email, T: telefoonnummer}}
""",
}
CONTACTEN: Final = {
    "collections.sql.yaml": """\
CONTACT:
  key: ID
  columns: {ID: integer, MOMENT: text}
BELLER:
  key: ID
  columns: {ID: integer, CONTACT: integer, ADRES: text, ONZEKER: text, MOMENT: text}
""",
    "klantcontacten.yaml": """\
resource: klantcontacten
streams:
  contact:
    slot: 0
    collection: CONTACT
    key: {ID: integer}
    created: {from: MOMENT, format: tijdstip}
    rules:
      - {to: kanaal, const: telefoon}
      - {to: onderwerp, from: ID}
      - {to: taal, const: nld}
      - {to: vertrouwelijk, const: false}
      - {to: plaatsgevondenOp, from: MOMENT, format: tijdstip}
""",
    "betrokkenen.yaml": """\
resource: betrokkenen
streams:
  beller:
    slot: 0
    collection: BELLER
    key: {ID: integer}
    created: {from: MOMENT, format: tijdstip}
    rules:
      - {to: hadKlantcontact, ref: klantcontacten.contact, key: CONTACT}
      - to: wasPartij
        ref: partijen
        key: ADRES
        through: email
        when: {ONZEKER: {present: false}}
      - {to: contactnaam.achternaam, from: ID}
      - {to: rol, const: klant}
      - {to: initiator, const: true}
""",
}


class Less(Trapped):
    """A source that can be asked less."""

    without: ClassVar[frozenset[Operator]] = frozenset()

    @property
    def collections(self) -> Mapping[str, Collection]:
        return {
            name: replace(
                one,
                max_in=2,
                disjunctions=False,
                exists=frozenset(),
                filters={
                    field: {op: match for op, match in asked.items() if op not in self.without}
                    for field, asked in one.filters.items()
                },
            )
            for name, one in super().collections.items()
        }


class InParts(Less):
    """It cannot be asked for what is equal in any case."""

    without = frozenset([Operator.ALIKE])


class ToTheLetter(Less):
    """It knows no case at all."""

    without = frozenset([Operator.ALIKE, Operator.CONTAINS, Operator.PATTERN])


ABLE: Final = ("tests.helpers:Trapped", *(f"{__name__}:{c}" for c in ("InParts", "ToTheLetter")))


@dataclass(frozen=True)
class Person:
    second: bool
    """In which of the two sources."""
    bsn: int
    """0: unknown."""
    gone: bool
    addresses: Sequence[tuple[str, str]]
    """Kind and text."""


@dataclass(frozen=True)
class Rows:
    """``contacts``: of each the addresses of who was in it, and whether these are to be trusted."""

    persons: Sequence[Person]
    contacts: Sequence[Sequence[tuple[str, bool]]]
    merging: bool
    able: Sequence[str]

    def groups(self) -> list[list[int]]:
        """The persons that are shown, who is one with another beside him."""
        found: dict[object, list[int]] = defaultdict(list)
        for n, person in enumerate(self.persons):
            if not person.gone:
                alone = not (self.merging and person.bsn)
                found[("alone", n) if alone else ("bsn", person.bsn)].append(n)
        return list(found.values())

    def owners(self) -> Mapping[str, list[int]]:
        """Of each address in small letters that is of just one the numbers of that one."""
        found: dict[str, list[list[int]]] = defaultdict(list)
        for group in self.groups():
            held = {text for n in group for kind, text in self.persons[n].addresses if kind == "E"}
            for text in {one.lower() for one in held}:
                found[text].append(group)
        return {text: groups[0] for text, groups in found.items() if len(groups) == 1}

    def linked(self) -> dict[int, list[list[int]]]:
        """By contact, of each who was in it, the numbers of who that is; none: it is not known."""
        owners = self.owners()
        return {
            n: [
                owners.get(text.lower(), []) if sure and text.lower() in ADDRESSES else []
                for text, sure in callers
            ]
            for n, callers in enumerate(self.contacts)
        }


spelled: Final = st.builds(
    lambda text, big: text.upper() if big == 1 else text.title() if big == 2 else text,
    st.sampled_from((*ADDRESSES, *ADDRESSES, *NO_ADDRESSES)),
    st.integers(0, 3),
)
persons: Final = st.builds(
    Person,
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([False, False, False, True]),
    st.lists(st.tuples(st.sampled_from("EEET"), spelled), max_size=3),
)
rows_: Final = st.builds(
    Rows,
    st.lists(persons, max_size=6),
    st.lists(
        st.lists(st.tuples(spelled, st.sampled_from([True, True, True, False])), max_size=2),
        max_size=6,
    ),
    st.booleans(),
    st.tuples(*[st.sampled_from(ABLE)] * 3),
)


def moment(n: int) -> str:
    return f"202601020304{n // 2:02}"


def written(folder: Path, rows: Rows) -> Path:
    """A configuration of three sources with these rows."""
    mapping, sources = write_mini(folder / "personen", PERSONEN), dict[str, Any]()
    for number, name in enumerate(("een", "twee"), 1):
        file = folder / f"{name}.sqlite"
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("CREATE TABLE PERSOON (ID INTEGER, BSN TEXT, WEG TEXT, AANMAAK TEXT)")
            database.execute(
                "CREATE TABLE ADRES (ID INTEGER PRIMARY KEY, PERSOON INTEGER, SRT TEXT,"
                " WAARDE TEXT, AANMAAK TEXT)"
            )
            for n, one in enumerate(rows.persons):
                if one.second == (name == "twee"):
                    bsn, gone = str(one.bsn) if one.bsn else None, "J" if one.gone else None
                    row = (n + 1, bsn, gone, moment(n))
                    database.execute("INSERT INTO PERSOON VALUES (?, ?, ?, ?)", row)
                    database.executemany(
                        "INSERT INTO ADRES (PERSOON, SRT, WAARDE, AANMAAK) VALUES (?, ?, ?, ?)",
                        [(n + 1, kind, text, moment(n)) for kind, text in one.addresses],
                    )
        sources[name] = sql_source(mapping, file, number)
    file = folder / "contacten.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE CONTACT (ID INTEGER, MOMENT TEXT)")
        database.execute(
            "CREATE TABLE BELLER (ID INTEGER PRIMARY KEY, CONTACT INTEGER, ADRES TEXT,"
            " ONZEKER TEXT, MOMENT TEXT)"
        )
        for n, callers in enumerate(rows.contacts):
            database.execute("INSERT INTO CONTACT VALUES (?, ?)", (n, moment(n)))
            database.executemany(
                "INSERT INTO BELLER (CONTACT, ADRES, ONZEKER, MOMENT) VALUES (?, ?, ?, ?)",
                [(n, text, None if sure else "J", moment(n)) for text, sure in callers],
            )
    contacten = sql_source(write_mini(folder / "contacten", CONTACTEN), file, 3)
    sources["contacten"] = {**contacten, "refers_to": {"partijen": ["een", "twee"]}}
    for source, able in zip(sources.values(), rows.able, strict=True):
        source["adapter"] = able
    same_by = ["bsn"] if rows.merging else []
    return write_config(folder, sources, partijen={"same_by": same_by})


async def compared(rows: Rows, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = installation.build(written(Path(folder), rows))
        async with sqlite_ended(), client_of(built.app()) as client:
            try:
                await Compared(rows, size, built, client).all()
            finally:
                await built.close()


class Compared:
    """What a gateway answers beside what follows from the rows."""

    def __init__(
        self, rows: Rows, size: int, built: Installation, client: httpx.AsyncClient
    ) -> None:
        self._rows = rows
        self._linked = rows.linked()
        self._size = size
        self._client = client
        self._built = built

    async def all(self) -> None:
        groups, linked = self._rows.groups(), self._linked
        await self._shown()
        for holds in (True, False):
            found = {n for n, callers in linked.items() if any(callers) is holds}
            await self._contacts(f"hadBetrokkene__wasPartij={str(holds).lower()}", found)
        for group in groups:
            await self._of_one(group)
        for bsn in range(1, 4):
            found = {n for n, bsns in self._bsns() if bsn in bsns}
            asked = "hadBetrokkene__wasPartij__partijIdentificator__"
            await self._contacts(f"{asked}objectId={bsn}", found)
            both = f"{asked}objectId={bsn}&{asked}codeSoortObjectId=bsn"
            await self._contacts(both, found)
        any_bsn = {n for n, bsns in self._bsns() if any(bsns)}
        await self._contacts(
            "hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn", any_bsn
        )

    def _bsns(self) -> Iterator[tuple[int, set[int]]]:
        for n, callers in self._linked.items():
            yield n, {self._rows.persons[m].bsn for group in callers for m in group}

    def _uuids(self, group: Sequence[int]) -> set[str]:
        catalogue, found = self._built.catalogue, set()
        for n in group:
            source = "twee" if self._rows.persons[n].second else "een"
            stream = catalogue.stream(source, ("partijen", "persoon"))
            found.add(catalogue.identity.encode(stream, (n + 1,)))
        return found

    async def _contacts(self, asked: str, expected: set[int]) -> None:
        found = await listed(self._client, f"klantcontacten?{asked}&pageSize={self._size}")
        assert [int(one["onderwerp"]) for one in found] == sorted(expected, reverse=True), asked

    async def _shown(self) -> None:
        """Who was in a contact is the one that its address is of."""
        expand = "expand=hadBetrokkenen,hadBetrokkenen.wasPartij"
        for one in await listed(self._client, f"klantcontacten?{expand}&pageSize={self._size}"):
            callers = sorted(
                one["_expand"]["hadBetrokkenen"], key=lambda b: int(b["contactnaam"]["achternaam"])
            )
            expected = self._linked[int(one["onderwerp"])]
            assert len(callers) == len(expected)
            for caller, group in zip(callers, expected, strict=True):
                partij = caller["wasPartij"]
                assert (partij is not None) is bool(group)
                assert partij is None or partij["uuid"] in self._uuids(group)
                assert (caller["_expand"]["wasPartij"] or {}).get("uuid") == (partij or {}).get(
                    "uuid"
                )

    async def _of_one(self, group: Sequence[int]) -> None:
        """A person by each of his uuids, and what refers to him."""
        contacts = {n for n, callers in self._linked.items() if list(group) in callers}
        count = sum(callers.count(list(group)) for callers in self._linked.values())
        for uuid in self._uuids(group):
            await self._contacts(f"hadBetrokkene__wasPartij__uuid={uuid}", contacts)
            asked = f"betrokkenen?wasPartij__uuid={uuid}&pageSize={self._size}"
            found = await listed(self._client, asked)
            assert len(found) == count
            partij = (await self._client.get(f"partijen/{uuid}")).json()
            assert {b["uuid"] for b in partij["betrokkenen"]} == {b["uuid"] for b in found}
            assert {b["wasPartij"]["uuid"] for b in found} <= {partij["uuid"]}


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(rows=rows_, size=st.sampled_from([1, 2, 100]))
def test_who_is_linked_and_found_follows_from_the_rows_of_all(rows: Rows, size: int) -> None:
    asyncio.run(compared(rows, size))
