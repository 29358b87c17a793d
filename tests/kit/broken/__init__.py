"""Adapters that break their word, each in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.kit.broken import filters, lists, manners, services, writing

BROKEN: Final[Mapping[type, str]] = {
    **filters.BROKEN,
    **lists.BROKEN,
    **writing.BROKEN,
    **services.BROKEN,
    **manners.BROKEN,
}
"""Each with the behaviour of the kit that finds it."""
