"""The kit refutes nothing of adapters that keep their whole word."""

from __future__ import annotations

from gateway.kit import AdapterKit
from gateway.kit.writes import News
from tests.helpers import ROOT
from tests.kit.memory import NEW, Memory
from tests.kit.over_http import FRESH, OverHttp

MAPPING = ROOT / "tests" / "kit" / "crm"


class TestMemory(AdapterKit):
    adapter = Memory
    mapping = MAPPING
    description = "memory"
    secrets = ("sesam-open-u-7712",)

    def new(self) -> News:
        return NEW


class TestOverHttp(AdapterKit):
    adapter = OverHttp
    mapping = MAPPING / "over_http"
    description = "http"

    def new(self) -> News:
        return FRESH
