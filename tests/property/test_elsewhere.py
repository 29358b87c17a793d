"""References over sources, on random rows: what is answered is what follows from the rows.

Contacts are kept in two sources, and the tasks about them in a third. A task is shown if its
contact is; in which source that is makes no difference.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import installation
from tests.api.test_elsewhere import CONTACTEN, TAKEN
from tests.helpers import client_of, sql_source, sqlite_ended, write_config, write_mini

STATUSES: Final = {"O": "te_verwerken", "A": "verwerkt"}


@dataclass(frozen=True)
class Rows:
    """``contacts``: by number the source and whether it is shown; ``tasks``: contact and status.
    A contact with a higher number is in no source."""

    contacts: list[tuple[bool, bool]]
    tasks: list[tuple[int, str]]

    def shown(self, contact: int) -> bool:
        return contact < len(self.contacts) and self.contacts[contact][1]

    def of(self, contact: int) -> list[int]:
        """The tasks of a contact."""
        return [n for n, (about, _) in enumerate(self.tasks) if about == contact]


rows_: Final = st.builds(
    Rows,
    st.lists(st.tuples(st.booleans(), st.sampled_from([True, True, False])), max_size=6),
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from("OA")), max_size=12),
)


def uuid_of(contact: int) -> str:
    return f"6a1b0f6e-0000-4000-8000-{contact:012}"


def moment(n: int) -> str:
    """Later for a higher number, and the same for some."""
    return f"202601020304{n // 2:02}"


def written(folder: Path, rows: Rows) -> Path:
    """A configuration of three sources with these rows."""
    mapping, settings_ = write_mini(folder / "contacten", CONTACTEN), dict[str, Any]()
    for number, name in enumerate(("een", "twee"), 1):
        file = folder / f"{name}.sqlite"
        with closing(sqlite3.connect(file)) as database, database:
            database.execute(
                "CREATE TABLE CONTACT (ID TEXT, ONDERWERP TEXT, WEG TEXT, MOMENT TEXT)"
            )
            database.executemany(
                "INSERT INTO CONTACT VALUES (?, 'x', ?, ?)",
                [
                    (uuid_of(n), None if shown else "J", moment(n))
                    for n, (second, shown) in enumerate(rows.contacts)
                    if second == (name == "twee")
                ],
            )
        settings_[name] = sql_source(mapping, file, number)
    file = folder / "taken.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "CREATE TABLE TAAK (ID INTEGER PRIMARY KEY, CONTACT TEXT, STATUS TEXT, MOMENT TEXT)"
        )
        database.executemany(
            "INSERT INTO TAAK VALUES (?, ?, ?, ?)",
            [(n + 1, uuid_of(about), s, moment(n)) for n, (about, s) in enumerate(rows.tasks)],
        )
    taken = sql_source(write_mini(folder / "taken", TAKEN), file, 3)
    settings_["taken"] = {**taken, "refers_to": {"klantcontacten": ["een", "twee"]}}
    return write_config(folder, settings_)


async def listed(client: httpx.AsyncClient, url: str) -> list[dict[str, Any]]:
    """All objects of a list, page after page."""
    found: list[dict[str, Any]] = []
    following: str | None = url
    while following:
        answer = (await client.get(following)).json()
        found += answer["results"]
        following = answer["next"]
    assert len(found) == answer["count"]
    return found


async def compared(rows: Rows, status: str | None, about: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = installation.build(written(Path(folder), rows))
        async with sqlite_ended(), client_of(built.app()) as client:
            try:
                await _tasks(client, rows, status, about, size)
                await _contacts(client, rows, size)
            finally:
                await built.close()


async def _tasks(
    client: httpx.AsyncClient, rows: Rows, status: str | None, about: int, size: int
) -> None:
    wanted = [
        n
        for n, (contact, code) in enumerate(rows.tasks)
        if rows.shown(contact) and (status is None or code == status)
    ]
    asked = f"internetaken?pageSize={size}" + (f"&status={STATUSES[status]}" if status else "")
    found = await listed(client, asked)
    expected = [(uuid_of(rows.tasks[n][0]), STATUSES[rows.tasks[n][1]]) for n in reversed(wanted)]
    assert [(t["aanleidinggevendKlantcontact"]["uuid"], t["status"]) for t in found] == expected
    of_one = await listed(client, f"{asked}&klantcontact__uuid={uuid_of(about)}")
    assert len(of_one) == len([n for n in wanted if rows.tasks[n][0] == about])


async def _contacts(client: httpx.AsyncClient, rows: Rows, size: int) -> None:
    shown = [n for n in range(len(rows.contacts)) if rows.shown(n)]
    for asked, holds in (("true", True), ("false", False)):
        expected = {uuid_of(n) for n in shown if bool(rows.of(n)) is holds}
        found = await listed(
            client, f"klantcontacten?leiddeTotInterneTaken={asked}&pageSize={size}"
        )
        assert {c["uuid"] for c in found} == expected
    found = await listed(client, f"klantcontacten?expand=leiddeTotInterneTaken&pageSize={size}")
    assert {
        c["uuid"]: [t["status"] for t in c["_expand"]["leiddeTotInterneTaken"]] for c in found
    } == {uuid_of(n): [STATUSES[rows.tasks[task][1]] for task in rows.of(n)] for n in shown}


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    rows=rows_,
    status=st.sampled_from([None, "O", "A"]),
    about=st.integers(0, 7),
    size=st.sampled_from([1, 2, 100]),
)
def test_what_is_answered_follows_from_the_rows_of_all(
    rows: Rows, status: str | None, about: int, size: int
) -> None:
    asyncio.run(compared(rows, status, about, size))
