"""The references: servers on Starlette that fetch a url and pass its bytes on.

``python -m benchmarks.servers.relays NAME PORT URL [URL ...]``: each name is another client;
``fanout`` fetches all its urls at once. Nothing is read, checked or bounded here, so below this
no gateway can go.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import httpx
import uvicorn
from httpx_aiohttp import AiohttpTransport
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CONNECTIONS: Final = 64

Fetch = Callable[[str], Awaitable[bytes]]


@asynccontextmanager
async def _httpx() -> AsyncIterator[Fetch]:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:
        yield _over(client)


@asynccontextmanager
async def _httpx_aiohttp() -> AsyncIterator[Fetch]:
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=_connector())

    transport = AiohttpTransport(client=session)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        yield _over(client)


@asynccontextmanager
async def _aiohttp() -> AsyncIterator[Fetch]:
    async with aiohttp.ClientSession(connector=_connector()) as session:

        async def fetch(url: str) -> bytes:
            async with session.get(url) as response:
                return await response.read()

        yield fetch


def _connector() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0, limit_per_host=CONNECTIONS)


def _over(client: httpx.AsyncClient) -> Fetch:
    async def fetch(url: str) -> bytes:
        return (await client.get(url)).content

    return fetch


CLIENTS: Final = {
    "httpx": _httpx,
    "httpx-aiohttp": _httpx_aiohttp,
    "aiohttp": _aiohttp,
    "fanout": _httpx_aiohttp,
}


def _app(name: str, urls: list[str]) -> Starlette:
    fetch: Fetch

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal fetch
        async with CLIENTS[name]() as fetch:
            yield

    async def one(_: Request) -> Response:
        return Response(await fetch(urls[0]), media_type="application/json")

    async def all_of_them(_: Request) -> Response:
        bodies = await asyncio.gather(*map(fetch, urls))
        return Response(b"".join(bodies), media_type="application/json")

    endpoint = all_of_them if name == "fanout" else one
    return Starlette(routes=[Route("/{path:path}", endpoint)], lifespan=lifespan)


if __name__ == "__main__":
    _, name, port, *urls = sys.argv
    uvicorn.run(_app(name, urls), port=int(port), log_level="error", access_log=False)
