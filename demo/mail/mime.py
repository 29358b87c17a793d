"""Mails as messages (RFC 5322, RFC 2045), in the ways in which mail programs write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.encoders import encode_base64, encode_quopri
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from html import escape
from typing import Any, Final

_JPEG: Final = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
_UNIVERSAL: Final = "utf-8"
_CODECS: Final[Mapping[str, str]] = {"x-onbekend": "cp1252", "us-ascii": "cp1252"}
"""Charsets that some programs name, and what they write."""

Mailbox = tuple[str, str]
"""A name and an address."""


@dataclass(frozen=True)
class Mail:
    """One mail before it is written. ``number``: its Message-ID, ``""`` for none; ``before``: of
    those that it follows on; ``more``: further fields. ``html``: ``"no"``, ``"beside"`` the text or
    ``"only"``; ``encoding``: a transfer encoding; ``files``: names with contents.

    ``sealed``: what others than its receiver see of it, where it is encrypted (RFC 8551);
    ``undelivered``: the address to which a mail could not be delivered (RFC 3464)."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    moment: datetime
    number: str
    before: tuple[str, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    charset: str = _UNIVERSAL
    encoding: str = "quoted-printable"
    html: str = "no"
    files: tuple[tuple[str, bytes], ...] = ()
    sealed: bytes = b""
    undelivered: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


class _AsItIs(Compat32):
    """Fields are short and in ASCII already."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".encode("ascii")


_POLICY: Final = _AsItIs()


def written(mail: Mail) -> bytes:
    """The message, with its header."""
    message = _content(mail)
    for name, value in _header(mail):
        message[name] = value
    return message.as_bytes(policy=_POLICY)


def file(name: str, content: bytes) -> tuple[str, bytes]:
    """A file that begins as its kind does."""
    begins = _JPEG if name.endswith(".jpg") else b"%PDF-1.7\n"
    return name, begins + content


def _fields(given: Mapping[str, str]) -> Message[Any, Any]:
    made: Message[Any, Any] = Message()
    for name, value in given.items():
        made[name] = value
    return made


def _header(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "From", formataddr(mail.sender)
    for name, boxes in (("To", mail.to), ("Cc", mail.cc)):
        if boxes:
            yield name, ", ".join(map(formataddr, boxes))
    if mail.subject:
        yield "Subject", _encoded(mail.subject)
    yield "Date", format_datetime(mail.moment)
    if mail.number:
        yield "Message-ID", f"<{mail.number}>"
    if mail.before:
        yield "In-Reply-To", f"<{mail.before[-1]}>"
        yield "References", " ".join(f"<{number}>" for number in mail.before)
    yield from mail.more.items()


def _boundary(mail: Mail, depth: int) -> str:
    """The same in every run, and different for what stands in one another."""
    return f"=_{mail.number.partition('@')[0]}_{depth}"


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, _UNIVERSAL, maxlinelen=900).encode()


def _content(mail: Mail) -> Message[Any, Any]:
    if mail.sealed:
        part = MIMEBase("application", "pkcs7-mime")
        part.set_param("smime-type", "enveloped-data")
        part.set_payload(mail.sealed)
        encode_base64(part)
        return part
    if mail.undelivered:
        parts = [_text("plain", mail), _status(mail.undelivered)]
        report = MIMEMultipart("report", _boundary(mail, 0), parts)
        report.set_param("report-type", "delivery-status")
        return report
    if mail.files:
        parts = [_body(mail), *(_attached(name, content) for name, content in mail.files)]
        return MIMEMultipart("mixed", _boundary(mail, 0), parts)
    return _body(mail)


def _status(address: str) -> Message[Any, Any]:
    part = MIMEBase("message", "delivery-status")
    told = {"Final-Recipient": f"rfc822; {address}", "Action": "failed", "Status": "5.1.1"}
    part.set_payload([_fields({"Reporting-MTA": "dns; mx.zilverdam.example"}), _fields(told)])
    return part


def _attached(name: str, content: bytes) -> Message[Any, Any]:
    main, sub = ("image", "jpeg") if name.endswith(".jpg") else ("application", "pdf")
    part = MIMEBase(main, sub, name=name)
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _body(mail: Mail) -> Message[Any, Any]:
    if mail.html == "no":
        return _text("plain", mail)
    if mail.html == "only":
        return _text("html", mail)
    both: list[Message[Any, Any]] = [_text("plain", mail), _text("html", mail)]
    return MIMEMultipart("alternative", _boundary(mail, 1), both)


def _text(kind: str, mail: Mail) -> Message[Any, Any]:
    part = MIMENonMultipart("text", kind, charset=mail.charset)
    text = _page(mail.text) if kind == "html" else mail.text
    raw = f"{text}\n".encode(_CODECS.get(mail.charset, mail.charset), "replace")
    if mail.encoding == "8bit":
        part["Content-Transfer-Encoding"] = "8bit"
        part.set_payload(raw.decode("ascii", "surrogateescape"))
        return part
    part.set_payload(raw)
    (encode_base64 if mail.encoding == "base64" else encode_quopri)(part)
    return part


def _page(text: str) -> str:
    """The text as the HTML of an ordinary mail program."""
    paragraphs = (escape(one).replace("\n", "<br>\n") for one in text.split("\n\n"))
    lines = "\n".join(f"<p class=MsoNormal>{one}</p>" for one in paragraphs)
    style = "<style>p.MsoNormal {margin: 0cm; font-family: Calibri}</style>"
    return f"<html><head>{style}</head><body>\n{lines}\n</body></html>"
