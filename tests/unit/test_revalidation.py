"""What was answered moments ago is asked for again by its tag, and shown only if it still holds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.base import Failure, SourceError
from adapters.http import HttpSource
from adapters.revalidation import MAX_BYTES, SECONDS, Revalidation
from adapters.user import acting_for
from demo.openzaak.holdings import ROLLEN, ZAKEN
from tests.support.openzaak import open_zaak
from tests.support.v1_asked import token

PATH = "rollen/1"


class Service:
    """One record, with a tag. ``asked``: the tags that were sent along."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.record = "one"
        self.tag: str | None = '"1"'
        self.status = 200

    def answer(self, request: httpx.Request) -> httpx.Response:
        held = request.headers.get("If-None-Match")
        self.asked.append(held)
        if self.status != 200 or (held is not None and held == self.tag):
            return httpx.Response(self.status if self.status != 200 else 304)
        headers = {"ETag": self.tag} if self.tag is not None else {}
        return httpx.Response(200, json={"is": self.record}, headers=headers)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def source(service: Service) -> AsyncIterator[HttpSource]:
    made = HttpSource("http://bron.example", {}, 1, httpx.MockTransport(service.answer))
    yield made
    await made.close()


async def test_what_still_holds_is_not_sent_again(service: Service, source: HttpSource) -> None:
    known = Revalidation()
    assert await source.get(PATH, None, known) == {"is": "one"}
    assert await source.get(PATH, None, known) == {"is": "one"}
    assert await source.get(PATH) == {"is": "one"}
    assert service.asked == [None, '"1"', None]


async def test_what_changed_is_what_is_shown(service: Service, source: HttpSource) -> None:
    known = Revalidation()
    await source.get(PATH, None, known)
    service.record, service.tag = "two", '"2"'
    assert await source.get(PATH, None, known) == {"is": "two"}
    assert await source.get(PATH, None, known) == {"is": "two"}
    assert service.asked == [None, '"1"', '"2"']
    service.status = 404
    assert await source.get(PATH, None, known) is None


async def test_it_is_known_for_seconds(service: Service, source: HttpSource) -> None:
    clock = Clock()
    known = Revalidation(clock)
    await source.get(PATH, None, known)
    clock.now = SECONDS - 1
    await source.get(PATH, None, known)
    clock.now = SECONDS + 1
    await source.get(PATH, None, known)
    assert service.asked == [None, '"1"', None]


async def test_what_one_was_shown_is_not_asked_for_another(
    service: Service, source: HttpSource
) -> None:
    known = Revalidation()
    await source.get(PATH, None, known)
    with acting_for("jansen1"):
        await source.get(PATH, None, known)
    assert service.asked == [None, None]


@pytest.mark.parametrize("tag", [None, "a\nb", "é"])
async def test_without_a_tag_that_can_be_sent_nothing_is_known(tag: str | None) -> None:
    known = Revalidation()
    known.keep("url", tag, b"{}")
    assert known.seen("url") is None
    known.keep("url", '"1"', b"x" * (MAX_BYTES + 1))
    assert known.seen("url") is None


async def test_that_nothing_changed_is_no_answer_to_who_knew_nothing(
    service: Service, source: HttpSource
) -> None:
    service.status = 304
    with pytest.raises(SourceError) as caught:
        await source.get(PATH, None, Revalidation())
    assert caught.value.failure is Failure.BAD_DATA


async def test_an_open_zaak_says_that_a_rol_is_as_it_was() -> None:
    fake = open_zaak()
    statuses: list[int] = []

    class Watched(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            statuses.append(answer.status_code)
            return answer

    headers = token(next(iter(fake.tokens.secrets.values()))) | {"Accept-Crs": "EPSG:4326"}
    source = HttpSource(f"{fake.public}/zaken/api/v1", headers, 1, Watched(fake.app()))
    known = Revalidation()
    for name in (ROLLEN, ZAKEN):
        (uuid, row) = next(iter(fake.holdings.rows[name].items()))
        first = await source.get(f"{name}/{uuid}", None, known)
        assert await source.get(f"{name}/{uuid}", None, known) == first
        row["roltoelichting" if name == ROLLEN else "toelichting"] = "anders"
        assert await source.get(f"{name}/{uuid}", None, known) != first
    assert statuses == [200, 304, 200] * 2
    await source.close()
