"""The e-Suite as it was, beside a Klantinteracties register that takes what is new: clients see one
register, with one partij for each person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS
from tests.helpers import BSN, ROOT, write_config
from tests.support.bodies import CONTACT
from tests.support.register import before, register
from tests.support.rekeyed import as_there, random_keys
from tests.support.v1 import ESuite, gateway
from tests.support.v1 import config as v1_config
from tests.support.v1 import source as v1_source

OF_BSN = (
    "hadBetrokkene__wasPartij__partijIdentificator__objectId"
    f"={BSN}&hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn"
)
BY_BSN = (
    f"partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId={BSN}"
    "&partijIdentificator__codeObjecttype=natuurlijk_persoon&soortPartij=persoon"
)
PERSON = "natuurlijk_persoon"
STRANGER = "999900006"
PARTIJEN = {"partijen": {"precedence": ["register", "esuite"]}}


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with register(tmp_path) as client:
        yield client


@pytest.fixture
async def both(tmp_path: Path, new: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    old = {**v1_source("e-suite", 2), "read_only": True}
    async with before(tmp_path, {"esuite": old}, **PARTIJEN) as client:
        yield client


async def asked(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def results(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    return list((await asked(client, url))["results"])


def of_the_e_suite() -> tuple[str, dict[str, dict[str, Any]]]:
    """The klant with the known BSN, and her contacts that may be seen."""
    rows = ESuite.last.register.rows
    (klant,) = [k for k in rows[KLANTEN].values() if k["subjectIdentificatie"].get("inpBsn") == BSN]
    linked = (n["contactmoment"] for n in rows[KLANTLINKS].values() if n["klant"] == klant["uuid"])
    contacts = {uuid: rows[CONTACTEN][uuid] for uuid in linked}
    return klant["uuid"], {uuid: c for uuid, c in contacts.items() if not c["_only"]}


async def of_the_register(new: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The contacts with her that the register has by itself."""
    found = await results(new, f"klantcontacten?{OF_BSN}&pageSize=100")
    return {random_keys(f'"uuid":"{c["uuid"]}"')[8:-1]: c for c in found}


def newest_first(contacts: Sequence[dict[str, Any]]) -> bool:
    moments = [c["plaatsgevondenOp"] for c in contacts]
    return moments == sorted(moments, reverse=True)


async def test_a_portal_sees_the_contacts_of_both_newest_first(
    both: httpx.AsyncClient, new: httpx.AsyncClient
) -> None:
    """As Open Inwoner asks for the questions of an inhabitant."""
    ours = await of_the_register(new)
    _, theirs = of_the_e_suite()
    body = await asked(both, f"klantcontacten?{OF_BSN}&expand=leiddeTotInterneTaken")
    found = {c["uuid"]: c for c in body["results"]}
    assert ours
    assert theirs
    assert found.keys() == ours.keys() | theirs.keys()
    assert body["count"] == len(found)
    assert newest_first(body["results"])
    for uuid, contact in ours.items():
        assert (found[uuid]["onderwerp"], found[uuid]["nummer"]) == (
            contact["onderwerp"],
            contact["nummer"],
        )
    for uuid, contact in theirs.items():
        told = (found[uuid]["onderwerp"], found[uuid]["inhoud"])
        assert "\n".join(filter(None, told)) == contact["tekst"]
        assert found[uuid]["metadata"]["bronNummer"] == contact["identificatie"]
    # Page by page it is the same list.
    walked: list[str] = []
    url: str | None = f"klantcontacten?{OF_BSN}&pageSize=3"
    while url:
        page = await asked(both, url)
        walked += [c["uuid"] for c in page["results"]]
        url = page["next"]
    assert walked == [c["uuid"] for c in body["results"]]


