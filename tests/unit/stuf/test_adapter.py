"""The adapter on a back end: what is found, what goes wrong, and what is never told."""

from __future__ import annotations

import base64
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Failure, Query, SourceError
from adapters.conditions import All, In, NotIn
from adapters.stuf.faults import PASSING
from adapters.stuf.names import ZKN, local
from adapters.stuf.security import WSSE, WSU
from adapters.tls import Tls
from adapters.xml import parse
from tests.helpers import BSN, LogLines
from tests.support.stuf import BackEnd, answering, fault, la01, soap

OTHER = "999990627"
PERSON = (
    '<object StUF:entiteittype="NPS"><inp.bsn>{bsn}</inp.bsn>'
    "<geslachtsnaam>Kooyman</geslachtsnaam>{more}</object>"
)


def person(bsn: str = BSN, more: str = "") -> str:
    return PERSON.format(bsn=bsn, more=more)


def zaak(number: str, initiator: str | None = BSN, key: str = "") -> str:
    who = (
        "<heeftAlsInitiator><gerelateerde><natuurlijkPersoon>"
        f"<BG:inp.bsn>{initiator}</BG:inp.bsn></natuurlijkPersoon></gerelateerde>"
        "</heeftAlsInitiator>"
    )
    return (
        f'<object StUF:sleutelVerzendend="{key or number}"><identificatie>{number}</identificatie>'
        f"{who if initiator else ''}</object>"
    )


def zaken(*objects: str, more: str = "false", extra: str = "") -> bytes:
    return la01("".join(objects), sector=ZKN, entity="ZAK", more=more, extra=extra)


async def persons(back_end: BackEnd, *numbers: str, **options: Any) -> list[dict[str, Any]]:
    query = Query(In("bsn", numbers or (BSN,)))
    page = await back_end.adapter("stuf-bg", **options).find("personen", query)
    return [dict(one) for one in page.records]


async def zaken_of(back_end: BackEnd, **options: Any) -> list[str]:
    query = Query(In("initiatorBsn", (BSN,)))
    page = await back_end.adapter("stuf-zkn", **options).find("zaken", query)
    assert page.next is None
    return [one["identificatie"] for one in page.records]


