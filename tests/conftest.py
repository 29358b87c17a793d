"""What every test gets, and what a test must leave behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import LogLines, shared_folder


@pytest.fixture
def log() -> Iterator[LogLines]:
    """Everything that is logged during the test, from all loggers, in the form of production."""
    lines = LogLines()
    root = logging.getLogger()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
        root.setLevel(level)


@pytest.fixture
def shared() -> Path:
    """The shared folder; a test that asks for it is skipped where it is not there."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared folder is not here")
    return folder
