"""``gateway conform``: a right server passes, and each of many wrong ones does not."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway import installation
from gateway.api.access import hashed
from gateway.cli import main
from gateway.conform import NoServer, Result, Verdict, conform, report, root_of, statements
from gateway.conform.server import Server
from gateway.installation import Installation
from gateway.narrow import WIDTH
from gateway.standard.table import RESOURCES
from tests.helpers import BSN, ORIGIN, TOKEN, kcc_config, sqlite_ended
from tests.support.planted import PLANTS
from tests.support.wrong import ABOUT, Plant, Planted, is_list

ROOT = root_of(ORIGIN)
WRITER = {"tokens": [hashed(TOKEN)], "scopes": ["*:read", "*:write"]}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[httpx.ASGITransport]:
    """A register that may be written to."""
    path = kcc_config(tmp_path_factory.mktemp("sandbox"), clients={"tests": WRITER})
    built = installation.build(path)
    async with sqlite_ended():
        yield httpx.ASGITransport(app=built.app())
        await built.close()


class Remembering(httpx.AsyncBaseTransport):
    """A way to a server that is only read, where a question that was asked is not asked again."""

    def __init__(self, to: httpx.AsyncBaseTransport) -> None:
        self._to = to
        self._answers: dict[object, httpx.Response] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = (request.method, str(request.url), str(request.headers.raw))
        if asked not in self._answers:
            self._answers[asked] = answer = await self._to.handle_async_request(request)
            await answer.aread()
        found = self._answers[asked]
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)


@pytest.fixture(scope="session")
def readable(kcc: Installation) -> httpx.AsyncBaseTransport:
    """A register that nothing is written to."""
    return Remembering(httpx.ASGITransport(app=kcc.app()))


async def examined(
    transport: httpx.AsyncBaseTransport,
    ids: Iterable[str] = (),
    *,
    writes: bool = False,
    about: Collection[str] = ABOUT,
) -> dict[str, Result]:
    """What comes of the statements with these ids, or of all."""
    chosen = [s for s in statements(writes=writes) if not ids or s.id in ids]
    assert {*ids} <= {s.id for s in chosen}
    found = conform(ROOT, TOKEN, chosen, writes=writes, about=about, transport=transport)
    return {result.statement.id: result async for result in found}


@pytest.mark.soak
async def test_a_right_server_passes(sandbox: httpx.ASGITransport) -> None:
    found = await examined(sandbox, writes=True, about=tuple(RESOURCES))
    assert {id: r.wrong for id, r in found.items() if r.verdict is Verdict.FAILED} == {}
    # What nothing can be tried of says nothing: here that would be a statement that cannot fail.
    assert [id for id, r in found.items() if r.verdict is Verdict.NOT_APPLICABLE] == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda p: p.name.replace(" ", "-"))
async def test_a_wrong_server_is_found(
    sandbox: httpx.ASGITransport, readable: httpx.AsyncBaseTransport, plant: Plant
) -> None:
    wrong = Planted(sandbox if plant.writes else readable, plant.fault)
    found = await examined(wrong, plant.found_by, writes=plant.writes, about=plant.about or ABOUT)
    assert {id: r.verdict for id, r in found.items()} == dict.fromkeys(
        plant.found_by, Verdict.FAILED
    )


async def test_of_a_right_server_nothing_is_found(readable: httpx.AsyncBaseTransport) -> None:
    ids = {id for plant in PLANTS if not plant.writes and not plant.about for id in plant.found_by}
    found = await examined(readable, ids)
    assert {id: r.verdict for id, r in found.items()} == dict.fromkeys(ids, Verdict.PASSED)


async def test_nothing_is_written_unless_it_is_asked(readable: httpx.AsyncBaseTransport) -> None:
    methods: set[str] = set()

    async def listen(request: httpx.Request, ask: Any) -> httpx.Response:
        methods.add(request.method)
        answer: httpx.Response = await ask(request)
        return answer

    await examined(Planted(readable, listen), ["fout.vorm", "vorm.los"])
    assert methods == {"GET"}
    async with httpx.AsyncClient(transport=readable) as client:
        with pytest.raises(AssertionError):
            await Server(client, ROOT, TOKEN, writes=False).ask("partijen", method="POST")


async def test_what_was_made_is_removed_whatever_happens(sandbox: httpx.ASGITransport) -> None:
    before = await _counts(sandbox)
    chosen = [s for s in statements(writes=True) if s.id == "schrijf.maken"]
    running = conform(ROOT, TOKEN, [*chosen, *chosen], writes=True, transport=sandbox)
    async for _ in running:
        break
    assert await _counts(sandbox) != before
    await running.aclose()
    assert await _counts(sandbox) == before


async def _counts(transport: httpx.AsyncBaseTransport) -> dict[str, int]:
    headers = {"Authorization": f"Token {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, headers=headers) as client:
        paths = ("klantcontacten", "partijen", "internetaken")
        return {path: (await client.get(f"{ROOT}/{path}")).json()["count"] for path in paths}


async def test_a_report_has_no_persons_and_eighty_columns(
    readable: httpx.AsyncBaseTransport,
) -> None:
    async def wrong(request: httpx.Request, ask: Any) -> httpx.Response:
        """Gives everything, whatever is asked, with more than there should be."""
        answer = await ask(
            request.__class__("GET", f"{ROOT}/partij-identificatoren", headers=request.headers)
        )
        return httpx.Response(200, json=answer.json() | {"meer": BSN})

    found = list((await examined(Planted(readable, wrong), about=["bijlagen"])).values())
    lines = [line for result in found for line in report.text(result)]
    assert max(map(len, lines)) <= WIDTH
    assert any(r.verdict is Verdict.FAILED for r in found)
    told = "\n".join([*lines, json.dumps(report.document(ROOT, found))])
    assert BSN not in told
    assert TOKEN not in told


def _down(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("weg")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (_down, "De server antwoordt niet: geen antwoord (ConnectError)"),
        (lambda _: httpx.Response(200, text="<p>dag"), "want er is geen enkele lijst: 200"),
        (lambda _: httpx.Response(404, json={"code": "x"}), "geen enkele lijst: 404 x"),
        (lambda _: httpx.Response(401, json={"code": "nee"}), "is niets te zien: 401 nee"),
    ],
    ids=["down", "something-else", "elsewhere", "no-access"],
)
async def test_where_nothing_can_be_tried_it_is_said_why(answer: Any, told: str) -> None:
    with pytest.raises(NoServer, match=re.escape(told)):
        await examined(httpx.MockTransport(answer))


async def test_a_list_that_does_not_answer_leaves_the_others(
    readable: httpx.AsyncBaseTransport,
) -> None:
    async def without(request: httpx.Request, ask: Any) -> httpx.Response:
        if request.url.path.endswith("/bijlagen"):
            raise httpx.ReadTimeout("traag")
        answer: httpx.Response = await ask(request)
        return answer

    found = await examined(Planted(readable, without), ["lijst.er-is", "lijst.vorm"])
    assert [seen.where for seen in found["lijst.er-is"].wrong] == ["bijlagen"]
    assert found["lijst.vorm"].verdict is Verdict.PASSED


async def test_an_empty_register_is_not_wrong(readable: httpx.AsyncBaseTransport) -> None:
    async def empty(request: httpx.Request, ask: Any) -> httpx.Response:
        """Knows of nothing, as a right server does that holds nothing."""
        answer: httpx.Response = await ask(request)
        page = dict(request.url.params).get("page")
        if not is_list(answer):
            return answer
        if page not in (None, "", "1", "last"):
            beyond = request.url.copy_merge_params({"page": "9999999"})
            answer = await ask(httpx.Request("GET", beyond, headers=request.headers))
            return answer
        nothing = {"count": 0, "next": None, "previous": None, "results": []}
        return httpx.Response(200, json=nothing, headers=_same(answer))

    found = await examined(Planted(readable, empty))
    assert {id: r.wrong for id, r in found.items() if r.verdict is Verdict.FAILED} == {}
    assert found["vorm.waarden"].verdict is Verdict.NOT_APPLICABLE


def _same(answer: httpx.Response) -> dict[str, str]:
    return {n: v for n, v in answer.headers.items() if n not in ("content-length", "content-type")}


@pytest.mark.parametrize("url", ["gateway.example", "ftp://x", "https://a:b@gateway.example", ""])
def test_what_is_no_url_is_said(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFORM_TOKEN", TOKEN)
    assert main(["conform", url, "--token", "env:CONFORM_TOKEN"]) == 2
    assert "schrijf een url" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["tests-only", "env:", "env:NERGENS_GEZET", "file:/nergens"])
def test_a_token_is_a_reference(token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conform", ORIGIN, "--token", token]) == 2
    assert capsys.readouterr().err


def test_the_root_of_an_api() -> None:
    assert root_of("https://host") == "https://host/klantinteracties/api/v1"
    assert root_of("https://host/elders/v1/") == "https://host/elders/v1"
