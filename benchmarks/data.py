"""What the sources of the benchmarks hold: contacts as one legacy record each, the same every run.

A record is about 1.5 kB of JSON and holds the contact with who called, the address that the
caller left and the call-back that followed, so that none of these costs a call of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Record = Mapping[str, Any]

_FIRST: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
_STEP: Final = timedelta(minutes=7)
_SUBJECTS: Final = ("Paspoort aanvragen", "Melding", "Parkeervergunning", "Verhuizen")
_NAMES: Final = ("Jansen", "De Vries", "Çelik", "Van den Berg", "Bakker", "El Amrani")
_TEXT: Final = (
    "De inwoner vraagt hoe lang het nog duurt en of er iemand terugbelt. "
    "Uitgelegd wat er nodig is, welke stukken ontbreken en waar die ingeleverd kunnen worden. "
)


def records(count: int) -> list[Record]:
    """``count`` contacts, newest last."""
    return [record(n, _FIRST + n * _STEP) for n in range(1, count + 1)]


def page(found: Sequence[Record]) -> bytes:
    """An answer of the source: the only page of a list."""
    body = {"items": list(found), "more": False}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def record(n: int, at: datetime) -> Record:
    """The contact with id ``n``, made at a moment."""
    moment = at.strftime("%Y%m%d%H%M%S")
    return {
        "id": n,
        "number": f"{n:010}",
        "reference": f"R{n:09}",
        "channel": ("TE", "EM", "BA", "BR", "WF", "CH")[n % 6],
        "date": moment[:8],
        "time": moment[8:],
        "created": moment,
        "deleted": "",
        "subject": _SUBJECTS[n % len(_SUBJECTS)],
        "question": _TEXT * 2,
        "answer": _TEXT,
        "success": ("J", "N", "")[n % 3],
        "followUp": "J",
        "language": ("NL", "EN", "TR")[n % 3],
        "confidential": "N",
        "product": "https://producten.zilverdam.example/paspoort",
        "origin": "Klant Contact Centrum",
        "caller": {
            "initials": "A.B.",
            "firstName": "Anna",
            "prefix": "van" if n % 2 else "",
            "name": _NAMES[n % len(_NAMES)],
            "organisation": "",
            "role": "K" if n % 4 else "V",
            "initiative": "K",
            "street": "Lange Voorhout",
            "house": n % 300 + 1,
            "postcode": "1234 AB",
            "city": "Zilverdam",
            "email": f"inwoner.{n}@zilverdam.example",
            "phone": f"+316{n % 10**8:08}",
        },
        "task": {
            "number": f"{n:010}",
            "action": "Terugbellen",
            "status": ("O", "B", "A")[n % 3],
            "note": "Bij voorkeur in de ochtend, tussen negen en twaalf uur.",
            "assigned": moment,
            "finished": moment if n % 3 == 2 else "",
        },
        "handler": {"code": f"mdw{n % 40:03}", "department": "Burgerzaken", "floor": n % 5},
        "tags": ["kcc", "paspoort", "terugbellen"],
        "system": {"version": 14, "changed": moment, "changedBy": f"mdw{n % 40:03}"},
    }
