"""Checks any server of the Klantinteracties API against statements of the contract.

What is asked follows from ``gateway.standard``; a server is only ever asked over HTTP, so it may be
this gateway, Open Klant or a product of a supplier.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from contextlib import suppress
from typing import Final

import httpx

from gateway.conform.server import NoAnswer, NoServer, Server, root_of
from gateway.conform.statement import Result, Statement, Verdict, tried
from gateway.conform.table import READING, STATEMENTS
from gateway.conform.writing.making import remove
from gateway.standard.table import RESOURCES

__all__ = [
    "STATEMENTS",
    "NoServer",
    "Result",
    "Statement",
    "Verdict",
    "conform",
    "root_of",
    "statements",
]

TIMEOUT: Final = httpx.Timeout(60, connect=10)
"""How long one answer may take, and finding the server, in seconds."""


def statements(*, writes: bool) -> Iterator[Statement]:
    """Those that are tried."""
    yield from STATEMENTS if writes else READING


async def conform(
    root: str,
    token: str,
    chosen: Iterable[Statement],
    *,
    writes: bool = False,
    about: Collection[str] = tuple(RESOURCES),
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Result]:
    """Try statements on the server with this root of its API, one after another. What was made is
    removed, whatever happens. Raises ``NoServer`` where nothing can be tried. ``about``: the
    resources that are looked at, by their path; ``transport``: another way to the server than the
    network."""
    async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT, trust_env=False) as client:
        server = Server(client, root, token, writes=writes, about=about)
        await server.reached()
        try:
            for statement in chosen:
                yield await tried(statement, server)
        finally:
            with suppress(NoAnswer):
                await remove(server)
