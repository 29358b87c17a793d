"""What is asked of a gateway, and how it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Request:
    """A request for the API: its path below the root, its parameters and its body as JSON."""

    method: str
    path: str
    params: Sequence[tuple[str, str]]
    body: Any = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A 400 that names one of these parameters or members, with one of these codes; or a 404 where
    there are no names."""

    said: str
    names: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return self.said

    def applies(self, response: httpx.Response) -> bool:
        """Whether what came is this refusal or should have been: not another error, of something
        that is looked at earlier."""
        if not self.names:
            # What was seen moments ago is at hand all the same.
            return not response.is_success
        if response.is_success:
            return True
        return response.status_code == 400 and bool(self._named(response) or not response.content)

    def met_by(self, response: httpx.Response) -> bool:
        """Whether what came is this refusal."""
        if not self.names:
            return response.status_code == 404
        head = response.request.method == "HEAD" and response.status_code == 400
        return head or bool(self._named(response) & self.names)

    def _named(self, response: httpx.Response) -> set[str]:
        if response.is_success or not response.content:
            return set()
        params = response.json().get("invalidParams", ())
        return {param["name"] for param in params if param["code"] in self.codes}
