"""Writing zaken: messages are those of the standard, and what became of them is never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from lxml import etree

from adapters.base import Change, Create, Failure, Query, SourceError, Update
from adapters.conditions import In
from adapters.stuf.adapter import StufAdapter
from adapters.stuf.envelope import within
from adapters.stuf.names import local
from adapters.xml import parse
from demo.stuf.data import Holdings
from demo.stuf.service import StufService
from tests.support.stuf import NOW, options, resources, soap, wrong_by_schema
from tests.unit.stuf.test_demo import schemas
from tests.unit.stuf.test_questions import golden, meaning, same_reference

TAKEN: Final = "taken"
SYSTEM: Final = "stuf-zkn-terugbellen"
NEW: Final = {
    "omschrijving": "Terugbelverzoek",
    "toelichting": "Graag terugbellen",
    "betalingsindicatie": "N.v.t.",
    "archiefnominatie": "N",
    "zaakniveau": "1",
    "deelzakenindicatie": "N",
    "zaaktype": "Terugbelverzoek",
    "zaaktypecode": "TBV",
    "initiatorBsn": "999993653",
    "contactnaam": "J. Jansen",
    "telefoonnummer": "0612345678",
    "emailadres": "j.jansen@example.org",
}
DONE: Final = {"status": "Afgehandeld", "statustoelichting": "Klant gesproken"}
SETTINGS: Final[dict[str, Any]] = {
    "statuses": {"Ontvangen": 1, "Afgehandeld": 2},
    "lists": True,
    "set_by": {"medewerker": "bram"},
}
PORTS: Final = {
    "beantwoord_vraag": "BeantwoordVraag",
    "vrije_berichten": "VrijeBerichten",
    "ontvang_asynchroon": "OntvangAsynchroon",
    "verwerk_synchrone_kennisgeving": "VerwerkSynchroneKennisgeving",
}
ASYNCHRONOUS: Final = tuple(PORTS)[:3]

Answers = Callable[[httpx.Request], httpx.Response | None]


class Line(httpx.ASGITransport):
    """The way to a back end, on which answers can get lost: ``before`` may answer instead of it,
    ``after`` sees that it was asked and may fail."""

    def __init__(self, service: StufService) -> None:
        super().__init__(service.app())
        self.sent: list[etree._Element] = []
        self.before: Answers = lambda request: None
        self.after: Callable[[httpx.Request], None] = lambda request: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        (message,) = (e for e in within(parse(request.content)) if local(e)[-4:] in KINDS)
        self.sent.append(message)
        given = self.before(request)
        if given is not None:
            return httpx.Response(given.status_code, stream=httpx.ByteStream(given.content))
        answer = await super().handle_async_request(request)
        self.after(request)
        return answer

    def changes(self) -> list[etree._Element]:
        """What was sent to change something."""
        return [one for one in self.sent if local(one)[-4:] in ("Lk01", "Lk02")]


KINDS: Final = ("Lv01", "Lk01", "Lk02", "Di02")


def made(
    shared: Path | None = None, ports: tuple[str, ...] = ASYNCHRONOUS, **others: Any
) -> tuple[StufAdapter, StufService, Line]:
    """The adapter on a back end without zaken, that checks by the schemas if these are given."""
    service = StufService(Holdings(), schemas(shared) if shared else None)
    urls = {name: f"http://zaken.example/zkn/services/{PORTS[name]}" for name in ports}
    settings = {"profile": "zds11", "verify_seconds": 2, **SETTINGS, **others}
    adapter = StufAdapter.create(options(urls=urls, **settings), resources(SYSTEM))
    line = Line(service)
    adapter._transport = line
    adapter._now = lambda zone: NOW.replace(tzinfo=zone)
    return adapter, service, line


async def wrote(adapter: StufAdapter, change: Change) -> dict[str, Any]:
    (record,) = await adapter.write([change])
    return dict(record)


async def refused(adapter: StufAdapter, change: Change) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await adapter.write([change])
    return caught.value


def numbered(message: etree._Element, number: str) -> None:
    """As if another number had been given."""
    for one in message.iter("{*}identificatie"):
        if local(one.getparent()) == "object":
            one.text = number


WAYS: Final = [
    ("zds11", ASYNCHRONOUS, "zakLk01"),
    ("zds12", ASYNCHRONOUS, "creeerZaak_ZakLk01"),
    ("zds11", tuple(PORTS), "zakLk02"),
    ("zds12", tuple(PORTS), "zakLk02"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("profile", "ports", "root"), WAYS)
async def test_a_zaak_is_made_and_gets_a_status(
    shared: Path, profile: str, ports: tuple[str, ...], root: str
) -> None:
    adapter, _, line = made(shared, ports, profile=profile)
    record = await wrote(adapter, Create(TAKEN, NEW))
    assert {name: record[name] for name in NEW} == NEW
    assert record["registratiedatum"] == "2026-01-05"
    key = {"identificatie": record["identificatie"]}
    assert (await wrote(adapter, Update(TAKEN, key, DONE))).items() >= DONE.items()
    assert local(line.changes()[0]) == root
    for message in line.sent:
        assert wrong_by_schema(shared, message) == []


WHO: Final = ("initiatorBsn", "contactnaam", "telefoonnummer", "emailadres")


@pytest.mark.shared
@pytest.mark.parametrize("who", [{"initiatorNaam": "Kooyman"}, {"initiatorRsin": "569312863"}])
@pytest.mark.parametrize(("profile", "ports"), [way[:2] for way in WAYS])
async def test_who_asked_may_have_no_bsn(
    shared: Path, profile: str, ports: tuple[str, ...], who: dict[str, str]
) -> None:
    adapter, _, line = made(shared, ports, profile=profile)
    others = {"medewerker": "bram", "verantwoordelijkeAfdeling": "kcc"}
    plain = {name: value for name, value in NEW.items() if name not in WHO}
    for more in ({}, {"telefoonnummer": "0612345678"}):
        values = {**plain, **who, **others, **more, "geregistreerd": "2026-01-05T08:30:15.123000Z"}
        record = await wrote(adapter, Create(TAKEN, values))
        assert {name: record[name] for name in values} == values
    assert len(line.changes()) == 2


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "profile", "nth"),
    [
        ("13-zds11-genereerZaakIdentificatie", "zds11", 0),
        ("14-zds12-genereerZaakIdentificatie", "zds12", 0),
        ("15-zds11-creeerZaak", "zds11", 1),
        ("16-zds11-actualiseerZaakstatus", "zds11", -2),
    ],
)
async def test_a_message_says_what_a_ready_one_does(
    shared: Path, name: str, profile: str, nth: int
) -> None:
    adapter, _, line = made(profile=profile, **({"set_by": None} if profile == "zds11" else {}))
    record = await wrote(adapter, Create(TAKEN, NEW))
    await wrote(adapter, Update(TAKEN, {"identificatie": record["identificatie"]}, DONE))
    sent, wanted = line.sent[nth], golden(shared, name)
    for root in (sent, wanted):
        same_reference(root)
        numbered(root, "-")
    assert meaning(sent) == meaning(wanted)


@pytest.mark.shared
async def test_a_document_is_asked_for_as_a_ready_message_does(shared: Path) -> None:
    adapter, _, line = made()
    adapter._resources["documenten"] = adapter._resources["medewerkers"].model_validate(
        {
            "sector": "zkn",
            "entity": "EDC",
            "key": "identificatie",
            "fields": {"identificatie": "identificatie", "inhoud": "inhoud"},
            "filters": {"identificatie": {"zds": "geefZaakdocumentLezen"}},
        }
    )
    spec = adapter._resources["documenten"]
    adapter._collections["documenten"] = adapter._capabilities(spec)
    adapter._reads["documenten"] = spec.reads(adapter._zone)
    line.before = lambda _: httpx.Response(200, content=soap("<edcLa01/>"))
    await adapter.find("documenten", Query(In("identificatie", ("0000D1",))))
    sent, wanted = line.sent[0], golden(shared, "12-zds11-geefZaakdocumentLezen")
    for root in (sent, wanted):
        same_reference(root)
        (scope,) = root.iter("{*}scope")
        root.remove(scope)
    assert meaning(sent) == meaning(wanted)


async def test_what_comes_later_is_waited_for() -> None:
    adapter, service, _ = made()
    service.changes.later = 3
    record = await wrote(adapter, Create(TAKEN, NEW))
    assert record["omschrijving"] == NEW["omschrijving"]
    assert service.asked.count("zakLv01 identificatie") == 3


async def test_what_never_shows_is_unknown() -> None:
    adapter, service, line = made(verify_seconds=0.3)
    service.changes.loses = True
    error = await refused(adapter, Create(TAKEN, NEW))
    assert (error.failure, error.note) == (Failure.UNKNOWN, "received, and not seen in time")
    assert len(line.changes()) == 1


async def test_a_lost_answer_is_found_out_without_a_second_zaak() -> None:
    adapter, service, line = made()

    def lost(request: httpx.Request) -> None:
        line.after = lambda _: None
        raise httpx.ReadTimeout("")

    service.changes.later = 2
    line.before = lambda r: setattr(line, "after", lost) if b"Lk01" in r.content else None
    record = await wrote(adapter, Create(TAKEN, NEW))
    first, *others = line.changes()
    # What is sent again is the same message, and the back end says that it has it.
    assert all(meaning(one) == meaning(first) for one in others)
    assert others
    assert [t.values["identificatie"] for t in service.holdings.of("ZAK")] == [
        record["identificatie"]
    ]


async def test_what_got_lost_on_its_way_is_sent_again() -> None:
    adapter, service, line = made()

    def nowhere(request: httpx.Request) -> None:
        if b"Lk01" in request.content and len(line.changes()) == 1:
            raise httpx.ReadError("")

    line.before = nowhere
    assert await wrote(adapter, Create(TAKEN, NEW))
    assert [meaning(one) for one in line.changes()] == [meaning(line.changes()[0])] * 2
    assert len(service.holdings.of("ZAK")) == 1


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (httpx.Response(403), Failure.REFUSED),
        (httpx.Response(503), Failure.THROTTLED),
        (httpx.Response(500, content=b"<html></html>"), Failure.UNKNOWN),
        (httpx.Response(204), Failure.UNKNOWN),
        (httpx.Response(200, content=soap("<Iets/>")), Failure.UNKNOWN),
    ],
)
async def test_what_is_answered_otherwise_says_what_it_can(
    answer: httpx.Response, failure: Failure
) -> None:
    adapter, service, line = made(verify_seconds=0.3)
    line.before = lambda request: answer if b"Lk01" in request.content else None
    assert (await refused(adapter, Create(TAKEN, NEW))).failure is failure
    assert service.holdings.of("ZAK") == []


async def test_a_fault_means_that_nothing_was_done() -> None:
    adapter, _, line = made()
    error = await refused(adapter, Create(TAKEN, NEW | {"zaaktypecode": "ANDERS"}))
    assert (error.failure, error.note) == (Failure.REFUSED, "StUF058")
    assert len(line.changes()) == 1


async def test_nothing_is_made_without_a_number() -> None:
    adapter, _, line = made()
    line.before = lambda request: httpx.Response(500) if b"Di02" in request.content else None
    assert (await refused(adapter, Create(TAKEN, NEW))).failure is Failure.UNAVAILABLE
    assert line.changes() == []


async def test_a_wrapped_receipt_is_one() -> None:
    """As one back end answers (row 2 of the deviations)."""
    adapter, service, _ = made()
    service.deviations = frozenset(["wrapped"])
    assert await wrote(adapter, Create(TAKEN, NEW))


async def test_changes_of_one_zaak_wait_for_each_other() -> None:
    adapter, service, line = made()
    record = await wrote(adapter, Create(TAKEN, NEW))
    key = {"identificatie": record["identificatie"]}
    under_way: list[int] = []

    def counted(request: httpx.Request) -> None:
        if b"Lk01" in request.content:
            under_way.append(len(service.changes._coming))

    service.changes.later = 2
    line.before = counted
    names = ("Ontvangen", "Afgehandeld", "Ontvangen")
    await asyncio.gather(*(wrote(adapter, Update(TAKEN, key, {"status": n})) for n in names))
    # Nothing is sent while what was sent before does not show.
    assert under_way == [0, 0, 0]
    found = await adapter.get(TAKEN, key)
    assert found is not None
    assert found["status"] == "Ontvangen"


async def test_a_zaak_that_was_changed_meanwhile_is_left_alone() -> None:
    adapter, _, line = made()
    record = await wrote(adapter, Create(TAKEN, NEW))
    key = {"identificatie": record["identificatie"]}
    expected = {"status": "Ontvangen"}
    assert (await refused(adapter, Update(TAKEN, key, DONE, expected))).failure is Failure.CONFLICT
    nobody = {"identificatie": "ZAAK-0"}
    assert (await refused(adapter, Update(TAKEN, nobody, DONE))).failure is Failure.GONE
    assert len(line.changes()) == 1
    await wrote(adapter, Update(TAKEN, key, DONE))
    await wrote(adapter, Update(TAKEN, key, DONE))
    assert len(line.changes()) == 2


async def test_a_new_zaak_can_have_a_status_at_once() -> None:
    adapter, _, line = made()
    record = await wrote(adapter, Create(TAKEN, NEW | {"statustoelichting": "Na vier uur"}))
    assert (record["status"], record["statustoelichting"]) == ("Ontvangen", "Na vier uur")
    assert len(line.changes()) == 2


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"toelichting": "a\x01b"}, "toelichting", "invalid"),
        ({"geregistreerd": "2026-10-25T01:30:00.000000Z"}, "geregistreerd", "invalid"),
        ({"medewerker": "bram", "afdeling": "kcc"}, "afdeling", "unique"),
    ],
)
async def test_what_cannot_be_sent_is_named_and_nothing_is_sent(
    values: dict[str, str], field: str, code: str
) -> None:
    adapter, _, line = made()
    error = await refused(adapter, Create(TAKEN, NEW | values))
    assert error.failure is Failure.REFUSED
    assert [(one.field, one.code) for one in error.objections] == [(field, code)]
    assert line.sent == []


async def test_what_was_said_of_a_status_is_said_of_the_next() -> None:
    adapter, _, _ = made()
    record = await wrote(adapter, Create(TAKEN, NEW))
    key = {"identificatie": record["identificatie"]}
    await wrote(adapter, Update(TAKEN, key, {"statustoelichting": "Niet bereikt"}))
    told = await wrote(adapter, Update(TAKEN, key, {"status": "Afgehandeld"}))
    assert told["statustoelichting"] == "Niet bereikt"
    told = await wrote(adapter, Update(TAKEN, key, {"statustoelichting": None}))
    assert (told["status"], told["statustoelichting"]) == ("Afgehandeld", None)


async def test_a_status_is_not_taken_away() -> None:
    adapter, _, line = made()
    record = await wrote(adapter, Create(TAKEN, NEW | {"status": "Ontvangen"}))
    sent = len(line.changes())
    key = {"identificatie": record["identificatie"]}
    error = await refused(adapter, Update(TAKEN, key, {"status": None}))
    assert [(one.field, one.code) for one in error.objections] == [("status", "required")]
    assert len(line.changes()) == sent


@pytest.mark.parametrize(
    ("part", "failure"), [("Di02", Failure.TIMEOUT), ("Lk01", Failure.UNKNOWN)]
)
async def test_who_does_not_wait_is_told_what_is_known(part: str, failure: Failure) -> None:
    adapter, service, line = made(verify_seconds=9)
    service.changes.loses = True
    reached = asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        answer = await Line.handle_async_request(line, request)
        if part.encode() in request.content:
            reached.set()
            await asyncio.sleep(9)
        return answer

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return await slow(request)

    adapter._transport = Slow()
    writing = asyncio.create_task(wrote(adapter, Create(TAKEN, NEW)))
    await reached.wait()
    writing.cancel()
    with pytest.raises(SourceError) as caught:
        await writing
    assert caught.value.failure is failure


def test_writing_takes_addresses_and_who_gives_a_status() -> None:
    reading, _, _ = made(ports=("beantwoord_vraag",))
    assert reading.collections[TAKEN].writes is None
    with pytest.raises(ValueError, match="set_by"):
        made(profile="zds12", set_by=None)
    with pytest.raises(ValueError, match="zds11"):
        made(profile="zkn0310")
    with pytest.raises(ValueError, match="medewerker"):
        made(set_by={"medewerker": "bram", "organisatorische_eenheid": "kcc"})
