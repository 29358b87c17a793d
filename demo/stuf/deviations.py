"""In what back ends in the field differ from the standard: by name what is done to an answer.

What a back end does otherwise before there is an answer stands in `service`, under such names too.
"""

from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree
from starlette.responses import Response

from .messages import BG, ENTITY, NIL, NO_VALUE, STUF, ZKN, name

Tree = Callable[[etree._Element], etree._Element]
Wire = Callable[[Response], Response]

_DATES: Final = ("overlijdensdatum", "datumEinde", "einddatum", "startdatum")
_LENGTHS: Final = (8, 12, 14, 16, 17)


def _each(change: Callable[[etree._Element], None]) -> Tree:
    """A change of every element."""

    def changed(message: etree._Element) -> etree._Element:
        for element in list(message.iter()):
            change(element)
        return message

    return changed


def _wrapped(message: etree._Element) -> etree._Element:
    made = etree.Element("{http://tempuri.org/}Lv01Response")
    made.append(message)
    return made


def _backwards(element: etree._Element) -> None:
    if element.tag in (f"{{{BG}}}object", f"{{{ZKN}}}object"):
        element[:] = list(reversed(element))


def _plain(message: etree._Element) -> etree._Element:
    for element in message.iter():
        element.tag = name(element)
    etree.cleanup_namespaces(message)
    return message


def _scattered(message: etree._Element, depth: int = 0) -> etree._Element:
    """The same elements, each with a prefix of its own."""
    namespace = etree.QName(message).namespace
    made = etree.Element(message.tag, nsmap={f"n{depth}": namespace} if namespace else None)
    made.text = message.text
    made.attrib.update(message.attrib)
    made.extend([_scattered(child, depth + 1) for child in message])
    return made


def _without(*names: str) -> Tree:
    def changed(message: etree._Element) -> etree._Element:
        for element in list(message.iter()):
            parent = element.getparent()
            if name(element) in names and parent is not None:
                parent.remove(element)
        return message

    return changed


def _with_text(text: str, *names: str) -> Tree:
    def change(element: etree._Element) -> None:
        if name(element) in names and not len(element):
            element.text = text

    return _each(change)


def _empty_dates(element: etree._Element) -> None:
    if name(element) in _DATES and element.get(NIL):
        element.attrib.clear()


def _drop(attribute: str, beside: str = "") -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        if attribute in element.attrib and (not beside or beside in element.attrib):
            del element.attrib[attribute]

    return change


def _foreign_indicator(element: etree._Element) -> None:
    if name(element) == "indicatorVervolgvraag":
        element.tag = f"{{{ZKN}}}indicatorVervolgvraag"


def _fewer(message: etree._Element) -> etree._Element:
    """Whether there is more is said in a remark alone."""
    for element in list(message.iter(f"{{{STUF}}}indicatorVervolgvraag")):
        parameters = element.getparent()
        if element.text == "true" and parameters is not None:
            remark = etree.Element(parameters.tag.replace("parameters", "melding"))
            remark.text = "StUF0002: er zijn meer objecten dan teruggegeven"
            parameters.addnext(remark)
        element.text = ""
    return message


def _half_relations(message: etree._Element) -> etree._Element:
    """Relations of which the other side is not told."""
    for other in list(message.iter("{*}gerelateerde")):
        relation = other.getparent()
        assert relation is not None
        etree.SubElement(relation, other.tag.replace("gerelateerde", "toelichting")).set(
            NIL, "true"
        )
        relation.remove(other)
    return message


def _odd_kvk(element: etree._Element) -> None:
    if name(element) == "kvkNummer" and element.text:
        element.text = f"0{element.text}"


def _no_streets(element: etree._Element) -> None:
    if name(element) == "gor.straatnaam":
        element.text = None


