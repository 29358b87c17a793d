"""SOAP 1.1 and 1.2 around a message (document/literal, WS-I Basic Profile 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from lxml import etree

from adapters.stuf.names import local, named

Version = Literal["1.1", "1.2"]

_NAMESPACES: Final[Mapping[Version, str]] = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}


def wrapped(
    message: etree._Element, version: Version, headers: Sequence[etree._Element] = ()
) -> bytes:
    """A message, with these headers of SOAP, as it is sent."""
    namespace = _NAMESPACES[version]
    envelope = etree.Element(named(namespace, "Envelope"), nsmap={"soap": namespace})
    if headers:
        header = etree.SubElement(envelope, named(namespace, "Header"))
        header.extend(headers)
        for one in headers:
            one.set(named(namespace, "mustUnderstand"), "1" if version == "1.1" else "true")
    etree.SubElement(envelope, named(namespace, "Body")).append(message)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def http_headers(action: str, version: Version, quoted: bool = True) -> Mapping[str, str]:
    """What HTTP has to say of it. ``action``: the SOAPAction, which by SOAP 1.1 (section 6.1.1)
    stands in quotes."""
    given = f'"{action}"' if quoted else action
    if version == "1.1":
        return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": given, **_ACCEPT}
    return {"Content-Type": f"application/soap+xml; charset=utf-8; action={given}", **_ACCEPT}


_ACCEPT: Final = {"Accept": "text/xml, application/soap+xml"}


def within(root: etree._Element) -> Iterator[etree._Element]:
    """The elements of an answer, without the envelope, of either version, that is around it; the
    outermost first. What there is between the body and a message differs: nothing, a fault, or
    an element of the software that answers."""
    body = root
    if local(root) == "Envelope":
        body = next((one for one in root.iterchildren() if local(one) == "Body"), root)
        yield from (element for element in body.iterdescendants())
    else:
        yield from root.iter()
