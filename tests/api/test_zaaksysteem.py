"""An Open Zaak as a source beside an Open Klant 1: what a desk sees, and what it costs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.openklant1.data import PUBLIC
from demo.openzaak.holdings import CONTACTEN, KLANTCONTACTEN, ROLLEN, ZAAKTYPEN, ZAKEN
from demo.openzaak.register import KnownContacts
from gateway.installation import build
from tests.helpers import BSN, KCC_MAPPING, ROOT, problem, sql_source, write_config
from tests.support.openzaak import LAYERS, Zaken, source
from tests.support.register import WRITER
from tests.support.urls import are_found_again, urls_in
from tests.support.v1 import OpenKlant1, gateway
from tests.support.v1 import source as v1

Row = dict[str, Any]
INITIATOR = "initiator"
LENIENT = {"klantcontacten": ["plaatsgevondenOp"]}
OWNERS = {"owners": {"onderwerpobjecten": "zaken"}, "lenient": LENIENT}


def config(folder: Path, *layers: str, **sections: Any) -> Path:
    # With the layers contacts are made in the zaaksysteem too; then only there.
    contacts = v1("open-klant-1", 1) | {"read_only": bool(layers)}
    zaken = source(2, "contacten", overrides=list(layers))
    same = {
        "same_by": ["bsn", "rsin", "kvk_nummer", "vestigingsnummer"],
        "precedence": ["zaken", "contacten"],
    }
    sources = {"contacten": contacts, "zaken": zaken}
    given = {"partijen": same, "writing": OWNERS, **sections}
    return write_config(folder, sources, **given)


def test_contactverzoeken_stand_beside_what_has_numbers_for_keys(tmp_path: Path) -> None:
    sources = {
        "kcc": sql_source(KCC_MAPPING, tmp_path / "kcc"),
        "sociaal": sql_source(ROOT / "mappings" / "sociaal", tmp_path / "sociaal", 2),
        "zaken": source(3, "sociaal", overrides=list(LAYERS), read_only=True),
    }
    streams = build(write_config(tmp_path, sources)).catalogue.of("internetaken")
    assert {"kcc", "zaken"} <= {stream.source for stream in streams}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, *LAYERS)) as client:
        yield client


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Without anything laid over."""
    async with gateway(config(tmp_path)) as client:
        yield client


async def results(client: httpx.AsyncClient, url: str) -> list[Row]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


def rows(collection: str) -> list[Row]:
    """What the zaaksysteem holds, oldest first."""
    return list(Zaken.last.holdings.rows[collection].values())


def rollen(kind: str, field: str, generic: str = "") -> Iterator[tuple[str, Row]]:
    """By number, oldest first, the rollen of a kind of betrokkene."""
    for rol in rows(ROLLEN):
        number = rol["betrokkeneIdentificatie"].get(field)
        if (
            rol["betrokkeneType"] == kind
            and number
            and generic in ("", rol["omschrijvingGeneriek"])
        ):
            yield str(number), rol


def busiest(kind: str, field: str, generic: str = "") -> tuple[str, list[Row]]:
    """Who has most rollen, with these."""
    found: dict[str, list[Row]] = {}
    for number, rol in rollen(kind, field, generic):
        found.setdefault(number, []).append(rol)
    return max(found.items(), key=lambda one: len(one[1]))


def contacts_of(zaken: set[str]) -> set[str]:
    """The contacts in the other register that these zaken are linked with."""
    known = OpenKlant1.last.register.rows["contactmomenten"]
    links = (row for row in rows(CONTACTEN) if row["zaak"] in zaken)
    return {c for row in links if (c := row["contactmoment"].rpartition("/")[2]) in known}


def by_number(number: str, kind: str) -> str:
    return (
        f"partijen?partijIdentificator__objectId={number}"
        f"&partijIdentificator__codeSoortObjectId={kind}&expand=digitaleAdressen"
    )


def numbers(partij: Row) -> set[tuple[str, str]]:
    found = (one["partijIdentificator"] for one in partij["partijIdentificatoren"])
    return {(one["codeSoortObjectId"], one["objectId"]) for one in found}


