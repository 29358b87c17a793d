"""How objects of an Objecten API are described: where they are, and what is read of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from adapters.conditions import All, Condition, In
from adapters.http_adapter import Address, HttpOptions
from adapters.secrets import SecretReference
from adapters.settings import NOT_CALLED, Closed
from adapters.zgw_token import ZgwCredentials

KEY: Final = "uuid"
"""The field that the adapter makes of the uuid of an object."""


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Addresses = Annotated[list[Address], BeforeValidator(_as_list), Field(min_length=1)]


class Options(HttpOptions):
    """Where the API is, up to and including its version, and by what it knows the gateway: a token,
    or the credentials of ZGW where the e-Suite is asked.

    ``types``: per collection the url of its objecttype. ``urls``: what urls of other systems that
    stand in objects begin with, by the names of the description.
    """

    base_url: Address
    token: SecretReference | None = None
    credentials: ZgwCredentials | None = None
    types: dict[str, Address] = Field(min_length=1, json_schema_extra=NOT_CALLED)
    urls: dict[str, Addresses] = Field(default_factory=dict, json_schema_extra=NOT_CALLED)
    page_size: int = Field(500, ge=1, le=500)

    @model_validator(mode="after")
    def _known_by_one(self) -> Options:
        if (self.token is None) == (self.credentials is None):
            raise ValueError("geef precies een van `token` en `credentials`")
        return self


class Picked(Closed):
    """A field that is read out of a list, ``among``: ``field`` of the object at ``place``, counted
    from 0, of those in it that have these codes."""

    among: str
    field: str
    where: dict[str, Annotated[list[str], BeforeValidator(_as_list)]] = Field(default_factory=dict)
    place: int = Field(0, ge=0)


class Place(Closed):
    """One place in an object where something else is described: by its field the field of the
    object, where the object has these codes."""

    fields: dict[str, str] = Field(min_length=1)
    where: dict[str, str] = Field(default_factory=dict)

    def holds(self, *parts: In) -> Condition:
        """That an object has something here, of which these hold."""
        return All((*parts, *(In(field, (code,)) for field, code in self.where.items())))


class Inside(Closed):
    """Records without objects of their own: they stand in those of another collection, known by
    ``key``."""

    collection: str
    key: str
    places: list[Place] = Field(min_length=1)

    @model_validator(mode="after")
    def _alike(self) -> Inside:
        if any(place.fields.keys() != self.fields for place in self.places):
            raise ValueError("elke plaats in `places` geeft dezelfde velden")
        if self.key not in self.fields:
            raise ValueError(f"`{self.key}` staat niet onder `fields` van `places`")
        return self

    @property
    def fields(self) -> frozenset[str]:
        """The fields of its records."""
        return frozenset(self.places[0].fields)


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error:
        raise ValueError("dit is geen reguliere expressie") from None
    return value


class Resource(Closed):
    """One collection: objects of one type, or what stands ``inside`` those of another.

    ``fields``: dotted paths within ``record.data``. ``references``: fields that hold a url, with
    the name in ``urls`` of what it is of; what is read is the last part. ``moments``: fields that
    are read as moments in UTC of fixed width. ``only``: a field that does not match is read as
    absent. ``picked``: fields that are read out of a list. ``ordered_by``: the moment by which a
    list is asked in order. ``certain``: see ``adapters.base.Collection``. ``write``: fields that
    may be changed.
    """

    fields: list[str] = Field(default_factory=list)
    references: dict[str, str] = Field(default_factory=dict)
    moments: list[str] = Field(default_factory=list)
    only: dict[str, Annotated[str, AfterValidator(_pattern)]] = Field(default_factory=dict)
    picked: dict[str, Picked] = Field(default_factory=dict)
    ordered_by: str | None = None
    certain: list[str] = Field(default_factory=list)
    write: list[str] = Field(default_factory=list)
    inside: Inside | None = None

    @model_validator(mode="after")
    def _are_fields(self) -> Resource:
        if bool(self.fields) == (self.inside is not None):
            raise ValueError("geef precies een van `fields` en `inside`")
        own = [*self.references, *self.moments, *self.only, *self.certain, *self.write]
        own += [self.ordered_by] if self.ordered_by else []
        strange = [name for name in own if name not in self.fields]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        if self.ordered_by is not None and self.ordered_by not in self.moments:
            raise ValueError(f"`{self.ordered_by}` staat niet onder `moments`")
        return self


def complete(options: Options, resources: Mapping[str, Resource]) -> None:
    """Whether all that collections name is there. Raises ``pydantic.ValidationError``."""
    objects = [name for name, one in resources.items() if one.inside is None]
    named = [("types", name) for name in objects if name not in options.types]
    named += [
        ("urls", name)
        for one in resources.values()
        for name in one.references.values()
        if name not in options.urls
    ]
    if named:
        raise ValidationError.from_exception_data(
            Options.__name__,
            [InitErrorDetails(type="missing", loc=loc, input=None) for loc in dict.fromkeys(named)],
        )
    strange = [
        InitErrorDetails(
            type="value_error",
            loc=(name, "inside", "collection"),
            input=one.inside.collection,
            ctx={
                "error": ValueError(f"er is geen collectie `{one.inside.collection}` van objecten")
            },
        )
        for name, one in resources.items()
        if one.inside is not None and one.inside.collection not in objects
    ]
    if strange:
        raise ValidationError.from_exception_data("collections", strange)
