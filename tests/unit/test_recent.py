"""What was seen a moment ago: found by key, never older than it may be, and gone on a change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import cast

from adapters.base import Adapter, Collection
from adapters.conditions import ALWAYS, Record
from gateway.federation.recent import LISTS, Glance, Recent
from gateway.mapping.stream import Edge
from gateway.sources.call import now
from gateway.sources.remembered import Remembered
from gateway.sources.source import Source
from gateway.standard.model import Ref
from tests.support.clock import quick
from tests.support.streams import INTEGER, stream
from tests.unit.sources.scripted import Scripted

KLANT = Collection(frozenset(["ID", "NAAM"]), ("ID",))
LINES = Collection(frozenset(["ID", "NR"]), ("ID", "NR"))
HOLDER = stream(INTEGER, "betrokkenen")
EDGE = Edge("wasPartij", Ref("wasPartij", "partijen"), ("partijen", "s"), "KLANT_ID", ALWAYS, False)


def rows(*keys: int) -> list[Record]:
    """New records, as an answer brings them."""
    return [{"ID": key, "NAAM": "x"} for key in keys]


class Seeing:
    """What is seen of one source, by clients with some rights."""

    def __init__(self, *, fresh: float = 5, keeps: bool = True, room: int = 1_000_000) -> None:
        memory = Remembered(room) if keeps else None
        self.source = Source("kcc", cast(Adapter, Scripted()), 10, 5, memory=memory, fresh=fresh)
        self.recent = Recent(self.source, "lezer")

    def glance(self) -> Glance:
        """What one request sees."""
        return Glance(self.recent)

    def saw(self, records: Sequence[Record], collection: Collection = KLANT) -> Glance:
        """A request to which a source answered this."""
        glance = self.glance()
        glance.saw("KLANT", collection, records)
        return glance


def holding(*records: Record) -> Mapping[str, Sequence[Record]]:
    """That these records, and no others, refer to object 1."""
    return {"1": records}


@quick
async def test_what_one_request_saw_another_finds_by_key() -> None:
    seeing = Seeing()
    first, second = rows(1, 2)
    seeing.saw([first, second])
    later = seeing.glance()
    assert later.records("KLANT", ["2"]).get("2") is second
    assert later.records("KLANT", ["3"]).get("3") is None
    assert later.records("CONTACT", ["2"]).get("2") is None
    assert list(later.beside("KLANT", "1")) == ["1", "2"]
    assert list(later.beside("KLANT", "3")) == []


@quick
async def test_the_newest_answer_counts() -> None:
    seeing = Seeing()
    seeing.saw(rows(1))
    (changed,) = rows(1)
    seeing.saw([changed])
    assert seeing.glance().records("KLANT", ["1"]).get("1") is changed


@quick
async def test_what_was_seen_expires() -> None:
    seeing = Seeing()
    seeing.saw(rows(1))
    await asyncio.sleep(4.9)
    assert seeing.glance().records("KLANT", ["1"]).get("1") is not None
    await asyncio.sleep(0.2)
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None


@quick
async def test_an_answer_that_was_kept_does_not_become_younger() -> None:
    """Who is given an answer of seconds ago sees the same records, and they are as old as then."""
    seeing = Seeing()
    answer = rows(1, 2)
    seeing.saw(answer)
    await asyncio.sleep(4)
    again = seeing.saw(answer)
    assert again.left == 1
    await asyncio.sleep(1.1)
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None


@quick
async def test_what_rests_on_something_older_is_as_old() -> None:
    seeing = Seeing()
    answer = rows(1)
    seeing.saw(answer)
    await asyncio.sleep(4)
    again = seeing.saw(answer)
    again.found(EDGE, HOLDER, holding({"ID": 7, "KLANT_ID": 1}))
    assert seeing.glance().holders(EDGE, HOLDER, ["1"]).get("1") is not None
    await asyncio.sleep(1.1)
    assert seeing.glance().holders(EDGE, HOLDER, ["1"]).get("1") is None


@quick
async def test_that_nothing_refers_to_it_is_known_too() -> None:
    seeing = Seeing()
    seeing.glance().found(EDGE, HOLDER, holding())
    later = seeing.glance()
    assert later.holders(EDGE, HOLDER, ["1"]).get("1") == ()
    assert later.holders(EDGE, HOLDER, ["2"]).get("2") is None


@quick
async def test_after_a_change_nothing_older_is_found_also_when_it_comes_in_later() -> None:
    seeing = Seeing()
    early = seeing.saw(rows(1))
    seeing.source.forget()
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None
    early.saw("KLANT", KLANT, rows(2))
    assert seeing.glance().records("KLANT", ["2"]).get("2") is None


@quick
async def test_what_is_made_of_something_seen_is_as_old() -> None:
    seeing = Seeing()
    seeing.saw(rows(1))
    await asyncio.sleep(4)
    later = seeing.glance()
    assert later.records("KLANT", ["1"]).get("1") is not None
    assert later.left == 1


@quick
async def test_a_kept_answer_is_as_old_as_it_is_also_when_its_list_was_forgotten() -> None:
    seeing = Seeing()
    await asyncio.sleep(4)
    again = Glance(seeing.recent, lambda: now() - 4)
    again.saw("KLANT", KLANT, rows(1))
    assert again.left == 1
    await asyncio.sleep(1.1)
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None


@quick
async def test_an_answer_that_stood_in_is_not_noted() -> None:
    seeing = Seeing()
    Glance(seeing.recent, lambda: now() - 60).saw("KLANT", KLANT, rows(1))
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None


@quick
async def test_other_rights_see_nothing_of_it() -> None:
    seeing = Seeing()
    seeing.saw(rows(1))
    assert Glance(Recent(seeing.source, "ander")).records("KLANT", ["1"]).get("1") is None


@quick
async def test_no_more_lists_are_looked_through_than_so_many() -> None:
    seeing = Seeing()
    for key in range(LISTS + 1):
        seeing.saw(rows(key))
    later = seeing.glance()
    assert later.records("KLANT", ["0"]).get("0") is None
    assert later.records("KLANT", ["1"]).get("1") is not None


@quick
async def test_what_the_store_pushed_out_is_not_found() -> None:
    seeing = Seeing(room=20_000)
    for key in range(LISTS):
        seeing.saw(rows(key))
    found = [
        key for key in range(LISTS) if seeing.glance().records("KLANT", [str(key)]).get(str(key))
    ]
    assert 0 < len(found) < LISTS
    assert found[-1] == LISTS - 1


@quick
async def test_a_source_that_keeps_nothing_notes_nothing() -> None:
    for seeing in (Seeing(keeps=False), Seeing(fresh=0)):
        glance = seeing.saw(rows(1))
        glance.found(EDGE, HOLDER, holding())
        later = seeing.glance()
        assert later.records("KLANT", ["1"]).get("1") is None
        assert later.holders(EDGE, HOLDER, ["1"]).get("1") is None
        assert list(later.beside("KLANT", "1")) == []


@quick
async def test_records_with_a_key_of_several_fields_are_not_noted() -> None:
    seeing = Seeing()
    seeing.saw([{"ID": 1, "NR": 1}, {"ID": 1, "NR": 2}], LINES)
    assert seeing.glance().records("KLANT", ["1"]).get("1") is None
