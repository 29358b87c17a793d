"""What somebody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.html import text_of_html
from adapters.mail.quoting import MAX_TEXT, own_text
from adapters.mail.structure import Opened
from adapters.mail.text import attachments, is_encrypted, read_text, shortened, text_part

OWN = "Beste gemeente,\n\nWanneer komt de container?"


@pytest.mark.parametrize(
    "below",
    [
        "Op ma 6 jan 2025 om 09:12 schreef KCC <info@zilverdam.example>:\n> Oud bericht",
        "Op ma 6 jan 2025 om 09:12 schreef\nKCC <info@zilverdam.example>:\n> Oud",
        "On Mon, 6 Jan 2025 at 09:12, KCC wrote:\n\nOld",
        "> zonder inleiding",
        "-----Oorspronkelijk bericht-----\nVan: KCC",
        "________________________________\nVan: KCC <info@zilverdam.example>\nVerzonden: maandag",
        "Van: KCC\nVerzonden: maandag 6 januari 2025 09:12\nAan: Jan\nOnderwerp: x\n\nOud",
        "*From:* KCC\n*Sent:* Monday\n*To:* Jan",
        "-- \nJan de Vries",
        "Verstuurd vanaf mijn iPhone",
        "Outlook voor Android downloaden",
        "Dit bericht is vertrouwelijk en alleen bedoeld voor wie het kreeg.",
    ],
)
def test_only_what_was_written_now_is_left(below: str) -> None:
    assert own_text(f"{OWN}\n\n{below}\n", ["dit bericht is vertrouwelijk"]) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "> Wanneer komt de container?\nMorgen.",
        "Op zaterdag schreef ik u al: dat is te laat",
        "Van: Utrecht naar Amsterdam\nik verhuis",
    ],
)
def test_nothing_is_taken_away_that_leaves_nothing_or_is_no_quote(text: str) -> None:
    assert own_text(text) == text


@given(st.text())
def test_any_text_has_an_own_text(text: str) -> None:
    own = own_text(text)
    assert len(own) <= MAX_TEXT
    assert own == own.strip()


def test_html_is_read_as_lines() -> None:
    html = (
        "<html><head><title>x</title><style>p {color: red}</style></head><body>"
        "<p>Beste <b>Jan</b>,<br>tot morgen&nbsp;&amp; dag</p><ul><li>een</li><li>twee</li></ul>"
        "<script>alert(1)</script><!-- weg --><table><tr><td>a</td><td>b</td></tr></table>"
        "<blockquote>oud</blockquote></body></html>"
    )
    assert own_text(text_of_html(html)) == "Beste Jan,\ntot morgen & dag\n\n- een\n- twee\na b"


@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "ul"])
def test_html_that_nests_deep_is_read(tag: str) -> None:
    assert "onderin" in text_of_html(f"<{tag}>" * 5000 + "onderin")


@given(st.text())
def test_any_html_is_read(html: str) -> None:
    text_of_html(html)


def test_a_text_that_is_too_long_ends_visibly() -> None:
    assert shortened("een twee drie", 13) == ("een twee drie", False)
    assert shortened("een twee drie", 12) == ("een twee…", True)
    assert shortened("x" * 20, 10) == ("x" * 9 + "…", True)


def opened(headers: str, body: str = "") -> Opened:
    return Opened(f"{headers}\n\n{body}".encode())


def test_the_plain_text_is_the_text_and_what_is_shown_in_it_is_no_attachment() -> None:
    message = opened(
        "Content-Type: multipart/mixed; boundary=a",
        "--a\nContent-Type: multipart/related; boundary=b\n\n"
        "--b\nContent-Type: text/html\n\n<p>html\n"
        "--b\nContent-Type: image/png\nContent-ID: <logo>\n\nx\n--b--\n"
        "--a\nContent-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\ncaf=E9\n"
        '--a\nContent-Type: application/pdf; name="=?utf-8?q?caf=C3=A9?=.pdf"\n'
        "Content-Transfer-Encoding: base64\n\nJVBE\nRg==\n"
        "--a\nContent-Type: text/plain\nContent-Disposition: attachment; filename=lijst.txt\n\nx\n"
        "--a--\n",
    )
    part = text_part(message.parts)
    assert part is not None
    assert read_text(part, message.content(part)) == "café"
    found = attachments(message.parts)
    assert [(one.number, one.media, one.name) for one in found] == [
        (4, "application/pdf", "café.pdf"),
        (5, "text/plain", "lijst.txt"),
    ]
    assert message.content(found[0]) == b"%PDF"


def test_what_is_for_the_holder_of_a_key_is_encrypted() -> None:
    assert is_encrypted(opened("Content-Type: application/pkcs7-mime; name=smime.p7m").parts)
    assert not is_encrypted(opened("Content-Type: text/plain", "leesbaar").parts)
