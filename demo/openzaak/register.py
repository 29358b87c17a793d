"""The contact register that an Open Zaak is beside: it looks at each contact that a zaak is linked
with, and has that register make the same link (`objectcontactmomenten`)."""

from collections.abc import Iterable
from typing import Protocol


class Unlinked(Exception):
    """The register did not make, or take away, the link."""


class ContactRegister(Protocol):
    """What Open Zaak asks of it. Contacts and zaken are urls."""

    async def knows(self, contact: str) -> bool:
        """Whether the url leads to a contact."""

    async def link(self, contact: str, zaak: str) -> None:
        """Make the link. Raises `Unlinked`."""

    async def unlink(self, contact: str, zaak: str) -> None:
        """Take it away. Raises `Unlinked`."""


class KnownContacts:
    """A register in memory. `broken`: it answers, but makes no links and takes none away."""

    def __init__(self, contacts: Iterable[str]) -> None:
        self.contacts = set(contacts)
        self.links: set[tuple[str, str]] = set()
        self.broken = False

    async def knows(self, contact: str) -> bool:
        return contact in self.contacts

    async def link(self, contact: str, zaak: str) -> None:
        if self.broken:
            raise Unlinked
        self.links.add((contact, zaak))

    async def unlink(self, contact: str, zaak: str) -> None:
        if self.broken:
            raise Unlinked
        self.links.discard((contact, zaak))
