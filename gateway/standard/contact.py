"""Reading the body of ``maak-klantcontact``: three objects at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.standard.body import read_body
from gateway.standard.draft import Contact, Draft, Reading, Verb
from gateway.standard.errors import InvalidParam
from gateway.standard.fields import EMPTY, MISSING
from gateway.standard.names import CONTACT, named
from gateway.standard.table import RESOURCES


def read_contact(body: object, *, now: datetime) -> Contact:
    """Read the body of ``maak-klantcontact``, as ``read_body`` reads one object.

    What a part says of its klantcontact is ignored. An onderwerpobject of which nothing is said is
    none.
    """
    if not isinstance(body, Mapping):
        return Contact(read_body(RESOURCES["klantcontacten"], body, Verb.CREATE, now=now))
    given = named(body)
    klantcontact, betrokkene, onderwerpobject = CONTACT
    about = _part(onderwerpobject, "onderwerpobjecten", given, now, "klantcontact")
    return Contact(
        _part(klantcontact, "klantcontacten", given, now)
        or _none(klantcontact, "klantcontacten", "required", MISSING),
        _part(betrokkene, "betrokkenen", given, now, "hadKlantcontact"),
        about if about and (about.named or about.notes) else None,
    )


def _part(
    name: str, path: str, given: Mapping[str, object], now: datetime, reference: str = ""
) -> Reading | None:
    if name not in given:
        return None
    raw = given[name]
    if raw is None:
        return _none(name, path, "null", EMPTY)
    return read_body(
        RESOURCES[path],
        raw,
        Verb.CREATE,
        now=now,
        prefix=f"{name}.",
        without=frozenset({reference}),
    )


def _none(name: str, path: str, code: str, reason: str) -> Reading:
    error = InvalidParam(name, code, reason)
    return Reading(Draft(RESOURCES[path]), Verb.CREATE, notes=(error,))