async def test_a_person_is_one_partij_with_the_addresses_of_all_rollen(
    plain: httpx.AsyncClient,
) -> None:
    bsn, own = busiest("natuurlijk_persoon", "inpBsn")
    assert len(own) > 2
    (partij,) = await results(plain, by_number(bsn, "bsn"))
    mandates = [rol for rol in own if rol["indicatieMachtiging"] == "gemachtigde"]
    # Who it is, both kinds of addresses, and for whom he acts, who is looked at in each zaak.
    assert len(Zaken.last.calls) <= 4 + 2 * len(mandates)
    assert numbers(partij) >= {("bsn", bsn)}
    name = own[-1]["betrokkeneIdentificatie"]
    assert partij["partijIdentificatie"]["contactnaam"]["achternaam"] == name["geslachtsnaam"]
    told = [rol["contactpersoonRol"] for rol in own if rol["contactpersoonRol"]]
    mails = {one["emailadres"].lower() for one in told if one["emailadres"]}
    shown = [a for a in partij["_expand"]["digitaleAdressen"] if a["soortDigitaalAdres"] == "email"]
    assert {one["adres"].lower() for one in shown} >= mails
    assert len({one["adres"].lower() for one in shown}) == len(shown)


async def test_organisations_are_found_by_each_of_their_numbers(
    client: httpx.AsyncClient,
) -> None:
    rsin, own = busiest("niet_natuurlijk_persoon", "innNnpId")
    kvk = own[-1]["betrokkeneIdentificatie"]["kvkNummer"]
    (by_rsin,) = await results(client, by_number(rsin, "rsin"))
    assert (
        by_rsin["partijIdentificatie"]["naam"]
        == (own[-1]["betrokkeneIdentificatie"]["statutaireNaam"])
    )
    assert numbers(by_rsin) == {("rsin", rsin), ("kvk_nummer", kvk)}
    by_kvk = await results(client, by_number(kvk, "kvk_nummer"))
    assert by_rsin["uuid"] in {one["uuid"] for one in by_kvk}


@pytest.mark.parametrize("kind", ["vestiging", "niet_natuurlijk_persoon"])
async def test_a_vestiging_is_of_a_company_in_whatever_way_it_was_registered(
    client: httpx.AsyncClient, kind: str
) -> None:
    number, own = busiest(kind, "vestigingsNummer")
    who = own[-1]["betrokkeneIdentificatie"]
    (partij,) = await results(client, by_number(number, "vestigingsnummer"))
    assert numbers(partij) == {("vestigingsnummer", number), ("kvk_nummer", who["kvkNummer"])}
    known = {}
    for one in partij["partijIdentificatoren"]:
        found = (await client.get(f"partij-identificatoren/{one['uuid']}")).json()
        known[found["partijIdentificator"]["codeSoortObjectId"]] = found
    above = known["vestigingsnummer"]["subIdentificatorVan"]
    assert above["uuid"] == known["kvk_nummer"]["uuid"]
    assert partij["partijIdentificatie"]["naam"]


async def test_who_handles_zaken_is_an_actor(client: httpx.AsyncClient) -> None:
    for kind, soort in (
        ("medewerker", "medewerker"),
        ("organisatorische_eenheid", "organisatorische_eenheid"),
    ):
        code, _ = busiest(kind, "identificatie")
        found = await results(client, f"actoren?actoridentificatorObjectId={code}")
        own = [one for one in found if one["soortActor"] == soort]
        assert code in {one["actoridentificator"]["objectId"] for one in own}


async def test_the_contacts_of_a_zaak_are_those_of_the_other_register(
    client: httpx.AsyncClient,
) -> None:
    zaak = next(row["zaak"] for row in rows(CONTACTEN) if contacts_of({row["zaak"]}))
    url = f"klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId={zaak}"
    found = await results(client, url)
    assert {one["uuid"] for one in found} >= contacts_of({zaak})
    links = {row["uuid"] for row in rows(CONTACTEN) if row["zaak"] == zaak}
    of_zaak = {
        one["uuid"]: one
        for contact in contacts_of({zaak})
        for one in await results(client, f"onderwerpobjecten?klantcontact__uuid={contact}")
    }
    shown = [of_zaak[uuid] for uuid in links if uuid in of_zaak]
    assert len(shown) == len(contacts_of({zaak}))
    assert {one["onderwerpobjectidentificator"]["objectId"] for one in shown} == {zaak}


