"""The sample municipality out of PostgreSQL: ``python -m tests.postgres.serve`` shows its url."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml

from demo.kcc.data import FULL, Scale, generate
from demo.kcc.postgres import load
from tests.helpers import API, KCC_MAPPING, ROOT, free_port, serving
from tests.postgres.server import at_hand, database, ended_well, sqlalchemy


@contextmanager
def municipality(server: str, scale: Scale = FULL) -> Iterator[str]:
    """A gateway on a new database with all sample rows, as the demo is but for its database; the
    root of its API. Its token is ``demo``."""
    with (
        database(server) as dsn,
        tempfile.TemporaryDirectory(prefix="gateway-on-postgres-") as name,
    ):
        asyncio.run(load(dsn, generate(scale)))
        os.environ["KCC_DATABASE_URL"] = sqlalchemy(dsn)
        folder, port = Path(name), free_port()
        config = yaml.safe_load((ROOT / "demo/config.yaml").read_text())
        config["server"] = {"port": port}
        config["identity"]["keys"] = {1: f"file:{ROOT / 'demo/identity.key'}"}
        config["sources"]["kcc"] = {
            "number": 1,
            "adapter": "sql",
            "mapping": str(KCC_MAPPING),
            "options": {"url": "env:KCC_DATABASE_URL", "dialect": "postgresql"},
        }
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump(config))
        with serving(["serve", "--config", str(path)], port, folder / "log") as gateway:
            yield gateway.origin + API.rstrip("/")


def main() -> None:
    """Serve until interrupted."""
    with at_hand() as server, municipality(server) as url:
        print(url, flush=True)
        with suppress(KeyboardInterrupt):
            time.sleep(10**9)


if __name__ == "__main__":
    ended_well()
    main()
