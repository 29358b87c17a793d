"""What every test gets, and what a test must leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import LogLines, log_lines, shared_folder


@pytest.fixture
def log() -> Iterator[LogLines]:
    """Everything that is logged during the test, from all loggers, in the form of production."""
    with log_lines() as lines:
        yield lines


@pytest.fixture
def shared() -> Path:
    """The shared folder; a test that asks for it is skipped where it is not there."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared folder is not here")
    return folder
