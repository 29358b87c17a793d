"""What a message is: from whom to whom, and whether a person wrote it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

from adapters.mail.addresses import Address
from adapters.mail.fields import Fields


class Direction(StrEnum):
    """Seen from the gemeente."""

    IN = "in"
    OUT = "uit"


_IN_BULK: Final = ("bulk", "list", "junk")


def automatic(fields: Fields) -> bool:
    """Whether no person wrote it to this receiver: an answering machine (RFC 3834, section 5), a
    list (RFC 2919), a report on a delivery (RFC 3464), or what a filter took for spam.

    ``X-Auto-Response-Suppress`` says nothing: ordinary mail of Outlook has it.
    """
    submitted = fields.first("Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or fields.has("X-Autoreply")
        or fields.has("List-Id")
        or fields.first("Precedence").strip().lower() in _IN_BULK
        or fields.first("Return-Path").strip() == "<>"
        or fields.first("Content-Type").lower().lstrip().startswith("multipart/report")
        or fields.first("X-Spam-Flag").strip().lower() == "yes"
    )


_FAILED: Final = re.compile(r";\s*dmarc\s*=\s*fail\b", re.IGNORECASE)


def forged(fields: Fields, checked_by: Collection[str]) -> bool:
    """Whether a server of the gemeente found that a message is not from who it says it is from: it
    failed DMARC (RFC 8601, section 2.2; RFC 7489). ``checked_by``: the names, in small letters,
    under which these servers tell; what others tell, the sender may have written himself."""
    for told in fields.all("Authentication-Results"):
        # Behind the name there may be a version.
        name, *_ = [*told.partition(";")[0].lower().split(), ""]
        if name in checked_by and _FAILED.search(told):
            return True
    return False


def direction(
    sender: Address | None, receivers: Sequence[Address], own: Sequence[str], forms: Sequence[str]
) -> Direction | None:
    """``None`` when it is between workers, or between others. ``own``: the domains of the gemeente,
    which hold those below them; ``forms``: addresses by which a form on its site sends."""
    if sender is None:
        return Direction.IN if any(is_own(one, own) for one in receivers) else None
    if sender.key in forms:
        return Direction.IN
    if is_own(sender, own):
        return Direction.OUT if any(not is_own(one, own) for one in receivers) else None
    return Direction.IN if any(is_own(one, own) for one in receivers) else None


def is_own(address: Address, own: Sequence[str]) -> bool:
    """Whether an address is in one of these domains, or below one."""
    return any(address.domain == one or address.domain.endswith(f".{one}") for one in own)
