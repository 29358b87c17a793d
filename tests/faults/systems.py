"""Real services of other kinds behind networks that fail on order: Open Klant 1, the e-Suite and an
Open Zaak as fakes of them, and a Klantinteracties register."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.esuite import app as esuite
from demo.esuite.data import ZAKEN as ZAKEN_OF_THE_E_SUITE
from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from demo.openklant1 import app as openklant1
from demo.openklant1.data import ZAKEN as ZAKEN_OF_OPEN_KLANT
from demo.openzaak import service as openzaak
from demo.openzaak.data import PUBLIC as ZAKEN_PUBLIC
from demo.openzaak.service import OpenZaak
from demo.openzaak.shown import ZAKEN_API
from demo.v1.register import RSIN
from demo.v1.service import Service
from gateway import installation
from gateway.standard.table import BASE_PATH
from tests.faults.bench import Source, Sources, reached
from tests.helpers import KCC_MAPPING, ROOT, TOKEN, sql_source, sqlite_ended, write_config
from tests.support.register import ALONE
from tests.support.rekeyed import Rekeyed

ALIASES: Final = ("register", "openklant1", "esuite")
ZAKEN: Final = "zaken"


class Under:
    """A service that is called by another name than its own, as behind a proxy."""

    def __init__(self, service: Service | OpenZaak) -> None:
        self._app = service.app()
        self._host = service.public.partition("://")[2].encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await self._app({**scope, "headers": [*others, (b"host", self._host)]}, receive, send)


class Keyed:
    """A gateway that is served as another register, with keys of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = Rekeyed(httpx.ASGITransport(app))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        url = httpx.URL("http://register.example").copy_with(
            raw_path=scope["raw_path"] + b"?" + scope["query_string"]
        )
        request = httpx.Request(scope["method"], url, headers=scope["headers"], content=body)
        answer = await self._inner.handle_async_request(request)
        content = await answer.aread()
        head = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(content)),
        ]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": head})
        await send({"type": "http.response.body", "body": content})


@asynccontextmanager
async def all_systems(
    folder: Path, *more: str
) -> AsyncIterator[tuple[Sources, Mapping[str, Service]]]:
    """The three as sources, with few rows that they share persons in; and the fakes. ``more``:
    ``ZAKEN`` as well, or nothing."""
    fakes = {"openklant1": openklant1.service(SMALL), "esuite": esuite.service(SMALL)}
    async with AsyncExitStack() as stack:
        apps = {
            "register": Keyed(await stack.enter_async_context(_register(folder))),
            **{alias: Under(fake) for alias, fake in fakes.items()},
            ZAKEN: Under(openzaak.service(SMALL)),
        }
        sources: dict[str, Source] = {}
        for number, alias in enumerate((*ALIASES, *more), start=1):
            settings = partial(_settings, folder, alias, number, fakes)
            sources[alias] = await stack.enter_async_context(reached(apps[alias], settings))
        yield sources, fakes


def _settings(
    folder: Path, alias: str, number: int, fakes: Mapping[str, Service], origin: str
) -> Mapping[str, Any]:
    settings = (
        _of_register(folder)
        if alias == "register"
        else _of_zaken()
        if alias == ZAKEN
        else _of_v1(alias, fakes[alias])
    )
    options = {**settings["options"], **_addresses(alias, origin, fakes)}
    return {**settings, "number": number, "options": options, "read_only": True}


@asynccontextmanager
async def _register(folder: Path) -> AsyncIterator[ASGIApp]:
    file = folder / "register.sqlite"
    build_sqlite(file, generate(SMALL))
    there = folder / "register"
    there.mkdir()
    built = installation.build(write_config(there, {"kcc": sql_source(KCC_MAPPING, file)}, **ALONE))
    async with sqlite_ended():
        yield built.app()
        await built.close()


def _of_register(folder: Path) -> dict[str, Any]:
    token = folder / "register.token"
    token.write_text(TOKEN)
    return {
        "adapter": "adapters.klantinteracties:KlantinteractiesAdapter",
        "collections": "klantinteracties",
        "mapping": str(ROOT / "mappings" / "klantinteracties"),
        "options": {"token": f"file:{token}"},
    }


def _of_v1(alias: str, fake: Service) -> dict[str, Any]:
    system = {"openklant1": "open-klant-1", "esuite": "e-suite"}[alias]
    zaken = {"openklant1": ZAKEN_OF_OPEN_KLANT, "esuite": ZAKEN_OF_THE_E_SUITE}[alias]
    secret = ROOT / "demo" / alias / "gateway.secret"
    return {
        "adapter": "adapters.zgw:ZgwAdapter",
        "collections": "zgw",
        "mapping": str(ROOT / "mappings" / system),
        "options": {
            "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
            "urls": {"zaken": zaken, **_apis(fake, fake.public)},
            "bronorganisatie": RSIN,
        },
    }


def _of_zaken() -> dict[str, Any]:
    secret = ROOT / "demo" / "openzaak" / "gateway.secret"
    layers = [ROOT / "mappings" / "zgw-zaken-contactverzoeken", Path(__file__).parent / "alone"]
    return {
        "adapter": "adapters.zgw:ZgwAdapter",
        "collections": "zgw",
        "mapping": str(ROOT / "mappings" / "zgw-zaken"),
        "overrides": [str(layer) for layer in layers],
        "options": {
            "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
            # Under its own name, but without TLS, which it writes too.
            "urls": {"zaken": ZAKEN_PUBLIC.replace("https", "http") + ZAKEN_API},
        },
    }


def _addresses(alias: str, origin: str, fakes: Mapping[str, Service]) -> dict[str, Any]:
    if alias == "register":
        return {"base_url": origin + BASE_PATH}
    if alias == ZAKEN:
        return {"apis": {"zaken": origin + ZAKEN_API}}
    return {"apis": _apis(fakes[alias], origin)}


def _apis(fake: Service, origin: str) -> dict[str, str]:
    return {
        "klanten": origin + fake.dialect.klanten,
        "contactmomenten": origin + fake.dialect.contactmomenten,
    }
