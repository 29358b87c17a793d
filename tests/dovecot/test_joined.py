"""Mails of a person behind a real mail server, found by the number that another source knows."""

from __future__ import annotations

from pathlib import Path

from benchmarks.servers.dovecot import Dovecot, given
from tests.api.test_joined import BSN, FOUND, MAILS, PERSON, READ, filled, gateway, get, of_mail
from tests.helpers import KCC_MAPPING, ROOT, sql_source, write_config
from tests.support.mails import maildir


async def test_mails_are_found_by_the_partij_of_an_address(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    """Though the server itself finds ``jan-bert@…`` where ``bert@…`` is asked for."""
    maildir(dovecot.maildir, MAILS)
    given(dovecot)
    filled(tmp_path / "kcc.sqlite")
    archive = {
        "number": 2,
        "adapter": "adapters.imap.adapter:ImapAdapter",
        "collections": "imap",
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "options": dovecot.options(**READ),
        "refers_to": {"partijen": ["kcc"]},
    }
    sources = {"kcc": sql_source(KCC_MAPPING, tmp_path / "kcc.sqlite"), "mail": archive}
    async with gateway(write_config(tmp_path, sources)) as client:
        for who, subjects in FOUND.items():
            asked = f"partijIdentificator__objectId={BSN[who]}"
            found = await get(client, f"{PERSON}{asked}&expand=hadBetrokkenen")
            assert of_mail(found) == subjects
            betrokkenen = (await get(client, f"betrokkenen?wasPartij__{asked}"))["results"]
            (partij,) = (await get(client, f"partijen?{asked}"))["results"]
            assert {b["uuid"] for b in partij["betrokkenen"]} == {b["uuid"] for b in betrokkenen}
            assert {b["wasPartij"]["uuid"] for b in betrokkenen} == {partij["uuid"]}
