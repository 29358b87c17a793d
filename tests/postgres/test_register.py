"""The register over PostgreSQL gives the answers that it gives over SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings

from adapters.sql import SqlAdapter
from demo.kcc.data import SMALL, generate
from demo.kcc.postgres import load
from gateway.federation.listing import Asked
from gateway.federation.register import ObjectPage
from gateway.standard.errors import Problem
from gateway.standard.model import Resource
from gateway.standard.table import RESOURCES
from tests.postgres.server import sqlalchemy
from tests.support.installations import Installation, Loop, described, install, sql_adapter
from tests.support.questions import Question, questions
from tests.support.reference import World

each_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda r: r.path)


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    """The event loop in which both sources are asked."""
    made = Loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def sqlite(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The sample municipality, small, as the demo has it."""
    adapter = sql_adapter(generate(SMALL), tmp_path_factory.mktemp("kcc") / "kcc.sqlite")
    yield install(loop, kcc=adapter)
    loop.run(adapter.close())


@pytest.fixture(scope="module")
def postgres(loop: Loop, dsn: str) -> Iterator[Installation]:
    """The same rows in PostgreSQL, under the same secret."""
    asyncio.run(load(dsn, generate(SMALL)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCC_URL", sqlalchemy(dsn))
        options = {"url": "env:KCC_URL", "dialect": "postgresql"}
        adapter = SqlAdapter.create(options, described("sql"))
        yield install(loop, kcc=adapter)
        loop.run(adapter.close())


@pytest.fixture(scope="module")
def world(sqlite: Installation) -> World:
    return sqlite.world(generate(SMALL))


def answer(installation: Installation, asked: Question) -> ObjectPage | tuple[object, ...]:
    try:
        return installation.ask(asked)
    except Problem as problem:
        return (problem.kind, problem.detail, problem.params)


@each_resource
def test_whole_lists_are_the_same(
    resource: Resource, sqlite: Installation, postgres: Installation
) -> None:
    for number in (1, None):
        for size in (500, 7):
            asked = Question(resource, (), (), number, size)
            have, want = (i.ask(asked, resource.expand) for i in (postgres, sqlite))
            assert have == want
            assert want.results


@each_resource
def test_objects_are_the_same(
    resource: Resource, sqlite: Installation, postgres: Installation
) -> None:
    for found in sqlite.list(resource, Asked(size=7)).results:
        assert postgres.detail(resource, found["uuid"]) == sqlite.detail(resource, found["uuid"])


@pytest.mark.parametrize(
    "resource", [r for r in RESOURCES.values() if r.filters], ids=lambda r: r.path
)
def test_random_questions_have_the_same_answers(
    resource: Resource, sqlite: Installation, postgres: Installation, world: World
) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(questions(world, resource))
    def law(asked: Question) -> None:
        assert answer(postgres, asked) == answer(sqlite, asked)

    law()


def test_the_rows_are_padded_in_the_database(postgres: Installation, dsn: str) -> None:
    """Otherwise these tests say less than they seem to."""

    async def shortest() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval('SELECT min(octet_length("NAAM")) FROM "KLANT"')
        finally:
            await connection.close()

    assert asyncio.run(shortest()) == 60
