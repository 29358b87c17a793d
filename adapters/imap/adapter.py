"""An archive of mail behind IMAP (RFC 3501, RFC 9051), which is only read."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel

from adapters.imap.settings import Options
from adapters.imap.store import ImapStore
from adapters.mail.archive import ArchiveAdapter


class ImapAdapter(ArchiveAdapter):
    """One account."""

    options_model: ClassVar[type[BaseModel]] = Options

    @classmethod
    def store(cls, options: Any) -> ImapStore:
        return ImapStore(options)
