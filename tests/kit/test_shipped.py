"""Every adapter that is shipped, before its sample system: the kit refutes nothing it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.base import Value, Writes
from adapters.conditions import Record
from adapters.sql import SqlAdapter
from demo.kcc.data import KNOWN_BSNS, SMALL, generate
from demo.kcc.sqlite import build as build_kcc
from demo.objecten.app import service as objecten
from demo.objecten.source import SampleObjecten
from demo.sociaal.data import SMALL as SMALL_SOCIAAL
from demo.sociaal.data import generate as generate_sociaal
from demo.sociaal.sqlite import build as build_sociaal
from demo.stuf.source import SampleBg, SampleTaken, SampleZkn
from gateway.kit.writing import News
from tests.helpers import ROOT, SampleRest
from tests.kit.shipped import MAPPINGS, ONE_EACH, InFolder, Shipped


class Objecten(SampleObjecten):
    make = staticmethod(lambda: objecten(SMALL))


class Bg(SampleBg):
    make = staticmethod(cache(SampleBg.make))


class Zkn(SampleZkn):
    make = staticmethod(cache(SampleZkn.make))


class TestSql(InFolder):
    adapter = SqlAdapter
    mapping = MAPPINGS / "sociaal"
    description = "sql"
    most = 60

    def prepare(self, path: Path) -> Mapping[str, Any]:
        build_sociaal(path / "sociaal.sqlite", generate_sociaal(SMALL_SOCIAAL))
        return {"url": f"sqlite+aiosqlite:///{path / 'sociaal.sqlite'}"}


class Kcc(InFolder):
    adapter = SqlAdapter
    mapping = MAPPINGS / "kcc"
    description = "sql"

    def prepare(self, path: Path) -> Mapping[str, Any]:
        build_kcc(path / "kcc.sqlite", generate(SMALL))
        return {"url": f"sqlite+aiosqlite:///{path / 'kcc.sqlite'}"}

    def new(self) -> News:
        written = SqlAdapter.create({"url": "sqlite+aiosqlite://"}, self.described()).collections
        return {
            name: [_row(spec.writes, number) for number in range(1, 4)]
            for name, spec in written.items()
            if spec.writes
        }


def _row(writes: Writes, number: int) -> Mapping[str, Value]:
    """A value in each column, as long as it may be."""
    return {
        field: number
        if field in writes.numbers
        else f"{number} {field} {'x' * 200}"[: writes.lengths.get(field, 200)]
        for field in sorted(writes.fields - writes.generated)
    }


@pytest.mark.soak
class TestKcc(Kcc):
    """All of it."""


class TestWritingInKcc(Kcc):
    """What is written, in tables of each kind."""

    def described(self) -> Mapping[str, Any]:
        every = super().described()
        return {n: every[n] for n in ("CONTACT_BIJLAGE", "CONTACT_ZAAK", "KENMERK", "TERUGBEL")}

    @pytest.mark.parametrize("behaviour", ["writes", "guards", "atomic", "natural", "growing"])
    def test_behaviour(self, behaviour: str) -> None:
        super().test_behaviour(behaviour)


class TestRest(Shipped):
    adapter = SampleRest
    mapping = MAPPINGS / "kcc"
    description = "rest"


class TestObjecten(Shipped):
    adapter = Objecten
    mapping = MAPPINGS / "objecten-internetaak"
    description = "objecten"
    options: ClassVar[Mapping[str, Any]] = {"token": f"file:{ROOT / 'demo/objecten/gateway.token'}"}
    refers_to: ClassVar[Mapping[str, Any]] = {"klantcontacten": ["openklant1"]}
    without: ClassVar[Mapping[str, str]] = {"bounded of internetaken": ONE_EACH}

    def new(self) -> News:
        return {
            "internetaken": [
                {
                    "toelichting": f"Teruggebeld, poging {n}",
                    "status": status,
                    "datumVerwerkt": moment,
                }
                for n, status, moment in (
                    (1, "verwerkt", "2026-07-01T10:00:00.000000Z"),
                    (2, "nog te verwerken", "2026-07-02T10:00:00.000000Z"),
                )
            ]
        }

    def there(self) -> Mapping[str, Sequence[Record]]:
        objects = Objecten.make().objects
        tasks = [versions[-1]["data"]["actor"] for versions in objects.values()]
        units = [a for a in tasks if a["soortActor"] != "medewerker"]
        named = {
            "medewerkers": [a for a in tasks if a["soortActor"] == "medewerker"],
            "afdelingen": [a for a in units if a["typeOrganisatorischeEenheid"] == "afdeling"],
            "groepen": [a for a in units if a["typeOrganisatorischeEenheid"] == "groep"],
        }
        return {
            name: [{"identificatie": a["identificatie"]} for a in of[:1]]
            for name, of in named.items()
        }


class TestStufBg(Shipped):
    adapter = Bg
    mapping = MAPPINGS / "stuf-bg"
    description = "stuf"

    def there(self) -> Mapping[str, Sequence[Record]]:
        return {
            "personen": [{"bsn": bsn} for bsn in KNOWN_BSNS],
            "organisaties": [{"rsin": "330358194"}, {"kvkNummer": "38070788"}],
            "ondernemingen": [{"kvkNummer": "38070788"}],
            "vestigingen": [{"vestigingsnummer": "000092123938"}],
        }


_NUMBERS = ("inp.bsn", "inn.nnpId", "vestigingsNummer")


class TestStufZkn(Shipped):
    adapter = Zkn
    mapping = MAPPINGS / "stuf-zkn"
    description = "stuf"

    def there(self) -> Mapping[str, Sequence[Record]]:
        zaken = Zkn.make().holdings.of("ZAK")
        said = [item for zaak in zaken for item in zaak.values.items()]
        of = {name: [v for path, v in said if path.endswith(name)][-1:] for name in _NUMBERS}
        return {
            "zaken": [{"initiatorBsn": bsn} for bsn in of["inp.bsn"]],
            "personen": [{"bsn": bsn} for bsn in of["inp.bsn"]],
            "organisaties": [{"rsin": rsin} for rsin in of["inn.nnpId"]],
            "vestigingen": [{"vestigingsnummer": number} for number in of["vestigingsNummer"]],
        }


class Taken(SampleTaken):
    make = staticmethod(cache(SampleTaken.make))


class TestWritingInStuf(Shipped):
    """What is written. That of a lost answer is looked for and, where it does not show, sent again
    as it was, which StUF takes once: so `unsure` is tried with its own rules."""

    adapter = Taken
    mapping = MAPPINGS / "stuf-zkn-terugbellen"
    description = "stuf"

    def new(self) -> News:
        return {
            "taken": [
                {
                    "omschrijving": f"Terugbellen, nummer {n}",
                    "toelichting": f"Over een vraag, nummer {n}",
                    "betalingsindicatie": "N.v.t.",
                    "archiefnominatie": "N",
                    "zaakniveau": "1",
                    "deelzakenindicatie": "N",
                    "zaaktype": "Terugbelverzoek",
                    "zaaktypecode": "TBV",
                    "initiatorBsn": KNOWN_BSNS[0],
                    "contactnaam": f"A. {n} de Kit",
                    "telefoonnummer": f"061234567{n}",
                    "emailadres": f"anna{n}@voorbeeld.example",
                    **status,
                }
                for n, status in enumerate(
                    ({}, {"status": "Afgehandeld", "statustoelichting": "Klant gesproken"})
                )
            ]
        }

    @pytest.mark.parametrize("behaviour", ["writes", "guards"])
    def test_behaviour(self, behaviour: str) -> None:
        super().test_behaviour(behaviour)
