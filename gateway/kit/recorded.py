"""What the kit asks a system, in a file, so that it can be run where the system does not answer."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from adapters.recording import Recorder
from gateway.kit.suite import BEHAVIOURS, AdapterKit
from gateway.recording import said


def record(kit: type[AdapterKit], path: Path, keep: Iterable[str] = ()) -> int:
    """Run a kit on the system that it calls, and write what was asked and answered, with other
    persons; how many questions that were. ``keep``: fields of the system with codes that the
    mapping does not name.

    Raises what the kit finds wrong, and ``RecordingError`` when something still looks personal;
    then nothing is written.
    """
    recorder = Recorder(keep, said(kit.options, [kit.mapping]))

    def transport(self: AdapterKit) -> httpx.AsyncBaseTransport:
        given = kit.transport(self)
        return recorder.over(lambda: given or httpx.AsyncHTTPTransport())

    listened = type(kit.__name__, (kit,), {"transport": transport})
    for behaviour in BEHAVIOURS:
        with suppress(pytest.skip.Exception):
            listened().test_behaviour(behaviour)
    recorder.save(path)
    return len(recorder)
