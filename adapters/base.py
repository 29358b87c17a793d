"""The adapter contract: what a source can do, how it is asked, how it answers.

An adapter knows its own system and nothing of Klantinteracties: it is asked in the source's own
collections and fields and answers with the source's own records. It declares per collection what
it guarantees; what is not declared is never asked of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, Protocol, Self

from pydantic import BaseModel

from adapters.conditions import (
    ALWAYS,
    Absent,
    Alike,
    Compare,
    Condition,
    Contains,
    In,
    NotIn,
    Pattern,
    Present,
    Record,
    Scalar,
)


class Operator(StrEnum):
    """A kind of condition on one field."""

    IN = "in"
    NOT_IN = "not in"
    PRESENT = "present"
    ABSENT = "absent"
    COMPARE = "compare"
    CONTAINS = "contains"
    ALIKE = "alike"
    PATTERN = "pattern"


OPERATORS: Final[Mapping[type, Operator]] = {
    In: Operator.IN,
    NotIn: Operator.NOT_IN,
    Present: Operator.PRESENT,
    Absent: Operator.ABSENT,
    Compare: Operator.COMPARE,
    Contains: Operator.CONTAINS,
    Alike: Operator.ALIKE,
    Pattern: Operator.PATTERN,
}
"""The operator that each condition on a field asks for."""


class Match(StrEnum):
    """What a declared filter guarantees. It may never leave out a record that meets it."""

    EXACT = "exact"
    SUPERSET = "superset"


class Paging(StrEnum):
    """How a collection is walked."""

    OFFSET = "offset"
    TOKEN = "token"  # noqa: S105
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Writes:
    """What can be written in one collection, and how.

    ``create``, ``update``, ``delete``: what can be done with its records. ``generated``: fields,
    of the key and others, that the source itself fills in. ``natural``: fields that are given with
    a new record and by which it can be found again, for the source allows no other with the same
    values; none when there are no such fields. ``version``: a field that changes with every update.
    ``fields``: what may be written; ``once``: of these, what a new record is given and then keeps;
    ``required``: what no record can do without. ``cascades``: a deletion takes along what cannot do
    without the record, and is refused where something else protects it. ``lengths``: the most
    characters that a text field keeps. ``numbers``: fields that keep integers, and no other text.
    """

    create: bool = False
    update: bool = False
    delete: bool = False
    generated: frozenset[str] = frozenset()
    natural: tuple[str, ...] = ()
    version: str | None = None
    fields: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    cascades: bool = False
    lengths: Mapping[str, int] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """To which records of another ``collection`` a record leads: those that have in their field
    ``far`` what it has in its field ``near``."""

    near: str
    collection: str
    far: str


@dataclass(frozen=True, slots=True)
class Linked:
    """What can be asked of the records of a link, exactly, and of one of them at a time.

    ``filters``: per field the conditions, of which one can be asked. ``none``: fields of which can
    also be asked that no such record has them; the ``far`` one of the link asks for no record at
    all. ``linked``: what can be asked of the records that they lead to in turn.
    """

    filters: Mapping[str, frozenset[Operator]] = field(default_factory=dict)
    none: frozenset[str] = frozenset()
    linked: Mapping[Link, Linked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """What the adapter guarantees for one collection.

    ``filters``: per field and operator, exact or superset. ``any_of``/``all_of``: conjunctions
    need nothing more; ``disjunctions`` says whether *or* can be asked. ``exists``: collections
    over which ``Exists`` is exact. ``sortable``: fields that can order, highest first and absent
    values last, in any sequence. ``fixed_order``: where no order can be asked, the one in which
    records always come. ``keyset``: the answer can begin right after any given place in the
    order, and go backwards. ``total``: a page can carry the exact number of matches. ``max_in``:
    the longest list of values in one question. ``page_size``: the most records in one answer.
    ``writes``: what can be written, ``None``: nothing.

    ``linked``: what else ``Exists`` can be asked over, exactly, and how far. ``asked_by``: a
    question must say of one of these fields what it is (``In``), or nothing can be asked; without
    any, all of the collection can be had. ``own_order``: records that are equal in ``fixed_order``
    come in an order of the source's own: newest first, though no field tells when each was made.
    ``asked_as``: fields that are one list in the source. By such a field can be asked only under
    the name of the list, and that is met when any of them meets it. ``certain``: fields with keys
    of other records, which are there wherever there is a key; where the record has to refer to
    something, there is one. ``along``: collections of which records come along with its own.
    ``filled``: fields that have a value in every record.
    ``batched``: whether a list of values is asked at once; where it is not, each value is a call.
    ``content``: with each record goes a file, which can be had (``ContentAdapter``).
    ``heavy``: fields that cost the source more for each record, such as a text for which a message
    is opened; records are looked through without them (``Query.fields``).
    """

    fields: frozenset[str]
    key: tuple[str, ...]
    filters: Mapping[str, Mapping[Operator, Match]] = field(default_factory=dict)
    disjunctions: bool = False
    exists: frozenset[str] = frozenset()
    linked: Mapping[Link, Linked] = field(default_factory=dict)
    asked_by: frozenset[str] = frozenset()
    sortable: frozenset[str] = frozenset()
    fixed_order: tuple[str, ...] = ()
    own_order: bool = False
    asked_as: Mapping[str, str] = field(default_factory=dict)
    certain: frozenset[str] = frozenset()
    along: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    paging: Paging = Paging.NONE
    keyset: bool = False
    total: bool = False
    max_in: int = 1
    batched: bool = True
    page_size: int = 100
    content: bool = False
    heavy: frozenset[str] = frozenset()
    writes: Writes | None = None

    def orders(self, order: tuple[str, ...]) -> bool:
        """Whether records can be had in this order."""
        if self.own_order:
            order = tuple(name for name in order if name not in self.key)
        return self.sortable.issuperset(order) or order == self.fixed_order[: len(order)]

    def places(self, order: tuple[str, ...]) -> bool:
        """Whether the answer can begin at a place in this order: one that leaves no two records
        equal, so with the key in it."""
        return self.keyset and self.orders(order) and set(order).issuperset(self.key)


@dataclass(frozen=True, slots=True)
class Query:
    """A question to one collection.

    ``order``: fields, newest (highest) first; only what ``Collection.orders``. ``skip`` only
    where paging is by offset; ``token`` is a ``Page.next`` of the same question. ``count``: also
    the total, which is that of ``where`` alone; with ``limit`` 0 only the total. ``fields``: the
    fields that are needed (more may come).

    Only where the collection ``places`` the order: ``after``, the values that a record has in the
    fields of ``order``; the answer begins with the next one, whether that record is still there
    or not. Null and text of spaces are the same there: absent, after which only absent values
    follow. Not together with ``skip``. ``backwards``: the opposite order, absent values first;
    with ``after`` that gives the records before a place, the nearest first.
    """

    where: Condition = ALWAYS
    order: tuple[str, ...] = ()
    limit: int = 100
    skip: int = 0
    token: str | None = None
    after: tuple[Scalar | None, ...] = ()
    backwards: bool = False
    count: bool = False
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Along:
    """Records of another collection that came with a page. With ``field``, all of those in which it
    has the key of a record of the page are among them; without, they are what that page refers to.
    ``keys``: the keys of which all are among them, where these are others. ``only_leads``: of these
    records nothing is known but to what they refer, and perhaps their key.
    """

    field: str | None
    records: Sequence[Record]
    keys: Sequence[str] | None = None
    only_leads: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: records, the token of the next page (``None``: no more), the total if asked.

    ``along``: by collection what came with it, so that it need not be asked for. ``withheld``: the
    keys of records that were asked for by their key, and that are there, but that the source does
    not show to who asks; they are not among the records.
    """

    records: Sequence[Record]
    next: str | None = None
    total: int | None = None
    along: Mapping[str, Along] = field(default_factory=dict)
    withheld: Sequence[str] = ()


