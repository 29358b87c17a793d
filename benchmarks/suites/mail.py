"""A large archive of mail behind a real mail server, and the same in a folder.

It needs Dovecot, so it is measured only when it is asked for by its name.
"""

from __future__ import annotations

import asyncio
import imaplib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import httpx

from adapters.imap.searching import criteria
from adapters.imap.session import Fetch, Fetched, Session
from adapters.imap.store import LIGHT_ITEMS, OPEN_ITEMS, text_item
from adapters.imap.wire import Literal
from adapters.mail.wanted import Wanted
from benchmarks import installing
from benchmarks.client import TOKEN
from benchmarks.effort import Effort, Figures
from benchmarks.mails import OPTIONS, fill, person
from benchmarks.processes import ROOT, BrokenRow, Server, free_port, serving
from benchmarks.servers.dovecot import PASSWORD, USER, Dovecot, given, running
from gateway.standard.table import BASE_PATH

_PAGE: Final = 25
_TEXT: Final = re.compile(rb"BODY\.PEEK\[[\d.]+\]")
_SIZE: Final = 500
_PATIENT: Final = {"source_seconds": 200, "request_seconds": 200}
"""What takes long is to be measured, not refused."""

_OF_PERSON: Final = "klantcontacten?hadBetrokkene__digitaaladres__adres__icontains="


def run(effort: Effort) -> Figures:
    """Seconds of a page of somebody's mail, beside the bare commands; MB that a walk takes."""
    figures = Figures()
    many = 5_000 if effort.quick else 50_000
    with running() as server:
        fill(server.maildir, many)
        given(server)
        _warm(figures, server)
        with _gateway("imap", "adapters.imap.adapter:ImapAdapter", server.options()) as gateway:
            _pages(figures, server, gateway, 5 if effort.quick else 10)
            _walk(figures, "imap", gateway)
        asyncio.run(_texts(figures, server))
        folder = {"path": str(server.maildir)}
        with _gateway("maildir", "adapters.maildir:MaildirAdapter", folder) as gateway:
            _walk(figures, "folder", gateway)
    figures.notes.append(f"mail: {many} messages, pages of {_PAGE} of a person and {_SIZE} of all")
    return figures


def _source(kind: str, adapter: str, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "adapter": adapter,
        "collections": kind,
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "burst": False,
        "options": {**OPTIONS, **options},
    }


@contextmanager
def _gateway(kind: str, adapter: str, options: dict[str, Any]) -> Iterator[Server]:
    source = _source(kind, adapter, options)
    port = free_port()
    with (
        installing.configured([source], port, _PATIENT) as file,
        serving("gateway.cli", "serve", "--config", str(file), port=port, pinned=False) as gateway,
    ):
        yield gateway


# --- somebody's mail -----------------------------------------------------------------------------


def _pages(figures: Figures, server: Dovecot, gateway: Server, rounds: int) -> None:
    """Of another person in each round, so that nothing is remembered."""
    with _signed_in(server) as bare, _client() as client:
        client.get(_url(gateway, _OF_PERSON + person(10_000_000))).raise_for_status()
        for number in range(rounds):
            address = person(number * 3)
            found = 0

            def ours(address: str = address) -> None:
                nonlocal found
                answer = client.get(_url(gateway, f"{_OF_PERSON}{address}&pageSize={_PAGE}"))
                answer.raise_for_status()
                found = answer.json()["count"]

            def theirs(address: str = address) -> None:
                _bare_page(bare, address)

            for name, work in (("gateway", ours), ("bare commands", theirs))[:: (-1) ** number]:
                figures.add(f"mail: page of a person, {name}, ms", _ms(work))
            figures.add("mail: mails of a person", found)


def _bare_page(bare: imaplib.IMAP4, address: str) -> None:
    """What has to be asked of a server for a page, with nothing read of what it says."""
    bare.select("INBOX", readonly=True)
    asked = criteria(Wanted(like=address))
    text = b"".join(b'"%s"' % p.data if isinstance(p, Literal) else p for p in asked)
    hits = bare.uid("SEARCH", text.decode())[1][0].split()
    if hits:
        bare.uid("FETCH", b",".join(hits).decode(), f"({LIGHT_ITEMS.decode()})")
        page = b",".join(hits[-_PAGE:]).decode()
        bare.uid("FETCH", page, f"({OPEN_ITEMS.decode()})")
        bare.uid("FETCH", page, f"({text_item(b'1').decode()})")


async def _texts(figures: Figures, server: Dovecot) -> None:
    """Of how many messages the text is fetched, and how many are shown."""
    fetched = 0
    fetch = Session.fetch

    async def counted(self: Session, *wanted: Fetch) -> Mapping[int, Fetched]:
        nonlocal fetched
        fetched += sum(len(uids) for uids, items in wanted if _TEXT.match(items))
        return await fetch(self, *wanted)

    source = _source("imap", "adapters.imap.adapter:ImapAdapter", server.options())
    Session.fetch = counted  # type: ignore[method-assign]
    try:
        async with installing.installed([source], _PATIENT) as (_, client):
            for number in range(5):
                fetched = 0
                url = f"{BASE_PATH}/{_OF_PERSON}{person(number)}&pageSize={_PAGE}"
                answer = await client.get(url)
                answer.raise_for_status()
                figures.add("mail: texts fetched for a page", fetched)
                figures.add("mail: messages on a page", len(answer.json()["results"]))
    finally:
        Session.fetch = fetch  # type: ignore[method-assign]


# --- all of it -----------------------------------------------------------------------------------


def _walk(figures: Figures, kind: str, gateway: Server) -> None:
    """Until the end along ``next``; a first answer may take several questions."""
    start = gateway.memory()
    most, pages = start, 0
    url: str | None = _url(gateway, f"klantcontacten?pageSize={_SIZE}")
    with _client() as client:
        begun = time.perf_counter()
        answer = client.get(url or "")
        tries = 1
        while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and tries < 100:
            time.sleep(1)
            answer = client.get(url or "")
            tries += 1
        figures.add(f"mail: first page of all, {kind}, s", time.perf_counter() - begun)
        figures.add(f"mail: questions before that was there, {kind}", tries)
        figures.add(f"mail: growth by an index, {kind}, MB", gateway.memory() - start)
        while url:
            answer = client.get(url)
            answer.raise_for_status()
            url = answer.json()["next"]
            pages += 1
            most = max(most, gateway.memory())
        figures.add(f"mail: seconds of a walk, {kind}", time.perf_counter() - begun)
    figures.add(f"mail: growth in a walk, {kind}, MB", most - start)
    figures.add(f"mail: pages walked, {kind}", pages)


# --- how -----------------------------------------------------------------------------------------


def _warm(figures: Figures, server: Dovecot) -> None:
    """A server makes its own index the first time that it is asked."""
    with _signed_in(server) as bare:
        figures.add(
            "mail: the server's own first search, ms", _ms(lambda: _bare_page(bare, "niemand@x"))
        )


@contextmanager
def _signed_in(server: Dovecot) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", server.port) as bare:
        if bare.login(USER, PASSWORD)[0] != "OK":
            raise BrokenRow("the mail server lets nobody in")
        yield bare


def _client() -> httpx.Client:
    return httpx.Client(headers={"Authorization": f"Token {TOKEN}"}, timeout=300)


def _url(gateway: Server, path: str) -> str:
    return f"{gateway.origin}{BASE_PATH}/{path}"


def _ms(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
