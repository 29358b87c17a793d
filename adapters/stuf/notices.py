"""Kennisgevingen: messages that make a zaak or give it a status, and the one that asks for a number
for it. Made element by element, in the order that the schemas have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lxml import etree

from adapters.stuf.names import BG, ENTITY, NIL, STUF, ZDS, ZKN, named
from adapters.stuf.paths import Node, Path, tree
from adapters.stuf.questions import PREFIXES, Operation, Stamp, stuurgegevens

DOING: Final = named(STUF, "verwerkingssoort")
NEW: Final = "T"
CHANGED: Final = "W"
KNOWN: Final = "I"

Setter = Literal["medewerker", "organisatorischeEenheid"]
_KINDS: Final[Mapping[Setter, tuple[str, str]]] = {
    "medewerker": ("medewerker", "MDW"),
    "organisatorischeEenheid": ("organisatorischeEenheid", "OEH"),
}

_REFERRED: Final = frozenset({"ZKT", "STT"})
"""Entities that a zaak refers to and never makes: the types of zaken and of statuses."""

_NUMBERS: Final = frozenset(named(BG, name) for name in ("inp.bsn", "inn.nnpId"))
"""Numbers of which is said, within a zaak, that a registration gave them."""

_ENTITY: Final = "ZAK"
_FUNCTION: Final = "genereerZaakidentificatie"


@dataclass(frozen=True, slots=True)
class Status:
    """What a zaak comes to. ``at``: as it is sent; ``number``: its place in the type of the zaak;
    empty where it is not known. ``by``: who gave it, and of which kind that is."""

    name: str
    at: str
    number: str = ""
    zaaktype: str = ""
    remark: str = ""
    by: str = ""
    by_kind: Setter = "medewerker"


def number_wanted(operation: Operation, stamp: Stamp) -> etree._Element:
    """The message that asks for a number for a new zaak."""
    prefix, namespace = ("ZDS", ZDS) if operation.is_zds else ("ZKN", ZKN)
    root = etree.Element(operation.root, nsmap={"StUF": STUF, prefix: namespace})
    root.append(stuurgegevens(namespace, "Di02", stamp, function=_FUNCTION))
    return root


def creation(
    operation: Operation,
    code: str,
    stamp: Stamp,
    paths: Mapping[str, Path],
    values: Mapping[str, str],
) -> etree._Element:
    """The message that makes a zaak with these values by field, as they are sent; ``paths``: where
    fields stand."""
    root = _notice(operation, code, stamp, NEW)
    _filled(_object(root, NEW), tree(paths, values), values)
    return root


def status_given(
    operation: Operation, code: str, stamp: Stamp, number: str, status: Status
) -> etree._Element:
    """The message that gives a zaak a status: what it was, and what it becomes."""
    root = _notice(operation, code, stamp, CHANGED)
    was, becomes = _object(root, CHANGED), _object(root, CHANGED)
    for one in (was, becomes):
        _zkn(one, "identificatie", number)
    if operation.is_zds:
        # There it cannot be left out: it was another.
        _entity(was, "heeft", "ZAKSTT", NEW).set(NIL, "true")
    relation = _entity(becomes, "heeft", "ZAKSTT", NEW)
    of_type = _entity(relation, "gerelateerde", "STT", KNOWN)
    for name, value in (
        ("zkt.code", status.zaaktype),
        ("volgnummer", status.number),
        ("omschrijving", status.name),
    ):
        if value:
            _zkn(of_type, name, value)
    if status.remark:
        _zkn(relation, "toelichting", status.remark)
    _zkn(relation, "datumStatusGezet", status.at)
    if status.by:
        kind, entity = _KINDS[status.by_kind]
        setter = _entity(relation, "isGezetDoor", "ZAKSTTBTR", NEW)
        related = etree.SubElement(setter, named(ZKN, "gerelateerde"))
        _zkn(_entity(related, kind, entity, NEW), "identificatie", status.by)
    return root


def _notice(operation: Operation, code: str, stamp: Stamp, kind: str) -> etree._Element:
    used = PREFIXES | ({"ZDS": ZDS} if operation.is_zds else {})
    root = etree.Element(operation.root, nsmap=used)
    root.append(stuurgegevens(ZKN, code, stamp, entity=_ENTITY))
    parameters = etree.SubElement(root, named(ZKN, "parameters"))
    etree.SubElement(parameters, named(STUF, "mutatiesoort")).text = kind
    if code == "Lk01":
        etree.SubElement(parameters, named(STUF, "indicatorOvername")).text = "V"
    return root


def _object(root: etree._Element, doing: str) -> etree._Element:
    return _entity(root, "object", _ENTITY, doing)


def _entity(parent: etree._Element, name: str, entity: str, doing: str) -> etree._Element:
    made = etree.SubElement(parent, named(ZKN, name))
    made.set(ENTITY, entity)
    made.set(DOING, doing)
    return made


def _zkn(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, named(ZKN, name)).text = value


def _filled(parent: etree._Element, node: Node, values: Mapping[str, str]) -> None:
    for step, inner in node.inner.items():
        made = etree.SubElement(parent, step.tag)
        if step.entity is not None:
            made.set(ENTITY, step.entity)
            made.set(DOING, KNOWN if step.entity in _REFERRED else NEW)
        if inner.name is not None:
            made.text = values[inner.name]
            if step.tag in _NUMBERS:
                authentic = etree.SubElement(parent, named(BG, "authentiek"))
                authentic.set(named(STUF, "metagegeven"), "true")
                authentic.text = "J"
        _filled(made, inner, values)
