"""The adapter for APIs after the pattern of ZGW on a Zaken API: what is read out of its rollen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import pytest
import yaml

from adapters.base import Failure, Page, Query, SourceError
from adapters.conditions import All, In
from adapters.zgw import ZgwAdapter
from adapters.zgw_joined import MAX_JOINED
from tests.helpers import ROOT

BASE: Final = "https://zaken.example/zaken/api/v1"
CONTACTEN: Final = "https://ok1.example/contactmomenten/api/v1/contactmomenten"
OTHER: Final = "https://oud.example/api/contactmomenten"
BSN, ELSE = "999990627", "999993653"
IDENTIFICATIE: Final = "betrokkeneIdentificatie"
KINDS: Final = {
    "natuurlijkPersoon": "natuurlijk_persoon",
    "nietNatuurlijkPersoon": "niet_natuurlijk_persoon",
    "vestiging": "vestiging",
}


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def zaak(number: int) -> str:
    return f"{BASE}/zaken/{key(number)}"


def rol(number: int, of: int, soort: str, who: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A rol in zaak ``of``, the later the higher its number."""
    return {
        "url": f"{BASE}/rollen/{key(number)}",
        "uuid": key(number),
        "zaak": zaak(of),
        "betrokkeneType": soort,
        "omschrijvingGeneriek": "initiator",
        "indicatieMachtiging": "",
        "registratiedatum": f"2026-03-{number:02d}T10:00:00+01:00",
        "contactpersoonRol": None,
        IDENTIFICATIE: who,
        **more,
    }


def person(number: int, of: int, bsn: str, **more: Any) -> dict[str, Any]:
    who = {"inpBsn": bsn, "geslachtsnaam": f"Naam{number}"}
    return rol(number, of, "natuurlijk_persoon", who, **more)


def reached(mail: str = "", phone: str = "") -> dict[str, Any]:
    return {"contactpersoonRol": {"emailadres": mail, "telefoonnummer": phone, "naam": "x"}}


def link(number: int, of: int, contact: str) -> dict[str, Any]:
    url = f"{BASE}/zaakcontactmomenten/{key(number)}"
    return {"url": url, "uuid": key(number), "zaak": zaak(of), "contactmoment": contact}


class Zaken:
    """A Zaken API with a few rows, the newest first, that honours what is asked here."""

    def __init__(self, **rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.calls: list[httpx.URL] = []
        self.size = 500

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request.url)
        assert request.headers["Authorization"].startswith("Bearer ")
        name, _, uuid = request.url.path.removeprefix("/zaken/api/v1/").partition("/")
        rows = sorted(self.rows.get(name, []), key=lambda row: str(row["uuid"]), reverse=True)
        if uuid:
            one = next((row for row in rows if row["uuid"] == uuid), None)
            return httpx.Response(200 if one else 404, json=one or {})
        params = dict(request.url.params)
        page, size = int(params.pop("page", 1)), int(params.pop("pageSize", 100))
        found = [row for row in rows if all(_has(row, p, v) for p, v in params.items())]
        if name == "zaakcontactmomenten":
            return httpx.Response(200, json=found)
        size = min(size, self.size)
        here = found[(page - 1) * size : page * size]
        more = f"{BASE}/{name}?page={page + 1}" if page * size < len(found) else None
        answer = {"count": len(found), "next": more, "previous": None, "results": here}
        return httpx.Response(200, text=json.dumps(answer))


def _has(row: Mapping[str, Any], parameter: str, value: str) -> bool:
    if parameter.startswith(f"{IDENTIFICATIE}__"):
        _, kind, field = parameter.split("__")
        return row["betrokkeneType"] == KINDS[kind] and row[IDENTIFICATIE].get(field) == value
    field = {"machtiging": "indicatieMachtiging"}.get(parameter, parameter)
    assert field in row, parameter
    return bool(row[field] == value)


def source(api: Zaken, **urls: Any) -> ZgwAdapter:
    file = ROOT / "mappings" / "zgw-zaken" / "collections.zgw.yaml"
    made = ZgwAdapter.create(
        {
            "apis": {"zaken": BASE},
            "urls": urls or {"contactmomenten": CONTACTEN},
            "credentials": {
                "client_id": "gateway",
                "secret": f"file:{ROOT / 'demo' / 'openklant1' / 'gateway.secret'}",
            },
        },
        yaml.safe_load(file.read_text(encoding="utf-8")),
    )
    made._transport = httpx.MockTransport(api.answer)
    return made


def by(field: str, *values: str) -> Query:
    return Query(In(field, values))


