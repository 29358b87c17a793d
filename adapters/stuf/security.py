"""Who asks, in a header of SOAP: a UsernameToken of Web Services Security 1.0 with the password as
text, and a Timestamp (OASIS WSS SOAP Message Security 1.0 and UsernameToken Profile 1.0)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree

from adapters.stuf.names import named

_OASIS: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE: Final = f"{_OASIS}wssecurity-secext-1.0.xsd"
WSU: Final = f"{_OASIS}wssecurity-utility-1.0.xsd"
PASSWORD_TEXT: Final = f"{_OASIS}username-token-profile-1.0#PasswordText"

LIFE: Final = timedelta(minutes=5)
"""For so long a message is good."""


def username_token(username: str, password: str, now: datetime) -> etree._Element:
    """The header of one message, made at ``now``."""
    header = etree.Element(named(WSSE, "Security"), nsmap={"wsse": WSSE, "wsu": WSU})
    stamp = etree.SubElement(header, named(WSU, "Timestamp"))
    etree.SubElement(stamp, named(WSU, "Created")).text = _instant(now)
    etree.SubElement(stamp, named(WSU, "Expires")).text = _instant(now + LIFE)
    token = etree.SubElement(header, named(WSSE, "UsernameToken"))
    etree.SubElement(token, named(WSSE, "Username")).text = username
    secret = etree.SubElement(token, named(WSSE, "Password"), Type=PASSWORD_TEXT)
    secret.text = password
    return header


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
