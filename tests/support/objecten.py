"""The fake Objecten API behind the adapter, and as a source beside an Open Klant 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Final

import httpx
import yaml

from adapters.objecten import ObjectenAdapter
from demo.kcc.data import SMALL
from demo.objecten.app import Objecten, service
from demo.objecten.data import CONTACTMOMENTEN, PUBLIC, ROOT, TYPE
from demo.objecten.source import SampleObjecten
from tests import helpers
from tests.support import v1

MAPPING: Final = helpers.ROOT / "mappings" / "objecten-internetaak"
TOKEN_FILE: Final = helpers.ROOT / "demo" / "objecten" / "gateway.token"


class SampleTasks(SampleObjecten):
    """The sample Objecten API, with few objects; ``last``: the one that was made last."""

    last: ClassVar[Objecten]

    @staticmethod
    def make() -> Objecten:
        SampleTasks.last = service(SMALL)
        return SampleTasks.last


def described() -> dict[str, Any]:
    """The shipped description of the collections."""
    found: dict[str, Any] = yaml.safe_load((MAPPING / "collections.objecten.yaml").read_text())
    return found


def adapter(
    transport: httpx.AsyncBaseTransport, collections: dict[str, Any] | None = None, **options: Any
) -> ObjectenAdapter:
    """The adapter before a service; ``options`` that differ."""
    made = ObjectenAdapter.create(
        {
            "base_url": PUBLIC + ROOT,
            "token": f"file:{TOKEN_FILE}",
            "types": {"internetaken": TYPE},
            "urls": {"contactmomenten": CONTACTMOMENTEN},
            **options,
        },
        collections or described(),
    )
    made._transport = transport
    return made


def on_fake(fake: Objecten, **options: Any) -> ObjectenAdapter:
    """The adapter before the fake."""
    return adapter(httpx.ASGITransport(fake.app()), **options)


def config(folder: Path, **changes: Any) -> Path:
    """Open Klant 1 with the contacts, and the tasks about them; ``changes``: of the tasks."""
    tasks = {
        "number": 2,
        "adapter": "tests.support.objecten:SampleTasks",
        "mapping": str(MAPPING),
        "collections": "objecten",
        "options": {"token": f"file:{TOKEN_FILE}"},
        "refers_to": {"klantcontacten": ["open-klant-1"]},
        **changes,
    }
    sources = {"open-klant-1": v1.source("open-klant-1", 1), "taken": tasks}
    client = {**helpers.CLIENT, "scopes": ["*:read", "*:write"]}
    return helpers.write_config(
        folder, sources, clients={"tests": client}, limits={"burst_seconds": 5}
    )
