"""The messages of a StUF back end: what a question asks, and an answer or a fault as elements.

Made from the standard alone (StUF 03.01), with nothing of the adapter that asks: so what one of the
two has wrong does not look right to the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from lxml import etree

from demo.index import Keys

from .data import INITIATOR, KINDS, PREFIXES, RELATED, RELATIONS, Thing, by

STUF: Final = "http://www.egem.nl/StUF/StUF0301"
BG: Final = "http://www.egem.nl/StUF/sector/bg/0310"
ZKN: Final = "http://www.egem.nl/StUF/sector/zkn/0310"
ZDS: Final = "http://www.stufstandaarden.nl/koppelvlak/zds0120"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
SECTORS: Final[Mapping[str, str]] = {"bg": BG, "zkn": ZKN}
PREFIXED: Final = {"StUF": STUF, "BG": BG, "ZKN": ZKN, "xsi": XSI}

ENTITY: Final = f"{{{STUF}}}entiteittype"
NO_VALUE: Final = f"{{{STUF}}}noValue"
NIL: Final = f"{{{XSI}}}nil"
SCOPE: Final = f"{{{STUF}}}scope"
_GIVEN_KEY: Final = f"{{{STUF}}}sleutelVerzendend"
_ASKED_KEY: Final = f"{{{STUF}}}sleutelOntvangend"


def name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


@dataclass(frozen=True)
class Fo(Exception):
    """A fault of StUF."""

    code: str
    text: str = ""
    place: str = "client"


@dataclass(frozen=True)
class Question:
    """What an Lv01 message asks. `criteria`: by path; `after`: the key of the last object, by
    whichever of its keys; `scope`: the wanted object, as it was asked for."""

    entity: str
    sector: str
    reference: str
    sender: str
    sorting: int
    most: int
    criteria: Mapping[str, str]
    subject: str
    scope: etree._Element
    again: bool
    after: tuple[str, ...] = field(default=())


def question(root: etree._Element, sector: str) -> Question:
    """What is asked. Raises `Fo`."""
    parts = {name(part): part for part in root}
    if not {"stuurgegevens", "parameters", "gelijk", "scope"} <= parts.keys():
        raise Fo("StUF055", "Berichtbody is niet conform schema")
    who = {name(e): (e.text or "") for e in parts["stuurgegevens"].iter()}
    how = {name(e): (e.text or "") for e in parts["parameters"]}
    equal = parts["gelijk"]
    scope = next(iter(parts["scope"]), None)
    if scope is None or (not len(scope) and SCOPE not in scope.attrib):
        raise Fo("StUF058", "scope zonder elementen", "server")
    after: tuple[str, ...] = ()
    if "start" in parts:
        last = parts["start"][0]
        numbers = (e.text or "" for e in last.iter() if not len(e))
        after = (last.get(_ASKED_KEY, ""), *numbers)
    sender = next((e.text or "" for e in parts["stuurgegevens"].iter(f"{{{STUF}}}applicatie")), "")
    marks = (e.text or "" for e in equal.iter(f"{{{STUF}}}extraElement"))
    return Question(
        entity=equal.get(ENTITY, ""),
        sector=sector,
        reference=who.get("referentienummer", ""),
        sender=sender,
        sorting=int(how.get("sortering") or 0),
        most=int(how.get("maximumAantal") or 15),
        criteria=dict(_criteria(equal)),
        subject=next(marks, ""),
        scope=scope,
        again=how.get("indicatorVervolgvraag") == "true",
        after=after,
    )


def _criteria(element: etree._Element, before: str = "") -> Iterator[tuple[str, str]]:
    for child in element:
        path = before + name(child)
        if name(child) == "extraElementen":
            continue
        if len(child):
            yield from _criteria(child, f"{path}/")
        else:
            yield path, child.text or ""


def keys_of(path: str, subject: str, selection: str) -> Keys[Thing]:
    """Under what a criterion of this path finds an object. `subject`: what the question says that
    an initiator is; `selection`: how the initiator of a zaak is known."""
    return _initiators(subject, selection) if path == f"{INITIATOR}/identificatie" else by(path)


@cache
def _initiators(subject: str, selection: str) -> Keys[Thing]:
    return lambda thing: _identifications(thing, subject, selection)


def _identifications(thing: Thing, subject: str, selection: str) -> Iterator[str]:
    for kind, code in PREFIXES.items():
        for path, value in thing.values.items():
            if path.startswith(f"{INITIATOR}/{kind}/"):
                if selection == "prefix":
                    yield code + value
                elif selection == "cut":
                    # As one that takes off the first digit of the code, and looks for the rest.
                    continue
                elif selection == "bare" or subject == KINDS[kind]:
                    yield value


def answered(
    root: etree._Element, asked: Question, found: Sequence[Thing], more: bool, moment: str
) -> etree._Element:
    """The La01 message with these objects, to the question in `root`."""
    made = etree.Element(root.tag.replace("Lv01", "La01"), nsmap=PREFIXED)
    head = _part(made, asked.sector, "stuurgegevens")
    _stuf(head, "berichtcode", "La01")
    turned(head, root)
    _stuf(head, "referentienummer", f"antwoord-{moment}")
    _stuf(head, "tijdstipBericht", moment)
    _stuf(head, "crossRefnummer", asked.reference)
    _stuf(head, "entiteittype", asked.entity)
    _stuf(_part(made, asked.sector, "parameters"), "indicatorVervolgvraag", str(more).lower())
    given = _part(made, asked.sector, "antwoord") if found else made
    for thing in found:
        element = _part(given, asked.sector, "object")
        element.set(ENTITY, asked.entity)
        element.set(_GIVEN_KEY, thing.key)
        if asked.scope.get(SCOPE):
            _all(element, thing, asked.sector)
        else:
            _asked(element, asked.scope, thing)
    return made


def _asked(parent: etree._Element, scope: etree._Element, thing: Thing, before: str = "") -> None:
    """The elements that are asked for, with what the object has for them."""
    for wanted in scope:
        path = before + name(wanted)
        if len(wanted):
            if any(known.startswith(f"{path}/") for known in thing.values):
                inner = etree.SubElement(parent, wanted.tag)
                if ENTITY in wanted.attrib:
                    inner.set(ENTITY, wanted.attrib[ENTITY])
                _asked(inner, wanted, thing, f"{path}/")
                _authentic(inner)
        else:
            made = etree.SubElement(parent, wanted.tag)
            if path in thing.values:
                made.text = thing.values[path]
            else:
                made.set(NIL, "true")
                made.set(NO_VALUE, "geenWaarde")


def _all(parent: etree._Element, thing: Thing, sector: str) -> None:
    """Everything that is known of an object."""
    for path, value in thing.values.items():
        element, entity, namespace = parent, thing.entity, sector
        for step in path.split("/"):
            tag = f"{{{namespace}}}{step}"
            found = element.find(tag)
            element = etree.SubElement(element, tag) if found is None else found
            if step == "gerelateerde":
                entity = RELATED.get(entity, "")
            else:
                entity = RELATIONS.get((entity, step)) or KINDS.get(step, "")
            if entity and step not in path.rpartition("/")[2:]:
                element.set(ENTITY, entity)
            if step in KINDS:
                namespace = BG
        element.text = value
    for element in list(parent.iter()):
        _authentic(element)


def _authentic(element: etree._Element) -> None:
    """Within a zaak the schema wants to know of a number whether it is that of the registration."""
    if name(element) in KINDS and f"{{{ZKN}}}" in element.tag:
        made = etree.Element(f"{{{BG}}}authentiek")
        made.text = "J"
        made.set(f"{{{STUF}}}metagegeven", "true")
        element.insert(1, made)


def _part(parent: etree._Element, sector: str, part: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{sector}}}{part}")


def _stuf(parent: etree._Element, part: str, value: str) -> None:
    etree.SubElement(parent, f"{{{STUF}}}{part}").text = value


def turned(head: etree._Element, root: etree._Element) -> None:
    """Who answers whom, the other way round than in a message."""
    for one, other in (("zender", "ontvanger"), ("ontvanger", "zender")):
        for party in root.iter(f"{{{STUF}}}{other}"):
            made = etree.SubElement(head, f"{{{STUF}}}{one}")
            for part in party:
                _stuf(made, name(part), part.text or "")


def receipt(root: etree._Element, code: str, reference: str, moment: str) -> etree._Element:
    """A Bv message: `code` says whether something was done or only came."""
    made = etree.Element(f"{{{STUF}}}{code}Bericht", nsmap={"StUF": STUF})
    head = etree.SubElement(made, f"{{{STUF}}}stuurgegevens")
    _stuf(head, "berichtcode", code)
    turned(head, root)
    _stuf(head, "referentienummer", f"antwoord-{moment}")
    _stuf(head, "tijdstipBericht", moment)
    _stuf(head, "crossRefnummer", reference)
    return made


def numbered(root: etree._Element, reference: str, moment: str, number: str) -> etree._Element:
    """The Du02 message with the number of a new zaak."""
    namespace = etree.QName(root).namespace or ZKN
    made = etree.Element(root.tag.replace("Di02", "Du02"), nsmap={"StUF": STUF, "ZKN": ZKN})
    head = _part(made, namespace, "stuurgegevens")
    _stuf(head, "berichtcode", "Du02")
    turned(head, root)
    _stuf(head, "referentienummer", f"antwoord-{moment}")
    _stuf(head, "tijdstipBericht", moment)
    _stuf(head, "crossRefnummer", reference)
    _stuf(head, "functie", "genereerZaakidentificatie")
    zaak = _part(made, namespace, "zaak")
    zaak.set(ENTITY, "ZAK")
    zaak.set(f"{{{STUF}}}functie", "entiteit")
    _part(zaak, ZKN, "identificatie").text = number
    return made


def fault_message(fault: Fo, code: str = "Fo02") -> etree._Element:
    """The message of a fault."""
    made = etree.Element(f"{{{STUF}}}{code}Bericht", nsmap={"StUF": STUF})
    head = etree.SubElement(made, f"{{{STUF}}}stuurgegevens")
    _stuf(head, "berichtcode", code)
    body = etree.SubElement(made, f"{{{STUF}}}body")
    for part, value in (("code", fault.code), ("plek", fault.place)):
        _stuf(body, part, value)
    _stuf(body, "omschrijving", fault.text[:200] or "Fout")
    return made


def enveloped(version: str, body: Iterable[etree._Element]) -> etree._Element:
    """An envelope of SOAP; `version`: its namespace."""
    made = etree.Element(f"{{{version}}}Envelope", nsmap={"s": version})
    etree.SubElement(made, f"{{{version}}}Body").extend(body)
    return made


def soap_fault(version: str, code: str, text: str, detail: Iterable[etree._Element] = ()) -> (
    etree._Element
):  # fmt: skip
    """A fault of SOAP, of the version with this namespace."""
    made = etree.Element(f"{{{version}}}Fault", nsmap={"s": version})
    if "2003" in version:
        of_12 = "s:Sender" if code == "s:Client" else "s:Receiver" if code == "s:Server" else code
        value = etree.SubElement(
            etree.SubElement(made, f"{{{version}}}Code"), f"{{{version}}}Value"
        )
        value.text = of_12
        reason = etree.SubElement(made, f"{{{version}}}Reason")
        etree.SubElement(reason, f"{{{version}}}Text").text = text
        etree.SubElement(made, f"{{{version}}}Detail").extend(detail)
    else:
        etree.SubElement(made, "faultcode").text = code
        etree.SubElement(made, "faultstring").text = text
        etree.SubElement(made, "detail").extend(detail)
    return made
