"""Open Klant 1 as its clients see it (tag 1.0.0): the Klanten and Contactmomenten APIs."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request

from demo.kcc.data import FULL
from demo.kcc.values import Scale
from demo.v1.answers import Refused, fallen, invalid
from demo.v1.dialects import OPEN_KLANT_1
from demo.v1.forms import OWN_URL
from demo.v1.members import Bad, Member, Shape, row_of
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Row, by
from demo.v1.service import Service
from demo.v1.tokens import Tokens

from . import bodies
from .data import PUBLIC, ZAKEN, generate_register

SECRETS: Final = {"gateway": "openbaar-geheim-van-de-demo-open-klant-1"}


class OpenKlant1(Service):
    """The service. `related`: of which zaken (urls) the Zaken API knows that they belong to which
    contactmomenten (uuids); without that a link cannot be made, and with it none be removed."""

    related: set[tuple[str, str]]

    def shown(self, request: Request, resource: str, row: Row, expand: Sequence[str]) -> Row:
        body = {k: v for k, v in row.items() if k != "uuid"}
        made = {"url": self.url(request, resource, row["uuid"]), **body}
        if "contactmoment" in made:
            made["contactmoment"] = self.url(request, CONTACTEN, row["contactmoment"])
        if resource == CONTACTEN:
            following = next(iter(self._following(row["uuid"])), None)
            for name, uuid in (
                ("vorigContactmoment", row["vorigContactmoment"]),
                ("volgendContactmoment", following and following["uuid"]),
            ):
                made[name] = self.url(request, CONTACTEN, uuid) if uuid else None
            for links in (KLANTLINKS, OBJECTLINKS):
                rows = self.register.links(links, row["uuid"])
                made[links] = [
                    self.shown(request, links, link, ())
                    if links in expand
                    else self.url(request, links, link["uuid"])
                    for link in rows
                ]
        return made

    def write(self, request: Request, resource: str, row: Row | None, body: Any) -> Row | None:
        if body is None:
            assert row is not None
            self._delete(resource, row)
            return None
        if row is not None and resource == OBJECTLINKS:
            raise Refused(405, "method_not_allowed", "Deze methode is niet toegestaan.")
        values = self._VALUES[resource](self, body, row, request.method == "PATCH")
        if row is None:
            return self.register.add(resource, values)
        self.register.change(resource, row, values)
        return row

    def _klant(self, body: Row, row: Row | None, partly: bool) -> Row:
        subject_type = {"subjectType": None, **(row or {}), **body}["subjectType"] or ""
        given = body | {"subjectType": subject_type} if "subjectType" in body else body
        values = row_of(bodies.klant(str(subject_type)), given, row, partly=partly)
        if "subjectType" not in body and row is None:
            raise fallen()
        if values["subject"]:
            # It asks for what the url leads to, and of what stands here nothing does.
            raise invalid("subject", "bad-url", "De url is niet op te halen.")
        if row is not None and row["subjectType"] != values["subjectType"]:
            raise invalid("subjectType", "wijzigen-niet-toegelaten", "Dit veld mag niet wijzigen.")
        if not values["subjectIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-subject", "subject or subjectIdentificatie")
        self._only(KLANTEN, ("bronorganisatie", "klantnummer"), values, row)
        return values

    def _contact(self, body: Row, row: Row | None, partly: bool) -> Row:
        before = Member(partial(self._previous, row), None)
        shape = {"vorigContactmoment": before, **bodies.CONTACT}
        values = row_of(shape, body, row, partly=partly)
        values["registratiedatum"] = values["registratiedatum"] or _now()
        if not values["medewerker"] and not values["medewerkerIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-medewerker", "medewerker must be provided")
        return values

    def _previous(self, row: Row | None, url: object, kept: object) -> str | None:
        if url in (None, ""):
            return None
        uuid = self._contact_of(url, kept)
        if any(other is not row for other in self._following(uuid)):
            raise Bad("unique")
        return uuid

    def _following(self, uuid: str) -> list[Row]:
        """The contactmomenten that name this one as the one before."""
        return self.register.found(CONTACTEN, [(by("vorigContactmoment"), uuid)])

    def _contact_of(self, url: object, _: object) -> str:
        """The uuid of the contactmoment that a url is of, whatever its host."""
        if url in (None, ""):
            raise Bad("null")
        before, _, uuid = str(url).rpartition("/")
        if before.endswith(self.root(KLANTEN)):
            raise Bad("incorrect_match")
        if not before.endswith(self.root(CONTACTEN)):
            raise Bad("no_match")
        if OWN_URL.wrong(str(url)):
            raise Bad("invalid")
        if uuid not in self.register.rows[CONTACTEN]:
            raise Bad("does_not_exist")
        return uuid

    def _link(self, shape: Shape, body: Row, row: Row | None, partly: bool) -> Row:
        contact = Member(self._contact_of, required=True)
        return row_of({"contactmoment": contact, **shape}, body, row, partly=partly)

    def _klantlink(self, body: Row, row: Row | None, partly: bool) -> Row:
        values = self._link(bodies.KLANT_LINK, body, row, partly)
        try:
            # It asks for what the url leads to, and wants an answer.
            self.pointed(KLANTEN, "klant", values["klant"])
        except Refused:
            raise invalid("klant", "bad-url", "De url is niet op te halen.") from None
        self._only(KLANTLINKS, ("contactmoment", "klant", "rol"), values, row)
        return values

    def _objectlink(self, body: Row, row: Row | None, partly: bool) -> Row:
        values = self._link(bodies.OBJECT_LINK, body, row, partly)
        if not values["object"].startswith(ZAKEN):
            raise invalid("object", "bad-url", "De url is niet op te halen.")
        if (values["object"], values["contactmoment"]) not in self.related:
            raise invalid(
                "nonFieldErrors", "inconsistent-relation", "The contactmoment has no relations"
            )
        names = ("contactmoment", "object")
        if any(all(o[n] == values[n] for n in names) for o in self.register.newest(OBJECTLINKS)):
            # Only its database knows.
            raise fallen()
        return values

    _VALUES: Final[Mapping[str, Callable[["OpenKlant1", Row, Row | None, bool], Row]]] = {
        KLANTEN: _klant,
        CONTACTEN: _contact,
        KLANTLINKS: _klantlink,
        OBJECTLINKS: _objectlink,
    }

    def _only(self, resource: str, names: Sequence[str], values: Row, row: Row | None) -> None:
        for other in self.register.rows[resource].values():
            if other is not row and all(other[n] == values[n] for n in names):
                raise invalid("nonFieldErrors", "unique", "Deze combinatie bestaat al.")

    def _delete(self, resource: str, row: Row) -> None:
        if resource == OBJECTLINKS and (row["object"], row["contactmoment"]) in self.related:
            raise invalid("nonFieldErrors", "remote-relation-exists", "The relation still exists")
        if resource == CONTACTEN:
            if self._following(row["uuid"]):
                raise fallen()
            for links in (KLANTLINKS, OBJECTLINKS):
                for link in self.register.links(links, row["uuid"]):
                    self.register.remove(links, link["uuid"])
        self.register.remove(resource, row["uuid"])


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def service(
    scale: Scale = FULL,
    *,
    public: str = PUBLIC,
    secrets: Mapping[str, str] = SECRETS,
    now: Callable[[], float] = time.time,
) -> OpenKlant1:
    """The service on the rows of the sample municipality."""
    tokens = Tokens(secrets, now)
    made = OpenKlant1(OPEN_KLANT_1, generate_register(scale), tokens, public)
    made.related = set()
    return made


def create_app() -> Starlette:
    """The application, for a server."""
    return service().app()
