"""The configuration of an installation: one YAML file, closed, secrets only by reference."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from adapters.secrets import SecretReference, absolute
from gateway import documents
from gateway.documents import Document, DocumentError, Finding, Location
from gateway.standard.model import Inverse, Resource
from gateway.standard.table import RESOURCES, SOORT_OBJECT


class Setting(BaseModel):
    """Closed: an unknown setting is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Setting):
    """Who runs this gateway, as its OpenAPI document says (NLGov API Design Rules 2.1)."""

    name: str
    email: str
    url: str


class Server(Setting):
    """Where the gateway listens, and the address that clients know it by."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str | None = Field(
        None, description="Scheme and host of the urls in answers; default: from the request."
    )

    contact: Contact | None = None
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description="Addresses whose X-Forwarded-Proto and X-Forwarded-For are believed.",
    )

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/\s?#@]+", value):
            raise ValueError("public_url is een schema en een host, zonder pad")
        return value


class Identity(Setting):
    """The secrets under which ids are made. Old versions keep decoding."""

    current: int
    keys: dict[int, SecretReference] = Field(min_length=1)


def _token(value: str) -> str:
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", value):
        raise ValueError("een token staat hier als `sha256:<64 hexadecimale tekens>`")
    return value


_RIGHTS = ("read", "write")


def _scope(value: str) -> str:
    resource, _, right = value.partition(":")
    if right not in _RIGHTS:
        raise ValueError(
            f"`{value}`: schrijf `<resource>:read` of `<resource>:write`, met `*` voor alles"
        )
    if resource != "*" and resource not in RESOURCES:
        raise ValueError(
            f"`{value}`: onbekende resource.{documents.suggestion(resource, RESOURCES)}"
        )
    return value


class Client(Setting):
    """One consumer: its tokens (hashed) and what it may. Nothing unless it is named."""

    tokens: list[Annotated[str, AfterValidator(_token)]] = Field(min_length=1)
    scopes: list[Annotated[str, AfterValidator(_scope)]] = Field(default_factory=list)
    user_header: str | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    withheld: Literal["refer", "omit"] = "refer"

    def reads(self) -> frozenset[str]:
        """The resources that it may read; ``*``: all."""
        return self._with("read")

    def writes(self) -> frozenset[str]:
        """The resources that it may write; ``*``: all."""
        return self._with("write")

    def _with(self, right: str) -> frozenset[str]:
        scopes = (scope.partition(":") for scope in self.scopes)
        return frozenset(resource for resource, _, given in scopes if given == right)


def _alias(value: str) -> str:
    # It stands in headers as a token (RFC 9651, section 3.3.4; RFC 9110, section 5.6.2).
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", value):
        raise ValueError(
            "een bron heeft een naam van hoogstens 40 letters, cijfers, `-` en `_`, die met een"
            " letter begint"
        )
    return value


def _resource(value: str) -> str:
    if value not in RESOURCES:
        raise ValueError(f"`{value}`: onbekende resource.{documents.suggestion(value, RESOURCES)}")
    return value


class Source(Setting):
    """One system behind the gateway."""

    number: int = Field(ge=0, le=31, description="Part of every id: never change or reuse it.")
    adapter: str = Field(description="Name of an installed adapter, or `module:Class`.")
    mapping: Path = Field(description="Folder with the mapping files.")
    overrides: Path | list[Path] = Field(
        default_factory=list,
        description="Folder, or folders, with rules that are laid over the mapping, in this order.",
    )
    collections: str | None = Field(
        None, description="Which description of the collections; default: the adapter's name."
    )
    options: dict[str, Any] = Field(default_factory=dict)
    refers_to: dict[Annotated[str, AfterValidator(_resource)], list[str]] = Field(
        default_factory=dict,
        description="Per resource the other sources to whose objects it refers.",
    )
    shows: Literal["all", "asked-for"] = Field(
        "all",
        description="asked-for: a list that it cannot be asked is answered without it; there it "
        "only adds to partijen that other sources show.",
    )
    required: bool = Field(True, description="false: an answer without this source is an answer.")
    read_only: bool = Field(False, description="true: nothing is written to it.")
    burst: bool = Field(True, description="false: its answers are neither kept nor shared.")
    stale_seconds: float = Field(
        0, ge=0, description="How long after that an answer may stand in when the source fails."
    )

    @property
    def layers(self) -> list[Path]:
        """The folders that are laid over the mapping."""
        return self.overrides if isinstance(self.overrides, list) else [self.overrides]


class Limits(Setting):
    """Bounds of one request."""

    request_seconds: float = Field(10, gt=0)
    source_seconds: float = Field(5, gt=0)
    connections: int = Field(10, ge=1, description="Calls at once, per source.")
    calls: int = Field(200, ge=1, description="Calls to sources.")
    scan_records: int = Field(2000, ge=1, description="Records looked through for one question.")
    scan_pages: int = Field(5, ge=1, description="Pages fetched for one question.")
    related_objects: int = Field(5000, ge=1, description="Related objects in one answer.")
    burst_seconds: float = Field(
        5, ge=0, description="How long an answer of a source is kept for the same question."
    )
    burst_bytes: int = Field(
        8_388_608, ge=0, description="What all answers that are kept may take, per process."
    )
    merged_records: int = Field(
        20000,
        ge=1,
        description="Identificatoren looked through to know which partijen are known twice, and"
        " addresses to know which are preferred.",
    )


class Management(Setting):
    """Where probes and metrics are asked. Apart from the API, because everyone who reaches it may:
    by default only from the machine itself."""

    host: str = "127.0.0.1"
    port: int | None = Field(9090, ge=1, le=65535, description="null: this port is not opened.")


def _soort(value: str) -> str:
    if value not in SOORT_OBJECT:
        raise ValueError(
            f"`{value}`: onbekend soort identificator.{documents.suggestion(value, SOORT_OBJECT)}"
        )
    return value


def _member(value: str) -> str:
    members = [m.name for m in RESOURCES["partijen"].members if not isinstance(m, Inverse)]
    if value not in members:
        raise ValueError(
            f"`{value}`: onbekend attribuut van een partij.{documents.suggestion(value, members)}"
        )
    return value


class Partijen(Setting):
    """When partijen of several sources, or of one, are one and the same."""

    same_by: list[Annotated[str, AfterValidator(_soort)]] = Field(
        default_factory=lambda: ["bsn", "kvk_nummer", "vestigingsnummer"],
        description="Kinds of identificator that make partijen one; []: none.",
    )
    precedence: list[str] = Field(
        default_factory=list,
        description="Sources, the authority first: it gives a partij its uuid and its values; "
        "default: the order of `sources`.",
    )
    fields: dict[Annotated[str, AfterValidator(_member)], list[str]] = Field(
        default_factory=dict,
        description="Attributes with a precedence of their own.",
    )


_CODES = ("codeObjecttype", "codeRegister", "codeSoortObjectId")


def _codes(value: dict[str, str]) -> dict[str, str]:
    for code in value:
        if code not in _CODES:
            raise ValueError(f"`{code}`: onbekende code.{documents.suggestion(code, _CODES)}")
    if len(value) < len(_CODES):
        raise ValueError(f"geef alle drie de codes: {', '.join(_CODES)}")
    return value


Codes = Annotated[dict[str, str], AfterValidator(_codes)]


def _written(soort: str) -> list[dict[str, str]]:
    """How the known applications write the name of a zaak, by what is in ``objectId``."""
    registers = (("zgw-Zaak", "openzaak"), ("zaak", "open-zaak"))
    return [dict(zip(_CODES, (*one, soort), strict=True)) for one in registers]


class Zaken(Setting):
    """The names of a zaak: whoever points at it by one of these, finds it under all of them."""

    uuid: list[Codes] = Field(
        default_factory=lambda: _written("uuid"),
        description="The codes under which links hold the uuid of a zaak.",
    )
    identificatie: list[Codes] = Field(
        default_factory=lambda: _written("identificatie"),
        description="The codes under which links hold the number of a zaak.",
    )
    known_by: list[str] | None = Field(
        None,
        description="Sources that are asked which number goes with a uuid, and the other way "
        "around; default: all that know both; []: none.",
    )


class Writing(Setting):
    """Where new objects go."""

    owners: dict[Annotated[str, AfterValidator(_resource)], str] = Field(
        default_factory=dict,
        description="Per resource the source that takes new objects; needed where several could.",
    )
    known_actoren: bool = Field(
        False,
        description="Where no source takes new actoren: who asks for one is given the actor with "
        "that actoridentificator.",
    )
    introduce_partijen: bool = Field(
        False,
        description="A partij that the source of something new does not know is made there, with "
        "its number and name.",
    )
    lenient: dict[Annotated[str, AfterValidator(_resource)], list[str]] = Field(
        default_factory=dict,
        description="Per resource attributes that a client may give though the source cannot keep "
        "them.",
    )


class Logging(Setting):
    """What is logged. Values of parameters, bodies and records never are."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(Setting):
    """The whole file."""

    server: Server = Field(default_factory=Server)
    identity: Identity
    clients: dict[str, Client] = Field(default_factory=dict)
    sources: dict[Annotated[str, AfterValidator(_alias)], Source] = Field(min_length=1)
    partijen: Partijen = Field(default_factory=Partijen)
    zaken: Zaken = Field(default_factory=Zaken)
    writing: Writing = Field(default_factory=Writing)
    limits: Limits = Field(default_factory=Limits)
    management: Management = Field(default_factory=Management)
    logging: Logging = Field(default_factory=Logging)


