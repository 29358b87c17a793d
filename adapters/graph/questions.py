"""What is wanted of a mailbox in the words of Graph (OData 4.01 and KQL).

Only values of a known form are put into a question, so none can become a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.mail.addresses import is_address
from adapters.mail.light import moment_in
from adapters.mail.records import moment_text
from adapters.mail.wanted import Wanted

PAGE: Final = 500
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,60}")
_NEWEST: Final = "receivedDateTime desc"

Params = dict[str, str]


def questions(wanted: Wanted) -> Iterator[Params]:
    """Questions that together find all messages that are wanted, and perhaps others."""
    if wanted.people is not None:
        # A value that is no address is nobody's.
        for address in sorted(filter(is_address, wanted.people)):
            yield {"$search": f'"participants:{_escaped(address)}"'}
    elif wanted.zaken is not None:
        for number in sorted(filter(_NUMBER.fullmatch, wanted.zaken)):
            yield {"$search": f'"subject:{number}"'}
    elif wanted.keys is not None:
        for moment in sorted({m for m in map(moment_in, wanted.keys) if m is not None}):
            # What was sent without a date is known by when it came.
            for field in ("sentDateTime", "receivedDateTime"):
                yield {"$filter": _between(field, moment, moment + 1)}
    else:
        yield {"$orderby": _NEWEST, **_period(wanted)}


def _escaped(address: str) -> str:
    return address.replace("\\", "\\\\").replace('"', '\\"')


def _period(wanted: Wanted) -> Params:
    """Sent before it came: so from when on it is known by when it came, and not until when."""
    if wanted.since is None:
        return {}
    return {"$filter": f"receivedDateTime ge {moment_text(wanted.since)}"}


def _between(field: str, first: int, last: int) -> str:
    return f"{field} ge {moment_text(first)} and {field} le {moment_text(last)}"
