"""The StUF adapter on a back end that is a function, and the schemas of the standard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
import yaml
from lxml import etree

from adapters.stuf.adapter import StufAdapter
from adapters.stuf.answers import Reader
from adapters.stuf.envelope import within
from adapters.stuf.names import BG, STUF, ZDS, ZKN, local
from adapters.stuf.paths import tree
from adapters.stuf.words import Options, Resource
from adapters.xml import parse
from demo.kcc.data import SMALL
from demo.stuf.data import holdings
from demo.stuf.service import StufService
from demo.stuf.source import SampleBg, SampleTaken, SampleZkn
from tests.helpers import ROOT

URL: Final = "http://makelaar.example/services/BeantwoordVraag"
NOW: Final = datetime(2026, 1, 5, 9, 30, 15, 123000)
SENDER: Final = {"organisatie": "0000", "applicatie": "KIA-GATEWAY"}
RECEIVER: Final = {"organisatie": "0000", "applicatie": "BACKEND"}

_SCHEMAS: Final = {
    "bg": "bg0310-p32/egem_nl_stuf_sector_bg_0310.xsd",
    "zkn-zds11": "zkn0310-p22-zds11/egem_nl_stuf_sector_zkn_0310.xsd",
    "zkn": "zkn0310-p26-zds12/egem_nl_stuf_sector_zkn_0310.xsd",
    "zds12": "zkn0310-p26-zds12/stufstandaarden_nl_koppelvlak_zds0120.xsd",
}
_OF_NAMESPACE: Final = {BG: ["bg"], ZKN: ["zkn-zds11", "zkn"], ZDS: ["zds12"], STUF: ["zkn"]}


def schema_file(shared: Path, name: str) -> Path:
    """One of the official schemas: ``bg``, ``zkn-zds11``, ``zkn`` or ``zds12``."""
    return shared / "stuf" / "xsd" / "flat" / _SCHEMAS[name]


@cache
def _schema(shared: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(schema_file(shared, name))))


def wrong_by_schema(shared: Path, message: etree._Element) -> list[str]:
    """What the official schemas have against a message: nothing, for a good one."""
    alone = etree.fromstring(etree.tostring(message))
    namespace = etree.QName(alone).namespace or ""
    found = []
    # Only the schema of Zaak- en Documentservices 1.1 has free messages in the namespace of ZKN.
    judges = ["zkn-zds11"] if namespace == ZKN and "_D" in alone.tag else _OF_NAMESPACE[namespace]
    for name in judges:
        schema = _schema(shared, name)
        if not schema.validate(alone):
            found += [f"{name}: {error.message}" for error in schema.error_log]
    return found


def resources(system: str) -> dict[str, Any]:
    """The description of the collections of a shipped mapping."""
    file = ROOT / "mappings" / system / "collections.stuf.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def reader(system: str, collection: str) -> Reader:
    """What reads all fields of objects of a collection."""
    spec = Resource.model_validate(resources(system)[collection])
    zone = Options.model_validate(options()).zone
    scope = tree(spec.paths, spec.fields)
    return Reader(scope, spec.reads(zone), spec.withheld, f"{NOW:%Y%m%d}")


def options(**others: Any) -> dict[str, Any]:
    """The options of a back end."""
    return {
        "urls": {"beantwoord_vraag": URL},
        "zender": SENDER,
        "ontvanger": RECEIVER,
        **others,
    }


class _Few:
    """Few of what the sample holds; ``last``: the service made last."""

    last: ClassVar[StufService]

    @classmethod
    def make(cls) -> StufService:
        cls.last = StufService(holdings(SMALL))
        return cls.last


class Bg(_Few, SampleBg):
    """The sample persons and companies."""


class Zkn(_Few, SampleZkn):
    """The sample zaken."""


class Taken(_Few, SampleTaken):
    """The sample zaken by which somebody is called back."""


_ADAPTERS: Final = {"stuf-bg": "Bg", "stuf-zkn": "Zkn", "stuf-zkn-terugbellen": "Taken"}


def source(system: str, number: int = 1, **others: Any) -> dict[str, Any]:
    """The settings of a sample back end as a source of a gateway."""
    return {
        **others,
        "number": number,
        "adapter": f"tests.support.stuf:{_ADAPTERS[system]}",
        "mapping": str(ROOT / "mappings" / system),
        "collections": "stuf",
    }


class BackEnd:
    """A back end that answers each request with what ``answers`` makes of it, and remembers what
    it was asked."""

    def __init__(self, answers: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answers(request)

    def messages(self) -> Iterator[etree._Element]:
        """The messages that were sent, without what is around them."""
        for request in self.requests:
            yield next(e for e in within(parse(request.content)) if local(e).endswith("Lv01"))

    def adapter(self, system: str, **others: Any) -> StufAdapter:
        """An adapter that asks it."""
        made = StufAdapter.create(options(**others), resources(system))
        made._transport = _Answering(self)
        made._now = lambda zone: NOW.replace(tzinfo=zone)
        return made


class _Answering(httpx.AsyncBaseTransport):
    def __init__(self, answers: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answers = answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        found = self._answers(request)
        return httpx.Response(
            found.status_code, headers=found.headers, stream=httpx.ByteStream(found.content)
        )


def soap(message: str, version: str = "http://schemas.xmlsoap.org/soap/envelope/") -> bytes:
    """A message in an envelope."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{version}"><s:Body>'
        f"{message}</s:Body></s:Envelope>"
    ).encode()


def la01(
    objects: str, *, sector: str = BG, entity: str = "NPS", more: str = "false", extra: str = ""
) -> bytes:
    """An answer with these objects, of which elements without a prefix are of the sector."""
    return soap(
        f'<{entity.lower()}La01 xmlns="{sector}" xmlns:StUF="{STUF}" xmlns:BG="{BG}"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<stuurgegevens><StUF:berichtcode>La01</StUF:berichtcode></stuurgegevens>"
        "<parameters><StUF:indicatorVervolgvraag>"
        f"{more}</StUF:indicatorVervolgvraag></parameters>{extra}"
        f"<antwoord>{objects}</antwoord></{entity.lower()}La01>"
    )


def fault(code: str, text: str = "Het ging mis") -> bytes:
    """A Fo02 message in a fault of SOAP."""
    return soap(
        f"<s:Fault><faultcode>s:Server</faultcode><faultstring>{text}</faultstring><detail>"
        f'<Fo02Bericht xmlns="{STUF}"><stuurgegevens><berichtcode>Fo02</berichtcode>'
        f"</stuurgegevens><body><code>{code}</code><plek>server</plek>"
        f"<omschrijving>{text}</omschrijving></body></Fo02Bericht></detail></s:Fault>"
    )


def answering(*bodies: bytes, status: int = 200) -> BackEnd:
    """A back end that gives these answers in this order, the last of them ever after."""
    left = list(bodies)
    return BackEnd(
        lambda _: httpx.Response(status, content=left.pop(0) if len(left) > 1 else left[0])
    )
