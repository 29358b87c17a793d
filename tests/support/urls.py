"""The urls that answers give out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import httpx


def urls_in(value: Any) -> Iterator[str]:
    """The url of every object and reference in an answer, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("url"), str):
            yield value["url"]
        for one in value.values():
            yield from urls_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from urls_in(one)


async def are_found_again(client: httpx.AsyncClient, urls: Collection[str]) -> None:
    """Each url leads to the object that has it."""
    for url in sorted(urls):
        answer = await client.get(url)
        assert answer.status_code == 200, url
        assert answer.json()["url"] == url
