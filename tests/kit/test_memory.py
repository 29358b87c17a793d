"""The kit refutes nothing of adapters that keep their whole word."""

from __future__ import annotations

import pytest

from gateway.kit import AdapterKit, Refuted
from gateway.kit.writing import News
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


class Numbered(Memory):
    """Its numbers are texts."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret)
        for row in self.rows["KLANT"]:
            row["NR"] = f"{self.zeros}{row['NR']}"

    zeros = ""


class ZeroBefore(Numbered):
    """They begin with a zero, which a number does not."""

    zeros = "0"


def test_a_number_may_be_a_text() -> None:
    class Examined(TestMemory):
        adapter = Numbered

    class Refused(TestMemory):
        adapter = ZeroBefore

    Examined().test_behaviour("identified")
    with pytest.raises(Refuted):
        Refused().test_behaviour("identified")