async def test_a_desk_sees_the_contacts_of_both(
    both: httpx.AsyncClient, new: httpx.AsyncClient
) -> None:
    """As KISS opens a klantbeeld: the partij, its betrokkenen, and each of their contacts."""
    ours = await of_the_register(new)
    _, theirs = of_the_e_suite()
    (partij,) = await results(both, f"partijen?{BY_BSN}&expand=digitaleAdressen")
    betrokkenen = await results(both, f"betrokkenen?wasPartij__url={partij['url']}&pageSize=100")
    assert {b["wasPartij"]["uuid"] for b in betrokkenen} == {partij["uuid"]}
    contacts = {b["hadKlantcontact"]["uuid"] for b in betrokkenen}
    # What the e-Suite keeps from who asks, KISS is told by a 403.
    answers = {uuid: await both.get(f"klantcontacten/{uuid}") for uuid in sorted(contacts)}
    shown = {uuid for uuid, answer in answers.items() if answer.status_code == 200}
    assert shown == ours.keys() | theirs.keys()
    assert {a.status_code for uuid, a in answers.items() if uuid not in shown} <= {403}


async def test_a_person_is_one_partij(both: httpx.AsyncClient, new: httpx.AsyncClient) -> None:
    klant, _ = of_the_e_suite()
    (ours,) = await results(new, f"partijen?{BY_BSN}")
    (partij,) = await results(both, f"partijen?{BY_BSN}")
    assert as_there(partij["url"]) == ours["url"]
    same = await asked(both, f"partijen/{klant}")
    assert same["uuid"] == partij["uuid"]
    # The BSN that both know stands there once.
    assert len(partij["partijIdentificatoren"]) == len(ours["partijIdentificatoren"])


async def test_what_is_new_goes_to_the_register(
    both: httpx.AsyncClient, new: httpx.AsyncClient
) -> None:
    (partij,) = await results(both, f"partijen?{BY_BSN}")
    made = await about(both, partij, plaatsgevondenOp="2027-01-04T09:00:00Z")
    assert made.status_code == 201, made.text
    contact = made.json()["hadKlantcontact"]
    there = await asked(new, as_there(f"klantcontacten/{contact['uuid']}"))
    assert there["onderwerp"] == "Vraag over de afvalpas"
    assert {call.partition(" ")[0] for call in ESuite.last.calls} <= {"GET"}
    first, *others = await results(both, f"klantcontacten?{OF_BSN}")
    assert first["uuid"] == contact["uuid"]
    assert others


def only_old() -> str:
    """The BSN of somebody whom only the e-Suite knows."""
    others = (k for k in ESuite.last.register.rows[KLANTEN].values() if k["subjectType"] == PERSON)
    klant = next(k for k in others if k["subjectIdentificatie"]["inpBsn"] != BSN)
    klant["subjectIdentificatie"]["inpBsn"] = STRANGER
    return STRANGER


async def about(both: httpx.AsyncClient, partij: dict[str, Any], **more: str) -> httpx.Response:
    """A new contact with somebody."""
    body = {**CONTACT, "onderwerp": "Vraag over de afvalpas", **more}
    contact = (await both.post("klantcontacten", json=body)).json()
    betrokkene = {
        "wasPartij": {"uuid": partij["uuid"]},
        "hadKlantcontact": {"uuid": contact["uuid"]},
        "rol": "klant",
        "initiator": True,
    }
    return await both.post("betrokkenen", json=betrokkene)


async def test_who_is_known_to_the_old_system_only_is_refused_by_name(
    both: httpx.AsyncClient,
) -> None:
    (partij,) = await results(both, f"partijen?partijIdentificator__objectId={only_old()}")
    refused = (await about(both, partij)).json()["invalidParams"]
    assert [(one["name"], one["code"]) for one in refused] == [("wasPartij", "not-kept")]


