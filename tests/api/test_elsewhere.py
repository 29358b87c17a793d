"""Records that refer to objects of another source, by the uuid that these have there."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from adapters.base import Collection, Failure, SourceError
from gateway import installation
from gateway.documents import DocumentError
from tests.helpers import (
    CLIENT,
    Trapped,
    client_of,
    problem,
    sql_source,
    sqlite_ended,
    write_config,
    write_mini,
)

ONE: Final = "6a1b0f6e-0000-4000-8000-000000000001"
TWO: Final = "6a1b0f6e-0000-4000-8000-000000000002"
HIDDEN: Final = "6a1b0f6e-0000-4000-8000-000000000003"
NOWHERE: Final = "6a1b0f6e-0000-4000-8000-000000000004"

CONTACTEN: Final = {
    "collections.sql.yaml": """\
CONTACT:
  key: ID
  columns: {ID: text, ONDERWERP: text, WEG: text, MOMENT: text}
  write: {delete: true}
""",
    "klantcontacten.yaml": """\
resource: klantcontacten
streams:
  contact:
    slot: 0
    collection: CONTACT
    key: {ID: uuid}
    where: {WEG: {present: false}}
    created: {from: MOMENT, format: tijdstip}
    write: {delete: record}
    rules:
      - {to: kanaal, const: telefoon}
      - {to: onderwerp, from: ONDERWERP}
      - {to: taal, const: nld}
      - {to: vertrouwelijk, const: false}
      - {to: plaatsgevondenOp, from: MOMENT, format: tijdstip}
""",
}
TAKEN: Final = {
    "collections.sql.yaml": """\
TAAK:
  key: ID
  columns: {ID: integer, CONTACT: text, STATUS: text, MOMENT: text}
  write: {create: true, update: true, delete: true, generated: [ID]}
""",
    "internetaken.yaml": """\
resource: internetaken
streams:
  taak:
    slot: 0
    collection: TAAK
    key: {ID: integer}
    created: {from: MOMENT, format: tijdstip}
    write: {create: true, update: true, delete: record}
    rules:
      - {to: gevraagdeHandeling, const: Terugbellen}
      - {to: aanleidinggevendKlantcontact, ref: klantcontacten, key: CONTACT}
      - {to: status, from: STATUS, values: {O: te_verwerken, A: verwerkt}}
      - {to: toegewezenOp, from: MOMENT, format: {name: tijdstip, rounds: true}}
