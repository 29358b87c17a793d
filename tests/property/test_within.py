"""What is written of a record in one go is what is written one relation after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.rest import Options, Resource, RestAdapter
from gateway import documents
from gateway.bounds import TooMany
from gateway.federation.assemble import Assembler
from gateway.federation.catalogue import Catalogue
from gateway.federation.persons import Persons
from gateway.federation.plan import Planner
from gateway.federation.recent import Recent
from gateway.federation.relations import Relations
from gateway.federation.search import Search
from gateway.federation.tree import Branches, expand_tree
from gateway.federation.within import Within, Withins
from gateway.identity import Identity
from gateway.mapping import load
from gateway.mapping.stream import RuleError, Stream
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.standard.table import RESOURCES
from tests.property.test_filters import seeds
from tests.support.installations import APART, GENEROUS, SECRET, Installation, Loop

ONE_RECORD: Final = Path(__file__).resolve().parents[1] / "support" / "one_record"
PATHS: Final = (
    "klantcontacten",
    "betrokkenen",
    "digitaleadressen",
    "internetaken",
    "actoren",
    "onderwerpobjecten",
)
EVERYTHING: Final = frozenset(RESOURCES)


def record(random: Random, number: int, odd: bool) -> Mapping[str, Any]:
    """A record; with ``odd`` it may be that a rule cannot read it."""

    def one_of(*values: Any) -> Any:
        return random.choice(values)

    return {
        "id": number,
        "moment": one_of("20260105080000", "20260705080000", *["soon"] * odd),
        "channel": one_of("T", "E", *["X", None] * odd),
        "subject": one_of("Paspoort", "Melding"),
        "deleted": one_of("", "N", "N", "J"),
        "caller": one_of({}, {"name": "Bakker"}, {"name": "Çelik", "role": "?" if odd else "V"}),
        "origin": one_of("KCC", ""),
        "helper": one_of("Anna", "Bert", " ", None),
        "private": one_of("J", "N", "N", ""),
        "email": one_of("anna@zilverdam.example", None),
        "whose": one_of("C", "H", ""),
        "task": one_of("Terugbellen", None),
        "clerk": one_of("mdw1", ""),
        "desk": one_of("Burgerzaken", ""),
        "about": one_of("zaak 1", ""),
    }


class Never(Withins):
    """Nothing is written in one go."""

    def of(self, stream: Stream, branches: Branches, readable: frozenset[str]) -> Within | None:
        return None


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """A source that keeps everything in one record."""
    described = documents.load(ONE_RECORD / "collections.rest.yaml").data
    resources = {name: Resource.model_validate(spec) for name, spec in described.items()}
    collections = RestAdapter(Options(base_url="http://one.example"), resources).collections
    streams = load.load(ONE_RECORD, load.Source("one", 1, collections))
    by_path = {path: tuple(s for s in streams if s.resource.path == path) for path in PATHS}
    return Catalogue(by_path, {"one": collections}, Identity(SECRET, 1, streams))


async def written(
    catalogue: Catalogue,
    withins: Withins,
    path: str,
    records: Sequence[Mapping[str, Any]],
    expand: Sequence[str],
    readable: frozenset[str],
    most: int,
) -> object:
    """The objects of a resource that records give, or what is the matter."""

    def nothing(alias: str) -> Recent:
        raise AssertionError(f"{alias} is asked")

    bounds = replace(GENEROUS, related_objects=most)
    search = Search(catalogue, Planner(catalogue), Caller({}, Meter(bounds)), nothing)
    persons = Persons(search, Relations(search), APART)
    assembler = Assembler(
        search, persons, withins, lambda p, uuid: f"http://g/{p}/{uuid}", readable.__contains__
    )
    rows = [row for s in catalogue.of(path) for row in await search.shown(s, records)]
    rows.sort(key=lambda row: row.uuid)
    try:
        return await assembler.objects(RESOURCES[path], rows, expand_tree(expand))
    except (RuleError, TooMany) as error:
        return repr(error)


@given(data=st.data(), path=st.sampled_from(PATHS), seed=seeds, many=st.integers(0, 8))
def test_in_one_go_or_step_by_step(
    data: st.DataObject, path: str, seed: int, many: int, catalogue: Catalogue, loop: Loop
) -> None:
    """Of any records, with anything expanded, for any rights, and within any bound: the same."""
    random = Random(seed)
    odd = random.random() < 0.3
    records = [record(random, number, odd) for number in range(1, many + 1)]
    expand = data.draw(st.lists(st.sampled_from([*RESOURCES[path].expand, ""])), label="expand")
    readable = data.draw(st.just(EVERYTHING) | st.frozensets(st.sampled_from(PATHS)), label="may")
    most = data.draw(st.integers(0, 20) | st.just(5000), label="most")
    answers = [
        loop.run(written(catalogue, withins, path, records, expand, readable, most))
        for withins in (
            Withins(catalogue, Planner(catalogue), merging=False),
            Never(catalogue, Planner(catalogue), merging=False),
        )
    ]
    assert answers[0] == answers[1]
    assert str(answers[0]) == str(answers[1]), "members stand in the order of the wire"


@pytest.mark.parametrize("path", PATHS)
def test_what_is_kept_in_one_record_is_written_in_one_go(path: str, catalogue: Catalogue) -> None:
    """Otherwise the test above compares nothing."""
    withins = Withins(catalogue, Planner(catalogue), merging=True)
    for stream in catalogue.of(path):
        assert withins.of(stream, (), EVERYTHING) is not None


def test_what_leads_further_is_not(sql: Installation) -> None:
    """Where contacts and who was in them are of two tables, each is asked for."""
    withins = Withins(sql.catalogue, Planner(sql.catalogue), merging=False)
    for path in ("klantcontacten", "betrokkenen", "partijen"):
        for stream in sql.catalogue.of(path):
            assert withins.of(stream, (), EVERYTHING) is None
