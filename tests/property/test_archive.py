"""An archive of mail beside a KCC is one register with it: random questions, and what follows from
the messages and the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import Adapter, Query
from adapters.conditions import Record
from demo.kcc.data import Tables
from demo.kcc.sqlite import build as build_rows
from demo.mail.data import SMALL, generate
from demo.mail.maildir import build as build_archive
from gateway import installation
from gateway.standard.table import RESOURCES
from tests.helpers import ROOT, sql_source, write_config
from tests.property.test_one_register import check, in_order, uuids, walk
from tests.support.installations import Installation, Loop, records_of
from tests.support.mails import sample_source
from tests.support.questions import Question, any_question
from tests.support.reference import World

MOST: Final = 10_000


@pytest.fixture(scope="module")
def asked(
    loop: Loop, rows: Tables, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, World]]:
    """The register of both, and what it has to answer."""
    folder = tmp_path_factory.mktemp("archive")
    build_rows(folder / "kcc.sqlite", rows)
    build_archive(folder / "mail", generate(SMALL))
    kcc = sql_source(ROOT / "mappings" / "kcc", folder / "kcc.sqlite", 1)
    built = installation.build(
        write_config(folder, {"kcc": kcc, "mail": sample_source(folder / "mail", ["kcc"])})
    )
    made = Installation(loop, built.adapters, built.catalogue).merging()
    streams = [stream for found in built.catalogue.streams.values() for stream in found]
    records = {"kcc": records_of(rows), "mail": loop.run(_all_of(built.adapters["mail"]))}
    yield made, World(streams, built.catalogue.identity, records, made.same.kinds)
    loop.run(built.close())


async def _all_of(archive: Adapter) -> dict[str, list[Record]]:
    pages = {name: await archive.find(name, Query(limit=MOST)) for name in archive.collections}
    return {name: list(page.records) for name, page in pages.items()}


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data(), size=st.sampled_from([7, 100]))
def test_a_walk_is_the_list_that_messages_and_rows_give(
    data: st.DataObject, size: int, asked: tuple[Installation, World]
) -> None:
    """Random filters: what is not refused is walked completely, once, in order."""
    installed, world = asked
    check(installed, world, data.draw(any_question(world), label="asked"), size)


@pytest.mark.parametrize("path", ["klantcontacten", "betrokkenen", "digitaleadressen"])
def test_every_list_holds_what_both_have(path: str, asked: tuple[Installation, World]) -> None:
    installed, world = asked
    assert {thing.stream.source for thing in world.shown[path]} == {"kcc", "mail"}
    pages = walk(installed, Question(RESOURCES[path], (), ()), 150)
    assert in_order(uuids(pages), world.shown[path])
    assert pages[0].count == len(world.shown[path])


def test_mails_lead_to_whom_they_are_of(asked: tuple[Installation, World]) -> None:
    """Filters over an address that sources share, of those who wrote."""
    installed, world = asked
    written = [t for t in world.shown["betrokkenen"] if t.stream.source == "mail"]
    partijen = {id(p): p for t in written for p in world.related(t, "wasPartij")}
    assert len(partijen) > 10
    assert any(not world.related(t, "wasPartij") for t in written), "some are of nobody, or of two"
    betrokkenen = RESOURCES["betrokkenen"]
    for partij in [*partijen.values()][:6]:
        of_him = Question(betrokkenen, (("wasPartij__uuid", partij.uuid),), ())
        theirs = [t for t in world.shown["betrokkenen"] if partij in world.related(t, "wasPartij")]
        assert in_order(uuids(walk(installed, of_him, 100)), theirs)