async def test_contacts_of_a_person_through_the_zaken_that_he_asked_for(
    client: httpx.AsyncClient,
) -> None:
    """Compared with what follows from the rows themselves."""
    asked = 0
    for bsn in sorted({number for number, _ in rollen("natuurlijk_persoon", "inpBsn", INITIATOR)}):
        own = {
            rol["zaak"] for n, rol in rollen("natuurlijk_persoon", "inpBsn", INITIATOR) if n == bsn
        }
        expected = contacts_of(own)
        klanten = [
            k["uuid"]
            for k in OpenKlant1.last.register.rows["klanten"].values()
            if k["subjectIdentificatie"].get("inpBsn") == bsn
        ]
        links = OpenKlant1.last.register.rows["klantcontactmomenten"].values()
        expected |= {
            row["contactmoment"] for row in links if row["klant"].rpartition("/")[2] in klanten
        }
        expected_here = {row["uuid"] for row in rows(KLANTCONTACTEN) if row["zaak"] in own}
        if not contacts_of(own) or asked == 5:
            continue
        asked += 1
        url = f"hadBetrokkene__wasPartij__partijIdentificator__objectId={bsn}&pageSize=100"
        found = {one["uuid"] for one in await results(client, f"klantcontacten?{url}")}
        requests = {row["uuid"] for row in contactverzoeken() if row["uuid"] in own}
        assert found >= expected | expected_here
        assert len(found) == len(expected | expected_here) + len(requests)
    assert asked == 5


def contactverzoeken() -> list[Row]:
    kinds = {row["uuid"]: row["omschrijving"] for row in rows(ZAAKTYPEN)}
    return [row for row in rows(ZAKEN) if kinds[row["zaaktype"]] == "Terugbelverzoek"]


async def test_a_contact_that_the_zaken_api_kept_is_of_who_asked_for_the_zaak(
    client: httpx.AsyncClient,
) -> None:
    contact = rows(KLANTCONTACTEN)[-1]
    shown = (await client.get(f"klantcontacten/{contact['uuid']}")).json()
    assert shown["kanaal"] == contact["kanaal"]
    assert shown["metadata"] == {"betrokkeneVolgens": "initiator van de zaak"}
    (thing,) = shown["gingOverOnderwerpobjecten"]
    about = (await client.get(f"onderwerpobjecten/{thing['uuid']}")).json()
    assert about["onderwerpobjectidentificator"]["objectId"] == contact["zaak"]
    (who,) = shown["hadBetrokkenen"]
    betrokkene = (await client.get(f"betrokkenen/{who['uuid']}")).json()
    partij = (await client.get(f"partijen/{betrokkene['wasPartij']['uuid']}")).json()
    (rol,) = [
        r
        for r in rows(ROLLEN)
        if r["zaak"] == contact["zaak"] and r["omschrijvingGeneriek"] == INITIATOR
    ]
    who = rol["betrokkeneIdentificatie"]
    assert all(number in who.values() for _, number in numbers(partij))


async def test_a_contactverzoek_is_a_task_that_is_done_when_its_zaak_has_ended(
    client: httpx.AsyncClient,
) -> None:
    known = {row["uuid"]: row for row in contactverzoeken()}
    ended = set(list(known)[::3])
    for uuid in ended:
        status = Zaken.last.holdings.status(uuid)
        assert status is not None
        known[uuid]["einddatum"] = status["datumStatusGezet"][:10]
    tasks = await results(client, "internetaken?pageSize=100")
    assert {one["uuid"] for one in tasks} == known.keys()
    for task in tasks:
        zaak = known[task["uuid"]]
        assert task["gevraagdeHandeling"] == "Contact opnemen met betrokkene"
        assert (task["status"] == "verwerkt") is (task["uuid"] in ended)
        assert (task["afgehandeldOp"] or "")[:10] == (zaak["einddatum"] or "")
    before = len(Zaken.last.calls)
    todo = await results(client, "internetaken?status=te_verwerken&pageSize=100")
    assert {one["uuid"] for one in todo} == known.keys() - ended
    assert len(Zaken.last.calls) - before <= 3
    (first, *_) = tasks
    contact = first["aanleidinggevendKlantcontact"]
    shown = (await client.get(f"klantcontacten/{contact['uuid']}?expand=hadBetrokkenen")).json()
    assert shown["kanaal"] == known[first["uuid"]]["communicatiekanaalNaam"]
    (who,) = shown["_expand"]["hadBetrokkenen"]
    assert who["wasPartij"] is not None


