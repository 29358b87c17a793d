"""What is noted while a body is read: what is wrong with it, and what is to be found out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.standard.draft import Exists, Fits, Free, Note
from gateway.standard.errors import PARAM_CODES, InvalidParam
from gateway.standard.fields import EMPTY, MISSING
from gateway.standard.values import uuid_of

ABSENT: Final = object()
"""Stands for what a body does not name."""

MOST_REFERENCES: Final = 500
"""How many objects one list may name: as many as the largest page has."""


class Notes:
    """Notes about one object, in the order of reading; names in them begin with ``prefix``."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.found: list[Note] = []

    def refuse(self, name: str, code: str, reason: str) -> None:
        """That a value is wrong."""
        assert code in PARAM_CODES, code
        self.found.append(InvalidParam(self.prefix + name, code, reason))

    def not_an_object(self, name: str, raw: object) -> None:
        """That there is no object where there has to be one."""
        kind = type(raw).__name__
        place = f"{name}.nonFieldErrors" if name else "nonFieldErrors"
        self.refuse(place, "invalid", f"Ongeldige data. Verwacht een dictionary, kreeg een {kind}.")

    def free(self, name: str, resource: str, attribute: str, value: str) -> None:
        """That no other object may have the value."""
        self.found.append(Free(self.prefix + name, resource, attribute, value))

    def fits(self, name: str, adres: str) -> None:
        """That an address has to be one of its soort."""
        self.found.append(Fits(self.prefix + name, adres))

    def uuid(self, name: str, to: str, raw: object, soort: str = "") -> tuple[str, ...]:
        """The uuid in a reference, of which the url is not looked at; none if it is wrong."""
        if not isinstance(raw, Mapping):
            self.not_an_object(name, raw)
            return ()
        place = f"{name}.uuid"
        given = raw.get("uuid", ABSENT)
        uuid = uuid_of(given) if isinstance(given, str) else None
        if given is ABSENT:
            self.refuse(place, "required", MISSING)
        elif given is None:
            self.refuse(place, "null", EMPTY)
        elif uuid is None:
            self.refuse(place, "invalid", "Must be a valid UUID.")
        else:
            self.found.append(Exists(self.prefix + place, to, uuid, soort))
            return (uuid,)
        return ()

    def items(self, name: str, raw: object, *, nullable: bool) -> list[object] | None:
        """The elements of a list, of which none is null; ``None`` when there is no such list."""
        if raw is None and nullable:
            return []
        if raw is None or (isinstance(raw, list) and None in raw):
            self.refuse(name, "null", EMPTY)
        elif isinstance(raw, list):
            if len(raw) <= MOST_REFERENCES:
                return raw
            reason = f"Zorg ervoor dat dit veld niet meer dan {MOST_REFERENCES} elementen bevat."
            self.refuse(name, "max_length", reason)
        elif raw is not ABSENT:
            reason = f'Verwachtte een lijst met items, maar kreeg type "{type(raw).__name__}".'
            self.refuse(f"{name}.nonFieldErrors", "not_a_list", reason)
        return None