MAX_CONTENT: Final = 25 * 1024 * 1024
"""Bytes of the largest file that is passed on. Of a larger one its size is enough."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a file. ``name``, ``media``: what whoever made it says that it is, as a file name
    and a media type; nobody has looked at it. ``size``: of all of it in bytes, or a bound that it
    is not above. ``next``: the token of the piece that follows, ``None``: no more.
    """

    data: bytes
    name: str
    media: str
    size: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """The value that a field got in an earlier change of the same batch; ``change``: its index."""

    change: int
    field: str


Value = Scalar | None | Generated
"""What is written in a field. Null and empty text are both absent, and kept as the source keeps
them."""


@dataclass(frozen=True, slots=True)
class Create:
    """A new record. Fields that are not in ``values`` get what the source gives them."""

    collection: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Update:
    """Other values in some fields, never those of the key. ``expected``: what the record must
    still have in some fields, or nothing is done; absent is what is absent, in whatever way."""

    collection: str
    key: Mapping[str, Value]
    values: Mapping[str, Value]
    expected: Mapping[str, Scalar | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delete:
    """A record less. ``expected``: see ``Update``."""

    collection: str
    key: Mapping[str, Value]
    expected: Mapping[str, Scalar | None] = field(default_factory=dict)


Change = Create | Update | Delete


class Failure(StrEnum):
    """Why a call gave no answer, or did not do what was asked.

    Only of one record that was asked for by its key: ``WITHHELD``, it is there, but the source does
    not show it to who asks.

    Only of a write: ``CONFLICT``, the record is not what it was expected to be, or there may not
    be such a record beside the others; ``GONE``, there is no record with that key; ``UNKNOWN``, it
    may have been done or not. Any other failure of a write means that nothing was done.
    """

    WITHHELD = "withheld"
    REFUSED = "refused"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BAD_DATA = "bad-data"
    CONFLICT = "conflict"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Objection:
    """What a source has against a change. ``field``: of the record, empty where it is about more
    than one; ``code``: what is the matter, by a name that is the same for everybody. Never a value,
    nor what the source says in words, for a value may stand in that."""

    field: str
    code: str


class SourceError(Exception):
    """A call that failed. ``note`` is for the log: never a value, an address or a secret.

    ``retry_after``: seconds, where the source said so. ``ahead``: by how many seconds the clock of
    a source that refused is ahead of ours (negative: behind), where that may be why.
    ``objections``: of a single change that was ``REFUSED``, what the source says is wrong with it.
    """

    def __init__(
        self,
        failure: Failure,
        note: str = "",
        retry_after: float | None = None,
        ahead: int | None = None,
        objections: Sequence[Objection] = (),
    ) -> None:
        super().__init__(f"{failure.value}: {note}" if note else failure.value)
        self.failure = failure
        self.note = note
        self.retry_after = retry_after
        self.ahead = ahead
        self.objections = tuple(objections)


class Adapter(Protocol):
    """One configured source. ``options_model`` describes its options in the configuration."""

    options_model: ClassVar[type[BaseModel]]

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        """Make an adapter from its ``options`` in the configuration and the description of the
        collections beside the mapping. No I/O. Raises ``pydantic.ValidationError``."""
        ...

    @property
    def collections(self) -> Mapping[str, Collection]:
        """The capabilities, by collection name."""
        ...

    async def check(self) -> None:
        """Whether the source answers. Raises ``SourceError``."""
        ...

    async def find(self, collection: str, query: Query) -> Page:
        """Records of a collection. ``query`` asks only what was declared.

        Raises ``SourceError``; never answers fewer records than match.
        """
        ...

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        """The record with that native key, ``None`` when the source says there is none.

        Raises ``SourceError``.
        """
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class ContentAdapter(Adapter, Protocol):
    """A source in which files go with records."""

    async def piece(
        self, collection: str, key: Mapping[str, Any], token: str | None = None
    ) -> Piece | None:
        """The beginning of the file of a record in a collection with ``content``, or what follows
        by the ``token`` of the piece before; ``None`` when there is no such record. A piece is of
        a few megabytes, and can be asked for again. Raises ``SourceError``."""
        ...


class WritingAdapter(Adapter, Protocol):
    """A source in which records can be made and changed too."""

    @property
    def atomic(self) -> bool:
        """Whether the changes of one call are all done or none of them. Otherwise it is called
        with one change at a time."""
        ...

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        """Make these changes, in this order; only what was declared in ``Collection.writes``.

        The records as they are afterwards, of a deletion as it was, one for each change. It
        answers when the changes are there to stay.

        Raises ``SourceError``: ``UNKNOWN`` if they may have been done, anything else if certainly
        none of them was. It may be cancelled: then it leaves nothing half done and open, and
        raises ``SourceError`` if it knows what became of the changes. ``CancelledError`` leaves
        that unknown.
        """
        ...
