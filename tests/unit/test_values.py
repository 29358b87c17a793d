"""Reading the text of query parameters."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from gateway.standard.errors import Problem
from gateway.standard.model import Filter
from gateway.standard.table import RESOURCES
from gateway.standard.values import Value, datetime_text, read, uuid_of

UUID = "5d6f0000-0000-4000-8000-00000000abcd"


def spec(resource: str, param: str) -> Filter:
    found = RESOURCES[resource].filter(param)
    assert found is not None
    return found


BOOLEAN = spec("partijen", "indicatieActief")
CHOICE = spec("partijen", "soortPartij")
LIST = spec("partijen", "categorierelatie__categorie__naam")
TEXT = spec("klantcontacten", "kanaal")
DATE = spec("digitaleadressen", "verificatieDatum")
DATETIME = spec("klantcontacten", "plaatsgevondenOp")
REFERENCE = spec("betrokkenen", "wasPartij__uuid")
URL = spec("betrokkenen", "wasPartij__url")


@pytest.mark.parametrize(
    ("filter_", "text", "value"),
    [
        (TEXT, "balie", "balie"),
        (BOOLEAN, "true", True),
        (BOOLEAN, "True", True),
        (BOOLEAN, "1", True),
        (BOOLEAN, "FALSE", False),
        (BOOLEAN, "0", False),
        (CHOICE, "persoon", "persoon"),
        (LIST, "Jeugd,Werk", ("Jeugd", "Werk")),
        (LIST, "Jeugd, Werk", ("Jeugd", " Werk")),
        (DATE, "2026-01-31", "2026-01-31"),
        (DATE, "31-01-2026", "2026-01-31"),
        (DATE, "1/2/2026", "2026-02-01"),
        (DATETIME, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        (DATETIME, "2026-01-31 12:00", "2026-01-31T12:00:00Z"),
        (DATETIME, "2026-01-31T12:00:00+01:00", "2026-01-31T11:00:00Z"),
        (DATETIME, "2026-01-31T12:00:00.25Z", "2026-01-31T12:00:00.250000Z"),
        (REFERENCE, UUID.upper(), UUID),
        (REFERENCE, UUID.replace("-", ""), UUID),
        (REFERENCE, "{" + UUID + "}", UUID),
        (URL, f"https://host/klantinteracties/api/v1/partijen/{UUID}", UUID),
        (URL, f"http://host/x/{UUID}/", UUID),
        (URL, "https://host/partijen", None),
    ],
)
def test_what_is_read(filter_: Filter, text: str, value: Value) -> None:
    assert read(filter_, text) == value


@pytest.mark.parametrize(
    ("filter_", "text", "code"),
    [
        (TEXT, "a\0b", "null_characters_not_allowed"),
        (BOOLEAN, "misschien", "invalid"),
        (CHOICE, "mens", "invalid_choice"),
        (CHOICE, "Persoon", "invalid_choice"),
        (DATE, "2026-02-30", "invalid"),
        (DATE, "2026-01-31T12:00", "invalid"),
        (DATETIME, "2026-01-31", "invalid"),
        (DATETIME, "2026-01-31T25:00", "invalid"),
        (DATETIME, "0001-01-01T00:00+12:00", "invalid"),
        (DATETIME, "2026-01-31T12:00:00 01:00", "invalid"),
        (REFERENCE, "1", "invalid"),
        (REFERENCE, "５" * 32, "invalid"),
        (URL, UUID, "invalid"),
        (URL, "ftp://host/" + UUID, "invalid"),
        (URL, "https:///" + UUID, "invalid"),
        (URL, "https://[/" + UUID, "invalid"),
        (URL, "https://ho st/" + UUID, "invalid"),
    ],
)
def test_what_is_refused(filter_: Filter, text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        read(filter_, text)
    (wrong,) = caught.value.params
    assert (caught.value.kind.status, wrong.name, wrong.code) == (400, filter_.param, code)


def test_a_refused_choice_does_not_repeat_a_person() -> None:
    with pytest.raises(Problem) as caught:
        read(CHOICE, "999993653")
    assert "999993653" not in caught.value.params[0].reason


@pytest.mark.parametrize("text", ["", "x", "5d6f", "5d6f0000-0000-4000-8000-00000000abcg"])
def test_other_text_is_no_uuid(text: str) -> None:
    assert uuid_of(text) is None


def test_a_moment_is_written_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    assert datetime_text(datetime(2026, 7, 1, 12, 0, tzinfo=zone)) == "2026-07-01T10:00:00Z"
