"""The kit on an archive behind a real mail server, which it asks live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.conditions import Record
from adapters.imap.adapter import ImapAdapter
from benchmarks.servers.dovecot import Dovecot, given
from tests.kit.shipped import MAPPINGS, InFolder
from tests.kit.test_mail import MESSAGES, THERE
from tests.support.mails import OPTIONS, maildir


class TestImap(InFolder):
    adapter = ImapAdapter
    mapping = MAPPINGS / "e-mail"
    description = "imap"
    server: ClassVar[Dovecot]

    @pytest.fixture(autouse=True)
    def filled(self, dovecot: Dovecot) -> None:
        """The messages, in the account."""
        maildir(dovecot.maildir, MESSAGES)
        given(dovecot)
        TestImap.server = dovecot

    def prepare(self, path: Path) -> Mapping[str, Any]:
        return self.server.options(**OPTIONS)

    def there(self) -> Mapping[str, Sequence[Record]]:
        return THERE
