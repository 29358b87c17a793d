"""Each case of VNG: what is answered, and what it costs each source, is what its table says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.scenarios import page
from tests.scenarios.municipality import Municipality, municipality
from tests.scenarios.played import play
from tests.scenarios.table import Scenario, chapters

SCENARIOS = [one for chapter in chapters() for one in chapter.scenarios]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def zilverdam(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("zilverdam")) as it:
        yield it


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
async def test_a_case_goes_as_its_table_says(scenario: Scenario, zilverdam: Municipality) -> None:
    async for played in play(scenario, zilverdam):
        assert not played.wrong, played.step.request
        assert played.calls == played.step.calls, played.step.request


def test_page_is_made_of_the_tables() -> None:
    assert page.PAGE.read_text() == page.page()
