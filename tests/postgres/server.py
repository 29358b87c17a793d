"""A PostgreSQL server of our own, out of Debian's packages, and databases on a server."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from tests.helpers import free_port

_DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of the newest version here, if any."""
    versions = [p for p in _DEBIAN.glob("*/bin") if (p / "initdb").exists()]
    if versions:
        return max(versions, key=lambda p: float(p.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def at_hand() -> Iterator[str]:
    """The address of a server: ``$POSTGRES_DSN``, or one of our own for as long as it takes.

    Raises ``LookupError`` when there is neither.
    """
    if given := os.environ.get("POSTGRES_DSN"):
        yield given
        return
    found = programs()
    if found is None:
        raise LookupError(
            "no PostgreSQL here: set POSTGRES_DSN, or install Debian's package postgresql"
        )
    with running(found) as dsn:
        yield dsn


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """A server on this machine only, in a folder of its own; its address. Gone at the end."""
    # The server refuses to run as root; Debian's package makes this user for it.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="gateway-postgres-"))
    password, port = secrets.token_hex(), free_port()
    (folder / "password").write_text(password)
    if user:
        shutil.chown(folder, user)
        shutil.chown(folder / "password", user)
    data, log = folder / "data", folder / "log"
    make = ["initdb", "-D", data, "-U", "gateway", "-A", "scram-sha-256", "--no-sync"]
    make += ["--pwfile", folder / "password", "-E", "UTF8", "--locale", "C.UTF-8"]
    serve = ["postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", str(port)]
    serve += ["-c", "fsync=off"]
    try:
        with log.open("wb") as output:
            how = {"cwd": folder, "user": user, "stdout": output, "stderr": output}
            subprocess.run(make, executable=bin_folder / "initdb", check=True, **how)
            server = subprocess.Popen(serve, executable=bin_folder / "postgres", **how)
        try:
            _wait_until_ready(bin_folder, server, folder, port, log)
            yield f"postgresql://gateway:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(
    bin_folder: Path, server: subprocess.Popen[bytes], folder: Path, port: int, log: Path
) -> None:
    ask = [bin_folder / "pg_isready", "-q", "-h", folder, "-p", str(port)]
    deadline = time.monotonic() + 30
    while subprocess.run(ask, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.05)


@contextmanager
def database(server: str) -> Iterator[str]:
    """A new database on a server, its address. Gone at the end.

    It orders text as people do in Dutch, which is not how the register does.
    """
    name = f"gateway_{secrets.token_hex(6)}"
    _run(
        server,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
        " LOCALE_PROVIDER icu ICU_LOCALE 'nl'",
    )
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def sqlalchemy(dsn: str) -> str:
    """The same address as SQLAlchemy writes it."""
    return urlsplit(dsn)._replace(scheme="postgresql+asyncpg").geturl()


def ended_well() -> None:
    """Who asks this process to end, gets what was started here stopped as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def _run(dsn: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())
