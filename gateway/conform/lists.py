"""What holds of lists: their pages, their count and their order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from gateway.conform.answer import PAGE, Page
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Reads, Resource

DEFAULT_SIZE: Final = 100
LARGEST_SIZE: Final = 500
CURSOR: Final = "_c"
"""The one parameter that a server may add to the links between pages."""

_PAGES: Final = 4
"""Into how many pages a list is cut to walk through it."""
_A_BOUND: Final = "telling=grens"
"""How a server says, in the header ``Bronnen``, that a count is only a bound."""


async def bodies(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, {"pageSize": 2})
        page = answer.page()
        yield judged(resource.path, tuple(answer.json()) == PAGE, "andere volgorde van attributen")
        yield judged(resource.path, len(page.results) <= page.count, "meer objecten dan count")


async def sizes(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for size, most in ((1, 1), (2, 2), ("", DEFAULT_SIZE)):
            yield await _size(server, resource, size, most)
    for resource in (await server.resources())[:1]:
        for large in (LARGEST_SIZE + 1, 100000):
            yield await _size(server, resource, large, LARGEST_SIZE)
        for size in ("0", "-1", "abc", "1.5"):
            yield await _size(server, resource, size, DEFAULT_SIZE)


async def _size(server: Server, resource: Resource, size: object, most: int) -> Seen:
    page = await server.page(resource, {"pageSize": size})
    wanted, got = min(most, page.count), len(page.results)
    told = f"{got} objecten in plaats van {wanted} bij pageSize={size}"
    return judged(f"{resource.path}?pageSize", got == wanted, told)


async def counts(server: Server) -> AsyncIterator[Seen]:
    """Every object once, as many as count says; of a long list the first pages."""
    for resource in await server.resources():
        answer = await server.ask(resource.path, {"pageSize": 1})
        if _A_BOUND in answer.header("Bronnen"):
            yield Seen(resource.path, lacks="de server kent van het aantal alleen een grens")
            continue
        total = answer.page().count
        size = min(max(1, -(-total // _PAGES)), DEFAULT_SIZE)
        page = await server.page(resource, {"pageSize": size})
        seen, pages = list(page.uuids), 1
        while page.next is not None and pages < _PAGES:
            page = (await server.ask(page.next)).page()
            seen += page.uuids
            pages += 1
        if page.count != total:
            yield Seen(resource.path, lacks="de lijst veranderde terwijl zij gelezen werd")
            continue
        yield judged(resource.path, len(set(seen)) == len(seen), "een object staat er twee keer")
        whole = total <= size * _PAGES
        wanted = total if whole else size * _PAGES
        told = f"{len(seen)} objecten waar count er {wanted} belooft"
        yield judged(resource.path, len(seen) == wanted, told)
        yield judged(resource.path, (page.next is None) is whole, "next klopt niet met count")


async def numbered(server: Server) -> AsyncIterator[Seen]:
    """A page by its number is the page that the link leads to, and it leads back."""
    for resource in await server.resources():
        first = await server.page(resource, {"pageSize": 2})
        if first.next is None:
            yield Seen(resource.path, lacks="te weinig objecten")
            continue
        linked = (await server.ask(first.next)).page()
        second = await server.page(resource, {"pageSize": 2, "page": 2})
        same = linked.uuids == second.uuids
        yield judged(resource.path, same, "page=2 is een andere pagina dan next")
        back = (await server.ask(linked.previous)).page() if linked.previous else None
        fine = back is not None and back.uuids == first.uuids
        yield judged(resource.path, fine, "previous leidt niet terug")


async def links(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        page = await server.page(resource, {"pageSize": 1})
        where = resource.path
        yield judged(where, page.previous is None, "de eerste pagina heeft een previous")
        yield judged(where, (page.next is None) is (page.count <= 1), "next klopt niet met count")
        if page.count < 3:
            continue
        page = await server.page(resource, {"page": 2, "pageSize": 1})
        there = f"{server.root}/{resource.path}"
        yield judged(where, _plain(page.next) == f"{there}?page=3&pageSize=1", "een andere next")
        same = _plain(page.previous) == f"{there}?pageSize=1"
        yield judged(where, same, "een andere previous: naar pagina 1 staat er geen page in")


async def links_keep_filters(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for spec in resource.filters:
            if spec.reads is not Reads.CHOICE or spec.hops:
                continue
            for value in spec.choices:
                given = {spec.param: value, "pageSize": "1"}
                answer = await server.ask(resource.path, given)
                if answer.refused or answer.page().next is None:
                    continue
                query = urlencode(sorted({**given, "page": "2"}.items()))
                wanted = f"{server.root}/{resource.path}?{query}"
                fine = _plain(answer.page().next) == wanted
                yield judged(answer.where, fine, "next houdt niet alle parameters, op naam gezet")
                break


def _plain(url: str | None) -> str | None:
    """A link without the cursor of the server."""
    if url is None:
        return None
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    return parts._replace(query=urlencode([p for p in given if p[0] != CURSOR])).geturl()


async def outside(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for number in ("0", "-1", "abc", "1.5", "9999999"):
            answer = await server.ask(resource.path, {"page": number})
            yield Seen(f"{answer.where}={number}", answer.unlike(errors.NOT_FOUND))


async def last(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        answer = await server.ask(resource.path, {"pageSize": 2, "page": "last"})
        if any(code == "page-unknown" for _, code in answer.codes):
            yield Seen(answer.where, lacks="de server kent van het aantal alleen een grens")
            continue
        page = answer.page()
        wanted = (page.count - 1) % 2 + 1 if page.count else 0
        fine = page.next is None and len(page.results) == wanted
        yield judged(f"{answer.where}=last", fine, "niet de laatste pagina")
        first, none = [
            await server.page(resource, {"pageSize": 2, **more}) for more in ({}, {"page": ""})
        ]
        same = first.uuids == none.uuids
        yield judged(f"{resource.path}?page", same, "een lege page is niet de eerste")


async def nothing(server: Server) -> AsyncIterator[Seen]:
    """Of nothing there is one page, which is empty."""
    for resource in await server.resources():
        spec = next((f for f in resource.filters if f.reads is Reads.UUID), None)
        if spec is None:
            continue
        given = {spec.param: str(uuid4())}
        answer = await server.ask(resource.path, given)
        if answer.refused:
            yield Seen(answer.where, lacks="de server weigert dit filter")
            continue
        empty = answer.page() == Page(0, None, None, [])
        yield judged(answer.where, empty, "niet leeg")
        answer = await server.ask(resource.path, {**given, "page": 2})
        yield Seen(answer.where, answer.unlike(errors.NOT_FOUND))


async def stable(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        pages = [await server.page(resource, {"pageSize": 10}) for _ in range(3)]
        same = all(page.uuids == pages[0].uuids for page in pages)
        yield judged(resource.path, same, "twee keer gevraagd, een andere volgorde")


async def ordered(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        if resource.order is None:
            continue
        found = [str(one.get(resource.order)) for one in await server.sample(resource)]
        # With and without a fraction of a second: a moment is compared by its digits.
        moments = [text.rstrip("Z") for text in found]
        fine = moments == sorted(moments, reverse=True)
        yield judged(resource.path, fine, f"niet van nieuw naar oud op {resource.order}")
