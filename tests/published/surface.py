"""Every call of the published client, in an environment that has nothing but that client.

``python surface.py BASE_URL TOKEN`` prints each call that works and ends with 1 at the first that
does not. It makes all that it looks at and imports nothing of the gateway.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable
from typing import Any

from openklant_client.client import OpenKlantClient
from openklant_client.exceptions import BadRequest, NotFound, Unauthorized

_CODES = {"codeObjecttype": "natuurlijk_persoon", "codeSoortObjectId": "bsn", "codeRegister": "brp"}


def bsn() -> str:
    """A number that passes the eleven test and that nobody has."""
    while True:
        digits = [9, *(random.randrange(10) for _ in range(7))]
        last = (
            sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        )
        if last < 10:
            return "".join(map(str, [*digits, last]))


class Surface:
    """The calls, in an order in which each has what it needs."""

    def __init__(self, client: OpenKlantClient) -> None:
        self.client = client
        self.calls = 0

    def check(self, name: str, holds: bool) -> None:
        """Count a call that gave what it should."""
        if not holds:
            raise AssertionError(name)
        self.calls += 1
        print(f"  {name}")

    def found(self, name: str, resource: Any, made: dict[str, Any], params: dict[str, Any]) -> None:
        """What was made is retrieved as it was answered, and is in both kinds of list."""
        self.check(f"{name}.retrieve", resource.retrieve(made["uuid"]) == made)
        self.check(f"{name}.list", _has(resource.list(params=params)["results"], made))
        self.check(f"{name}.list_iter", _has(resource.list_iter(params=params), made))

    def run(self) -> None:
        client = self.client
        number = bsn()
        identificator = {**_CODES, "objectId": number}
        persoon = client.partij.create_persoon(
            data={
                "soortPartij": "persoon",
                "indicatieActief": True,
                "voorkeurstaal": "nld",
                "digitaleAdressen": None,
                "rekeningnummers": None,
                "voorkeursDigitaalAdres": None,
                "voorkeursRekeningnummer": None,
                "partijIdentificatoren": [
                    {"anderePartijIdentificator": "", "partijIdentificator": identificator}
                ],
                "partijIdentificatie": {
                    "contactnaam": {
                        "voorletters": "T",
                        "voornaam": "Test",
                        "voorvoegselAchternaam": "van",
                        "achternaam": "Clientbibliotheek",
                    }
                },
            }
        )
        shown = persoon["partijIdentificatie"]["volledigeNaam"]
        self.check("partij.create_persoon", shown == "Test van Clientbibliotheek")
        by_number = {
            "partijIdentificator__codeSoortObjectId": "bsn",
            "partijIdentificator__objectId": number,
        }
        self.found("partij", client.partij, persoon, by_number)
        organisatie = client.partij.create_organisatie(
            data={
                "soortPartij": "organisatie",
                "indicatieActief": True,
                "partijIdentificatie": {"naam": "Clientbibliotheek BV"},
            }
        )
        self.check("partij.create_organisatie", organisatie["soortPartij"] == "organisatie")
        contactpersoon = client.partij.create_contactpersoon(
            data={
                "soortPartij": "contactpersoon",
                "indicatieActief": True,
                "partijIdentificatie": {
                    "werkteVoorPartij": {"uuid": organisatie["uuid"]},
                    "contactnaam": {"voornaam": "Test", "achternaam": "Contact"},
                },
            }
        )
        works_for = contactpersoon["partijIdentificatie"]["werkteVoorPartij"]["uuid"]
        self.check("partij.create_contactpersoon", works_for == organisatie["uuid"])

        kvk = str(random.randrange(10_000_000, 100_000_000))
        nummer = client.partij_identificator.create(
            data={
                "identificeerdePartij": {"uuid": organisatie["uuid"]},
                "anderePartijIdentificator": "",
                "partijIdentificator": {
                    "codeObjecttype": "niet_natuurlijk_persoon",
                    "codeSoortObjectId": "kvk_nummer",
                    "objectId": kvk,
                    "codeRegister": "hr",
                },
            }
        )
        self.check("partij_identificator.create", nummer["partijIdentificator"]["objectId"] == kvk)
        self.found(
            "partij_identificator",
            client.partij_identificator,
            nummer,
            {"partijIdentificatorObjectId": kvk},
        )

        adres = client.digitaal_adres.create(
            data={
                "verstrektDoorBetrokkene": None,
                "verstrektDoorPartij": {"uuid": persoon["uuid"]},
                "adres": "clientbibliotheek@voorbeeld.example",
                "soortDigitaalAdres": "email",
                "omschrijving": "werk",
                "isStandaardAdres": True,
            }
        )
        self.check("digitaal_adres.create", adres["isStandaardAdres"] is True)
        of_partij = {"verstrektDoorPartij__uuid": persoon["uuid"]}
        self.found("digitaal_adres", client.digitaal_adres, adres, of_partij)
        changed = client.digitaal_adres.partial_update(
            adres["uuid"], data={"omschrijving": "thuis"}
        )
        same = {**adres, "omschrijving": "thuis"}
        self.check("digitaal_adres.partial_update", changed == same)
        preferred = {"voorkeursDigitaalAdres": {"uuid": adres["uuid"]}}
        altered = client.partij.partial_update(persoon["uuid"], data=preferred)
        chosen = altered["voorkeursDigitaalAdres"]["uuid"]
        self.check("partij.partial_update", chosen == adres["uuid"])

        contact = client.klant_contact.create(
            data={
                "kanaal": "telefoon",
                "onderwerp": "Published client",
                "inhoud": "Vraag",
                "indicatieContactGelukt": True,
                "taal": "nld",
                "vertrouwelijk": False,
            }
        )
        self.check("klant_contact.create", contact["onderwerp"] == "Published client")
        self.found(
            "klant_contact", client.klant_contact, contact, {"onderwerp": "Published client"}
        )
        betrokkene = client.betrokkene.create(
            data={
                "wasPartij": {"uuid": persoon["uuid"]},
                "hadKlantcontact": {"uuid": contact["uuid"]},
                "rol": "klant",
                "organisatienaam": "",
                "initiator": True,
            }
        )
        was = betrokkene["wasPartij"]["uuid"]
        self.check("betrokkene.create", was == persoon["uuid"])
        of_contact = {"hadKlantcontact__uuid": contact["uuid"]}
        self.found("betrokkene", client.betrokkene, betrokkene, of_contact)
        about = {
            "objectId": f"ZAAK-{kvk}",
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
        }
        onderwerp = client.onderwerp_object.create(
            data={
                "klantcontact": {"uuid": contact["uuid"]},
                "wasKlantcontact": None,
                "onderwerpobjectidentificator": about,
            }
        )
        told = onderwerp["onderwerpobjectidentificator"]
        self.check("onderwerp_object.create", told == about)
        by_object = {"onderwerpobjectidentificatorObjectId": about["objectId"]}
        self.found("onderwerp_object", client.onderwerp_object, onderwerp, by_object)

        actor = client.actor.create(
            data={
                "naam": f"Clientbibliotheek {kvk}",
                "soortActor": "medewerker",
                "indicatieActief": True,
                "actoridentificator": {
                    "objectId": f"{kvk}@zilverdam.example",
                    "codeObjecttype": "mdw",
                    "codeRegister": "msei",
                    "codeSoortObjectId": "email",
                },
            }
        )
        self.check("actor.create", actor["naam"].endswith(kvk))
        self.found("actor", client.actor, actor, {"naam": actor["naam"]})
        taak = client.interne_taak.create(
            data={
                "gevraagdeHandeling": "Terugbellen",
                "aanleidinggevendKlantcontact": {"uuid": contact["uuid"]},
                "toegewezenAanActor": {"uuid": actor["uuid"]},
                "toelichting": "Na vijven",
                "status": "te_verwerken",
            }
        )
        given = taak["toegewezenAanActor"]["uuid"]
        self.check("interne_taak.create", given == actor["uuid"])
        of_this = {"klantcontact__uuid": contact["uuid"]}
        self.found("interne_taak", client.interne_taak, taak, of_this)

        whole = client.methods.maak_klant_contact(
            data={
                "klantcontact": {
                    "kanaal": "e-mail",
                    "onderwerp": "In een keer",
                    "taal": "nld",
                    "vertrouwelijk": True,
                },
                "betrokkene": {
                    "wasPartij": {"uuid": persoon["uuid"]},
                    "rol": "klant",
                    "initiator": True,
                },
                "onderwerpobject": {"onderwerpobjectidentificator": about},
            }
        )
        linked = whole["betrokkene"]["hadKlantcontact"]["uuid"] == whole["klantcontact"]["uuid"]
        self.check("methods.maak_klant_contact", linked)

        client.digitaal_adres.delete(adres["uuid"])
        self.fails("digitaal_adres.delete", NotFound, lambda: self.address(adres["uuid"]))
        missing: dict[str, Any] = {"kanaal": "telefoon"}
        self.fails("a body that lacks", BadRequest, lambda: self.contact(missing))

    def address(self, uuid: str) -> Any:
        return self.client.digitaal_adres.retrieve(uuid)

    def contact(self, data: Any) -> Any:
        return self.client.klant_contact.create(data=data)

    def fails(self, name: str, error: type[Exception], call: Callable[[], Any]) -> None:
        """The client knows the answer for what it is."""
        try:
            call()
        except error:
            self.check(name, holds=True)
        else:
            self.check(name, holds=False)


def _has(results: Iterable[Any], made: dict[str, Any]) -> bool:
    return any(one["uuid"] == made["uuid"] for one in results)


def main(base_url: str, token: str) -> None:
    surface = Surface(OpenKlantClient(base_url, token=token))
    with surface.client:
        surface.run()
    stranger = Surface(OpenKlantClient(base_url, token="niemand"))
    with stranger.client:
        stranger.fails("another token", Unauthorized, lambda: stranger.client.partij.list())
    total = surface.calls + stranger.calls
    print(f"\n{total} passed, 0 failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
