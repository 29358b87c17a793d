"""A resident and the gemeente write to each other about one subject."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from .desk import FORMS, OFFICES, OWN, Desk, local, office
from .mime import Mail, Mailbox, file
from .people import Writer
from .texts import answer, filled, form, question, quoted
from .topics import Topic

_CHARSETS: Final = {
    "utf-8": 70,
    "windows-1252": 14,
    "iso-8859-1": 10,
    "us-ascii": 3,
    "x-onbekend": 1,
}
_ENCODINGS: Final = {"quoted-printable": 60, "base64": 25, "8bit": 15}
_HTML: Final = {"no": 55, "beside": 35, "only": 10}


class Thread:
    """Mails about ``subject``, each of them in ``mails``; the next is written some time later."""

    def __init__(
        self, desk: Desk, topic: Topic, writer: Writer, subject: str, moment: datetime
    ) -> None:
        self.mails: list[Mail] = []
        self._desk = desk
        self._random = desk.random
        self._topic = topic
        self._writer = writer
        self._subject = subject
        self._moment = moment

    def asks(self, texts: tuple[str, ...], details: tuple[str, ...] = ()) -> None:
        """The resident writes."""
        said = self._said(texts)
        if details and self._random.random() < 0.5:
            said += self._said(details)
        mail = self._mail(self._resident, office(self._topic.box), "")
        text = question(self._random, said, self._writer.name).text
        if not self.mails:
            mail = self._oddly(mail)
        self._add(replace(mail, text=self._with_quoted(text), **self._look()))

    def answers(self, texts: tuple[str, ...]) -> None:
        """The gemeente writes: an office, or somebody who works there in his own name."""
        worker = self._desk.worker()
        box = office(self._topic.box) if self._random.random() < 0.85 else worker
        name = OFFICES[self._topic.box]
        said = answer(self._random, self._said(texts), self._writer.name, worker[0], name)
        mail = self._mail(box, self._resident, self._with_quoted(said.text))
        html = self._random.choice(("no", "beside", "beside"))
        self._add(replace(mail, html=html))

    def fills_in(self, texts: tuple[str, ...]) -> None:
        """The resident fills in a form on the site."""
        name, address = self._resident
        said = form(self._said(texts), name, address)
        mail = self._mail(FORMS, office(self._topic.box), said.text)
        number = self._desk.number(OWN)
        subject = f"Contactformulier: {self._subject}"
        more = {"Reply-To": f"{name} <{address}>"}
        self._add(replace(mail, number=number, subject=subject, more=more))

    # --- one mail --------------------------------------------------------------------------------

    @property
    def _resident(self) -> Mailbox:
        return self._writer.name, self._writer.address

    def _said(self, texts: tuple[str, ...]) -> list[str]:
        return [filled(self._random, self._random.choice(texts), self._moment)]

    def _mail(self, sender: Mailbox, receiver: Mailbox, text: str) -> Mail:
        return Mail(
            sender=sender,
            to=(receiver,),
            subject=f"Re: {self._subject}" if self.mails else self._subject,
            text=text,
            moment=local(self._moment),
            number=self._desk.number(sender[1]),
            before=tuple(mail.number for mail in self.mails if mail.number),
        )

    def _add(self, mail: Mail) -> None:
        self.mails.append(mail)
        hours = self._random.choice((1, 3, 18, 22, 25, 48, 71))
        self._moment += timedelta(hours=hours, seconds=self._random.randrange(3600))

    def _with_quoted(self, text: str) -> str:
        """The text above the mail that it answers, as most programs write it."""
        if not self.mails or self._random.random() < 0.15:
            return text
        last = self.mails[-1]
        return f"{text}\n\n{quoted(self._random, last.text, last.sender[0], last.moment)}"

    def _look(self) -> dict[str, Any]:
        """How a program writes a mail, and what comes along with it."""
        random = self._random
        found = {
            name: random.choices([*cards], [*cards.values()])[0]
            for name, cards in (("charset", _CHARSETS), ("encoding", _ENCODINGS), ("html", _HTML))
        }
        files: tuple[tuple[str, bytes], ...] = ()
        if self._topic.files and random.random() < 0.25:
            name = random.choice(self._topic.files)
            files = (file(name, random.randbytes(random.randrange(400, 6_000))),)
        return {**found, "files": files}

    def _oddly(self, mail: Mail) -> Mail:
        """What is wrong with some mails, or special."""
        random = self._random
        match random.randrange(100):
            case 0:
                return replace(mail, number="")
            case 1:
                return replace(mail, subject="")
            case 2:
                return replace(mail, sealed=random.randbytes(900))
            case 3:
                return replace(mail, more={"Sensitivity": "Private"})
            case 4 | 5 | 6:
                other = random.choice(self._desk.known)
                return replace(mail, cc=((other.name, other.address),))
            case _:
                return mail
