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
BSN: Final = "betrokkeneIdentificatie__natuurlijkPersoon__inpBsn"
ELSEWHERE: Final = "https://elders.example/zaken/api/v1/zaken/6e45ef6f-d052-41fa-8cac-71bf8dc664e9"

REFUSED_QUESTIONS: Final[list[tuple[str, dict[str, str], tuple[str, str]]]] = [
    ("zaken", {"foo": "bar"}, ("nonFieldErrors", "unknown-parameters")),
    ("rollen", {"foo": "bar"}, ("nonFieldErrors", "unknown-parameters")),
    ("zaakcontactmomenten", {"page": "1"}, ("nonFieldErrors", "unknown-parameters")),
    ("klantcontacten", {"kanaal": "Telefoon"}, ("nonFieldErrors", "unknown-parameters")),
    ("zaken", {"registratiedatum__gte": "2026-01-01"}, ("nonFieldErrors", "unknown-parameters")),
    ("zaken", {"bronorganisatie": "1"}, ("bronorganisatie", "invalid")),
    ("zaken", {"startdatum": "x"}, ("startdatum", "invalid")),
    ("zaken", {"zaaktype": "x"}, ("zaaktype", "invalid")),
    ("zaken", {"expand": "foo"}, ("expand", "invalid_choice")),
    ("zaken", {"ordering": "foo"}, ("ordering", "invalid_choice")),
    ("zaken", {"kenmerk": "ab"}, ("kenmerk", "invalid")),
    ("zaken", {f"rol__{BSN}": "1234567890"}, (f"rol__{BSN}", "max_length")),
    ("zaken", {"rol__betrokkeneType": "x"}, ("rol__betrokkeneType", "invalid_choice")),
    ("rollen", {"omschrijvingGeneriek": "x"}, ("omschrijvingGeneriek", "invalid_choice")),
    ("rollen", {"machtiging": "x"}, ("machtiging", "invalid_choice")),
    ("rollen", {"zaak": "x"}, ("zaak", "invalid")),
    ("rollen", {"zaak": ""}, ("zaak", "invalid")),
    ("zaakcontactmomenten", {"contactmoment": "x"}, ("contactmoment", "invalid")),
]
"""By collection what cannot be asked of it, and what is said of that."""

EMPTY_QUESTIONS: Final[list[tuple[str, dict[str, str]]]] = [
    ("rollen", {BSN: "123456789"}),
    ("rollen", {BSN: "abc"}),
    ("rollen", {"zaak": ELSEWHERE}),
    ("zaken", {"identificatie": "%"}),
    ("zaken", {f"rol__{BSN}": "123456789"}),
]
"""What can be asked, and has no answer."""

_RSIN: Final = "bronorganisatie"
REFUSED_ZAKEN: Final[list[tuple[dict[str, Any], set[tuple[str, str]]]]] = [
    ({_RSIN: "123456789"}, {(_RSIN, "invalid")}),
    ({_RSIN: "123"}, {(_RSIN, "invalid"), (_RSIN, "min_length")}),
    ({_RSIN: ""}, {(_RSIN, "blank")}),
    ({_RSIN: None}, {(_RSIN, "null")}),
    ({"startdatum": "x"}, {("startdatum", "invalid")}),
    ({"omschrijving": "x" * 81}, {("omschrijving", "max_length")}),
    ({"identificatie": "x" * 41}, {("identificatie", "max_length")}),
    ({"toelichting": "x" * 1001}, {("toelichting", "max_length")}),
    ({"zaaktype": ""}, {("zaaktype", "blank")}),
    ({"zaaktype": "x"}, {("zaaktype", "bad-url")}),
    ({"communicatiekanaal": "x"}, {("communicatiekanaal", c) for c in ("bad-url", "invalid")}),
    ({"registratiedatum": None}, {("registratiedatum", "null")}),
    ({"vertrouwelijkheidaanduiding": ""}, {("vertrouwelijkheidaanduiding", "invalid_choice")}),
    ({"kenmerken": "x"}, {("kenmerken.nonFieldErrors", "not_a_list")}),
    (
        {"kenmerken": [{}]},
        {("kenmerken.0.kenmerk", "required"), ("kenmerken.0.bron", "required")},
    ),
]
"""What cannot be of a zaak that is made, and what is said of that."""


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
