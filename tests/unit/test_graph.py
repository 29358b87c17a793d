"""A mailbox in Exchange Online, as a source."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Failure, SourceError
from adapters.conditions import Compare, Condition, Contains, In
from adapters.graph.adapter import GraphAdapter
from adapters.graph.settings import Options
from adapters.graph.store import GraphStore
from adapters.maildir import MaildirAdapter
from demo.graph.app import ORIGIN, Graph
from demo.graph.rows import row
from tests.support.mails import INFO, JAN, OPTIONS, found, mail, maildir, of


def sent() -> list[Any]:
    return [mail(n, From=INFO, To=f"{JAN}, x@elders.example") for n in (10, 11)]


def messages() -> list[Any]:
    photo = mail(4, Subject="Kapotte lamp ZAAK-2024-0000000012", Cc="zus@elders.example")
    photo.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="lamp.jpg")
    return [
        mail(1),
        mail(2, From="x@elders.example"),
        photo,
        mail(5, Auto_Submitted="auto-replied"),
        mail(6, From="voorbeeld.jan@example", Subject="2024 ZAAK 0000000012"),
        mail(7, From='"Vries, \\"Jan\\" de" <jan@voorbeeld.example>'),
    ]


@pytest.fixture
def graph() -> Graph:
    rows = [row(one, "inbox") for one in messages()]
    return Graph(INFO, rows + [row(one, "sentitems") for one in sent()])


@pytest.fixture
def archive(graph: Graph, tmp_path: Path) -> GraphAdapter:
    (tmp_path / "secret").write_text(graph.secret)
    options = Options.model_validate(
        {
            **OPTIONS,
            "base_url": f"{ORIGIN}/v1.0",
            "mailbox": INFO,
            "credentials": {
                "token_url": f"{ORIGIN}/token",
                "client_id": "gateway",
                "secret": f"file:{tmp_path / 'secret'}",
                "scope": "https://graph.microsoft.com/.default",
            },
        }
    )
    made = GraphAdapter(options)
    made._store = GraphStore(options, httpx.ASGITransport(graph.app()))
    return made


QUESTIONS: dict[str, tuple[Condition, ...]] = {
    "all": (),
    "of somebody": (of("personen", "adres", JAN),),
    "of one of two": (of("personen", "adres", JAN, "x@elders.example"),),
    "of a zaak": (of("zaken", "zaaknummer", "ZAAK-2024-0000000012"),),
    "of a mailbox": (of("behandelingen", "postbus", "info"),),
    "about": (Contains("onderwerp", "lamp"),),
    "since": (Compare("moment", ">", "2025-01-01T15:00:00Z"),),
    "until": (Compare("moment", "<=", "2025-01-01T15:00:00Z"),),
}


@pytest.mark.parametrize("page", [2, 1000])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_has_the_answer_that_a_folder_has(
    archive: GraphAdapter, graph: Graph, tmp_path: Path, question: str, page: int
) -> None:
    graph.page = page
    folder = maildir(maildir(tmp_path / "archief", messages()), sent(), ".Verzonden")
    other = MaildirAdapter.create({**OPTIONS, "path": folder}, {})
    there = await found(other, "berichten", *QUESTIONS[question])
    assert there
    assert await found(archive, "berichten", *QUESTIONS[question]) == there


async def test_each_thing_is_found_by_its_key(archive: GraphAdapter) -> None:
    for record in await found(archive, "berichten"):
        assert await archive.get("berichten", {"nummer": record["nummer"]}) == record
        for collection in ("personen", "bijlagen", "behandelingen", "zaken"):
            for one in await found(archive, collection, In("bericht", (record["nummer"],))):
                assert await archive.get(collection, {"nummer": one["nummer"]}) == one


async def test_attachments_are_those_that_are_not_shown_in_the_text(archive: GraphAdapter) -> None:
    (photo,) = await found(archive, "berichten", Contains("onderwerp", "lamp"))
    kinds = await found(archive, "bijlagen", In("bericht", (photo["nummer"],)))
    assert [one["soort"] for one in kinds] == ["message/rfc822", "image/jpeg"]


async def test_what_was_sent_along_is_told_without_the_texts(
    archive: GraphAdapter, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photo,) = await found(archive, "berichten", Contains("onderwerp", "lamp"))
    asked: list[str] = []
    answer = graph._answer

    def watched(path: str, query: str) -> Any:
        asked.append(query)
        return answer(path, query)

    monkeypatch.setattr(graph, "_answer", watched)
    assert len(await found(archive, "bijlagen", In("bericht", (photo["nummer"],)))) == 2
    assert "attachments" in asked[-1]
    assert not any("body" in one.lower() for one in asked)


async def test_files_are_as_they_were_sent(archive: GraphAdapter, graph: Graph) -> None:
    (photo,) = await found(archive, "berichten", Contains("onderwerp", "lamp"))
    whole, image = await found(archive, "bijlagen", In("bericht", (photo["nummer"],)))
    piece = await archive.piece("bijlagen", {"nummer": whole["nummer"]})
    assert piece is not None
    assert piece.data == graph.rows[2]["_raw"]
    assert (piece.media, piece.next) == ("message/rfc822", None)
    piece = await archive.piece("bijlagen", {"nummer": image["nummer"]})
    assert piece is not None
    assert (piece.data, piece.name, piece.media) == (b"\xff\xd8", "lamp.jpg", "image/jpeg")
    for index in ("01", "07", "zz"):
        key = {"nummer": photo["nummer"] + index}
        assert await archive.piece("bijlagen", key) is None
    # A file that is elsewhere, to which the message has a link.
    graph.rows[2]["attachments"][0]["@odata.type"] = "#microsoft.graph.referenceAttachment"
    assert await archive.piece("bijlagen", {"nummer": image["nummer"]}) is None


async def test_of_a_file_that_is_too_large_no_more_is_read_than_shows_that(
    archive: GraphAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.graph.store.MAX_CONTENT", 10)
    (photo,) = await found(archive, "berichten", Contains("onderwerp", "lamp"))
    piece = await archive.piece("bijlagen", {"nummer": f"{photo['nummer']}00"})
    assert piece is not None
    assert piece.size == 11


async def test_questions_of_a_batch_that_are_too_many_say_when_to_come_back(
    archive: GraphAdapter, graph: Graph
) -> None:
    graph.throttling = 1
    with pytest.raises(SourceError) as caught:
        await found(archive, "berichten")
    assert (caught.value.failure, caught.value.retry_after) == (Failure.THROTTLED, 7)


async def test_a_batch_too_has_a_new_token_where_one_ended(
    archive: GraphAdapter, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = archive._store.hits

    async def then_ended(wanted: Any) -> Any:
        lights = await hits(wanted)
        graph.tokens.clear()
        return lights

    monkeypatch.setattr(archive._store, "hits", then_ended)
    assert len(await found(archive, "berichten")) == 7


async def test_no_more_is_called_at_once_than_a_mailbox_takes(
    archive: GraphAdapter, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = most = 0
    answered = httpx.ASGITransport.handle_async_request

    async def counted(self: Any, request: httpx.Request) -> httpx.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            await asyncio.sleep(0.005)
            return await answered(self, request)
        finally:
            now -= 1

    monkeypatch.setattr(httpx.ASGITransport, "handle_async_request", counted)
    people = [of("personen", "adres", f"p{n}@voorbeeld.example", JAN) for n in range(8)]
    await asyncio.gather(*(found(archive, "berichten", one) for one in people))
    assert most == 4


async def test_calls_are_few(archive: GraphAdapter, graph: Graph) -> None:
    await found(archive, "berichten", of("personen", "adres", JAN))
    # A token, a search in each of two folders, and what is shown at once.
    assert len(graph.calls) == 4
    await found(archive, "berichten", of("personen", "adres", JAN))
    assert len(graph.calls) == 7


@pytest.mark.parametrize(
    "text", ['x" OR "participants:a', "x\\", "*", "a b", "jan@voorbeeld.example OR from:x"]
)
async def test_what_is_no_address_is_asked_of_nobody(
    archive: GraphAdapter, graph: Graph, text: str
) -> None:
    assert await found(archive, "personen", In("adres", (text,))) == []
    assert await found(archive, "zaken", In("zaaknummer", (f'{text}"',))) == []
    assert graph.calls == []


async def test_a_token_that_is_no_good_any_more_is_asked_for_anew(
    archive: GraphAdapter, graph: Graph
) -> None:
    await archive.check()
    graph.tokens.clear()
    await archive.check()
    assert [call for call in graph.calls if call == "token"] == ["token", "token"]


async def test_an_application_that_is_given_no_token_is_told_as_such(
    archive: GraphAdapter, graph: Graph
) -> None:
    graph.secret = "something else"
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is Failure.REFUSED
    assert caught.value.note == "no token is given to this application"


@pytest.mark.parametrize(
    ("status", "failure"),
    [(429, Failure.THROTTLED), (503, Failure.THROTTLED), (500, Failure.UNAVAILABLE),
     (403, Failure.REFUSED), (400, Failure.REFUSED)],
)  # fmt: skip
async def test_what_the_service_refuses_is_a_failure(
    archive: GraphAdapter, graph: Graph, status: int, failure: Failure
) -> None:
    await archive.check()
    graph.refusing = [status]
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is failure
    assert caught.value.retry_after == (3 if status == 429 else None)


async def test_a_mailbox_that_is_not_there_is_refused(archive: GraphAdapter, graph: Graph) -> None:
    graph.mailbox = "ander@zilverdam.example"
    with pytest.raises(SourceError) as caught:
        await archive.check()
    assert caught.value.failure is Failure.REFUSED


async def test_a_message_that_goes_away_meanwhile_is_a_failure(
    archive: GraphAdapter, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = archive._store.hits

    async def then_gone(wanted: Any) -> Any:
        lights = await hits(wanted)
        graph.rows.pop(0)
        return lights

    monkeypatch.setattr(archive._store, "hits", then_gone)
    with pytest.raises(SourceError) as caught:
        await found(archive, "berichten")
    assert caught.value.failure is Failure.UNAVAILABLE


async def test_more_than_can_be_looked_through_is_refused(
    archive: GraphAdapter, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.graph.store.MAX_MESSAGES", 3)
    graph.page = 2
    with pytest.raises(SourceError) as caught:
        await found(archive, "berichten")
    assert caught.value.failure is Failure.REFUSED


async def test_nobody_is_led_elsewhere(archive: GraphAdapter, graph: Graph) -> None:
    graph.page, graph.links = 2, "http://elders.example"
    assert len(await found(archive, "berichten")) == 7
    assert graph.hosts == {"graph.example"}
