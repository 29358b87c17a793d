"""Fields of a header, as they are sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.addresses import Address, addresses
from adapters.mail.charsets import text_of
from adapters.mail.fields import fields_of
from adapters.mail.headers import MAX_FIELD, decoded


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("gewoon", "gewoon"),
        ("=?utf-8?q?Verhuizing_caf=C3=A9?=", "Verhuizing café"),
        ("=?UTF-8?B?w6k=?= na", "é na"),
        # A character that was cut in two.
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?utf-8?q?a?=\r\n =?iso-8859-1?q?=E9?=", "aé"),
        ("=?x-onbekend?q?=E9?=", "é"),
        ("=?utf-8?b?%%?=", "=?utf-8?b?%%?="),
        ("  twee   spaties\tof\x00 meer ", "twee spaties of meer"),
        ("omgekeerd \u202etxt.exe", "omgekeerd txt.exe"),
    ],
)
def test_encoded_words_are_read_as_they_were_meant(sent: str, read: str) -> None:
    assert decoded(sent) == read


@given(st.text())
def test_any_field_can_be_decoded(field: str) -> None:
    assert len(decoded(field)) <= MAX_FIELD


@pytest.mark.parametrize(
    ("data", "declared", "read"),
    [
        (b"caf\xe9", "iso-8859-1", "café"),
        (b"\x80 5", "us-ascii", "€ 5"),
        (b"\xe2\x82\xac 5", "us-ascii", "€ 5"),
        ("café".encode(), None, "café"),
        (b"caf\xe9", "utf-8", "café"),
        (b"abc", "rot13", "abc"),
        (b"abc", "zlib", "abc"),
        ("漢字".encode("gb18030"), "gb2312", "漢字"),
    ],
)
def test_bytes_are_text_in_the_charset_that_explains_them(
    data: bytes, declared: str | None, read: str
) -> None:
    assert text_of(data, declared) == read


@given(st.binary(), st.none() | st.text(max_size=50))
def test_any_bytes_are_text(data: bytes, declared: str | None) -> None:
    assert isinstance(text_of(data, declared), str)


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("jan@x.nl", [Address("", "jan@x.nl")]),
        ('"Vries, Jan de" <jan@x.nl>', [Address("Vries, Jan de", "jan@x.nl")]),
        (
            "=?utf-8?q?Ren=C3=A9?= <r@x.nl>, a@b.nl",
            [Address("René", "r@x.nl"), Address("", "a@b.nl")],
        ),
        ("team: a@b.nl, c@d.nl;", [Address("", "a@b.nl"), Address("", "c@d.nl")]),
        ("(weg) jan@x.nl (thuis)", [Address("", "jan@x.nl")]),
        ("jan@x.nl, JAN@X.nl", [Address("", "jan@x.nl")]),
        # Not plainly an address: none, rather than somebody else's.
        ("alice@x.nl)bob@y.nl", []),
        ("<a@b.nl><c@d.nl>", []),
        ("jan at x.nl", []),
        ("jan@x.nl\x00", []),
        ('"a@b.nl', []),
    ],
)
def test_an_address_is_read_strictly(field: str, found: list[Address]) -> None:
    assert addresses(field) == found


@given(st.text())
def test_any_field_can_be_looked_through_for_addresses(field: str) -> None:
    for one in addresses(field):
        assert addresses(one.address) == [Address("", one.address)]


def test_a_field_that_goes_on_is_one_line() -> None:
    fields = fields_of(b"Subject: een\r\n twee\r\nTO: a@b.nl\nto: c@d.nl\n\nSubject: drie\n")
    assert fields.first("subject") == "een twee"
    assert fields.every("To", "Cc") == "a@b.nl, c@d.nl"
    assert not fields.has("cc")


@given(st.binary())
def test_any_bytes_have_fields(block: bytes) -> None:
    fields_of(block).first("Subject")
