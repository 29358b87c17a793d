"""A database for these tests, on the server at ``$POSTGRES_DSN`` or on one of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres.server import at_hand, database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server on which databases can be made."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(at_hand())
        except LookupError as error:
            if os.environ.get("CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield found


@pytest.fixture(scope="session")
def dsn(server: str) -> Iterator[str]:
    """The address of an empty database."""
    with database(server) as made:
        yield made
