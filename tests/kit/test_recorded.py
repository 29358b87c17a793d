"""The kit on a recording: what it asked a service once is answered again, by other persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from adapters.base import Collection
from adapters.conditions import Record
from adapters.http import HttpSource
from adapters.recording import Replayer
from gateway.kit import AdapterKit, record
from tests.kit.over_http import Office, OverHttp, Resource
from tests.kit.test_memory import MAPPING


class Reading(OverHttp):
    """Only reads."""

    def _capabilities(self, spec: Resource) -> Collection:
        return replace(super()._capabilities(spec), writes=None)


class Recorded(Reading):
    """Called where the services of a recording are."""

    @property
    def service(self) -> HttpSource:
        return self._service("https://bron.example")


class _OverHttp(AdapterKit):
    mapping = MAPPING / "over_http"
    description = "http"

    def samples(self) -> Mapping[str, Sequence[Record]]:
        return {}


class Live(_OverHttp):
    """What is recorded."""

    adapter = Reading

    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(Office().app())


class TestRecorded(_OverHttp):
    adapter = Recorded
    without: ClassVar[Mapping[str, str]] = {
        "filters": "it asks for values like those of records, and of other persons they are others"
    }
    file: ClassVar[Path]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def recording(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Made once for all behaviours."""
        TestRecorded.file = tmp_path_factory.mktemp("recording") / "office.yaml"
        assert record(Live, TestRecorded.file) > 10

    def transport(self) -> httpx.AsyncBaseTransport:
        return Replayer(self.file)
