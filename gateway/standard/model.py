"""The vocabulary in which the contract is written down: fields, relations, filters, resources.

Values are *wire values* throughout the gateway: text, bool, int, ``None``, and dates and
date-times as the text that goes over the wire (``YYYY-MM-DD``; ``YYYY-MM-DDThh:mm:ss[.ffffff]Z``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeVar

Leaf = TypeVar("Leaf")


class Kind(StrEnum):
    """The type of a field's value on the wire."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    ENUM = "enum"
    MAP = "map"


class Required:
    """The default of a field that has none: an answer without it would break the contract."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()
Default = str | bool | None | Required


class Nature(StrEnum):
    """What a text is, where that decides how it is judged when it is written."""

    NUMBER = "number"
    PHONE = "phone"
    COUNTRY = "country"
    LANGUAGE = "language"
    ADDRESS = "address"


class Fill(StrEnum):
    """What the contract fills in on a new object whose body has no value."""

    NOW = "now"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute with a plain value.

    ``default`` is what an answer shows when a source has no value; ``REQUIRED`` means that a
    mapping must supply one. ``required``: a body that creates or replaces an object must have it.
    The rest are the constraints that the contract puts on a value that is written: ``blank``, text
    may be empty; ``reason``, what is said of text that does not meet ``pattern``, in which ``{}``
    stands for the text; ``unique``, no other object has the value; ``fill``, what a new object gets
    when the body has none; ``resets``, a body that replaces the object without it takes it back to
    the default instead of leaving it.
    """

    name: str
    kind: Kind = Kind.TEXT
    default: Default = ""
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    read_only: bool = False
    deprecated: bool = False
    min_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    bounds: tuple[int, int] | None = None
    blank: bool = True
    nature: Nature | None = None
    reason: str = ""
    unique: bool = False
    fill: Fill | None = None
    resets: bool = False

    @property
    def nullable(self) -> bool:
        """Whether a body may say null."""
        return self.default is None and self.kind is not Kind.MAP


@dataclass(frozen=True, slots=True)
class Group:
    """An attribute that is always a complete object of plain fields, never null (SHP-07).

    A group with a required field is required itself; another may be null in a body.
    """

    name: str
    fields: tuple[Field, ...]

    @property
    def required(self) -> bool:
        return any(f.required for f in self.fields)


class Gone(StrEnum):
    """What becomes of an object when the one that it refers to is deleted."""

    CLEARED = "cleared"
    DELETED = "deleted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference that the resource itself holds: ``{uuid, url}``, null, or a list of them.

    ``required``: the contract does not allow null, so an object whose target does not exist is
    not shown. ``shows`` names attributes of the target that stand beside uuid and url. ``gone``:
    when the target is deleted, the reference is cleared, the object is deleted with it, or the
    target is not deleted. ``stated``: a body that creates an object must name it, null or not.
    ``soort``: the soort that the target must have.
    """

    name: str
    to: str
    many: bool = False
    required: bool = False
    shows: tuple[str, ...] = ()
    gone: Gone = Gone.CLEARED
    stated: bool = False
    soort: str = ""


class Embed(StrEnum):
    """How the far side of an inverse relation is written in the object."""

    REFERENCE = "reference"
    OBJECT = "object"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Inverse:
    """A list that follows from references held elsewhere.

    ``via`` is the resource that holds the reference and ``ref`` its name; ``then`` is a second
    hop along a reference of ``via``. A hidden inverse is not shown; filters walk over it.
    ``shows`` maps extra attribute names to paths on the far side. ``writable``: a body may name
    the objects too.
    """

    name: str
    via: str
    ref: str
    then: str | None = None
    embed: Embed = Embed.REFERENCE
    shows: Mapping[str, str] = field(default_factory=dict)
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Variants:
    """An attribute whose shape depends on another (partijIdentificatie, actorIdentificatie).

    It is null when no source gives it a value.
    """

    name: str
    by: str
    shapes: Mapping[str, tuple[Member, ...]]

    def leaves(self, shape: str | None = None) -> frozenset[str]:
        """The dotted paths of what stands in a shape; without a name: in any of them."""
        shapes = self.shapes.values() if shape is None else [self.shapes.get(shape, ())]
        return frozenset(path for one in shapes for path, _ in _walk(one, self.name + "."))


@dataclass(frozen=True, slots=True)
class Derived:
    """An attribute that the gateway computes; ``of`` is the attribute it follows from."""

    name: str
    rule: str
    of: str = ""


Member = Field | Group | Ref | Inverse | Variants | Derived


class Op(StrEnum):
    """What a test asks of an attribute. ``ALIKE``: to be one of some texts, whatever the case; no
    parameter asks it."""

    EQ = "="
    IN = "in"
    ALIKE = "alike"
    CONTAINS = "contains"
    GT = ">"
    GTE = ">="
    LT = "<"
    LTE = "<="
    PRESENT = "present"
    EXISTS = "exists"


IDENTIFYING: Final = frozenset({"uuid", "objectId", "adres", "nummer", "referentienummer"})
"""Names of attributes, or of their last part, that point at something or somebody."""


class Reads(StrEnum):
    """How the text of a query parameter is read."""

    TEXT = "text"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    UUID = "uuid"
    URL = "url"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list.

    ``hops`` are attributes (of this resource, then of the far side of the first, …) that lead to
    the object that owns ``attribute``. Parameters with the same first segment and the same hops
    must be met by one and the same related object. ``identifying``: an empty value is refused.
    """

    param: str
    hops: tuple[str, ...]
    attribute: str
    op: Op
    reads: Reads
    choices: tuple[str, ...] = ()
    identifying: bool = False

    @property
    def prefix(self) -> str:
        """The first segment of the parameter: what groups parameters over one related object."""
        return self.param.partition("__")[0]