""",
}
ROWS: Final = [
    (1, ONE, "O"),
    (2, ONE, "A"),
    (3, TWO, "O"),
    (4, HIDDEN, "O"),
    (5, NOWHERE, "O"),
]


def filled(folder: Path) -> Path:
    """One database; what is in it is read by two sources."""
    file = folder / "both.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE CONTACT (ID TEXT, ONDERWERP TEXT, WEG TEXT, MOMENT TEXT)")
        connection.execute(
            "CREATE TABLE TAAK (ID INTEGER PRIMARY KEY, CONTACT TEXT, STATUS TEXT, MOMENT TEXT)"
        )
        connection.executemany(
            "INSERT INTO CONTACT VALUES (?, ?, ?, '20260102030405')",
            [(ONE, "een", ""), (TWO, "twee", None), (HIDDEN, "weg", "J")],
        )
        connection.executemany("INSERT INTO TAAK VALUES (?, ?, ?, '20260102030405')", ROWS)
    return file


def configured(folder: Path, **changes: Any) -> Path:
    """Tasks in one source, the contacts that they are about in another. ``changes`` of tasks."""
    file = filled(folder)
    taken = sql_source(write_mini(folder / "taken", TAKEN), file, 1)
    contacten = sql_source(write_mini(folder / "contacten", CONTACTEN), file, 2)
    sources = {
        "taken": {**taken, "refers_to": {"klantcontacten": ["contacten"]}, **changes},
        "contacten": contacten,
    }
    client = {**CLIENT, "scopes": ["*:read", "*:write"]}
    limits = {"burst_seconds": 5}
    return write_config(folder, sources, clients={"tests": client}, limits=limits)


Calls = list[str]


@asynccontextmanager
async def gateway(path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Calls, dict[str, Trapped]]]:
    """A client of a gateway, and the sources that it asks, in order."""
    built = installation.build(path)
    calls: Calls = []
    traps: dict[str, Trapped] = {}
    for alias, adapter in built.adapters.items():
        assert isinstance(adapter, Trapped)
        traps[alias] = adapter
        adapter.before = noting(calls, alias)
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            yield client, calls, traps
        finally:
            await built.close()


def noting(calls: Calls, alias: str) -> Callable[[], Any]:
    async def before() -> None:
        calls.append(alias)

    return before


async def statuses(client: httpx.AsyncClient, url: str) -> list[tuple[str, str]]:
    """Of each task of a list its contact and its status."""
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return [
        (t["aanleidinggevendKlantcontact"]["uuid"], t["status"]) for t in answer.json()["results"]
    ]


async def test_only_what_leads_somewhere_is_shown(tmp_path: Path) -> None:
    """As within a source: a contact that is thrown away, or not there, takes its task along."""
    async with gateway(configured(tmp_path)) as (client, calls, _):
        found = await statuses(client, "internetaken")
        assert sorted(found) == [(ONE, "te_verwerken"), (ONE, "verwerkt"), (TWO, "te_verwerken")]
        assert calls == ["taken", "contacten"]


async def test_a_task_refers_to_what_the_other_source_shows(tmp_path: Path) -> None:
    async with gateway(configured(tmp_path)) as (client, calls, _):
        (task,) = (await client.get(f"internetaken?klantcontact__uuid={TWO}")).json()["results"]
        assert calls == ["contacten", "taken"]
        contact = (await client.get(task["aanleidinggevendKlantcontact"]["url"])).json()
        assert (contact["uuid"], contact["onderwerp"]) == (TWO, "twee")
        assert [t["uuid"] for t in contact["leiddeTotInterneTaken"]] == [task["uuid"]]
        assert (await client.get(task["url"])).json() == task


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (f"klantcontact__uuid={ONE}", {"te_verwerken", "verwerkt"}),
        (f"klantcontact__uuid={ONE}&status=verwerkt", {"verwerkt"}),
        (f"klantcontact__uuid={HIDDEN}", set()),
        (f"klantcontact__uuid={NOWHERE}", set()),
        # Contacts there have no number, so none of them can be meant.
        ("klantcontact__nummer=1", set()),
    ],
)
async def test_tasks_are_found_by_their_contact(
    tmp_path: Path, question: str, found: set[str]
) -> None:
    async with gateway(configured(tmp_path)) as (client, _, _):
        assert {status for _, status in await statuses(client, f"internetaken?{question}")} == found


@pytest.mark.parametrize(("asked", "uuids"), [("true", {ONE, TWO}), ("false", set())])
async def test_contacts_are_found_by_whether_they_led_to_a_task(
    tmp_path: Path, asked: str, uuids: set[str]
) -> None:
    async with gateway(configured(tmp_path)) as (client, _, _):
        answer = await client.get(f"klantcontacten?leiddeTotInterneTaken={asked}")
        assert {c["uuid"] for c in answer.json()["results"]} == uuids


async def test_a_page_of_contacts_with_its_tasks_is_one_question_to_each(tmp_path: Path) -> None:
    async with gateway(configured(tmp_path)) as (client, calls, _):
        answer = await client.get("klantcontacten?expand=leiddeTotInterneTaken")
        tasks = {
            c["uuid"]: sorted(t["status"] for t in c["_expand"]["leiddeTotInterneTaken"])
            for c in answer.json()["results"]
        }
        assert tasks == {ONE: ["te_verwerken", "verwerkt"], TWO: ["te_verwerken"]}
        assert calls == ["contacten", "taken"]


async def test_a_task_can_be_written_for_a_contact_of_another_source(tmp_path: Path) -> None:
    async with gateway(configured(tmp_path)) as (client, _, _):
        task = {
            "gevraagdeHandeling": "Terugbellen",
            "aanleidinggevendKlantcontact": {"uuid": TWO},
            "toegewezenAanActoren": [],
            "status": "te_verwerken",
        }
        made = await client.post("internetaken", json=task)
        assert made.status_code == 201, made.text
        assert made.json()["aanleidinggevendKlantcontact"]["uuid"] == TWO
        moved = {"aanleidinggevendKlantcontact": {"uuid": ONE}}
        changed = await client.patch(made.json()["url"], json=moved)
        assert changed.status_code == 200, changed.text
        assert (await client.get(made.json()["url"])).json() == changed.json()
        assert changed.json()["aanleidinggevendKlantcontact"]["uuid"] == ONE
        lost = {"aanleidinggevendKlantcontact": {"uuid": HIDDEN}}
        problem(await client.patch(made.json()["url"], json=lost), 400, "invalid")


async def left(client: httpx.AsyncClient) -> set[str]:
    return {c["uuid"] for c in (await client.get("klantcontacten")).json()["results"]}


class Cascading(Trapped):
    """A source that takes along what depends on a record, as far as it knows of it."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        return {
            name: replace(one, writes=replace(one.writes, cascades=True) if one.writes else None)
            for name, one in super().collections.items()
        }