def _nothing(inner: bool) -> Tree:
    """That nothing was found is said with an element of which there is nothing in it."""

    def changed(message: etree._Element) -> etree._Element:
        if name(message).endswith("La01") and message.find("{*}antwoord") is None:
            namespace = etree.QName(message[0]).namespace
            given = etree.SubElement(message, f"{{{namespace}}}antwoord")
            if inner:
                etree.SubElement(given, f"{{{namespace}}}object")
        return message

    return changed


def _extra(element: etree._Element) -> None:
    if name(element) == "object":
        extra = etree.SubElement(element, f"{{{STUF}}}extraElementen")
        one = etree.SubElement(extra, f"{{{STUF}}}extraElement")
        one.set("naam", "inp.bsn")
        one.text = "e-mail,telefoon"


def _moments(message: etree._Element) -> etree._Element:
    """Moments of every length, of the same day."""
    found = [e for e in message.iter() if name(e) == "registratiedatum" and e.text]
    for n, element in enumerate(found):
        element.text = f"{element.text}{'0' * 9}"[: _LENGTHS[n % len(_LENGTHS)]]
    return message


def _withheld(element: etree._Element) -> None:
    if name(element) in ("verblijfsadres", "inp.indicatieGeheim"):
        element[:] = []
        element.text = None
        element.set(NO_VALUE, "nietGeautoriseerd")


def _qualified(element: etree._Element) -> None:
    if name(element) in ("faultcode", "faultstring", "detail"):
        parent = element.getparent()
        assert parent is not None
        element.tag = f"{{{etree.QName(parent).namespace}}}{name(element)}"


TREE: Final[Mapping[str, Tree]] = {
    "wrapped": _wrapped,
    "backwards": _each(_backwards),
    "no-namespaces": _plain,
    "scattered-namespaces": _scattered,
    "empty-dates": _each(_empty_dates),
    "no-entities": _each(_drop(ENTITY)),
    "indicator-of-zkn": _each(_foreign_indicator),
    "cross-reference-000": _with_text("000", "crossRefnummer"),
    "no-cross-reference": _without("crossRefnummer"),
    "day-as-moment": _with_text("20260105", "tijdstipBericht"),
    "long-numbers": _with_text(f"|{'0123456789' * 6}||12", "referentienummer"),
    "long-texts": _with_text("Het ging niet. " * 52, "omschrijving"),
    "half-relations": _half_relations,
    "odd-kvk": _each(_odd_kvk),
    "fewer-than-asked": _fewer,
    "no-streets": _each(_no_streets),
    "empty-answer": _nothing(inner=False),
    "empty-object": _nothing(inner=True),
    "extra-elements": _each(_extra),
    "moments": _moments,
    "no-value-without-nil": _each(_drop(NIL, beside=NO_VALUE)),
    "nil-without-no-value": _each(_drop(NO_VALUE, beside=NIL)),
    "withheld": _each(_withheld),
    "qualified-faults": _each(_qualified),
}


def _page(status: int) -> Wire:
    page = "<html><body><h1>Er ging iets mis</h1></body></html>"
    return lambda _: Response(page, status, media_type="text/html")


def _bytes(change: Callable[[bytes], bytes]) -> Wire:
    return lambda response: Response(
        change(bytes(response.body)), response.status_code, media_type=response.media_type
    )


_POLICY: Final = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    "<s:Fault><faultcode>s:Server</faultcode><faultstring>Policy Falsified</faultstring></s:Fault>"
    "</s:Body></s:Envelope>"
)

WIRE: Final[Mapping[str, Wire]] = {
    "byte-order-mark": _bytes(lambda body: b"\xef\xbb\xbf" + body),
    "undeclared-prefix": _bytes(lambda body: body.replace(b"StUF:noValue", b"stuf:noValue")),
    "web-page": _page(500),
    "web-page-as-answer": _page(200),
    "unavailable": _page(503),
    "policy": lambda _: Response(_POLICY, 500, media_type="text/xml"),
    "no-content": lambda _: Response(status_code=204),
}
