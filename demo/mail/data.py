"""The messages of the archive: the same for the same scale, always."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from demo.kcc import data as kcc
from demo.kcc.values import ORDINARY_END
from demo.sociaal import data as sociaal

from .desk import Desk, is_own
from .mime import Mail, written
from .noise import noise
from .people import stranger, writers
from .showcase import SHOWN
from .texts import filled
from .threads import Thread
from .topics import TOPICS

INBOX: Final = ""
SENT: Final = ".Verzonden items"
OLD: Final = ".Archief"
SPAM: Final = ".Ongewenste e-mail"
CIVIL: Final = ".Burgerzaken"
FOLDERS: Final = (INBOX, SENT, OLD, CIVIL, SPAM)
"""As Maildir++ names them."""

_FIRST: Final = datetime(2024, 1, 8)
_KINDS: Final = {"asked": 20, "answered": 40, "further": 18, "form": 14, "told": 8}


@dataclass(frozen=True)
class Scale:
    """How many threads there are, from which seed, and in which of the sample municipalities."""

    threads: int
    small: bool = False
    seed: int = 20261101


FULL: Final = Scale(3_000)
SMALL: Final = Scale(60, small=True)


@dataclass(frozen=True)
class Kept:
    """A message as it is kept: in which folder, and when it came there."""

    folder: str
    received: datetime
    raw: bytes


def generate(scale: Scale = FULL) -> Iterator[Kept]:
    """All messages, each thread from old to new; who writes in them is known to the KCC or to the
    social domain, but for some."""
    known = kcc.shared(kcc.SMALL if scale.small else kcc.FULL)
    social = sociaal.generate(sociaal.SMALL if scale.small else sociaal.FULL, known)
    staff = [str(row["NAAM"]).strip() for row in known["MEDEWERKER"] if row["SRT"] == "M"]
    desk = Desk(Random(scale.seed), writers(known, social), staff)
    span = (ORDINARY_END - timedelta(days=14) - _FIRST) / scale.threads
    for at in range(scale.threads):
        day = (_FIRST + at * span).replace(hour=7, minute=0, second=0)
        moment = day + timedelta(seconds=desk.random.randrange(15 * 3600))
        for mail in (*_thread(desk, moment).mails, *noise(desk, at, moment)):
            yield from _kept(desk, mail)
    for mail in SHOWN:
        yield from _kept(desk, mail)


def _thread(desk: Desk, moment: datetime) -> Thread:
    random = desk.random
    topic = random.choice(TOPICS)
    writer = stranger(random) if random.random() < 0.08 else random.choice(desk.known)
    subject = filled(random, random.choice(topic.subjects), moment)
    if writer.zaken and random.random() < 0.5:
        number = random.choice(writer.zaken)
        subject = random.choice((f"{subject} ({number})", f"[{number}] {subject}"))
    thread = Thread(desk, topic, writer, subject, moment)
    match random.choices([*_KINDS], [*_KINDS.values()])[0]:
        case "asked":
            thread.asks(topic.questions, topic.details)
        case "answered":
            thread.asks(topic.questions, topic.details)
            thread.answers(topic.answers)
        case "further":
            thread.asks(topic.questions, topic.details)
            thread.answers(topic.answers)
            thread.asks(topic.further)
            thread.answers(topic.last)
        case "form":
            thread.fills_in(topic.questions)
            thread.answers(topic.answers)
        case "told":
            thread.answers(topic.answers)
            thread.asks(topic.further)
    return thread


def _kept(desk: Desk, mail: Mail) -> Iterator[Kept]:
    """The message in its folder; now and then a copy of it in another."""
    sent = is_own(mail.sender[1]) and not is_own(mail.to[0][1])
    received = mail.moment + timedelta(seconds=0 if sent else desk.random.randint(1, 90))
    folder = SENT if sent else _folder(mail)
    raw = written(mail)
    yield Kept(folder, received, raw)
    if folder == INBOX and desk.random.random() < 0.02:
        yield Kept(OLD, received, raw)


def _folder(mail: Mail) -> str:
    if "X-Spam-Flag" in mail.more:
        return SPAM
    if mail.moment.year < ORDINARY_END.year - 1:
        return OLD
    return CIVIL if mail.to[0][1].startswith("burgerzaken@") else INBOX
