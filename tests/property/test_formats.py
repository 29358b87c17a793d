"""Formats: each reads what a source writes, and knows what a source may have written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from adapters.conditions import Pattern, matches
from gateway.mapping.formats import FORMATS, Datum, Format, Telefoon, Tijdstip, make

EARLIEST = datetime(1, 1, 2)
LATEST = datetime(9999, 12, 30)

_OPTIONS: Final[dict[str, list[dict[str, Any]]]] = {
    "cijfers": [{"length": 8}, {"length": 1}, {"length": 12}],
    "datum": [
        {},
        {"pattern": "%Y-%m-%d"},
        {"pattern": "%d-%m-%Y"},
        {"pattern": "%d%m%Y"},
    ],
    "jaarnummer": [{}, {"first": "jaar"}],
    "tijdstip": [
        {},
        {"pattern": "%Y%m%d%H%M"},
        {"pattern": "%d-%m-%Y %H:%M:%S"},
        {"pattern": "%Y-%m-%dT%H:%M:%S", "zone": "UTC"},
        {"pattern": "%Y-%m-%dT%H:%M:%S.%fZ", "zone": "UTC"},
        {"pattern": "%Y-%m-%dT%H:%M:%S.%LZ", "zone": "UTC"},
        {"pattern": "%Y%m%d%H%M%S%L"},
        {"zone": "America/New_York"},
        {"rounds": True},
        {"pattern": "%Y%m%d%H%M", "rounds": True},
    ],
}
ALL: Final = [make(n, options) for n in FORMATS for options in _OPTIONS.get(n, [{}])]
each_format = pytest.mark.parametrize("format_", ALL, ids=lambda f: f"{type(f).__name__} {f}")

_FITTING: Final[dict[str, SearchStrategy[str]]] = {
    "Trim": st.text(st.sampled_from("aAé  ."), max_size=6),
    "Bsn": st.text(st.sampled_from("0012345x"), max_size=10),
    "Cijfers": st.text(st.sampled_from("0012345x"), max_size=13),
    "Nummer": st.text(st.sampled_from("0012345x"), max_size=11),
    "Jaarnummer": st.from_regex(r"[0-9]{1,7}-[0-9]{4}|[0-9]{4}-[0-9]{1,7}", fullmatch=True),
    "Postcode": st.from_regex(r"[0-9]{4} {0,2}[A-Za-z]{2}", fullmatch=True),
    "Telefoon": st.lists(
        st.sampled_from(
            ["0", "6", "12", "345", "678", "31", "+31", "0031", "(0)", "+32", " ", "-", ".", "x"]
        ),
        max_size=8,
    ).map("".join),
    "Tussenvoegsel": st.lists(
        st.sampled_from(["van", "Van", "de", "den", "'t", "Berg", "jansen"]), max_size=4
    ).map(" ".join),
    "Taal": st.sampled_from(["nl", "NL", "nld", "NLD", "dut", "de", "deu", "ger", "Nl", "xx"]),
    "Land": st.sampled_from(["nl", "NL", "NLD", "nld", "528", "be", "056", "Nl", "xx"]),
}
_FITTING["JsonObject"] = st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3).map(
    json.dumps
)
_FITTING["Achternaam"] = _FITTING["Tussenvoegsel"]
_MOMENTS: Final = st.datetimes(EARLIEST, LATEST).map(lambda m: m.replace(microsecond=0))


def sources_of(format_: Format) -> SearchStrategy[str | int]:
    """What a source may hold: mostly in the form that a format is for."""
    if isinstance(format_, Datum | Tijdstip):
        near = st.sampled_from(list(_around_changes()))
        pattern = format_.pattern.replace("%L", "120")  # strftime knows no milliseconds
        fitting = st.one_of(_MOMENTS, near).map(lambda m: m.strftime(pattern))
    else:
        fitting = _FITTING[type(format_).__name__]
    return st.one_of(fitting, fitting, fitting, st.text(max_size=6), st.integers(0, 10**12))


def values_of(format_: Format) -> SearchStrategy[str]:
    """What a filter may ask for: values that are read somewhere, and others."""
    if isinstance(format_, Datum):
        return st.dates(EARLIEST.date(), LATEST.date()).map(date.isoformat)
    if isinstance(format_, Tijdstip):
        utc = st.one_of(_MOMENTS, st.sampled_from(list(_around_changes())))
        return utc.map(lambda m: m.isoformat() + "Z")
    known = sources_of(format_).map(lambda raw: read(format_, raw) or "")
    return st.one_of(known, known, sources_of(format_).map(str))


def read(format_: Format, raw: str | int) -> str | None:
    """The value, ``None`` when it cannot be read."""
    try:
        return format_.read(raw)
    except ValueError:
        return None


def contains(fragments: tuple[str, ...], raw: str | int) -> bool:
    return matches(Pattern("F", fragments), {"F": raw})


def _around_changes() -> Iterator[datetime]:
    """Wall times around the changes of the clock of some years, in Amsterdam and New York."""
    days = [date(2026, 3, 29), date(2026, 10, 25), date(2025, 3, 9), date(2025, 11, 2)]
    for day in days:
        for minute in range(0, 6 * 60, 15):
            yield datetime(day.year, day.month, day.day) + timedelta(minutes=minute)


# --- there and back -----------------------------------------------------------------------------


@each_format
def test_what_a_source_wrote_is_among_the_sources_of_its_value(format_: Format) -> None:
    """A question for a value never leaves out a text that reads as it."""

    @given(sources_of(format_))
    def law(raw: str | int) -> None:
        value = read(format_, raw)
        if not value:
            return
        known = format_.sources(value)
        if known.exact:
            assert str(raw) in known.texts
        else:
            assert contains(known.fragments, raw)

    law()


@each_format
def test_every_source_of_a_value_reads_as_it(format_: Format) -> None:
    """A question for a value never asks for a text that reads as another one."""

    @given(values_of(format_))
    def law(value: str) -> None:
        known = format_.sources(value)
        if known.exact:
            assert [t for t in known.texts if read(format_, t) != value] == []

    law()


@each_format
def test_part_of_a_value_is_looked_for_in_its_source(format_: Format) -> None:
    """Every text whose value contains a part, contains the fragments that stand for that part."""

    @settings(max_examples=200)
    @given(sources_of(format_), st.integers(0, 12), st.integers(1, 12), st.booleans())
    def law(raw: str | int, start: int, length: int, swap: bool) -> None:
        value = read(format_, raw)
        if not value:
            return
        part = value[start : start + length].strip() or value.strip()
        part = part.swapcase() if swap else part
        fragments = format_.parts(part) if part and part.lower() in value.lower() else None
        if fragments is not None:
            assert contains(fragments, raw), (part, fragments)

    law()


@each_format
def test_what_is_written_reads_as_it_was_meant(format_: Format) -> None:
    """A format that writes gives a text that reads as it says it keeps the value, or says that it
    cannot. What was read is kept as it is."""

    @given(values_of(format_), st.sampled_from([0, 0, 123000]))
    def law(value: str, microseconds: int) -> None:
        if isinstance(format_, Tijdstip) and microseconds and value:
            value = f"{value.removesuffix('Z')}.{microseconds:06}Z"
        if not value or not format_.writable:
            return
        try:
            text = format_.write(value)
            kept = format_.kept(value)
        except ValueError:
            return
        assert format_.read(text) == kept
        assert not kept or format_.kept(kept) == kept

    law()


@each_format
def test_what_was_read_is_written_as_it_is(format_: Format) -> None:
    @given(sources_of(format_))
    def law(raw: str | int) -> None:
        value = read(format_, raw)
        if value:
            assert format_.kept(value) == value

    law()


def test_milliseconds_are_read_and_written_in_three_digits() -> None:
    format_ = Tijdstip(pattern="%Y-%m-%dT%H:%M:%S.%L+0000", zone="UTC")
    raw, moment = "2026-10-30T15:45:12.045+0000", "2026-10-30T15:45:12.045000Z"
    assert (format_.read(raw), format_.write(moment)) == (moment, raw)
    assert format_.sources(moment).texts == (raw,) and format_.monotone
    with pytest.raises(ValueError, match="onderscheiden"):
        format_.write("2026-10-30T15:45:12.0451Z")
    assert read(format_, "2026-10-30T15:45:12.45+0000") is None
    with pytest.raises(ValueError, match="%L"):
        Tijdstip(pattern="%Y-%m-%d %H:%M.%L")


def test_a_moment_can_be_rounded_when_it_is_written() -> None:
    moment = "2026-10-30T15:45:12.345000Z"
    with pytest.raises(ValueError, match="onderscheiden"):
        Tijdstip().write(moment)
    assert Tijdstip(rounds=True).kept(moment) == "2026-10-30T15:45:12Z"
    assert Tijdstip(rounds=True).write(moment) == "20261030164512"
    # What was read as the second of two hours is not written as the first.
    with pytest.raises(ValueError, match="onderscheiden"):
        Tijdstip(rounds=True).write("2026-10-25T01:30:00.5Z")


@each_format
def test_reading_fails_in_one_way_and_tells_nothing(format_: Format) -> None:
    """Any text is read or is a ``ValueError``; what it says does not depend on the text."""

    def outcome(raw: str | int) -> str | None:
        try:
            format_.read(raw)
        except ValueError as error:
            return str(error)
        return None

    nonsense = outcome("§ nonsense §")

    @settings(max_examples=200)
    @given(st.one_of(st.text(), sources_of(format_)))
    def law(raw: str | int) -> None:
        assert outcome(raw) in (None, nonsense)

    law()


# --- order --------------------------------------------------------------------------------------

MONOTONE: Final = [f for f in ALL if f.monotone]


@pytest.mark.parametrize("format_", MONOTONE, ids=lambda f: f"{type(f).__name__} {f}")
def test_later_texts_are_never_earlier_values(format_: Format) -> None:
    """Where a format says so, a source may order by its texts."""

    @settings(max_examples=300)
    @given(sources_of(format_), sources_of(format_))
    def law(one: str | int, other: str | int) -> None:
        first, second = sorted(map(str, (one, other)))
        earlier, later = read(format_, first), read(format_, second)
        if earlier is not None and later is not None:
            assert _moment(earlier) <= _moment(later)

    law()


def _moment(text: str) -> str:
    return text.removesuffix("Z")


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York", "UTC", "Asia/Kolkata"])
def test_every_minute_around_a_change_of_the_clock_is_in_order(zone: str) -> None:
    """Each wall time, the missing and the double ones too, is read as a moment in order."""
    format_ = Tijdstip(zone=zone)
    for day in (datetime(2026, 3, 28), datetime(2026, 10, 24), datetime(2025, 3, 8)):
        walls = [day + timedelta(minutes=n) for n in range(3 * 24 * 60)]
        moments = [_moment(format_.read(f"{wall:%Y%m%d%H%M%S}")) for wall in walls]
        assert moments == sorted(moments)
        gaps = [datetime.fromisoformat(b) - datetime.fromisoformat(a) for a, b in pairwise(moments)]
        assert max(gaps) <= timedelta(hours=1, minutes=1), "only the hour that came twice"


# --- telephone numbers --------------------------------------------------------------------------


@given(st.integers(10**8, 10**9 - 1), st.data())
def test_all_spellings_of_a_dutch_number_are_one_value(number: int, data: st.DataObject) -> None:
    """National or international, with whatever separators."""
    digits = str(number)
    assume(digits[0] != "0")
    start = data.draw(st.sampled_from(["0", "+31", "0031", "+31(0)", "0031 (0)", "+310"]))
    marks = st.sampled_from(["", " ", "-", ".", "/"])
    text = start + "".join(data.draw(marks) + digit for digit in digits)
    assert Telefoon().read(text) == f"0{digits}"
    assert contains(Telefoon().sources(f"0{digits}").fragments, text)


@pytest.mark.parametrize("pattern", ["%Y%m", "%d-%m", "x"])
def test_a_pattern_that_leaves_a_part_out_is_refused(pattern: str) -> None:
    """A source that keeps months would seem to know first days only."""
    with pytest.raises(ValueError, match="ontbreekt"):
        Datum(pattern=pattern)


def test_a_number_that_was_read_reads_as_itself() -> None:
    """However many zeros somebody typed in."""
    value = Telefoon().read("+31 000310031")
    assert Telefoon().read(value) == value


# --- the ends of the calendar -------------------------------------------------------------------


@given(st.dates(date(1, 1, 1), date(999, 12, 31)))
@example(date(900, 1, 1))
def test_a_date_of_any_year_has_its_own_text(day: date) -> None:
    """What `verificatieDatum__gte=0900-01-01` is pushed as, orders before every later date."""
    (text,) = Datum().sources(day.isoformat()).texts
    assert read(Datum(), text) == day.isoformat()
    assert text < "10000101"


@given(st.datetimes(datetime(1, 2, 1), datetime(999, 12, 31)))
@example(datetime(999, 1, 1))
def test_a_moment_of_any_year_can_be_asked_for(moment: datetime) -> None:
    """`plaatsgevondenOp=0999-01-01T00:00:00Z` is a question like any other."""
    Tijdstip().sources(moment.isoformat() + "Z")


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_last_moment_can_be_asked_for(value: str) -> None:
    """They are what some clients send for "no date"."""
    Tijdstip().sources(value)


@pytest.mark.parametrize("raw", ["00010101000000", "00010101000001"])
def test_the_first_moment_is_read_or_unreadable(raw: str) -> None:
    """They are what some databases hold for "no date"."""
    read(Tijdstip(), raw)


@pytest.mark.parametrize("fraction", ["500000", "000001"])
def test_a_fraction_of_a_second_in_the_missing_hour_is_read(fraction: str) -> None:
    """In a bounded number of steps: a value of a source may not hold up everybody."""
    format_ = Tijdstip(pattern="%Y%m%d%H%M%S%f")
    with steps_bounded(20_000):
        assert format_.read(f"20260329020000{fraction}") == "2026-03-29T01:00:00Z"


@contextmanager
def steps_bounded(most: int) -> Iterator[None]:
    """Fails when more lines than that are run."""
    before, count = sys.gettrace(), 0

    def trace(*_: Any) -> Any:
        nonlocal count
        count += 1
        assert count < most, "this goes on and on"
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
