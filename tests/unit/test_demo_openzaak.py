"""The fake of Open Zaak answers, refuses and writes as the real one does (1.30)."""

from __future__ import annotations

from typing import Any

import pytest

from demo.kcc.data import KNOWN_BSNS, generate
from demo.kcc.values import SMALL
from demo.openzaak.data import generate_holdings
from demo.openzaak.holdings import ROLLEN, ZAKEN
from demo.openzaak.register import KnownContacts
from demo.openzaak.service import OpenZaak
from demo.v1.register import RSIN
from tests.support.openzaak import (
    BSN,
    EMPTY_QUESTIONS,
    REFUSED_QUESTIONS,
    REFUSED_ZAKEN,
    ask,
    open_zaak,
)
from tests.support.v1_asked import NOW, token


async def _first(fake: OpenZaak, where: str, **params: str) -> dict[str, Any]:
    found = (await ask(fake, where, params)).json()
    return dict((found if isinstance(found, list) else found["results"])[0])


def _wrong(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(p["name"], p["code"]) for p in answer.json()["invalidParams"]]


def test_the_rows_are_the_same_every_time() -> None:
    assert generate_holdings(SMALL).rows == generate_holdings(SMALL).rows


def test_zaken_have_the_numbers_and_the_uuids_that_the_kcc_knows() -> None:
    zaken = generate_holdings(SMALL).rows[ZAKEN]
    numbers = {row["identificatie"]: row["uuid"] for row in zaken.values()}
    links = [row for row in generate(SMALL)["CONTACT_ZAAK"] if row["ZAAK_NR"] in numbers]
    assert {row["ZAAK_NR"] for row in links if not row["ZAAK_GUID"]}
    with_uuid = {row["ZAAK_NR"]: row["ZAAK_GUID"] for row in links if row["ZAAK_GUID"]}
    assert len(with_uuid) > 10
    assert with_uuid == {number: numbers[number] for number in with_uuid}


async def test_a_token_or_coordinates_that_are_not_there_are_refused() -> None:
    fake = open_zaak()
    for headers in ({"Authorization": None}, token("x" * 40)):
        assert (await ask(fake, "rollen", headers=headers)).status_code == 403
    for name, value, status in (("Accept-Crs", None, 412), ("Accept-Crs", "EPSG:28992", 406)):
        assert (await ask(fake, "zaken", headers={name: value})).status_code == status
    assert (await ask(fake, "rollen", headers={"Accept-Crs": None})).status_code == 200
    body: dict[str, Any] = {}
    answer = await ask(fake, "zaken", method="POST", headers={"Content-Crs": None}, body=body)
    assert answer.status_code == 412


async def test_what_cannot_be_asked_is_refused_and_what_nobody_has_is_empty() -> None:
    fake = open_zaak()
    for where, params, wrong in REFUSED_QUESTIONS:
        assert _wrong(await ask(fake, where, params)) == [wrong]
    for where, params in EMPTY_QUESTIONS:
        assert (await ask(fake, where, params)).json()["count"] == 0
    assert (await ask(fake, "rollen", {BSN: KNOWN_BSNS[0]})).json()["count"] > 0
    assert (await ask(fake, "rollen/")).status_code == 404
    # It falls over a type that is not there.
    missing = f"{fake.public}/catalogi/api/v1/roltypen/00000000-0000-4000-8000-000000000000"
    assert (await ask(fake, "rollen", {"roltype": missing})).status_code == 500


