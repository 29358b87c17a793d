"""Answers: which message came, what is in it, and the objects in it as records.

Elements are known by their name in their namespace; where there is none of these, by their name
alone, in whatever order they come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from adapters.stuf.messages import message
from adapters.stuf.names import STUF, local, texts
from adapters.stuf.paths import Node
from adapters.stuf.values import Reads, is_absent, is_withheld, no_value

_ANSWER: Final = re.compile(r"(?:.*_)?([A-Za-z]{3})La01")
_FEWER: Final = "StUF0002"
"""The remark that there is more than was given."""

_KEY: Final = f"{{{STUF}}}sleutelVerzendend"
_YES: Final = ("true", "1", "J")
_NO: Final = ("false", "0", "N")

StufRecord = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """An La01 message. ``more``: whether there are objects after these. ``reference``: the number
    of the question that it answers, where it says so."""

    objects: Sequence[etree._Element]
    more: bool
    reference: str | None


def answer(body: bytes, entity: str) -> Answer:
    """The answer in these bytes, with objects of an entity.

    Raises ``StufFault`` for a fault, ``SourceError`` for anything else that is no answer.
    """

    def of_the_entity(name: str) -> re.Match[str] | None:
        match = _ANSWER.fullmatch(name)
        return match if match and match[1].upper() == entity else None

    found, _ = message(body, of_the_entity)
    return _answer(found)


def _answer(message: etree._Element) -> Answer:
    parts = {local(part): part for part in message.iterchildren()}
    given = parts.get("antwoord")
    objects = () if given is None else [o for o in given.iterchildren() if local(o) == "object"]
    more = _texts(parts.get("parameters")).get("indicatorVervolgvraag", "")
    remarks = ("".join(texts(p)) for p in message.iterchildren() if local(p) == "melding")
    fewer = more not in _NO and any(_FEWER in remark for remark in remarks)
    reference = _texts(parts.get("stuurgegevens")).get("crossRefnummer")
    return Answer(objects, more in _YES or fewer, reference)


def _texts(element: etree._Element | None) -> Mapping[str, str]:
    if element is None:
        return {}
    return {local(one): (one.text or "").strip() for one in element.iterchildren()}


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes records of objects. ``tree``: where fields stand; ``reads``: how each is read.
    ``withheld``: what a field holds that the source keeps from who asks; absent for others.
    ``today``: as ``yyyymmdd``, a relation that ended before it is over."""

    tree: Node
    reads: Mapping[str, Reads]
    withheld: Mapping[str, str]
    today: str

    def record(self, element: etree._Element) -> StufRecord:
        """An object as a record of all fields of the tree."""
        found: StufRecord = {}
        self._read(element, self.tree, found, withheld=False)
        return found

    def _read(
        self, element: etree._Element | None, node: Node, found: StufRecord, *, withheld: bool
    ) -> None:
        for step, inner in node.inner.items():
            child = None if element is None else self._child(element, step.tag)
            if child is None and element is not None:
                child = self._child(element, step.anywhere)
            kept = withheld or (child is not None and is_withheld(child))
            if child is not None and is_absent(child):
                child = None
            if inner.name is not None:
                found[inner.name] = self._value(inner.name, child, kept)
            else:
                self._read(child, inner, found, withheld=kept)

    def _child(self, element: etree._Element, tag: str) -> etree._Element | None:
        """The first with that name that has a value and is not over, of statuses the latest; else
        the first."""
        first = None
        there: list[etree._Element] = []
        for one in element.iterchildren(tag):
            if not is_absent(one) and not self._is_over(one):
                there.append(one)
            elif first is None and no_value(one) is not None:
                first = one
        return _latest(there) if there else first

    def _is_over(self, element: etree._Element) -> bool:
        """Whether it is a relation of the past."""
        for period in element.iterchildren("{*}tijdvakRelatie"):
            for end in period.iterchildren("{*}eindRelatie"):
                return not is_absent(end) and (end.text or "").strip()[:8] < self.today
        return False

    def _value(self, name: str, element: etree._Element | None, withheld: bool) -> str | None:
        if element is None:
            return self.withheld.get(name) if withheld else None
        return self.reads[name](element, (element.text or "").strip())


def _latest(relations: Sequence[etree._Element]) -> etree._Element:
    """Of several statuses of a zaak the one that it has now: it says so, or was given last (RGBZ
    1.0, status). Of anything else the first."""
    if len(relations) == 1 or local(relations[0]) != "heeft":
        return relations[0]
    told = [_texts(one) for one in relations]
    for one, texts_in in zip(relations, told, strict=True):
        if texts_in.get("indicatieLaatsteStatus") in _YES:
            return one
    given = [texts_in.get("datumStatusGezet", "").ljust(17, "0") for texts_in in told]
    return relations[given.index(max(given))]


def has_content(element: etree._Element) -> bool:
    """Whether an object says anything: that nothing was found is also said by an empty one."""
    return any(text.strip() for text in texts(element))


def key_of_source(element: etree._Element) -> str | None:
    """The key that the source itself has for an object, by which it goes on after it."""
    return element.get(_KEY) or element.get("sleutelVerzendend")
