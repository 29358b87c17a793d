"""Certificates: the fake behind real TLS, which wants to see one."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.base import Failure, Query, SourceError
from adapters.conditions import In
from adapters.stuf.adapter import StufAdapter
from demo.kcc.data import KNOWN_BSNS
from tests.support.authority import Authority
from tests.support.fakes import serving
from tests.support.stuf import options, resources
from tests.unit.stuf.test_demo import made

PASSWORD = "geheim"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All certificates: of the back end, of the gateway, and of strangers."""
    found = tmp_path_factory.mktemp("tls")
    known, other = Authority(found, "ca"), Authority(found, "other")
    known.certificate("server", "127.0.0.1")
    known.certificate("elsewhere", "127.0.0.9")
    known.certificate("gateway")
    known.certificate("locked", password=PASSWORD)
    other.certificate("stranger")
    return found


@asynccontextmanager
async def back_end(folder: Path, certificate: str = "server") -> AsyncIterator[str]:
    """The address of the fake, which asks who calls for a certificate of its own authority."""
    async with serving(
        made().app(),
        ssl_certfile=str(folder / f"{certificate}.pem"),
        ssl_keyfile=str(folder / f"{certificate}.key"),
        ssl_ca_certs=str(folder / "ca.pem"),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
    ) as origin:
        yield f"{origin}/bg/services/BeantwoordVraag"


async def persons(url: str, **tls: str) -> int:
    """How many persons are found."""
    adapter = StufAdapter.create(
        options(urls={"beantwoord_vraag": url}, tls=tls or None), resources("stuf-bg")
    )
    try:
        return len((await adapter.find("personen", Query(In("bsn", KNOWN_BSNS[:1])))).records)
    finally:
        await adapter.close()


def shown(folder: Path, name: str, ca: str = "ca") -> dict[str, str]:
    return {
        "ca": f"file:{folder}/{ca}.pem",
        "certificate": f"file:{folder}/{name}.pem",
        "key": f"file:{folder}/{name}.key",
    }


async def test_who_shows_a_certificate_is_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUF_KEY", PASSWORD)
    async with back_end(folder) as url:
        assert await persons(url, **shown(folder, "gateway")) == 1
        assert await persons(url, **shown(folder, "locked"), password="env:STUF_KEY") == 1


async def test_without_the_right_certificates_nothing_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUF_KEY", "een ander")
    mine = shown(folder, "gateway")
    wrong: list[dict[str, str]] = [
        {},
        {"ca": mine["ca"]},
        shown(folder, "gateway", ca="other"),
        shown(folder, "stranger"),
        {**shown(folder, "locked"), "password": "env:STUF_KEY"},
        {**mine, "key": f"file:{folder}/stranger.key"},
    ]
    async with back_end(folder) as url:
        for tls in wrong:
            with pytest.raises(SourceError) as caught:
                await persons(url, **tls)
            assert caught.value.failure is Failure.UNAVAILABLE, tls
            assert str(folder) not in caught.value.note


async def test_the_name_of_the_host_has_to_be_right(folder: Path) -> None:
    async with back_end(folder, "elsewhere") as url:
        with pytest.raises(SourceError) as caught:
            await persons(url, **shown(folder, "gateway"))
        assert caught.value.failure is Failure.UNAVAILABLE
