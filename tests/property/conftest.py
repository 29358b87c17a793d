"""How random tests run, and the registers that they ask."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from demo.kcc.data import SMALL, Row, Tables, generate
from tests.support.brief import Brief
from tests.support.installations import (
    OWN_RULES,
    Installation,
    Loop,
    honest_source,
    install,
    rest_adapter,
    sql_adapter,
)
from tests.support.reference import World

# In CI the examples are the same in every run, so that what passed once passes for everyone; a
# soak looks for new ones, and a failure prints how to have the same one again.
_COMMON = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
settings.register_profile("ci", _COMMON, derandomize=True, database=None)
settings.register_profile("soak", _COMMON, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """The event loop in which all sources are asked."""
    made = Loop()
    yield made
    made.close()


class Sample(Brief, dict[str, list[Row]]):
    """Rows that do not fill a page when a test that has them fails."""

    def __repr__(self) -> str:
        return "<the sample municipality, small>"


@pytest.fixture(scope="session")
def rows() -> Tables:
    """The sample municipality, small."""
    return Sample(generate(SMALL))


@pytest.fixture(scope="session")
def sql(
    loop: Loop, rows: Tables, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """The rows behind a database."""
    adapter = sql_adapter(rows, tmp_path_factory.mktemp("kcc") / "kcc.sqlite")
    yield install(loop, kcc=adapter)
    loop.run(adapter.close())


@pytest.fixture(scope="session")
def rest(loop: Loop, rows: Tables) -> Iterator[Installation]:
    """The same rows behind a plain REST service."""
    adapter = rest_adapter(rows)
    yield install(loop, kcc=adapter)
    loop.run(adapter.close())


@pytest.fixture(scope="session")
def several(loop: Loop, rows: Tables) -> Installation:
    """Two sources with the same mapping, to be put on other sources with ``on``."""
    return install(loop, first=honest_source(rows, 0), second=honest_source(rows, 0))


@pytest.fixture(scope="session")
def own_rules(loop: Loop, rows: Tables) -> Installation:
    """A mapping with rules of all kinds, to be put on other sources with ``on``."""
    return install(loop, OWN_RULES, kcc=honest_source(rows, 0))


@pytest.fixture(scope="session")
def world(sql: Installation, rows: Tables) -> World:
    """What both have to answer."""
    return sql.world(rows)
