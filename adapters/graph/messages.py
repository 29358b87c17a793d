"""Messages of Graph as messages of an archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from adapters.base import Failure, SourceError
from adapters.mail.fields import Fields
from adapters.mail.light import FIELDS
from adapters.mail.quoting import MAX_TEXT, own_text
from adapters.mail.records import Heavy
from adapters.mail.structure import MAX_PARTS, Part
from adapters.mail.text import attachments

LIGHT: Final = (
    "id,internetMessageId,sentDateTime,receivedDateTime,from,toRecipients,ccRecipients,replyTo,"
    "subject,sensitivity,isDraft,internetMessageHeaders"
)
FULL: Final = f"{LIGHT},uniqueBody"
ATTACHMENTS: Final = "attachments($select=id,name,contentType,isInline)"

Message = Mapping[str, Any]
_KNOWN: Final = frozenset(name.lower() for name in FIELDS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is: its id, which stays the same as long as it is in the mailbox."""

    id: str


def fields_of(message: Message) -> Fields:
    """The header of a message. What Graph has taken apart is put together again, so that it is
    read in the same way as that of any other archive."""
    found: dict[str, list[str]] = {}
    for one in _objects(message.get("internetMessageHeaders")):
        name = str(one.get("name", "")).lower()
        if name in _KNOWN:
            found.setdefault(name, []).append(str(one.get("value", "")))
    sender = message.get("from")
    told = {
        "from": _mailboxes([sender] if sender else []),
        "to": _mailboxes(message.get("toRecipients")),
        "cc": _mailboxes(message.get("ccRecipients")),
        "reply-to": _mailboxes(message.get("replyTo")),
        "subject": str(message.get("subject") or ""),
        "message-id": str(message.get("internetMessageId") or ""),
        "sensitivity": str(message.get("sensitivity") or ""),
        "date": _date(message.get("sentDateTime")),
    }
    found |= {name: [text] for name, text in told.items() if text}
    return Fields(found)


def received_at(message: Message) -> int:
    """When it came, in seconds since 1970. Raises ``SourceError`` when it does not say."""
    moment = _moment(message.get("receivedDateTime"))
    if moment is None:
        raise SourceError(Failure.BAD_DATA, "a message without a moment")
    return max(0, int(moment.timestamp()))


def heavy_of(message: Message, disclaimers: Sequence[str]) -> Heavy:
    """A message with its text and what was sent along with it. Of parts there is only what Graph
    shows as an attachment, so they are numbered from one on."""
    body = message.get("uniqueBody")
    text = body.get("content") if isinstance(body, Mapping) else None
    parts = [Part(1, "text/plain", "utf-8", "", False, "")] if isinstance(text, str) else []
    parts += attached(message)
    own = own_text(text[:MAX_TEXT], disclaimers) if isinstance(text, str) else None
    return Heavy(fields_of(message), tuple(parts), own)


def attached(message: Message) -> list[Part]:
    """What Graph shows as attachments of a message."""
    return [_part(n, one) for n, one in _attachments(message)]


def attachment_of(message: Message, number: int) -> tuple[Part, str] | None:
    """What was sent along with a message under a number, and its id; ``None`` when there is no
    such thing, or it is only a link to where it is."""
    for n, one in _attachments(message):
        part = _part(n, one)
        linked = str(one.get("@odata.type")).endswith(".referenceAttachment")
        if n == number and attachments([part]) and not linked:
            return part, str(one.get("id") or "")
    return None


def _attachments(message: Message) -> Iterator[tuple[int, Message]]:
    """Each with its number: the text is the first part."""
    return enumerate(_objects(message.get("attachments"))[:MAX_PARTS], 2)


def _part(number: int, one: Message) -> Part:
    inline = one.get("isInline") is True
    media = str(one.get("contentType") or "application/octet-stream").lower()
    return Part(number, media, None, str(one.get("name") or ""), not inline, "x" if inline else "")


def _mailboxes(found: Any) -> str:
    """Addresses as a field of a header has them."""
    texts: list[str] = []
    for one in _objects(found):
        given = one.get("emailAddress")
        address = given.get("address") if isinstance(given, Mapping) else None
        if isinstance(address, str) and isinstance(given, Mapping):
            name = str(given.get("name") or "").replace("\\", "\\\\").replace('"', '\\"')
            texts.append(f'"{name}" <{address}>' if name and name != address else address)
    return ", ".join(texts)


def _objects(value: Any) -> list[Message]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _date(value: Any) -> str:
    moment = _moment(value)
    return format_datetime(moment) if moment is not None else ""


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else None