async def failing(back_end: BackEnd, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await persons(back_end, **options)
    error = caught.value
    for private in (BSN, "makelaar.example", "Kooyman"):
        assert private not in f"{error!r} {error} {error.note}"
    assert error.__cause__ is None
    return error


# --- what is found ---


async def test_a_person_is_found() -> None:
    (found,) = await persons(answering(la01(person())))
    assert (found["bsn"], found["geslachtsnaam"], found["voornamen"]) == (BSN, "Kooyman", None)


@pytest.mark.parametrize(
    "body",
    [
        la01(""),
        la01('<object StUF:entiteittype="NPS"/>'),
        la01('<object StUF:entiteittype="NPS" xsi:nil="true"/>'),
        la01("<object><inp.bsn/><geslachtsnaam StUF:noValue='geenWaarde'/></object>"),
        la01("").replace(b"<antwoord></antwoord>", b""),
        fault("StUF064", "Object niet gevonden"),
    ],
)
async def test_that_there_is_nobody_is_said_in_many_ways(body: bytes) -> None:
    assert await persons(answering(body)) == []


async def test_more_codes_can_mean_that_there_is_nobody() -> None:
    body = fault("StUF058", "geen resultaten")
    assert (await failing(answering(body, status=500))).failure is Failure.REFUSED
    assert await persons(answering(body, status=500), not_found=["StUF064", "StUF058"]) == []


async def test_an_answer_about_somebody_else_is_an_error() -> None:
    assert (await failing(answering(la01(person(OTHER))))).failure is Failure.BAD_DATA


@pytest.mark.parametrize("more", ["", "<inp.bsn/>", "<inp.bsn StUF:noValue='nietGeautoriseerd'/>"])
async def test_an_answer_that_does_not_say_whom_it_is_about_is_an_error(more: str) -> None:
    body = la01(f"<object>{more}<geslachtsnaam>Kooyman</geslachtsnaam></object>")
    assert (await failing(answering(body))).failure is Failure.BAD_DATA


async def test_an_answer_to_another_question_is_an_error() -> None:
    other = "5b8d2c1e-0000-4000-8000-000000000001"
    for reference, wrong in ((other, True), ("000", False), ("?", False), ("", False)):
        body = la01(person()).replace(
            b"</stuurgegevens>",
            f"<StUF:crossRefnummer>{reference}</StUF:crossRefnummer></stuurgegevens>".encode(),
        )
        if wrong:
            assert (await failing(answering(body))).note == "an answer to another question"
        else:
            assert len(await persons(answering(body))) == 1


@pytest.mark.parametrize(
    ("geheim", "read"),
    [
        ("<inp.indicatieGeheim>0</inp.indicatieGeheim>", "0"),
        ("<inp.indicatieGeheim>4</inp.indicatieGeheim>", "4"),
        ('<inp.indicatieGeheim xsi:nil="true" StUF:noValue="nietGeautoriseerd"/>', "7"),
        ('<inp.indicatieGeheim StUF:noValue="nietGeautoriseerd"/>', "7"),
        ('<inp.indicatieGeheim xsi:nil="true" StUF:noValue="geenWaarde"/>', None),
        ('<inp.indicatieGeheim StUF:noValue="nietOndersteund"/>', None),
        ("", None),
    ],
)
async def test_a_secrecy_that_is_kept_from_us_is_a_secrecy(geheim: str, read: str | None) -> None:
    (found,) = await persons(answering(la01(person(more=geheim))))
    assert found["geheim"] == read


async def test_somebody_who_is_kept_from_us_is_there() -> None:
    nobody = '<object xsi:nil="true" StUF:noValue="nietGeautoriseerd"/>'
    adapter = answering(la01(nobody)).adapter("stuf-bg")
    page = await adapter.find("personen", Query(In("bsn", (BSN, OTHER))))
    assert (page.records, page.withheld) == ([], [BSN, OTHER])
    with pytest.raises(SourceError, match="withheld"):
        await adapter.get("personen", {"bsn": BSN})
    # Of whom nobody knows who it is, nothing can be said.
    with pytest.raises(SourceError, match="bad-data"):
        await zaken_of(answering(zaken(nobody)))


async def test_numbers_are_compared_without_the_zeros_before_them() -> None:
    vestiging = (
        "<object><vestigingsNummer>12345678</vestigingsNummer><oefentActiviteitenUitVoor>"
        "<gerelateerde><kvkNummer>0090001354</kvkNummer></gerelateerde>"
        "</oefentActiviteitenUitVoor></object>"
    )
    adapter = answering(la01(vestiging, entity="VES")).adapter("stuf-bg")
    for field, value in (("kvkNummer", "90001354"), ("vestigingsnummer", "000012345678")):
        (found,) = (await adapter.find("vestigingen", Query(In(field, (value,))))).records
        assert (found["vestigingsnummer"], found["kvkNummer"]) == ("000012345678", "90001354")
        assert await adapter.get("vestigingen", {"vestigingsnummer": "000012345678"}) is not None


async def test_a_relation_of_the_past_is_passed_over() -> None:
    def of(kvk: str, end: str) -> str:
        period = f"<StUF:tijdvakRelatie><StUF:eindRelatie>{end}</StUF:eindRelatie>"
        return (
            f"<oefentActiviteitenUitVoor><gerelateerde><kvkNummer>{kvk}</kvkNummer></gerelateerde>"
            f"{period}</StUF:tijdvakRelatie></oefentActiviteitenUitVoor>"
        )

    relations = of("11111111", "20200101") + of("22222222", "") + of("33333333", "20990101")
    body = la01(
        f"<object><vestigingsNummer>12</vestigingsNummer>{relations}</object>", entity="VES"
    )
    adapter = answering(body).adapter("stuf-bg")
    found = await adapter.get("vestigingen", {"vestigingsnummer": "000000000012"})
    assert found is not None
    assert found["kvkNummer"] == "22222222"


async def test_several_numbers_are_asked_apart_and_the_rest_is_looked_at() -> None:
    def known(request: httpx.Request) -> httpx.Response:
        bsn = parse(request.content).findtext(".//{*}gelijk/{*}inp.bsn")
        body = la01(person(bsn or "")) if bsn in (BSN, OTHER) else la01("")
        return httpx.Response(200, content=body)

    back_end = BackEnd(known)
    found = await persons(back_end, BSN, OTHER, "999990019")
    assert {one["bsn"] for one in found} == {BSN, OTHER}
    assert len(back_end.requests) == 3
    where = All((In("bsn", (BSN, OTHER)), NotIn("bsn", (OTHER,))))
    with pytest.raises(TypeError):
        await back_end.adapter("stuf-bg").find("personen", Query(where))
    where = All((In("bsn", (BSN, OTHER)), In("bsn", (BSN,))))
    page = await back_end.adapter("stuf-bg").find("personen", Query(where, count=True))
    assert ([one["bsn"] for one in page.records], page.total) == ([BSN], 1)


# --- pages ---


async def test_a_list_is_read_to_its_end() -> None:
    pages = [
        zaken(zaak("1"), zaak("2"), more="true"),
        zaken(zaak("3"), zaak("4"), more="true"),
        zaken(zaak("5")),
    ]
    back_end = answering(*pages)
    assert await zaken_of(back_end) == ["1", "2", "3", "4", "5"]
    starts = [m.findtext("{*}start/{*}object/{*}identificatie") for m in back_end.messages()]
    assert starts == [None, "2", "4"]


async def test_what_says_that_it_gave_fewer_has_more() -> None:
    fewer = "<melding>StUF0002 Meer objecten gevraagd dan teruggegeven</melding>"
    first = zaken(zaak("1"), more="", extra=fewer)
    assert await zaken_of(answering(first, zaken(zaak("2"), extra=fewer))) == ["1", "2"]


async def test_the_first_page_for_ever_is_an_error() -> None:
    back_end = answering(zaken(zaak("1"), zaak("2"), more="true"))
    with pytest.raises(SourceError, match="bad-data"):
        await zaken_of(back_end)
    assert len(back_end.requests) == 2


async def test_a_list_without_end_is_refused() -> None:
    numbers = iter(range(1, 1000))
    back_end = BackEnd(
        lambda _: httpx.Response(200, content=zaken(zaak(str(next(numbers))), more="true"))
    )
    with pytest.raises(SourceError, match="refused"):
        await zaken_of(back_end, max_pages=4)
    assert len(back_end.requests) == 4


async def test_a_page_that_cannot_be_asked_for_is_an_error() -> None:
    with pytest.raises(SourceError, match="refused"):
        await zaken_of(answering(zaken(zaak("1"), more="true"), fault("StUF058")))


async def test_criteria_that_were_ignored_are_looked_at() -> None:
    body = zaken(zaak("1"), zaak("2", OTHER), zaak("3"))
    assert await zaken_of(answering(body)) == ["1", "3"]


async def test_a_zaak_that_does_not_say_whose_it_is_is_an_error() -> None:
    with pytest.raises(SourceError, match="bad-data"):
        await zaken_of(answering(zaken(zaak("1"), zaak("2", None))))


async def test_a_sorting_that_is_not_known_is_left_out_once() -> None:
    back_end = answering(fault("StUF133"), zaken(zaak("1")))
    assert await zaken_of(back_end) == ["1"]
    sortings = [m.findtext("{*}parameters/{*}sortering") for m in back_end.messages()]
    assert sortings == ["9", "0"]
    with pytest.raises(SourceError, match="bad-data"):
        await zaken_of(answering(fault("StUF133"), zaken(zaak("1"), more="true")))
    with pytest.raises(SourceError, match="refused"):
        await zaken_of(answering(fault("StUF133")))


async def test_a_zaak_by_its_number_is_one_answer() -> None:
    # Some say of a single zaak that there are more.
    back_end = answering(zaken(zaak("1"), more="true"))
    adapter = back_end.adapter("stuf-zkn")
    found = await adapter.get("zaken", {"identificatie": "1"})
    assert found is not None
    assert len(back_end.requests) == 1


# --- what goes wrong ---


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("code", ["StUF001", "StUF013", "StUF055", "StUF058", "StUF127", *PASSING])
async def test_the_code_of_a_fault_decides(code: str, status: int) -> None:
    error = await failing(answering(fault(code), status=status))
    assert (error.failure, error.note) == (PASSING.get(code, Failure.REFUSED), code)


async def test_a_code_of_no_standard_is_not_told() -> None:
    error = await failing(answering(fault(f"Fo03 {BSN}")))
    assert (error.failure, error.note) == (Failure.REFUSED, "a fault without a code")


def plain_fault(code: str) -> bytes:
    return soap(f"<s:Fault>{code}<faultstring>Policy Falsified</faultstring></s:Fault>")


SOAP_12_CODE = (
    "<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>wsse:FailedAuthentication</s:Value>"
    "</s:Subcode></s:Code>"
)


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (500, plain_fault("<faultcode>s:Server</faultcode>"), Failure.UNAVAILABLE),
        (500, plain_fault("<faultcode>s:Client</faultcode>"), Failure.REFUSED),
        (500, plain_fault("<faultcode>soap:Client.Auth</faultcode>"), Failure.REFUSED),
        (500, plain_fault("<faultcode>wsse:InvalidSecurity</faultcode>"), Failure.REFUSED),
        (500, plain_fault(SOAP_12_CODE), Failure.REFUSED),
        (200, plain_fault(""), Failure.UNAVAILABLE),
        (500, b"<html><body>Internal Server Error</body></html>", Failure.UNAVAILABLE),
        (503, b"<!DOCTYPE html><html/>", Failure.THROTTLED),
        (502, b"Bad gateway", Failure.UNAVAILABLE),
        (401, b"", Failure.REFUSED),
        (404, b"<html/>", Failure.REFUSED),
        (204, b"", Failure.BAD_DATA),
        (302, b"", Failure.BAD_DATA),
        (200, b"", Failure.BAD_DATA),
        (200, b"<html><body>Onderhoud</body></html>", Failure.BAD_DATA),
        (200, soap("<x/>"), Failure.BAD_DATA),
        (200, la01(person(), entity="NNP"), Failure.BAD_DATA),
        (200, la01(person()).replace(b"</inp.bsn>", b"</inp.bsn><stuf:x/>"), Failure.BAD_DATA),
        (200, la01(person(more="<overlijdensdatum>1</overlijdensdatum>")), Failure.BAD_DATA),
    ],
)
async def test_what_is_no_answer_is_a_failure(status: int, body: bytes, failure: Failure) -> None:
    assert (await failing(answering(body, status=status))).failure is failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (httpx.ConnectError("x"), Failure.UNAVAILABLE),
        (httpx.ReadTimeout("x"), Failure.TIMEOUT),
        (httpx.RemoteProtocolError("x"), Failure.UNAVAILABLE),
    ],
)
async def test_no_answer_at_all_is_a_failure(error: Exception, failure: Failure) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise error

    assert (await failing(BackEnd(broken))).failure is failure