async def test_who_is_known_to_the_old_system_only_can_be_introduced(
    tmp_path: Path, new: httpx.AsyncClient
) -> None:
    old = {**v1_source("e-suite", 2), "read_only": True}
    writing = {"writing": {"introduce_partijen": True}}
    async with before(tmp_path, {"esuite": old}, **PARTIJEN, **writing) as both:
        url = f"partijen?partijIdentificator__objectId={only_old()}"
        (partij,) = await results(both, url)
        assert await results(new, url) == []
        for times in (1, 2):
            made = await about(both, partij)
            assert made.status_code == 201, made.text
            (there,) = await results(new, url)
            assert there["partijIdentificatie"] == partij["partijIdentificatie"]
            assert there["digitaleAdressen"] == []
            assert len(there["partijIdentificatoren"]) == 1
            assert len(there["betrokkenen"]) == times
        # It is one partij, with all that both know of it, by either uuid.
        (one,) = await results(both, url)
        assert as_there(one["url"]) == there["url"]
        assert made.json()["wasPartij"]["uuid"] == one["uuid"]
        assert (await asked(both, f"partijen/{partij['uuid']}"))["uuid"] == one["uuid"]
        assert len(one["digitaleAdressen"]) == len(partij["digitaleAdressen"])
        assert len(one["partijIdentificatoren"]) == 1


async def test_an_organisation_is_introduced_by_its_own_number_only(
    tmp_path: Path, new: httpx.AsyncClient
) -> None:
    """That of a vestiging needs a company beside it, of which the old system tells nothing."""
    old = {**v1_source("e-suite", 2), "read_only": True}
    writing = {"writing": {"introduce_partijen": True}}
    async with before(tmp_path, {"esuite": old}, **PARTIJEN, **writing) as both:
        klanten = ESuite.last.register.rows[KLANTEN].values()
        for kind, number, status in (
            ("innNnpId", "90000001", 201),
            ("vestigingsNummer", "000090000001", 400),
        ):
            klant = next(k for k in klanten if k["subjectIdentificatie"].get(kind))
            klant["subjectIdentificatie"][kind] = number
            url = f"partijen?partijIdentificator__objectId={number}"
            (partij,) = await results(both, url)
            assert (await about(both, partij)).status_code == status
            names = [p["partijIdentificatie"] for p in await results(new, url)]
            assert names == ([partij["partijIdentificatie"]] if status == 201 else [])


async def test_what_the_e_suite_answers_alone_is_in_it(
    both: httpx.AsyncClient, tmp_path: Path
) -> None:
    """Nothing of the old system gets lost beside the new one."""
    (tmp_path / "alone").mkdir()
    beside = {c["uuid"] for c in await results(both, f"klantcontacten?{OF_BSN}")}
    async with gateway(v1_config(tmp_path / "alone", "e-suite")) as alone:
        assert {c["uuid"] for c in await results(alone, f"klantcontacten?{OF_BSN}")} <= beside


async def test_the_demo_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its configuration as it is, on few rows."""
    text = (ROOT / "demo" / "oud-naast-nieuw.yaml").read_text()
    document = yaml.safe_load(text.replace("../mappings", str(ROOT / "mappings")))
    sources = document["sources"]
    file = tmp_path / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    sources["kcc"] |= {"options": {"file": str(file)}}
    monkeypatch.setattr("demo.kcc.source.SampleKcc.ensure", staticmethod(lambda path: path))
    for alias, small in (("esuite", "ESuite"), ("openklant1", "OpenKlant1")):
        secret = ROOT / "demo" / alias / "gateway.secret"
        sources[alias]["options"]["credentials"]["secret"] = f"file:{secret}"
        sources[alias]["adapter"] = f"tests.support.v1:{small}"
    more = {name: document[name] for name in ("partijen", "limits")}
    async with gateway(write_config(tmp_path, sources, **more)) as client:
        found = await asked(client, f"klantcontacten?{OF_BSN}&pageSize=100")
        answer = await client.get(f"klantcontacten?{OF_BSN}&pageSize=100")
        assert newest_first(found["results"])
        assert [one.partition(";")[0] for one in answer.headers["Bronnen"].split(", ")] == [
            "kcc",
            "esuite",
            "openklant1",
        ]
        (partij,) = await results(client, f"partijen?{BY_BSN}")
        years = {c["plaatsgevondenOp"][:4] for c in found["results"]}
        assert len(years) > 2
        assert partij["uuid"][14] == "8"
