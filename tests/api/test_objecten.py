"""Call-back tasks as objects, about contacts in an Open Klant 1: what a desk sees, and the cost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.objecten.app import Objecten
from tests.helpers import BSN, problem
from tests.support.objecten import SampleTasks, config
from tests.support.v1 import OpenKlant1, gateway

Row = dict[str, Any]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path)) as client:
        yield client


def calls() -> tuple[int, int]:
    """How often the objects were asked, and the contacts."""
    return len(SampleTasks.last.calls), len(OpenKlant1.last.calls)


def tasks() -> dict[str, Row]:
    """By uuid what each task is now."""
    return {uuid: versions[-1]["data"] for uuid, versions in SampleTasks.last.objects.items()}


def contact_of(task: Row) -> str:
    return str(task["contactmoment"]).rpartition("/")[2]


async def results(client: httpx.AsyncClient, url: str) -> list[Row]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def test_a_list_of_tasks_is_a_page_of_objects(client: httpx.AsyncClient) -> None:
    answer = (await client.get("internetaken?pageSize=10")).json()
    assert calls() == (1, 0)
    known = tasks()
    assert answer["count"] == len(known)
    newest = sorted(known, key=lambda u: (known[u]["registratiedatum"], u), reverse=True)
    assert [t["uuid"] for t in answer["results"]] == newest[:10]
    for task in answer["results"]:
        data = known[task["uuid"]]
        assert task["aanleidinggevendKlantcontact"]["uuid"] == contact_of(data)
        assert task["gevraagdeHandeling"] == "Contact opnemen met betrokkene"
        assert task["toelichting"] == data["toelichting"]
        assert task["status"] == data["status"].replace(" ", "_")
        assert (task["afgehandeldOp"] is None) is ("datumVerwerkt" not in data)
        year, _, number = data["nummer"].partition("-")
        assert task["nummer"] == f"{year}{int(number):06}"
    following = await client.get(answer["next"])
    assert [t["uuid"] for t in following.json()["results"]] == newest[10:20]


async def test_every_uuid_of_a_task_leads_somewhere(client: httpx.AsyncClient) -> None:
    seen: set[str] = set()
    for resource in ("internetaken", "betrokkenen?verstrektedigitaalAdres__adres=0612000000"):
        for one in await results(client, f"{resource}{'&' if '?' in resource else '?'}pageSize=8"):
            seen |= {one["url"]}
            for value in one.values():
                near = value if isinstance(value, list) else [value]
                seen |= {v["url"] for v in near if isinstance(v, dict) and v.get("url")}
    assert len(seen) > 20
    for url in sorted(seen):
        answer = await client.get(url)
        assert (answer.status_code, answer.json()["url"]) == (200, url), url


@pytest.mark.parametrize("status", ["te_verwerken", "verwerkt"])
async def test_tasks_are_found_by_status_in_one_question(
    client: httpx.AsyncClient, status: str
) -> None:
    found = await results(client, f"internetaken?status={status}&pageSize=500")
    code = status.replace("_", " ")
    assert {t["uuid"] for t in found} == {u for u, t in tasks().items() if t["status"] == code}
    assert calls() == (1, 0)


async def test_a_task_is_found_by_its_number(client: httpx.AsyncClient) -> None:
    (task, *_) = await results(client, "internetaken?pageSize=1")
    before = calls()
    found = await results(client, f"internetaken?nummer={task['nummer']}")
    assert [t["uuid"] for t in found] == [task["uuid"]]
    assert calls() == (before[0] + 1, 0)


async def test_a_number_that_is_none_is_not_asked(client: httpx.AsyncClient) -> None:
    assert await results(client, "internetaken?nummer=12") == []
    assert calls() == (0, 0)


async def test_a_task_is_found_by_its_contact(client: httpx.AsyncClient) -> None:
    uuid, data = next(iter(tasks().items()))
    found = await results(client, f"internetaken?klantcontact__uuid={contact_of(data)}")
    assert [t["uuid"] for t in found] == [uuid]
    assert calls() == (1, 0)


@pytest.mark.parametrize("soort", ["medewerker", "organisatorische eenheid"])
async def test_tasks_are_found_by_who_has_to_call(client: httpx.AsyncClient, soort: str) -> None:
    """A colleague, and a department whether or not a colleague in it is named."""
    uuid, data = next((u, t) for u, t in tasks().items() if t["actor"]["soortActor"] == soort)
    task = (await client.get(f"internetaken/{uuid}")).json()
    actor = (await client.get(task["toegewezenAanActoren"][0]["url"])).json()
    known = data["actor"]
    assert actor["naam"] == known["naam"]
    assert actor["actoridentificator"]["objectId"] == known["identificatie"]
    found = await results(
        client, f"internetaken?toegewezenAanActor__uuid={actor['uuid']}&pageSize=500"
    )
    assert {t["uuid"] for t in found} == {
        u
        for u, t in tasks().items()
        if (
            known["identificatie"] == t["actor"]["identificatie"]
            and t["actor"]["soortActor"] == soort
        )
        or (
            soort != "medewerker"
            and t["actor"].get("identificatieOrganisatorischeEenheid") == known["identificatie"]
            and t["actor"]["typeOrganisatorischeEenheid"] == known["typeOrganisatorischeEenheid"]
        )
    } - {
        u
        for u, t in tasks().items()
        if soort != "medewerker"
        and t["actor"]["typeOrganisatorischeEenheid"] != known["typeOrganisatorischeEenheid"]
    }


async def test_tasks_are_found_by_the_name_of_who_has_to_call(client: httpx.AsyncClient) -> None:
    name = next(
        t["actor"]["naam"] for t in tasks().values() if t["actor"]["soortActor"] == "medewerker"
    )
    found = await results(client, f"internetaken?actoren__naam={name}&pageSize=500")
    assert {t["uuid"] for t in found} == {
        u for u, t in tasks().items() if t["actor"]["naam"] == name
    }


async def test_a_desk_finds_an_actor_by_its_codes(client: httpx.AsyncClient) -> None:
    known = next(t["actor"] for t in tasks().values() if t["actor"]["soortActor"] == "medewerker")
    found = await results(
        client,
        "actoren?actoridentificatorCodeObjecttype=mdw&actoridentificatorCodeRegister=obj"
        f"&actoridentificatorCodeSoortObjectId=idf"
        f"&actoridentificatorObjectId={known['identificatie']}",
    )
    # The register of contacts knows the same colleague, as another actor.
    assert known["naam"] in {a["naam"] for a in found}


async def test_contacts_show_their_tasks(client: httpx.AsyncClient) -> None:
    found = await results(client, "klantcontacten?expand=leiddeTotInterneTaken&pageSize=20")
    by_contact: dict[str, list[str]] = {}
    for uuid, task in tasks().items():
        by_contact.setdefault(contact_of(task), []).append(uuid)
    shown = {c["uuid"]: c["_expand"]["leiddeTotInterneTaken"] for c in found}
    assert {u: [t["uuid"] for t in ts] for u, ts in shown.items()} == {
        c["uuid"]: by_contact.get(c["uuid"], []) for c in found
    }
    assert any(shown.values())
    assert {t["status"] for ts in shown.values() for t in ts} <= {"te_verwerken", "verwerkt"}
    assert calls()[0] <= 2


async def test_contacts_of_a_person_cost_one_question_more(client: httpx.AsyncClient) -> None:
    asked = "hadBetrokkene__wasPartij__partijIdentificator__"
    found = await results(
        client,
        f"klantcontacten?{asked}objectId={BSN}&{asked}codeSoortObjectId=bsn"
        "&expand=leiddeTotInterneTaken,hadBetrokkenen",
    )
    about = {contact_of(task) for task in tasks().values()}
    assert {c["uuid"] for c in found if c["leiddeTotInterneTaken"]} == about & {
        c["uuid"] for c in found
    }
    assert calls() == (1, 2)


async def test_who_wants_to_be_called_is_shown_with_where(client: httpx.AsyncClient) -> None:
    uuid, data = next(
        (u, t) for u, t in tasks().items() if len(t["betrokkene"]["digitaleAdressen"]) > 2
    )
    contact = (
        await client.get(
            f"klantcontacten/{contact_of(data)}"
            "?expand=hadBetrokkenen,hadBetrokkenen.digitaleAdressen"
        )
    ).json()
    beller = next(b for b in contact["_expand"]["hadBetrokkenen"] if b["uuid"] == uuid)
    adressen = {a["adres"] for a in beller["_expand"]["digitaleAdressen"]}
    assert adressen == {a["adres"] for a in data["betrokkene"]["digitaleAdressen"]}
    one = next(iter(adressen))
    (found,) = await results(client, f"digitaleadressen?adres={one}")
    assert found["verstrektDoorBetrokkene"]["uuid"] == uuid


async def test_a_task_is_done(client: httpx.AsyncClient) -> None:
    uuid, before = next((u, t) for u, t in tasks().items() if t["status"] == "te verwerken")
    answer = await client.patch(f"internetaken/{uuid}", json={"status": "verwerkt"})
    assert answer.status_code == 200, answer.text
    now = tasks()[uuid]
    assert now["status"] == "verwerkt"
    assert answer.json()["afgehandeldOp"] == now["datumVerwerkt"].replace(".000000", "")
    assert {k: v for k, v in now.items() if k not in ("status", "datumVerwerkt")} == {
        k: v for k, v in before.items() if k != "status"
    }
    assert len(SampleTasks.last.objects[uuid]) == 2
    assert (await client.get(f"internetaken/{uuid}")).json() == answer.json()


async def test_a_task_is_opened_again(client: httpx.AsyncClient) -> None:
    """The moment at which it was done is taken away: to the objecttype null is no moment."""
    uuid = next(u for u, t in tasks().items() if t["status"] == "verwerkt")
    old = SampleTasks.last.objects[uuid][-1]
    old["references"] = [{"type": "zaak", "url": "http://zaken.example/1"}]
    answer = await client.patch(f"internetaken/{uuid}", json={"status": "te_verwerken"})
    assert answer.status_code == 200, answer.text
    new = SampleTasks.last.objects[uuid][-1]
    assert (new["data"]["status"], "datumVerwerkt" in new["data"]) == ("te verwerken", False)
    assert new["data"]["actor"] == old["data"]["actor"]
    assert {k: new[k] for k in ("startAt", "references", "typeVersion")} == {
        k: old[k] for k in ("startAt", "references", "typeVersion")
    }
    assert answer.json()["afgehandeldOp"] is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"nummer": "2026000001"}, "nummer"),
        ({"referentienummer": "12"}, "referentienummer"),
        ({"gevraagdeHandeling": "Terugmailen"}, "gevraagdeHandeling"),
        ({"toegewezenAanActoren": []}, "toegewezenAanActoren"),
    ],
)
async def test_what_it_cannot_keep_is_refused_by_name(
    client: httpx.AsyncClient, body: Row, name: str
) -> None:
    uuid = next(iter(tasks()))
    before = SampleTasks.last.objects[uuid][-1]
    found = problem(await client.patch(f"internetaken/{uuid}", json=body), 400, "invalid")
    assert [p["code"] for p in found["invalidParams"]] == ["not-kept"]
    assert found["invalidParams"][0]["name"].startswith(name)
    assert SampleTasks.last.objects[uuid][-1] is before


async def test_a_task_stays_with_its_contact(client: httpx.AsyncClient) -> None:
    (uuid, _), (_, other), *_ = tasks().items()
    body = {"aanleidinggevendKlantcontact": {"uuid": contact_of(other)}}
    found = problem(await client.patch(f"internetaken/{uuid}", json=body), 400, "invalid")
    assert found["invalidParams"][0]["name"] == "aanleidinggevendKlantcontact"


async def test_a_task_about_what_is_not_known_has_no_contact(client: httpx.AsyncClient) -> None:
    uuid, data = next(iter(tasks().items()))
    data["contactmoment"] = "http://elders.example/contactmomenten/1"
    answer = await client.get(f"internetaken/{uuid}")
    assert (answer.status_code, answer.json()["aanleidinggevendKlantcontact"]) == (200, None)


async def test_tasks_are_neither_made_nor_deleted(client: httpx.AsyncClient) -> None:
    uuid, data = next(iter(tasks().items()))
    body = {
        "gevraagdeHandeling": "Bellen",
        "aanleidinggevendKlantcontact": {"uuid": contact_of(data)},
        "toegewezenAanActoren": [],
        "status": "te_verwerken",
    }
    problem(await client.post("internetaken", json=body), 405, "method_not_allowed")
    problem(await client.delete(f"internetaken/{uuid}"), 405, "method_not_allowed")
    assert uuid in tasks()


async def test_a_token_that_is_refused_is_no_401_of_the_gateway(client: httpx.AsyncClient) -> None:
    fake: Objecten = SampleTasks.last
    fake.tokens = {}
    problem(await client.get("internetaken"), 502, "bron-weigert")