async def test_a_zaak_that_cannot_be_is_refused() -> None:
    fake = open_zaak()
    zaaktype = (await _first(fake, "zaaktypen"))["url"]
    good = {
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "zaaktype": zaaktype,
        "startdatum": "2026-11-02",
    }
    for change, wrong in REFUSED_ZAKEN:
        assert set(_wrong(await ask(fake, "zaken", None, "POST", None, good | change))) == wrong
    missing = await ask(fake, "zaken", method="POST", body={})
    assert set(_wrong(missing)) == {(name, "required") for name in good}
    assert (await ask(fake, "zaken", method="POST", body=good)).status_code == 201


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iat": None}, "jwt-missing-iat-claim"),
        ({"iat": NOW - 3600}, "jwt-expired"),
        ({"exp": NOW - 1}, "jwt-expiredsignatureerror"),
        ({"nbf": NOW + 60}, "jwt-immaturesignatureerror"),
        ({"exp": "soon"}, "jwt-decodeerror"),
        ({"client_id": "another"}, "invalid-client-identifier"),
        ({"iat": NOW + 600}, None),
        ({"exp": None, "iss": None}, None),
    ],
)
async def test_a_token_opens_as_long_as_it_is_good(claims: dict[str, Any], code: str) -> None:
    fake = open_zaak()
    headers = token(next(iter(fake.tokens.secrets.values())), **claims)
    answer = await ask(fake, "statussen", {"pageSize": "1"}, headers=headers)
    assert (answer.status_code, answer.json().get("code")) == (403 if code else 200, code)


async def test_what_is_asked_of_a_rol_is_asked_of_one_and_the_same() -> None:
    fake = open_zaak()
    asked = {f"rol__{BSN}": KNOWN_BSNS[0]}
    own = (await ask(fake, "zaken", asked)).json()["count"]
    initiator = asked | {"rol__omschrijvingGeneriek": "initiator"}
    assert own == (await ask(fake, "zaken", initiator)).json()["count"] > 0
    handled = asked | {"rol__omschrijvingGeneriek": "behandelaar"}
    assert (await ask(fake, "zaken", handled)).json()["count"] == 0


