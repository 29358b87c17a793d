"""Asking several things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

Result = TypeVar("Result")


async def together(calls: Iterable[Awaitable[Result]]) -> list[Result]:
    """All results; the first failure cancels the rest."""
    asked = list(calls)
    if len(asked) < 2:
        return [await call for call in asked]
    tasks = [asyncio.ensure_future(call) for call in asked]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
