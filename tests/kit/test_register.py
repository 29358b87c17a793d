"""Another Klantinteracties register, here a gateway before the sample KCC: the kit refutes nothing
of the adapter for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile
from typing import Any, ClassVar, Self

import httpx
import pytest

from adapters.http_adapter import HttpOptions
from adapters.klantinteracties import KlantinteractiesAdapter
from demo.kcc.data import generate
from demo.kcc.sqlite import build
from demo.kcc.values import Scale
from gateway import installation
from gateway.installation import Installation
from tests.helpers import KCC_MAPPING, TOKEN, sql_source, write_config
from tests.kit.shipped import MAPPINGS, ONE_EACH, InFolder
from tests.support.register import ALONE

FEW = Scale(persons=40, organisations=6, contacts=80, tasks=35)


class Register(KlantinteractiesAdapter):
    """The adapter, with the register that it asks."""

    folder: ClassVar[Path]
    register: Installation

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        folder = Path(options["token"].removeprefix("file:")).parent
        copyfile(cls.folder / "kcc.sqlite", folder / "kcc.sqlite")
        made = super().create(options, collections)
        config = write_config(
            folder, {"kcc": sql_source(KCC_MAPPING, folder / "kcc.sqlite")}, **ALONE
        )
        made.register = installation.build(config)
        made._transport = _Pool(made.register.app())
        return made

    async def close(self) -> None:
        await super().close()
        await self.register.close()


class _Pool(httpx.ASGITransport):
    """As many calls at once as there are connections."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._room = asyncio.Semaphore(HttpOptions().connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._room:
            return await super().handle_async_request(request)


@pytest.mark.soak
class TestRegister(InFolder):
    adapter = Register
    mapping = MAPPINGS / "klantinteracties"
    description = "klantinteracties"
    secrets = (TOKEN,)
    most = 20

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def rows(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Made once; each register has a copy."""
        Register.folder = tmp_path_factory.mktemp("kcc")
        build(Register.folder / "kcc.sqlite", generate(FEW))

    def prepare(self, path: Path) -> Mapping[str, Any]:
        (path / "token").write_text(TOKEN)
        return {
            "base_url": "http://register.example/klantinteracties/api/v1",
            "token": f"file:{path / 'token'}",
        }
