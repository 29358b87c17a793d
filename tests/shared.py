"""The folder with the contract, the conformance suite and the client journeys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared() -> Path:
    """Where it is: ``$SHARED``, or beside the repository. Skips the test when it is not there,
    unless ``CI`` is set."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("SHARED", root.parent / "shared"))
    if not folder.is_dir():
        reason = f"{folder} is not there (set SHARED)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
