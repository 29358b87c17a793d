"""Where a mail server is, who reads, and which folders."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from adapters.mail.options import MailOptions
from adapters.oauth2 import ClientCredentials
from adapters.secrets import SecretReference

_LOCAL = ("localhost", "127.0.0.1", "::1")


ROLES: Final = ("\\All", "\\Archive", "\\Sent")
"""What a folder may be used for, of what is mail with people (RFC 6154, section 2)."""


def _folder(name: str) -> str:
    if name.startswith("\\") and name not in ROLES:
        raise ValueError(f"schrijf een map voluit, of als een van {', '.join(ROLES)}")
    return name


FolderName = Annotated[str, AfterValidator(_folder)]


class Options(MailOptions):
    """Options of the adapter ``imap``."""

    host: str
    port: int = Field(993, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: str | None = Field(
        None, description="Certificates to trust instead of those of the system."
    )
    username: str = Field(pattern=r"^[^\x00\r\n]+$")
    password: SecretReference | None = None
    credentials: ClientCredentials | None = Field(
        None, description="Instead of `password`: what access tokens (XOAUTH2) are asked for with."
    )
    mechanism: Literal["login", "xoauth2"] = Field(
        "login", description="Whether `password` is a password or an access token (XOAUTH2)."
    )
    folders: list[FolderName] = Field(
        default_factory=lambda: ["INBOX"],
        min_length=1,
        description="The folders that are read, by name or by what they are used for; of copies "
        "the one in the first counts.",
    )
    without: list[str] = Field(
        default_factory=list,
        description="Capabilities that the server names but that do not work.",
    )
    connections: int = Field(4, ge=1)
    searches: int = Field(2, ge=1, description="Searches at once: each takes the server's time.")
    connect_seconds: float = Field(2, gt=0)
    read_seconds: float = Field(10, gt=0)

    @model_validator(mode="after")
    def _one_proof(self) -> Options:
        if (self.password is None) == (self.credentials is None):
            raise ValueError("geef een van `password` en `credentials`")
        return self

    @property
    def with_token(self) -> bool:
        """Whether who reads is shown by an access token."""
        return self.credentials is not None or self.mechanism == "xoauth2"

    @model_validator(mode="after")
    def _private(self) -> Options:
        if self.security == "none" and self.host not in _LOCAL:
            raise ValueError("zonder TLS (`security: none`) kan alleen op dezelfde machine")
        return self