async def asked(api: Zaken, name: str, query: Query) -> tuple[Page, int]:
    """A page, and how many requests it took."""
    before = len(api.calls)
    page = await source(api).find(name, query)
    return page, len(api.calls) - before


async def test_a_person_is_one_record_however_many_rollen_and_the_newest_says_who() -> None:
    api = Zaken(rollen=[person(n, n, BSN) for n in (3, 9, 5)] + [person(11, 11, ELSE)])
    page, calls = await asked(api, "personen", by("inpBsn", BSN))
    (found,) = page.records
    assert (found["inpBsn"], found["geslachtsnaam"]) == (BSN, "Naam9")
    assert calls == 1
    assert api.calls[0].params["pageSize"] == "500"
    both, calls = await asked(api, "personen", by("inpBsn", BSN, ELSE, "000000000"))
    assert [one["inpBsn"] for one in both.records] == [BSN, ELSE]
    assert calls == 3


async def test_what_is_no_number_is_not_asked_and_not_shown() -> None:
    api = Zaken(rollen=[person(1, 1, "12345"), person(2, 2, "")])
    page, calls = await asked(api, "personen", by("inpBsn", "12345", "; drop"))
    assert (list(page.records), calls) == ([], 0)


async def test_an_organisation_is_found_by_kvk_and_is_as_its_newest_rol_has_it() -> None:
    old = {"innNnpId": "123456782", "kvkNummer": "12345678", "statutaireNaam": "Oud"}
    new = {"innNnpId": "123456782", "kvkNummer": "", "statutaireNaam": "Nieuw"}
    nnp: Callable[..., dict[str, Any]] = lambda n, who: rol(n, n, "niet_natuurlijk_persoon", who)  # noqa: E731
    api = Zaken(rollen=[nnp(1, old)])
    (found,) = (await source(api).find("organisaties", by("kvkNummer", "12345678"))).records
    assert found["statutaireNaam"] == "Oud"
    api = Zaken(rollen=[nnp(1, old), nnp(2, new)])
    assert not (await source(api).find("organisaties", by("kvkNummer", "12345678"))).records
    (found,) = (await source(api).find("organisaties", by("innNnpId", "123456782"))).records
    assert found["statutaireNaam"] == "Nieuw"


async def test_a_vestiging_has_the_first_of_its_names() -> None:
    who = {"vestigingsNummer": "000012345678", "handelsnaam": ["Bakker", "Brood"]}
    api = Zaken(rollen=[rol(1, 1, "vestiging", {**who, "kvkNummer": "12345678"})])
    (found,) = (await source(api).find("vestigingen", by("kvkNummer", "12345678"))).records
    assert found["handelsnaam"] == "Bakker"
    neven, _ = await asked(api, "nevenvestigingen", by("vestigingsNummer", "000012345678"))
    assert not neven.records


async def test_an_address_is_that_of_the_oldest_rol_and_of_no_other() -> None:
    rollen = [
        person(2, 2, BSN, **reached("a@example.nl", "0612345678")),
        person(4, 4, BSN, **reached("A@example.nl")),
        person(6, 6, BSN, **reached("b@example.nl")),
        person(8, 8, ELSE, **reached("a@example.nl")),
    ]
    api = Zaken(rollen=rollen)
    bsn = f"{IDENTIFICATIE}.inpBsn"
    page, calls = await asked(api, "emailadressen", by(bsn, BSN))
    assert [one["uuid"] for one in page.records] == [key(6), key(2)]
    assert calls == 1
    one, calls = await asked(api, "emailadressen", by("uuid", key(2), key(4), key(8)))
    assert {record["uuid"] for record in one.records} == {key(2), key(8)}
    assert calls == 5


async def test_one_number_is_asked_of_each_kind_that_has_it() -> None:
    vestiging = {"vestigingsNummer": "000012345678", "kvkNummer": "12345678"}
    rollen = [
        rol(1, 1, "vestiging", vestiging),
        rol(2, 2, "niet_natuurlijk_persoon", {"kvkNummer": "12345678"}),
    ]
    page, calls = await asked(
        Zaken(rollen=rollen), "rollen", by(f"{IDENTIFICATIE}.kvkNummer", "12345678")
    )
    assert {one["uuid"] for one in page.records} == {key(1), key(2)}
    assert calls == 2


async def test_a_contact_of_an_unknown_register_is_no_reference() -> None:
    links = [link(1, 7, f"{CONTACTEN}/{key(50)}"), link(2, 7, f"https://elders.nl/{key(51)}")]
    api = Zaken(zaakcontactmomenten=links)
    page, _ = await asked(api, "zaakcontactmomenten", by("zaak", key(7)))
    assert [one["contactmoment"] for one in page.records] == [None, key(50)]
    assert [one["zaak"] for one in page.records] == [key(7), key(7)]


