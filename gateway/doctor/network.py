"""The way to a source: its name, the certificates on both sides, and its clock."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography import x509

from adapters.http import clock_ahead
from gateway.doctor.kinds import KLOK_APART, NAAM, VERLOOPT, VERLOPEN
from gateway.remarks import Remark

_SOON: Final = timedelta(days=30)
_SECONDS: Final = 5
_PORTS: Final = {"https": 443, "imaps": 993}
_WEB: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is. ``tls``: the port where it speaks TLS from the first byte; ``origin``: of
    its urls, where it speaks HTTP."""

    host: str
    tls: int | None = None
    origin: str | None = None


async def on_the_way(alias: str, options: Mapping[str, Any]) -> AsyncIterator[Remark]:
    """What is wrong before anything can be asked; ``options``: of the source, as configured."""
    for place in dict.fromkeys(_places(options)):
        try:
            await asyncio.get_running_loop().getaddrinfo(place.host, place.tls or 0)
        except (OSError, UnicodeError):
            yield Remark(NAAM, alias, place.host)
            continue
        if place.tls is not None and (found := await _shown(place.host, place.tls)) is not None:
            for remark in _dated(alias, f"van {place.host}", found):
                yield remark
        if place.origin is not None and (ahead := await _clock(place.origin)) is not None:
            told = f"{place.host} loopt {abs(ahead)} seconden {'voor' if ahead > 0 else 'achter'}"
            yield Remark(KLOK_APART, alias, told)
    for path in _certificates(options):
        for remark in _dated(alias, "dat de gateway zelf laat zien", path.read_bytes()):
            yield remark


def _places(options: Any) -> Iterator[Place]:
    """Where a source is, as its options say with urls and with a host."""
    if isinstance(options, Mapping):
        host = options.get("host")
        if isinstance(host, str):
            # Only of mail a host is said apart from a port; without a word about it that is TLS.
            encrypted = options.get("security", "tls") == "tls"
            yield Place(host, int(options.get("port", _PORTS["imaps"])) if encrypted else None)
        for value in options.values():
            yield from _places(value)
    elif isinstance(options, list):
        for value in options:
            yield from _places(value)
    elif isinstance(options, str) and "://" in options:
        try:
            parts = urlsplit(options)
            port = parts.port
        except ValueError:
            return
        if parts.hostname:
            tls = _PORTS.get(parts.scheme)
            server = parts.netloc.rpartition("@")[2]
            origin = f"{parts.scheme}://{server}" if parts.scheme in _WEB else None
            yield Place(parts.hostname, (port or tls) if tls else None, origin)


def _certificates(options: Any) -> Iterator[Path]:
    """The files with what the gateway shows of itself."""
    if isinstance(options, Mapping):
        for name, value in options.items():
            if name == "certificate" and isinstance(value, str):
                path = Path(value.removeprefix("file:"))
                if path.is_file():
                    yield path
            else:
                yield from _certificates(value)


async def _shown(host: str, port: int) -> bytes | None:
    """The certificate of a server, whoever signed it: whether that is trusted, is for the call
    itself. ``None`` where there is none to be had."""
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=_unverified())
    except (OSError, TimeoutError):
        return None
    try:
        tls = writer.get_extra_info("ssl_object")
        shown: bytes | None = tls.getpeercert(binary_form=True)
        return shown
    finally:
        writer.close()


async def _clock(origin: str) -> int | None:
    """By how many seconds the clock of a server is ahead, where that is much: also an answer that
    refuses has a date. Nothing is told that a server is to know a client by."""
    verify = _unverified()
    try:
        async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=_SECONDS) as asking:
            answer = await asking.head(origin)
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return clock_ahead(answer.headers.get("Date"))


def _unverified() -> ssl.SSLContext:
    """For who only looks, and tells and believes nothing."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _dated(alias: str, whose: str, content: bytes) -> Iterator[Remark]:
    """What the dates of a certificate say, in PEM or DER."""
    try:
        pem = content.lstrip().startswith(b"-----")
        found = (x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate)(content)
    except ValueError:
        return
    now, end = datetime.now(UTC), found.not_valid_after_utc
    told = f"het certificaat {whose} geldt tot {end:%Y-%m-%d}"
    if end < now or found.not_valid_before_utc > now:
        yield Remark(VERLOPEN, alias, told)
    elif end < now + _SOON:
        yield Remark(VERLOOPT, alias, told)
