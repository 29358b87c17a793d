"""What a value in a message means."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from adapters.base import Failure, SourceError
from adapters.stuf import values
from adapters.stuf.names import STUF, XSI

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def element(attributes: str = "", text: str = "") -> etree._Element:
    return etree.fromstring(f'<d xmlns:StUF="{STUF}" xmlns:xsi="{XSI}" {attributes}>{text}</d>')


@pytest.mark.parametrize(
    ("attributes", "text", "absent"),
    [
        ("", "x", False),
        ("", "0", False),
        ("", "", True),
        ("", " \n", True),
        ('xsi:nil="true"', "", True),
        ('xsi:nil="1"', "", True),
        ('xsi:nil="false"', "x", False),
        ('StUF:noValue="geenWaarde"', "", True),
        ('StUF:noValue="waardeOnbekend"', "x", True),
        ('xsi:nil="true" StUF:noValue="nietGeautoriseerd"', "", True),
        ('noValue="nietOndersteund"', "", True),
        ("", "<y/>", False),
    ],
)
def test_absent_is_nil_or_without_value_or_empty(attributes: str, text: str, absent: bool) -> None:
    assert values.is_absent(element(attributes, text)) is absent


@pytest.mark.parametrize(
    ("attributes", "text", "read"),
    [
        ("", "20200229", "2020-02-29"),
        ("", "2020-02-29", "2020-02-29"),
        ('StUF:indOnvolledigeDatum="V"', "20200229", "2020-02-29"),
        # The digits of what is not known are anything, also what is no day at all.
        ('StUF:indOnvolledigeDatum="D"', "20200229", "2020-02"),
        ('StUF:indOnvolledigeDatum="D"', "20200231", "2020-02"),
        ('StUF:indOnvolledigeDatum="M"', "20200229", "2020"),
        ('StUF:indOnvolledigeDatum="J"', "20200229", "onbekend"),
        ('indOnvolledigeDatum="M"', "20200229", "2020"),
        ('StUF:indOnvolledigeDatum="X"', "20200229", "onbekend"),
        ("", "20200200", "2020-02"),
        ("", "20200000", "2020"),
        ("", "00000000", "onbekend"),
        ('StUF:indOnvolledigeDatum="D"', "20200000", "2020"),
    ],
)
def test_a_date_is_never_completed(attributes: str, text: str, read: str) -> None:
    assert values.day(element(attributes), text) == read


@pytest.mark.parametrize("text", ["20200230", "20201301", "2020", "202002290", "x", "٢٠٢٠٠٢٢٩"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        values.day(element(), text)
    assert caught.value.failure is Failure.BAD_DATA
    assert text not in caught.value.note


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("20260105", "2026-01-04T23:00:00.000000Z"),
        ("202607050930", "2026-07-05T07:30:00.000000Z"),
        ("20260105093015", "2026-01-05T08:30:15.000000Z"),
        ("2026010509301512", "2026-01-05T08:30:15.120000Z"),
        ("20260105093015123", "2026-01-05T08:30:15.123000Z"),
    ],
)
def test_a_moment_has_eight_to_seventeen_digits(text: str, read: str) -> None:
    assert values.moment(AMSTERDAM)(element(), text) == read


@pytest.mark.parametrize(
    "text", ["2026", "202601050", "20260105093015123000", "20261305", "2026010524", "morgen"]
)
def test_what_is_no_moment_is_an_error(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        values.moment(AMSTERDAM)(element(), text)
    assert caught.value.failure is Failure.BAD_DATA


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("90001354", "90001354"),
        ("0090001354", "90001354"),
        ("1354", "00001354"),
        ("190001354", "190001354"),
        ("9000-1354", "9000-1354"),
    ],
)
def test_a_number_gets_its_zeros(text: str, read: str) -> None:
    assert values.digits(8)(element(), text) == read
