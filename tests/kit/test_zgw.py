"""APIs after the pattern of ZGW, before their sample systems: the kit refutes nothing of their
adapter, reading and writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from adapters.conditions import Record
from demo.esuite.app import service as esuite
from demo.esuite.data import CONTACTVERZOEK as TASK
from demo.esuite.source import SampleESuite
from demo.kcc.data import SMALL
from demo.openklant1.app import service as openklant1
from demo.openklant1.data import PUBLIC as CONTACTS
from demo.openklant1.data import ZAKEN
from demo.openklant1.source import SampleOpenKlant1
from demo.openzaak.register import KnownContacts
from demo.openzaak.service import OpenZaak as Zaken
from demo.openzaak.service import service as openzaak
from demo.openzaak.source import SampleOpenZaak
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from demo.v1.service import Service
from gateway.kit.writing import News
from tests.helpers import BSN, ROOT
from tests.kit.shipped import MAPPINGS, ONE_EACH, Shipped

NOT_BY_CONTACT: Final = "of a contact that is not there it gives the links of others: an error"
CONTACT_PATH: Final = "/contactmomenten/api/v1/contactmomenten/"
FREE: Final = "Een tekst van de kit, nummer"
MOMENTS: Final = [f"2026-07-0{n}T10:00:00.000000Z" for n in range(1, 4)]


class OpenKlant1(SampleOpenKlant1):
    """The register, small; the Zaken API beside it knows of more contacts than are linked."""

    @staticmethod
    def make() -> Service:
        made = openklant1(SMALL)
        made.related = {(_zaak(n), uuid) for n, uuid in enumerate(_uuids(made, CONTACTEN)[:3])}
        return made


class ESuite(SampleESuite):
    make = staticmethod(lambda: esuite(SMALL))


class OpenZaak(SampleOpenZaak):
    """The zaken, beside a register that knows of three more contacts."""

    @staticmethod
    def make() -> Zaken:
        made = openzaak(SMALL)
        contacts = [f"{CONTACTS}{CONTACT_PATH}{_uuid(n)}" for n in range(3)]
        made.contacts = KnownContacts(contacts)
        return made


def _uuids(service: Service, resource: str) -> list[str]:
    """The uuids of the rows of a register, which are the same each time."""
    return list(service.register.rows[resource])


def _zaak(number: int) -> str:
    return f"{ZAKEN}/{_uuid(number)}"


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-00000000000{number}"


class TestOpenKlant1(Shipped):
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
        "writes of objectcontactmomenten": "it goes only when its zaak lets go of it first",
    }

    def new(self) -> News:
        made = OpenKlant1.make()
        klanten, contacts = _uuids(made, KLANTEN), _uuids(made, CONTACTEN)
        bsns = ("123456782", "111222333", "999990019")
        return {
            KLANTEN: [
                {
                    "klantnummer": f"9990000{n}",
                    "subjectType": "natuurlijk_persoon",
                    "voornaam": f"Anna {n}",
                    "achternaam": f"de Kit {n}",
                    "telefoonnummer": f"030123456{n}",
                    "emailadres": f"anna{n}@voorbeeld.example",
                    "adres.straatnaam": f"Lange Straat {n}",
                    "adres.huisnummer": n + 1,
                    "subjectIdentificatie.inpBsn": bsn,
                }
                for n, bsn in enumerate(bsns)
            ],
            CONTACTEN: [
                {
                    "registratiedatum": moment,
                    "kanaal": f"kanaal {n}",
                    "tekst": f"{FREE} {n}",
                    "voorkeurstaal": f"n{n}d",
                    "medewerkerIdentificatie.identificatie": f"kit{n}",
                    "medewerkerIdentificatie.achternaam": f"van Kit {n}",
                }
                for n, moment in enumerate(MOMENTS)
            ],
            KLANTLINKS: [
                {"klant": klant, "contactmoment": contact, "rol": rol}
                for klant, contact, rol in zip(
                    klanten, contacts, ("gesprekspartner", "belanghebbende") * 2, strict=False
                )
            ][:3],
            OBJECTLINKS: [
                {"contactmoment": contact, "object": _uuid(n), "objectType": "zaak"}
                for n, contact in enumerate(contacts[:3])
            ],
        }

    def there(self) -> Mapping[str, Sequence[Record]]:
        contacts = OpenKlant1.make().register.rows["contactmomenten"].values()
        named = [c["medewerkerIdentificatie"] for c in contacts if c["medewerkerIdentificatie"]]
        return {"medewerkers": named[:1]}


class TestESuite(Shipped):
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
    }

    def new(self) -> News:
        made = ESuite.make()
        rows = made.register.rows
        there = {k["subjectIdentificatie"].get("inpBsn") for k in rows[KLANTEN].values()}
        bsns = sorted(n for n in made.outside - there if len(n) == 9)
        free = [uuid for uuid, c in rows[CONTACTEN].items() if c["_klant"] is None]
        names = {name: sorted(found) for name, found in made.names.items()}
        return {
            KLANTEN: [
                {
                    "subjectType": "natuurlijk_persoon",
                    "subjectIdentificatie.inpBsn": bsn,
                    "emailadres": f"anna{n}@voorbeeld.example",
                    "telefoonnummer": f"030123456{n}",
                    "telefoonnummerAlternatief": f"061234567{n}",
                }
                for n, bsn in enumerate(bsns[:3])
            ],
            CONTACTEN: [
                {
                    "registratiedatum": moment,
                    "tekst": f"{FREE} {n}",
                    "status": "nieuw",
                    "type": TASK,
                    "kanaal": names["kanaal"][n],
                    "afdeling": names["afdeling"][n],
                    "groep": names["groep"][0],
                    "behandelaar.gebruikersnaam": names["gebruikersnaam"][n],
                    "medewerkerIdentificatie.identificatie": names["gebruikersnaam"][n],
                    "contactgegevens.emailadres": f"anna{n}@voorbeeld.example",
                    "contactgegevens.telefoonnummer": f"030123456{n}",
                    "toelichting": f"{FREE} {n}",
                }
                for n, moment in enumerate(MOMENTS)
            ],
            KLANTLINKS: [
                {"klant": klant, "contactmoment": contact}
                for klant, contact in zip(rows[KLANTEN], free[:3], strict=False)
            ],
            OBJECTLINKS: [
                {"contactmoment": uuid, "object": _uuid(n), "objectType": "zaak"}
                for n, uuid in enumerate(free[:3])
            ],
        }

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


class TestOpenZaak(Shipped):
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
    }

    def new(self) -> News:
        made = OpenZaak.make()
        zaken = list(made.holdings.rows["zaken"])
        return {
            "zaakcontactmomenten": [
                {"zaak": zaak, "contactmoment": _uuid(n)} for n, zaak in enumerate(zaken[:3])
            ],
            "contactverzoeken": [
                {
                    "omschrijving": f"Paspoort {n}",
                    "toelichting": f"{FREE} {n}",
                    "startdatum": f"2026-07-0{n + 1}T22:00:00.000000Z",
                    "soort.omschrijving": "Terugbelverzoek",
                    "communicatiekanaalNaam": "telefoon",
                    "status.statustoelichting": f"na {n} uur",
                    "initiator.betrokkeneType": "natuurlijk_persoon",
                    "initiator.betrokkeneIdentificatie.inpBsn": BSN,
                    "initiator.contactpersoonRol.telefoonnummer": f"061234567{n}",
                    "initiator.contactpersoonRol.emailadres": f"anna{n}@voorbeeld.example",
                    "medewerker.betrokkeneIdentificatie.identificatie": f"berg77{n}",
                }
                for n in range(3)
            ],
        }

    def there(self) -> Mapping[str, Sequence[Record]]:
        rollen = OpenZaak.make().holdings.rows["rollen"].values()
        who = [rol["betrokkeneIdentificatie"] for rol in rollen]
        return {
            "rollen": [{"zaak": rol["zaak"]} for rol in rollen][:1],
            "organisaties": [one for one in who if one.get("innNnpId")][:1],
            "nevenvestigingen": [],
        }
