"""What an answer says when it is not what was asked for.

Decided on the code in the body of a Fo message, wherever that stands: what stands around it, the
code of a SOAP fault and the status of HTTP, differs from one system to the next. The codes are
those of the StUF 03.01 standard, annex "Foutcodes".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from adapters.base import Failure, SourceError
from adapters.stuf.names import local, texts

NOT_FOUND: Final = "StUF064"
UNKNOWN_SORTING: Final = "StUF133"
NOT_UNIQUE: Final = "StUF016"
"""Of a message that is sent again: it came before."""
NOT_KEPT: Final = "StUF046"
"""The same message may be sent again."""
NOT_IN_TIME: Final = "StUF960"
"""What becomes of the message is not known."""

PASSING: Final[Mapping[str, Failure]] = {
    # Not greater than in the message before: the next try has a later moment.
    "StUF019": Failure.THROTTLED,
    "StUF046": Failure.UNAVAILABLE,
    "StUF049": Failure.UNAVAILABLE,
    "StUF061": Failure.UNAVAILABLE,
    "StUF130": Failure.UNAVAILABLE,
    "StUF960": Failure.TIMEOUT,
}
"""The codes after which a question may be asked again. Any other is a refusal."""

_CODE: Final = re.compile(r"StUF\d{3}", re.ASCII)

# Of SOAP 1.1 and 1.2, and of Web Services Security, section 12: it is the question that is wrong.
_ASKER: Final = (
    "Client",
    "Sender",
    "FailedAuthentication",
    "FailedCheck",
    "InvalidSecurity",
    "InvalidSecurityToken",
    "MessageExpired",
)


class StufFault(SourceError):
    """A Fo message. ``code``: of StUF, ``""`` where it has none."""

    def __init__(self, code: str) -> None:
        super().__init__(PASSING.get(code, Failure.REFUSED), code or "a fault without a code")
        self.code = code


def fo_message(element: etree._Element) -> StufFault:
    """What a Fo01, Fo02 or Fo03 message says."""
    for body in element.iterchildren():
        if local(body) == "body":
            code = next((one for one in body.iterchildren() if local(one) == "code"), None)
            given = (code.text or "").strip() if code is not None else ""
            return StufFault(given if _CODE.fullmatch(given) else "")
    return StufFault("")


def soap_fault(element: etree._Element) -> SourceError:
    """What a fault of SOAP says, of either version, that holds nothing of StUF."""
    for one in element.iterchildren():
        if local(one) in ("faultcode", "Code"):
            codes = (part.strip().rpartition(":")[2] for part in texts(one))
            if any(code.partition(".")[0] in _ASKER for code in codes):
                return SourceError(Failure.REFUSED, "a SOAP fault: the question")
    return SourceError(Failure.UNAVAILABLE, "a SOAP fault")
