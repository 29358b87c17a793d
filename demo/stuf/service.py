"""A StUF back end over HTTP: it is strict about what it is asked, and answers as the standard has
it, or, for tests, as some system in the field does."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .changes import CHANGING, Changes
from .data import Holdings, Thing
from .deviations import TREE, WIRE
from .messages import (
    SECTORS,
    ZDS,
    Fo,
    Question,
    answered,
    enveloped,
    fault_message,
    keys_of,
    name,
    question,
    soap_fault,
)

SOAP: Final[Mapping[str, str]] = {
    "text/xml": "http://schemas.xmlsoap.org/soap/envelope/",
    "application/soap+xml": "http://www.w3.org/2003/05/soap-envelope",
}
SORTINGS: Final[Mapping[str, Mapping[int, str]]] = {
    "NPS": {8: "inp.bsn"},
    "NNP": {1: "inn.nnpId", 16: "rps.isEigenaarVan/"},
    "MAC": {1: "kvkNummer"},
    "VES": {1: "vestigingsNummer", 9: "oefentActiviteitenUitVoor/"},
    "ZAK": {1: "identificatie", 9: "heeftAlsInitiator/"},
}
"""The sortings that there are, and what the path of a criterion then begins with."""

PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)
_ZONE: Final = ZoneInfo("Europe/Amsterdam")


class Schemas:
    """The official schemas, in a folder with one file for each namespace and profile."""

    FILES: Final = {
        "bg": "bg0310-p32/egem_nl_stuf_sector_bg_0310.xsd",
        "zkn": "zkn0310-p26-zds12/egem_nl_stuf_sector_zkn_0310.xsd",
        # With the free messages of Zaak- en Documentservices 1.1, which the newer one has not.
        "free": "zkn0310-p22-zds11/egem_nl_stuf_sector_zkn_0310.xsd",
        "zds": "zkn0310-p26-zds12/stufstandaarden_nl_koppelvlak_zds0120.xsd",
    }

    def __init__(self, folder: Path) -> None:
        self._schemas = {
            which: etree.XMLSchema(etree.parse(str(folder / file)))
            for which, file in self.FILES.items()
        }

    def wrong(self, message: etree._Element, sector: str) -> str:
        """What is wrong with a message, `""` when nothing is."""
        free = "free" if "_D" in message.tag else sector
        schema = self._schemas["zds" if ZDS in message.tag else free]
        alone = etree.fromstring(etree.tostring(message))
        return "" if schema.validate(alone) else str(schema.error_log)


class StufService:
    """One installation, with a service for each sector.

    `schemas`: by which questions are checked, and answers too; without them only what the service
    itself needs is. `deviations`: in what it is not as the standard has it, by name. `account`:
    the name and password of who may ask. `most`: so many objects an answer has at most.
    """

    def __init__(
        self,
        holdings: Holdings,
        schemas: Schemas | None = None,
        deviations: Collection[str] = (),
        account: tuple[str, str] | None = None,
        selection: str = "prefix",
        most: int = 15,
    ) -> None:
        self.holdings = holdings
        self.schemas = schemas
        self.deviations = frozenset(deviations)
        self.account = account
        self.selection = selection
        self.most = most
        self.asked: list[str] = []
        self.changes = Changes()
        self._references: set[tuple[str, str]] = set()

    def app(self) -> Starlette:
        """The application."""
        path = "/{sector}/services/{port}"
        return Starlette(routes=[Route(path, self._endpoint, methods=["POST"])])

    async def _endpoint(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0]
        sector = request.path_params["sector"]
        there = sector in SECTORS and request.path_params["port"] in ("BeantwoordVraag", *CHANGING)
        if kind not in SOAP or not there:
            return Response(status_code=415 if there else 404)
        version = SOAP[kind]
        if "soap-1.2-answers" in self.deviations:
            version = SOAP["application/soap+xml"]
        status, message = 200, None
        try:
            envelope = etree.fromstring(await request.body(), PARSER)
            if envelope.tag != f"{{{SOAP[kind]}}}Envelope":
                raise Fo("StUF055", "Envelop past niet bij Content-Type")
            self._enter(envelope)
            root = next(iter(envelope.iterfind("{*}Body/*")), envelope)
            ports = {"BeantwoordVraag": self._answer} | dict.fromkeys(CHANGING, self._change)
            message = ports[request.path_params["port"]](root, sector, _action(request))
        except etree.XMLSyntaxError:
            return _xml(soap_fault(version, "s:Client", "Geen XML"), version, 500)
        except PermissionError:
            fault = soap_fault(version, "wsse:FailedAuthentication", "Geen toegang")
            return _xml(enveloped(version, [fault]), version, 500)
        except Fo as fault:
            status = 500
            asynchronous = request.path_params["port"] == "OntvangAsynchroon"
            message = self._fault(version, fault, "Fo03" if asynchronous else "Fo02")
        for deviation in self.deviations & TREE.keys():
            message = TREE[deviation](message)
        response = _xml(enveloped(version, [message]), version, status)
        for deviation in self.deviations & WIRE.keys():
            response = WIRE[deviation](response)
        return response

    def _enter(self, envelope: etree._Element) -> None:
        """Raises `PermissionError` for who may not ask, or asked too long ago."""
        if self.account is None:
            return
        given = {name(e): e.text or "" for e in envelope.iterfind("{*}Header/{*}Security//*")}
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        who = (given.get("Username"), given.get("Password"))
        if who != self.account or not given["Created"] <= now < given["Expires"]:
            raise PermissionError

    def _answer(self, root: etree._Element, sector: str, action: str) -> etree._Element:
        namespace = SECTORS[sector]
        if self.schemas is not None:
            wrong = self.schemas.wrong(root, sector)
            if wrong:
                raise Fo("StUF055", wrong)
        asked = question(root, namespace)
        self._check(root, asked, action)
        self.changes.read(self.holdings)
        self.asked.append(f"{name(root)} {' '.join(asked.criteria)}")
        found, more = self._found(asked)
        message = answered(root, asked, found, more, _moment())
        if self.schemas is not None:
            wrong = self.schemas.wrong(message, sector)
            if wrong:
                raise AssertionError(f"een antwoord dat niet klopt: {wrong}")
        return message

    def _change(self, root: etree._Element, sector: str, action: str) -> etree._Element:
        if self.schemas is not None and (wrong := self.schemas.wrong(root, sector)):
            raise Fo("StUF055", wrong)
        sender = root.findtext("*/{*}zender/{*}applicatie") or ""
        reference = root.findtext("*/{*}referentienummer") or ""
        self._known(sender, reference)
        message = self.changes.answered(root, action, reference, _moment())
        self.asked.append(f"{name(root)} {action}")
        self.changes.read(self.holdings, asked=False)
        return message

    def _known(self, sender: str, reference: str) -> None:
        if sender != "KIA-GATEWAY":
            raise Fo("StUF013", "Zender onbekend")
        if (sender, reference) in self._references:
            raise Fo("StUF016", "Referentienummer niet uniek")
        self._references.add((sender, reference))

    def _check(self, root: etree._Element, asked: Question, action: str) -> None:
        operation = name(root)
        self._known(asked.sender, asked.reference)
        allowed = {operation}
        if operation == "zakLv01" and "identificatie" in asked.criteria:
            allowed.add("geefZaakdetails_Lv01")
        if "own-soap-actions" in self.deviations:
            allowed = {one.upper() for one in allowed}
        if action not in allowed:
            raise Fo("StUF022", "SOAPAction onbekend")
        plain = operation == f"{asked.entity.lower()}Lv01"
        if "only-zds-1.2" in self.deviations and plain:
            raise Fo("StUF040", "Combinatie niet ondersteund", "server")
        if asked.entity not in SORTINGS or not asked.criteria:
            raise Fo("StUF040", "Combinatie niet ondersteund", "server")
        if asked.sorting and asked.sorting not in SORTINGS[asked.entity]:
            raise Fo("StUF133", "Sortering niet ondersteund", "server")
        if asked.sorting and "no-sortings" in self.deviations:
            raise Fo("StUF133", "Sortering niet ondersteund", "server")
        if asked.again and not asked.after:
            raise Fo("StUF103", "start ontbreekt")

    def _found(self, asked: Question) -> tuple[list[Thing], bool]:
        """The objects of an answer, and whether there are more."""
        begins = SORTINGS[asked.entity].get(asked.sorting, "")
        counts = any(path.startswith(begins) for path in asked.criteria)
        criteria = asked.criteria if counts and "ignores-criteria" not in self.deviations else {}
        things = self.holdings.of(
            asked.entity,
            [(keys_of(path, asked.subject, self.selection), v) for path, v in criteria.items()],
        )
        if not things and "not-found-is-a-fault" in self.deviations:
            raise Fo("StUF064", "Object niet gevonden", "server")
        if "all-at-once" in self.deviations:
            return things, False
        if asked.again and "no-second-page" in self.deviations:
            raise Fo("StUF058", "Vervolgvraag niet mogelijk", "server")
        if asked.again and "first-page-for-ever" not in self.deviations:
            place = next(n for n, t in enumerate(things, 1) if _is(t, asked.after))
            things = things[place:]
        most = min(asked.most, self.most)
        return things[:most], len(things) > most

    def _fault(self, version: str, fault: Fo, code: str) -> etree._Element:
        message = fault_message(fault, code)
        if "fault-without-soap" in self.deviations:
            return message
        place = "s:Client" if fault.place == "client" else "s:Server"
        if "fault-codes-of-its-own" in self.deviations:
            place = f"s:{fault.code}"
        return soap_fault(version, place, fault.text, [message])


def _moment() -> str:
    return datetime.now(_ZONE).strftime("%Y%m%d%H%M%S%f")[:17]


def _is(thing: Thing, keys: tuple[str, ...]) -> bool:
    return thing.key in keys or thing.values.get("identificatie") in keys


def _action(request: Request) -> str:
    """The operation that is asked for, out of the header or the type of the body."""
    given = request.headers.get("soapaction")
    if given is None:
        given = request.headers.get("content-type", "").partition("action=")[2]
    return given.strip('"').rpartition("/")[2]


def _xml(root: etree._Element, version: str, status: int) -> Response:
    kind = next(kind for kind, namespace in SOAP.items() if namespace == version)
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return Response(body, status, media_type=f"{kind}; charset=utf-8")
