"""The sample municipality out of PostgreSQL: ``python -m tests.postgres.serve`` shows its url."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.kcc.data import FULL, generate
from demo.kcc.postgres import load
from tests.e2e import serve
from tests.helpers import KCC_MAPPING, ROOT, Server
from tests.postgres.server import at_hand, database, ended_well, sqlalchemy


@contextmanager
def municipality(server: str) -> Iterator[Server]:
    """A gateway on a new database with all sample rows of the KCC: the demo, but for that."""
    with (
        database(server) as dsn,
        tempfile.TemporaryDirectory(prefix="gateway-on-postgres-") as name,
    ):
        asyncio.run(load(dsn, generate(FULL)))
        os.environ["KCC_DATABASE_URL"] = sqlalchemy(dsn)
        sources = {
            "kcc": {
                "number": 1,
                "adapter": "sql",
                "mapping": str(KCC_MAPPING),
                "options": {"url": "env:KCC_DATABASE_URL", "dialect": "postgresql"},
            },
            "sociaal": {
                "number": 2,
                "adapter": "demo.sociaal.source:SampleSociaal",
                "mapping": str(ROOT / "mappings" / "sociaal"),
                "collections": "sql",
                "required": False,
                "options": {"file": str(Path(name) / "sociaal.sqlite")},
            },
        }
        with serve.gateway(Path(name), sources) as gateway:
            yield gateway


def main() -> None:
    """Serve until interrupted."""
    with at_hand() as server, municipality(server) as gateway:
        print(gateway.origin, flush=True)
        with suppress(KeyboardInterrupt):
            time.sleep(10**9)


if __name__ == "__main__":
    ended_well()
    main()
