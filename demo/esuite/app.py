"""The e-Suite as its clients see it: Klanten 1.3.0 and Contactmomenten 1.7.0 of its own making."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request

from demo.kcc.data import FULL
from demo.kcc.values import Scale
from demo.v1.answers import Refused, invalid
from demo.v1.dialects import E_SUITE
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, RSIN, Row
from demo.v1.service import Service
from demo.v1.tokens import Tokens

from .data import PUBLIC, ZAKEN, generate_register, surroundings

SECRETS: Final = {"gateway": "openbaar-geheim-van-de-demo-voor-de-e-suite"}
USER: Final = "x-esuite-request-user-id"

_OPEN: Final = ("nieuw", "in_behandeling")
_NUMBERS: Final = {"inpBsn": 9, "innNnpId": 8, "vestigingsNummer": 12}
_SUBJECTS: Final = {
    "inpBsn": "natuurlijk_persoon",
    "innNnpId": "niet_natuurlijk_persoon",
    "vestigingsNummer": "vestiging",
}
_PHONES: Final = ("telefoonnummer", "telefoonnummerAlternatief")


class ESuite(Service):
    """The service.

    `outside`: the numbers of persons and companies that can be made a klant, for the e-Suite takes
    them from the registers of the country. `names`: what exists in it by name: `afdeling`, `groep`,
    `gebruikersnaam`. `by_contact`: what becomes of klantcontactmomenten?contactmoment=, which its
    specification does not have, and which others use: `answered`, `ignored` or `refused`.
    """

    outside: set[str]
    names: Mapping[str, frozenset[str]]
    by_contact: str

    def shown(self, request: Request, resource: str, row: Row, expand: Sequence[str]) -> Row:
        made = {
            k: v
            for k, v in row.items()
            if k != "uuid" and not k.startswith("_") and v not in (None, "", [], {})
        }
        made = {"url": self.url(request, resource, row["uuid"]), **made}
        match resource:
            case "klanten":
                # These may be null, and are there all the same.
                made |= {k: row[k] for k in ("emailadres", *_PHONES)}
            case "contactmomenten":
                single = request.url.path.endswith(row["uuid"])
                if not (single or "identificatie" in request.query_params):
                    made.pop("voorlopigeAntwoorden", None)
            case "klantcontactmomenten":
                made |= {"klant": self.url(request, KLANTEN, row["klant"])}
                made |= {"rol": "gesprekspartner"}
            case _:
                made |= {"objectType": "zaak"}
        if resource in (KLANTLINKS, OBJECTLINKS):
            made["contactmoment"] = self.url(request, CONTACTEN, row["contactmoment"])
        return made

    def may_see(self, request: Request, row: Row) -> bool:
        return row["_only"] in ("", request.headers.get(USER, ""))

    def _list(self, request: Request, resource: str) -> dict[str, Any]:
        params = request.query_params
        if resource != KLANTLINKS or "contactmoment" not in params or "klant" in params:
            return super()._list(request, resource)
        if self.by_contact == "refused":
            raise invalid("klant", "required", "Verplicht.")
        uuid = params["contactmoment"].rpartition("/")[2]
        found = [
            row
            for row in self.register.newest(KLANTLINKS)
            if self.by_contact == "ignored" or row["contactmoment"] == uuid
        ][:20]
        results = [self.shown(request, resource, row, ()) for row in found]
        return {"count": len(results), "next": None, "previous": None, "results": results}

    # --- writing -------------------------------------------------------------------------------

    def write(self, request: Request, resource: str, row: Row | None, body: Any) -> Row | None:
        if row is not None and not (resource == KLANTEN and request.method == "PATCH"):
            raise Refused(405, "method_not_allowed", "Deze methode is niet toegestaan.")
        match resource:
            case "klanten" if row is not None:
                return self._reachable(row, body)
            case "klanten":
                return self._new_klant(body)
            case "contactmomenten":
                return self._new_contact(body)
            case "klantcontactmomenten":
                return self._new_klantlink(body)
            case _:
                return self._new_objectlink(body)

    def _reachable(self, row: Row, body: Row) -> Row:
        """The addresses of a klant, all that can be changed of one."""
        changed = {n: body.get(n, row[n]) or None for n in ("emailadres", *_PHONES)}
        _phones(changed)
        self.register.change(KLANTEN, row, changed)
        return row

    def _new_klant(self, body: Row) -> Row:
        numbers = body.get("subjectIdentificatie") or {}
        given = [name for name in _NUMBERS if numbers.get(name)]
        if len(given) != 1:
            raise invalid("subjectIdentificatie", "required", "Precies één identificatie.")
        name, number = given[0], str(numbers[given[0]])
        if len(number) != _NUMBERS[name]:
            raise invalid(f"subjectIdentificatie.{name}", "length", "Verkeerde lengte.")
        rows = self.register.rows[KLANTEN]
        if any(k["subjectIdentificatie"].get(name) == number for k in rows.values()):
            raise Refused(409, "conflict", "Deze klant bestaat al.")
        if number not in self.outside:
            raise Refused(404, "not_found", "Onbekend in het bronregister.")
        reachable = {n: body.get(n) or None for n in ("emailadres", *_PHONES)}
        _phones(reachable)
        # All else comes from the register outside, which this sample does not have.
        return self.register.add(
            KLANTEN,
            {
                "bronorganisatie": RSIN,
                "klantnummer": f"{len(rows) + 90_000_000}",
                **reachable,
                "subjectType": _SUBJECTS[name],
                "subjectIdentificatie": {name: number},
            },
        )

    def _new_contact(self, body: Row) -> Row:
        status = body.get("status", "nieuw")
        if status not in (*_OPEN, "afgehandeld"):
            raise invalid("status", "choice", "Onbekende status.")
        if not str(body.get("tekst") or "").strip():
            raise invalid("tekst", "required", "Verplicht.")
        if status == "afgehandeld":
            if not str(body.get("antwoord") or "").strip():
                raise invalid("antwoord", "required", "Verplicht bij een afgehandeld contact.")
            for name in ("behandelaar", "toelichting"):
                if body.get(name):
                    raise invalid(name, "closed", "Niet bij een afgehandeld contact.")
        contactgegevens = {k: v for k, v in (body.get("contactgegevens") or {}).items() if v}
        _phones(contactgegevens)
        made = {
            "bronorganisatie": RSIN,
            "registratiedatum": body.get("registratiedatum") or _now(),
            "tekst": body["tekst"],
            "antwoord": body.get("antwoord") or "",
            "status": status,
            "toelichting": body.get("toelichting") or "",
            "contactgegevens": contactgegevens,
            "recentsteVoorlopigAntwoord": None,
            "voorlopigeAntwoorden": [],
            "_klant": None,
            "_only": "",
            **self._existing(body),
        }
        year = made["registratiedatum"][:4]
        same = [
            c for c in self.register.rows[CONTACTEN].values() if c["identificatie"][-4:] == year
        ]
        made["identificatie"] = f"{len(same) + 1}-{year}"
        return self.register.add(CONTACTEN, made)

    def _existing(self, body: Row) -> Row:
        """What refers to something in the e-Suite by its name. Raises `Refused`."""
        onderwerp = str(body.get("onderwerp") or "")
        kind = {"afd:": "afdeling", "grp:": "groep"}.get(onderwerp[:4])
        if onderwerp and kind is None:
            raise invalid("onderwerp", "prefix", "Begint met afd: of grp:.")
        named = {n: str(body.get(n) or "") for n in ("kanaal", "type", "afdeling", "groep")}
        if kind and not named[kind]:
            named[kind] = onderwerp[4:]
        people = {}
        for name, key in (
            ("behandelaar", "gebruikersnaam"),
            ("medewerkerIdentificatie", "identificatie"),
        ):
            user = str((body.get(name) or {}).get(key) or "")
            if user and user not in self.names["gebruikersnaam"]:
                raise invalid(f"{name}.{key}", "unknown", "Bestaat niet.")
            people[name] = {key: user} if user else None
        for name, text in named.items():
            if text and text not in self.names[name]:
                raise invalid(name, "unknown", "Bestaat niet.")
        return {**named, **people, "onderwerp": onderwerp}

    def _new_klantlink(self, body: Row) -> Row:
        contact = self.pointed(CONTACTEN, "contactmoment", body.get("contactmoment"))
        klant = self.pointed(KLANTEN, "klant", body.get("klant"))
        if contact["_klant"] is not None:
            raise Refused(409, "conflict", "Dit contact heeft al een klant.")
        contact["_klant"] = klant["uuid"]
        link = {"contactmoment": contact["uuid"], "klant": klant["uuid"]}
        return self.register.add(KLANTLINKS, link)

    def _new_objectlink(self, body: Row) -> Row:
        contact = self.pointed(CONTACTEN, "contactmoment", body.get("contactmoment"))
        zaak = str(body.get("object") or "")
        if not zaak.startswith(ZAKEN) or body.get("objectType", "zaak") != "zaak":
            raise invalid("object", "unknown", "Geen zaak in de e-Suite.")
        if any(
            link["object"] == zaak for link in self.register.links(OBJECTLINKS, contact["uuid"])
        ):
            raise Refused(409, "conflict", "Deze koppeling bestaat al.")
        return self.register.add(OBJECTLINKS, {"contactmoment": contact["uuid"], "object": zaak})


def _phones(given: Mapping[str, Any]) -> None:
    if given.get("telefoonnummerAlternatief") and not given.get("telefoonnummer"):
        raise invalid("telefoonnummerAlternatief", "alone", "Vul eerst telefoonnummer.")
    if given.get("emailadres") and "@" not in given["emailadres"]:
        raise invalid("emailadres", "email", "Geen e-mailadres.")


def _now() -> str:
    return datetime.now(ZoneInfo("Europe/Amsterdam")).isoformat(timespec="seconds")


def service(
    scale: Scale = FULL,
    *,
    public: str = PUBLIC,
    secrets: Mapping[str, str] = SECRETS,
    now: Callable[[], float] = time.time,
    by_contact: str = "answered",
) -> ESuite:
    """The service on the rows of the sample municipality."""
    tokens = Tokens(secrets, now, strict=True)
    made = ESuite(E_SUITE, generate_register(scale), tokens, public)
    made.outside, made.names = surroundings(scale)
    made.by_contact = by_contact
    return made


def create_app() -> Starlette:
    """The application, for a server."""
    return service().app()
