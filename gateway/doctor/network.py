"""The way to a source: its name, and the certificates on both sides."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509

from gateway.doctor.kinds import NAAM, VERLOOPT, VERLOPEN
from gateway.remarks import Remark

_SOON: Final = timedelta(days=30)
_SECONDS: Final = 5
_PORTS: Final = {"https": 443, "imaps": 993}
Place = tuple[str, int | None]
"""A host, and the port where it speaks TLS from the first byte, if it does."""


async def on_the_way(alias: str, options: Mapping[str, Any]) -> AsyncIterator[Remark]:
    """What is wrong before anything can be asked; ``options``: of the source, as configured."""
    for host, port in dict.fromkeys(_places(options)):
        try:
            await asyncio.get_running_loop().getaddrinfo(host, port or 0)
        except (OSError, UnicodeError):
            yield Remark(NAAM, alias, host)
            continue
        if port is not None and (found := await _shown(host, port)) is not None:
            for remark in _dated(alias, f"van {host}", found):
                yield remark
    for path in _certificates(options):
        for remark in _dated(alias, "dat de gateway zelf laat zien", path.read_bytes()):
            yield remark


def _places(options: Any) -> Iterator[Place]:
    """Where a source is, as its options say with urls and with a host."""
    if isinstance(options, Mapping):
        host = options.get("host")
        if isinstance(host, str):
            yield host, None
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
            yield parts.hostname, (port or tls) if tls else None


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
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, TimeoutError):
        return None
    try:
        tls = writer.get_extra_info("ssl_object")
        shown: bytes | None = tls.getpeercert(binary_form=True)
        return shown
    finally:
        writer.close()


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
