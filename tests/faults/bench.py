"""Two real REST services behind networks that fail on order, and gateways before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.types import ASGIApp

from demo.kcc import data as kcc
from demo.rest.app import create_app as kcc_service
from demo.sociaal import data as sociaal
from demo.sociaal.rest import create_app as sociaal_service
from gateway import installation
from gateway.standard.table import BASE_PATH
from tests.helpers import BSN, ROOT, TOKEN, write_config
from tests.support.fakes import WELL, FakeSource, Mood, fake_source, serving
from tests.support.faults import PASS, FaultProxy, Plan
from tests.support.faults import Fault as NetworkFault

Fault = NetworkFault | Plan | Mood
"""What may be wrong with a source: the network before it, or the service itself."""

WHOSE: Final = f"hadBetrokkene__wasPartij__partijIdentificator__objectId={BSN}"
EXPAND: Final = (
    "hadBetrokkenen,hadBetrokkenen.wasPartij,hadBetrokkenen.digitaleAdressen,leiddeTotInterneTaken"
)
LISTS: Final = {
    "list": "klantcontacten?pageSize=20",
    "expanded list": f"klantcontacten?{WHOSE}&pageSize=50&expand={EXPAND}",
    "partij": f"partijen?partijIdentificator__objectId={BSN}&expand=digitaleAdressen",
}


@dataclass(frozen=True)
class Source:
    """A service and the network before it; ``settings``: as a source of a gateway."""

    service: FakeSource
    network: FaultProxy
    settings: Mapping[str, Any]

    async def fail(self, fault: Fault) -> None:
        """From now on this is wrong with it."""
        self.service.mood = fault if isinstance(fault, Mood) else WELL
        await self.network.use(PASS if isinstance(fault, Mood) else fault)


Sources = Mapping[str, Source]


@asynccontextmanager
async def both_sources() -> AsyncIterator[Sources]:
    """The KCC and the social domain, with few rows that they share persons in."""
    rows = kcc.generate(kcc.SMALL)
    ours = sociaal_service(sociaal.generate(sociaal.SMALL, rows))
    async with (
        reached(kcc_service(rows), partial(_rest, "kcc", 1)) as first,
        reached(ours, partial(_rest, "sociaal", 2)) as second,
    ):
        yield {"kcc": first, "sociaal": second}


@asynccontextmanager
async def the_kcc() -> AsyncIterator[Source]:
    """The KCC, with few rows."""
    rows = kcc.generate(kcc.SMALL)
    async with reached(kcc_service(rows), partial(_rest, "kcc", 1)) as source:
        yield source


def _rest(mapping: str, number: int, origin: str) -> Mapping[str, Any]:
    return {
        "number": number,
        "adapter": "adapters.rest:RestAdapter",
        "collections": "rest",
        "mapping": str(ROOT / "mappings" / mapping),
        "options": {"base_url": origin, "separator": ",", "max_values": 20},
    }


@asynccontextmanager
async def reached(
    app: ASGIApp, settings: Callable[[str], Mapping[str, Any]]
) -> AsyncIterator[Source]:
    """A service that is really served, over a network. ``settings``: as a source of a gateway, by
    the origin under which it is reached."""
    async with fake_source(app) as service:
        port = int(service.origin.rpartition(":")[2])
        async with FaultProxy(port) as network:
            yield Source(service, network, settings(network.origin))


@asynccontextmanager
async def gateway(
    folder: Path,
    sources: Sources,
    *,
    optional: Collection[str] = (),
    sections: Mapping[str, Any] | None = None,
    request_seconds: float = 10,
    source_seconds: float = 5,
    **limits: Any,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that is really served, before these sources; ``sections``: more of its
    configuration."""
    settings = {
        alias: {**source.settings, "required": alias not in optional}
        for alias, source in sources.items()
    }
    path = write_config(
        folder,
        settings,
        # Answers of one gateway are compared with those of another.
        server={"public_url": "http://gateway.example"},
        # What gives partijen their uuid may not be missing.
        partijen={"precedence": sorted(sources, key=lambda alias: alias in optional)},
        limits={"request_seconds": request_seconds, "source_seconds": source_seconds, **limits},
        **(sections or {}),
    )
    built = installation.build(path)
    try:
        async with (
            serving(built.app()) as origin,
            httpx.AsyncClient(
                base_url=f"{origin}{BASE_PATH}/",
                headers={"Authorization": f"Token {TOKEN}"},
                timeout=30,
            ) as client,
        ):
            yield client
    finally:
        await built.close()


def shown(answer: httpx.Response) -> Any:
    """What an answer shows, without its links to other pages: those know of the gateway."""
    body = answer.json()
    return {k: v for k, v in body.items() if k not in ("next", "previous")}


async def questions(client: httpx.AsyncClient) -> dict[str, str]:
    """Lists, and for each source a contact of its own."""
    found = (await client.get(LISTS["expanded list"])).json()["results"]
    # The uuids of the social domain are its own, of version 4.
    own = {one["uuid"][14] == "4": one["uuid"] for one in found}
    return LISTS | {
        "detail of kcc": f"klantcontacten/{own[False]}?expand={EXPAND}",
        "detail of sociaal": f"klantcontacten/{own[True]}?expand={EXPAND}",
    }
