"""A transport that answers from a recording, and only what is in it."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from adapters.recording.bodies import body, changed, raw
from adapters.recording.exchange import Body, Exchange, Param, media_type, read
from adapters.recording.fields import Fields, Kind

_Question = tuple[str, str, str, str]


class NotRecorded(Exception):
    """A question that is not in the recording: says its method, and of its path what the recording
    knows."""


class Replayer(httpx.AsyncBaseTransport):
    """The answers of a recording, to the questions that were asked: same method, url, parameters in
    any order, and body. What is in a request only once, such as its number and its moment, is of
    no account, and so are secrets.

    A question that was asked several times is answered in that order, and with the last answer from
    then on. Raises ``NotRecorded`` for any other, ``RecordingError`` for a file that is none.
    """

    def __init__(self, path: Path) -> None:
        self._fields = Fields()
        self._answers: dict[_Question, deque[Exchange]] = defaultdict(deque)
        self._segments: set[str] = set()
        for exchange in read(path):
            self._segments.update(urlsplit(exchange.url).path.split("/"))
            question = self._question(exchange.method, exchange.url, exchange.params, exchange.sent)
            self._answers[question].append(exchange)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = body(await request.aread(), media_type(request.headers))
        url = str(request.url.copy_with(query=None))
        question = self._question(request.method, url, request.url.params.multi_items(), sent)
        answers = self._answers.get(question)
        if not answers:
            raise NotRecorded(f"{request.method} {self._template(request.url.path)}")
        exchange = answers.popleft() if len(answers) > 1 else answers[0]
        headers = dict(exchange.headers)
        if exchange.answer.type:
            headers["content-type"] = exchange.answer.type
        content = httpx.ByteStream(raw(self._answering(sent, exchange)))
        return httpx.Response(exchange.status, headers=headers, stream=content)

    def _question(self, method: str, url: str, params: Iterable[Param], sent: Body) -> _Question:
        asked = changed(sent, self._masked)
        with_params = sorted((name, self._masked((name,), value)) for name, value in params)
        content = json.dumps(asked.data, sort_keys=True) if asked.text is None else asked.text
        return method, url, json.dumps(with_params), content

    def _masked(self, path: Sequence[str], value: Any) -> Any:
        return "" if self._fields.kind(path) in (Kind.SECRET, Kind.STAMP) else value

    def _answering(self, sent: Body, exchange: Exchange) -> Body:
        """The answer, with the number of this request where it had that of the recorded one."""
        stamps = zip(self._stamps(exchange.sent), self._stamps(sent), strict=True)
        instead = dict(stamps)
        return changed(exchange.answer, lambda _, v: instead.get(v, v) if isinstance(v, str) else v)

    def _stamps(self, given: Body) -> list[str]:
        found: list[str] = []

        def look(path: Sequence[str], value: Any) -> Any:
            if isinstance(value, str) and self._fields.kind(path) is Kind.STAMP:
                found.append(value)
            return value

        changed(given, look)
        return found

    def _template(self, path: str) -> str:
        return "/".join(
            part if part in self._segments and not any(c.isdigit() for c in part) else "{}"
            for part in path.split("/")
        )