_SHIPPED = Path(__file__).parents[1] / "mappings"


def _folder(base: Path, given: Path) -> Path:
    """A folder, counted from that of the configuration; else one that is shipped, which is beside
    the code wherever that was installed."""
    own = base / given
    shipped = _SHIPPED.joinpath(*given.parts[1:])
    if not own.exists() and given.parts[:1] == (_SHIPPED.name,) and shipped.is_dir():
        return shipped
    return own


def load(path: Path) -> tuple[Config, Document]:
    """Read a configuration. Relative paths count from the folder of the file.

    Raises ``DocumentError`` with everything that is wrong.
    """
    document = documents.load(path)
    base = path.resolve().parent
    if isinstance(document.data, dict):
        document = Document(document.path, absolute(document.data, base), document.places)
    config = document.parse(Config, secret=SECRET)
    findings = list(_contradictions(config, document))
    if findings:
        raise DocumentError(findings)
    sources = {
        alias: source.model_copy(
            update={
                "mapping": _folder(base, source.mapping),
                "overrides": [_folder(base, folder) for folder in source.layers],
            }
        )
        for alias, source in config.sources.items()
    }
    return config.model_copy(update={"sources": sources}), document


SECRET = frozenset({"keys", "tokens", "options", "headers", "url"})
"""Names below which a secret can stand by mistake: nothing there is ever repeated."""


