"""A gateway as the Klantinteracties register of another: the sample KCC, with few rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import httpx

from adapters.klantinteracties import KlantinteractiesAdapter
from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from gateway import installation
from tests.helpers import (
    CLIENT,
    KCC_MAPPING,
    ROOT,
    TOKEN,
    client_of,
    sql_source,
    sqlite_ended,
    write_config,
)
from tests.support.rekeyed import Rekeyed

WRITER: Final = {"tests": {**CLIENT, "scopes": ["*:read", "*:write"]}}
ALONE: Final = {"partijen": {"same_by": []}, "clients": WRITER}


class Register(KlantinteractiesAdapter):
    """The adapter before an application in this process; ``calls``: what it was asked."""

    app: ClassVar[Any]
    calls: ClassVar[list[str]] = []

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        made = super().create(options, collections)
        made._transport = Rekeyed(Counted(cls.app, cls.calls))
        return made


class Counted(httpx.ASGITransport):
    """What leads to the register, and notes what it was asked."""

    def __init__(self, app: Any, calls: list[str]) -> None:
        super().__init__(app)
        self._calls = calls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._calls.append(f"{request.method} {request.url.path.rpartition('v1/')[2]}")
        return await super().handle_async_request(request)


def source(folder: Path, number: int = 1) -> dict[str, Any]:
    """The settings of the source."""
    (folder / "register.token").write_text(TOKEN)
    return {
        "number": number,
        "adapter": "tests.support.register:Register",
        "mapping": str(ROOT / "mappings" / "klantinteracties"),
        "collections": "klantinteracties",
        "options": {
            "base_url": "http://register.example/klantinteracties/api/v1",
            "token": f"file:{folder / 'register.token'}",
        },
    }


@asynccontextmanager
async def register(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the register itself."""
    folder = folder / "register"
    folder.mkdir()
    file = folder / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    config = write_config(folder, {"kcc": sql_source(KCC_MAPPING, file)}, **ALONE)
    # Around what is before it too, whose connections to it stay open until both are closed.
    async with sqlite_ended(), _client(config) as client:
        yield client


@asynccontextmanager
async def before(
    folder: Path, more: Mapping[str, Any] | None = None, **sections: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway before that register, and ``more`` sources; ``sections``: of its
    configuration."""
    given = {"clients": WRITER, **sections} if more else {**ALONE, **sections}
    config = write_config(folder, {"register": source(folder), **(more or {})}, **given)
    async with _client(config) as client:
        yield client


@asynccontextmanager
async def _client(config: Path) -> AsyncIterator[httpx.AsyncClient]:
    built = installation.build(config)
    app = built.app()
    if config.parent.name == "register":
        Register.app = app
    async with client_of(app) as client:
        try:
            yield client
        finally:
            await built.close()
