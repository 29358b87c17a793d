"""A partij that only another source knows, as a new one of the source that is to refer to it.

With an old system beside a new one, most people are known to the old one only. What is new about
them can be kept in the new one if that knows them too: by their number, which makes both one
partij, and by their name. Nothing else of the old system is copied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from gateway.federation.rows import Row
from gateway.federation.same import KIND, PARTIJEN
from gateway.standard.body import read_body
from gateway.standard.draft import Draft, Kept, Stored, Verb
from gateway.standard.settle import settle
from gateway.standard.table import RESOURCES
from gateway.writing.objects import Objects

_OF_ANOTHER: Final = "vestigingsnummer"
"""A number that says nothing without that of a company, which would have to be introduced first."""


async def introduced(row: Row, objects: Objects, kinds: Collection[str]) -> Draft | None:
    """A new partij with the name of one that there is, and those of its identificatoren by which it
    is the same (``kinds``); ``None`` where it has none of these, or does not meet the contract."""
    found = await objects.inverse(row, "partijIdentificatoren")
    stored = [await objects.stored(one) for one in found]
    wanted = {*kinds} - {_OF_ANOTHER}
    numbers = [
        _tree(one.values, "partijIdentificator") for one in stored if one.values[KIND] in wanted
    ]
    if not numbers:
        return None
    now = datetime.now(UTC)
    body = _body(await objects.stored(row), numbers)
    reading = read_body(RESOURCES[PARTIJEN], body, Verb.CREATE, now=now)
    return None if reading.errors else settle(reading.draft, None, now=now)


def _body(partij: Stored, numbers: list[Any]) -> dict[str, Any]:
    """As a client would say it."""
    return {
        "soortPartij": partij.values["soortPartij"],
        "indicatieActief": True,
        "digitaleAdressen": None,
        "voorkeursDigitaalAdres": None,
        "rekeningnummers": None,
        "voorkeursRekeningnummer": None,
        "partijIdentificatie": _tree(partij.values, "partijIdentificatie"),
        "partijIdentificatoren": [{"partijIdentificator": number} for number in numbers],
    }


def _tree(values: Mapping[str, Kept], group: str) -> dict[str, Any]:
    """The values of a group, as an object."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        first, *steps = path.split(".")
        if first != group or value is None:
            continue
        here = found
        for step in steps[:-1]:
            here = here.setdefault(step, {})
        here[steps[-1]] = value
    return found
