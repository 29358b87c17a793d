"""Walking through a list to which records are added, or from which they go, meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import mini_config
from tests.support.v1 import gateway


def added(connection: sqlite3.Connection) -> None:
    """Older than all others, so behind every place in the list."""
    connection.executemany(
        "INSERT INTO KLANT VALUES (?, 'P', 'Kooyman', ?, 17, '20010101120000')",
        [(100 + n, f"{100 + n:09}") for n in range(5)],
    )


def taken(connection: sqlite3.Connection) -> None:
    """The oldest, of which the walk has not come to any yet."""
    connection.execute("DELETE FROM KLANT WHERE ID <= 5")


@pytest.mark.parametrize(("change", "left"), [(added, 15), (taken, 5)])
async def test_a_walk_ends_where_the_list_ends_now(
    tmp_path: Path, change: Callable[[sqlite3.Connection], None], left: int
) -> None:
    async with gateway(mini_config(tmp_path, 10)) as client:
        page: Any = (await client.get("partijen?pageSize=2")).json()
        assert page["count"] == 10
        with closing(sqlite3.connect(tmp_path / "mini.sqlite")) as connection, connection:
            change(connection)
        walked = [one["uuid"] for one in page["results"]]
        while page["next"]:
            answer = await client.get(page["next"])
            assert answer.status_code == 200, answer.text
            page = answer.json()
            walked += [one["uuid"] for one in page["results"]]
        assert len(walked) == len(set(walked)) == left
        assert page["count"] == left
