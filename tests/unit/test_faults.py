"""The bench itself: each fault really happens, as a plain socket and as an HTTP client see it."""

from __future__ import annotations

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.fakes import FakeSource, Mood, fake_source
from tests.support.faults import (
    PASS,
    Cut,
    Drip,
    Fault,
    FaultProxy,
    Garbage,
    Hang,
    Latency,
    Refuse,
    ResetAtOnce,
    ShortLength,
    after,
    mixed,
)

BODY = {"items": ["x" * 1000] * 20}
SIZE = len(json.dumps(BODY, separators=(",", ":")))


@pytest.fixture
async def fake() -> AsyncIterator[FakeSource]:
    async def answer(_request: Request) -> JSONResponse:
        return JSONResponse(BODY)

    async with fake_source(Starlette(routes=[Route("/{path}", answer)])) as made:
        yield made


@pytest.fixture
async def proxy(fake: FakeSource) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(int(fake.origin.rpartition(":")[2])) as made:
        yield made


async def spoken(proxy: FaultProxy, seconds: float = 5) -> tuple[bytes, str]:
    """What a plain socket gets for a request, and how it ends: close, reset, refused or silence."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    except ConnectionRefusedError:
        return b"", "refused"
    got = b""
    try:
        async with asyncio.timeout(seconds):
            writer.write(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await writer.drain()
            while data := await reader.read(65_536):
                got += data
        return got, "close"
    except ConnectionResetError:
        return got, "reset"
    except TimeoutError:
        return got, "silence"
    finally:
        writer.close()


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


async def test_all_passes(proxy: FaultProxy) -> None:
    answer, end = await spoken(proxy)
    assert (json.loads(body_of(answer)), end) == (BODY, "close")
    assert (proxy.connections, proxy.questions) == (1, 1)


async def test_latency_is_there_for_every_question(proxy: FaultProxy) -> None:
    await proxy.use(Latency(0.1))
    clock = asyncio.get_running_loop().time
    async with httpx.AsyncClient(base_url=proxy.origin) as client:
        for _ in range(2):
            start = clock()
            assert (await client.get("/a")).json() == BODY
            assert 0.09 < clock() - start < 1
    assert proxy.connections == 1


async def test_drip_is_slow_but_whole(proxy: FaultProxy) -> None:
    await proxy.use(Drip(SIZE * 4))
    start = asyncio.get_running_loop().time()
    answer, end = await spoken(proxy)
    assert 0.2 < asyncio.get_running_loop().time() - start < 3
    assert (json.loads(body_of(answer)), end) == (BODY, "close")


async def test_a_drip_does_not_come_at_once(proxy: FaultProxy) -> None:
    await proxy.use(Drip(100))
    answer, end = await spoken(proxy, seconds=0.3)
    assert end == "silence"
    assert 0 < len(answer) < 60


@pytest.mark.parametrize(
    ("fault", "part", "end"),
    [
        (ResetAtOnce(), 0, "reset"),
        (Cut(0.5), 0.5, "close"),
        (Cut(0), 0, "close"),
        (Cut(0.5, reset=True), 0.5, "reset"),
        (Hang(), 0, "silence"),
        (Refuse(), 0, "refused"),
    ],
    ids=repr,
)
async def test_an_answer_ends_early(proxy: FaultProxy, fault: Fault, part: float, end: str) -> None:
    await proxy.use(fault)
    answer, ended = await spoken(proxy, seconds=0.3)
    assert (len(body_of(answer)), ended) == (int(SIZE * part), end)


async def test_the_length_is_too_short_and_the_body_is_not(proxy: FaultProxy) -> None:
    await proxy.use(ShortLength())
    answer, end = await spoken(proxy)
    assert b"content-length: %d\r\n" % (SIZE // 2) in answer
    assert (len(body_of(answer)), end) == (SIZE, "close")


async def test_garbage_is_the_same_for_a_seed(proxy: FaultProxy) -> None:
    await proxy.use(Garbage(seed=1))
    first, end = await spoken(proxy)
    assert (len(first), end) == (512, "close")
    assert await spoken(proxy) == (first, "close")
    await proxy.use(Garbage(seed=2, head=b"HTTP/1.1 200 OK\r\n\r\n", size=10))
    answer, end = await spoken(proxy)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n\r\n")
    assert len(body_of(answer)) == 10


BROKEN = {
    ResetAtOnce(): (httpx.ReadError, httpx.ConnectError),
    Cut(0.5): (httpx.RemoteProtocolError,),
    Cut(0.5, reset=True): (httpx.ReadError,),
    Garbage(): (httpx.RemoteProtocolError,),
    Hang(): (httpx.ReadTimeout,),
    Refuse(): (httpx.ConnectError, httpx.ReadError),
}


@pytest.mark.parametrize("fault", BROKEN, ids=repr)
async def test_a_fault_strikes_an_open_connection_and_passes_again(
    proxy: FaultProxy, fault: Fault
) -> None:
    async with httpx.AsyncClient(base_url=proxy.origin, timeout=0.5) as client:
        for _ in range(2):
            assert (await client.get("/a")).json() == BODY
            await proxy.use(fault)
            with pytest.raises(BROKEN[fault]):
                await client.get("/a")
            await proxy.use(PASS)


async def test_faults_differ_by_connection_and_not_by_run(proxy: FaultProxy) -> None:
    plan = mixed([PASS, Cut(0), Garbage(size=3)], seed=7)
    drawn = [plan(number, 0) for number in range(30)]
    assert len(set(map(repr, drawn))) == 3
    assert drawn == [mixed([PASS, Cut(0), Garbage(size=3)], seed=7)(n, n) for n in range(30)]
    await proxy.use(plan)
    for fault in drawn[:6]:
        answer, _ = await spoken(proxy)
        wanted = {"fault": SIZE, "cut": 0, "garbage": 0}[repr(fault)]
        assert len(body_of(answer)) == wanted


async def test_a_fault_may_come_after_some_questions(proxy: FaultProxy) -> None:
    async with httpx.AsyncClient(base_url=proxy.origin) as client:
        for _ in range(2):
            await proxy.use(after(3, Cut(0.5)))
            for _ in range(3):
                assert (await client.get("/a")).json() == BODY
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/a")


async def test_any_protocol_passes() -> None:
    """A protocol in which each side speaks in turn, as that of a database."""

    async def shout(reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data.upper())
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    async with server, FaultProxy(server.sockets[0].getsockname()[1]) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        for text in (b"one", b"twenty"):
            writer.write(text)
            assert await reader.read(100) == text.upper()
        await proxy.use(Cut(0.5))
        writer.write(b"thirty")
        assert await reader.read() == b"THI"
        writer.close()


# --- sources with moods ---


async def test_a_mood_is_for_all_paths_or_for_one(fake: FakeSource) -> None:
    fake.mood = Mood(status=503, headers={"Retry-After": "7"}, times=1)
    fake.moods["/b"] = Mood(seconds=0.1)
    async with httpx.AsyncClient(base_url=fake.origin) as client:
        failed = await client.get("/a")
        assert (failed.status_code, failed.headers["retry-after"]) == (503, "7")
        assert (await client.get("/a")).json() == BODY
        answers = await asyncio.gather(*(client.get("/b") for _ in range(5)))
        assert all(answer.json() == BODY for answer in answers)
    assert fake.asked == {"/a": 2, "/b": 5}
    assert (fake.requests, fake.most_at_once) == (7, 5)
    fake.forget()
    assert fake.requests == 0


async def test_by_default_it_serves_the_sample_municipality() -> None:
    async with fake_source() as fake, httpx.AsyncClient(base_url=fake.origin) as client:
        assert (await client.get("/KENMERK")).json()["items"]
