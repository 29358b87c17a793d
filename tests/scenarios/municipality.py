"""The whole sample municipality, as it is configured for the demo, with few rows behind each of its
sources."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import httpx
import yaml

from demo.kcc import data as kcc
from demo.kcc.sqlite import build as build_kcc
from demo.mail import data as mail
from demo.mail.maildir import build as build_mail
from demo.sociaal import data as sociaal
from demo.sociaal.sqlite import build as build_sociaal
from gateway import installation
from gateway.installation import Installation
from gateway.sources.bulkhead import Bulkhead
from gateway.sources.call import Call
from tests.helpers import ROOT, LogLines, client_of, log_lines, sqlite_ended

SETTINGS: Final = ROOT / "demo" / "gemeente.yaml"
TOKEN: Final = "demo"
_WRITTEN: Final = "kcc.sqlite"


@dataclass(frozen=True)
class Municipality:
    """A gateway before all sources; ``client`` may read and write all of it."""

    client: httpx.AsyncClient
    _built: Installation
    _folder: Path
    _log: LogLines

    def calls(self) -> dict[str, int]:
        """By source what the last request asked of it, as the line in the log counts it."""
        event = self._log.events("request")[-1]
        return {alias: use["calls"] for alias, use in event["sources"].items() if use["calls"]}

    def forget(self) -> None:
        """Nothing of what was asked before is remembered, as when some seconds have passed."""
        for source in self._built.register._sources.values():
            source.forget()

    def start_over(self) -> None:
        """All rows are again as they were at first. The KCC is the only source that is written."""
        with (
            closing(sqlite3.connect(self._folder / f"first-{_WRITTEN}")) as first,
            closing(sqlite3.connect(self._folder / _WRITTEN)) as now,
        ):
            first.backup(now)


@asynccontextmanager
async def municipality(folder: Path) -> AsyncIterator[Municipality]:
    """The municipality, made in a folder."""
    rows = kcc.generate(kcc.SMALL)
    for name in (_WRITTEN, f"first-{_WRITTEN}"):
        build_kcc(folder / name, rows)
    build_sociaal(folder / "sociaal.sqlite", sociaal.generate(sociaal.SMALL, rows))
    build_mail(folder / "mail", mail.generate(mail.SMALL))
    path = folder / "gemeente.yaml"
    path.write_text(yaml.safe_dump(_settings(folder), allow_unicode=True, sort_keys=False))
    built = installation.build(path)
    with _in_turn(), log_lines("gateway") as lines:
        async with sqlite_ended(), client_of(built.app(), TOKEN) as client:
            try:
                yield Municipality(client, built, folder, lines)
            finally:
                await built.close()


def _settings(folder: Path) -> dict[str, Any]:
    """Those of the demo, but for where the rows of a source come from, and how long an answer is
    remembered and waited for: what a step costs may not depend on how busy the machine is."""
    found: dict[str, Any] = yaml.safe_load(SETTINGS.read_text())
    sources: dict[str, dict[str, Any]] = found["sources"]
    for source in sources.values():
        source["mapping"] = str((SETTINGS.parent / source["mapping"]).resolve())
    for alias in ("kcc", "sociaal"):
        url = f"sqlite+aiosqlite:///{folder / alias}.sqlite"
        sources[alias] |= {"adapter": "adapters.sql:SqlAdapter", "options": {"url": url}}
    sources["basis"]["adapter"] = "tests.support.stuf:Bg"
    sources["zaken"]["adapter"] = "tests.support.stuf:Zkn"
    sources["openzaak"]["adapter"] = "tests.support.zaken:SmallOpenZaak"
    secret = SETTINGS.parent / "openzaak" / "gateway.secret"
    sources["openzaak"]["options"]["credentials"]["secret"] = f"file:{secret}"
    sources["mail"]["adapter"] = "adapters.maildir:MaildirAdapter"
    sources["mail"]["options"]["path"] = str(folder / "mail")
    found["identity"]["keys"] = {1: f"file:{SETTINGS.parent / 'identity.key'}"}
    found["limits"] |= dict.fromkeys(("burst_seconds", "source_seconds", "request_seconds"), 120)
    return found | {"management": {"port": None}}


@contextmanager
def _in_turn() -> Iterator[None]:
    """One call at a time, over all sources: of two that run side by side the first to end may save
    another, and which one that is would be chance."""
    turn, ask = asyncio.Lock(), Bulkhead.ask

    async def asked(bulkhead: Bulkhead, call: Call[Any]) -> Any:
        async with turn:
            return await ask(bulkhead, call)

    with patch.object(Bulkhead, "ask", asked):
        yield