async def test_one_row_has_an_etag_and_a_list_has_none() -> None:
    fake = open_zaak()
    for where in ("zaken", "rollen", "statussen"):
        whole = await ask(fake, where)
        assert "ETag" not in whole.headers
        (url, *_) = [row["url"] for row in whole.json()["results"]]
        tag = (await ask(fake, url)).headers["ETag"]
        again = await ask(fake, url, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert (await ask(fake, url, headers={"If-None-Match": '"other"'})).status_code == 200
    link = await _first(fake, "zaakcontactmomenten")
    assert "ETag" not in (await ask(fake, link["url"])).headers


async def test_pages_have_the_size_that_is_asked_for() -> None:
    fake = open_zaak()
    first = (await ask(fake, "rollen", {"pageSize": "20"})).json()
    assert len(first["results"]) == 20 < first["count"]
    second = (await ask(fake, first["next"])).json()
    assert {r["url"] for r in first["results"]}.isdisjoint(r["url"] for r in second["results"])
    assert second["previous"].endswith("/rollen?pageSize=20")
    assert (await ask(fake, "rollen", {"page": "99"})).status_code == 404
    assert isinstance((await ask(fake, "zaakcontactmomenten")).json(), list)


async def test_expand_brings_what_belongs_to_a_zaak() -> None:
    fake = open_zaak()
    params = {"expand": "zaaktype,status,status.statustype,rollen,rollen.roltype"}
    zaak = await _first(fake, "zaken", **params)
    brought = zaak["_expand"]
    assert brought["zaaktype"]["url"] == zaak["zaaktype"]
    assert brought["status"]["url"] == zaak["status"]
    assert brought["status"]["_expand"]["statustype"]["url"] == brought["status"]["statustype"]
    assert [rol["url"] for rol in brought["rollen"]] == zaak["rollen"]
    assert (await _first(fake, "zaken"))["_expand"] == {}
    assert _wrong(await ask(fake, "zaken", {"expand": "foo"})) == [("expand", "invalid_choice")]


async def test_zaken_are_found_by_many_uuids_at_once() -> None:
    fake = open_zaak()
    wanted = list(fake.holdings.rows[ZAKEN])[:3]
    answer = await ask(fake, "zaken/_zoek", method="POST", body={"uuid__in": wanted})
    assert {row["uuid"] for row in answer.json()["results"]} == set(wanted)


async def _new_zaak(fake: OpenZaak, **more: Any) -> dict[str, Any]:
    zaaktype = (await _first(fake, "zaaktypen", identificatie="ZAAKTYPE-015"))["url"]
    body = {
        "bronorganisatie": RSIN,
        "verantwoordelijkeOrganisatie": RSIN,
        "zaaktype": zaaktype,
        "startdatum": "2026-11-02",
        **more,
    }
    answer = await ask(fake, "zaken", method="POST", body=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_zaak_is_made_changed_and_deleted_with_all_that_belongs_to_it() -> None:
    fake = open_zaak()
    zaak = await _new_zaak(fake, omschrijving="Bellen")
    assert zaak["identificatie"].startswith("ZAAK-")
    assert zaak["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk"
    changed = await ask(
        fake, zaak["url"], None, "PATCH", {"If-Match": '"bogus"'}, {"omschrijving": "Terugbellen"}
    )
    assert (changed.status_code, changed.json()["omschrijving"]) == (200, "Terugbellen")
    roltype = await _first(fake, "roltypen", zaaktype=zaak["zaaktype"])
    body = {
        "zaak": zaak["url"],
        "roltype": roltype["url"],
        "betrokkeneType": "medewerker",
        "roltoelichting": "Behandelt",
        "betrokkeneIdentificatie": {"identificatie": "timmer849"},
    }
    rol = (await ask(fake, "rollen", method="POST", body=body)).json()
    assert rol["betrokkeneIdentificatie"]["achternaam"] == ""
    assert rol["contactpersoonRol"]["naam"] == ""
    other = body | {"roltoelichting": "Anders", "betrokkeneIdentificatie": {"identificatie": "x"}}
    put = await ask(fake, rol["url"], None, "PUT", None, other)
    assert (put.status_code, put.json()["roltoelichting"]) == (200, "Anders")
    # Who it is of, the answer does not know yet.
    assert put.json()["betrokkeneIdentificatie"] == rol["betrokkeneIdentificatie"]
    stored = (await ask(fake, rol["url"])).json()
    assert stored["betrokkeneIdentificatie"]["identificatie"] == "x"
    assert (await ask(fake, rol["url"], method="PATCH", body=body)).status_code == 405
    assert (await ask(fake, zaak["url"], method="DELETE")).status_code == 204
    assert (await ask(fake, rol["url"])).status_code == 404


async def test_a_zaak_has_one_initiator_and_roltypen_of_its_own_zaaktype() -> None:
    fake = open_zaak()
    zaak = await _new_zaak(fake)
    own = {"zaaktype": zaak["zaaktype"], "omschrijvingGeneriek": "initiator"}
    body = {
        "zaak": zaak["url"],
        "roltype": (await _first(fake, "roltypen", **own))["url"],
        "betrokkeneType": "natuurlijk_persoon",
        "roltoelichting": "Vraagt aan",
        "betrokkeneIdentificatie": {"inpBsn": KNOWN_BSNS[0]},
    }
    assert (await ask(fake, "rollen", method="POST", body=body)).status_code == 201
    again = await ask(fake, "rollen", method="POST", body=body)
    assert _wrong(again) == [("roltype", "max-occurences")]
    other = (await _first(fake, "roltypen", omschrijvingGeneriek="belanghebbende"))["url"]
    strange = next(
        row["url"]
        for row in (await ask(fake, "roltypen")).json()["results"]
        if row["zaaktype"] != zaak["zaaktype"]
    )
    assert other != strange
    mismatch = await ask(fake, "rollen", method="POST", body=body | {"roltype": strange})
    assert _wrong(mismatch) == [("nonFieldErrors", "zaaktype-mismatch")]


async def test_a_contactpersoon_has_a_name_and_stays_until_there_is_another() -> None:
    fake = open_zaak()
    zaak = await _new_zaak(fake)
    own = {"zaaktype": zaak["zaaktype"], "omschrijvingGeneriek": "belanghebbende"}
    body = {
        "zaak": zaak["url"],
        "roltype": (await _first(fake, "roltypen", **own))["url"],
        "betrokkeneType": "natuurlijk_persoon",
        "betrokkeneIdentificatie": {"inpBsn": KNOWN_BSNS[0]},
    }
    nameless = body | {"contactpersoonRol": {"telefoonnummer": "0612345670"}}
    refused = await ask(fake, "rollen", method="POST", body=nameless)
    assert _wrong(refused) == [("contactpersoonRol.naam", "required")]
    named = body | {"contactpersoonRol": {"naam": "M. Kooyman", "telefoonnummer": "0612345670"}}
    rol = (await ask(fake, "rollen", method="POST", body=named)).json()
    put = (await ask(fake, rol["url"], method="PUT", body=body)).json()
    assert put["contactpersoonRol"] == rol["contactpersoonRol"]


async def test_the_last_status_needs_a_result_and_ends_the_zaak() -> None:
    fake = open_zaak()
    zaak = await _new_zaak(fake)
    own = {"zaaktype": zaak["zaaktype"]}
    types = (await ask(fake, "statustypen", own)).json()["results"]
    last = next(row["url"] for row in types if row["isEindstatus"])
    body = {"zaak": zaak["url"], "statustype": last, "datumStatusGezet": "2026-11-03T10:00:00Z"}
    refused = await ask(fake, "statussen", method="POST", body=body)
    assert _wrong(refused) == [("nonFieldErrors", "resultaat-does-not-exist")]
    kind = (await _first(fake, "resultaattypen", **own))["url"]
    result = {"zaak": zaak["url"], "resultaattype": kind}
    assert (await ask(fake, "resultaten", method="POST", body=result)).status_code == 201
    assert (await ask(fake, "statussen", method="POST", body=body)).status_code == 201
    ended = (await ask(fake, zaak["url"])).json()
    assert ended["einddatum"] == "2026-11-03"
    assert (await ask(fake, "statussen", {"zaak": zaak["url"]})).json()["count"] == 1


async def test_a_link_with_a_contact_is_made_in_both_registers_or_in_none() -> None:
    fake = open_zaak()
    contacts = fake.contacts
    assert isinstance(contacts, KnownContacts)
    zaak = await _new_zaak(fake)
    contact = next(iter(contacts.contacts))
    body = {"zaak": zaak["url"], "contactmoment": contact}
    unknown = await ask(
        fake,
        "zaakcontactmomenten",
        method="POST",
        body=body | {"contactmoment": "https://x.example/1"},
    )
    assert _wrong(unknown) == [("contactmoment", "bad-url")]
    contacts.broken = True
    broken = await ask(fake, "zaakcontactmomenten", method="POST", body=body)
    assert _wrong(broken) == [("contactmoment", "pending-relations")]
    assert (await ask(fake, "zaakcontactmomenten", {"zaak": zaak["url"]})).json() == []
    contacts.broken = False
    made = await ask(fake, "zaakcontactmomenten", method="POST", body=body)
    assert made.status_code == 201
    assert contacts.links == {(contact, zaak["url"])}
    assert (await ask(fake, made.json()["url"], method="DELETE")).status_code == 204
    assert not contacts.links


async def test_klantcontacten_are_only_made() -> None:
    fake = open_zaak()
    one = await _first(fake, "klantcontacten")
    for method in ("PUT", "PATCH", "DELETE"):
        assert (await ask(fake, one["url"], method=method, body={})).status_code == 405
    body = {"zaak": one["zaak"], "datumtijd": "2026-11-02T10:00:00Z", "kanaal": "Telefoon"}
    assert (await ask(fake, "klantcontacten", method="POST", body=body)).status_code == 201


@pytest.mark.parametrize("kind", ["machtiginggever", "gemachtigde"])
def test_there_are_rollen_of_all_kinds(kind: str) -> None:
    rollen = list(generate_holdings(SMALL).rows[ROLLEN].values())
    assert {row["betrokkeneType"] for row in rollen} == {
        "natuurlijk_persoon",
        "niet_natuurlijk_persoon",
        "vestiging",
        "medewerker",
        "organisatorische_eenheid",
    }
    assert any(row["indicatieMachtiging"] == kind for row in rollen)
    assert any(row["contactpersoonRol"]["emailadres"] for row in rollen)
