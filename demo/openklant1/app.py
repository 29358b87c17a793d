"""Open Klant 1 as its clients see it (tag 1.0.0): the Klanten and Contactmomenten APIs."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request

from demo.kcc.data import FULL
from demo.kcc.values import Scale, passes_elfproef
from demo.v1.answers import Refused, invalid
from demo.v1.dialects import OPEN_KLANT_1
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Row
from demo.v1.service import Service
from demo.v1.tokens import Tokens

from .data import PUBLIC, ZAKEN, generate_register

SECRETS: Final = {"gateway": "openbaar-geheim-van-de-demo-open-klant-1"}

_KLANT: Final[Mapping[str, Any]] = {
    "bronorganisatie": "",
    "klantnummer": "",
    "bedrijfsnaam": "",
    "functie": "",
    "websiteUrl": "",
    "voornaam": "",
    "voorvoegselAchternaam": "",
    "achternaam": "",
    "telefoonnummer": "",
    "emailadres": "",
    "adres": None,
    "subject": "",
    "subjectType": "",
    "aanmaakkanaal": "",
    "geverifieerd": False,
    "subjectIdentificatie": None,
}
_CONTACT: Final[Mapping[str, Any]] = {
    "vorigContactmoment": None,
    "bronorganisatie": "",
    "registratiedatum": "",
    "kanaal": "",
    "voorkeurskanaal": "",
    "voorkeurstaal": "",
    "tekst": "",
    "onderwerpLinks": [],
    "initiatiefnemer": "",
    "medewerker": "",
    "medewerkerIdentificatie": None,
}
_LENGTHS: Final = {
    "klantnummer": 8,
    "bedrijfsnaam": 200,
    "functie": 200,
    "websiteUrl": 1000,
    "voornaam": 200,
    "voorvoegselAchternaam": 10,
    "achternaam": 200,
    "telefoonnummer": 20,
    "emailadres": 254,
    "aanmaakkanaal": 50,
    "kanaal": 50,
    "voorkeurskanaal": 50,
    "voorkeurstaal": 3,
}
_CHOICES: Final = {
    "subjectType": ("natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging"),
    "initiatiefnemer": ("", "gemeente", "klant"),
    "rol": ("belanghebbende", "gesprekspartner"),
    "objectType": ("zaak",),
}


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
            later = (c for c in self.register.rows[CONTACTEN].values())
            following = next((c for c in later if c["vorigContactmoment"] == row["uuid"]), None)
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
        kept = row if row is not None and request.method == "PATCH" else {}
        values = self._VALUES[resource](self, {**kept, **body}, row)
        if row is None:
            return self.register.add(resource, values)
        row.update(values)
        return row

    def _klant(self, body: Row, row: Row | None) -> Row:
        values = _checked(_KLANT, body, ("bronorganisatie", "klantnummer"))
        if values["subjectType"] == "":
            raise invalid("subjectType", "required", "Dit veld is vereist.")
        if row is not None and row["subjectType"] != values["subjectType"]:
            raise invalid("subjectType", "wijzigen-niet-toegelaten", "Dit veld mag niet wijzigen.")
        if not values["subject"] and not values["subjectIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-subject", "subject or subjectIdentificatie")
        number = (values["bronorganisatie"], values["klantnummer"])
        for other in self.register.rows[KLANTEN].values():
            if other is not row and (other["bronorganisatie"], other["klantnummer"]) == number:
                raise invalid("nonFieldErrors", "unique", "Deze combinatie bestaat al.")
        return values

    def _contact(self, body: Row, row: Row | None) -> Row:
        values = _checked(_CONTACT, body, ("bronorganisatie",))
        values["registratiedatum"] = values["registratiedatum"] or _now()
        if not values["medewerker"] and not values["medewerkerIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-medewerker", "medewerker must be provided")
        previous = values["vorigContactmoment"]
        if previous is not None and (row is None or previous != row["vorigContactmoment"]):
            values["vorigContactmoment"] = self._previous(previous)
        return values

    def _previous(self, url: object) -> str:
        uuid: str = self.pointed(CONTACTEN, "vorigContactmoment", url)["uuid"]
        if any(c["vorigContactmoment"] == uuid for c in self.register.rows[CONTACTEN].values()):
            raise invalid("vorigContactmoment", "unique", "Dit veld moet uniek zijn.")
        return uuid

    def _klantlink(self, body: Row, row: Row | None) -> Row:
        values = _checked({"contactmoment": "", "klant": "", "rol": "", "gelezen": False}, body, ())
        if row is None or values["contactmoment"] != row["contactmoment"]:
            contact = self.pointed(CONTACTEN, "contactmoment", values["contactmoment"])
            values["contactmoment"] = contact["uuid"]
        try:
            # It asks for what the url leads to, and wants an answer.
            self.pointed(KLANTEN, "klant", values["klant"])
        except Refused:
            raise invalid("klant", "bad-url", "De url is niet op te halen.") from None
        self._only(KLANTLINKS, ("contactmoment", "klant", "rol"), values, row)
        return values

    def _objectlink(self, body: Row, row: Row | None) -> Row:
        values = _checked({"contactmoment": "", "object": "", "objectType": ""}, body, ())
        contact = self.pointed(CONTACTEN, "contactmoment", values["contactmoment"])
        values["contactmoment"] = contact["uuid"]
        if not values["object"].startswith(ZAKEN):
            raise invalid("object", "invalid-resource", "De url is geen zaak.")
        if (values["object"], contact["uuid"]) not in self.related:
            raise invalid(
                "nonFieldErrors", "inconsistent-relation", "The contactmoment has no relations"
            )
        self._only(OBJECTLINKS, ("contactmoment", "object"), values, row)
        return values

    _VALUES: Final[Mapping[str, Callable[["OpenKlant1", Row, Row | None], Row]]] = {
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
        del self.register.rows[resource][row["uuid"]]
        if resource == CONTACTEN:
            for links in (KLANTLINKS, OBJECTLINKS):
                for link in self.register.links(links, row["uuid"]):
                    del self.register.rows[links][link["uuid"]]


def _checked(defaults: Mapping[str, Any], body: Row, required: Sequence[str]) -> Row:
    """What a body says, of what can be said. Raises `Refused`."""
    values = {name: body.get(name, default) for name, default in defaults.items()}
    for name in required:
        if not values[name]:
            raise invalid(name, "required", "Dit veld is vereist.")
    for name, value in values.items():
        if defaults[name] == "" and not isinstance(value, str):
            raise invalid(name, "invalid", "Geen tekst.")
        if name in _LENGTHS and len(value) > _LENGTHS[name]:
            raise invalid(name, "max_length", f"Hoogstens {_LENGTHS[name]} tekens.")
        if name in _CHOICES and value not in (*_CHOICES[name], *([""] if not required else [])):
            raise invalid(name, "invalid_choice", "Geen geldige keuze.")
    if "bronorganisatie" in values and not passes_elfproef(values["bronorganisatie"]):
        raise invalid("bronorganisatie", "invalid", "Ongeldig RSIN.")
    if values.get("emailadres") and "@" not in values["emailadres"]:
        raise invalid("emailadres", "invalid", "Voer een geldig e-mailadres in.")
    return values


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
