"""Messages as they should not be, and are: one oddity each."""

from __future__ import annotations

from typing import Final

_TEXT: Final = b"Beste gemeente, wanneer komt de container?"
_BINARY: Final = bytes(range(256))


def _parts(boundary: bytes, *parts: bytes, end: bool = True) -> bytes:
    begun = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return begun + (b"--" + boundary + b"--\n" if end else b"")


def _mixed(*parts: bytes, end: bool = True) -> bytes:
    head = b'Subject: delen\nContent-Type: multipart/mixed; boundary="grens"\n\n'
    return head + _parts(b"grens", *parts, end=end)


def _nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\n\n" + _TEXT
    for level in range(depth):
        boundary = b"g%d" % level
        kind = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n'
        inner = kind + _parts(boundary, inner)
    return b"Subject: diep\n" + inner


PLAIN: Final = b"Content-Type: text/plain\n\n" + _TEXT

ODD: Final[dict[str, bytes]] = {
    "nothing": b"",
    "no header": b"\n" + _TEXT,
    "no body": b"Subject: leeg",
    "only a word": b"hallo",
    "binary": _BINARY * 4,
    "nul in subject and text": b"Subject: a\x00b\n\nc\x00d",
    "lines that end in cr": b"Subject: oud\rTo: x@y.example\r\r" + _TEXT,
    "a field without a colon": b"Subject: een\nDit is geen veld\nX: y\n\n" + _TEXT,
    "a fold before the first field": b" vooraf\nSubject: gevouwen\n over\n\tregels\n\n" + _TEXT,
    "an unknown charset": b"Subject: =?x-niets?Q?caf=E9?=\n"
    b'Content-Type: text/plain; charset="x-niets"\n\ncaf\xe9',
    "a charset that is a codec": b"Content-Type: text/plain; charset=rot13\n\n" + _TEXT,
    "utf-16 without a mark": b"Content-Type: text/plain; charset=utf-16\n\n" + b"a\x00b\x00c",
    "utf-7": b"Content-Type: text/plain; charset=utf-7\n\nHoi +AOk-",
    "raw eight bits": b"Subject: caf\xe9 \xe2\x82\xac\n\ncaf\xe9 \xe2\x82\xac",
    "a character cut in two": b"Subject: =?utf-8?B?w6k=?= =?utf-8?B?4oI=?= =?utf-8?B?rA==?=\n\n.",
    "words that are broken": b"Subject: =?utf-8?B?%%%?= =?utf-8?Q?=E?= =?utf-8?X?a?= =?=?\n\n.",
    "base64 that is broken": b"Content-Transfer-Encoding: base64\n\nQQ=Q!\xffB===\nQ",
    "quoted-printable that is broken": b"Content-Transfer-Encoding: quoted-printable\n\n=Z=\n=4",
    "an encoding that there is not": b"Content-Transfer-Encoding: x-uu?\n\n" + _TEXT,
    "no boundary": b"Content-Type: multipart/mixed\n\n" + _parts(b"grens", PLAIN),
    "a boundary that is not there": b"Content-Type: multipart/mixed; boundary=weg\n\n" + _TEXT,
    "an empty boundary": b'Content-Type: multipart/mixed; boundary=""\n\n----\n' + _TEXT,
    "a boundary in the text": _mixed(PLAIN + b"\n--grens anders\n", PLAIN),
    "no end": _mixed(PLAIN, b"Content-Type: image/png\n\n" + _BINARY, end=False),
    "a boundary within itself": _mixed(
        b'Content-Type: multipart/mixed; boundary="grens"\n\n' + _parts(b"grens", PLAIN)
    ),
    "a type that is none": b"Content-Type: ;;;=\n\n" + _TEXT,
    "a type of one word": b"Content-Type: tekst\n\n" + _TEXT,
    "two types": b"Content-Type: text/html\nContent-Type: image/png\n\n<p>Twee",
    "names in pieces": _mixed(
        PLAIN,
        b"Content-Type: image/png\nContent-Disposition: attachment; filename*1=b.png;"
        b" filename*0*=utf-8''caf%C3%A9; filename*x=?\n\n" + _BINARY,
    ),
    "a name that leads elsewhere": _mixed(
        PLAIN,
        b'Content-Disposition: attachment; filename="../../etc/\x01passwd"\n\nx',
    ),
    "a message in a message": _mixed(PLAIN, b"Content-Type: message/rfc822\n\n" + _mixed(PLAIN)),
    "a message that is only begun": _mixed(PLAIN, b"Content-Type: message/rfc822\n\n"),
    "outlook's own": _mixed(PLAIN, b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22" * 9),
    "encrypted": b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n"
    b"Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CA\n",
    "html that does not end": b"Content-Type: text/html\n\n<!-- <p <b>Hoi<table><tr><td>ja<style>",
    "html of nothing": b"Content-Type: text/html\n\n<img src=x><script>alert(1)</script>",
    "an invitation": b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nSUMMARY:x",
    "a date that is none": b"Date: gisteren\nSubject: datum\n\n" + _TEXT,
    "a date before all": b"Date: Mon, 1 Jan 0001 00:00:00 -9999\n\n" + _TEXT,
    "a date far ahead": b"Date: Fri, 31 Dec 9999 23:59:59 +0000\n\n" + _TEXT,
    "a zone that is none": b"Date: Mon, 6 Jan 2025 10:00:00 MARS\n\n" + _TEXT,
    "everything is quoted": b"> > >\n> Ik schreef.\nOn a On a On a\n> wrote:\n",
    "directions that change": "Subject: a\u202ecba\u202c\n\n\u202e\u200b".encode(),
    "fifty deep": _nested(50),
}
"""By what is odd about them. None has a sender or receiver that counts."""

HOSTILE: Final[dict[str, bytes]] = {
    "three hundred deep": _nested(300),
    "twenty thousand parts": _mixed(*[b"\nx"] * 20_000),
    "twenty thousand receivers": b"Cc: " + b"a@b.example, " * 20_000 + b"\n\n" + _TEXT,
    "brackets": b"Cc: " + b"(" * 200_000 + b"\n\n" + _TEXT,
    "quotes": b'Cc: "' + b'\\"' * 200_000 + b"\n\n" + _TEXT,
    "a subject of a megabyte": b"Subject: " + b"=?utf-8?Q?=C3=A9?= " * 55_000 + b"\n\n" + _TEXT,
    "parameters": b"Content-Type: text/plain" + b"; a=b" * 40_000 + b"\n\n" + _TEXT,
    "parameters in pieces": b"Content-Type: text/plain"
    + b"".join(b"; n*%d=x" % n for n in range(20_000))
    + b"\n\n"
    + _TEXT,
    "fields": b"X: y\n" * 200_000 + b"\n" + _TEXT,
    "folds": b"Subject: a\n" + b" b\n" * 200_000 + b"\n" + _TEXT,
    "a text of ten megabytes": b"Subject: lang\n\n" + (_TEXT + b"\n") * 250_000,
    "one line of ten megabytes": b"Subject: lang\n\n" + b"a" * 10_000_000,
    "quotes of quotes": b"Subject: a\n\n" + b"On a " * 200_000 + b"\n> x wrote:\n",
    "tags": b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"hoi",
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 200_000,
    "attributes": b"Content-Type: text/html\n\n<p " + b"a=b " * 200_000 + b">hoi",
    "styles": b"Content-Type: text/html\n\n" + b"<style>" * 200_000 + b"hoi",
    "boundaries": b"Content-Type: multipart/mixed; boundary=" + b"b" * 200_000 + b"\n\n--b\n",
    "almost boundaries": _mixed(b"\n" + b"--gren\n" * 500_000),
    "base64 of equals": b"Content-Transfer-Encoding: base64\n\n" + b"=" * 5_000_000,
}
"""Messages that are made to cost time or memory."""