async def test_an_answer_that_is_too_large_is_not_read() -> None:
    body = la01(person(more=f"<voornamen>{'a' * 11_000_000}</voornamen>"))
    assert (await failing(answering(body))).note == "answer too large"


async def test_the_check_asks_for_nobody() -> None:
    back_end = answering(la01(""))
    await back_end.adapter("stuf-bg").check()
    (sent,) = back_end.messages()
    assert sent.findtext("{*}gelijk/{*}inp.bsn") == "000000000"
    with pytest.raises(SourceError, match="refused"):
        await answering(fault("StUF013")).adapter("stuf-zkn").check()


async def test_nothing_is_logged(log: LogLines) -> None:
    await persons(answering(la01(person())))
    await failing(answering(fault("StUF055", f"{BSN} Kooyman"), status=500))
    for private in (BSN, "Kooyman", "makelaar"):
        assert private not in str(log)


# --- who asks ---


async def test_basic_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUF_SECRET", "geheim é")
    back_end = answering(la01(""))
    account = {"username": "kcc", "password": "env:STUF_SECRET"}
    await persons(back_end, basic=account)
    given = back_end.requests[0].headers["Authorization"]
    assert base64.b64decode(given.removeprefix("Basic ")).decode() == "kcc:geheim é"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
async def test_a_username_token_is_sent(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setenv("STUF_SECRET", "geh<im")
    back_end = answering(la01(""))
    account = {"username": "kcc", "password": "env:STUF_SECRET"}
    await persons(back_end, wss=account, soap_version=version)
    header, _ = parse(back_end.requests[0].content)
    (security,) = header
    texts = {local(e): e.text for e in security.iter() if not len(e)}
    assert local(header) == "Header"
    assert texts == {
        "Username": "kcc",
        "Password": "geh<im",
        "Created": "2026-01-05T08:30:15Z",
        "Expires": "2026-01-05T08:35:15Z",
    }
    assert security.tag == f"{{{WSSE}}}Security"
    assert security[0].tag == f"{{{WSU}}}Timestamp"
    understood = {v for k, v in security.attrib.items() if k.endswith("mustUnderstand")}
    assert understood == {"1" if version == "1.1" else "true"}


async def test_a_certificate_that_is_not_there_asks_nothing(tmp_path: Path) -> None:
    back_end = answering(la01(""))
    for tls in ({"ca": f"file:{tmp_path}/ca.pem"}, {"certificate": f"file:{tmp_path}/me.pem"}):
        assert (await failing(back_end, tls=tls)).note == "a certificate that cannot be used"
    assert back_end.requests == []


def test_tls_is_never_old_and_always_looks_at_the_name() -> None:
    context = Tls().context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls": {"ca": "/etc/ca.pem"}},
        {"tls": {"key": "file:me.key"}},
        {"clock_zone": "Mars/Olympus"},
        {"urls": {"beantwoord_vraag": "ftp://makelaar.example"}},
        {"not_found": ["58"]},
        {"profile": "zds13"},
        {"wss": {"username": "kcc", "password": "geheim"}},
    ],
)
def test_options_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        answering(b"").adapter("stuf-bg", **wrong)


