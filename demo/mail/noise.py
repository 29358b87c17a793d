"""What stands in an archive and no person wrote to the gemeente, or to a resident."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from .desk import FORMS, OFFICES, OWN, Desk, local, office
from .mime import Mail


def noise(desk: Desk, at: int, moment: datetime) -> Iterator[Mail]:
    """What there is beside thread ``at``: mostly nothing."""
    random = desk.random
    writer = random.choice(desk.known)
    resident, box = (writer.name, writer.address), office(random.choice([*OFFICES]))
    to_us = Mail(resident, (box,), "", "", local(moment), desk.number(writer.address))
    to_him = replace(to_us, sender=FORMS, to=(resident,), number=desk.number(OWN))
    if at % 11 == 0:
        yield replace(
            to_us,
            subject="Automatisch antwoord: afwezig",
            text=f"Ik ben afwezig tot {moment.day}-{moment.month}. Uw bericht lees ik later.",
            more={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
        )
    if at % 13 == 0:
        yield replace(
            to_him,
            subject="Ontvangstbevestiging",
            text="Wij hebben uw formulier ontvangen en antwoorden binnen vijf werkdagen.",
            more={"Auto-Submitted": "auto-generated"},
        )
    if at % 17 == 0:
        yield replace(
            to_us,
            sender=("Vakblad Dienstverlening", "nieuws@vakblad.example"),
            subject=f"Nieuwsbrief week {moment:%W}",
            text="Deze week: gemeenten over wachttijden, en een agenda met studiedagen.",
            html="only",
            more={"List-Id": "<nieuws.vakblad.example>", "Precedence": "bulk"},
        )
    if at % 29 == 0:
        yield replace(
            to_us,
            sender=("Mail Delivery System", f"mailer-daemon@mx.{OWN}"),
            subject="Onbestelbaar: uw bericht",
            text="Het adres bestaat niet meer.",
            undelivered=writer.address,
            more={"Return-Path": "<>", "Auto-Submitted": "auto-replied"},
        )
    if at % 31 == 0:
        yield replace(
            to_us,
            sender=("Prijswinnaar", f"win{random.randrange(1000)}@aanbieding.example"),
            subject="U bent de gelukkige",
            text="Klik binnen een uur.",
            html="only",
            more={"X-Spam-Flag": "YES"},
        )
    if at % 37 == 0:
        yield replace(
            to_us,
            sender=desk.worker(),
            subject="Rooster",
            text="Kun jij vrijdag de balie overnemen?",
            number=desk.number(OWN),
        )
