"""Gateways as processes of their own, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from tests.helpers import ROOT, Server, free_port, serving

DEMO: Final[Mapping[str, Any]] = yaml.safe_load((ROOT / "demo" / "config.yaml").read_text())
CLIENT: Final[Mapping[str, Any]] = DEMO["clients"]["demo"]


@contextmanager
def demo(folder: Path) -> Iterator[Server]:
    """The sample municipality."""
    port = free_port()
    # The databases are made below the working directory: these may be written to.
    with serving(["demo", "--port", str(port)], port, folder / "log", 120, folder) as server:
        yield server


@contextmanager
def gateway(folder: Path, sources: Mapping[str, Any], **sections: Any) -> Iterator[Server]:
    """The gateway of the sample municipality before other sources; ``sections``: other parts of its
    configuration, ``None`` for none."""
    port = free_port()
    keys = {1: f"file:{ROOT / 'demo' / 'identity.key'}"}
    document = {**DEMO, "identity": {"current": 1, "keys": keys}}
    document |= {"server": {"port": port}, "management": {"port": None}, "sources": dict(sources)}
    document |= sections
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in document.items() if v is not None}))
    with serving(["serve", "--config", str(path)], port, folder / "log") as server:
        yield server
