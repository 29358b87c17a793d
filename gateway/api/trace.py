"""The trace of a request: W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/).

A trace that a caller began is continued with a span of our own; what is not valid is ignored, and
then a new trace begins. Only the ids and the flags are kept of ``traceparent``: their form leaves
no room for text, so they may be logged. ``tracestate`` can hold text, so it is never logged.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# A later version may append fields; what comes before them keeps its meaning (section 3.2.4).
_PARENT: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
)
_KEY: Final = r"[a-z0-9][a-z0-9_\-*/]{0,255}(?:@[a-z0-9_\-*/]{1,14})?"
_VALUE: Final = r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
_MEMBER: Final = re.compile(rf"{_KEY}={_VALUE}")
_MAX_MEMBERS: Final = 32
_MAX_STATE: Final = 512
_SAMPLED: Final = 0x01


@dataclass(frozen=True, slots=True)
class Trace:
    """The place of one request in a trace. Ids are hexadecimal, in small letters.

    ``parent_id``: the span of the caller, where there is one. ``state``: its ``tracestate``.
    """

    trace_id: str
    span_id: str
    parent_id: str | None = None
    flags: int = _SAMPLED
    state: str = ""

    def headers(self) -> Mapping[str, str]:
        """What calls to sources carry. Spans of single calls are not kept, so the span of the
        request is their parent."""
        carried = {"traceparent": f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"}
        if self.state:
            carried["tracestate"] = self.state
        return carried


def trace_of(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """The trace that a request with these headers (names in small letters) belongs to."""
    parents: list[str] = []
    states: list[str] = []
    for name, value in headers:
        if name == b"traceparent":
            parents.append(value.decode("latin-1"))
        elif name == b"tracestate":
            states.append(value.decode("latin-1"))
    caller = _parent(parents)
    if caller is None:
        return Trace(secrets.token_hex(16), secrets.token_hex(8))
    # Every request is logged whatever the caller sampled; the flag is for those after us.
    flags = int(caller["flags"], 16) & _SAMPLED
    return Trace(caller["trace"], secrets.token_hex(8), caller["span"], flags, _state(states))


def _parent(given: Sequence[str]) -> re.Match[str] | None:
    found = _PARENT.fullmatch(given[0]) if len(given) == 1 else None
    if found is None or found["version"] == "ff":
        return None
    if found["version"] == "00" and found["more"]:
        return None
    if not found["trace"].strip("0") or not found["span"].strip("0"):
        return None
    return found


def _state(given: Sequence[str]) -> str:
    """The list as it came, several headers as one; empty when it is not valid or too long."""
    text = ",".join(given)
    members = [m.strip(" \t") for m in text.split(",")]
    present = [m for m in members if m]
    if len(text) > _MAX_STATE or len(members) > _MAX_MEMBERS:
        return ""
    return text if present and all(map(_MEMBER.fullmatch, present)) else ""
