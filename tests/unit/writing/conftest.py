"""The installation of these tests: all resources, in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.office import Office
from tests.support.office import office as made


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An installation with one source in which there is nothing yet."""
    return made(tmp_path)
