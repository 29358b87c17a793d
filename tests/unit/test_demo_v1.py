"""The fakes of Open Klant 1 and the e-Suite: they answer as their specifications say, refuse what
these refuse, and ignore what these ignore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
import jwt
import pytest

from demo.esuite import app as esuite
from demo.kcc.data import KNOWN_BSNS, SMALL
from demo.openklant1 import app as openklant1
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from demo.v1.service import Service

NOW = 1_800_000_000
BSN = KNOWN_BSNS[0]


def _openklant1() -> openklant1.OpenKlant1:
    return openklant1.service(SMALL, now=lambda: NOW)


def _esuite(by_contact: str = "answered") -> esuite.ESuite:
    return esuite.service(SMALL, now=lambda: NOW, by_contact=by_contact)


def token(secret: str, **claims: Any) -> dict[str, str]:
    """The header of a token that opens both."""
    given = {"iss": "gateway", "client_id": "gateway", "iat": NOW - 60, "exp": NOW + 600} | claims
    payload = {name: value for name, value in given.items() if value is not None}
    return {"Authorization": "Bearer " + jwt.encode(payload, secret, algorithm="HS256")}


async def ask(
    service: Service,
    path: str,
    params: Any = None,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> httpx.Response:
    """One request to one of the two APIs, by the name of its resource."""
    root = service.dialect.klanten if path.startswith(KLANTEN) else service.dialect.contactmomenten
    secret = next(iter(service.tokens.secrets.values()))
    transport = httpx.ASGITransport(service.app())
    async with httpx.AsyncClient(transport=transport, base_url=service.public) as client:
        return await client.request(
            method,
            f"{root}/{path}",
            params=params,
            headers=token(secret) | dict(headers or {}),
            json=body,
        )


async def _klant(service: Service, bsn: str = BSN) -> dict[str, Any]:
    answer = await ask(service, KLANTEN, {"subjectNatuurlijkPersoon__inpBsn": bsn})
    (found,) = answer.json()["results"]
    return dict(found)


@pytest.mark.parametrize("make", [_openklant1, _esuite])
def test_the_rows_are_the_same_every_time(make: Callable[[], Service]) -> None:
    assert make().register.rows == make().register.rows


@pytest.mark.parametrize(
    ("claims", "open_klant", "e_suite"),
    [
        ({}, 200, 200),
        ({"iat": NOW + 120}, 200, 401),
        ({"iat": NOW - 3600, "exp": None}, 403, 401),
        ({"exp": NOW - 1}, 403, 401),
        ({"exp": None}, 200, 401),
        ({"exp": NOW + 7200}, 200, 401),
        ({"iat": None}, 403, 401),
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
            assert answer.headers["Content-Type"] == "application/problem+json"


async def test_open_klant_ignores_what_it_does_not_know_of_klanten_only() -> None:
    service = _openklant1()
    whole = await ask(service, KLANTEN)
    assert (await ask(service, KLANTEN, {"foo": "bar"})).json() == whole.json()
    for resource in (CONTACTEN, KLANTLINKS, OBJECTLINKS):
        answer = await ask(service, resource, {"pageSize": "10"})
        assert answer.status_code == 400
        assert answer.json()["invalidParams"][0]["name"] == "pageSize"


async def test_open_klant_gives_pages_of_a_hundred() -> None:
    service = _openklant1()
    for row in list(service.register.rows[KLANTLINKS].values())[:60]:
        more = {k: v for k, v in row.items() if k != "uuid"}
        service.register.add(KLANTLINKS, more | {"klant": "http://openklant1.example/other"})
    first = (await ask(service, KLANTLINKS)).json()
    assert len(first["results"]) == 100 < first["count"]
    assert first["previous"] is None
    second = (await ask(service, KLANTLINKS, {"page": "2"})).json()
    assert first["next"].endswith("/klantcontactmomenten?page=2")
    assert len(second["results"]) == first["count"] - 100
    assert (await ask(service, KLANTLINKS, {"page": "9"})).status_code == 404


async def test_open_klant_gives_a_contact_once_for_each_link_to_the_klant() -> None:
    service = _openklant1()
    klant = await _klant(service)
    links = (await ask(service, KLANTLINKS, {"klant": klant["url"]})).json()["results"]
    contacts = (await ask(service, CONTACTEN, {"klant": klant["url"]})).json()
    assert contacts["count"] == len(links) > len({link["contactmoment"] for link in links})
    assert {c["url"] for c in contacts["results"]} == {link["contactmoment"] for link in links}


async def test_open_klant_knows_a_klant_by_the_url_under_which_it_was_written() -> None:
    service = _openklant1()
    klant = await _klant(service)
    other = klant["url"].replace("openklant1.example", "localhost")
    assert (await ask(service, CONTACTEN, {"klant": other})).json()["count"] == 0
    both = await ask(service, CONTACTEN, {"klant": f"{other},{klant['url']}"})
    assert both.json()["count"] > 0


async def test_open_klant_shows_links_as_urls_or_expanded() -> None:
    service = _openklant1()
    klant = await _klant(service)
    expand = [("klant", klant["url"]), ("expand", KLANTLINKS), ("expand", OBJECTLINKS)]
    plain = (await ask(service, CONTACTEN, {"klant": klant["url"]})).json()["results"]
    expanded = (await ask(service, CONTACTEN, expand)).json()["results"]
    for one, other in zip(plain, expanded, strict=True):
        for links in (KLANTLINKS, OBJECTLINKS):
            assert one[links] == [link["url"] for link in other[links]]
    assert any(row[OBJECTLINKS] for row in plain)
    wrong = await ask(service, CONTACTEN, {"expand": "klant"})
    assert wrong.status_code == 400


async def test_open_klant_orders_by_moment_and_by_nothing_else() -> None:
    service = _openklant1()
    rows = (await ask(service, CONTACTEN)).json()["results"]
    moments = [datetime.fromisoformat(row["registratiedatum"]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    same = [row["url"] for row in rows if row["registratiedatum"] == "2021-02-01T06:00:00Z"]
    assert len(same) > 2


async def test_open_klant_compares_moments() -> None:
    service = _openklant1()
    moment = "2021-02-01T06:00:00Z"
    counts = {}
    for op in ("", "__lt", "__lte", "__gt", "__gte"):
        answer = await ask(service, CONTACTEN, {f"registratiedatum{op}": moment})
        counts[op] = answer.json()["count"]
    assert counts[""] > 2
    assert counts["__lte"] == counts["__lt"] + counts[""]
    assert counts["__gte"] == counts["__gt"] + counts[""]
    assert (await ask(service, CONTACTEN, {"registratiedatum": "now"})).status_code == 400


async def test_open_klant_writes_what_it_is_given() -> None:
    service = _openklant1()
    klant = await _klant(service)
    contact = {"bronorganisatie": "820151130", "tekst": "vraag", "kanaal": "balie"}
    refused = await ask(service, CONTACTEN, method="POST", body=contact)
    assert refused.json()["invalidParams"][0]["code"] == "invalid-medewerker"
    contact["medewerkerIdentificatie"] = {"identificatie": "x1"}  # type: ignore[assignment]
    made = await ask(service, CONTACTEN, method="POST", body=contact)
    assert made.status_code == 201
    url = made.json()["url"]
    link = {"contactmoment": url, "klant": klant["url"], "rol": "gesprekspartner"}
    assert (await ask(service, KLANTLINKS, method="POST", body=link)).status_code == 201
    assert (await ask(service, KLANTLINKS, method="POST", body=link)).status_code == 400
    away = link | {"klant": "https://elsewhere.example/klanten/1", "rol": "belanghebbende"}
    answer = await ask(service, KLANTLINKS, method="POST", body=away)
    assert answer.json()["invalidParams"][0]["code"] == "bad-url"
    contacts = (await ask(service, CONTACTEN, {"klant": klant["url"]})).json()["results"]
    assert url in {c["url"] for c in contacts}
    path = f"{CONTACTEN}/{url.rpartition('/')[2]}"
    changed = await ask(service, path, method="PATCH", body={"tekst": "anders"})
    assert (changed.json()["tekst"], changed.json()["kanaal"]) == ("anders", "balie")
    assert (await ask(service, path, method="DELETE")).status_code == 204
    assert (await ask(service, path)).status_code == 404
    links = (await ask(service, KLANTLINKS, {"contactmoment": url})).json()
    assert links["count"] == 0


async def test_open_klant_takes_a_zaak_that_the_other_side_knows_of() -> None:
    service = _openklant1()
    contact = (await ask(service, CONTACTEN)).json()["results"][0]["url"]
    zaak = openklant1.ZAKEN + "3ba1d1b4-0e1f-4d0c-9a62-b9b6b6f0d2f1"
    link = {"contactmoment": contact, "object": zaak, "objectType": "zaak"}
    refused = await ask(service, OBJECTLINKS, method="POST", body=link)
    assert refused.json()["invalidParams"][0]["code"] == "inconsistent-relation"
    service.related.add((zaak, contact.rpartition("/")[2]))
    made = await ask(service, OBJECTLINKS, method="POST", body=link)
    assert made.status_code == 201
    path = f"{OBJECTLINKS}/{made.json()['url'].rpartition('/')[2]}"
    assert (await ask(service, path, method="DELETE")).status_code == 400
    assert (await ask(service, path, method="PATCH", body={})).status_code == 405
    service.related.clear()
    assert (await ask(service, path, method="DELETE")).status_code == 204


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"klantnummer": "123456789"}, "max_length"),
        ({"klantnummer": ""}, "required"),
        ({"bronorganisatie": "123456789"}, "invalid"),
        ({"subjectIdentificatie": None}, "invalid-subject"),
        ({"subjectType": "mens"}, "invalid_choice"),
        ({"emailadres": "nergens"}, "invalid"),
    ],
)
async def test_open_klant_refuses_a_klant_that_is_not_right(
    change: dict[str, Any], code: str
) -> None:
    service = _openklant1()
    klant = {
        "bronorganisatie": "820151130",
        "klantnummer": "nieuw1",
        "subjectType": "natuurlijk_persoon",
        "subjectIdentificatie": {"inpBsn": "999990482"},
    }
    refused = await ask(service, KLANTEN, method="POST", body=klant | change)
    assert refused.status_code == 400
    assert refused.json()["invalidParams"][0]["code"] == code
    assert (await ask(service, KLANTEN, method="POST", body=klant)).status_code == 201
    twice = await ask(service, KLANTEN, method="POST", body=klant)
    assert twice.json()["invalidParams"][0]["code"] == "unique"


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
    klant = await _klant(service)
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
    klant = await _klant(service)
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
    klant = await _klant(service)
    path = f"{KLANTEN}/{klant['url'].rpartition('/')[2]}"
    body: dict[str, Any] = {"emailadres": "nieuw@post.example", "achternaam": "Anders"}
    changed = (await ask(service, path, method="PATCH", body=body)).json()
    assert changed == klant | {"emailadres": "nieuw@post.example"}
    body = {"telefoonnummer": None, "telefoonnummerAlternatief": "0101234567"}
    assert (await ask(service, path, method="PATCH", body=body)).status_code == 400
    for method in ("PUT", "DELETE"):
        assert (await ask(service, path, method=method, body={})).status_code == 405
