"""The fake of Open Klant 1 answers, refuses and writes as the real one does (tag 1.0.0): all of
this was seen there. What it refuses can be asked of it again, see ``tests.real``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from demo.kcc.data import SMALL
from demo.openklant1 import app as openklant1
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from tests.support.open_klant_1 import (
    NEW_CONTACT,
    NEW_KLANT,
    REFUSED_CONTACTS,
    REFUSED_KLANTEN,
    REFUSED_VALUES,
)
from tests.support.v1_asked import NOW, ask, klant_of, token


def _openklant1() -> openklant1.OpenKlant1:
    return openklant1.service(SMALL, now=lambda: NOW)


async def test_open_klant_says_what_is_wrong_with_a_token() -> None:
    service = _openklant1()
    secret = next(iter(service.tokens.secrets.values()))
    codes = {
        "permission_denied": {"Authorization": ""},
        "jwt-decode-error": {"Authorization": "Bearer nothing"},
        "missing-client-identifier": token(secret, client_id=None),
        "invalid-client-identifier": token(secret, client_id="another"),
        "invalid-jwt-signature": token("x" * 40),
    }
    for code, headers in codes.items():
        assert (await ask(service, KLANTEN, headers=headers)).json()["code"] == code


async def test_open_klant_ignores_what_it_does_not_know_of_klanten_only() -> None:
    service = _openklant1()
    whole = await ask(service, KLANTEN)
    assert (await ask(service, KLANTEN, {"foo": "bar"})).json() == whole.json()
    for resource in (CONTACTEN, KLANTLINKS, OBJECTLINKS):
        answer = await ask(service, resource, {"pageSize": "10"})
        assert answer.status_code == 400
        (wrong,) = answer.json()["invalidParams"]
        assert (wrong["name"], wrong["code"]) == ("nonFieldErrors", "unknown-parameters")


@pytest.mark.parametrize(
    ("resource", "params", "code"),
    REFUSED_VALUES,
)
async def test_open_klant_refuses_a_value_that_cannot_be(
    resource: str, params: dict[str, str], code: str
) -> None:
    answer = await ask(_openklant1(), resource, params)
    assert answer.status_code == 400
    ((name, _),) = params.items()
    (wrong,) = answer.json()["invalidParams"]
    assert (wrong["name"], wrong["code"]) == (name, code)


async def test_open_klant_looks_past_spaces_and_empty_values() -> None:
    service = _openklant1()
    whole = (await ask(service, CONTACTEN)).json()["count"]
    mail = (await ask(service, CONTACTEN, {"kanaal": "mail"})).json()["count"]
    assert (await ask(service, CONTACTEN, {"kanaal": " mail "})).json()["count"] == mail < whole
    assert (await ask(service, CONTACTEN, {"kanaal": ""})).json()["count"] == whole


async def test_open_klant_knows_its_own_urls_by_the_address_it_is_called_by() -> None:
    service = _openklant1()
    (link, *_) = (await ask(service, KLANTLINKS)).json()["results"]
    own = {"contactmoment": link["contactmoment"]}
    found = (await ask(service, KLANTLINKS, own)).json()["count"]
    assert found > 0
    before, _, uuid = own["contactmoment"].rpartition("/")
    upper = {"contactmoment": f"{before}/{uuid.upper()}"}
    assert (await ask(service, KLANTLINKS, upper)).json()["count"] == found
    elsewhere = {"contactmoment": own["contactmoment"].replace("openklant1", "elsewhere")}
    assert (await ask(service, KLANTLINKS, elsewhere)).json()["count"] == 0
    no_uuid = {"contactmoment": own["contactmoment"][:-1]}
    assert (await ask(service, KLANTLINKS, no_uuid)).status_code == 400


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
    assert second["previous"].endswith("/klantcontactmomenten")
    assert (await ask(service, KLANTLINKS, {"page": "9"})).status_code == 404


async def test_open_klant_gives_a_contact_once_for_each_link_to_the_klant() -> None:
    service = _openklant1()
    klant = await klant_of(service)
    links = (await ask(service, KLANTLINKS, {"klant": klant["url"]})).json()["results"]
    contacts = (await ask(service, CONTACTEN, {"klant": klant["url"]})).json()
    assert contacts["count"] == len(links) > len({link["contactmoment"] for link in links})
    assert {c["url"] for c in contacts["results"]} == {link["contactmoment"] for link in links}


async def test_open_klant_knows_a_klant_by_the_url_under_which_it_was_written() -> None:
    service = _openklant1()
    klant = await klant_of(service)
    other = klant["url"].replace("openklant1.example", "localhost")
    assert (await ask(service, CONTACTEN, {"klant": other})).json()["count"] == 0
    both = await ask(service, CONTACTEN, {"klant": f"{other},{klant['url']}"})
    assert both.json()["count"] > 0
    spaced = await ask(service, CONTACTEN, {"klant": f" {klant['url']} "})
    assert spaced.json()["count"] == 0


async def test_open_klant_shows_links_as_urls_or_expanded() -> None:
    service = _openklant1()
    klant = await klant_of(service)
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
    # Without a zone it is in UTC.
    naive = (await ask(service, CONTACTEN, {"registratiedatum": "2021-02-01 06:00"})).json()
    assert naive["count"] == counts[""]


async def test_open_klant_writes_what_it_is_given() -> None:
    service = _openklant1()
    klant = await klant_of(service)
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
    # That it is there already only its database knows.
    assert (await ask(service, OBJECTLINKS, method="POST", body=link)).status_code == 500
    path = f"{OBJECTLINKS}/{made.json()['url'].rpartition('/')[2]}"
    assert (await ask(service, path, method="DELETE")).status_code == 400
    assert (await ask(service, path, method="PATCH", body={})).status_code == 405
    service.related.clear()
    assert (await ask(service, path, method="DELETE")).status_code == 204


@pytest.mark.parametrize(
    ("change", "wrong"),
    REFUSED_KLANTEN,
)
async def test_open_klant_refuses_a_klant_that_is_not_right(
    change: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    service = _openklant1()
    refused = await ask(service, KLANTEN, method="POST", body=NEW_KLANT | change)
    assert refused.status_code == 400
    assert {(p["name"], p["code"]) for p in refused.json()["invalidParams"]} == wrong
    assert (await ask(service, KLANTEN, method="POST", body=NEW_KLANT)).status_code == 201
    twice = await ask(service, KLANTEN, method="POST", body=NEW_KLANT)
    assert twice.json()["invalidParams"][0]["code"] == "unique"


@pytest.mark.parametrize(("number", "status"), [("820151130", 201), ("12345678", 400)])
async def test_open_klant_knows_an_organisation_by_its_rsin(number: str, status: int) -> None:
    organisation = {
        "subjectType": "niet_natuurlijk_persoon",
        "subjectIdentificatie": {"innNnpId": number},
    }
    made = await ask(_openklant1(), KLANTEN, method="POST", body=NEW_KLANT | organisation)
    assert made.status_code == status


async def test_open_klant_fills_up_what_it_is_given() -> None:
    service = _openklant1()
    body = NEW_KLANT | {
        "achternaam": "  Jansen ",
        "telefoonnummer": 612345678,
        "adres": {"huisnummer": "12", "straatnaam": "Kade"},
    }
    klant = (await ask(service, KLANTEN, method="POST", body=body)).json()
    assert (klant["achternaam"], klant["telefoonnummer"]) == ("Jansen", "612345678")
    assert klant["adres"]["huisnummer"] == 12
    assert klant["adres"]["huisletter"] == ""
    known = await klant_of(service)
    assert klant["subjectIdentificatie"].keys() == known["subjectIdentificatie"].keys()
    path = f"{KLANTEN}/{klant['url'].rpartition('/')[2]}"
    # What is not given stays, with PUT too, and so does what becomes null.
    same = await ask(service, path, method="PUT", body=NEW_KLANT | {"adres": None})
    assert same.status_code == 200
    assert "Location" not in same.headers
    assert same.json() == klant
    moved = await ask(service, path, method="PATCH", body={"adres": {"huisnummer": 14}})
    assert moved.json()["adres"] == klant["adres"] | {"huisnummer": 14}
    other = await ask(service, path, method="PATCH", body={"subjectType": "vestiging"})
    assert other.json()["invalidParams"][0]["code"] == "wijzigen-niet-toegelaten"


@pytest.mark.parametrize(
    ("change", "name", "code"),
    REFUSED_CONTACTS,
)
async def test_open_klant_refuses_a_contact_that_is_not_right(
    change: dict[str, Any], name: str, code: str
) -> None:
    refused = await ask(_openklant1(), CONTACTEN, method="POST", body=NEW_CONTACT | change)
    assert refused.status_code == 400
    (wrong,) = refused.json()["invalidParams"]
    assert (wrong["name"], wrong["code"]) == (name, code)


async def test_open_klant_writes_moments_in_utc_and_follows_contacts() -> None:
    service = _openklant1()
    body = NEW_CONTACT | {
        "registratiedatum": "2026-07-01T10:00:00.5+02:00",
        "vorigContactmoment": "",
    }
    first = (await ask(service, CONTACTEN, method="POST", body=body)).json()
    assert first["registratiedatum"] == "2026-07-01T08:00:00.500000Z"
    after = NEW_CONTACT | {"vorigContactmoment": first["url"]}
    assert (await ask(service, CONTACTEN, method="POST", body=after)).status_code == 201
    again = await ask(service, CONTACTEN, method="POST", body=after)
    assert again.json()["invalidParams"][0]["code"] == "unique"
    # It does not think of what follows, and its database does.
    path = f"{CONTACTEN}/{first['url'].rpartition('/')[2]}"
    assert (await ask(service, path, method="DELETE")).status_code == 500
    assert (await ask(service, path)).status_code == 200


async def test_open_klant_says_of_a_link_all_that_is_missing() -> None:
    refused = await ask(_openklant1(), KLANTLINKS, method="POST", body={})
    wrong = {(p["name"], p["code"]) for p in refused.json()["invalidParams"]}
    assert wrong == {(name, "required") for name in ("contactmoment", "klant", "rol")}


async def test_a_body_is_json() -> None:
    service = _openklant1()
    headers = {"Content-Type": "text/plain"}
    refused = await ask(service, CONTACTEN, method="POST", headers=headers, body={})
    assert refused.status_code == 415
    refused = await ask(service, CONTACTEN, method="POST", body=[])
    assert refused.json()["invalidParams"][0]["name"] == "nonFieldErrors"