async def test_the_tasks_of_a_colleague_are_found(client: httpx.AsyncClient) -> None:
    own = {row["uuid"] for row in contactverzoeken()}
    handled = [(n, rol) for n, rol in rollen("medewerker", "identificatie") if rol["zaak"] in own]
    code = handled[0][0]
    found = [
        one["uuid"]
        for actor in await results(client, f"actoren?actoridentificatorObjectId={code}")
        for one in await results(client, f"internetaken?toegewezenAanActor__uuid={actor['uuid']}")
    ]
    assert sorted(found) == sorted(r["zaak"] for n, r in handled if n == code)


async def test_who_acts_for_whom_is_said_once(client: httpx.AsyncClient) -> None:
    acting = [
        (n, rol)
        for n, rol in rollen("natuurlijk_persoon", "inpBsn")
        if rol["indicatieMachtiging"] == "gemachtigde"
    ]
    bsn = acting[0][0]
    (partij,) = await results(client, by_number(bsn, "bsn"))
    url = f"vertegenwoordigingen?vertegenwoordigendePartij__uuid={partij['uuid']}"
    found = await results(client, url)
    pairs = {
        tuple(sorted(str(v) for v in r["betrokkeneIdentificatie"].values() if isinstance(v, str)))
        for n, rol in acting
        if n == bsn
        for r in rows(ROLLEN)
        if r["zaak"] == rol["zaak"] and r["indicatieMachtiging"] == "machtiginggever"
    }
    assert len(found) == len(pairs) > 0
    for one in found:
        other = one["vertegenwoordigdePartij"]["uuid"]
        back = await results(client, f"vertegenwoordigingen?vertegenwoordigdePartij__uuid={other}")
        assert one["uuid"] in {each["uuid"] for each in back}


async def test_every_uuid_that_is_given_out_is_found_again(client: httpx.AsyncClient) -> None:
    bsn, _ = busiest("natuurlijk_persoon", "inpBsn")
    url = f"klantcontacten?hadBetrokkene__wasPartij__partijIdentificator__objectId={bsn}"
    seen = {*urls_in(await results(client, by_number(bsn, "bsn")))}
    seen |= {*urls_in(await results(client, url))}
    seen |= {*urls_in((await results(client, "internetaken"))[:3])}
    assert len(seen) > 15
    await are_found_again(client, seen)


async def test_what_a_zaaksysteem_cannot_be_asked_is_refused_without_a_call(
    plain: httpx.AsyncClient,
) -> None:
    for url in ("partijen", "digitaleadressen?adres=a@example.nl", "vertegenwoordigingen"):
        before = len(Zaken.last.calls)
        answer = await plain.get(url)
        assert {p["code"] for p in problem(answer, 400, "invalid")["invalidParams"]} == {
            "filter-not-supported"
        }
        assert len(Zaken.last.calls) == before


