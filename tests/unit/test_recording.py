"""A recording has everything that a source said, and nobody of whom it said it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Page, Query
from adapters.conditions import In
from adapters.recording import NotRecorded, Recorder, RecordingError, Replayer
from adapters.recording.exchange import Body, Exchange, read, written
from adapters.recording.safe import remains
from adapters.rest import RestAdapter
from adapters.stuf.adapter import StufAdapter
from demo.kcc.data import SMALL, generate
from gateway import cli
from tests.helpers import rest_config
from tests.support.installations import rest_adapter
from tests.support.stuf import Bg, resources

UUID = "8f3c1f0e-6b1c-4a53-9a54-0d3a1be0f6c1"
BSN = "123456782"
CANARIES = (
    BSN,
    "1234.56.782",
    "Kanarievogel",
    "kanarievogel",
    "Pietje",
    "pietje@kanarie.nl",
    "0612345678",
    "+31 6 12345678",
    "6512 AB",
    "6512AB",
    "Kooistraat",
    "NL91ABNA0417164300",
    "1980-04-05",
    "68750110",
    UUID,
    "ik voel mij niet goed",
    "geheim-van-de-bron",
    "client-van-de-bron",
    "sessie-van-de-bron",
    "kcc.intern.nl",
)
PERSON = {
    "id": 17,
    "uuid": UUID,
    "url": f"https://kcc.intern.nl/api/klanten/{UUID}?bsn={BSN}",
    "bsn": BSN,
    "nummer": int(BSN),
    "achternaam": "Kanarievogel",
    "volledigeNaam": "Pietje van Kanarievogel",
    "geboortedatum": "1980-04-05",
    "kvkNummer": "68750110",
    "status": "open",
    "onbekend": "Pietje",
    "opgevoerd": f"{date.today().year}-02-03T04:05:06Z",
    "actief": True,
    "bedrag": 12.5,
    "vraag": f"Hallo, ik voel mij niet goed. Pietje Kanarievogel, {BSN}, 06-12345678",
    "toelichting": {"diep": ["Kooistraat 12", "NL91ABNA0417164300", "+31 6 12345678"]},
    "soort": f"dossier {BSN} van Kanarievogel",
    "Kanarievogel": "x",
    "contact": {"email": "pietje@kanarie.nl", "telefoon": "0612345678", "postcode": "6512 AB"},
    "access_token": "geheim-van-de-bron",
    "elders": "https://www.kanarie.nl/pietje/foto",
}
SOAP = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:b="urn:bg">
<s:Header><b:UsernameToken><b:Password>geheim-van-de-bron</b:Password>
<b:Nonce>{{stamp}}</b:Nonce></b:UsernameToken></s:Header>
<s:Body><b:stuurgegevens><b:crossRefnummer>{{stamp}}</b:crossRefnummer></b:stuurgegevens>
<b:antwoord b:entiteittype="NPS" b:sleutel="Kanarievogel">
<b:inp.bsn>{BSN}</b:inp.bsn><b:geslachtsnaam>Kanarievogel</b:geslachtsnaam>
<b:aoa.postcode>6512AB</b:aoa.postcode>
</b:antwoord></s:Body></s:Envelope>"""


def source(request: httpx.Request) -> httpx.Response:
    """Answers with all that must not be recorded."""
    headers = {"Set-Cookie": "sessie-van-de-bron", "ETag": '"Kanarievogel"'}
    if request.headers.get("content-type", "").startswith("text/xml"):
        stamp = re.findall(r"Nonce>([^<]*)<", request.content.decode())[0]
        return httpx.Response(
            200, content=SOAP.format(stamp=stamp), headers={**headers, "content-type": "text/xml"}
        )
    if request.url.path.endswith("leeg"):
        return httpx.Response(204, headers=headers)
    return httpx.Response(200, json={"results": [PERSON, PERSON], "count": 2}, headers=headers)


