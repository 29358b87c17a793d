"""Which mailbox, and as which application."""

from __future__ import annotations

from pydantic import Field

from adapters.http_adapter import Address
from adapters.mail.options import MailAddress, MailOptions
from adapters.oauth2 import ClientCredentials


class Options(MailOptions):
    """Options of the adapter ``graph``."""

    base_url: Address = "https://graph.microsoft.com/v1.0"
    credentials: ClientCredentials
    mailbox: MailAddress = Field(description="The mailbox that is read.")
    folders: list[str] = Field(
        default_factory=lambda: ["inbox", "sentitems"],
        min_length=1,
        description="Well-known names or ids of folders; of copies the one in the first counts.",
    )
    connections: int = Field(4, ge=1, le=4)
    connect_seconds: float = Field(2, gt=0)
    read_seconds: float = Field(10, gt=0)
