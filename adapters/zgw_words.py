"""How APIs after the pattern of ZGW are described: where they are, and what their lists can do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, model_validator

from adapters.base import Match
from adapters.http_adapter import Address, HttpOptions
from adapters.settings import NOT_CALLED, Closed
from adapters.zgw_token import ZgwCredentials

KEY: Final = "uuid"
"""The field that the adapter makes of the last part of ``url``."""


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("geen geldige reguliere expressie") from None
    return text


class Options(HttpOptions):
    """Where the APIs are, and who asks.

    ``urls``: the address under which an API writes its urls, where that is not the one by which it
    is called, and the addresses of other systems whose urls stand in records; several, where these
    are known by more: what is written begins with the first. ``bronorganisatie``: the RSIN under
    which new records are registered.
    """

    apis: dict[str, Address] = Field(min_length=1)
    urls: dict[str, Address | Annotated[list[Address], Field(min_length=1)]] = Field(
        default_factory=dict, json_schema_extra=NOT_CALLED
    )
    credentials: ZgwCredentials
    bronorganisatie: str | None = Field(None, pattern=r"^[0-9]{9}$")


class FilterWord(Closed):
    """A parameter that asks for a field; several parameters, where each of them finds a part of the
    records. ``several``: it takes several values, with commas. ``compare``: the same name with
    ``__gt``, ``__gte``, ``__lt`` and ``__lte`` compares."""

    parameter: str | Annotated[list[str], Field(min_length=1)]
    several: bool = False
    compare: bool = False
    match: Match = Match.EXACT

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"parameter": value} if isinstance(value, str | list) else value

    @property
    def parameters(self) -> list[str]:
        """All of them."""
        return [self.parameter] if isinstance(self.parameter, str) else self.parameter


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
    known by ``key``. ``parameter``: finds those other records by that key; ``filters``: finds them
    by other fields of theirs. ``where``: only records with these values in some fields hold one;
    empty text stands for nothing. ``newest``: a moment of the records that hold it; of those with
    the same key the one with the last counts, and without it the first."""

    collection: str
    member: str
    key: str
    parameter: str
    filters: dict[str, str] = Field(default_factory=dict)
    where: dict[str, str] = Field(default_factory=dict)
    newest: str | None = None


class Joined(Closed):
    """A record of another collection that is read as a member of one of this: the first that has
    in its field ``far`` what this one has in its field ``near``, and in others the values of
    ``where``. ``expand``: it comes along under this name, and is not asked for by itself; then it
    need be of no collection that is described. ``asks``: fields of it by which this collection can
    be asked."""

    collection: str | None = None
    near: str = KEY
    far: str = KEY
    where: dict[str, str] = Field(default_factory=dict)
    expand: str | None = None
    asks: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_found(self) -> Joined:
        if self.expand is None and self.collection is None:
            raise ValueError("geef `collection` of `expand`")
        if self.expand is not None and self.asks:
            raise ValueError("`asks` kan niet naast `expand`")
        return self


class Distinct(Closed):
    """Records of which one counts where several have the same in the fields of ``same``, whatever
    the case: the one with the first of the moments ``oldest``."""

    same: list[str] = Field(min_length=1)
    oldest: str


class Making(Closed):
    """How a new record, a zaak, is made with what belongs to it. ``types``: the API of its types.
    ``type``: the field with the name of its zaaktype. ``rollen``: the members, of what goes with
    it, that become rollen: of the roltype with the ``omschrijvingGeneriek`` of their ``where``.
    ``status``: the member that becomes its first status."""

    types: str
    type: str
    rollen: list[str] = Field(default_factory=list)
    status: str