def questions(
    origin: str, of: Callable[[str], str], stamp: str, json_body: Any
) -> Iterator[httpx.Request]:
    """The same questions, with persons as ``of`` calls them."""
    secret = {
        "Authorization": "Bearer geheim-van-de-bron",
        "Cookie": "sessie-van-de-bron",
        "X-Api-Key": "geheim-van-de-bron",
    }
    yield httpx.Request(
        "GET",
        f"{origin}/api/klanten",
        params={"bsn": of(BSN), "pageSize": "5", "naam": of("Kanarievogel")},
        headers=secret,
    )
    yield httpx.Request("GET", f"{origin}/api/klanten/{of(UUID)}/{of('Kanarievogel')}")
    yield httpx.Request(
        "GET", f"{origin}/api/klanten", params={"$filter": f"naam eq '{of('Pietje')}'"}
    )
    yield httpx.Request("POST", f"{origin}/api/klanten/leeg", json=json_body, headers=secret)
    yield httpx.Request(
        "POST",
        f"{origin}/token",
        data={"client_id": "client-van-de-bron", "client_secret": "geheim-van-de-bron"},
    )
    soap = SOAP.format(stamp=stamp).replace(BSN, of(BSN)).replace("6512AB", of("6512AB"))
    soap = soap.replace("Kanarievogel", of("Kanarievogel"))
    yield httpx.Request(
        "POST", f"{origin}/soap", content=soap, headers={"content-type": "text/xml; charset=utf-8"}
    )


async def ask(
    transport: httpx.AsyncBaseTransport, requests: Iterator[httpx.Request]
) -> list[httpx.Response]:
    answers = []
    for request in requests:
        answer = await transport.handle_async_request(request)
        await answer.aread()
        answers.append(answer)
    return answers


@pytest.fixture
async def recorded(tmp_path: Path) -> Path:
    recorder = Recorder()
    transport = recorder.over(lambda: httpx.MockTransport(source))
    await ask(transport, questions("https://kcc.intern.nl", str, "stempel-1", PERSON))
    recorder.save(tmp_path / "recording.yaml")
    return tmp_path / "recording.yaml"


def test_nothing_of_a_person_or_a_secret_is_in_a_recording(recorded: Path) -> None:
    text = recorded.read_text()
    assert [canary for canary in CANARIES if canary in text] == []


def test_a_person_is_the_same_one_wherever_he_is(recorded: Path) -> None:
    exchanges = read(recorded)
    first, by_name, query, made, _, soap = exchanges
    person = first.answer.data["results"][0]
    assert person["bsn"].startswith("999") and person["nummer"] == int(person["bsn"])
    params = dict(first.params)
    assert (params["bsn"], params["naam"]) == (person["bsn"], person["achternaam"])
    assert params["pageSize"] == "5"
    assert person["bsn"] in person["soort"] and person["achternaam"] in person["soort"]
    assert person["soort"].startswith("dossier ")
    assert person["url"] == (
        f"https://bron.example/api/klanten/{person['uuid']}?bsn={person['bsn']}"
    )
    assert by_name.url.endswith(f"/{person['uuid']}/{person['achternaam']}")
    assert person["volledigeNaam"] == f"{person['onbekend']} van {person['achternaam']}"
    assert query.params == [("$filter", f"naam eq '{person['onbekend']}'")]
    assert made.sent.data == person
    soap_text = str(soap.answer.text)
    assert f"<b:inp.bsn>{person['bsn']}</b:inp.bsn>" in soap_text
    assert f'b:sleutel="{person["achternaam"]}"' in soap_text
    assert 'b:entiteittype="NPS"' in soap_text
    phones = (person["contact"]["telefoon"], person["toelichting"]["diep"][2])
    assert phones[0][1:] == phones[1][3:]
    kept = ("id", "status", "opgevoerd", "actief", "bedrag")
    assert {name: person[name] for name in kept} == {name: PERSON[name] for name in kept}


async def test_what_was_asked_is_answered_again_but_for_the_persons(recorded: Path) -> None:
    exchanges = read(recorded)
    person = exchanges[0].answer.data["results"][0]
    instead = {
        BSN: person["bsn"],
        UUID: person["uuid"],
        "Kanarievogel": person["achternaam"],
        "Pietje": person["onbekend"],
        "6512AB": person["contact"]["postcode"].replace(" ", ""),
    }
    again = questions("https://bron.example", instead.__getitem__, "stempel-2", person)
    answers = await ask(Replayer(recorded), again)
    assert [a.status_code for a in answers] == [200, 200, 200, 204, 200, 200]
    assert answers[0].json()["results"][0] == person
    assert "crossRefnummer>stempel-2<" in answers[-1].text
    assert "set-cookie" not in answers[0].headers


