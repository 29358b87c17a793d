"""Writing to Open Klant 1 through a gateway: what is kept, what is refused by name, and what each
write costs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from demo.kcc.data import KNOWN_KVK
from demo.openklant1.data import ZAKEN
from demo.v1.answers import Refused, invalid
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, RSIN, Row
from gateway import installation
from gateway.standard.table import RESOURCES
from tests.helpers import CLIENT, write_config
from tests.support.v1 import OpenKlant1, config, gateway, source

NEW_BSN: Final = "111222333"
NEW_RSIN: Final = "123456782"
ZAAK: Final = "9f3f4a5e-6a5b-4c3d-8e1f-0123456789ab"
WRITER: Final = {"tests": {**CLIENT, "scopes": ["*:read", "*:write"]}}
SETTINGS: Final[Mapping[str, Any]] = {"clients": WRITER, "writing": {"known_actoren": True}}

PERSON: Final[Mapping[str, Any]] = {
    "soortPartij": "persoon",
    "indicatieActief": True,
    "nummer": "77",
    "digitaleAdressen": None,
    "voorkeursDigitaalAdres": None,
    "rekeningnummers": None,
    "voorkeursRekeningnummer": None,
    "partijIdentificatie": {
        "contactnaam": {
            "voorletters": "M.",
            "voornaam": "Merel",
            "voorvoegselAchternaam": "van",
            "achternaam": "Kooyman",
        }
    },
    "bezoekadres": {
        "straatnaam": "Dorpsstraat",
        "huisnummer": 12,
        "huisnummertoevoeging": "a bis",
        "postcode": "1234 AB",
        "stad": "Zilverdam",
        "land": "NL",
    },
}
COMPANY: Final[Mapping[str, Any]] = {
    "soortPartij": "organisatie",
    "indicatieActief": True,
    "partijIdentificatie": {"naam": "Bloemen B.V."},
}
CONTACT: Final[Mapping[str, Any]] = {
    "kanaal": "telefoon",
    "onderwerp": "Paspoort",
    "inhoud": "Belt over een paspoort.\nWil het morgen hebben.",
    "taal": "nld",
    "vertrouwelijk": True,
    "plaatsgevondenOp": "2026-10-01T10:00:00Z",
}


def number(soort: str, value: str) -> Mapping[str, Any]:
    """An identificator."""
    of_person = soort == "bsn"
    return {
        "partijIdentificator": {
            "codeObjecttype": "natuurlijk_persoon" if of_person else "niet_natuurlijk_persoon",
            "codeSoortObjectId": soort,
            "objectId": value,
            "codeRegister": "brp" if of_person else "hr",
        }
    }


def zaak(contact: str, uuid: str = ZAAK) -> Mapping[str, Any]:
    """The onderwerpobject of a contact about a zaak."""
    codes = {"codeObjecttype": "zgw-Zaak", "codeRegister": "openzaak", "codeSoortObjectId": "uuid"}
    identificator = {"objectId": uuid, **codes}
    return {
        "klantcontact": {"uuid": contact},
        "wasKlantcontact": None,
        "onderwerpobjectidentificator": identificator,
    }


def follows(contact: str, earlier: str) -> Mapping[str, Any]:
    """The onderwerpobject of a contact about an earlier one."""
    codes = {"codeObjecttype": "klantcontact", "codeRegister": "openklant"}
    identificator = {"objectId": earlier, "codeSoortObjectId": "uuid", **codes}
    return {
        "klantcontact": {"uuid": contact},
        "wasKlantcontact": {"uuid": earlier},
        "onderwerpobjectidentificator": identificator,
    }


class Desk:
    """A client, and what its requests cost the source."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.client.request(method, path, json=body)

    async def make(self, resource: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A new object, which reads back as it was answered."""
        answer = await self.ask("POST", resource, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        assert (await self.client.get(f"{resource}/{made['uuid']}")).json() == made
        return made

    async def change(self, resource: str, uuid: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.ask("PATCH", f"{resource}/{uuid}", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def remove(self, resource: str, uuid: str) -> None:
        answer = await self.ask("DELETE", f"{resource}/{uuid}")
        assert answer.status_code == 204, answer.text
        assert (await self.client.get(f"{resource}/{uuid}")).status_code == 404

    async def refused(self, resource: str, body: Mapping[str, Any]) -> Mapping[str, str]:
        """Why a new object is refused, by name. Nothing was sent."""
        before = len(OpenKlant1.last.calls)
        answer = await self.ask("POST", resource, body)
        assert answer.status_code == 400, answer.text
        params = answer.json()["invalidParams"]
        assert {p["code"] for p in params} == {"not-kept"}
        assert all(call.startswith("GET") for call in OpenKlant1.last.calls[before:])
        return {p["name"]: p["reason"] for p in params}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with gateway(config(tmp_path, "open-klant-1", **SETTINGS)) as client:
        yield Desk(client)


def holds(found: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether an object has all that was asked; null and nothing in it are the same."""
    return all(
        holds(found[name], value)
        if isinstance(value, Mapping) and isinstance(found[name], Mapping)
        else found[name] == value or not (found[name] or value)
        for name, value in asked.items()
    )


# --- what is kept -------------------------------------------------------------------------------


async def test_a_person_with_a_number_and_addresses(desk: Desk) -> None:
    partij = await desk.make("partijen", {**PERSON, "partijIdentificatoren": []})
    assert holds(partij, PERSON)
    row = OpenKlant1.last.register.rows[KLANTEN][partij["uuid"]]
    assert (row["bronorganisatie"], row["klantnummer"]) == (RSIN, "77")
    of = {"identificeerdePartij": {"uuid": partij["uuid"]}}
    bsn = await desk.make("partij-identificatoren", {**number("bsn", NEW_BSN), **of})
    assert row["subjectIdentificatie"]["inpBsn"] == NEW_BSN
    assert row["subjectIdentificatie"]["voorletters"] == "M."
    email = await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    phone = await desk.make("digitaleadressen", address(partij, "0612345678"))
    assert (row["emailadres"], row["telefoonnummer"]) == ("a@voorbeeld.nl", "0612345678")
    whole = (await desk.client.get(f"partijen/{partij['uuid']}")).json()
    assert {d["uuid"] for d in whole["digitaleAdressen"]} == {email["uuid"], phone["uuid"]}
    assert [p["uuid"] for p in whole["partijIdentificatoren"]] == [bsn["uuid"]]


def address(partij: Mapping[str, Any], adres: str, **more: Any) -> Mapping[str, Any]:
    """A new address of a partij."""
    return {
        "adres": adres,
        "soortDigitaalAdres": "email" if "@" in adres else "telefoonnummer",
        "isStandaardAdres": True,
        "omschrijving": "",
        "verstrektDoorPartij": {"uuid": partij["uuid"]},
        "verstrektDoorBetrokkene": None,
        **more,
    }


async def test_a_company_with_its_number_at_once(desk: Desk) -> None:
    body = {**COMPANY, "partijIdentificatoren": [number("rsin", NEW_RSIN)]}
    partij = await desk.make("partijen", body)
    assert holds(partij, COMPANY)
    row = OpenKlant1.last.register.rows[KLANTEN][partij["uuid"]]
    assert row["subjectType"] == "niet_natuurlijk_persoon"
    assert row["subjectIdentificatie"]["innNnpId"] == NEW_RSIN
    # A klant has a number; one that nobody asked for is nothing that is shown.
    assert (partij["nummer"], row["klantnummer"].isalnum()) == (None, True)


async def test_a_person_without_anything(desk: Desk) -> None:
    partij = await desk.make("partijen", {"soortPartij": "persoon", "indicatieActief": True})
    await desk.remove("partijen", partij["uuid"])
    assert partij["uuid"] not in OpenKlant1.last.register.rows[KLANTEN]


async def test_a_contact_in_pieces(desk: Desk) -> None:
    partij = await desk.make("partijen", PERSON)
    contact = await desk.make("klantcontacten", CONTACT)
    assert holds(contact, CONTACT)
    row = OpenKlant1.last.register.rows[CONTACTEN][contact["uuid"]]
    assert row["tekst"] == f"{CONTACT['onderwerp']}\n{CONTACT['inhoud']}"
    assert row["bronorganisatie"] == RSIN
    betrokkene = await desk.make("betrokkenen", caller(partij, contact))
    (link,) = OpenKlant1.last.register.links(KLANTLINKS, contact["uuid"])
    assert (link["uuid"], link["rol"]) == (betrokkene["uuid"], "gesprekspartner")
    later = await desk.make("klantcontacten", {**CONTACT, "inhoud": ""})
    await desk.make("onderwerpobjecten", follows(later["uuid"], contact["uuid"]))
    # The Zaken API knew of it first, as Open Klant asks.
    OpenKlant1.last.related.add((ZAKEN + ZAAK, contact["uuid"]))
    about = await desk.make("onderwerpobjecten", zaak(contact["uuid"]))
    (thing,) = OpenKlant1.last.register.links(OBJECTLINKS, contact["uuid"])
    assert thing["object"] == ZAKEN + ZAAK
    whole = (await desk.client.get(f"klantcontacten/{contact['uuid']}")).json()
    assert [o["uuid"] for o in whole["gingOverOnderwerpobjecten"]] == [about["uuid"]]
    assert [b["uuid"] for b in whole["hadBetrokkenen"]] == [betrokkene["uuid"]]


def caller(
    partij: Mapping[str, Any] | None, contact: Mapping[str, Any], **more: Any
) -> Mapping[str, Any]:
    """The betrokkene of a contact."""
    return {
        "wasPartij": partij and {"uuid": partij["uuid"]},
        "hadKlantcontact": {"uuid": contact["uuid"]},
        "rol": "klant",
        "initiator": True,
        **more,
    }


async def colleague(desk: Desk) -> dict[str, Any]:
    """An actor who took a contact before."""
    page = (await desk.client.get("klantcontacten?pageSize=50")).json()
    uuid = next(a["uuid"] for c in page["results"] for a in c["hadBetrokkenActoren"])
    found: dict[str, Any] = (await desk.client.get(f"actoren/{uuid}")).json()
    return found


async def test_who_took_a_contact_is_a_colleague_who_is_known(desk: Desk) -> None:
    actor = await colleague(desk)
    # Who asks for one that is there is given it.
    answer = await desk.ask(
        "POST",
        "actoren",
        {n: actor[n] for n in ("naam", "soortActor", "indicatieActief", "actoridentificator")},
    )
    assert (answer.status_code, answer.json()["uuid"]) == (201, actor["uuid"])
    contact = await desk.make("klantcontacten", CONTACT)
    link = {"actor": {"uuid": actor["uuid"]}, "klantcontact": {"uuid": contact["uuid"]}}
    made = await desk.make("actorklantcontacten", link)
    row = OpenKlant1.last.register.rows[CONTACTEN][contact["uuid"]]
    # With his name, as it stands with the other contacts that he took.
    identificatie = actor["actoridentificator"]["objectId"]
    others = [
        r["medewerkerIdentificatie"]
        for r in OpenKlant1.last.register.rows[CONTACTEN].values()
        if r is not row and (r["medewerkerIdentificatie"] or {}).get("identificatie")
    ]
    assert row["medewerkerIdentificatie"] in others
    assert row["medewerkerIdentificatie"]["identificatie"] == identificatie
    await desk.remove("actorklantcontacten", made["uuid"])
    assert not any(row["medewerkerIdentificatie"].values())
    nobody = {**actor["actoridentificator"], "objectId": "niemand"}
    assert list(
        await desk.refused(
            "actoren",
            {
                "naam": "Niemand",
                "soortActor": "medewerker",
                "indicatieActief": True,
                "actoridentificator": nobody,
            },
        )
    ) == ["actoridentificator.objectId"]


async def test_all_at_once_or_nothing(desk: Desk) -> None:
    partij = await desk.make("partijen", PERSON)
    plain = {"rol": "klant", "initiator": True, "wasPartij": {"uuid": partij["uuid"]}}
    answer = await desk.ask(
        "POST", "maak-klantcontact", {"klantcontact": CONTACT, "betrokkene": plain}
    )
    assert answer.status_code == 201, answer.text
    contact = answer.json()["klantcontact"]["uuid"]
    assert OpenKlant1.last.register.links(KLANTLINKS, contact)
    before = {n: set(rows) for n, rows in OpenKlant1.last.register.rows.items()}
    # No zaak knows of a contact that is yet to be made.
    about = {"onderwerpobjectidentificator": zaak("")["onderwerpobjectidentificator"]}
    answer = await desk.ask(
        "POST",
        "maak-klantcontact",
        {"klantcontact": CONTACT, "betrokkene": plain, "onderwerpobject": about},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert {n: set(rows) for n, rows in OpenKlant1.last.register.rows.items()} == before


async def test_what_is_there_can_be_changed(desk: Desk) -> None:
    partij = await desk.make("partijen", PERSON)
    name = {"contactnaam": {"voornaam": "Anna", "achternaam": "Wit"}}
    renamed = {"soortPartij": "persoon", "partijIdentificatie": name}
    changed = await desk.change("partijen", partij["uuid"], renamed)
    assert holds(changed["partijIdentificatie"], name)
    assert changed["bezoekadres"] == partij["bezoekadres"]
    moved = {**PERSON["bezoekadres"], "huisnummer": None, "huisnummertoevoeging": "B"}
    changed = await desk.change("partijen", partij["uuid"], {"bezoekadres": moved})
    assert holds(changed["bezoekadres"], moved)
    email = await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    changed = await desk.change("digitaleadressen", email["uuid"], {"adres": "b@voorbeeld.nl"})
    assert changed["adres"] == "b@voorbeeld.nl"
    contact = await desk.make("klantcontacten", CONTACT)
    changed = await desk.change(
        "klantcontacten", contact["uuid"], {"inhoud": "Toch niet.", "kanaal": "balie"}
    )
    assert holds(changed, {**CONTACT, "inhoud": "Toch niet.", "kanaal": "balie"})
    other = await desk.make("partijen", {**PERSON, "nummer": "78"})
    betrokkene = await desk.make("betrokkenen", caller(partij, contact))
    changed = await desk.change(
        "betrokkenen", betrokkene["uuid"], {"wasPartij": {"uuid": other["uuid"]}}
    )
    assert changed["wasPartij"]["uuid"] == other["uuid"]


async def test_a_partij_whose_preference_is_its_e_mail(desk: Desk) -> None:
    partij = await desk.make("partijen", PERSON)
    email = await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    phone = await desk.make("digitaleadressen", address(partij, "0612345678"))
    kept = {"voorkeursDigitaalAdres": {"uuid": email["uuid"]}}
    assert holds(await desk.change("partijen", partij["uuid"], kept), kept)
    for other in ({"uuid": phone["uuid"]}, None):
        answer = await desk.ask(
            "PATCH", f"partijen/{partij['uuid']}", {"voorkeursDigitaalAdres": other}
        )
        assert answer.status_code == 400
        (param,) = answer.json()["invalidParams"]
        assert (param["name"], param["code"]) == ("voorkeursDigitaalAdres", "not-kept")


# --- what is taken away -------------------------------------------------------------------------


async def test_what_stands_in_a_klant_is_emptied(desk: Desk) -> None:
    body = {**PERSON, "partijIdentificatoren": [number("bsn", NEW_BSN)]}
    partij = await desk.make("partijen", body)
    email = await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    (bsn,) = partij["partijIdentificatoren"]
    row = OpenKlant1.last.register.rows[KLANTEN][partij["uuid"]]
    await desk.remove("digitaleadressen", email["uuid"])
    await desk.remove("partij-identificatoren", bsn["uuid"])
    assert (row["emailadres"], row["subjectIdentificatie"]["inpBsn"]) == ("", "")
    assert row["subjectIdentificatie"]["voorletters"] == "M."


async def test_a_partij_goes_with_its_links(desk: Desk) -> None:
    body = {**PERSON, "partijIdentificatoren": [number("bsn", NEW_BSN)]}
    partij = await desk.make("partijen", body)
    await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    contact = await desk.make("klantcontacten", CONTACT)
    betrokkene = await desk.make("betrokkenen", caller(partij, contact))
    OpenKlant1.last.calls.clear()
    await desk.remove("partijen", partij["uuid"])
    changes = [c.partition("?")[0] for c in OpenKlant1.last.calls if not c.startswith("GET")]
    # What stands in the klant itself need not be emptied first.
    assert [c.rpartition("/")[2] for c in changes] == [betrokkene["uuid"], partij["uuid"]]
    assert {c.partition(" ")[0] for c in changes} == {"DELETE"}
    assert (await desk.client.get(f"klantcontacten/{contact['uuid']}")).status_code == 200


async def test_a_contact_goes_with_its_links_unless_another_follows_it(desk: Desk) -> None:
    contact = await desk.make("klantcontacten", CONTACT)
    later = await desk.make("klantcontacten", CONTACT)
    object_ = await desk.make("onderwerpobjecten", follows(later["uuid"], contact["uuid"]))
    partij = await desk.make("partijen", PERSON)
    betrokkene = await desk.make("betrokkenen", caller(partij, contact))
    answer = await desk.ask("DELETE", f"klantcontacten/{contact['uuid']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    await desk.remove("onderwerpobjecten", object_["uuid"])
    await desk.remove("klantcontacten", contact["uuid"])
    assert betrokkene["uuid"] not in OpenKlant1.last.register.rows[KLANTLINKS]
    await desk.remove("klantcontacten", later["uuid"])


async def test_a_link_with_a_zaak_is_for_the_zaken_api_to_begin_and_to_end(desk: Desk) -> None:
    contact = await desk.make("klantcontacten", CONTACT)
    related = ZAKEN + ZAAK, contact["uuid"]
    answer = await desk.ask("POST", "onderwerpobjecten", zaak(contact["uuid"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    OpenKlant1.last.related.add(related)
    made = await desk.make("onderwerpobjecten", zaak(contact["uuid"]))
    path = f"onderwerpobjecten/{made['uuid']}"
    answer = await desk.ask("DELETE", path)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert (await desk.client.get(path)).status_code == 200
    # Open Klant changes no such link.
    answer = await desk.ask("PATCH", path, {"wasKlantcontact": None})
    assert answer.status_code == 405
    OpenKlant1.last.related.discard(related)
    await desk.remove("onderwerpobjecten", made["uuid"])


# --- what cannot be kept ------------------------------------------------------------------------

Body = Callable[[dict[str, Any], dict[str, Any]], Mapping[str, Any]]


@pytest.mark.parametrize(
    ("resource", "body", "names"),
    [
        ("partijen", lambda p, c: {**PERSON, "indicatieActief": False}, ["indicatieActief"]),
        ("partijen", lambda p, c: {**PERSON, "nummer": "123456789"}, ["nummer"]),
        ("partijen", lambda p, c: {**PERSON, "interneNotitie": "vip"}, ["interneNotitie"]),
        (
            "partijen",
            lambda p, c: {**PERSON, "indicatieGeheimhouding": False, "voorkeurstaal": "nld"},
            ["indicatieGeheimhouding", "voorkeurstaal"],
        ),
        (
            "partijen",
            lambda p, c: {**PERSON, "bezoekadres": {"straatnaam": "x" * 101, "land": "JP"}},
            ["bezoekadres.straatnaam", "bezoekadres.land"],
        ),
        (
            "partijen",
            lambda p, c: {**PERSON, "correspondentieadres": {"stad": "Zilverdam"}},
            ["correspondentieadres.stad"],
        ),
        (
            "partijen",
            lambda p, c: {**PERSON, "soortPartij": "contactpersoon"},
            ["soortPartij"],
        ),
        (
            "partijen",
            lambda p, c: {**COMPANY, "partijIdentificatoren": [number("kvk_nummer", KNOWN_KVK)]},
            [
                "partijIdentificatoren.0.partijIdentificator.codeSoortObjectId",
                "partijIdentificatoren.0.partijIdentificator.objectId",
            ],
        ),
        (
            "digitaleadressen",
            lambda p, c: address(p, "a@voorbeeld.nl", isStandaardAdres=False, referentie="zaak"),
            ["isStandaardAdres", "referentie"],
        ),
        (
            "digitaleadressen",
            lambda p, c: address(p, "0612345678", omschrijving="werk"),
            ["omschrijving"],
        ),
        (
            "digitaleadressen",
            lambda p, c: address(p, "x", soortDigitaalAdres="overig"),
            ["soortDigitaalAdres"],
        ),
        (
            "klantcontacten",
            lambda p, c: {
                **CONTACT,
                "nummer": "12",
                "reactie": "ja",
                "indicatieContactGelukt": True,
                "vertrouwelijk": False,
                "metadata": {"a": "b"},
            },
            ["nummer", "reactie", "indicatieContactGelukt", "vertrouwelijk", "metadata.a"],
        ),
        ("klantcontacten", lambda p, c: {**CONTACT, "onderwerp": "a\nb"}, ["onderwerp"]),
        ("betrokkenen", lambda p, c: caller(None, c), ["wasPartij"]),
        (
            "betrokkenen",
            lambda p, c: caller(p, c, rol="vertegenwoordiger", organisatienaam="Bloemen"),
            ["rol", "organisatienaam"],
        ),
        (
            "betrokkenen",
            lambda p, c: caller(p, c, initiator=False, contactnaam={"achternaam": "Wit"}),
            ["initiator", "contactnaam.achternaam"],
        ),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_name(
    desk: Desk, resource: str, body: Body, names: list[str]
) -> None:
    partij = await desk.make("partijen", PERSON)
    contact = await desk.make("klantcontacten", CONTACT)
    asked = {**body(partij, contact)}
    if resource == "partijen":
        asked = {**asked, "nummer": asked.get("nummer", "").replace("77", "78") or None}
    assert sorted(await desk.refused(resource, asked)) == sorted(names)


async def test_there_is_one_of_each_in_a_klant(desk: Desk) -> None:
    body = {**PERSON, "partijIdentificatoren": [number("bsn", NEW_BSN)]}
    partij = await desk.make("partijen", body)
    await desk.make("digitaleadressen", address(partij, "a@voorbeeld.nl"))
    second = {**address(partij, "b@voorbeeld.nl")}
    # The one that is there would have to be the standard address no more.
    answer = await desk.ask("POST", "digitaleadressen", second)
    assert answer.status_code == 409
    del second["isStandaardAdres"]
    # There is still room for an address of another kind.
    assert list(await desk.refused("digitaleadressen", second)) == ["soortDigitaalAdres"]
    contact = await desk.make("klantcontacten", CONTACT)
    earlier = await desk.make("klantcontacten", CONTACT)
    actor = await colleague(desk)
    link = {"actor": {"uuid": actor["uuid"]}, "klantcontact": {"uuid": contact["uuid"]}}
    await desk.make("onderwerpobjecten", follows(contact["uuid"], earlier["uuid"]))
    third = await desk.make("klantcontacten", CONTACT)
    again = follows(contact["uuid"], third["uuid"])
    assert await desk.refused("onderwerpobjecten", again)
    await desk.make("actorklantcontacten", link)
    # Another contact cannot follow the same one either; only Open Klant knows that.
    answer = await desk.ask("POST", "onderwerpobjecten", follows(third["uuid"], earlier["uuid"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_klant_stays_what_it_is(desk: Desk) -> None:
    partij = await desk.make("partijen", PERSON)
    answer = await desk.ask(
        "PATCH",
        f"partijen/{partij['uuid']}",
        {"soortPartij": "organisatie", "partijIdentificatie": {"naam": "Bloemen B.V."}},
    )
    assert answer.status_code == 400
    assert "soortPartij" in {p["name"] for p in answer.json()["invalidParams"]}


async def test_the_verbs_are_those_that_the_source_has(tmp_path: Path) -> None:
    built = installation.build(config(tmp_path, "open-klant-1", **SETTINGS))
    verbs = {path: built.register.verbs(path) for path in (*RESOURCES, "maak-klantcontact")}
    every = {"POST", "PUT", "PATCH", "DELETE"}
    assert {path: found for path, found in verbs.items() if found} == {
        "actoren": {"POST"},
        **dict.fromkeys(
            (
                "actorklantcontacten",
                "betrokkenen",
                "digitaleadressen",
                "klantcontacten",
                "onderwerpobjecten",
                "partij-identificatoren",
                "partijen",
            ),
            every,
        ),
        "maak-klantcontact": {"POST"},
    }
    await built.close()


# --- what it costs, and what can go wrong --------------------------------------------------------


async def test_calls_for_each_write(desk: Desk) -> None:
    partij = await desk.make("partijen", {**PERSON, "nummer": None})
    contact = await desk.make("klantcontacten", CONTACT)

    async def cost(method: str, path: str, body: Any = None) -> tuple[int, int]:
        OpenKlant1.last.calls.clear()
        assert (await desk.ask(method, path, body)).is_success
        calls = OpenKlant1.last.calls
        return len(calls), sum(not call.startswith("GET") for call in calls)

    # All calls, and of these the changes; the answer is read back, with what refers to it.
    assert await cost("POST", "klantcontacten", CONTACT) == (2, 1)
    assert await cost("POST", "betrokkenen", caller(partij, contact)) == (5, 1)
    assert await cost("POST", "digitaleadressen", address(partij, "a@voorbeeld.nl")) == (4, 1)
    path = f"klantcontacten/{contact['uuid']}"
    assert await cost("PATCH", path, {"kanaal": "balie"}) == (4, 1)
    assert await cost("DELETE", path) == (3, 1)


async def test_a_klant_that_may_have_been_made_is_looked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = OpenKlant1.last
    write = fake.write

    def lost(request: Any, resource: str, row: Row | None, body: Any) -> Row | None:
        write(request, resource, row, body)
        raise Refused(500, "error", "Er ging iets mis.")

    monkeypatch.setattr(fake, "write", lost)
    before = set(fake.register.rows[KLANTEN])
    answer = await desk.ask("POST", "partijen", {**PERSON, "nummer": None})
    assert answer.status_code == 201, answer.text
    assert set(fake.register.rows[KLANTEN]) - before == {answer.json()["uuid"]}
    # A contact has nothing that it could be found by.
    answer = await desk.ask("POST", "klantcontacten", CONTACT)
    assert (answer.status_code, answer.json()["code"]) == (504, "uitkomst-onbekend")


async def test_what_the_source_has_against_a_body_is_told_by_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    partij = await desk.make("partijen", PERSON)

    def never(_: Any, __: str, ___: Row | None, ____: Any) -> Row | None:
        raise invalid("emailadres", "max_length", f"{NEW_BSN} is te lang")

    monkeypatch.setattr(OpenKlant1.last, "write", never)
    answer = await desk.ask("POST", "digitaleadressen", address(partij, "a@voorbeeld.nl"))
    assert answer.status_code == 400
    (param,) = answer.json()["invalidParams"]
    assert (param["name"], param["code"]) == ("adres", "max_length")
    assert NEW_BSN not in answer.text


async def test_a_number_that_another_has_is_taken(desk: Desk) -> None:
    await desk.make("partijen", PERSON)
    answer = await desk.ask("POST", "partijen", PERSON)
    assert answer.status_code == 400
    assert [p["code"] for p in answer.json()["invalidParams"]] == ["unique"]


async def test_who_was_known_by_a_number_is_not_made_twice(desk: Desk) -> None:
    body = {**COMPANY, "partijIdentificatoren": [number("rsin", NEW_RSIN)]}
    await desk.make("partijen", body)
    answer = await desk.ask("POST", "partijen", body)
    assert answer.status_code == 400


async def test_a_source_that_is_only_read_takes_nothing(tmp_path: Path) -> None:
    sources = {"open-klant-1": {**source("open-klant-1"), "read_only": True}}
    async with gateway(write_config(tmp_path, sources, clients=WRITER)) as client:
        answer = await client.post("klantcontacten", json=CONTACT)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
