"""Making a zaak in a Zaken API, with its rollen and its first status.

The API takes these one by one, and a zaak without them is none that anybody would find. So what is
needed of its type is looked up before anything is sent, and when a part fails the zaak is deleted,
which takes along what belongs to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.base import Failure, SourceError
from adapters.conditions import is_absent
from adapters.http import HttpSource
from adapters.http_adapter import objects_in
from adapters.zgw_words import Making, Resource

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_PAGES: Final = 10
_INITIALLY: Final = "volgnummer"

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent: the zaak, and by path what is made after it, each to be told which zaak."""

    zaak: Body
    parts: Sequence[tuple[str, Body]]


class ZaakMaker:
    """Makes zaken of one collection. ``zaken`` and ``types``: the APIs; ``organisation``: the RSIN
    under which they are registered; ``now``: the moment, in UTC."""

    def __init__(
        self,
        spec: Resource,
        making: Making,
        zaken: HttpSource,
        types: HttpSource,
        organisation: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._spec = spec
        self._making = making
        self._zaken = zaken
        self._types = types
        self._organisation = organisation
        self._now = now

    async def plan(self, values: Mapping[str, Any]) -> Plan:
        """What is sent for a zaak with these values. Raises ``SourceError``, ``REFUSED`` where its
        type is not there or has not what is needed."""
        now = self._now()
        today = _day(now)
        zaaktype = await self._zaaktype(str(values.get(self._making.type)), today)
        zaak = {
            "bronorganisatie": self._organisation,
            "verantwoordelijkeOrganisatie": self._organisation,
            "zaaktype": zaaktype,
            "startdatum": today,
            **{n: v for n, v in values.items() if "." not in n and not is_absent(v)},
        }
        for name in self._spec.days:
            if name in zaak and name in values:
                zaak[name] = _day(datetime.fromisoformat(str(zaak[name])))
        given = {name: _within(values, name) for name in self._making.rollen}
        roltypen = await self._of_type("roltypen", zaaktype) if any(given.values()) else []
        parts = [
            ("rollen", self._rol(name, member, roltypen))
            for name, member in given.items()
            if member
        ]
        types = sorted(
            await self._of_type("statustypen", zaaktype), key=lambda one: one.get(_INITIALLY) or 0
        )
        if not types:
            raise SourceError(Failure.REFUSED, "a zaaktype without statustypen")
        status = {
            "statustype": types[0].get("url"),
            "datumStatusGezet": now.isoformat(timespec="milliseconds"),
            **_within(values, self._making.status),
        }
        return Plan(zaak, [*parts, ("statussen", status)])

    async def make(self, plan: Plan) -> str:
        """The key of the zaak that was made. Raises ``SourceError``: ``UNKNOWN`` when a part of it
        may be left."""
        made = await self._zaken.send("POST", self._spec.path, plan.zaak)
        url = made.get("url") if isinstance(made, dict) else None
        if not isinstance(url, str):
            raise SourceError(Failure.UNKNOWN, "no zaak")
        key = url.rstrip("/").rpartition("/")[2]
        try:
            for path, body in plan.parts:
                await self._zaken.send("POST", path, {**body, "zaak": url})
        except asyncio.CancelledError:
            with suppress(SourceError):
                await asyncio.shield(self._delete(key))
            raise
        except SourceError as error:
            try:
                await self._delete(key)
            except SourceError:
                raise SourceError(Failure.UNKNOWN, error.note) from None
            if error.failure is Failure.UNKNOWN:
                # Whatever became of that part, it went with the zaak.
                raise SourceError(Failure.UNAVAILABLE, error.note) from None
            raise
        return key

    async def _delete(self, key: str) -> None:
        await self._zaken.send("DELETE", f"{self._spec.path}/{key}")

    async def _zaaktype(self, name: str, today: str) -> str:
        """The url of the zaaktype with a name that holds today, the newest of several."""
        found = [
            one
            for one in await self._rows("zaaktypen", {})
            if one.get("omschrijving") == name
            and not one.get("concept")
            and str(one.get("beginGeldigheid")) <= today
            and (one.get("eindeGeldigheid") or "9999") > today
        ]
        newest = max(found, key=lambda one: str(one.get("beginGeldigheid")), default=None)
        if newest is None:
            raise SourceError(Failure.REFUSED, "no such zaaktype")
        return str(newest.get("url"))

    async def _of_type(self, path: str, zaaktype: str) -> Sequence[Mapping[str, Any]]:
        return await self._rows(path, {"zaaktype": zaaktype})

    async def _rows(self, path: str, params: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for number in range(1, _PAGES + 1):
            page = {"page": str(number)} if number > 1 else {}
            answer = await self._types.get(path, {**params, **page})
            found += objects_in(answer)
            if not answer or not answer.get("next"):
                return found
        raise SourceError(Failure.REFUSED, f"more than {_PAGES} pages of types")

    def _rol(self, name: str, member: Body, roltypen: Sequence[Mapping[str, Any]]) -> Body:
        """The body of a rol, of the first roltype that is meant."""
        where = self._spec.joined[name].where
        generic = where.get("omschrijvingGeneriek")
        kind = next((one for one in roltypen if one.get("omschrijvingGeneriek") == generic), None)
        if kind is None:
            raise SourceError(Failure.REFUSED, "a zaaktype without the roltype")
        person = member.get("contactpersoonRol")
        if isinstance(person, dict):
            # By the standard it has a name.
            person.setdefault("naam", "-")
        told = {n: v for n, v in where.items() if n != "omschrijvingGeneriek"}
        return {
            "roltype": kind.get("url"),
            "roltoelichting": kind.get("omschrijving") or generic,
            **told,
            **member,
        }


def _day(moment: datetime) -> str:
    """The day that it is here at a moment."""
    return moment.astimezone(_HERE).date().isoformat()


def _within(values: Mapping[str, Any], member: str) -> Body:
    """What is given in a member, as it is nested."""
    made: Body = {}
    for path, value in values.items():
        first, *steps = path.split(".")
        if first != member or not steps or is_absent(value):
            continue
        inside = made
        for step in steps[:-1]:
            inside = inside.setdefault(step, {})
        inside[steps[-1]] = value
    return made