async def test_a_question_that_was_not_recorded_is_an_error_without_values(recorded: Path) -> None:
    url = f"https://bron.example/api/klanten/{UUID}/Kanarievogel?bsn={BSN}"
    with pytest.raises(NotRecorded) as raised:
        await Replayer(recorded).handle_async_request(httpx.Request("DELETE", url))
    assert str(raised.value) == "DELETE /api/klanten/{}/{}"


async def test_a_repeated_question_is_answered_in_order(tmp_path: Path) -> None:
    file = tmp_path / "recording.yaml"
    url = "https://bron.example/a"
    written(file, [Exchange("GET", url, 200, answer=Body("application/json", n)) for n in (1, 2)])
    replayer = Replayer(file)
    asked = [httpx.Request("GET", url) for _ in range(3)]
    assert [a.json() for a in await ask(replayer, iter(asked))] == [1, 2, 2]


def test_two_recordings_do_not_share_who_becomes_whom(tmp_path: Path) -> None:
    recorder = Recorder()
    request = httpx.Request("GET", "https://kcc.intern.nl/api")
    recorder.heard(request, b"", httpx.Response(200, json=PERSON))
    for name in "ab":
        recorder.save(tmp_path / name)
    a, b = (read(tmp_path / name)[0].answer.data for name in "ab")
    assert a["achternaam"] != b["achternaam"] and a["uuid"] != b["uuid"]


@pytest.mark.parametrize(
    "left",
    [BSN, "mail pietje@kanarie.nl", "bel 06-12345678", "in 6512 AB", "NL91ABNA0417164300"],
)
def test_what_looks_personal_is_found_wherever_it_is(left: str) -> None:
    json_type = "application/json"
    places = [
        Exchange("GET", f"https://bron.example/{left}", 200),
        Exchange("GET", "https://bron.example/", 200, params=[("x", left)]),
        Exchange("GET", "https://bron.example/", 200, headers={"location": left}),
        Exchange("GET", "https://bron.example/", 200, sent=Body(json_type, {"x": [left]})),
        Exchange("GET", "https://bron.example/", 200, answer=Body("text/plain", text=left)),
        Exchange(
            "GET", "https://bron.example/", 200, answer=Body("text/xml", text=f"<a>{left}</a>")
        ),
    ]
    for place in places:
        assert list(remains([place])), place
        assert left not in "".join(remains([place]))


def test_nothing_is_written_where_something_still_looks_personal(tmp_path: Path) -> None:
    recorder = Recorder(kept={BSN})
    request = httpx.Request("GET", "https://kcc.intern.nl/api")
    recorder.heard(request, b"", httpx.Response(200, json={"code": BSN}))
    with pytest.raises(RecordingError, match=r"^exchange 1, answer.code: number$"):
        recorder.save(tmp_path / "recording.yaml")
    assert not (tmp_path / "recording.yaml").exists()


def test_a_bsn_that_is_a_number_is_known_without_its_zero(tmp_path: Path) -> None:
    recorder = Recorder()
    request = httpx.Request("GET", "https://kcc.intern.nl/api/klanten/10000008")
    recorder.heard(request, b"", httpx.Response(200, json={"x": 10000008, "bsn": "010000008"}))
    recorder.save(tmp_path / "recording.yaml")
    (made,) = read(tmp_path / "recording.yaml")
    assert made.answer.data["x"] == int(made.answer.data["bsn"]) > 999000000
    assert made.url.endswith(f"/{made.answer.data['x']}")


def test_fields_can_be_kept(tmp_path: Path) -> None:
    recorder = Recorder(keep=["zaak.fase"])
    request = httpx.Request("GET", "https://kcc.intern.nl/api")
    told = {"fase": "Intake", "zaak": {"fase": "Intake", "uitleg": "Intake"}}
    recorder.heard(request, b"", httpx.Response(200, json=told))
    recorder.save(tmp_path / "recording.yaml")
    made = read(tmp_path / "recording.yaml")[0].answer.data
    assert made["zaak"]["fase"] == "Intake" not in (made["fase"], made["zaak"]["uitleg"])


