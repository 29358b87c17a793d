"""The class that a supplier's test derives from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
import pytest
import yaml

from adapters.base import Adapter
from adapters.conditions import Record
from adapters.wiring import Rewired
from gateway.kit import declared, failures, filters, meaning, pages, relations, writes
from gateway.kit.findings import NotDeclared
from gateway.kit.subject import Scope, Subject
from gateway.kit.weather import Weather
from gateway.kit.writing import News
from gateway.mapping.load import Source, load
from gateway.mapping.samples import samples
from gateway.mapping.stream import Stream


@dataclass
class Bench:
    """What a behaviour is shown on: a fresh adapter, over its weather if it calls over HTTP."""

    subject: Subject
    weather: Weather | None
    mapping: Callable[[], Sequence[Stream]]
    secrets: Sequence[str]
    news: News

    @cached_property
    def streams(self) -> Sequence[Stream]:
        """The streams of the mapping. Raises ``DocumentError`` with what is wrong in it."""
        return self.mapping()

    def wind(self) -> Weather:
        """The weather. Raises ``NotDeclared`` for what does not call over HTTP."""
        if self.weather is None:
            raise NotDeclared("it does not call over HTTP")
        return self.weather


Behaviour = Callable[[Bench], Awaitable[None]]

BEHAVIOURS: Final[Mapping[str, tuple[str, Behaviour]]] = {
    "declares": (
        "the capabilities name fields and collections that there are",
        lambda b: declared.coherent(b.subject),
    ),
    "checks": ("`check` finds the source well", lambda b: b.subject.adapter.check()),
    "whole": (
        "a walk ends, gives each record once, and gives the same again",
        lambda b: pages.whole(b.subject),
    ),
    "fields": (
        "a question for some fields gives them as they are",
        lambda b: pages.needed_fields(b.subject),
    ),
    "filters": (
        "each declared filter leaves out nothing, and where exact gives nothing else",
        lambda b: filters.each(b.subject),
    ),
    "combined": (
        "two filters at once, and either of two, do the same",
        lambda b: filters.together(b.subject),
    ),
    "named": (
        "where a question has to name a value, what has it is found",
        lambda b: filters.named(b.subject),
    ),
    "exists": (
        "conditions on records of another collection are exact",
        lambda b: filters.over_relations(b.subject),
    ),
    "orders": (
        "each declared order is kept, absent values last, twice the same",
        lambda b: pages.sorted_lists(b.subject),
    ),
    "pages": (
        "pages of all sizes are together the list, each record once",
        lambda b: pages.paged(b.subject),
    ),
    "totals": ("a total is the number of records", lambda b: pages.totals(b.subject)),
    "places": (
        "a list goes on, and back, from the place of any record",
        lambda b: pages.places(b.subject),
    ),
    "keys": (
        "a record is had by its key, and a key of nothing gives nothing",
        lambda b: pages.by_key(b.subject),
    ),
    "along": (
        "records that come along are those that would be found",
        lambda b: relations.along(b.subject),
    ),
    "certain": (
        "a key that is certain leads to a record",
        lambda b: relations.certain(b.subject),
    ),
    "at-once": (
        "a call that is given up leaves nothing behind; many at once are answered the same",
        lambda b: failures.given_up(b.subject),
    ),
    "failures": (
        "whatever the service does is told as a failure of its kind, never as an answer",
        lambda b: failures.told(b.subject, b.wind()),
    ),
    "recovers": (
        "after a failure it works as before",
        lambda b: failures.recovered(b.subject, b.wind()),
    ),
    "discreet": (
        "no secret, value or answer in a message or in the log",
        lambda b: failures.discreet(b.subject, b.weather, b.secrets, b.news),
    ),
    "bounded": (
        "a page costs a bounded number of calls",
        lambda b: failures.bounded(b.subject, b.wind()),
    ),
    "writes": (
        "what is written is there as it was given, once; emptied when emptied, gone when deleted",
        lambda b: writes.kept(b.subject, b.news),
    ),
    "guards": (
        "a record that is as expected is changed, and one that is not is not",
        lambda b: writes.guarded(b.subject, b.news),
    ),
    "atomic": (
        "the changes of one call are all made or none, where that is declared",
        lambda b: writes.whole(b.subject, b.news),
    ),
    "natural": (
        "a natural key is of one record only",
        lambda b: writes.once(b.subject, b.news),
    ),
    "unsure": (
        "a write of which the answer was lost is unknown, and never sent again",
        lambda b: writes.unsure(b.subject, b.news, b.wind()),
    ),
    "growing": (
        "records that are made during a walk hide none",
        lambda b: writes.growing(b.subject, b.news),
    ),
    "read": (
        "every record can be read by the mapping",
        lambda b: meaning.read(b.subject, b.streams),
    ),
    "identified": (
        "every object has a uuid that leads back to its record",
        lambda b: meaning.identified(b.subject, b.streams),
    ),
    "asked": (
        "what the mapping asks for a value leaves out no record that shows it",
        lambda b: meaning.asked(b.subject, b.streams),
    ),
    "written": (
        "what a record shows can be written as it is",
        lambda b: meaning.written(b.subject, b.streams),
    ),
}
"""By name: what has to hold, and how that is refuted."""


_WRITE: Final = frozenset(
    {"writes", "guards", "atomic", "natural", "unsure", "growing", "discreet"}
)
"""Behaviours for which something may be written."""

_SEEN: Final[dict[type, dict[str, Sequence[Scope]]]] = {}


class AdapterKit:
    """Derive from it, in a test module of pytest, under a name that begins with ``Test``.

    ``adapter``: the class. ``options``: as in the configuration of the gateway. ``mapping``: the
    folder of the mapping, with ``collections.<description>.yaml`` and samples. ``without``: by
    behaviour, or ``behaviour of collection``, why it does not hold; when it holds all the same the
    kit says so. ``secrets``: what
    may never be told. ``most``: the most records of a collection that are looked at.

    What a behaviour is about and is not declared is skipped.
    """

    adapter: ClassVar[type[Adapter]]
    mapping: ClassVar[Path]
    description: ClassVar[str] = ""
    options: ClassVar[Mapping[str, Any]] = {}
    refers_to: ClassVar[Mapping[str, Sequence[str]]] = {}
    without: ClassVar[Mapping[str, str]] = {}
    secrets: ClassVar[Sequence[str]] = ()
    most: ClassVar[int] = 1000

    def make(self) -> Adapter:
        """A fresh adapter, on a source that nobody else writes in. By default from ``options`` and
        the description of the collections beside the mapping."""
        return self.adapter.create(self.options, self.described())

    def described(self) -> Mapping[str, Any]:
        """The description of the collections."""
        path = self.mapping / f"collections.{self.description}.yaml"
        return dict(yaml.safe_load(path.read_text()))

    def transport(self) -> httpx.AsyncBaseTransport | None:
        """What an adapter over HTTP calls through: an ASGI transport on a fake, a recording. None:
        whatever it calls by itself."""
        return None

    def samples(self) -> Mapping[str, Sequence[Record]]:
        """Records that the source has, for collections of which questions have to name a value. By
        default those beside the mapping."""
        return {name: document.data for name, document in samples(self.mapping).items()}

    def new(self) -> News:
        """For each collection that can be written the values of three new records that the source
        accepts, all different; where a record cannot be made but changed, values that one can be
        given. Without any nothing is written."""
        return {}

    @pytest.mark.parametrize("behaviour", BEHAVIOURS)
    def test_behaviour(self, behaviour: str) -> None:
        """One behaviour, on a fresh adapter."""
        waived = self._waived(behaviour)
        everywhere = waived.pop("", None)
        if everywhere is not None:
            assert self._refuted(behaviour) is not None, f"{behaviour} holds: waive it no more"
            pytest.skip(everywhere)
        for collection in waived:
            found = self._refuted(behaviour, frozenset([collection]))
            assert found is not None, f"{behaviour} holds for {collection}: waive it no more"
        try:
            asyncio.run(self._shown(behaviour, self._others(waived)))
        except NotDeclared as nothing:
            pytest.skip(str(nothing))

    def _waived(self, behaviour: str) -> dict[str, str]:
        """Why a behaviour does not hold, by collection; of all of them under the empty name."""
        waived: dict[str, str] = {}
        for what, reason in self.without.items():
            name, _, collection = what.partition(" of ")
            assert name in BEHAVIOURS, f"`without` names {name}: no behaviour of the kit"
            assert reason.strip(), f"`without` gives no reason for {what}"
            if name == behaviour:
                waived[collection] = reason
        return waived

    def _others(self, waived: Mapping[str, str]) -> frozenset[str] | None:
        if not waived:
            return None
        adapter = self.make()
        try:
            unknown = sorted(set(waived) - set(adapter.collections))
            assert not unknown, f"`without` names {', '.join(unknown)}: no collection"
            return frozenset(adapter.collections) - set(waived)
        finally:
            asyncio.run(adapter.close())

    def _refuted(self, behaviour: str, names: frozenset[str] | None = None) -> str | None:
        """What refutes a behaviour, ``None`` when nothing does."""
        try:
            asyncio.run(self._shown(behaviour, names))
        except NotDeclared as nothing:
            raise AssertionError(f"`without` names {behaviour}, and {nothing}") from None
        except Exception as error:
            return str(error) or type(error).__name__
        return None

    async def _shown(self, behaviour: str, names: frozenset[str] | None) -> None:
        adapter = self.make()
        try:
            writing = behaviour in _WRITE and bool(self.new())
            await BEHAVIOURS[behaviour][1](self._bench(adapter, names, writing))
        finally:
            await adapter.close()

    def _bench(self, adapter: Adapter, names: frozenset[str] | None, writing: bool) -> Bench:
        weather = None
        if isinstance(adapter, Rewired):
            weather, given = Weather(), self.transport()
            adapter.rewire(lambda usual: weather.over(given or usual()))
        known = Source("source", 1, adapter.collections, self.refers_to)
        if writing:
            _SEEN.pop(type(self), None)
        # What was asked is known from one behaviour to the next, until something is written.
        seen = {} if writing else _SEEN.setdefault(type(self), {})
        keyless = frozenset(self._waived("keys"))
        subject = Subject(adapter, self.samples(), self.most, seen, names, keyless)
        return Bench(subject, weather, lambda: load(self.mapping, known), self.secrets, self.new())
