"""Actoren where no source takes new ones: whoever asks for one is given the one that is there.

Desks make an actor when they do not find it, and go on with what they are answered. Where actoren
are the users of a system, that is one of those users, or nobody.
"""

from __future__ import annotations

from typing import Final

from gateway.standard.draft import Draft
from gateway.standard.errors import invalid
from gateway.standard.facts import Facts

_GROUP: Final = "actoridentificator"
OBJECT_ID: Final = f"{_GROUP}.objectId"
_PARTS: Final = ("objectId", "codeObjecttype", "codeRegister", "codeSoortObjectId")
_WHO: Final = "Zonder objectId is niet te zeggen welke actor dit is."
_NONE: Final = (
    "Geen bron neemt nieuwe actoren aan, en er is geen actor met deze actoridentificator."
)
_SEVERAL: Final = (
    "Geen bron neemt nieuwe actoren aan, en er zijn meer actoren met deze actoridentificator."
)


async def known_actor(draft: Draft, facts: Facts) -> str:
    """The uuid of the one actor with the actoridentificator of a draft: its objectId, and the codes
    that are given. Raises ``Problem`` 400 when there is none, or more than one."""
    given = {part: draft.values.get(f"{_GROUP}.{part}") for part in _PARTS}
    if not given["objectId"]:
        raise invalid(OBJECT_ID, "not-kept", _WHO)
    filters = {_parameter(part): str(value) for part, value in given.items() if value}
    found = await facts.matching(draft.resource.path, filters)
    if len(found) != 1:
        raise invalid(OBJECT_ID, "not-kept", _SEVERAL if found else _NONE)
    return found[0]


def _parameter(part: str) -> str:
    return _GROUP + part[0].upper() + part[1:]
