"""A plugin for the conformance suite: what a gateway declares that it cannot do is left out.

Nothing is listed by hand. Of every request that a test makes it is computed beforehand, from the
configuration of the gateway (``$COVERED``), whether it will be refused. If so, the refusal is
looked at, and the test is skipped with it for a reason. A refusal that was not declared makes its
test fail, and so does an answer where a refusal was declared. A test that finds no object to try
something on is left out if there can be none.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Generator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.e2e.asked import Request
from tests.e2e.declared import Declared
from tests.e2e.explore import explore

LEFT_OUT: Final = "left out: "

declared: Final = Declared(Path(os.environ["COVERED"]))
refused: Final[list[tuple[Request, int]]] = []
"""What a test asked that was refused, and the status. Cleared by who wants to know."""
_base: Final = os.environ["BASE_URL"].rstrip("/")
_send: Final = httpx.Client.send


def _sent(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
    asked = _asked(request)
    refusal = declared.refusal(asked) if asked else None
    response = _send(client, request, **options)
    if asked is not None and not response.is_success:
        refused.append((asked, response.status_code))
    if asked is not None and response.status_code == 201:
        declared.made(asked)
    lost = declared.lost(asked, response) if asked else None
    if lost is not None:
        pytest.skip(f"{LEFT_OUT}{lost}")
    if refusal is None or not refusal.applies(response):
        return response
    if not refusal.met_by(response):
        pytest.fail(f"declared: {refusal}; but {response.status_code} {response.text[:300]}")
    pytest.skip(f"{LEFT_OUT}{refusal}")


def _asked(request: httpx.Request) -> Request | None:
    """A request as far as it is one for the API by who may ask."""
    url = str(request.url.copy_with(query=None))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = scheme.lower() == "token" and token.strip() == os.environ["TOKEN"]
    if not known or not url.startswith(_base + "/"):
        return None
    body: Any = None
    if request.content:
        try:
            body = json.loads(request.content)
        except ValueError:
            return None
    path = url.removeprefix(_base + "/")
    return Request(request.method, path, list(request.url.params.multi_items()), body)


@cache
def samples() -> Mapping[str, list[str]]:
    """By resource uuids of what the register holds; to be asked for before requests are looked
    at."""
    return explore(_base, os.environ["TOKEN"], declared)


def pytest_collection_finish() -> None:
    """Before the first test: requests are looked at, and objects found where lists are refused."""
    found = samples()
    httpx.Client.send = _sent  # type: ignore[method-assign, assignment]
    world = sys.modules["conftest"].World
    seed = world.seed

    def seeded(self: Any) -> None:
        seed(self)
        for resource, uuids in found.items():
            if not self.made[resource] and declared.list_is_refused(resource):
                self.made[resource] = uuids

    world.seed = seeded


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """A reason to skip that says what a gateway can never have, is one to leave out."""
    report = (yield).get_result()
    if report.skipped and isinstance(report.longrepr, tuple):
        file, line, text = report.longrepr
        reason = str(text).removeprefix("Skipped: ")
        found = None if reason.startswith(LEFT_OUT) else _impossible(reason, item)
        if found:
            report.longrepr = (file, line, f"Skipped: {LEFT_OUT}{found}")


def _impossible(reason: str, item: pytest.Item) -> str | None:
    params: Mapping[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    if match := re.fullmatch(r"no (\S+) on the server and none can be made", reason):
        return declared.never(match[1])
    if match := re.fullmatch(r"no (\w+)", reason):
        return declared.never_soort(match[1])
    if match := re.fullmatch(r"no klantcontact with (\w+) and (\w+)", reason):
        return next((r for label in match.groups() if (r := declared.never_labelled(label))), None)
    if match := re.fullmatch(r"no (\S+) with (\S+?)(?: and (\S+))?", reason):
        paths = [path for path in (match[2], match[3]) if path]
        return next((r for path in paths if (r := declared.never(match[1], path))), None)
    if reason == "nothing at this path for the sample":
        return declared.never(str(params["res"]), str(params["path"]))
    return None
