"""A mailbox in Exchange Online, which is only read (Microsoft Graph v1.0, Mail.Read)."""

from __future__ import annotations

from typing import Any

from adapters.graph.settings import Options
from adapters.graph.store import GraphStore
from adapters.mail.archive import ArchiveAdapter


class GraphAdapter(ArchiveAdapter):
    """One mailbox."""

    options_model = Options

    @classmethod
    def store(cls, options: Any) -> GraphStore:
        return GraphStore(options)
