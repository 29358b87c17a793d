"""A write from the request to the row and back, over a table of contacts."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.api.access import hashed
from gateway.installation import Installation
from tests.helpers import TOKEN, client_of, problem, sql_source, write_config, write_mini

FILES: Mapping[str, str] = {
    "collections.sql.yaml": """\
CONTACT:
  key: ID
  columns: {ID: integer, WIJZE: text, TITEL: text, TEKST: text, MOMENT: text, V: integer}
  write:
    create: true
    update: true
    delete: true
    generated: [ID]
    version: V
    counts: true
    lengths: {TEKST: 20}
""",
    "klantcontacten.yaml": """\
resource: klantcontacten
streams:
  contact:
    slot: 0
    collection: CONTACT
    key: {ID: integer}
    created: {from: MOMENT, format: tijdstip}
    write: {create: true, update: true, delete: record, closed: {WIJZE: archief}}
    rules:
      - {to: kanaal, from: WIJZE}
      - {to: onderwerp, from: TITEL}
      - {to: inhoud, from: TEKST}
      - {to: taal, const: nld}
      - {to: vertrouwelijk, const: false}
      - {to: indicatieContactGelukt, const: true}
      - {to: plaatsgevondenOp, from: MOMENT, format: tijdstip}
""",
}
BODY = {"kanaal": "balie", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": False} | {
    "indicatieContactGelukt": True,
    "plaatsgevondenOp": "2026-10-01T10:00:00Z",
}


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """What is in the table."""
    file = tmp_path / "contacten.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE CONTACT (ID INTEGER PRIMARY KEY, WIJZE TEXT, TITEL TEXT, TEKST TEXT,"
            " MOMENT TEXT, V INTEGER NOT NULL DEFAULT 1)"
        )

    def found() -> list[dict[str, Any]]:
        with closing(sqlite3.connect(file)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute("SELECT * FROM CONTACT ORDER BY ID")]

    return found


@pytest_asyncio.fixture(loop_scope="session")
async def writes(
    tmp_path: Path, rows: object, make: Callable[[Path], Installation]
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read and write all of it."""
    source = sql_source(write_mini(tmp_path / "mapping", FILES), tmp_path / "contacten.sqlite")
    clients = {"writer": {"tokens": [hashed(TOKEN)], "scopes": ["*:read", "*:write"]}}
    path = write_config(tmp_path, {"balie": source}, clients=clients)
    async with client_of(make(path).app()) as client:
        yield client


async def test_what_was_made_can_be_read(writes: httpx.AsyncClient, rows: Any) -> None:
    made = await writes.post("klantcontacten", json=BODY)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == made.json()["url"]
    assert made.headers["bronnen"] == "balie;staat=ok"
    read = await writes.get(made.headers["location"])
    assert (read.status_code, read.json()) == (200, made.json())
    assert read.headers["etag"] == made.headers["etag"]
    assert [(row["WIJZE"], row["TITEL"]) for row in rows()] == [("balie", "Paspoort")]


async def test_what_was_changed_can_be_read(writes: httpx.AsyncClient, rows: Any) -> None:
    made = await writes.post("klantcontacten", json=BODY)
    url = made.json()["url"]
    changed = await writes.patch(url, json={"onderwerp": "Rijbewijs"})
    assert changed.status_code == 200, changed.text
    assert changed.json() == made.json() | {"onderwerp": "Rijbewijs"}
    assert (await writes.get(url)).json() == changed.json()
    replaced = await writes.put(url, json=BODY)
    assert replaced.json() == made.json()
    assert [row["TITEL"] for row in rows()] == ["Paspoort"]


async def test_what_was_deleted_is_gone(writes: httpx.AsyncClient, rows: Any) -> None:
    url = (await writes.post("klantcontacten", json=BODY)).json()["url"]
    assert (await writes.delete(url)).status_code == 204
    assert rows() == []
    problem(await writes.get(url), 404, "not_found")
    problem(await writes.delete(url), 404, "not_found")
    problem(await writes.patch(url, json={}), 404, "not_found")


async def test_the_second_of_two_that_saw_the_same_is_refused(
    writes: httpx.AsyncClient, rows: Any
) -> None:
    made = await writes.post("klantcontacten", json=BODY)
    url, seen = made.json()["url"], {"If-Match": made.headers["etag"]}
    first = await writes.patch(url, json={"inhoud": "eerst"}, headers=seen)
    assert first.status_code == 200, first.text
    assert first.headers["etag"] != made.headers["etag"]
    second = await writes.patch(url, json={"inhoud": "daarna"}, headers=seen)
    problem(second, 412, "voorwaarde-niet-vervuld")
    problem(await writes.delete(url, headers=seen), 412, "voorwaarde-niet-vervuld")
    assert [row["TEKST"] for row in rows()] == ["eerst"]
    now = {"If-Match": first.headers["etag"]}
    assert (await writes.delete(url, headers=now)).status_code == 204


async def test_a_change_elsewhere_is_seen_by_who_writes(
    writes: httpx.AsyncClient, rows: Any, tmp_path: Path
) -> None:
    made = await writes.post("klantcontacten", json=BODY)
    url = made.json()["url"]
    read = await writes.get(url)
    with closing(sqlite3.connect(tmp_path / "contacten.sqlite")) as connection, connection:
        connection.execute("UPDATE CONTACT SET TITEL = 'Rijbewijs', V = V + 1")
    seen = {"If-Match": read.headers["etag"]}
    late = await writes.patch(url, json={"inhoud": "Vandaag."}, headers=seen)
    problem(late, 412, "voorwaarde-niet-vervuld")
    changed = await writes.patch(url, json={"onderwerp": "Paspoort"})
    assert changed.status_code == 200, changed.text
    assert [row["TITEL"] for row in rows()] == ["Paspoort"]


async def test_what_is_closed_is_changed_no_more(writes: httpx.AsyncClient, rows: Any) -> None:
    url = (await writes.post("klantcontacten", json=BODY)).json()["url"]
    closing_it = await writes.patch(url, json={"kanaal": "archief", "inhoud": "Klaar."})
    assert closing_it.status_code == 200, closing_it.text
    for change in ({"inhoud": "Toch niet."}, {"kanaal": "balie"}, {"reactie": "Gebeld."}):
        problem(await writes.patch(url, json=change), 409, "conflict")
    problem(await writes.delete(url), 409, "conflict")
    assert (await writes.patch(url, json={"inhoud": "Klaar."})).status_code == 200
    assert [(row["WIJZE"], row["TEKST"]) for row in rows()] == [("archief", "Klaar.")]


@pytest.mark.parametrize(
    ("change", "name", "code"),
    [
        ({"kanaal": None}, "kanaal", "null"),
        ({"reactie": "Gebeld."}, "reactie", None),
        ({"inhoud": "x" * 21}, "inhoud", None),
        ({"taal": "eng"}, "taal", None),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_name(
    writes: httpx.AsyncClient, rows: Any, change: dict[str, Any], name: str, code: str | None
) -> None:
    body = problem(await writes.post("klantcontacten", json=BODY | change), 400, "invalid")
    (param,) = body["invalidParams"]
    assert param["name"] == name
    assert code in (None, param["code"])
    assert rows() == []


async def test_what_is_not_kept_here_cannot_be_made(writes: httpx.AsyncClient) -> None:
    response = await writes.post("partijen", json={})
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    response = await writes.post("maak-klantcontact", json={})
    problem(response, 405, "method_not_allowed")
    response = await writes.get("klantcontacten")
    assert response.headers["allow"] == "GET, POST, HEAD, OPTIONS"
