"""A recording of what nobody foresaw: it has nobody in it, or is not written."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.recording import Recorder, RecordingError
from adapters.recording.exchange import Exchange, read

JSON = "application/json"
HERE = "https://kcc.intern.nl/api/klanten"
LEAKS = (
    *("kanarie", "vogel", "kooistraat", "pietje", "april"),
    *("12345678", "6512ab", "0417164", "19800405", "05041980"),
)
"""What tells of somebody below, in small letters and without what stands between digits."""

BODIES = {
    "a form with files": ("multipart/form-data", b'--b\r\n\r\n; filename="Kanarievogel"\r\n--b--'),
    "a form with files that says nothing": ("", b"--b\r\n\r\nKanarievogel\r\n--b--"),
    "packed": ("application/gzip", gzip.compress(b"Kanarievogel")),
    "packed JSON": (JSON, gzip.compress(b'{"naam": "Kanarievogel"}')),
    "a file": ("application/pdf", b"%PDF-1.4 Kanarievogel \xff\xfe"),
    "bytes": ("application/octet-stream", b"\x00Kanarievogel\x01"),
    "half of JSON": (JSON, b'{"naam": "Kanarievogel", '),
    "JSON in UTF-16": (JSON, '{"naam": "Kanarievogel"}'.encode("utf-16")),
    "JSON that is deep": (JSON, b"[" * 100_000 + b'"Kanarievogel"' + b"]" * 100_000),
    "one value": (JSON, b'"Kanarievogel"'),
    "lines of JSON": ("application/x-ndjson", b'{"naam": "Kanarievogel"}\n{"naam": "Pietje"}'),
    "a table": ("text/csv", b"naam;adres\nKanarievogel;Kooistraat 1"),
    "a page": ("text/html", b"<p>Kanarievogel"),
    "a message": ("message/rfc822", b"From: Pietje <pietje@kanarie.nl>\n\nKooistraat"),
    "a drawing": ("image/svg+xml", b"<svg><text>Kanarievogel</text></svg>"),
    "one word": ("text/plain", b"kanarievogel"),
    "half of XML": ("text/xml", b"<a><naam>Kanarievogel</a>"),
    "XML with remarks": ("text/xml", b"<a><!-- Kanarievogel --><?x Pietje?><b>x</b></a>"),
    "XML in XML": ("text/xml", b"<a><status><![CDATA[<n>Kanarievogel</n>]]></status></a>"),
    "XML with entities": ("text/xml", b'<!DOCTYPE a [<!ENTITY k "Kanarievogel">]><a>&k;</a>'),
    "an element of a name": ("text/xml", b"<a><Pietje>x</Pietje><naam>Pietje</naam></a>"),
    "a namespace": ("text/xml", b'<a xmlns="urn:bsn:123456782"><b>x</b></a>'),
    "much": (JSON, json.dumps({"status": "x" * 100_000 + " Kanarievogel 123456782"}).encode()),
}
VALUES: dict[str, Any] = {
    "a day of birth within": {"geboorte": {"datum": {"datum": "1980-04-05", "jaar": 1980}}},
    "a day of birth in words": {"geboorte": {"lang": "5 april 1980"}},
    "a day of birth without its name": {
        "gd": ["1980-04-05", "05-04-1980", "19800405", 19800405, "1980-04-05T00:00:00Z"]
    },
    "a day of birth as a code": {"type": "05-04-1980", "status": "geb. 05-04-1980"},
    "a telephone number as a number": {"nr": 31612345678, "x": [612345678, 612345678.0]},
    "a telephone number as a code": {"status": "(06) 12345678", "rol": "tel:+31612345678"},
    "a BSN as a fraction": {"x": 123456782.0},
    "a BSN with signs": {"code": "123-456-782", "soort": "12 34 56 782", "rol": "BSN123456782"},
    "a BSN in other digits": {"status": "１２３４５６７８２", "soort": "123\u200b456\u200b782"},
    "a sentence as a code": {"type": "de heer P. Kanarievogel", "status": "mw. Kanarievogel"},
    "JSON as a code": {"code": '{"achternaam": "Kanarievogel"}'},
    "an address as a code": {"soort": "Kooistraat 12, Kooi", "type": "postcode 6512ab"},
    "an account as a code": {"code": "nl91abna0417164300"},
    "an e-mail address as a code": {"status": "'kanarie vogel'@kooi.nl", "rol": "kanarie@kooi"},
    "a site as a code": {"status": "www.kanarievogel.nl"},
    "a url": {"url": "https://kanarie:vogel@kcc.nl/x#Pietje"},
    "a url with keys": {"url": "https://kcc.nl/Users('kanarie@vogel.nl')/x(naam='Kanarievogel')"},
    "a context": {"@odata.context": "https://kcc.nl/$metadata#users('kanarie%40vogel.nl')"},
    "a name in other letters": {
        "achternaam": "Kanarievogel",
        "code": "kanarievogel",
        "status": "KANARIE_VOGEL kanarie_vogel",
        "soort": "pietje.kanarievogel",
        "naam": "Kanarie Vogel Pietje",
    },
    "a day in words as a code": {"status": "5 apr 1980", "type": "1980/4/5 april"},
    "names of members": {"personen": {"kanarie@vogel.nl": 1, "Pietje Puk": 2, "123456782": 3}},
}
QUERIES = (
    "$filter=naam eq 'D''Kanarievogel' and geboren eq 1980-04-05",
    "data_attr=geboren__exact__1980-04-05&data_attr=naam__icontains__Kanarievogel",
    'q=naam:"Kanarievogel" bsn=123456782',
    "q=SELECT Id FROM Contact WHERE Name LIKE '%25Kanarie%25' AND Geboren = 1980-04-05",
    "gd=1980-04-05",
    "Kanarievogel",
    "123456782=x",
    "$orderby=naam desc&bsn=123456782",
    'query={klant(bsn: "123456782", naam: "Kanarievogel") {adres}}&bsn=123456782',
)


def recorded(
    file: Path, request: httpx.Request, answer: httpx.Response, sent: bytes = b""
) -> Exchange | None:
    """What was written, ``None`` where nothing was."""
    recorder = Recorder()
    recorder.heard(request, sent, answer)
    try:
        recorder.save(file)
    except RecordingError as error:
        assert not file.exists() and not leaked(str(error))
        return None
    assert not leaked(file.read_text())
    return read(file)[0]


def leaked(text: str) -> list[str]:
    low = text.lower()
    plain = "".join(c for c in low if c not in " -.()\u200b")
    return [one for one in LEAKS if one in low or one in plain]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_any_kind_shows_nobody(name: str, tmp_path: Path) -> None:
    kind, content = BODIES[name]
    headers = {"Content-Type": kind} if kind else {}
    request = httpx.Request("POST", HERE, headers=headers)
    file = tmp_path / "a.yaml"
    recorded(file, request, httpx.Response(200, headers=headers, content=content), content)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_anywhere_shows_nobody(name: str, tmp_path: Path) -> None:
    told = VALUES[name]
    made = recorded(tmp_path / "a.yaml", httpx.Request("GET", HERE), httpx.Response(200, json=told))
    assert made is not None and len(made.answer.data) == len(told)


@pytest.mark.parametrize("query", QUERIES)
def test_a_question_shows_nobody(query: str, tmp_path: Path) -> None:
    request = httpx.Request("GET", f"{HERE}?{query}")
    assert recorded(tmp_path / "a.yaml", request, httpx.Response(404)) is not None


def test_what_an_answer_says_beside_its_body_shows_nobody(tmp_path: Path) -> None:
    headers = {
        "Location": "https://kcc.intern.nl/api/x;naam=Kanarievogel;bsn=123456782?naam=Pietje#Vogel",
        "ETag": 'W/"Kanarievogel"',
        "Retry-After": "Kanarievogel",
    }
    answer = httpx.Response(201, headers=headers)
    assert recorded(tmp_path / "a.yaml", httpx.Request("POST", HERE), answer) is not None


def test_a_short_name_is_known_in_a_code_that_is_met_before_it(tmp_path: Path) -> None:
    told = [{"status": "Bos"}, {"achternaam": "Bos"}]
    made = recorded(tmp_path / "a.yaml", httpx.Request("GET", HERE), httpx.Response(200, json=told))
    assert made is not None
    assert made.answer.data[0]["status"] == made.answer.data[1]["achternaam"] != "Bos"


def test_coordinates_say_no_more_than_a_region(tmp_path: Path) -> None:
    told = {"lat": 52.1551712, "plek": [5.3872035, 52.1551712], "x": 155123, "bedrag": 12.5}
    made = recorded(tmp_path / "a.yaml", httpx.Request("GET", HERE), httpx.Response(200, json=told))
    assert made is not None
    data = made.answer.data
    assert data["lat"] == data["plek"][1] != 52.1551712 and int(data["lat"]) == 52
    assert data["x"] != 155123 and data["bedrag"] == 12.5


def test_a_name_and_password_in_a_header_are_secrets(tmp_path: Path) -> None:
    request = httpx.Request(
        "GET", HERE, headers={"Authorization": "Basic a2FuYXJpZXM6em9uZGVyZw=="}
    )
    answer = httpx.Response(200, json={"status": "zonderg", "soort": "kanaries"})
    assert recorded(tmp_path / "a.yaml", request, answer) is None


def test_keys_pages_and_moments_are_what_they_were(tmp_path: Path) -> None:
    request = httpx.Request("GET", f"{HERE}/101/items", params={"klant": "101", "p": "1"})
    year = date.today().year - 9
    told = {
        "id": 101,
        "sleutel": "101",
        "gevoerd_op": f"05-01-{year} 09:30",
        "opgevoerd": f"{year}-01-05T09:30:00",
        "wijziging": 1767225600000,
        "ooit": "0001-01-01T00:00:00",
    }
    made = recorded(tmp_path / "a.yaml", request, httpx.Response(200, json=told))
    assert made is not None and made.answer.data == told
    assert made.url.endswith("/101/items") and dict(made.params) == {"klant": "101", "p": "1"}
