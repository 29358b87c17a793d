"""Messages as records: one of the message, and one of each thing in it that is an object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.conditions import Record
from adapters.mail.fields import Fields
from adapters.mail.light import Hit, Light, message_id, numbered
from adapters.mail.options import Mailbox, MailOptions
from adapters.mail.structure import Part
from adapters.mail.text import attachments, is_encrypted, shortened

KEY: Final = "nummer"
OF: Final = "bericht"

LIGHT: Final = frozenset(
    [KEY, "moment", "onderwerp", "richting", "vertrouwelijk", "overigen", "vervalst"]
)
"""The fields of a message for which it need not be opened."""

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "berichten": LIGHT
    | {"tekst", "afgekapt", "versleuteld", "taal", "berichtnummer", "antwoordOp", "gesprek"},
    "personen": frozenset([KEY, OF, "moment", "adres", "vanWie", "naam", "initiator"]),
    "behandelingen": frozenset([KEY, OF, "moment", "postbus"]),
    "zaken": frozenset([KEY, OF, "moment", "zaaknummer"]),
    "bijlagen": frozenset([KEY, OF, "moment", "naam", "soort"]),
    "postbussen": frozenset(["code", "adres", "naam"]),
}


@dataclass(frozen=True, slots=True)
class Heavy:
    """What is known of a message once it was opened; ``text``: ``None`` when there is none."""

    fields: Fields
    parts: tuple[Part, ...]
    text: str | None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something that was sent along with a message, as far as its record tells. ``number``: among
    all parts, so it does not hang on which are shown; ``name``: ``""`` when it has none."""

    number: int
    media: str
    name: str


def said(value: bool) -> str:
    """A boolean as it stands in a record."""
    return "true" if value else "false"


def hit_record(hit: Hit) -> dict[str, Any]:
    """The message, as far as its place in a list tells."""
    return {KEY: hit.key, "moment": moment_text(hit.moment)}


def light_record(light: Light) -> dict[str, Any]:
    """The message, as far as its header tells."""
    return {
        **hit_record(light),
        "onderwerp": light.subject,
        "richting": "in" if light.begun else "uit",
        "vertrouwelijk": said(light.private),
        "overigen": light.others or None,
        "vervalst": said(light.forged),
    }


def full_record(light: Light, heavy: Heavy, options: MailOptions) -> dict[str, Any]:
    """The message, with its text."""
    text, cut = shortened(heavy.text or "", options.text_length)
    encrypted = is_encrypted(heavy.parts)
    references = heavy.fields.first("References")
    answered = message_id(heavy.fields.first("In-Reply-To"))
    return {
        **light_record(light),
        "vertrouwelijk": said(light.private or encrypted),
        "tekst": text or None,
        "afgekapt": said(cut),
        "versleuteld": said(encrypted),
        "taal": heavy.fields.first("Content-Language").partition(",")[0].strip().lower() or None,
        "berichtnummer": message_id(heavy.fields.first("Message-ID")) or None,
        "antwoordOp": answered or None,
        "gesprek": message_id(references) or answered or None,
    }


def mailbox_record(box: Mailbox) -> Record:
    return {"code": box.code, "adres": box.address, "naam": box.name}


def people(light: Light) -> Iterable[Record]:
    for index, one in enumerate(light.people):
        yield {
            **_inside(light, index),
            "adres": one.key,
            "vanWie": None if light.forged else one.key,
            "naam": one.name or None,
            "initiator": said(light.begun),
        }


def offices(light: Light) -> Iterable[Record]:
    for index, code in enumerate(light.offices):
        yield {**_inside(light, index), "postbus": code}


def zaken(light: Light) -> Iterable[Record]:
    for index, number in enumerate(light.zaken):
        yield {**_inside(light, index), "zaaknummer": number}


def enclosed_in(parts: Sequence[Part]) -> Sequence[Enclosed]:
    """What was sent along with a message of these parts."""
    return [Enclosed(one.number, one.media, one.name) for one in attachments(parts)]


def enclosed(light: Light, along: Iterable[Enclosed]) -> Iterable[Record]:
    """The message itself, then what was sent along with it."""
    yield {**_inside(light, 0), "naam": None, "soort": "message/rfc822"}
    for one in along:
        yield {**_inside(light, one.number), "naam": one.name or None, "soort": one.media}


def _inside(light: Light, index: int) -> dict[str, Any]:
    """What all things in a message have."""
    return {
        KEY: numbered(light.key, index),
        OF: light.key,
        "moment": moment_text(light.moment),
    }


WITHIN: Final[Mapping[str, Callable[[Light], Iterable[Record]]]] = {
    "personen": people,
    "behandelingen": offices,
    "zaken": zaken,
}
"""Collections of which the header tells all."""


def moment_text(seconds: int) -> str:
    """A moment as it stands in a record: in UTC, so that texts order as moments do."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