def _contradictions(config: Config, document: Document) -> Iterator[Finding]:
    """Settings that are right by themselves and wrong together."""
    current = config.identity.current
    if current not in config.identity.keys:
        at: Location = ("identity", "current")
        message = f"`current` noemt versie {current}, die niet onder `keys` staat"
        yield document.finding(at, message)
    if config.management.port == config.server.port:
        message = "de API en management hebben dezelfde poort"
        yield document.finding(("management", "port"), message)
    for name, client in config.clients.items():
        blind = () if "*" in client.reads() else client.writes() - client.reads()
        for resource in sorted(blind):
            # The answer to a write shows the object.
            message = f"`{resource}:write` kan niet zonder `{resource}:read`"
            place = client.scopes.index(f"{resource}:write")
            yield document.finding(("clients", name, "scopes", place), message)
    seen: dict[int, str] = {}
    for alias, source in config.sources.items():
        if source.stale_seconds and not source.burst:
            message = "`stale_seconds` kan niet zonder `burst`: dan wordt niets bewaard"
            yield document.finding(("sources", alias, "stale_seconds"), message)
        yield from _elsewhere(config, document, alias)
        first = seen.setdefault(source.number, alias)
        if first != alias:
            message = f"de bronnen `{first}` en `{alias}` hebben hetzelfde nummer"
            yield document.finding(("sources", alias, "number"), message)
    for n, alias in enumerate(config.zaken.known_by or ()):
        if alias not in config.sources:
            message = f"er is geen bron `{alias}`.{documents.suggestion(alias, config.sources)}"
            yield document.finding(("zaken", "known_by", n), message)
    for codes in config.zaken.uuid:
        if codes in config.zaken.identificatie:
            message = "deze codes staan bij `uuid` en bij `identificatie`"
            yield document.finding(("zaken", "uuid", config.zaken.uuid.index(codes)), message)
    for resource, alias in config.writing.owners.items():
        if alias not in config.sources:
            message = f"er is geen bron `{alias}`.{documents.suggestion(alias, config.sources)}"
            yield document.finding(("writing", "owners", resource), message)
    for resource, paths in config.writing.lenient.items():
        known = attributes(RESOURCES[resource])
        for n, path in enumerate(paths):
            if path not in known:
                message = f"{resource} heeft geen attribuut `{path}`."
                message += documents.suggestion(path, known)
                yield document.finding(("writing", "lenient", resource, n), message)
    yield from _precedences(config, document)


