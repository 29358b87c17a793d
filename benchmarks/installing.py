"""Installations of the gateway on the sources of the benchmarks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from benchmarks.client import TOKEN
from gateway import installation
from gateway.installation import Installation
from gateway.standard.table import BASE_PATH

MAPPING: Final = Path(__file__).resolve().parent / "source"
EXPAND: Final = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,leiddeTotInterneTaken"
LIST: Final = f"{BASE_PATH}/klantcontacten?pageSize=25"
CONNECTIONS: Final = 64
EXPANDED: Final = f"{LIST}&expand={EXPAND}"

Options = Mapping[str, Any]


def rest(url: str) -> Options:
    """A source that is a plain REST service, and is asked each time."""
    return {
        "adapter": "adapters.rest:RestAdapter",
        "collections": "rest",
        "burst": False,
        "options": {"base_url": url, "connections": CONNECTIONS},
    }


def generated(*, burst: bool = False, **options: Any) -> Options:
    """A source of records that are made up as they are asked for."""
    return {
        "adapter": "benchmarks.generated:Generated",
        "collections": "rest",
        "burst": burst,
        "options": options,
    }


@contextmanager
def configured(
    sources: Sequence[Options], port: int = 8000, limits: Options | None = None
) -> Iterator[Path]:
    """A configuration file with these sources, until the block ends."""
    with TemporaryDirectory() as folder:
        key = Path(folder) / "identity.key"
        key.write_text("the secret of a benchmark")
        config = {
            "server": {"port": port},
            "identity": {"current": 1, "keys": {1: "file:identity.key"}},
            "clients": {
                "load": {
                    "tokens": [f"sha256:{sha256(TOKEN.encode()).hexdigest()}"],
                    "scopes": ["*:read"],
                }
            },
            "sources": {
                f"source{number}": {"number": number, "mapping": str(MAPPING), **options}
                for number, options in enumerate(sources, start=1)
            },
            "limits": {"connections": CONNECTIONS, **(limits or {})},
            "logging": {"level": "info"},
            # Another gateway on the machine may have it open.
            "management": {"port": None},
        }
        file = Path(folder) / "config.yaml"
        # JSON is YAML, but for keys that are numbers: those it writes as text, which is read back.
        file.write_text(json.dumps(config))
        yield file


@asynccontextmanager
async def installed(
    sources: Sequence[Options], limits: Options | None = None
) -> AsyncIterator[tuple[Installation, httpx.AsyncClient]]:
    """A gateway within this process, and a client that asks it."""
    with configured(sources, limits=limits) as file:
        built = installation.build(file)
    transport = httpx.ASGITransport(app=built.app())
    headers = {"Authorization": f"Token {TOKEN}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://gateway", headers=headers, timeout=60
    ) as client:
        try:
            yield built, client
        finally:
            await built.close()
