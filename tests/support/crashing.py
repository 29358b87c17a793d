"""A gateway that dies while it writes, again and again: ``python -m tests.support.crashing FOLDER
KEY TIMES SEED``.

Each time a process makes contacts in a database that does one change at a time, until it is killed
at a random moment. What it logged, and what it acknowledged, is in ``FOLDER/N.log``; what it left
is in ``FOLDER/N.sqlite``. ``KEY`` says who makes the keys: the database (``integer``) or the
gateway (``uuid``).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from adapters.base import Change
from adapters.conditions import Record
from adapters.sql import SqlAdapter
from gateway.api import log
from gateway.standard.table import RESOURCES
from tests.support.bodies import BETROKKENE, CONTACT
from tests.support.office import Office, installed, plain

BODY: Final[Mapping[str, Any]] = {
    "klantcontact": CONTACT,
    "betrokkene": BETROKKENE,
    "onderwerpobject": {"onderwerpobjectidentificator": {"objectId": "zaak"}},
}
PARTS: Final = dict(zip(BODY, ("klantcontacten", "betrokkenen", "onderwerpobjecten"), strict=True))
MOST_LINES: Final = 10
LONGEST_STEP: Final = 0.03
"""A process is killed so many lines and seconds after it began to write, at most."""

_KEY: Final = {"integer": {"ID": "integer"}, "uuid": {"ID": "text"}}


class Stepwise(SqlAdapter):
    """A database that does not make changes together, with pauses between them."""

    random = Random(0)

    @property
    def atomic(self) -> bool:
        return False

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        assert len(changes) == 1
        await asyncio.sleep(self.random.uniform(0, 0.004))
        made = await super().write(changes)
        await asyncio.sleep(self.random.uniform(0, 0.004))
        return made


def prepare(folder: Path, key: str) -> None:
    """The mapping, and an empty database for it."""
    (folder / "mapping").mkdir()
    with closing(sqlite3.connect(folder / "empty.sqlite")) as connection, connection:
        for path, resource in RESOURCES.items():
            mapping, columns = plain(resource, key)
            (folder / "mapping" / f"{path}.yaml").write_text(yaml.safe_dump(mapping))
            rest = ", ".join(f'"{name}" TEXT' for name in columns[1:])
            kind = "INTEGER" if key == "integer" else "TEXT"
            connection.execute(f'CREATE TABLE "{path}" (ID {kind} PRIMARY KEY, {rest})')


def adapter(file: Path, key: str) -> Stepwise:
    """An adapter on a database."""
    generated = ["ID"] if key == "integer" else []
    can = {"create": True, "update": True, "delete": True, "generated": generated}
    tables = {
        path: {
            "key": "ID",
            "columns": {**dict.fromkeys(plain(resource)[1], "text"), **_KEY[key]},
            "write": can,
        }
        for path, resource in RESOURCES.items()
    }
    return Stepwise.create({"url": f"sqlite+aiosqlite:///{file}"}, tables)


def opened(folder: Path, key: str) -> Office:
    """An installation on the empty database; it is not asked anything yet."""
    return installed(folder / "mapping", {"bron": adapter(folder / "empty.sqlite", key)})


async def write(office: Office) -> None:
    """Make contacts without end, and say of each that it is there."""
    while True:
        made = await office.contact(**BODY)
        told = [f"{path}/{made[part]['uuid']}" for part, path in PARTS.items()]
        print(json.dumps({"event": "acknowledged", "told": told}), flush=True)


def live(office: Office, folder: Path, number: int, key: str, seed: int) -> None:
    """A process that writes until somebody ends it."""
    Stepwise.random = Random(seed)
    mine = replace(office, stores={"bron": adapter(folder / f"{number}.sqlite", key)})
    with (folder / f"{number}.log").open("w") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        log.configure("info")
        asyncio.run(write(mine))


def main(folder: Path, key: str, times: int, seed: int) -> None:
    """Let one after the other live and die."""
    random = Random(seed)
    prepare(folder, key)
    office = opened(folder, key)
    empty = (folder / "empty.sqlite").read_bytes()
    for number in range(times):
        (folder / f"{number}.sqlite").write_bytes(empty)
        output = folder / f"{number}.log"
        output.touch()
        child = os.fork()
        if not child:
            try:
                live(office, folder, number, key, seed + number)
            finally:
                os._exit(1)
        lines = random.randint(1, MOST_LINES)
        while output.read_text().count("\n") < lines:
            time.sleep(0.001)
        time.sleep(random.uniform(0, LONGEST_STEP))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it ended by itself"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
