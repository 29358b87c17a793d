"""How a Klantinteracties register is described: its options, and its collections with their
fields and parameters, as pydantic models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from pydantic import Field, model_validator

from adapters.base import Link, Operator
from adapters.http_adapter import Address, HttpOptions
from adapters.secrets import SecretReference
from adapters.settings import Closed

KEY: Final = "uuid"
LIST_LENGTH: Final = 10
"""So many references are kept of a list; a longer one is an error."""


class Options(HttpOptions):
    """Where the register is, and the token by which it knows the gateway. ``repeats``: an object
    can be in a list more than once, as Open Klant has it of what is found through others."""

    base_url: Address
    token: SecretReference
    page_size: int = Field(500, ge=1)
    repeats: bool = True


class Form(StrEnum):
    """How a field stands in the objects of the register, and so how it is emptied.

    ``TEXT`` becomes empty text; ``NULLABLE`` null. ``BOOLEAN`` is read as the text ``true`` or
    ``false``, ``MAP`` as that of a JSON object. ``REFERENCE`` is ``{"uuid": …}``, read at
    ``….uuid``; ``REFERENCES`` a list of these, read at ``….1.uuid`` and so on. ``SHAPE``: whether
    there is an object at all, ``true`` or ``false``.
    """

    TEXT = "text"
    NULLABLE = "nullable"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    MAP = "map"
    REFERENCE = "reference"
    REFERENCES = "references"
    SHAPE = "shape"


_FORTH: Final = re.compile(r"(?P<near>[A-Za-z.]+) -> (?P<collection>[a-z-]+)")
_BACK: Final = re.compile(r"(?P<collection>[a-z-]+)\.(?P<far>[A-Za-z.]+)")


def _link(step: str) -> Link:
    forth, back = _FORTH.fullmatch(step), _BACK.fullmatch(step)
    if forth is not None:
        return Link(f"{forth['near']}.{KEY}", forth["collection"], KEY)
    if back is not None:
        return Link(KEY, back["collection"], f"{back['far']}.{KEY}")
    raise ValueError(f"`{step}` is geen `naam -> lijst` en geen `lijst.naam`")


class Filter(Closed):
    """What a parameter asks: ``op`` of ``field``; with ``through``, of a record to which these
    steps lead: ``name -> collection`` to what it refers to there, ``collection.name`` to what
    refers to it. ``repeats``: a record is in the list once for every record that it is found
    through. ``none``: of that there is one or, when the parameter is false, none. ``choices``: all
    values that the field can have, where the register refuses others. ``separator``: the parameter
    takes several values with this between them, and none that has it."""

    field: str
    op: Operator = Operator.IN
    compare: str | None = Field(None, pattern="^(<|<=|>|>=)$")
    through: list[str] = Field(default_factory=list)
    repeats: bool = False
    none: bool = False
    choices: list[str] | None = None
    separator: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"field": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _steps(self) -> Filter:
        assert self.links is not None
        return self

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The steps to the record whose field it is."""
        return tuple(map(_link, self.through))


class Brought(Closed):
    """Records of another collection in those of this one. ``member``: the list in which they
    stand, or are named; ``field``: what refers from them to this one, ``None`` when it is this one
    that refers to them. ``none``: the list only tells when there are none, as it holds others.
    ``leads``: the list has what they refer to by this field, or with ``uuid`` only which they are;
    of them nothing else is known."""

    member: str
    field: str | None = None
    none: bool = False
    leads: str | None = None


class Within(Closed):
    """Where records are found that refer to one of another ``collection``: its ``member`` lists all
    of them."""

    collection: str
    member: str


class Resource(Closed):
    """One collection. ``few``: there are so few records that they are all fetched to find some by
    their keys. ``ordered_by``: the fields that its order is known by; of records that are
    equal in these the newest comes first, though no field says so.

    ``filters``: by parameter what it asks; ``within``: by field what is asked without a parameter.
    ``expand``: what is to be expanded; ``brings``: by collection what comes along. ``given``:
    fields that the register fills in and lets nobody write. ``filled``: fields that always have a
    value. ``write``: whether its records may be made, changed and deleted.
    ``always``: members that a new record has to name. ``together``:
    members that are only looked at beside another. ``listed``: references that must stand in a
    list of the same record. ``taken_off``: references that are emptied by taking the record off
    the list in what it refers to.
    """

    path: str | None = None
    few: bool = False
    fields: dict[str, Form]
    ordered_by: list[str] = Field(default_factory=list)
    filters: dict[str, Filter] = Field(default_factory=dict)
    within: dict[str, Within] = Field(default_factory=dict)
    expand: list[str] = Field(default_factory=list)
    brings: dict[str, Brought] = Field(default_factory=dict)
    given: list[str] = Field(default_factory=list)
    filled: list[str] = Field(default_factory=list)
    write: bool = False
    always: list[str] = Field(default_factory=list)
    together: dict[str, str] = Field(default_factory=dict)
    listed: dict[str, str] = Field(default_factory=dict)
    taken_off: dict[str, Within] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Resource:
        lists = (name for name, form in self.fields.items() if form is Form.REFERENCES)
        known = {*names(self.fields), *(f"{name}.{KEY}" for name in lists)}
        own = [f.field for f in self.filters.values() if not f.through]
        for name in (*self.ordered_by, *self.given, *self.filled, *self.within, *own):
            if name not in known:
                raise ValueError(f"`{name}` staat niet onder `fields`")
        return self

    def is_list(self, field: str) -> bool:
        """Whether a field stands for a list of references."""
        return self.fields.get(field.removesuffix(f".{KEY}")) is Form.REFERENCES


def field_of(member: str, fields: Mapping[str, Form]) -> str:
    """The field of a record that the register means by the name of a member; empty where it means
    something else. Of an identificator it writes ``partijIdentificatorObjectId`` too."""
    plain = {name.replace(".", "").lower(): name for name in fields}
    name = plain.get(member.replace(".", "").lower(), "")
    return f"{name}.{KEY}" if fields.get(name) is Form.REFERENCE else name


def names(fields: Mapping[str, Form]) -> list[str]:
    """The fields of a record, as they are asked for and read."""
    found = [KEY]
    for name, form in fields.items():
        match form:
            case Form.REFERENCE:
                found.append(f"{name}.{KEY}")
            case Form.REFERENCES:
                found += (f"{name}.{n}.{KEY}" for n in range(1, LIST_LENGTH + 1))
            case _:
                found.append(name)
    return found
