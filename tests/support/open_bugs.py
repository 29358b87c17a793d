"""Bugs that are known and not mended yet.

While a bug stands here, random tests step around it (``is_open``) and a test of its own shows it,
expected to fail (``shows``). Once it is mended that test passes, which fails the build: then take
the bug's line away, and where it was stepped around the tests widen by themselves.
"""

from __future__ import annotations

from typing import Final

import pytest

OPEN: Final[dict[str, str]] = {
    "ties in the missing hour": "wall times that never occurred are one moment, but sort apart",
}


def is_open(bug: str) -> bool:
    """Whether a bug has to be stepped around."""
    return bug in OPEN


def shows(bug: str) -> pytest.MarkDecorator:
    """Marks a test that fails because of a bug, and only as long as it stands above."""
    return pytest.mark.xfail(bug in OPEN, reason=OPEN.get(bug, ""), strict=True)
