"""What the header of a message says of a contact: all that is needed to find it and to order it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Final, TypeVar

from adapters.mail.addresses import Address, addresses
from adapters.mail.fields import Fields
from adapters.mail.headers import decoded
from adapters.mail.kinds import Direction, automatic, direction, forged, is_own
from adapters.mail.options import MailOptions
from adapters.mail.text import shortened

MAX_PEOPLE: Final = 25
FIELDS: Final = (
    "Message-ID", "Date", "From", "To", "Cc", "Reply-To", "Subject", "In-Reply-To", "References",
    "Auto-Submitted", "X-Autoreply", "List-Id", "Precedence", "Return-Path", "X-Spam-Flag",
    "Sensitivity", "Content-Type", "Content-Language", "Authentication-Results",
)  # fmt: skip
"""All that is read of a header."""

HASH_BITS: Final = 40
_SECONDS: Final = 1 << 32
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH: Final = 14
"""The length of a key: 32 bits of seconds and 40 of a hash in digits of 36."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that is a contact, as far as is needed to put it in its place.

    ``key``: see ``key_of``; ``moment``: seconds since 1970; ``place``: where its source keeps it.
    """

    key: str
    moment: int
    place: Any


@dataclass(frozen=True, slots=True)
class Light(Hit):
    """A message that is a contact, with what its header says.

    ``people``: who are not of the gemeente, whom it is from or to; ``begun``: whether the first of
    them wrote it; ``forged``: whether he was found not to be who he says. ``others``: how many
    receivers more there are. ``offices``: codes of mailboxes.
    """

    begun: bool
    subject: str
    people: tuple[Address, ...]
    others: int
    offices: tuple[str, ...]
    zaken: tuple[str, ...]
    private: bool
    forged: bool = False


HitT = TypeVar("HitT", bound=Hit)


def newest_first(hits: Iterable[HitT]) -> list[HitT]:
    """Each message once, newest first by moment and key; of copies the first counts."""
    distinct: dict[str, HitT] = {}
    for hit in hits:
        distinct.setdefault(hit.key, hit)
    return sorted(distinct.values(), key=attrgetter("moment", "key"), reverse=True)


class Reader:
    """Reads headers as a gemeente's options say."""

    def __init__(self, options: MailOptions) -> None:
        self._options = options
        self._offices = {box.address: box.code for box in options.mailboxes}
        self._zaken = [re.compile(pattern) for pattern in options.zaaknummers]

    def light(self, fields: Fields, received: int, place: Any) -> Light | None:
        """A message as a contact; ``None`` when it is none: it was not written by a person, or is
        not between a resident and the gemeente. ``received``: seconds since 1970."""
        if automatic(fields) and not self._options.automatic:
            return None
        sender = next(iter(addresses(fields.first("From"))), None)
        receivers = addresses(fields.every("To", "Cc"))
        own = self._options.own_domains
        way = direction(sender, receivers, own, self._options.forms)
        if way is None:
            return None
        sent = sent_at(fields)
        begun = way is Direction.IN
        if begun and sender is not None and sender.key in self._options.forms:
            sender = next(iter(addresses(fields.first("Reply-To"))), None)
        outside = [one for one in receivers if not is_own(one, own)]
        people = ([sender] if sender else []) if begun else outside
        inside = receivers if begun else [sender] if sender else []
        subject = decoded(fields.first("Subject"))
        return Light(
            key=key_of(fields, received if sent is None else sent),
            moment=received if sent is None or (begun and self._options.received) else sent,
            begun=begun,
            subject=shortened(subject, self._options.subject_length)[0],
            people=tuple(people[:MAX_PEOPLE]),
            others=len(people[MAX_PEOPLE:]),
            offices=self._codes(inside),
            zaken=self._numbers(subject),
            private=fields.first("Sensitivity").strip().lower() in _PRIVATE,
            forged=begun and forged(fields, self._options.checked_by),
            place=place,
        )

    def _codes(self, inside: Sequence[Address]) -> tuple[str, ...]:
        found = (self._offices.get(one.key) for one in inside)
        return tuple(dict.fromkeys(code for code in found if code is not None))

    def _numbers(self, subject: str) -> tuple[str, ...]:
        found = (match[0] for pattern in self._zaken for match in pattern.finditer(subject))
        return tuple(dict.fromkeys(found))


_DATE: Final = re.compile(
    r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b", re.IGNORECASE
)
_PRIVATE: Final = ("private", "personal", "company-confidential")


def sent_at(fields: Fields) -> int | None:
    """When the sender says that it was sent, in seconds since 1970; ``None`` when that is no moment
    that there can be, or is not written as dates of mail are: then no server would find it by its
    date."""
    text = fields.first("Date")
    return seconds_in(text) if _DATE.search(text) else None


def seconds_in(text: str) -> int | None:
    """A moment as mail has it (RFC 5322, section 3.3) in seconds since 1970. Where the zone is not
    known it is in UTC, whatever the zone of this machine."""
    try:
        found = parsedate_to_datetime(text)
        seconds = int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return seconds if 0 <= seconds < _SECONDS else None


def message_id(text: str) -> str:
    """The first id in a field (RFC 5322, section 3.6.4), without what stands around it."""
    begin, found, rest = text.partition("<")
    return (rest.partition(">")[0] if found else begin).strip()


def key_of(fields: Fields, seconds: int) -> str:
    """The key of a message: when it was sent, and a hash of its id.

    It is in the message itself. So a copy in another folder, another archive or after a move to
    another server has the same, and a message is found again by looking at those of that moment.
    """
    own = message_id(fields.first("Message-ID"))
    known = own or "\n".join(fields.first(name) for name in ("From", "Date", "Subject"))
    digest = blake2b(known.encode("utf-8", "replace"), digest_size=HASH_BITS // 8).digest()
    number = (seconds % _SECONDS) << HASH_BITS | int.from_bytes(digest, "big")
    return _digits(number, WIDTH)


def moment_in(key: str) -> int | None:
    """The seconds in a key, ``None`` for what is none."""
    if len(key) != WIDTH or not set(key).issubset(_DIGITS):
        return None
    seconds = int(key, len(_DIGITS)) >> HASH_BITS
    return seconds if seconds < _SECONDS else None


def numbered(key: str, index: int) -> str:
    """The key of something in a message."""
    return key + _digits(index, 2)


def parted(key: str) -> tuple[str, int | None]:
    """The key of a message, and the index of something in it; ``None`` where it is no such key."""
    digits = key[WIDTH:]
    if len(digits) != 2 or not set(key).issubset(_DIGITS):
        return key[:WIDTH], None
    return key[:WIDTH], int(digits, len(_DIGITS))


def _digits(number: int, width: int) -> str:
    digits: list[str] = []
    for _ in range(width):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
