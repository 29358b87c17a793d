"""An answer of a server, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from gateway.standard.errors import Kind

Obj = Mapping[str, Any]

PROBLEM: Final = ("type", "code", "title", "status", "detail", "instance")
PAGE: Final = ("count", "next", "previous", "results")
REFUSES: Final = "filter-not-supported"
"""The code with which a register that cannot answer a filter says so by name."""
NOT_KEPT: Final = frozenset({"not-kept", "too-many-to-keep"})
"""How a register in front of another says that it cannot keep a value."""


class Misshapen(Exception):
    """An answer that nothing can be made of; ``told``: why, in Dutch."""

    def __init__(self, where: str, told: str) -> None:
        super().__init__(told)
        self.where = where
        self.told = told


@dataclass(frozen=True, slots=True)
class Page:
    """The body of a list; every object in it has a uuid and a url."""

    count: int
    next: str | None
    previous: str | None
    results: Sequence[Obj]

    @property
    def uuids(self) -> list[str]:
        return [one["uuid"] for one in self.results]


@dataclass(frozen=True, slots=True)
class Answer:
    """``where``: what was asked, without values."""

    where: str
    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """A header, empty where it is not there."""
        found: str = self.response.headers.get(name, "")
        return found

    @property
    def is_json(self) -> bool:
        """Whether there is an object in the body."""
        return self._body() is not None

    @property
    def allow(self) -> frozenset[str]:
        """The methods in the header ``Allow``."""
        return frozenset(filter(None, re.split(r"[\s,]+", self.header("allow").upper())))

    def json(self) -> Any:
        """The body. Raises ``Misshapen``."""
        try:
            return self.response.json()
        except ValueError:
            raise Misshapen(self.where, f"{self.status}, en geen JSON") from None

    def object(self) -> Obj:
        """The body of an answer that succeeded, with a uuid and a url. Raises ``Misshapen``."""
        if self.status not in (200, 201):
            raise Misshapen(self.where, self.told)
        return _identified(self.where, self.json())

    def page(self) -> Page:
        """The body of a list. Raises ``Misshapen``."""
        if self.status != 200:
            raise Misshapen(self.where, self.told)
        body = self.json()
        if not isinstance(body, dict) or set(body) != set(PAGE):
            raise Misshapen(self.where, f"een lijst heeft {', '.join(PAGE)}")
        count, results = body["count"], body["results"]
        if not isinstance(count, int) or isinstance(count, bool) or not isinstance(results, list):
            raise Misshapen(self.where, "`count` is geen getal of `results` geen lijst")
        if not all(isinstance(body[link], str | None) for link in ("next", "previous")):
            raise Misshapen(self.where, "`next` en `previous` zijn een url of null")
        found = [_identified(self.where, one) for one in results]
        return Page(count, body["next"], body["previous"], found)

    @property
    def told(self) -> str:
        """The status with the code of a problem, if it has one."""
        body = self._body()
        code = body.get("code") if body else None
        return f"{self.status} {code}" if isinstance(code, str) else str(self.status)

    def _body(self) -> Obj | None:
        try:
            body = self.response.json()
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    @property
    def codes(self) -> frozenset[tuple[str, str]]:
        """Name and code of each of the parameters that a problem names."""
        params = (self._body() or {}).get("invalidParams")
        if not isinstance(params, list):
            return frozenset()
        return frozenset((str(p.get("name")), str(p.get("code"))) for p in params if _is_object(p))

    @property
    def reasons(self) -> frozenset[str]:
        """What is said of each of the parameters that a problem names."""
        params = (self._body() or {}).get("invalidParams")
        found = params if isinstance(params, list) else []
        return frozenset(str(p.get("reason")) for p in found if _is_object(p))

    @property
    def refused(self) -> bool:
        """Whether this is the answer of a register that says by name what it cannot filter by."""
        return self.status == 400 and any(code == REFUSES for _, code in self.codes)

    @property
    def not_kept(self) -> frozenset[str]:
        """The attributes that a register says it cannot keep."""
        found = self.codes if self.status == 400 else ()
        return frozenset(name for name, code in found if code in NOT_KEPT)

    def unlike(self, kind: Kind, name: str = "", code: str = "") -> str:
        """How this differs from a problem of a kind, in which the parameter ``name`` has ``code``;
        empty where it does not."""
        if self.status != kind.status:
            return f"{self.told} in plaats van {kind.status} {kind.code}"
        return next(self._differences(kind, name, code), "")

    def _differences(self, kind: Kind, name: str, code: str) -> Iterator[str]:
        body = self._body()
        if body is None:
            yield "geen JSON-object"
            return
        if self.media_type != "application/json":
            yield f"media type {self.media_type}"
        if tuple(body)[:6] != PROBLEM:
            yield f"attributen {', '.join(body)}"
            return
        if body["code"] != kind.code:
            yield f"code {body['code']} in plaats van {kind.code}"
        if body["status"] != kind.status:
            yield "`status` is niet de status van het antwoord"
        if "{" not in kind.title and body["title"] != kind.title:
            yield "een andere titel"
        if not re.fullmatch(rf"https?://[^/]+/ref/fouten/{kind.name}/", str(body["type"])):
            yield "een ander `type`"
        if not _is_urn(body["instance"]):
            yield "`instance` is geen urn:uuid"
        if name and (name, code) not in self.codes:
            shown = ", ".join(sorted(f"{n} ({c})" for n, c in self.codes)) or "niets"
            yield f"noemt {shown} in plaats van {name} ({code})"


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _identified(where: str, value: Any) -> Obj:
    if not isinstance(value, dict):
        raise Misshapen(where, "geen object waar er een hoort")
    if not isinstance(value.get("uuid"), str) or not isinstance(value.get("url"), str):
        raise Misshapen(where, "een object zonder uuid of url")
    return value


def _is_urn(value: object) -> bool:
    if not isinstance(value, str) or not value.startswith("urn:uuid:"):
        return False
    try:
        UUID(value.removeprefix("urn:uuid:"))
    except ValueError:
        return False
    return True


def values(obj: object, path: str) -> list[Any]:
    """What stands at a dotted path, in each of the objects of a list; nothing where there is
    none."""
    found = [obj]
    for step in path.split("."):
        inside = [one.get(step) for one in found if isinstance(one, dict)]
        found = [v for one in inside for v in (one if isinstance(one, list) else [one])]
    return [value for value in found if value not in (None, "")]
