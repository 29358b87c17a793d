"""What a configuration says by itself: secrets, clients, times, and who can listen."""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gateway.audit.kinds import (
    ALLES,
    BEHEER,
    GEBRUIKER,
    GEEN_BRON,
    GEZAG,
    KORT,
    LEESBAAR,
    LETTERLIJK,
    LOGT,
    NIETS,
    ONVERSLEUTELD,
    OUD,
    OUDE_ANTWOORDEN,
    PERSONEN,
    PROXY,
    TIJD_BRON,
    TIJD_SAMEN,
    TOKEN_DEMO,
    TOKEN_GEDEELD,
)
from gateway.config import Config
from gateway.remarks import Remark

_STEPS: Final = 2
"""How many calls of a usual question wait for each other: finding, and then what goes with it."""
_SHORTEST: Final = 32
_OLDEST: Final = 2 * 365 * 24 * 3600
_STALE: Final = 60
_SEARCHED: Final = frozenset({"partijen", "partij-identificatoren"})
"""Resources in which a person is found by a number."""
_DEMO: Final = "sha256:2a97516c354b68848cdbd8f54a226a0a55b21ed138e207ad6c5cbb9c00aa5aea"
"""The token of the sample municipality, as a hash; that of a copied configuration."""
_SECRET_NAME: Final = re.compile(
    r"pass(word|phrase)?$|secret$|token$|wachtwoord|geheim|api_?key$|authorization$", re.IGNORECASE
)
_PLAIN: Final = frozenset({"http", "imap"})


def literals(data: object) -> Iterator[Remark]:
    """Secrets that stand in a file as they are; ``data``: the file, as it was read. The place is
    told, the value is not."""
    for path, value in _texts(data, ()):
        if value.startswith(("env:", "file:", "sha256:")):
            continue
        named = _SECRET_NAME.search(path[-1]) is not None or "headers" in path[:-1]
        if (named and value) or _password(value):
            yield Remark(LETTERLIJK, ".".join(path))


def _texts(data: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _texts(value, (*path, str(name)))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _texts(value, (*path, str(n)))
    elif isinstance(data, str) and path:
        yield path, data


def _password(text: str) -> bool:
    """Whether a text is a url with a password in it."""
    if "://" not in text:
        return False
    try:
        return bool(urlsplit(text).password)
    except ValueError:
        return False


def settings(config: Config, data: object, secrets: Mapping[int, bytes]) -> Iterator[Remark]:
    """What settings say. ``data``: the file, as it was read, with ``file:`` made absolute;
    ``secrets``: of identities, by their version."""
    yield from _keys(config, secrets)
    yield from _files(data)
    yield from _clients(config)
    yield from _sources(config)
    yield from _times(config)
    if config.logging.level == "debug":
        yield Remark(LOGT, "logging.level", "debug")
    if config.management.port is not None and not _local(config.management.host):
        yield Remark(BEHEER, "management.host")
    if {"*", "0.0.0.0/0", "::/0"} & set(config.server.trusted_proxies):
        yield Remark(PROXY, "server.trusted_proxies")


def _keys(config: Config, secrets: Mapping[int, bytes]) -> Iterator[Remark]:
    for version, secret in secrets.items():
        if len(secret) < _SHORTEST:
            yield Remark(KORT, f"identity.keys.{version}", f"{len(secret)} tekens")
    kind, _, name = str(config.identity.keys[config.identity.current]).partition(":")
    if kind == "file" and time.time() - Path(name).stat().st_mtime > _OLDEST:
        yield Remark(OUD, f"identity.keys.{config.identity.current}")


def _files(data: object) -> Iterator[Remark]:
    for path, value in _texts(data, ()):
        if value.startswith("file:") and path[-1] not in ("ca", "certificate"):
            file = Path(value.removeprefix("file:"))
            if file.is_file() and file.stat().st_mode & stat.S_IROTH:
                yield Remark(LEESBAAR, ".".join(path))


def _clients(config: Config) -> Iterator[Remark]:
    owners: dict[str, str] = {}
    for name, client in config.clients.items():
        about = f"clients.{name}"
        reads, writes = client.reads(), client.writes()
        if not reads | writes:
            yield Remark(NIETS, about)
        if everything := [right for right, given in _rights(reads, writes) if "*" in given]:
            yield Remark(ALLES, about, ", ".join(everything))
        if "*" in reads:
            yield Remark(PERSONEN, about)
        if ("*" in reads or _SEARCHED & reads) and client.user_header is None:
            yield Remark(GEBRUIKER, about)
        for token in client.tokens:
            if token == _DEMO:
                yield Remark(TOKEN_DEMO, about)
            other = owners.setdefault(token, name)
            if other != name:
                yield Remark(TOKEN_GEDEELD, about, f"ook van {other}")


def _rights(
    reads: frozenset[str], writes: frozenset[str]
) -> tuple[tuple[str, frozenset[str]], ...]:
    return ("lezen", reads), ("schrijven", writes)


def _sources(config: Config) -> Iterator[Remark]:
    if not any(source.required for source in config.sources.values()):
        yield Remark(GEEN_BRON, "sources")
    for attribute, order in config.partijen.fields.items():
        first = config.sources.get(order[0]) if order else None
        if first is not None and not first.required:
            yield Remark(GEZAG, f"partijen.fields.{attribute}", order[0])
    for alias, source in config.sources.items():
        if source.stale_seconds > _STALE:
            told = f"{source.stale_seconds:g} seconden"
            yield Remark(OUDE_ANTWOORDEN, f"sources.{alias}.stale_seconds", told)


def encryption(alias: str, options: Mapping[str, object]) -> Iterator[Remark]:
    """Where a source is called without encryption; ``options``: those that say where it is."""
    for path, value in _texts(options, ("sources", alias, "options")):
        host = _unencrypted(value)
        if host is not None and not _local(host):
            yield Remark(ONVERSLEUTELD, ".".join(path))


def _unencrypted(text: str) -> str | None:
    """The host of a url whose scheme says that nothing is encrypted."""
    if "://" not in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in _PLAIN else None


def _local(host: str) -> bool:
    """Whether only the machine itself can be meant."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _times(config: Config) -> Iterator[Remark]:
    source, request = config.limits.source_seconds, config.limits.request_seconds
    told = f"{source:g} van {request:g} seconden"
    if source >= request:
        yield Remark(TIJD_BRON, "limits.source_seconds", told)
    elif _STEPS * source > request:
        yield Remark(TIJD_SAMEN, "limits.source_seconds", f"{_STEPS} keer {told}")
