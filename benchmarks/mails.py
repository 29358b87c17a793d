"""An archive of messages that are made up: as many as are wanted, always the same."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final

OWN: Final = "zilverdam.example"
INFO: Final = f"info@{OWN}"
OPTIONS: Final[dict[str, Any]] = {
    "own_domains": [OWN],
    "received": False,
    "mailboxes": [{"code": "info", "address": INFO, "name": "Klantcontactcentrum"}],
}
_FIRST: Final = datetime(2019, 1, 1, tzinfo=UTC)
_WORDS: Final = (
    *("afspraak", "container", "parkeren", "vergunning", "paspoort", "straat", "melding", "vraag"),
    *("antwoord", "aanvraag", "bijlage", "morgen", "graag", "alvast", "dank", "lantaarn", "boom"),
    *("belasting", "kwijtschelding", "verhuizing", "uittreksel", "trouwen", "stoep", "afval"),
    *("de", "het", "een", "van", "op", "voor", "met", "aan", "bij", "naar", "wij", "u", "ik"),
)
_NOISE: Final = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 60


def person(number: int) -> str:
    """The address of somebody; the first have the most mail."""
    return f"inwoner{number}@voorbeeld.example"


def fill(path: Path, many: int) -> None:
    """A Maildir of so many messages."""
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(messages(many)):
        (path / "cur" / f"{number:06d}.host:2,S").write_bytes(content)


def messages(many: int) -> Iterator[bytes]:
    """Questions and answers, and now and then what no person wrote; one in twelve has something
    attached to it, one in three is HTML as well."""
    draw = Random(1)  # noqa: S311 - the same every time
    people = range(many // 5)
    # As in a mailbox: few write often, most once or twice.
    weights = list(accumulate(1 / (n + 8) for n in people))
    for number in range(many):
        who = person(draw.choices(people, cum_weights=weights)[0])
        sender, receiver = (INFO, who) if number % 3 == 0 else (who, INFO)
        subject = " ".join(draw.choices(_WORDS, k=5))
        if number % 25 == 0:
            subject += f" ZAAK-2024-{number:010d}"
        head = {
            "Return-Path": f"<{sender}>",
            "Received": f"from mx.example by mail.{OWN}; {draw.random()}",
            "From": f"Iemand <{sender}>",
            "To": f"<{receiver}>",
            "Subject": subject,
            "Date": format_datetime(_FIRST + timedelta(minutes=57 * number)),
            "Message-ID": f"<{number}.{draw.getrandbits(64):x}@voorbeeld.example>",
            "MIME-Version": "1.0",
        }
        if number % 20 == 1:
            head["Auto-Submitted"] = "auto-replied"
        yield _message(head, number, " ".join(draw.choices(_WORDS, k=draw.randint(30, 400))))


def _message(head: dict[str, str], number: int, text: str) -> bytes:
    plain = ("text/plain", "8bit", f"Beste lezer,\n\n{text}\n\nMet groet\n".encode())
    parts = [plain]
    if number % 3 == 1:
        parts.append(("text/html", "8bit", f"<p>Beste lezer,</p><p>{text}</p>\n".encode()))
    if number % 12 == 5:
        parts.append(("image/jpeg", "base64", encodebytes(_NOISE)))
    lines = "".join(f"{name}: {value}\n" for name, value in head.items()).encode()
    if len(parts) == 1:
        return lines + _part(plain)
    boundary = b"=_%d" % number
    kind = b'Content-Type: multipart/mixed; boundary="%s"\n\n' % boundary
    body = b"".join(b"--%s\n%s\n" % (boundary, _part(part)) for part in parts)
    return lines + kind + body + b"--%s--\n" % boundary


def _part(part: tuple[str, str, bytes]) -> bytes:
    media, encoding, content = part
    shown = "; charset=utf-8" if media.startswith("text/") else "; name=foto.jpg"
    head = f"Content-Type: {media}{shown}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + content