@dataclass(frozen=True)
class Resource:
    """One resource of the API.

    ``order`` names the attribute that lists are sorted by, descending, before creation;
    ``None`` means by creation alone. ``expand`` maps each allowed path to the resource it shows.
    """

    path: str
    label: str
    members: tuple[Member, ...]
    filters: tuple[Filter, ...]
    expand: Mapping[str, str] = field(default_factory=dict)
    order: str | None = None

    def member(self, name: str) -> Member | None:
        """The member with that name, or ``None``."""
        return self._members.get(name)

    def filter(self, param: str) -> Filter | None:
        """The filter with that parameter name, or ``None``."""
        return self._filters.get(param)

    def fields(self) -> Iterable[tuple[str, Field]]:
        """Every plain field with its dotted path; a path that occurs in several shapes once."""
        return self._fields.items()

    def field(self, path: str) -> Field | None:
        """The plain field at a dotted path, or ``None``."""
        return self._fields.get(path)

    def refs(self) -> Iterable[tuple[str, Ref]]:
        """Every reference that the resource holds, with its dotted path."""
        return self._refs.items()

    def leaves(self) -> Iterable[tuple[str, Member]]:
        """Every member that is no group, with its dotted path, in the order of the wire; a path
        that occurs in several shapes once."""
        return _first(_walk(self.members)).items()

    def inverses(self) -> Iterable[Inverse]:
        """Every inverse relation, hidden ones included."""
        return self._inverses

    # What follows is asked for every object that is written, so it is made once.

    @cached_property
    def _members(self) -> Mapping[str, Member]:
        return _first((m.name, m) for m in self.members)

    @cached_property
    def _filters(self) -> Mapping[str, Filter]:
        return _first((f.param, f) for f in self.filters)

    @cached_property
    def _fields(self) -> Mapping[str, Field]:
        return _first((p, leaf) for p, leaf in _walk(self.members) if isinstance(leaf, Field))

    @cached_property
    def _refs(self) -> Mapping[str, Ref]:
        return _first((p, leaf) for p, leaf in _walk(self.members) if isinstance(leaf, Ref))

    @cached_property
    def _inverses(self) -> tuple[Inverse, ...]:
        return tuple(m for m in self.members if isinstance(m, Inverse))


def _first(pairs: Iterable[tuple[str, Leaf]]) -> dict[str, Leaf]:
    """By name, the first of each."""
    found: dict[str, Leaf] = {}
    for name, leaf in pairs:
        found.setdefault(name, leaf)
    return found


def _walk(members: tuple[Member, ...], prefix: str = "") -> Iterator[tuple[str, Member]]:
    for member in members:
        path = prefix + member.name
        if isinstance(member, Group):
            yield from _walk(member.fields, path + ".")
        elif isinstance(member, Variants):
            for shape in member.shapes.values():
                yield from _walk(shape, path + ".")
        else:
            yield path, member