# --- writing ---


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Where links of contacts with zaken are made by the zaaksysteem."""
    async with gateway(config(tmp_path, clients=WRITER)) as client:
        yield client


def unlinked() -> tuple[str, Row]:
    """A contact that no zaak is linked with, and a link of it with a zaak."""
    linked = {row["contactmoment"].rpartition("/")[2] for row in rows(CONTACTEN)}
    contacts = OpenKlant1.last.register.rows["contactmomenten"]
    contact = next(uuid for uuid in contacts if uuid not in linked)
    register = Zaken.last.contacts
    assert isinstance(register, KnownContacts)
    register.contacts.add(f"{PUBLIC}/contactmomenten/api/v1/contactmomenten/{contact}")
    return contact, {
        "klantcontact": {"uuid": contact},
        "wasKlantcontact": None,
        "onderwerpobjectidentificator": {
            "objectId": rows(ZAKEN)[0]["uuid"],
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
        },
    }


def links() -> set[tuple[str, str]]:
    register = Zaken.last.contacts
    assert isinstance(register, KnownContacts)
    return register.links


async def test_a_link_is_made_in_the_zaaksysteem_which_tells_the_register_of_the_contact(
    writer: httpx.AsyncClient,
) -> None:
    contact, body = unlinked()
    made = await writer.post("onderwerpobjecten", json=body)
    assert made.status_code == 201, made.text
    assert (
        made.json().items()
        >= {
            "onderwerpobjectidentificator": body["onderwerpobjectidentificator"],
            "wasKlantcontact": None,
        }.items()
    )
    ((url, zaak),) = links()
    assert (url[-36:], zaak[-36:]) == (contact, rows(ZAKEN)[0]["uuid"])
    shown = await results(writer, f"onderwerpobjecten?klantcontact__uuid={contact}")
    assert made.json()["uuid"] in {one["uuid"] for one in shown}
    where = f"onderwerpobjecten/{made.json()['uuid']}"
    assert (await writer.patch(where, json={"wasKlantcontact": None})).status_code == 405
    assert (await writer.delete(where)).status_code == 204
    assert not links()
    assert (await writer.get(where)).status_code == 404


@pytest.mark.parametrize(
    ("code", "value"),
    [("codeRegister", "anders"), ("codeObjecttype", "besluit"), ("objectId", "ZAAK-2026-1")],
)
async def test_a_link_with_anything_but_a_zaak_is_refused_by_name(
    writer: httpx.AsyncClient, code: str, value: str
) -> None:
    _, body = unlinked()
    body["onderwerpobjectidentificator"][code] = value
    answer = problem(await writer.post("onderwerpobjecten", json=body), 400, "invalid")
    (wrong,) = answer["invalidParams"]
    assert (wrong["name"], wrong["code"]) == (f"onderwerpobjectidentificator.{code}", "not-kept")
    assert not links()


async def test_a_link_that_the_register_of_the_contact_does_not_take_is_not_there(
    writer: httpx.AsyncClient,
) -> None:
    contact, body = unlinked()
    register = Zaken.last.contacts
    assert isinstance(register, KnownContacts)
    register.broken = True
    before = len(rows(CONTACTEN))
    assert (await writer.post("onderwerpobjecten", json=body)).status_code == 409
    assert len(rows(CONTACTEN)) == before
    register.contacts.clear()
    assert (await writer.post("onderwerpobjecten", json=body)).status_code == 400
    assert not links()
    assert contact not in {row["contactmoment"][-36:] for row in rows(CONTACTEN)}


class Anything(KnownContacts):
    """A register that has whatever is asked for."""

    async def knows(self, contact: str) -> bool:
        return True


async def test_a_contact_with_its_zaak_is_made_in_two_systems_or_in_none(
    writer: httpx.AsyncClient,
) -> None:
    _, body = unlinked()
    del body["klantcontact"]
    contact = {
        "kanaal": "telefoon",
        "onderwerp": "Kapvergunning",
        "taal": "nld",
        "vertrouwelijk": True,
        "plaatsgevondenOp": "2026-03-01T10:00:00Z",
    }
    contacts = OpenKlant1.last.register.rows["contactmomenten"]
    before = len(contacts)
    sent = {"klantcontact": contact, "onderwerpobject": body}
    # The zaaksysteem asks for the contact at its own address, and here that is not there.
    assert (await writer.post("maak-klantcontact", json=sent)).status_code == 400
    assert len(contacts) == before
    assert not links()
    Zaken.last.contacts = Anything([])
    answer = await writer.post("maak-klantcontact", json=sent)
    assert answer.status_code == 201, answer.text
    made = answer.json()["klantcontact"]["uuid"]
    assert made in contacts
    assert {url[-36:] for url, _ in links()} == {made}
    assert answer.json()["onderwerpobject"]["klantcontact"]["uuid"] == made


# --- a call-back task as a zaak ---

HINTS = {"bsn": BSN, "telefoonnummer": "0612345678", "medewerker": "berg778", "toelichting": "laat"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, *LAYERS, clients=WRITER)) as client:
        yield client


def asked(**more: Any) -> Row:
    return {
        "kanaal": "Telefoon",
        "onderwerp": "Paspoort",
        "inhoud": "Wanneer is het klaar?",
        "taal": "nld",
        "vertrouwelijk": True,
        "plaatsgevondenOp": "2026-03-01T10:00:00Z",
        **more,
    }


async def partij_of(client: httpx.AsyncClient, bsn: str) -> Row:
    (partij,) = await results(client, by_number(bsn, "bsn"))
    return partij


async def test_a_call_back_task_is_made_at_once_and_its_pieces_are_confirmed(
    desk: httpx.AsyncClient,
) -> None:
    made = await desk.post("klantcontacten", json=asked(metadata=HINTS))
    assert made.status_code == 201, made.text
    contact = {"uuid": made.json()["uuid"]}
    zaak = contactverzoeken()[-1]
    assert made.json()["metadata"] == {**HINTS, "zaaknummer": zaak["identificatie"]}
    assert made.json()["plaatsgevondenOp"] != asked()["plaatsgevondenOp"]
    before = len(rows(ROLLEN)), len(rows(ZAKEN))
    who = await desk.post(
        "betrokkenen",
        json={
            "hadKlantcontact": contact,
            "wasPartij": {"uuid": (await partij_of(desk, BSN))["uuid"]},
            "rol": "klant",
            "initiator": True,
        },
    )
    assert who.status_code == 201, who.text
    address = {
        "verstrektDoorBetrokkene": {"uuid": who.json()["uuid"]},
        "verstrektDoorPartij": None,
        "adres": "0612345678",
        "soortDigitaalAdres": "telefoonnummer",
        "omschrijving": "",
    }
    assert (await desk.post("digitaleadressen", json=address)).status_code == 201
    other = await desk.post("digitaleadressen", json=address | {"adres": "0687654321"})
    assert problem(other, 409, "staat-anders")
    shown = (await desk.get(f"klantcontacten/{contact['uuid']}")).json()
    (there,) = shown["leiddeTotInterneTaken"]
    known = (await desk.get(f"internetaken/{there['uuid']}")).json()
    task = {
        "gevraagdeHandeling": "Contact opnemen met betrokkene",
        "aanleidinggevendKlantcontact": contact,
        "toegewezenAanActoren": [{"uuid": one["uuid"]} for one in known["toegewezenAanActoren"]],
        "toelichting": "laat",
        "status": "te_verwerken",
    }
    answer = await desk.post("internetaken", json=task)
    assert (answer.status_code, answer.json()["uuid"]) == (201, zaak["uuid"])
    assert (len(rows(ROLLEN)), len(rows(ZAKEN))) == before
    done = await desk.patch(f"internetaken/{zaak['uuid']}", json={"status": "verwerkt"})
    assert done.status_code == 405


async def test_a_contact_with_who_asks_is_a_zaak_in_one_request(desk: httpx.AsyncClient) -> None:
    partij = await partij_of(desk, BSN)
    sent = {
        "klantcontact": asked(),
        "betrokkene": {"wasPartij": {"uuid": partij["uuid"]}, "rol": "klant", "initiator": True},
    }
    made = await desk.post("maak-klantcontact", json=sent)
    assert made.status_code == 201, made.text
    (rol,) = Zaken.last.holdings.of(ROLLEN, contactverzoeken()[-1]["uuid"])
    assert rol["betrokkeneIdentificatie"]["inpBsn"] == BSN
    url = f"klantcontacten?hadBetrokkene__wasPartij__uuid={partij['uuid']}&pageSize=100"
    found = await results(desk, url)
    assert made.json()["klantcontact"]["uuid"] in {one["uuid"] for one in found}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reactie", "Ja"),
        ("nummer", "12"),
        ("vertrouwelijk", False),
        ("onderwerp", "x" * 81),
        ("indicatieContactGelukt", True),
    ],
)
async def test_what_a_zaak_does_not_keep_is_refused_by_name(
    desk: httpx.AsyncClient, name: str, value: Any
) -> None:
    before = len(rows(ZAKEN))
    answer = await desk.post("klantcontacten", json=asked(**{name: value}))
    body = problem(answer, 400, "invalid")
    assert {one["name"] for one in body["invalidParams"]} == {name}
    assert len(rows(ZAKEN)) == before


async def test_addresses_of_nobody_are_refused(desk: httpx.AsyncClient) -> None:
    before = len(rows(ZAKEN))
    answer = await desk.post("klantcontacten", json=asked(metadata={"emailadres": "a@example.nl"}))
    assert answer.status_code == 400
    assert len(rows(ZAKEN)) == before


async def test_without_leave_to_lose_the_moment_none_is_made(tmp_path: Path) -> None:
    path = config(tmp_path, *LAYERS, clients=WRITER, writing={})
    async with gateway(path) as desk:
        body = problem(await desk.post("klantcontacten", json=asked()), 400, "invalid")
        assert [one["name"] for one in body["invalidParams"]] == ["plaatsgevondenOp"]
