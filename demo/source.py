"""A sample database as a source: a SQL source that makes its own file first."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from adapters.sql import SqlAdapter


class Options(BaseModel):
    """``file``: where the SQLite file is kept, counted from the working directory; by default
    under a name of the source's own."""

    model_config = ConfigDict(extra="forbid")

    file: Path | None = None


class SampleSource(SqlAdapter):
    """A system of the sample municipality. A subclass says which, and how its file is made."""

    options_model: ClassVar[type[BaseModel]] = Options
    default: ClassVar[Path]
    _file: Path

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        file = (Options.model_validate(options).file or cls.default).absolute()
        made = super().create({"url": f"sqlite+aiosqlite:///{file}"}, collections)
        made._file = file
        return made

    @staticmethod
    def ensure(path: Path) -> Path:
        """Build the file, unless it is there with the rows of today; its path."""
        raise NotImplementedError

    async def prepare(self) -> None:
        await asyncio.to_thread(self.ensure, self._file)
