"""How APIs after the pattern of ZGW are described: where they are, and what their lists can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field, model_validator

from adapters.base import Match
from adapters.http_adapter import Address, HttpOptions
from adapters.settings import Closed
from adapters.zgw_token import ZgwCredentials

KEY: Final = "uuid"
"""The field that the adapter makes of the last part of ``url``."""


class Options(HttpOptions):
    """Where the APIs are, and who asks.

    ``urls``: the address under which an API writes its urls, where that is not the one by which it
    is called, and the addresses of other systems whose urls stand in records. ``bronorganisatie``:
    the RSIN under which new records are registered.
    """

    apis: dict[str, Address] = Field(min_length=1)
    urls: dict[str, Address] = Field(default_factory=dict)
    credentials: ZgwCredentials
    bronorganisatie: str | None = Field(None, pattern=r"^[0-9]{9}$")


class FilterWord(Closed):
    """A parameter that asks for a field. ``several``: it takes several values, with commas.
    ``compare``: the same name with ``__gt``, ``__gte``, ``__lt`` and ``__lte`` compares."""

    parameter: str
    several: bool = False
    compare: bool = False
    match: Match = Match.EXACT

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"parameter": value} if isinstance(value, str) else value


class Brought(Closed):
    """Records of another collection that come within each record of this one: under the member
    with the name that ``expand`` takes. ``field``: where they refer to this one. ``asks``: by
    field of theirs the parameter of this list that asks for records with such a one; it takes
    several values, and gives a record once for each match."""

    expand: str
    field: str
    asks: dict[str, str] = Field(default_factory=dict)


class Inside(Closed):
    """Records that have no list of their own: a member of the records of another collection,
    known by ``key``. ``parameter``: finds those other records by that key."""

    collection: str
    member: str
    key: str
    parameter: str


class Writing(Closed):
    """What can be written in a collection.

    ``fields``: what may be; ``once``: of these, what is given with a new record and then stays;
    ``required``: what no record can do without.
    ``lengths``: the most characters of a text. ``numbers``: fields that hold integers. ``natural``:
    fields of which no two records have the same values. ``organisation``: the field that a new
    record needs the RSIN of the gemeente in. ``always``: members that a new record has, with
    nothing in them if need be. ``cascades``: a deletion takes along what cannot do without the
    record; ``protected_by``: fields that, where there is something in them, forbid it.
    """

    create: bool = False
    update: bool = False
    delete: bool = False
    fields: list[str] = Field(default_factory=list)
    once: list[str] = Field(default_factory=list)
    required: list[str] = Field(default_factory=list)
    lengths: dict[str, int] = Field(default_factory=dict)
    numbers: list[str] = Field(default_factory=list)
    natural: list[str] = Field(default_factory=list)
    organisation: str | None = None
    always: list[str] = Field(default_factory=list)
    cascades: bool = False
    protected_by: list[str] = Field(default_factory=list)

    @property
    def named(self) -> list[str]:
        """All fields that are spoken of."""
        return [
            *self.fields,
            *self.once,
            *self.required,
            *self.lengths,
            *self.numbers,
            *self.natural,
            *filter(None, [self.organisation]),
            *self.protected_by,
        ]


class Resource(Closed):
    """One collection.

    ``references``: fields that hold a url, with the collection, or the address in ``urls``, that it
    is of; what is read is the last part. ``moments``: fields that are read as moments in UTC of
    fixed width. ``asked_by``: fields of which one must be asked. ``alone``: only one filter can be
    asked at a time. ``single``: one record can be asked for by its uuid. ``page_size``: of each
    page but the last; without it everything comes at once. ``ordered_by``: the moment by which the
    list is ordered, newest first. ``withheld``: 403 for one record is about that record only.
    ``named``: of its records nothing but this field is known, and whatever it is, there is one.
    ``certain``: references of which the source keeps that they lead somewhere.
    """

    api: str = ""
    path: str = ""
    fields: list[str] = Field(min_length=1)
    references: dict[str, str] = Field(default_factory=dict)
    certain: list[str] = Field(default_factory=list)
    moments: list[str] = Field(default_factory=list)
    filters: dict[str, FilterWord] = Field(default_factory=dict)
    asked_by: list[str] = Field(default_factory=list)
    alone: bool = False
    single: bool = True
    page_size: int | None = Field(None, ge=1)
    ordered_by: str | None = None
    withheld: bool = False
    brings: dict[str, Brought] = Field(default_factory=dict)
    inside: Inside | None = None
    named: str | None = None
    writes: Writing | None = None

    @model_validator(mode="after")
    def _are_fields(self) -> Resource:
        named = [*self.references, *self.moments, *self.filters, *self.asked_by, *self.certain]
        named += self.writes.named if self.writes is not None else []
        strange = [name for name in named if name not in self.fields]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        if sum(map(bool, (self.path, self.inside, self.named))) != 1:
            raise ValueError("geef precies een van `path`, `inside` en `named`")
        return self

    @property
    def key(self) -> str:
        """The field of its key."""
        return self.named or (self.inside.key if self.inside else KEY)

    @property
    def by_key(self) -> bool:
        """Whether a record can be asked for by its key."""
        return self.single or not self.path


def roots(options: Options, resources: Mapping[str, Resource]) -> Mapping[str, str]:
    """By collection, and by address of another system, what urls of it begin with."""
    own = {
        name: f"{options.urls.get(one.api, options.apis[one.api]).rstrip('/')}/{one.path}/"
        for name, one in resources.items()
        if one.path
    }
    return {name: address.rstrip("/") + "/" for name, address in options.urls.items()} | own
