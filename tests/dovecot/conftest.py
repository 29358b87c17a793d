"""A mail server for these tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.servers.dovecot import Dovecot, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.dovecot)


@pytest.fixture(scope="session")
def server() -> Iterator[Dovecot]:
    try:
        with running() as found:
            yield found
    except LookupError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def dovecot(server: Dovecot) -> Iterator[Dovecot]:
    """The server with an empty account."""
    for one in server.maildir.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    yield server
