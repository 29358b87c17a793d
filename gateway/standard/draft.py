"""What a body asks for, said in terms of the standard: the object that there is to be.

What a person says is left out of how these objects are printed, so that it reaches no log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.standard.errors import InvalidParam
from gateway.standard.model import Resource

Wire = str | bool | int | None
"""A wire value (see ``gateway.standard.model``)."""

Kept = Wire | Mapping[str, str]
"""What an attribute holds: a wire value, or for ``metadata`` text by key."""


class Verb(StrEnum):
    """What is done with an object, by the HTTP method that says so."""

    CREATE = "POST"
    REPLACE = "PUT"
    CHANGE = "PATCH"


@dataclass(frozen=True, slots=True)
class Draft:
    """The attributes and references of one object that a body sets.

    For a new object that is all of them, with the defaults of the contract where the body has
    none; for one that there is, only those that the body names. A group is always there as a whole.

    ``values``: by dotted path. ``present``: per attribute with variants that the body sets, whether
    it is an object afterwards or null. ``references``: by the dotted path of a reference, or of an
    inverse relation that a body may name, the uuids in canonical form; ``()`` for none.
    ``nested``: the objects of the one inverse that is written as objects; ``None`` leaves them as
    they are. ``assumed``: paths of values that the contract filled in and nobody asked for.
    """

    resource: Resource = field(repr=False)
    values: Mapping[str, Kept] = field(default_factory=dict, repr=False)
    present: Mapping[str, bool] = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nested: tuple[Nested, ...] | None = None
    assumed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Nested:
    """An object within the body of another: the one with ``uuid``, or a new one."""

    uuid: str | None
    draft: Draft


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that there is: its values and references by dotted path, as in a ``Draft``."""

    values: Mapping[str, Kept] = field(repr=False)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exists:
    """To be found out: there is an object ``uuid`` of the resource with this path, and of that
    soort if one is given. ``name`` is what an error is about."""

    name: str
    resource: str
    uuid: str
    soort: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """To be found out: no other object of ``resource`` has this ``value`` of ``attribute``."""

    name: str
    resource: str
    attribute: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fits:
    """To be found out: an address is one of its soort, which the body need not name."""

    name: str
    adres: str = field(repr=False)


Note = InvalidParam | Exists | Free | Fits


@dataclass(frozen=True, slots=True)
class Reading:
    """A body as it was read. With an error in ``notes`` the draft is not whole.

    ``prefix`` stands before names in errors. ``named``: the attributes of the object that the body
    names. ``notes``: what is wrong with single attributes, and what is still to be found out about
    them, in the order in which it is reported.
    """

    draft: Draft
    verb: Verb
    prefix: str = ""
    named: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()

    @property
    def errors(self) -> tuple[InvalidParam, ...]:
        """What is wrong for certain."""
        return tuple(note for note in self.notes if isinstance(note, InvalidParam))


@dataclass(frozen=True, slots=True)
class Contact:
    """The body of ``maak-klantcontact``: a klantcontact, and with it a betrokkene, an
    onderwerpobject, both or neither. The parts lack their reference to the klantcontact."""

    klantcontact: Reading
    betrokkene: Reading | None = None
    onderwerpobject: Reading | None = None

    @property
    def parts(self) -> tuple[Reading, ...]:
        """What there is of it, the klantcontact first."""
        parts = (self.klantcontact, self.betrokkene, self.onderwerpobject)
        return tuple(part for part in parts if part is not None)
