"""An installation put together from its configuration: adapters, mappings, identity, register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.types import ASGIApp

from adapters.base import Adapter
from gateway import adapting
from gateway import config as configuration
from gateway.api.access import Client, Tokens
from gateway.api.app import create_app
from gateway.api.management import Serving, create_management
from gateway.api.metrics import Metrics
from gateway.bounds import Bounds
from gateway.config import Config
from gateway.documents import Document, DocumentError, Finding, Location
from gateway.federation.catalogue import Catalogue
from gateway.federation.cursor import Cursors
from gateway.federation.plan import can_tell
from gateway.federation.same import Sameness
from gateway.federation.zaken import Kind, Known, Zaken
from gateway.identity import Identity, IdentityError
from gateway.mapping import elsewhere, names
from gateway.mapping import load as mappings
from gateway.mapping.elsewhere import carries
from gateway.mapping.samples import samples
from gateway.mapping.stream import RuleError, Stream
from gateway.sources.remembered import Remembered
from gateway.sources.source import Source
from gateway.writing.owners import Owners
from gateway.writing.register import WritingRegister


@dataclass(frozen=True)
class Installation:
    """Everything that serves, made without any I/O to a source."""

    config: Config
    catalogue: Catalogue
    register: WritingRegister
    adapters: Mapping[str, Adapter]
    metrics: Metrics

    async def close(self) -> None:
        """Give back what the adapters hold."""
        for adapter in self.adapters.values():
            await adapter.close()

    def app(self) -> ASGIApp:
        """The ASGI application."""
        clients = [
            (
                Client(
                    name,
                    client.reads(),
                    client.writes(),
                    client.user_header,
                    omits_withheld=client.withheld == "omit",
                ),
                client.tokens,
            )
            for name, client in self.config.clients.items()
        ]
        contact = self.config.server.contact
        return create_app(
            self.register,
            Tokens(clients),
            public_url=self.config.server.public_url,
            contact=contact.model_dump() if contact else {},
            request_seconds=self.config.limits.request_seconds,
            metrics=self.metrics,
            close=self.close,
        )

    def management(self, serving: Serving) -> ASGIApp:
        """The ASGI application of the management port; ``serving``: whether the API is open."""
        return create_management(self.metrics, serving)


def build(path: Path) -> Installation:
    """The installation that a configuration file describes.

    Raises ``DocumentError`` with everything that is wrong in it and in the mappings.
    """
    config, document = configuration.load(path)
    findings: list[Finding] = []
    secrets: Mapping[int, bytes] = {}
    try:
        secrets = configuration.secrets(config, document)
    except DocumentError as error:
        findings += error.findings
    adapters: dict[str, Adapter] = {}
    streams: list[Stream] = []
    known: dict[str, Known] = {}
    whole: set[str] = set()
    for alias in config.sources:
        try:
            adapter = adapting.adapter(config.sources[alias], document, ("sources", alias))
            adapters[alias] = adapter
            streams += _streams(config, alias, adapter)
            known |= _known(config, document, alias, adapter)
            whole.add(alias)
        except DocumentError as error:
            findings += error.findings
    if whole == set(config.sources):
        findings += _unfit(config, document, streams)
        findings += _untold(document, adapters, streams)
    if findings:
        raise DocumentError(findings)
    try:
        identity = Identity(secrets, config.identity.current, streams)
    except IdentityError as error:
        raise DocumentError(
            document.finding(("identity",), message) for message in error.messages
        ) from None
    wrong = list(_sample_keys(config, streams, identity))
    if wrong:
        raise DocumentError(wrong)
    cursors = Cursors(secrets, config.identity.current)
    return _assemble(config, document, adapters, streams, identity, cursors, known)


def _unfit(config: Config, document: Document, streams: list[Stream]) -> Iterator[Finding]:
    """References to other sources that cannot be followed there, where nothing is wrong with any
    of these."""
    for alias, source in config.sources.items():
        for resource, message in elsewhere.unfit(alias, source.refers_to, streams):
            yield document.finding(("sources", alias, "refers_to", resource), message)


def _untold(
    document: Document, adapters: Mapping[str, Adapter], streams: list[Stream]
) -> Iterator[Finding]:
    """Sources that cannot be asked who has a key by which another source refers to them."""
    edges = dict.fromkeys((s.source, e) for s in streams for e in s.edges if e.shared is not None)
    for alias, edge in edges:
        assert edge.shared is not None
        for far in streams:
            if far.source not in edge.elsewhere or not carries(far, edge.shared, edge.ref.to):
                continue
            if not can_tell(edge, far, adapters[far.source].collections[far.collection]):
                message = f"bron `{far.source}` kan niet zeggen wie een {edge.shared.name} heeft"
                at: Location = ("sources", alias, "refers_to", edge.ref.to)
                yield document.finding(at, f"{message} ({far}).")


def _sample_keys(config: Config, streams: list[Stream], identity: Identity) -> Iterator[Finding]:
    """Sample records whose key is not of the form that the mapping says."""
    beside = {alias: samples(source.mapping) for alias, source in config.sources.items()}
    for stream in streams:
        document = beside[stream.source].get(stream.collection)
        if document is None:
            continue
        for n, record in enumerate(document.data):
            try:
                identity.encode(stream, stream.native_key(record))
            except RuleError as error:
                yield document.finding((n,), f"{error} (regel in {stream.file})")


def _owners(config: Config, document: Document, catalogue: Catalogue) -> Owners:
    """Who writes what. Raises ``DocumentError`` where that is not decided."""
    chosen = config.writing.owners
    owners = Owners(
        catalogue,
        chosen,
        known_actoren=config.writing.known_actoren,
        lenient=config.writing.lenient,
        introducing=config.writing.introduce_partijen,
    )
    findings = [
        document.finding(
            ("writing",),
            f"`writing.owners` zegt niet welke bron nieuwe {resource} krijgt: {', '.join(able)}.",
        )
        for resource, able in owners.undecided().items()
    ]
    findings += (
        document.finding(
            ("writing", "owners", resource), f"bron `{alias}` neemt geen nieuwe {resource} aan."
        )
        for resource, alias in chosen.items()
        if not owners.creating(resource)
    )
    if findings:
        raise DocumentError(findings)
    return owners


def _assemble(
    config: Config,
    document: Document,
    adapters: Mapping[str, Adapter],
    streams: list[Stream],
    identity: Identity,
    cursors: Cursors,
    known: Mapping[str, Known],
) -> Installation:
    by_resource: dict[str, tuple[Stream, ...]] = {}
    for stream in streams:
        path = stream.resource.path
        by_resource[path] = (*by_resource.get(path, ()), stream)
    catalogue = Catalogue(
        by_resource,
        {alias: a.collections for alias, a in adapters.items()},
        identity,
        frozenset(a for a, source in config.sources.items() if source.shows == "asked-for"),
    )
    limits = config.limits
    sources = _sources(config, adapters)
    bounds = Bounds(
        calls=limits.calls,
        scan_records=limits.scan_records,
        scan_pages=limits.scan_pages,
        related_objects=limits.related_objects,
        merged_records=limits.merged_records,
    )
    register = WritingRegister(
        catalogue,
        sources,
        bounds,
        cursors,
        _same(config.partijen, sources),
        Zaken(
            {Kind.UUID: config.zaken.uuid, Kind.IDENTIFICATIE: config.zaken.identificatie}, known
        ),
        owners=_owners(config, document, catalogue),
    )
    metrics = Metrics(lambda: {alias: source.breaker for alias, source in sources.items()})
    return Installation(config, catalogue, register, adapters, metrics)


def _same(partijen: configuration.Partijen, aliases: Iterable[str]) -> Sameness:
    order = dict.fromkeys((*partijen.precedence, *aliases))
    fields = {name: tuple(order) for name, order in partijen.fields.items()}
    return Sameness(tuple(partijen.same_by), tuple(order), fields)


def _sources(config: Config, adapters: Mapping[str, Adapter]) -> dict[str, Source]:
    """The sources as they are asked. What they answered is kept in one store, with one bound."""
    limits = config.limits
    memory = Remembered(limits.burst_bytes)
    return {
        alias: Source(
            alias,
            adapter,
            limits.connections,
            limits.source_seconds,
            required=config.sources[alias].required,
            memory=memory if config.sources[alias].burst else None,
            fresh=limits.burst_seconds,
            stale=config.sources[alias].stale_seconds,
        )
        for alias, adapter in adapters.items()
    }


def _streams(config: Config, alias: str, adapter: Adapter) -> tuple[Stream, ...]:
    source = config.sources[alias]
    collections = adapter.collections
    if source.read_only:
        collections = {name: replace(one, writes=None) for name, one in collections.items()}
    known = mappings.Source(alias, source.number, collections, source.refers_to)
    return mappings.load(source.mapping, known, source.layers)


def _known(config: Config, document: Document, alias: str, adapter: Adapter) -> Mapping[str, Known]:
    """Where a source is asked for the names of a zaak. Raises ``DocumentError``."""
    source, chosen = config.sources[alias], config.zaken.known_by
    word = names.load(source.mapping, adapter.collections, source.layers)
    if chosen is not None and alias not in chosen:
        return {}
    if word is not None:
        fields = {Kind(kind): field for kind, field in word.fields.items()}
        return {alias: Known(word.collection, fields)}
    if chosen is None:
        return {}
    message = f"de mapping van `{alias}` zegt niet waar zij de namen van een zaak kent"
    raise DocumentError([document.finding(("zaken", "known_by", chosen.index(alias)), message)])
