"""The fakes of Open Klant 1 and the e-Suite behind the adapter, and a gateway before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
import yaml

from adapters.zgw import ZgwAdapter
from demo.esuite import app as esuite
from demo.esuite.source import SampleESuite
from demo.kcc.data import SMALL
from demo.openklant1 import app as openklant1
from demo.openklant1.source import SampleOpenKlant1
from demo.v1.register import CONTACTEN, KLANTLINKS
from demo.v1.service import Service
from gateway import installation
from tests.helpers import ROOT, client_of, sqlite_ended, write_config


class OpenKlant1(SampleOpenKlant1):
    """The sample Open Klant 1, with few rows; ``last``: the service that was made last."""

    last: ClassVar[openklant1.OpenKlant1]

    @staticmethod
    def make() -> Service:
        OpenKlant1.last = openklant1.service(SMALL)
        return OpenKlant1.last


class ESuite(SampleESuite):
    """The sample e-Suite, with few rows."""

    last: ClassVar[esuite.ESuite]

    @staticmethod
    def make() -> Service:
        ESuite.last = esuite.service(SMALL)
        return ESuite.last


SYSTEMS: Final[Mapping[str, tuple[type[SampleOpenKlant1] | type[SampleESuite], str]]] = {
    "open-klant-1": (OpenKlant1, "openklant1"),
    "e-suite": (ESuite, "esuite"),
}


def source(system: str, number: int = 1, **credentials: Any) -> dict[str, Any]:
    """The settings of a source; ``credentials``: more of these."""
    adapter, folder = SYSTEMS[system]
    secret = ROOT / "demo" / folder / "gateway.secret"
    return {
        "number": number,
        "adapter": f"tests.support.v1:{adapter.__name__}",
        "mapping": str(ROOT / "mappings" / system),
        "collections": "zgw",
        "options": {
            "credentials": {"client_id": "gateway", "secret": f"file:{secret}", **credentials}
        },
    }


def config(
    folder: Path, *systems: str, credentials: Mapping[str, Any] | None = None, **sections: Any
) -> Path:
    """A configuration with these systems as its sources, under their own names."""
    more = credentials or {}
    sources = {name: source(name, n, **more) for n, name in enumerate(systems, 1)}
    return write_config(folder, sources, **sections)


def adapter(service: Service, system: str, zaken: str, **changes: Any) -> ZgwAdapter:
    """The adapter on a service. ``changes``: words of collections that are described otherwise."""
    folder = SYSTEMS[system][1]
    file = ROOT / "mappings" / system / "collections.zgw.yaml"
    collections = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name, words in changes.items():
        collections[name] |= words
    secret = ROOT / "demo" / folder / "gateway.secret"
    made = ZgwAdapter.create(
        {
            "apis": {
                "klanten": service.public + service.dialect.klanten,
                "contactmomenten": service.public + service.dialect.contactmomenten,
            },
            "urls": {"zaken": zaken},
            "credentials": {"client_id": "gateway", "secret": f"file:{secret}"},
        },
        collections,
    )
    made._transport = httpx.ASGITransport(service.app())
    return made


def small_pages(service: Service, size: int) -> None:
    """Make the pages of contactmomenten and links small."""
    lists = service.dialect.lists
    small = {n: replace(lists[n], page_size=size) for n in (CONTACTEN, KLANTLINKS)}
    service.dialect = replace(service.dialect, lists={**lists, **small})


@asynccontextmanager
async def gateway(path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway with this configuration, of which nothing is left afterwards."""
    built = installation.build(path)
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            yield client
        finally:
            await built.close()
