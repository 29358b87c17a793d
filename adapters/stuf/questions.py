"""Questions: Lv01 messages, made element by element, never as text.

Elements stand in the order that the schemas have. Of ``scope`` only what is needed is asked, for
much of what these registrations hold is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree
from pydantic import Field

from adapters.settings import Closed
from adapters.stuf.names import BG, ENTITY, NIL, STUF, XSI, ZDS, ZKN, named
from adapters.stuf.paths import Node, Path
from adapters.stuf.values import written

_KEY: Final = named(STUF, "sleutelOntvangend")
PREFIXES: Final = {"BG": BG, "ZKN": ZKN, "StUF": STUF, "xsi": XSI}
"""What namespaces are written as."""


class Party(Closed):
    """A system, as it is named in ``zender`` and ``ontvanger``. The lengths are those of the
    schema."""

    organisatie: str = Field("", max_length=200)
    applicatie: str = Field(min_length=3, max_length=50)
    administratie: str = Field("", max_length=50)
    gebruiker: str = Field("", max_length=100)


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked for: the root element of the message and its SOAPAction."""

    root: str
    action: str

    @property
    def name(self) -> str:
        """The name of the operation, by which its SOAPAction can be set."""
        return self.action.rpartition("/")[2]

    @property
    def is_zds(self) -> bool:
        """Whether the message is one of Zaak- en Documentservices 1.2."""
        return self.root.startswith("{" + ZDS)


@dataclass(frozen=True, slots=True)
class Criterion:
    """An element, and what it has to be. ``marked``: the name and value of an extra element in the
    relation that the path begins with."""

    path: Path
    value: str
    marked: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class After:
    """The place from which to go on: behind the object with this key. ``source_key``: the source's
    own, if it gave one."""

    path: Path
    key: str
    source_key: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question about objects of an entity in a sector (a namespace). ``most``: of objects in
    the answer."""

    operation: Operation
    sector: str
    entity: str
    sorting: int
    criteria: Sequence[Criterion]
    scope: Node
    most: int | None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a message itself: who sends it to whom, its number, and when that was."""

    sender: Party
    receiver: Party
    reference: str
    at: datetime


def message(question: Question, stamp: Stamp) -> etree._Element:
    """The message that asks it."""
    used = PREFIXES | ({"ZDS": ZDS} if question.operation.is_zds else {})
    root = etree.Element(question.operation.root, nsmap=used)
    root.append(stuurgegevens(question.sector, "Lv01", stamp, entity=question.entity))
    root.append(_parameters(question))
    equal = _entity(root, question, "gelijk")
    for criterion in question.criteria:
        _criterion(equal, criterion)
    scope = etree.SubElement(root, named(question.sector, "scope"))
    _wanted(_entity(scope, question, "object"), question.scope)
    if question.after is not None:
        start = etree.SubElement(root, named(question.sector, "start"))
        last = _entity(start, question, "object")
        if question.after.source_key is not None:
            last.set(_KEY, question.after.source_key)
        _descend(last, question.after.path).text = question.after.key
    return root


def stuurgegevens(
    namespace: str, code: str, stamp: Stamp, *, entity: str = "", function: str = ""
) -> etree._Element:
    """What a message says of itself. ``namespace``: of the element; ``code``: the berichtcode;
    ``entity`` or ``function``: what it is about."""
    made = etree.Element(named(namespace, "stuurgegevens"))
    _stuf(made, "berichtcode", code)
    for name, party in (("zender", stamp.sender), ("ontvanger", stamp.receiver)):
        element = etree.SubElement(made, named(STUF, name))
        for part, value in party.model_dump().items():
            if value:
                _stuf(element, part, value)
    _stuf(made, "referentienummer", stamp.reference)
    _stuf(made, "tijdstipBericht", written(stamp.at))
    for name, value in (("entiteittype", entity), ("functie", function)):
        if value:
            _stuf(made, name, value)
    return made


def _parameters(question: Question) -> etree._Element:
    made = etree.Element(named(question.sector, "parameters"))
    _stuf(made, "sortering", str(question.sorting))
    _stuf(made, "indicatorVervolgvraag", "false" if question.after is None else "true")
    if question.most is not None:
        _stuf(made, "maximumAantal", str(question.most))
    return made


def _stuf(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, named(STUF, name)).text = value


def _entity(parent: etree._Element, question: Question, name: str) -> etree._Element:
    made = etree.SubElement(parent, named(question.sector, name))
    made.set(ENTITY, question.entity)
    return made


def _criterion(parent: etree._Element, criterion: Criterion) -> None:
    element = _descend(parent, criterion.path)
    element.text = criterion.value
    if criterion.marked is not None:
        name, value = criterion.marked
        relation = _descend(parent, criterion.path[:1])
        extra = etree.SubElement(
            etree.SubElement(relation, named(STUF, "extraElementen")), named(STUF, "extraElement")
        )
        extra.set("naam", name)
        extra.text = value


def _descend(parent: etree._Element, path: Path) -> etree._Element:
    """The element at a path, which is made as far as it is not there."""
    element = parent
    for step in path:
        found = element.find(step.tag)
        element = etree.SubElement(element, step.tag) if found is None else found
        if step.entity is not None:
            element.set(ENTITY, step.entity)
    return element


def _wanted(parent: etree._Element, node: Node) -> None:
    for step, inner in node.inner.items():
        made = etree.SubElement(parent, step.tag)
        if step.entity is not None:
            made.set(ENTITY, step.entity)
        if inner.name is not None:
            made.set(NIL, "true")
        _wanted(made, inner)
