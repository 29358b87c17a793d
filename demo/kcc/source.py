"""The sample KCC database as a source: a SQL source that makes its own file first."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from adapters.sql import SqlAdapter
from demo.kcc.sqlite import ensure


class Options(BaseModel):
    """``file``: where the SQLite file is kept, counted from the working directory."""

    model_config = ConfigDict(extra="forbid")

    file: Path = Path("build/demo/kcc.sqlite")


class SampleKcc(SqlAdapter):
    """The sample municipality's KCC package."""

    options_model: ClassVar[type[BaseModel]] = Options
    _file: Path

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        file = Options.model_validate(options).file.absolute()
        made = super().create({"url": f"sqlite+aiosqlite:///{file}"}, collections)
        made._file = file
        return made

    async def prepare(self) -> None:
        await asyncio.to_thread(ensure, self._file)
