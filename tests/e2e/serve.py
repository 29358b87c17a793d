"""Gateways as processes of their own, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from demo.kcc import sqlite as kcc
from demo.sociaal import sqlite as sociaal
from tests.helpers import ROOT, Server, free_port, serving

DEMO: Final[Mapping[str, Any]] = yaml.safe_load((ROOT / "demo" / "config.yaml").read_text())
CLIENT: Final[Mapping[str, Any]] = DEMO["clients"]["demo"]


_MADE: Final = {"kcc": kcc.ensure, "sociaal": sociaal.ensure}


@contextmanager
def demo(folder: Path) -> Iterator[Server]:
    """The databases of the sample municipality, which can keep everything."""
    sources = {
        alias: {
            **settings,
            "mapping": str(ROOT / "mappings" / alias),
            "options": {"file": str(_MADE[alias](folder / f"{alias}.sqlite"))},
        }
        for alias, settings in DEMO["sources"].items()
    }
    with gateway(folder, sources) as server:
        yield server


@contextmanager
def municipality(folder: Path) -> Iterator[Server]:
    """What ``gateway demo`` serves: the sample municipality with all that stands behind it."""
    port = free_port()
    with serving(["demo", "--port", str(port)], port, folder / "log", cwd=folder) as server:
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
