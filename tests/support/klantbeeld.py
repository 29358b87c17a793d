"""What a desk asks when it opens one customer: the requests of KISS, as its own code sends them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

import httpx

from demo.kcc.data import Row, Tables
from tests.helpers import BSN

WHO: Final = (
    "expand=digitaleAdressen&soortPartij=persoon"
    f"&partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId={BSN}"
)
_CONTACTS: Final = 10


class Desk:
    """A desk that opens the customer with ``BSN``. ``requests``: how many it sent."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.requests = 0

    async def open(self, tabs_at_once: bool = True) -> None:
        """All requests of a klantbeeld. Within a tab each waits for the one before it; the two
        tabs start together, or one after the other."""
        partij = await self._person()
        await self._get(f"partijen/{partij['uuid']}?expand=digitaleAdressen")
        await self._identificatoren(partij)
        tabs = (self._contactmomenten(), self._contactverzoeken())
        if tabs_at_once:
            await asyncio.gather(*tabs)
        else:
            for tab in tabs:
                await tab

    async def _contactmomenten(self) -> None:
        partij = await self._person()
        mine = f"wasPartij__url={quote(partij['url'], safe='')}&pageSize=100"
        for one in (await self._get(f"betrokkenen?{mine}"))["results"]:
            contact = one["hadKlantcontact"]["uuid"]
            await self._get(f"klantcontacten/{contact}?expand=gingOverOnderwerpobjecten")

    async def _contactverzoeken(self) -> None:
        partij = await self._person()
        mine = f"pageSize=100&wasPartij__url={quote(partij['url'], safe='')}"
        betrokkenen = (await self._get(f"betrokkenen?{mine}"))["results"]
        tasks = []
        for one in betrokkenen:
            contact = one["hadKlantcontact"]["uuid"]
            expand = "leiddeTotInterneTaken%2CgingOverOnderwerpobjecten"
            found = await self._get(f"klantcontacten/{contact}?expand={expand}")
            tasks += found["_expand"]["leiddeTotInterneTaken"][:1]
        for address in (a for one in betrokkenen for a in one["digitaleAdressen"]):
            await self._get(f"digitaleadressen/{address['uuid']}?")
        for actor in (a for task in tasks for a in task["toegewezenAanActoren"]):
            await self._get(f"actoren/{actor['uuid']}")

    async def _person(self) -> dict[str, Any]:
        (partij,) = (await self._get(f"partijen?{WHO}"))["results"]
        await self._identificatoren(partij)
        found: dict[str, Any] = partij
        return found

    async def _identificatoren(self, partij: dict[str, Any]) -> None:
        for one in partij["partijIdentificatoren"]:
            await self._get(f"partij-identificatoren/{one['uuid']}")

    async def _get(self, url: str) -> Any:
        self.requests += 1
        answer = await self._client.get(url)
        assert answer.status_code == 200, (url, answer.text)
        return answer.json()


def of_ten_contacts(rows: Tables) -> Tables:
    """Rows of the KCC in which the customer has 10 contacts, of which one left 2 addresses and one
    led to a task for 2 actors."""
    tables = {name: [dict(row) for row in table] for name, table in rows.items()}
    (customer,) = (row["KLANT_ID"] for row in tables["KLANT"] if row["BSN"] == BSN)
    tasks = {row["CONTACT_ID"] for row in tables["TERUGBEL"]}
    hers = [row for row in tables["CONTACT"] if row["KLANT_ID"] == customer]
    free = (c for c in tables["CONTACT"] if c["VERWIJDERD"] == "N" and c not in hers)
    others = [c for c in free if c["CONTACT_ID"] not in tasks]
    hers += others[: _CONTACTS - len(hers)]
    for contact in hers:
        contact |= {"KLANT_ID": customer, "BEL_EMAIL": "", "BEL_TEL": ""}
    hers[0] |= {"BEL_EMAIL": "merel@kooyman.example", "BEL_TEL": "06-12345678"}
    _keep_one_task(tables["TERUGBEL"], {row["CONTACT_ID"] for row in hers}, others[-1])
    return tables


def _keep_one_task(tasks: Iterable[Row], contacts: set[int], other: Row) -> None:
    """Of the tasks of some contacts only one, for two actors; the rest goes to another contact."""
    theirs = [row for row in tasks if row["CONTACT_ID"] in contacts]
    kept = next(row for row in theirs if row["MDW_CODE"] and row["AFD_CODE"])
    for row in theirs:
        if row is not kept:
            row["CONTACT_ID"] = other["CONTACT_ID"]
