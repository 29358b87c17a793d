"""The words of the adapter: its options, and how a collection is described."""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from adapters.http_adapter import Address, HttpOptions, revealed
from adapters.secrets import SecretReference
from adapters.settings import Closed
from adapters.stuf.envelope import Version
from adapters.stuf.faults import NOT_FOUND
from adapters.stuf.names import BG, ZKN
from adapters.stuf.paths import Path, path, tree
from adapters.stuf.questions import Party
from adapters.stuf.values import Reads, day, digits, moment, text, words
from adapters.tls import Tls

Profile = Literal["zkn0310", "zds11", "zds12"]
Selection = Literal["prefix", "bare", "natuurlijkPersoon", "extraElement"]
Subject = Literal["NPS", "NNP", "VES"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except Exception:
        raise ValueError("onbekende tijdzone") from None
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("geen patroon") from None
    return text


class Account(Closed):
    """A name and a password."""

    username: str = Field(min_length=1)
    password: SecretReference


class Urls(Closed):
    """The addresses of the services, by port type of the WSDL: those that take changes only where
    zaken are written, and for numbers of zaken the one for free messages."""

    beantwoord_vraag: Address
    ontvang_asynchroon: Address | None = None
    verwerk_synchrone_kennisgeving: Address | None = None
    vrije_berichten: Address | None = None

    @property
    def writes(self) -> bool:
        """Whether zaken can be made and changed."""
        takes = self.ontvang_asynchroon or self.verwerk_synchrone_kennisgeving
        return takes is not None and self.vrije_berichten is not None


class SetBy(Closed):
    """Who gives statuses, as the zaaksysteem knows them: one of these, by its identificatie."""

    medewerker: str | None = Field(None, min_length=1, max_length=24)
    organisatorische_eenheid: str | None = Field(None, min_length=1, max_length=24)

    @model_validator(mode="after")
    def _one(self) -> SetBy:
        if (self.medewerker is None) is (self.organisatorische_eenheid is None):
            raise ValueError("geef precies een van `medewerker` en `organisatorische_eenheid`")
        return self


class Options(HttpOptions):
    """One back end, and how it wants to be asked.

    ``profile``: plain StUF-ZKN 3.10, or Zaak- en Documentservices 1.1 or 1.2, for which single
    zaken are asked with an operation of its own. ``lists``: a back end of Zaak- en Documentservices
    answers the questions of plain StUF-ZKN as well. ``selection``: how the person or organisation
    of a zaak is asked for. ``page_size``: the most objects that are asked for at once;
    ``max_pages``: so many answers for one question. ``clock_zone``: of moments in messages.
    ``soap_actions``: other SOAPActions than those of the standard, by operation. ``not_found``:
    the codes of faults that only mean that there is no such object. ``not_asked_by``: by
    collection the fields by which this back end cannot be asked, though the description says so.
    ``statuses``: the number of each status in the type of zaak that is made, by name;
    ``set_by``: who gives them, which Zaak- en Documentservices 1.2 wants to know;
    ``verify_seconds``: how long a change is looked for after it was sent.
    """

    urls: Urls
    profile: Profile = "zkn0310"
    soap_version: Version = "1.1"
    soap_actions: dict[str, str] = Field(default_factory=dict)
    soap_action_quoted: bool = True
    zender: Party
    ontvanger: Party
    basic: Account | None = None
    wss: Account | None = None
    tls: Tls | None = None
    selection: Selection = "prefix"
    page_size: int = Field(100, ge=1)
    max_pages: int = Field(10, ge=1)
    clock_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Amsterdam"
    not_found: list[Annotated[str, StringConstraints(pattern=r"^StUF\d{3}$")]] = Field(
        default_factory=lambda: [NOT_FOUND]
    )
    lists: bool = False
    not_asked_by: dict[str, list[str]] = Field(default_factory=dict)
    statuses: dict[str, Annotated[int, Field(ge=0, le=9999)]] = Field(default_factory=dict)
    set_by: SetBy | None = None
    verify_seconds: float = Field(10, gt=0)

    @model_validator(mode="after")
    def _can_write(self) -> Options:
        if self.urls.writes and self.profile == "zkn0310":
            raise ValueError("zaken maken kan alleen met `zds11` of `zds12`")
        if self.urls.writes and self.profile == "zds12" and self.set_by is None:
            raise ValueError("wie met `zds12` een status geeft, staat in `set_by`")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """``clock_zone`` itself."""
        return ZoneInfo(self.clock_zone)

    def authorization(self) -> Mapping[str, str]:
        """The header of Basic (RFC 7617). Raises ``SourceError`` when the secret is not there."""
        if self.basic is None:
            return {}
        pair = f"{self.basic.username}:{revealed(self.basic.password)}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    def tls_context(self) -> ssl.SSLContext | None:
        """What connections are made with. Raises ``SourceError``."""
        return None if self.tls is None else self.tls.context()


class FieldWord(Closed):
    """One field. ``path``: where it stands; written alone it may stand by itself. ``digits``: it
    is a number of so many digits. ``date``, ``moment``: it is one. ``values``: other words for
    some codes. ``withheld``: what is read when the source keeps the value from who asks; without
    that, nothing. ``beside``: fields that are read with it, to know which of several it is,
    or because the schema has it so."""

    path: str
    digits: int | None = Field(None, ge=1, le=40)
    date: bool = False
    moment: bool = False
    values: dict[str, str] = Field(default_factory=dict)
    withheld: str | None = None
    beside: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_form(self) -> FieldWord:
        if sum((self.digits is not None, self.date, self.moment, bool(self.values))) > 1:
            raise ValueError("geef hoogstens een van `digits`, `date`, `moment` en `values`")
        return self


class FilterWord(Closed):
    """How a field is asked for. ``sorting``: the number of the sorting that begins with it, as
    many back ends look only at criteria that are in the sorting. ``subject``: it is the number of
    a person or organisation in a zaak, of which ``selection`` says how it is asked for. ``zds``:
    the operation of Zaak- en Documentservices that asks for it. ``form``: a pattern of what it
    can be; anything else is not asked, for there is none."""

    sorting: int = Field(0, ge=0)
    subject: Subject | None = None
    zds: str | None = None
    form: Annotated[str, AfterValidator(_pattern)] | None = None


class WritesWord(Closed):
    """What is written of zaken. ``create``: fields of a new one; ``today``: those that get the day
    on which it is made; ``required`` and ``lengths``: as everywhere. ``status``: the field that
    another status is written in, with its remark in ``status_remark`` and its moment in
    ``status_at``; ``zaaktype``: the field with the code of the type that it is a status of."""

    create: list[str] = Field(min_length=1)
    today: list[str] = Field(default_factory=list)
    required: list[str] = Field(default_factory=list)
    lengths: dict[str, int] = Field(default_factory=dict)
    status: str | None = None
    status_remark: str | None = None
    status_at: str | None = None
    zaaktype: str | None = None

    @property
    def named(self) -> list[str]:
        """All fields that it names."""
        known = (self.status, self.status_remark, self.status_at, self.zaaktype)
        return [*self.create, *self.today, *self.required, *self.lengths, *filter(None, known)]


class Resource(Closed):
    """One collection: the objects of an entity.

    ``sector``: ``bg`` or ``zkn``. ``fields``: what is read and asked for, in the order of the
    schema. ``key``: the field by which an object is known. ``filters``: by which fields it can be
    asked. ``composed``: fields that are made of other ones, as far as these are there, with a
    space between them. ``certain``: fields with the number of somebody who is in another collection
    because of it. ``named``: of its records nothing but the key is known, and whatever that is,
    there is one; so nothing is sent. ``writes``: what is written.
    """

    sector: Literal["bg", "zkn"]
    entity: str = Field(pattern=r"^[A-Z]{3}$")
    key: str
    fields: dict[str, FieldWord] = Field(min_length=1)
    filters: dict[str, FilterWord] = Field(min_length=1)
    composed: dict[str, list[str]] = Field(default_factory=dict)
    certain: list[str] = Field(default_factory=list)
    named: bool = False
    writes: WritesWord | None = None

    @model_validator(mode="after")
    def _fits(self) -> Resource:
        parts = [part for of in self.composed.values() for part in of]
        parts += [part for word in self.fields.values() for part in word.beside]
        parts += [*self.certain, *(self.writes.named if self.writes else ())]
        strange = [n for n in (self.key, *self.filters, *parts) if n not in self.fields]
        if strange:
            raise ValueError(f"`{strange[0]}` staat niet onder `fields`")
        twice = self.composed.keys() & self.fields.keys()
        if twice:
            raise ValueError(f"`{min(twice)}` staat ook onder `fields`")
        tree(self.paths, self.fields)
        return self

    def read_for(self, names: Iterable[str]) -> frozenset[str]:
        """The fields that have to be read for fields with these names."""
        found = [part for name in names for part in self.composed.get(name, (name,))]
        return frozenset([*found, *(more for name in found for more in self.fields[name].beside)])

    @property
    def written(self) -> WritesWord:
        """What is written, of what can be."""
        assert self.writes is not None
        return self.writes

    @property
    def status_fields(self) -> tuple[str, ...]:
        """The fields that come with a status."""
        words = self.written
        named = (words.status, words.status_remark, words.status_at)
        return tuple(name for name in named if name is not None)

    @property
    def namespace(self) -> str:
        """That of its elements."""
        return _SECTORS[self.sector]

    def reads(self, zone: ZoneInfo) -> dict[str, Reads]:
        """How each field is read; ``zone``: of the clock of the back end."""
        at = moment(zone)
        return {name: _reads(word, at) for name, word in self.fields.items()}

    @cached_property
    def withheld(self) -> dict[str, str]:
        """What fields hold that are kept from who asks."""
        held = ((name, word.withheld) for name, word in self.fields.items())
        return {name: value for name, value in held if value is not None}

    @cached_property
    def paths(self) -> dict[str, Path]:
        """Where each field stands."""
        return {name: path(word.path, self.namespace) for name, word in self.fields.items()}


def _reads(word: FieldWord, at: Reads) -> Reads:
    if word.digits is not None:
        return digits(word.digits)
    if word.moment:
        return at
    if word.values:
        return words(word.values)
    return day if word.date else text


_SECTORS: Final = {"bg": BG, "zkn": ZKN}
