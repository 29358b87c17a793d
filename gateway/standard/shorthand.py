"""The words in which the table is written: members and filters that come again.

What describes a member is called after it, what describes a filter begins with ``by``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.standard.model import (
    IDENTIFYING,
    REQUIRED,
    Default,
    Derived,
    Field,
    Fill,
    Filter,
    Gone,
    Group,
    Kind,
    Member,
    Nature,
    Op,
    Reads,
    Ref,
    Resource,
)


def text(
    name: str,
    length: int | None,
    default: Default = "",
    *,
    required: bool = False,
    deprecated: bool = False,
    min_length: int | None = None,
    pattern: str | None = None,
    format: str | None = None,
    blank: bool | None = None,
    nature: Nature | None = None,
    reason: str = "",
) -> Field:
    required = required or default is REQUIRED
    return Field(
        name,
        Kind.TEXT,
        default,
        length,
        required=required,
        deprecated=deprecated,
        min_length=min_length,
        pattern=pattern,
        format=format,
        blank=not required if blank is None else blank,
        nature=nature,
        reason=reason,
    )


def nummer(name: str, *, deprecated: bool = False) -> Field:
    """A number by which people call an object: a whole number as text, and its own."""
    return Field(
        name, Kind.TEXT, None, 10, deprecated=deprecated, nature=Nature.NUMBER, unique=True
    )


def boolean(name: str, default: Default) -> Field:
    return Field(name, Kind.BOOLEAN, default, required=default is REQUIRED)


def enum(name: str, choices: tuple[str, ...]) -> Field:
    return Field(name, Kind.ENUM, REQUIRED, choices=choices, required=True)


def date(name: str, fill: Fill | None = None) -> Field:
    return Field(name, Kind.DATE, None, fill=fill)


def moment(name: str, *, read_only: bool = False) -> Field:
    """A moment that is now unless a body says otherwise."""
    return Field(name, Kind.DATETIME, REQUIRED, read_only=read_only, fill=Fill.NOW)


def adres(name: str) -> Group:
    return Group(
        name,
        (
            text(
                "nummeraanduidingId",
                16,
                pattern=r"^[0-9]{16}$",
                reason="Ongeldige nummeraanduiding BAG-ID: {}",
            ),
            text("straatnaam", 255),
            Field("huisnummer", Kind.INTEGER, None, bounds=(1, 99999)),
            text("huisnummertoevoeging", 20),
            text(
                "postcode",
                7,
                pattern=r"^[1-9][0-9]{3} [A-Z]{2}$",
                reason="Postcode moet aan het volgende formaat voldoen: `1234 AB` (met spatie): {}",
            ),
            text("stad", 255),
            text("adresregel1", 80),
            text("adresregel2", 80),
            text("adresregel3", 80),
            text("land", 2, min_length=2, nature=Nature.COUNTRY),
        ),
    )


def identificator(name: str) -> Group:
    return Group(
        name,
        (
            text("objectId", 200),
            text("codeObjecttype", 200),
            text("codeRegister", 200),
            text("codeSoortObjectId", 200),
        ),
    )


def part_of(name: str, to: str, *, required: bool = False) -> Ref:
    """A reference to what the object cannot do without: the two are deleted together."""
    return Ref(name, to, required=required, gone=Gone.DELETED)


CONTACTNAAM = Group(
    "contactnaam",
    (
        text("voorletters", 10),
        text("voornaam", 200),
        text("voorvoegselAchternaam", 10),
        text("achternaam", 200),
    ),
)
VOLLEDIGE_NAAM = Derived("volledigeNaam", "volledige_naam", "contactnaam")
_IDENTITY = (Derived("uuid", "uuid"), Derived("url", "url"))


def by(
    param: str, path: str, op: Op = Op.EQ, reads: Reads = Reads.TEXT, choices: tuple[str, ...] = ()
) -> Filter:
    """A filter whose ``path`` is ``hop/hop/attribute``."""
    *hops, attribute = path.split("/")
    leaf = attribute.rpartition(".")[2]
    identifying = reads in (Reads.UUID, Reads.URL) or leaf in IDENTIFYING
    return Filter(param, tuple(hops), attribute, op, reads, choices, identifying)


def by_part(param: str, path: str) -> Filter:
    return by(param, path, Op.CONTAINS)


def by_boolean(param: str, path: str, op: Op = Op.EQ) -> Filter:
    return by(param, path, op, Reads.BOOLEAN)


def by_choice(param: str, path: str, choices: tuple[str, ...]) -> Filter:
    return by(param, path, Op.EQ, Reads.CHOICE, choices)


def by_reference(prefix: str, path: str) -> tuple[Filter, Filter]:
    """The pair ``prefix__uuid`` and ``prefix__url`` over a relation."""
    return (
        by(f"{prefix}__uuid", f"{path}/uuid", Op.EQ, Reads.UUID),
        by(f"{prefix}__url", f"{path}/uuid", Op.EQ, Reads.URL),
    )


_CODES = ("codeObjecttype", "codeSoortObjectId", "objectId", "codeRegister")


def by_identificator(prefix: str, path: str) -> Iterable[Filter]:
    """``prefix`` + ObjectId, CodeObjecttype, … over the group at ``path``."""
    return (
        by(prefix + code[0].upper() + code[1:], f"{path}.{code}")
        for code in ("objectId", "codeObjecttype", "codeRegister", "codeSoortObjectId")
    )


def by_partij_identificator(prefix: str, path: str) -> Iterable[Filter]:
    return (by(f"{prefix}__{c}", f"{path}/partijIdentificator.{c}") for c in _CODES)


def by_adres(group: str) -> Iterable[Filter]:
    names = ("nummeraanduidingId", "adresregel1", "adresregel2", "adresregel3", "land")
    return (by(group + n[0].upper() + n[1:], f"{group}.{n}") for n in names)


def resource(
    path: str,
    label: str,
    members: Iterable[Member],
    filters: Iterable[Filter] = (),
    expand: Mapping[str, str] | None = None,
    order: str | None = None,
) -> Resource:
    return Resource(path, label, (*_IDENTITY, *members), tuple(filters), expand or {}, order)
