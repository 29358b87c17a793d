"""What has to be known of a gemeente to read its mail."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from adapters.mail.addresses import is_address
from adapters.settings import Closed


def _address(value: str) -> str:
    if not is_address(value):
        raise ValueError("geen e-mailadres")
    return value.casefold()


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"geen reguliere expressie: {error}") from None
    return value


MailAddress = Annotated[str, AfterValidator(_address)]
Domain = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", to_lower=True, max_length=253)
]
Server = Annotated[str, StringConstraints(pattern=r"^[^\s;]+$", to_lower=True, max_length=253)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Mailbox(Closed):
    """An address of the gemeente behind which people work. ``code`` stands in the uuid of its
    actor: another code is another actor."""

    code: str = Field(pattern=r"^[a-z0-9-]{1,15}$")
    address: MailAddress
    name: str


class MailOptions(Closed):
    """How messages are read, wherever they are kept."""

    own_domains: list[Domain] = Field(
        min_length=1, description="Domains of the gemeente, with all that is below them."
    )
    mailboxes: list[Mailbox] = Field(default_factory=list)
    forms: list[MailAddress] = Field(
        default_factory=list,
        description="Addresses that forms on the site send from; who filled one in is Reply-To.",
    )
    zaaknummers: list[Pattern] = Field(
        default_factory=lambda: [r"\bZAAK-\d{4}-\d{10}\b"],
        description="What a number of a zaak in a subject looks like.",
    )
    checked_by: list[Server] = Field(
        default_factory=list,
        description="Names under which servers of the gemeente tell in Authentication-Results what "
        "they found of a sender.",
    )
    disclaimers: list[str] = Field(
        default_factory=list, description="How texts begin that are put under every mail."
    )
    automatic: bool = Field(False, description="Show what no person wrote as well.")
    received: bool = Field(
        True,
        description="The moment of what came in is that at which it was received; else that which "
        "the sender put on it.",
    )
    subject_length: int = Field(200, ge=10)
    text_length: int = Field(1000, ge=10)
