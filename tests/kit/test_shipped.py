"""Every adapter that is shipped, before its sample system: the kit refutes nothing it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest

from adapters.base import Adapter
from adapters.conditions import Record
from adapters.maildir import MaildirAdapter
from adapters.sql import SqlAdapter
from demo.esuite.app import service as esuite
from demo.esuite.data import CONTACTVERZOEK as TASK
from demo.esuite.source import SampleESuite
from demo.kcc.data import KNOWN_BSNS, SMALL, generate
from demo.kcc.sqlite import build as build_kcc
from demo.objecten.app import service as objecten
from demo.objecten.source import SampleObjecten
from demo.openklant1.app import service as openklant1
from demo.openklant1.source import SampleOpenKlant1
from demo.openzaak.service import service as openzaak
from demo.openzaak.source import SampleOpenZaak
from demo.sociaal.data import SMALL as SMALL_SOCIAAL
from demo.sociaal.data import generate as generate_sociaal
from demo.sociaal.sqlite import build as build_sociaal
from demo.stuf.source import SampleBg, SampleZkn
from gateway.kit import AdapterKit
from tests.helpers import ROOT, SampleRest
from tests.support.mails import OPTIONS, mail, maildir

MAPPINGS = ROOT / "mappings"


class OpenKlant1(SampleOpenKlant1):
    """What is only asked needs to be made once, and small."""

    make = staticmethod(cache(lambda: openklant1(SMALL)))


class ESuite(SampleESuite):
    make = staticmethod(cache(lambda: esuite(SMALL)))


class Objecten(SampleObjecten):
    make = staticmethod(cache(lambda: objecten(SMALL)))


class OpenZaak(SampleOpenZaak):
    make = staticmethod(cache(lambda: openzaak(SMALL)))


class Bg(SampleBg):
    make = staticmethod(cache(SampleBg.make))


class Zkn(SampleZkn):
    make = staticmethod(cache(SampleZkn.make))


class _Shipped(AdapterKit):
    most = 150

    def samples(self) -> Mapping[str, Sequence[Record]]:
        return {**super().samples(), **self.there()}

    def there(self) -> Mapping[str, Sequence[Record]]:
        """Records that the sample system has, where the samples of a mapping are others."""
        return {}


ONE_EACH = "a question takes one value; several are asked side by side, within bounds"
NOT_BY_CONTACT = "of a contact that is not there it gives the links of others, which is an error"
WRITTEN_ELSEWHERE = dict.fromkeys(
    ("writes", "guards", "natural", "unsure", "growing"),
    "what it refuses, and the order of its links, is tested with its own rules",
)


class _InFolder(_Shipped):
    """A source of which the files are made in a folder of the test."""

    def make(self) -> Adapter:
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name)
        return self.adapter.create({**self.options, **self.prepare(path)}, self.described())

    def prepare(self, path: Path) -> Mapping[str, Any]:
        """Make the files; the options that say where they are."""
        raise NotImplementedError


class TestSql(_InFolder):
    adapter = SqlAdapter
    mapping = MAPPINGS / "sociaal"
    description = "sql"
    most = 60

    def prepare(self, path: Path) -> Mapping[str, Any]:
        build_sociaal(path / "sociaal.sqlite", generate_sociaal(SMALL_SOCIAAL))
        return {"url": f"sqlite+aiosqlite:///{path / 'sociaal.sqlite'}"}


@pytest.mark.soak
class TestKcc(_InFolder):
    adapter = SqlAdapter
    mapping = MAPPINGS / "kcc"
    description = "sql"

    def prepare(self, path: Path) -> Mapping[str, Any]:
        build_kcc(path / "kcc.sqlite", generate(SMALL))
        return {"url": f"sqlite+aiosqlite:///{path / 'kcc.sqlite'}"}


class TestRest(_Shipped):
    adapter = SampleRest
    mapping = MAPPINGS / "kcc"
    description = "rest"


class TestMaildir(_InFolder):
    adapter = MaildirAdapter
    mapping = MAPPINGS / "e-mail"
    description = "maildir"
    options: ClassVar[Mapping[str, Any]] = OPTIONS

    def prepare(self, path: Path) -> Mapping[str, Any]:
        return {"path": maildir(path / "archief", [mail(n) for n in range(12)])}


class TestOpenKlant1(_Shipped):
    adapter = OpenKlant1
    mapping = MAPPINGS / "open-klant-1"
    description = "zgw"
    options: ClassVar[Mapping[str, Any]] = {
        "credentials": {
            "client_id": "gateway",
            "secret": f"file:{ROOT / 'demo/openklant1/gateway.secret'}",
        }
    }
    secrets = ((ROOT / "demo/openklant1/gateway.secret").read_text().strip(),)
    without: ClassVar[Mapping[str, str]] = {
        "bounded of klanten": ONE_EACH,
        "bounded of contactmomenten": ONE_EACH,
        "bounded of klantcontactmomenten": ONE_EACH,
        "bounded of objectcontactmomenten": ONE_EACH,
    } | WRITTEN_ELSEWHERE

    def there(self) -> Mapping[str, Sequence[Record]]:
        contacts = OpenKlant1.make().register.rows["contactmomenten"].values()
        named = [c["medewerkerIdentificatie"] for c in contacts if c["medewerkerIdentificatie"]]
        return {"medewerkers": named[:1]}


class TestESuite(_Shipped):
    adapter = ESuite
    mapping = MAPPINGS / "e-suite"
    description = "zgw"
    options: ClassVar[Mapping[str, Any]] = {
        "credentials": {
            "client_id": "gateway",
            "secret": f"file:{ROOT / 'demo/esuite/gateway.secret'}",
        }
    }
    secrets = ((ROOT / "demo/esuite/gateway.secret").read_text().strip(),)
    without: ClassVar[Mapping[str, str]] = {
        "keys of medewerkers": "the e-Suite has no list of them: who is named is taken to be there",
        "keys of klantcontactmomenten": "the e-Suite gives no link by its uuid",
        "keys of objectcontactmomenten": "the e-Suite gives no link by its uuid",
        "failures of medewerkers": "nothing is asked for who is named",
        "filters of klantcontactmomenten": NOT_BY_CONTACT,
        "combined of klantcontactmomenten": NOT_BY_CONTACT,
    } | WRITTEN_ELSEWHERE

    def there(self) -> Mapping[str, Sequence[Record]]:
        rows = {name: list(of.values()) for name, of in ESuite.make().register.rows.items()}
        contact, link = rows["contactmomenten"][0], rows["klantcontactmomenten"][0]
        about = rows["objectcontactmomenten"][0]
        return {
            "klanten": rows["klanten"][:2],
            "contactmomenten": [{"identificatie": contact["identificatie"]}, {"type": TASK}],
            "klantcontactmomenten": [{"klant": link["klant"]}],
            "objectcontactmomenten": [{"contactmoment": about["contactmoment"]}],
            "medewerkers": [
                {"gebruikersnaam": contact["medewerkerIdentificatie"]["identificatie"]}
            ],
        }


class TestObjecten(_Shipped):
    adapter = Objecten
    mapping = MAPPINGS / "objecten-internetaak"
    description = "objecten"
    options: ClassVar[Mapping[str, Any]] = {"token": f"file:{ROOT / 'demo/objecten/gateway.token'}"}
    refers_to: ClassVar[Mapping[str, Any]] = {"klantcontacten": ["openklant1"]}
    without: ClassVar[Mapping[str, str]] = {"bounded of internetaken": ONE_EACH}

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


class TestOpenZaak(_Shipped):
    adapter = OpenZaak
    mapping = MAPPINGS / "zgw-zaken"
    description = "zgw"
    options: ClassVar[Mapping[str, Any]] = {
        "credentials": {
            "client_id": "gateway",
            "secret": f"file:{ROOT / 'demo/openzaak/gateway.secret'}",
        }
    }
    refers_to: ClassVar[Mapping[str, Any]] = {"klantcontacten": ["openklant1"]}
    secrets = ((ROOT / "demo/openzaak/gateway.secret").read_text().strip(),)
    without: ClassVar[Mapping[str, str]] = {
        "bounded of zaken": ONE_EACH,
        "bounded of contactverzoeken": ONE_EACH,
        "filters of gemachtigden": "of a pair the first of the zaak that is asked for counts",
        "named": "the samples are of another municipality; its own rollen are asked for elsewhere",
        "filters of rollen": "a rol is one of a list of nine, and no other is asked for",
        **{name: reason for name, reason in WRITTEN_ELSEWHERE.items() if name != "guards"},
    }

    def there(self) -> Mapping[str, Sequence[Record]]:
        rollen = OpenZaak.make().holdings.rows["rollen"].values()
        who = [rol["betrokkeneIdentificatie"] for rol in rollen]
        return {
            "rollen": [{"zaak": rol["zaak"]} for rol in rollen][:1],
            "organisaties": [one for one in who if one.get("innNnpId")][:1],
            "nevenvestigingen": [],
        }


class TestStufBg(_Shipped):
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


class TestStufZkn(_Shipped):
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
