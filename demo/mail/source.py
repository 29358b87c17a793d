"""The sample archive as a source: an archive in a folder that is made first."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters import maildir
from adapters.mail.light import Light
from adapters.mail.wanted import Wanted
from demo.mail.maildir import ensure


class Options(maildir.Options):
    """As of any archive in a folder; ``path``: where it is made, counted from the working
    directory."""

    path: Path = Path("build/demo/mail")


class SampleStore(maildir.FolderStore):
    """The messages, made when they are not there. What was read of their headers stays when it is
    closed: the demo is made ready first, and served then."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._path = options.path
        self._making = asyncio.Lock()
        self._made = False

    async def hits(self, wanted: Wanted) -> Sequence[Light]:
        await self._prepared()
        return await super().hits(wanted)

    async def check(self) -> None:
        await self.hits(Wanted())

    async def close(self) -> None:
        pass

    async def _prepared(self) -> None:
        async with self._making:
            if not self._made:
                await asyncio.to_thread(ensure, self._path)
                self._made = True


class SampleMail(maildir.MaildirAdapter):
    """What the sample municipality keeps of its mail."""

    options_model = Options

    @classmethod
    def store(cls, options: Any) -> SampleStore:
        return SampleStore(options)