@pytest.mark.parametrize("kind", ["tests.helpers:Trapped", f"{__name__}:Cascading"])
async def test_with_a_contact_go_its_tasks_in_the_other_source(tmp_path: Path, kind: str) -> None:
    path = configured(tmp_path)
    text = path.read_text()
    assert text.count("tests.helpers:Trapped") == 2
    path.write_text(kind.join(text.rsplit("tests.helpers:Trapped", 1)))
    async with gateway(path) as (client, _, _):
        assert (await client.delete(f"klantcontacten/{ONE}")).status_code == 204
        assert await statuses(client, "internetaken") == [(TWO, "te_verwerken")]
        assert await left(client) == {TWO}


async def test_a_contact_stays_with_tasks_that_cannot_go(tmp_path: Path) -> None:
    path = configured(tmp_path)
    file = tmp_path / "taken" / "internetaken.yaml"
    file.write_text(file.read_text().replace(", delete: record}", "}"))
    async with gateway(path) as (client, _, _):
        problem(await client.delete(f"klantcontacten/{ONE}"), 409, "conflict")
        assert await left(client) == {ONE, TWO}


async def test_without_the_other_source_what_refers_to_it_is_left_out(tmp_path: Path) -> None:
    """And said to be; a source that is required fails the answer."""
    path = configured(tmp_path)
    text = path.read_text().replace("  contacten:\n", "  contacten:\n    required: false\n", 1)
    path.write_text(text)
    async with gateway(path) as (client, _, traps):

        async def down() -> None:
            raise SourceError(Failure.UNAVAILABLE)

        traps["contacten"].before = down
        answer = await client.get("internetaken")
        assert (answer.status_code, answer.json()["count"]) == (200, 0)
        assert "contacten;staat=" in answer.headers["Bronnen"]
        strict = await client.get("internetaken", headers={"Prefer": "handling=strict"})
        assert strict.status_code >= 500


def found_wrong(path: Path) -> Iterator[str]:
    with pytest.raises(DocumentError) as caught:
        installation.build(path)
    return (finding.message for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("refers_to", "message"),
    [
        ({}, "`klantcontacten` zonder stroom staan in een andere bron"),
        ({"klantcontacten": ["kontakten"]}, "er is geen andere bron `kontakten`. Bedoelde u"),
        ({"klantcontacten": ["taken"]}, "er is geen andere bron `taken`"),
        ({"contacten": ["contacten"]}, "`contacten`: onbekende resource."),
        (
            {"klantcontacten": ["contacten"], "actoren": ["contacten"]},
            "geen regel van bron `taken` verwijst naar actoren elders",
        ),
        (
            {"klantcontacten": ["contacten"], "actoren": ["contacten"]},
            "bron `contacten` heeft geen actoren",
        ),
    ],
)
def test_where_a_source_refers_to_has_to_be_right(
    tmp_path: Path, refers_to: dict[str, list[str]], message: str
) -> None:
    found = list(found_wrong(configured(tmp_path, refers_to=refers_to)))
    assert any(message in one for one in found), found


def test_only_to_uuids_can_be_referred_from_elsewhere(tmp_path: Path) -> None:
    path = configured(tmp_path)
    file = tmp_path / "contacten" / "klantcontacten.yaml"
    text = file.read_text().replace("ID: uuid", "ID: {type: text, alphabet: a-f0-9-, length: 12}")
    file.write_text(text)
    assert any("de sleutel is geen uuid" in one for one in found_wrong(path))


def test_a_reference_elsewhere_is_to_the_resource_of_the_standard(tmp_path: Path) -> None:
    path = configured(tmp_path)
    file = tmp_path / "taken" / "internetaken.yaml"
    file.write_text(file.read_text().replace("ref: klantcontacten", "ref: actoren"))
    message = "`aanleidinggevendKlantcontact` verwijst naar klantcontacten, niet naar actoren."
    assert message in list(found_wrong(path))
