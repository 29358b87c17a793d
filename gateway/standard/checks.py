"""Whether a text is what it is said to be: an e-mail address, a telephone number, a url, a country.

As strict as Open Klant, which leans on Django for addresses and urls: what one of them accepts the
other has to, for objects are copied from one register to the other.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import pycountry

from gateway.standard.table import PHONE

_LETTERS: Final = "a-z\u00a1-\uffff"
_LABEL: Final = rf"(?!-)[{_LETTERS}0-9-]{{1,63}}(?<!-)"
_LAST: Final = rf"(?!-)(?:[{_LETTERS}-]{{2,63}}|xn--[a-z0-9]{{1,59}})(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LAST}", re.IGNORECASE)
_ATOM: Final = r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+"
_LOCAL = re.compile(
    rf"{_ATOM}(?:\.{_ATOM})*"
    r'|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"'
)
_LONGEST_EMAIL: Final = 320
"""RFC 3696, section 3."""
_LONGEST_URL: Final = 2048
_LONGEST_HOST: Final = 253
"""RFC 1034, section 3.1, without the dot at the end."""
_PLACE = re.compile(r"(?:[^:@]+(?::[^:@]*)?@)?(\[[0-9a-fA-F:.]+\]|[^:@\[\]]+)(?::[0-9]{1,5})?")
_SCHEMES: Final = frozenset({"http", "https", "ftp", "ftps"})

_PHONE = re.compile(PHONE)
_NO_PHONE: Final = ("0800", "0900", "1400", "140")
_BAD_PHONE: Final = "Het opgegeven telefoonnummer is ongeldig"


def is_email(text: str) -> bool:
    """Whether this is an e-mail address."""
    local, at, domain = text.rpartition("@")
    return (
        bool(at)
        and len(text) <= _LONGEST_EMAIL
        and _LOCAL.fullmatch(local) is not None
        and (
            domain == "localhost"
            or _DOMAIN.fullmatch(domain) is not None
            or (domain[:1] + domain[-1:] == "[]" and _is_ip(domain[1:-1]))
        )
    )


def is_url(text: str) -> bool:
    """Whether this is an absolute url that one could open."""
    if len(text) > _LONGEST_URL or re.search(r"\s", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    place = _PLACE.fullmatch(parts.netloc)
    return parts.scheme in _SCHEMES and place is not None and _is_host(place[1])


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_ip(host[1:-1]) and ":" in host
    return len(host) <= _LONGEST_HOST and (
        host.lower() == "localhost"
        or _is_ip(host)
        or _DOMAIN.fullmatch(host.removesuffix(".")) is not None
    )


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def bad_phone(text: str) -> str | None:
    """What is wrong with a telephone number, in Dutch; ``None`` if nothing is."""
    if text.startswith(_NO_PHONE):
        return (
            f"{_BAD_PHONE}, telefoonnummers beginnend met 0800, 0900, 1400 of 140xx zijn niet "
            "toegestaan."
        )
    return None if _PHONE.fullmatch(text) else f"{_BAD_PHONE}."


def bad_country(text: str) -> str | None:
    """What is wrong with a country code of ISO 3166-1, in Dutch; ``None`` if nothing is."""
    reason = "Ongeldige landcode, de code moet behoren tot de ISO 3166-standaard"
    if text in _countries():
        return None
    code = text.upper()
    return f"{reason}. Bedoelde u {code}?" if code in _countries() else reason


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)
