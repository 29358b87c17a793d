"""Archives of mail: the kit refutes nothing of them, wherever the messages are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

import httpx
import pytest

from adapters.base import Query
from adapters.conditions import Record
from adapters.graph.adapter import GraphAdapter
from adapters.imap.adapter import ImapAdapter
from adapters.maildir import MaildirAdapter
from demo.graph.app import ORIGIN, Graph
from demo.graph.rows import row
from tests.kit.shipped import MAPPINGS, InFolder
from tests.support.imap import Scripted, served
from tests.support.mails import INFO, JAN, OPTIONS, mail, maildir


def messages() -> list[EmailMessage]:
    """Questions, answers, and one with a number of a zaak and a file."""
    photo = mail(20, Subject="Kapotte lamp ZAAK-2024-0000000012", Cc="zus@elders.example")
    photo.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="lamp.jpg")
    answer = mail(21, From=INFO, To=JAN, Subject="Re: Kapotte lamp")
    zaak = mail(22, Subject="Hoe staat het met ZAAK-2024-0000000012")
    return [*(mail(n) for n in range(12)), photo, answer, zaak]


async def _records(of: list[EmailMessage]) -> Mapping[str, Sequence[Record]]:
    """The first records that an archive of messages has, as a folder has them."""
    with TemporaryDirectory() as folder:
        archive = MaildirAdapter.create(
            {**OPTIONS, "path": maildir(Path(folder) / "archief", of)}, {}
        )
        pages = {n: await archive.find(n, Query()) for n in archive.collections}
        return {name: page.records[:2] for name, page in pages.items()}


MESSAGES: Final = messages()
THERE: Final = asyncio.run(_records(MESSAGES))
IN_ONE_PART: Final = [one for one in MESSAGES if not one.is_multipart()]
OF_ONE_PART: Final = asyncio.run(_records(IN_ONE_PART))


class TestMaildir(InFolder):
    adapter = MaildirAdapter
    mapping = MAPPINGS / "e-mail"
    description = "maildir"
    options: ClassVar[Mapping[str, Any]] = OPTIONS

    def prepare(self, path: Path) -> Mapping[str, Any]:
        return {"path": maildir(path / "archief", MESSAGES)}


class TestImap(InFolder):
    adapter = ImapAdapter
    mapping = MAPPINGS / "e-mail"
    description = "imap"
    options: ClassVar[Mapping[str, Any]] = OPTIONS
    server: ClassVar[Scripted]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def serving(cls) -> Iterator[None]:
        """One server for all behaviours."""
        with served(IN_ONE_PART) as server:
            TestImap.server = server
            yield

    def prepare(self, path: Path) -> Mapping[str, Any]:
        return self.server.options(path)

    def there(self) -> Mapping[str, Sequence[Record]]:
        return OF_ONE_PART


class TestGraph(InFolder):
    adapter = GraphAdapter
    mapping = MAPPINGS / "e-mail"
    description = "graph"
    options: ClassVar[Mapping[str, Any]] = OPTIONS
    graph = Graph(INFO, [row(one, "inbox") for one in MESSAGES], page=5)
    secrets = (graph.secret,)
    without: ClassVar[Mapping[str, str]] = {
        "failures of postbussen": "nothing is asked: which there are stands in the options"
    }

    def prepare(self, path: Path) -> Mapping[str, Any]:
        (path / "secret").write_text(self.graph.secret)
        return {
            "base_url": f"{ORIGIN}/v1.0",
            "mailbox": INFO,
            "credentials": {
                "token_url": f"{ORIGIN}/token",
                "client_id": "gateway",
                "secret": f"file:{path / 'secret'}",
                "scope": "https://graph.microsoft.com/.default",
            },
        }

    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(self.graph.app())

    def there(self) -> Mapping[str, Sequence[Record]]:
        return THERE
