"""The fake of Open Zaak, at a fixed moment: asked without a gateway between, and as a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import httpx

from demo.kcc.values import SMALL, Scale
from demo.openzaak.requests import CRS
from demo.openzaak.service import OpenZaak, service
from demo.openzaak.shown import path
from demo.openzaak.source import SampleOpenZaak
from tests.helpers import ROOT
from tests.support.v1_asked import NOW, token

GEO = {"Accept-Crs": CRS, "Content-Crs": CRS}


def open_zaak(scale: Scale = SMALL) -> OpenZaak:
    """The fake on the rows of the sample municipality."""
    return service(scale, now=lambda: NOW)


async def ask(
    fake: OpenZaak,
    where: str,
    params: Any = None,
    method: str = "GET",
    headers: Mapping[str, str | None] | None = None,
    body: Any = None,
) -> httpx.Response:
    """One request, by the name of a collection, with what may come after it; or by a url. Headers
    that are `None` are left out."""
    secret = next(iter(fake.tokens.secrets.values()))
    given = {**token(secret), **GEO, **(headers or {})}
    name, slash, rest = where.partition("/")
    url = where if where.startswith("http") else f"{path(name)}{slash}{rest}"
    transport = httpx.ASGITransport(fake.app())
    async with httpx.AsyncClient(transport=transport, base_url=fake.public) as client:
        return await client.request(
            method,
            url,
            params=params,
            headers={name: value for name, value in given.items() if value is not None},
            json=body,
        )


class Zaken(SampleOpenZaak):
    """The sample Open Zaak, with few rows; ``last``: the service that was made last."""

    last: ClassVar[OpenZaak]

    @staticmethod
    def make() -> OpenZaak:
        Zaken.last = service(SMALL)
        return Zaken.last


LAYERS: Final = [
    str(ROOT / "mappings" / f"zgw-zaken-{name}")
    for name in ("betrokkenen", "contactverzoeken", "klantcontacten")
]


def source(number: int, *registers: str, **settings: Any) -> dict[str, Any]:
    """The settings of the sample Open Zaak as a source, whose zaken are linked with contacts of
    these registers."""
    secret = ROOT / "demo" / "openzaak" / "gateway.secret"
    return {
        "number": number,
        "adapter": "tests.support.openzaak:Zaken",
        "mapping": str(ROOT / "mappings" / "zgw-zaken"),
        "collections": "zgw",
        "refers_to": {"klantcontacten": list(registers)},
        "options": {"credentials": {"client_id": "gateway", "secret": f"file:{secret}"}},
        **settings,
    }