async def test_an_adapter_reads_a_recording_as_its_source(tmp_path: Path) -> None:
    rows, file = generate(SMALL), tmp_path / "kcc.yaml"

    async def asked(adapter: RestAdapter, bsn: str) -> list[Page]:
        questions = [Query(), Query(In("BSN", (bsn,)))]
        pages = [await adapter.find("KLANT", question) for question in questions]
        await adapter.close()
        return pages

    live, recorder = rest_adapter(rows), Recorder(kept=["KLANT"])
    live.rewire(recorder.over)
    before = await asked(live, next(row["BSN"] for row in rows["KLANT"] if row["BSN"]))
    recorder.save(file)
    # In the recording she is somebody else.
    instead = dict(read(file)[-1].params)["BSN"]
    replayed = rest_adapter(rows, "https://bron.example")
    replayed.rewire(lambda _: Replayer(file))
    after = await asked(replayed, instead)
    assert [[*r] for p in after for r in p.records] == [[*r] for p in before for r in p.records]
    assert [r["KLANT_ID"] for r in after[0].records] == [r["KLANT_ID"] for r in before[0].records]
    assert {r["BSN"] for r in after[1].records} == {instead} != {None}
    names = [{r["NAAM"] for r in pages[0].records} for pages in (before, after)]
    assert len(names[0] - {None}) == len(names[1] - {None}) and names[0] & names[1] <= {None}


async def test_a_back_end_that_speaks_soap_can_be_recorded(tmp_path: Path) -> None:
    file, recorder = tmp_path / "bg.yaml", Recorder()
    live = Bg.create({}, resources("stuf-bg"))
    live.rewire(recorder.over)
    question = Query(In("bsn", ("999993653",)))
    (before,) = (await live.find("personen", question)).records
    recorder.save(file)
    text = file.read_text()
    assert not [v for v in before.values() if isinstance(v, str) and len(v) > 3 and v in text]
    bsn = re.findall(r"inp.bsn>(\d+)<", text)[0]
    urls = {"beantwoord_vraag": read(file)[0].url}
    replayed = StufAdapter(
        live._options.model_copy(update={"urls": live._options.urls.model_copy(update=urls)}),
        live._resources,
    )
    replayed.rewire(lambda _: Replayer(file))
    (after,) = (await replayed.find("personen", Query(In("bsn", (bsn,))))).records
    assert [k for k, v in after.items() if v] == [k for k, v in before.items() if v]
    assert after["bsn"] == bsn and after["naamgebruik"] == before["naamgebruik"]


@pytest.mark.parametrize(
    "asked",
    [
        "naam eq 'Kanarievogel, P. (Pietje)' and status eq 'open'",
        "naam__exact__Kanarievogel",
        "naam__exact__Kanarie_vogel,plaats__exact__Pietje",
        f"bsn eq {BSN}",
        "Kanarievogel",
    ],
)
def test_what_a_question_in_a_language_asks_for_is_replaced(asked: str, tmp_path: Path) -> None:
    recorder = Recorder()
    request = httpx.Request("GET", "https://kcc.intern.nl/api", params={"$filter": asked})
    recorder.heard(request, b"", httpx.Response(404))
    recorder.save(tmp_path / "recording.yaml")
    ((_, made),) = read(tmp_path / "recording.yaml")[0].params
    assert not re.search(f"(?i)kanarie|vogel|pietje|{BSN}", made)
    assert re.findall(r" eq |__exact__", made) == re.findall(r" eq |__exact__", asked)


def test_the_command_records_what_a_source_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, file = rest_config(tmp_path), tmp_path / "kcc.yaml"
    said = ["record", "--config", str(config), "--to", str(file)]
    assert cli.main([*said, "--source", "kc", "/partijen"]) == 2
    assert cli.main([*said, "--source", "kcc", "--keep", "FUNCTIE", "/actoren?pageSize=1"]) == 0
    assert "vraag 1: 200" in capsys.readouterr().out
    exchanges = read(file)
    assert {e.url.rpartition("/")[0] for e in exchanges} == {"https://bron.example"}
    assert not list(remains(exchanges))