def attributes(resource: Resource) -> frozenset[str]:
    """The dotted paths of a resource's attributes and references, and what these are parts of."""
    leaves = [path for path, _ in (*resource.fields(), *resource.refs())]
    parts = [path.split(".") for path in leaves]
    return frozenset(".".join(one[:n]) for one in parts for n in range(1, len(one) + 1))


def _elsewhere(config: Config, document: Document, alias: str) -> Iterator[Finding]:
    """References of a source to others that are not there, or to itself."""
    others = [other for other in config.sources if other != alias]
    for resource, named in config.sources[alias].refers_to.items():
        for n, other in enumerate(named):
            if other not in others:
                message = f"er is geen andere bron `{other}`.{documents.suggestion(other, others)}"
                yield document.finding(("sources", alias, "refers_to", resource, n), message)


def _precedences(config: Config, document: Document) -> Iterator[Finding]:
    """Precedences that name a source that is not there, and an authority that may be missing."""
    named: dict[Location, list[str]] = {("precedence",): config.partijen.precedence}
    named |= {("fields", name): order for name, order in config.partijen.fields.items()}
    authority = next(iter((*config.partijen.precedence, *config.sources)))
    source = config.sources.get(authority) if config.partijen.same_by else None
    if source is not None and len(config.sources) > 1 and not source.required:
        message = (
            f"`{authority}` geeft partijen hun uuid en mag dus niet ontbreken: zet een andere bron"
            " voorop in `partijen.precedence`"
        )
        yield document.finding(("sources", authority, "required"), message)
    for at, order in named.items():
        for n, alias in enumerate(order):
            if alias not in config.sources:
                message = f"er is geen bron `{alias}`.{documents.suggestion(alias, config.sources)}"
                yield document.finding(("partijen", *at, n), message)


def secrets(config: Config, document: Document) -> Mapping[int, bytes]:
    """The identity secrets by version. Raises ``DocumentError`` for one that cannot be had."""
    findings = []
    found: dict[int, bytes] = {}
    for version, reference in config.identity.keys.items():
        at = ("identity", "keys", str(version))
        try:
            secret = reference.reveal().encode()
        except (OSError, KeyError):
            findings.append(document.finding(at, f"geheim {reference} is er niet"))
            continue
        if len(secret) < 16:
            findings.append(document.finding(at, f"geheim {reference} is korter dan 16 tekens"))
        found[version] = secret
    if findings:
        raise DocumentError(findings)
    return found


def default_path() -> Path:
    """The configuration file when none is named: ``$GATEWAY_CONFIG`` or ``config.yaml``."""
    return Path(os.environ.get("GATEWAY_CONFIG", "config.yaml"))
