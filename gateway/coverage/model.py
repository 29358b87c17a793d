"""What coverage is told in: of each resource in each source, every attribute, filter and verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.federation.foresight import Fares
from gateway.mapping.meaning import Wire

__all__ = ["Attribute", "Fares", "Lacks", "Part", "Shows"]


class Shows(StrEnum):
    """Where the value of an attribute comes from. ``NATIVE``: the source keeps it, and it can be
    written. ``READ_ONLY``: the source keeps it. ``DERIVED``: it follows from something else: other
    objects, parts of the record, or which record it is. ``CONSTANT``: it is the same everywhere.
    ``NOT``: there is nothing, so it shows what the contract shows then."""

    NATIVE = "native"
    READ_ONLY = "read-only"
    DERIVED = "derived"
    CONSTANT = "constant"
    NOT = "not"


class Lacks(StrEnum):
    """Why something cannot be written: the ``SOURCE`` does not do it, the ``MAPPING`` does not let
    it, or another source is the ``OWNER``."""

    SOURCE = "source"
    MAPPING = "mapping"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Attribute:
    """``create``, ``update``: whether POST, and PUT or PATCH, can give it a value of choice;
    ``value``: that of a constant. Of what POST can give: ``needed``, a new object cannot do without
    (though by the contract it may), ``sometimes``: one kind of them cannot; ``choices``, the only
    values there are, or names in a map, ``()`` where there are others; ``longest``, the most
    characters."""

    shows: Shows
    create: bool = False
    update: bool = False
    value: Wire = None
    needed: bool = False
    sometimes: bool = False
    choices: tuple[Wire, ...] = ()
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A resource in a source. ``listed``: how its list fares without a filter; ``single``: whether
    an object can be asked for by its uuid. ``attributes``: by dotted path; ``filters``: by
    parameter; ``verbs``: ``None`` where it can be done, else why not; ``partly``: those that can be
    done with objects of one kind and not of another. ``newest``: whether it is known when objects
    were made, so that the newest come first. ``within``: references to the
    objects in whose records new ones are filled in: there is room for one of each kind. ``along``:
    resources of which a new object needs one in the same request."""

    resource: str
    source: str
    listed: Fares
    single: bool
    attributes: Mapping[str, Attribute]
    filters: Mapping[str, Fares]
    verbs: Mapping[str, Lacks | None]
    partly: Sequence[str] = ()
    newest: bool = True
    within: Sequence[str] = ()
    along: Sequence[str] = ()