class Writing(Closed):
    """What can be written in a collection.

    ``fields``: what may be; ``once``: of these, what is given with a new record and then stays;
    ``required``: what no record can do without.
    ``lengths``: the most characters of a text. ``numbers``: fields that hold integers. ``natural``:
    fields of which no two records have the same values. ``organisation``: the field that a new
    record needs the RSIN of the gemeente in. ``always``: members that a new record has, with
    nothing in them if need be. ``cascades``: a deletion takes along what cannot do without the
    record; ``protected_by``: fields that, where there is something in them, forbid it. ``making``:
    a new record takes several requests.
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
    making: Making | None = None

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
    fixed width. ``days``: fields with a date, read as the moment at which it began here.
    ``absences``: by field the parameter that asks with ``true`` for records in which it is absent,
    and with ``false`` for the others. ``asked_by``: fields of which one must be asked. ``alone``:
    only one filter can be asked at a time, or of these fields only one. ``single``: one record can
    be asked for by its uuid.
    ``page_size``: of each page but the last; without it everything comes at once.
    ``size_parameter``: asks for that size. ``bare``: the list is all that is answered, without a
    count. ``headers``: what its API wants with each call. ``ordered_by``: the moment by which the
    list is ordered, newest first. ``withheld``: 403 for one record is about that record only.
    ``named``: of its records nothing but this field is known, and whatever it is, there is one.
    ``certain``: references of which the source keeps that they lead somewhere. ``only``: by field
    what a value has to match as a whole, else it is read as absent. ``firsts``: fields that hold a
    list, of which the first is read.
    """

    api: str = ""
    path: str = ""
    fields: list[str] = Field(min_length=1)
    references: dict[str, str] = Field(default_factory=dict)
    certain: list[str] = Field(default_factory=list)
    moments: list[str] = Field(default_factory=list)
    days: list[str] = Field(default_factory=list)
    filters: dict[str, FilterWord] = Field(default_factory=dict)
    absences: dict[str, str] = Field(default_factory=dict)
    asked_by: list[str] = Field(default_factory=list)
    alone: bool | list[str] = False
    single: bool = True
    page_size: int | None = Field(None, ge=1)
    size_parameter: str | None = None
    bare: bool = False
    headers: dict[str, str] = Field(default_factory=dict)
    ordered_by: str | None = None
    withheld: bool = False
    brings: dict[str, Brought] = Field(default_factory=dict)
    joined: dict[str, Joined] = Field(default_factory=dict)
    distinct: Distinct | None = None
    only: dict[str, Annotated[str, AfterValidator(_expression)]] = Field(default_factory=dict)
    firsts: list[str] = Field(default_factory=list)
    inside: Inside | None = None
    named: str | None = None
    writes: Writing | None = None

    @model_validator(mode="after")
    def _are_fields(self) -> Resource:
        named = [*self.references, *self.moments, *self.filters, *self.asked_by, *self.certain]
        named += [
            *self.only,
            *self.firsts,
            *(f"{n}.{f}" for n, j in self.joined.items() for f in j.asks),
        ]
        named += [*self.distinct.same, self.distinct.oldest] if self.distinct is not None else []
        named += [self.inside.key, *self.inside.filters] if self.inside is not None else []
        named += self.writes.named if self.writes is not None else []
        strange = [name for name in named if name not in self.fields]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        near = {one.near for one in self.joined.values()}
        if self.distinct is not None and set(self.filters) - near - {*self.distinct.same}:
            raise ValueError("`filters` van wat maar eens telt horen ook onder `distinct.same`")
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


def roots(options: Options, resources: Mapping[str, Resource]) -> Mapping[str, Sequence[str]]:
    """By collection, and by address of another system, what urls of it begin with; the first is
    what is written."""
    urls = {
        name: [f"{one.rstrip('/')}/" for one in ([given] if isinstance(given, str) else given)]
        for name, given in options.urls.items()
    }
    own = {
        name: [
            f"{start}{one.path}/"
            for start in urls.get(one.api, [f"{options.apis[one.api].rstrip('/')}/"])
        ]
        for name, one in resources.items()
        if one.path
    }
    return urls | own
