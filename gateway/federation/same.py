"""Which partijen are one: those with an identificator in common. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.conditions import Record
from gateway.federation.rows import Row, RowId
from gateway.mapping.stream import Stream

Link = tuple[str, str, str]
"""What partijen have in common: soortPartij, kind of identificator, its value."""

PARTIJEN: Final = "partijen"
IDENTIFICATOREN: Final = "partij-identificatoren"
ADRESSEN: Final = "digitaleadressen"
OF_PARTIJ: Final = {IDENTIFICATOREN: "identificeerdePartij", ADRESSEN: "verstrektDoorPartij"}
"""Resources of which a partij that is known twice has doubles, with their way to it."""
VESTIGING: Final = "vestigingsnummer"
KIND: Final = "partijIdentificator.codeSoortObjectId"
VALUE: Final = "partijIdentificator.objectId"


@dataclass(frozen=True)
class Sameness:
    """What the gemeente says about partijen that are known more than once.

    ``kinds``: kinds of identificator (codeSoortObjectId) that make partijen one; none: each record
    is a partij of its own. ``sources``: aliases by precedence; the first that knows a partij is
    its authority and gives its uuid. ``fields``: attributes of partijen with a precedence of their
    own.
    """

    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def links(self, soort: str, identificatoren: Iterable[tuple[str, str]]) -> frozenset[Link]:
        """What a partij of this soort with these (kind, value) has in common with others.

        A vestiging carries the KvK number of its company too; only its own number counts.
        """
        shared = {(kind, value) for kind, value in identificatoren if kind in self.kinds and value}
        own = {(kind, value) for kind, value in shared if kind == VESTIGING}
        return frozenset((soort, kind, value) for kind, value in own or shared)

    def whole(self, rows: Iterable[Row]) -> Row:
        """The rows of one partij as one row: by precedence of their sources, and of a source that
        knows it twice the newest first."""
        # The highest place first within a source, hence two stable sorts.
        ordered = sorted(rows, key=lambda row: row.place, reverse=True)
        first, *others = sorted(ordered, key=lambda row: rank(self.sources, row.stream.source))
        return Row(first.stream, first.record, first.key, first.uuid, tuple(others))

    def by_field(self, name: str, whole: Row) -> Sequence[Row]:
        """The rows of a partij in the order in which one of its attributes is looked for."""
        order = self.fields.get(name)
        if order is None:
            return whole.members
        return sorted(whole.members, key=lambda row: rank(order, row.stream.source))


def rank(order: Sequence[str], alias: str) -> int:
    """Where an alias stands in an order; what is not named comes last."""
    return order.index(alias) if alias in order else len(order)


def groups(links: Mapping[Row, frozenset[Link]]) -> list[list[Row]]:
    """The rows in groups that hang together by their links, each row in one group."""
    parent: dict[RowId, RowId] = {r.id: r.id for r in links}

    def root(at: RowId) -> RowId:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    by_link: dict[Link, RowId] = {}
    for row, shared in links.items():
        for link in shared:
            parent[root(row.id)] = root(by_link.setdefault(link, row.id))
    found: dict[RowId, list[Row]] = defaultdict(list)
    for row in links:
        found[root(row.id)].append(row)
    return list(found.values())


def text(row: Row, path: str) -> str:
    """An attribute of a row as text. Raises ``RuleError``."""
    return value_of(row.stream, row.record, path)


def value_of(stream: Stream, record: Record, path: str) -> str:
    """An attribute of a record as text. Raises ``RuleError``."""
    attribute = stream.attributes.get(path)
    if attribute is None:
        return str(stream.default(path) or "")
    return str(stream.value(path, attribute, record) or "")


def double(row: Row) -> tuple[str, ...] | None:
    """What makes something of a partij the same as another; ``None`` where nothing does, as for an
    address that a betrokkene gave: that says at which contact, too."""
    resource = row.stream.resource.path
    if resource == IDENTIFICATOREN:
        return (resource, text(row, KIND), text(row, VALUE))
    if resource == ADRESSEN and not _of_betrokkene(row):
        soort = text(row, "soortDigitaalAdres")
        return (resource, soort, comparable(soort, text(row, "adres")))
    return None


def _of_betrokkene(row: Row) -> bool:
    return any(
        edge.path == "verstrektDoorBetrokkene" and edge.key(row.record) is not None
        for edge in row.stream.edges
    )


def comparable(soort: str, adres: str) -> str:
    """An address as it is compared: mail without regard to case, Dutch numbers without regard to
    the way they are dialled."""
    if soort == "email":
        return adres.strip().casefold()
    if soort != "telefoonnummer":
        return adres.strip()
    digits = "".join(c for c in adres if c.isdecimal() or c == "+")
    for abroad in ("+31", "0031"):
        if digits.startswith(abroad):
            return "0" + digits.removeprefix(abroad).removeprefix("0")
    return digits
