"""Old systems beside each other: one person, one list, newest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from gateway import installation
from gateway.documents import DocumentError
from tests.helpers import BSN, KCC_MAPPING, sql_source, write_config
from tests.support.v1 import gateway, source

OF_BSN = f"klantcontacten?hadBetrokkene__wasPartij__partijIdentificator__objectId={BSN}"


async def test_contacts_of_all_systems_are_one_list_of_one_person(tmp_path: Path) -> None:
    file = tmp_path / "kcc.sqlite"
    build_sqlite(file, generate(SMALL))
    sources = {
        "kcc": sql_source(KCC_MAPPING, file),
        "oud": source("open-klant-1", 2),
        "suite": source("e-suite", 3),
    }
    alone: dict[str, set[str]] = {}
    for name, settings in sources.items():
        folder = tmp_path / name
        folder.mkdir()
        async with gateway(write_config(folder, {name: settings})) as client:
            alone[name] = {c["uuid"] for c in (await client.get(OF_BSN)).json()["results"]}
    # What is new goes to the KCC; without a word the gateway asks where.
    with pytest.raises(DocumentError, match=r"`writing\.owners`"):
        installation.build(write_config(tmp_path, sources))
    for old in ("oud", "suite"):
        sources[old]["read_only"] = True
    async with gateway(write_config(tmp_path, sources)) as client:
        answer = await client.get(f"{OF_BSN}&expand=hadBetrokkenen")
        found = answer.json()["results"]
        assert all(alone.values())
        assert {c["uuid"] for c in found} == set().union(*alone.values())
        assert answer.json()["count"] == len(found)
        moments = [c["plaatsgevondenOp"] for c in found]
        assert moments == sorted(moments, reverse=True)
        betrokkenen = [b for c in found for b in c["_expand"]["hadBetrokkenen"]]
        partijen = {b["wasPartij"]["uuid"] for b in betrokkenen if b["wasPartij"]}
        assert len(partijen) == 1
