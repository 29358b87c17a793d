"""The fakes of Open Klant 1 and the e-Suite: they answer as their specifications say, refuse what
these refuse, and ignore what these ignore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from demo.esuite import app as esuite
from demo.kcc.data import SMALL
from demo.openklant1 import app as openklant1
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from demo.v1.service import Service
from tests.support.v1_asked import BSN, NOW, ask, klant_of, token


def _openklant1() -> openklant1.OpenKlant1:
    return openklant1.service(SMALL, now=lambda: NOW)


def _esuite(by_contact: str = "answered") -> esuite.ESuite:
    return esuite.service(SMALL, now=lambda: NOW, by_contact=by_contact)


@pytest.mark.parametrize("make", [_openklant1, _esuite])
def test_the_rows_are_the_same_every_time(make: Callable[[], Service]) -> None:
    assert make().register.rows == make().register.rows


@pytest.mark.parametrize(
    ("claims", "open_klant", "e_suite"),
    [
        ({}, 200, 200),
        # Open Klant 1 falls over a moment that is not right, and has no use for an old one.
        ({"iat": NOW + 120}, 500, 401),
        ({"nbf": NOW + 120}, 500, 401),
        ({"iat": NOW - 3600, "exp": None}, 200, 401),
        ({"exp": NOW - 1}, 500, 401),
        ({"exp": "soon"}, 500, 401),
        ({"exp": None}, 200, 401),
        ({"exp": NOW + 7200}, 200, 401),
        ({"iat": None}, 200, 401),
        ({"iss": "another"}, 200, 401),
        ({"client_id": None}, 403, 401),
        ({"client_id": "another"}, 403, 401),
    ],
)
async def test_a_token_opens_as_long_as_it_is_good(
    claims: dict[str, Any], open_klant: int, e_suite: int
) -> None:
    for service, status in ((_openklant1(), open_klant), (_esuite(), e_suite)):
        headers = token(next(iter(service.tokens.secrets.values())), **claims)
        params = {"subjectNatuurlijkPersoon__inpBsn": BSN}
        assert (await ask(service, KLANTEN, params, headers=headers)).status_code == status


async def test_a_token_under_another_secret_or_none_opens_nothing() -> None:
    for service in (_openklant1(), _esuite()):
        for headers in (
            token("x" * 40),
            {"Authorization": "Bearer nothing"},
            {"Authorization": ""},
        ):
            answer = await ask(service, CONTACTEN, headers=headers)
            assert answer.status_code == service.dialect.no_entry
            assert answer.headers["Content-Type"] == service.dialect.problems


async def test_the_e_suite_wants_exactly_one_number() -> None:
    service = _esuite()
    bsn = {"subjectNatuurlijkPersoon__inpBsn": BSN}
    assert (await ask(service, KLANTEN)).status_code == 400
    kvk = {"subjectNietNatuurlijkPersoon__innNnpId": "12345678"}
    assert (await ask(service, KLANTEN, bsn | kvk)).status_code == 400
    assert (await ask(service, KLANTEN, kvk)).json()["count"] == 1
    found = (await ask(service, KLANTEN, bsn | {"achternaam": "Niemand"})).json()
    assert found["count"] == 1
    assert set(found) == {"count", "results"}


async def test_the_e_suite_shows_contacts_of_a_klant_that_still_run() -> None:
    service = _esuite()
    klant = await klant_of(service)
    params = {"klant": klant["url"]}
    running = (await ask(service, CONTACTEN, params)).json()["results"]
    links = (await ask(service, KLANTLINKS, params)).json()["results"]
    assert 0 < len(running) < len(links)
    assert {row["status"] for row in running} <= {"nieuw", "in_behandeling"}
    assert {link["rol"] for link in links} == {"gesprekspartner"}
    assert (await ask(service, CONTACTEN)).status_code == 400
    assert (await ask(service, KLANTLINKS)).status_code == 400


async def test_the_e_suite_pages_contacts_of_a_type() -> None:
    service = _esuite()
    both = [("type", "Contactmoment"), ("type", "Terugbelverzoek")]
    first = (await ask(service, CONTACTEN, both)).json()
    assert len(first["results"]) == 20 < first["count"]
    last = -(-first["count"] // 20)
    rest = (await ask(service, CONTACTEN, [*both, ("page", str(last))])).json()
    assert rest["next"] is None
    one = (await ask(service, CONTACTEN, {"type": "Terugbelverzoek"})).json()
    assert 0 < one["count"] < first["count"]


async def test_the_e_suite_finds_a_contact_by_its_number_with_all_answers() -> None:
    service = _esuite()
    both = {"type": "Terugbelverzoek"}
    rows = (await ask(service, CONTACTEN, both)).json()["results"]
    busy = next(row for row in rows if "recentsteVoorlopigAntwoord" in row)
    assert "voorlopigeAntwoorden" not in busy
    (found,) = (await ask(service, CONTACTEN, {"identificatie": busy["identificatie"]})).json()[
        "results"
    ]
    assert found["voorlopigeAntwoorden"] == [busy["recentsteVoorlopigAntwoord"]]


async def test_the_e_suite_finds_who_left_an_address_without_a_name() -> None:
    service = _esuite()
    anonymous = [c for c in service.register.rows[CONTACTEN].values() if c["_klant"] is None]
    number = anonymous[0]["contactgegevens"]["telefoonnummer"]
    found = (await ask(service, CONTACTEN, {"telefoonnummerOfEmailadres": number[-5:]})).json()
    assert anonymous[0]["identificatie"] in {row["identificatie"] for row in found["results"]}
    named = next(
        c
        for c in service.register.rows[CONTACTEN].values()
        if c["_klant"] and "emailadres" in c["contactgegevens"]
    )
    email = named["contactgegevens"]["emailadres"]
    none = (await ask(service, CONTACTEN, {"telefoonnummerOfEmailadres": email})).json()
    assert none["count"] == 0


async def test_the_e_suite_keeps_a_contact_for_who_has_it_on_his_desk() -> None:
    service = _esuite()
    closed = next(c for c in service.register.rows[CONTACTEN].values() if c["_only"])
    number = {"identificatie": closed["identificatie"]}
    assert (await ask(service, CONTACTEN, number)).json()["count"] == 1
    path = f"{CONTACTEN}/{closed['uuid']}"
    assert (await ask(service, path)).status_code == 403
    by_user = {"X-Esuite-Request-User-Id": closed["_only"]}
    assert (await ask(service, path, headers=by_user)).status_code == 200


async def test_the_e_suite_has_no_single_links() -> None:
    service = _esuite()
    for resource in (KLANTLINKS, OBJECTLINKS):
        uuid = next(iter(service.register.rows[resource]))
        assert (await ask(service, f"{resource}/{uuid}")).status_code == 404


@pytest.mark.parametrize(("by_contact", "status"), [("answered", 200), ("refused", 400)])
async def test_the_e_suite_and_links_of_a_contact(by_contact: str, status: int) -> None:
    service = _esuite(by_contact)
    link = next(iter(service.register.rows[KLANTLINKS].values()))
    params = {"contactmoment": service.url(None, CONTACTEN, link["contactmoment"])}
    answer = await ask(service, KLANTLINKS, params)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["count"] == 1
        ignored = (await ask(_esuite("ignored"), KLANTLINKS, params)).json()
        assert ignored["count"] > 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 201),
        ({"tekst": " "}, 400),
        ({"antwoord": ""}, 400),
        ({"toelichting": "bel terug"}, 400),
        ({"behandelaar": {"gebruikersnaam": "heuvel664"}}, 400),
        ({"kanaal": "Duif"}, 400),
        ({"type": "Anders"}, 400),
        ({"onderwerp": "Burgerzaken"}, 400),
        ({"onderwerp": "grp:KCC"}, 201),
        ({"contactgegevens": {"telefoonnummerAlternatief": "0101234567"}}, 400),
        ({"status": "nieuw", "antwoord": "", "toelichting": "bel terug"}, 201),
    ],
)
async def test_the_e_suite_takes_a_contact_in_one_piece(
    change: dict[str, Any], status: int
) -> None:
    service = _esuite()
    body = {"tekst": "vraag", "antwoord": "N.v.t.", "status": "afgehandeld", "kanaal": "Telefoon"}
    made = await ask(service, CONTACTEN, method="POST", body=body | change)
    assert made.status_code == status
    if status == 201:
        path = f"{CONTACTEN}/{made.json()['url'].rpartition('/')[2]}"
        for method in ("PUT", "PATCH", "DELETE"):
            assert (await ask(service, path, method=method, body={})).status_code == 405


async def test_the_e_suite_links_a_contact_to_one_klant() -> None:
    service = _esuite()
    klant = await klant_of(service)
    body = {"tekst": "vraag", "status": "nieuw"}
    contact = (await ask(service, CONTACTEN, method="POST", body=body)).json()["url"]
    link = {"contactmoment": contact, "klant": klant["url"]}
    assert (await ask(service, KLANTLINKS, method="POST", body=link)).status_code == 201
    assert (await ask(service, KLANTLINKS, method="POST", body=link)).status_code == 409
    zaak = {"contactmoment": contact, "object": "https://elsewhere.example/zaken/1"}
    assert (await ask(service, OBJECTLINKS, method="POST", body=zaak)).status_code == 400
    zaak["object"] = esuite.ZAKEN + "3ba1d1b4-0e1f-4d0c-9a62-b9b6b6f0d2f1"
    assert (await ask(service, OBJECTLINKS, method="POST", body=zaak)).status_code == 201
    assert (await ask(service, OBJECTLINKS, method="POST", body=zaak)).status_code == 409


async def test_the_e_suite_makes_only_klanten_that_exist_outside() -> None:
    service = _esuite()
    known = {
        k["subjectIdentificatie"].get("inpBsn") for k in service.register.rows[KLANTEN].values()
    }
    new = min(service.outside - known)
    for number, status in ((new, 201), (new, 409), (BSN, 409), ("999999990", 404), ("1", 400)):
        body = {"subjectIdentificatie": {"inpBsn": number}, "achternaam": "Eigen Keuze"}
        made = await ask(service, KLANTEN, method="POST", body=body)
        assert made.status_code == status
        assert "Eigen" not in made.text


async def test_the_e_suite_changes_addresses_of_a_klant_and_nothing_else() -> None:
    service = _esuite()
    klant = await klant_of(service)
    path = f"{KLANTEN}/{klant['url'].rpartition('/')[2]}"
    body: dict[str, Any] = {"emailadres": "nieuw@post.example", "achternaam": "Anders"}
    changed = (await ask(service, path, method="PATCH", body=body)).json()
    assert changed == klant | {"emailadres": "nieuw@post.example"}
    body = {"telefoonnummer": None, "telefoonnummerAlternatief": "0101234567"}
    assert (await ask(service, path, method="PATCH", body=body)).status_code == 400
    for method in ("PUT", "DELETE"):
        assert (await ask(service, path, method=method, body={})).status_code == 405
