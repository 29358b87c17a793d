"""What is written of a record in one go is what is written one relation after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.rest import Options, Resource, RestAdapter
from gateway import documents
from gateway.bounds import TooMany
from gateway.federation.agreement import Agreement
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


@cache
def one_record() -> Catalogue:
    """Of a source that keeps everything in one record."""
    described = documents.load(ONE_RECORD / "collections.rest.yaml").data
    resources = {name: Resource.model_validate(spec) for name, spec in described.items()}
    collections = RestAdapter(Options(base_url="http://one.example"), resources).collections
    streams = load.load(ONE_RECORD, load.Source("one", 1, collections))
    by_path = {path: tuple(s for s in streams if s.resource.path == path) for path in PATHS}
    return Catalogue(by_path, {"one": collections}, Identity(SECRET, 1, streams))


def made(kind: type[Withins]) -> Withins:
    """Ways of writing, none of them used yet."""
    return kind(one_record(), Planner(one_record()), merging=True)


async def written(
    withins: Withins,
    path: str,
    records: Sequence[Mapping[str, Any]],
    expand: Sequence[str],
    readable: frozenset[str],
    most: int,
) -> object:
    """The objects of a resource that records give, or what is the matter: not of which rule, where
    more than one cannot read a record."""

    def nothing(alias: str) -> Recent:
        raise AssertionError(f"{alias} is asked")

    catalogue = one_record()
    bounds = replace(GENEROUS, related_objects=most)
    search = Search(catalogue, Planner(catalogue), Caller({}, Meter(bounds)), nothing)
    persons = Persons(search, Relations(search), APART)
    assembler = Assembler(
        search,
        persons,
        Agreement(search.planner, persons),
        withins,
        lambda p, uuid: f"http://g/{p}/{uuid}",
        readable.__contains__,
    )
    rows = [row for s in catalogue.of(path) for row in await search.shown(s, records)]
    rows.sort(key=lambda row: row.uuid)
    try:
        return await assembler.objects(RESOURCES[path], rows, expand_tree(expand))
    except (RuleError, TooMany) as error:
        return type(error)


@settings(max_examples=300)
@given(path=st.sampled_from(PATHS), seed=seeds)
def test_in_one_go_or_step_by_step(path: str, seed: int, loop: Loop) -> None:
    """Of any records, with anything expanded, for any rights, and within any bound: the same."""
    random = Random(seed)
    odd = random.random() < 0.3
    records = [record(random, number, odd) for number in range(1, random.randint(2, 10))]
    expand = [name for name in RESOURCES[path].expand if random.random() < 0.6]
    some = frozenset(name for name in PATHS if random.random() < 0.6)
    readable = random.choice((EVERYTHING, some))
    most = random.choice((3, 20, 5000, 5000, 5000))
    answers = [
        loop.run(written(withins, path, records, expand, readable, most))
        for withins in (made(Withins), made(Never))
    ]
    assert answers[0] == answers[1]
    assert str(answers[0]) == str(answers[1]), "members stand in the order of the wire"


@pytest.mark.parametrize("path", PATHS)
def test_what_is_kept_in_one_record_is_written_in_one_go(path: str) -> None:
    """Otherwise the test above compares nothing."""
    for stream in one_record().of(path):
        assert made(Withins).of(stream, (), EVERYTHING) is not None


def test_what_leads_further_is_not(sql: Installation) -> None:
    """Where contacts and who was in them are of two tables, each is asked for."""
    withins = Withins(sql.catalogue, Planner(sql.catalogue), merging=False)
    for path in ("klantcontacten", "betrokkenen", "partijen"):
        for stream in sql.catalogue.of(path):
            assert withins.of(stream, (), EVERYTHING) is None
