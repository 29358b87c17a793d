"""Whatever word an adapter breaks, the kit finds it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gateway.kit import AdapterKit
from gateway.kit.writing import News
from tests.kit.broken import BROKEN
from tests.kit.memory import NEW, Memory
from tests.kit.over_http import FRESH
from tests.kit.test_memory import MAPPING


@pytest.mark.parametrize(("broken", "behaviour"), BROKEN.items(), ids=lambda x: str(x))
def test_what_is_broken_is_found(broken: type, behaviour: str) -> None:
    class Examined(AdapterKit):
        adapter = broken
        mapping = MAPPING
        secrets = ("sesam-open-u-7712",)

        def described(self) -> Mapping[str, object]:
            return {}

        def new(self) -> News:
            return NEW if issubclass(broken, Memory) else FRESH

    with pytest.raises(AssertionError):
        Examined().test_behaviour(behaviour)