async def test_contacts_known_by_more_addresses_are_asked_by_each() -> None:
    links = [link(1, 7, f"{CONTACTEN}/{key(50)}"), link(2, 8, f"{OTHER}/{key(51)}")]
    api = Zaken(zaakcontactmomenten=links)
    both = source(api, contactmomenten=[CONTACTEN, OTHER])
    page = await both.find("zaakcontactmomenten", by("contactmoment", key(50), key(51)))
    assert {one["contactmoment"] for one in page.records} == {key(50), key(51)}
    assert len(api.calls) == 4
    without = await source(api, anders=OTHER).find(
        "zaakcontactmomenten", by("contactmoment", key(50))
    )
    assert not without.records
    assert len(api.calls) == 4


async def test_who_asked_for_the_zaak_goes_with_its_contacts() -> None:
    behandelaar = person(9, 1, ELSE, omschrijvingGeneriek="behandelaar")
    rollen = [person(1, 1, BSN), behandelaar, person(3, 2, BSN), person(4, 3, ELSE)]
    links = [link(n, z, f"{CONTACTEN}/{key(50 + n)}") for n, z in ((1, 1), (2, 2), (3, 3))]
    api = Zaken(rollen=rollen, zaakcontactmomenten=links)
    bsn = f"initiator.{IDENTIFICATIE}.inpBsn"
    page, calls = await asked(api, "zaakbetrokkenen", by(bsn, BSN))
    assert {one["contactmoment"] for one in page.records} == {key(51), key(52)}
    # The rollen of the person, then of both zaken the contacts and who asked for it.
    assert calls == 1 + 2 + 2
    whole, _ = await asked(api, "zaakbetrokkenen", by("zaak", key(1), key(3)))
    seen = {one["zaak"]: one["initiator"][IDENTIFICATIE]["inpBsn"] for one in whole.records}
    assert seen == {key(1): BSN, key(3): ELSE}
    both = All((In(bsn, (BSN,)), In("contactmoment", (key(52),))))
    (one,) = (await source(api).find("zaakbetrokkenen", Query(both))).records
    assert one["uuid"] == key(2)


async def test_a_zaak_without_anybody_has_contacts_all_the_same() -> None:
    api = Zaken(zaakcontactmomenten=[link(1, 1, f"{CONTACTEN}/{key(50)}")])
    (one,) = (await source(api).find("zaakbetrokkenen", by("zaak", key(1)))).records
    assert one["initiator"] is None


async def test_who_is_in_too_many_zaken_is_not_asked_for_a_part_of_them() -> None:
    rollen = [
        {**person(1, n, BSN), "uuid": key(n), "url": f"{BASE}/rollen/{key(n)}"}
        for n in range(1, MAX_JOINED + 2)
    ]
    api = Zaken(rollen=rollen)
    with pytest.raises(SourceError) as caught:
        await source(api).find("zaakbetrokkenen", by(f"initiator.{IDENTIFICATIE}.inpBsn", BSN))
    assert caught.value.failure is Failure.REFUSED
    assert len(api.calls) == 1


async def test_who_acts_for_somebody_in_several_zaken_does_so_once() -> None:
    rollen = [
        one
        for n in (1, 3)
        for one in (
            person(n, n, BSN, indicatieMachtiging="gemachtigde"),
            person(n + 1, n, ELSE, indicatieMachtiging="machtiginggever"),
        )
    ]
    api = Zaken(rollen=rollen)
    for field, who in (
        (f"{IDENTIFICATIE}.inpBsn", BSN),
        (f"machtiginggever.{IDENTIFICATIE}.inpBsn", ELSE),
    ):
        where = All((In("indicatieMachtiging", ("gemachtigde",)), In(field, (who,))))
        (found,) = (await source(api).find("gemachtigden", Query(where))).records
        assert found["uuid"] == key(1)
        assert found["machtiginggever"][IDENTIFICATIE]["inpBsn"] == ELSE
    assert await source(api).get("gemachtigden", {"uuid": key(3)}) is None
    assert await source(api).get("gemachtigden", {"uuid": key(1)}) is not None


async def test_a_list_of_several_pages_is_read_whole() -> None:
    mails = [person(n, n, BSN, **reached(f"m{n}@example.nl")) for n in range(1, 8)]
    api = Zaken(rollen=mails)
    api.size = 3
    page, calls = await asked(api, "emailadressen", by(f"{IDENTIFICATIE}.inpBsn", BSN))
    assert (len(page.records), calls) == (7, 3)
