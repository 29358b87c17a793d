"""Problem answers of such a register: one shape, other codes for each system."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse


class Refused(Exception):
    """A request that is answered with a problem; `params`: (name, code, reason) of each field."""

    def __init__(
        self, status: int, code: str, title: str, params: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.params = params


def invalid(name: str, code: str, reason: str) -> Refused:
    """A 400 about one field or parameter."""
    return Refused(400, "invalid", "Invalid input.", [(name, code, reason)])


def fallen() -> Refused:
    """A 500: what the system did not think of."""
    return Refused(500, "error", "Er is een serverfout opgetreden.")


def problem(
    refused: Refused, codes: Mapping[int, str], media_type: str = "application/problem+json"
) -> JSONResponse:
    """The answer; `codes`: the code that a system has for a status, where it has only those."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "code": codes.get(refused.status, refused.code),
        "title": refused.title,
        "status": refused.status,
        "detail": refused.title,
        "instance": "urn:uuid:00000000-0000-4000-8000-000000000000",
    }
    if refused.params:
        if codes:
            # No fields are named, all goes into one text.
            body["detail"] = " ".join(f"{name}: {reason}" for name, _, reason in refused.params)
        else:
            keys = ("name", "code", "reason")
            body["invalidParams"] = [dict(zip(keys, p, strict=True)) for p in refused.params]
    return JSONResponse(body, refused.status, media_type=media_type)
