"""Messages as Graph shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Any

Row = dict[str, Any]

_APART = ("from", "to", "cc", "subject", "date", "reply-to")
"""Fields that Graph shows by themselves; it repeats them among the headers all the same."""


def row(message: EmailMessage, folder: str, received: datetime | None = None) -> Row:
    """A message in a folder; without ``received`` it came when it was sent."""
    sent = parsedate_to_datetime(message["Date"]) if message["Date"] else received
    moment = received or sent
    if moment is None:
        raise ValueError("a message that was neither sent nor received")
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    senders = _people(message, "From")
    return {
        "id": sha256(bytes(message) + folder.encode()).hexdigest(),
        "internetMessageId": message["Message-ID"] or "",
        "sentDateTime": _moment(sent or moment),
        "receivedDateTime": _moment(moment),
        "from": senders[0] if senders else None,
        "toRecipients": _people(message, "To"),
        "ccRecipients": _people(message, "Cc"),
        "replyTo": _people(message, "Reply-To"),
        "subject": str(message["Subject"] or ""),
        "sensitivity": str(message["Sensitivity"] or "normal").lower(),
        "isDraft": False,
        "isRead": False,
        "hasAttachments": any(True for _ in message.iter_attachments()),
        "internetMessageHeaders": [{"name": n, "value": str(v)} for n, v in message.items()],
        "body": {"contentType": "text", "content": text},
        "uniqueBody": {"contentType": "text", "content": text.partition("\n>")[0]},
        "attachments": [_attachment(n, one) for n, one in enumerate(message.iter_attachments())],
        "_folder": folder,
        "_raw": bytes(message),
    }


def _people(message: EmailMessage, field: str) -> list[Row]:
    found: Iterable[tuple[str, str]] = getaddresses([str(v) for v in message.get_all(field, [])])
    return [{"emailAddress": {"name": n or a, "address": a}} for n, a in found if a]


def _attachment(number: int, part: Any) -> Row:
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "id": f"bijlage-{number}",
        "name": part.get_filename() or "",
        "contentType": part.get_content_type(),
        "isInline": part.get("Content-ID") is not None,
        "size": len(bytes(part)),
        "_content": part.get_payload(decode=True) or bytes(part),
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