def test_what_a_back_end_cannot_be_asked_is_not_declared() -> None:
    able = answering(b"").adapter("stuf-bg").collections["organisaties"]
    assert able.asked_by == {"rsin", "kvkNummer"}
    unable = answering(b"").adapter("stuf-bg", not_asked_by={"organisaties": ["kvkNummer"]})
    assert unable.collections["organisaties"].asked_by == {"rsin"}
    assert set(unable.collections["organisaties"].filters) == {"rsin"}
    assert unable.collections["vestigingen"].asked_by == {"vestigingsnummer", "kvkNummer"}


@pytest.mark.parametrize(
    ("profile", "lists", "asked"),
    [
        (
            "zkn0310",
            False,
            {"identificatie", "initiatorBsn", "initiatorRsin", "initiatorVestiging"},
        ),
        ("zds11", False, {"identificatie"}),
        ("zds12", False, {"identificatie"}),
        ("zds12", True, {"identificatie", "initiatorBsn", "initiatorRsin", "initiatorVestiging"}),
    ],
)
def test_lists_are_no_service_of_zds(profile: str, lists: bool, asked: set[str]) -> None:
    adapter = answering(b"").adapter("stuf-zkn", profile=profile, lists=lists)
    assert adapter.collections["zaken"].asked_by == asked


def test_what_cannot_be_asked_at_all_is_not_asked_for_everything() -> None:
    unable = {"personen": ["bsn"]}
    collection = answering(b"").adapter("stuf-bg", not_asked_by=unable).collections["personen"]
    assert collection.filters == {}
    assert collection.asked_by
