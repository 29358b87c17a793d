"""A mailbox in Exchange Online, which is only read (Microsoft Graph v1.0, Mail.Read)."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel

from adapters.graph.settings import Options
from adapters.graph.store import GraphStore
from adapters.mail.archive import ArchiveAdapter
from adapters.wiring import Wiring


class GraphAdapter(ArchiveAdapter):
    """One mailbox."""

    options_model: ClassVar[type[BaseModel]] = Options
    _store: GraphStore

    @classmethod
    def store(cls, options: Any) -> GraphStore:
        return GraphStore(options)

    def rewire(self, wiring: Wiring) -> None:
        """See ``adapters.wiring.Rewired``."""
        self._store.rewire(wiring)
