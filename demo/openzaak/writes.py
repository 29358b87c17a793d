"""What becomes of a body: the row that it makes, and what comes with it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from demo.openklant1.data import written
from demo.v1.answers import Refused, fallen, invalid
from demo.v1.forms import URL, parsed
from demo.v1.members import Bad, Member, Shape, row_of
from demo.v1.register import Row

from . import bodies
from .data import BLANK, LETTERS, archived
from .holdings import (
    CONTACTEN,
    KLANTCONTACTEN,
    OF_A_ZAAK,
    REFERENCES,
    RESULTAATTYPEN,
    RESULTATEN,
    ROLLEN,
    ROLTYPEN,
    STATUSSEN,
    STATUSTYPEN,
    TYPES,
    ZAAKTYPEN,
    ZAKEN,
    Holdings,
)
from .rollen import SHAPES
from .shown import path

METHODS: Final[Mapping[str, Sequence[str]]] = {
    ZAKEN: ("POST", "PUT", "PATCH", "DELETE"),
    ROLLEN: ("POST", "PUT", "DELETE"),
    STATUSSEN: ("POST",),
    RESULTATEN: ("POST", "PUT", "PATCH", "DELETE"),
    CONTACTEN: ("POST", "DELETE"),
    KLANTCONTACTEN: ("POST",),
}
"""What can be done with a collection beside reading it."""

_SHAPES: Final[Mapping[str, Shape]] = {
    ZAKEN: bodies.ZAAK,
    STATUSSEN: bodies.STATUS,
    RESULTATEN: bodies.RESULTAAT,
    CONTACTEN: bodies.CONTACT,
    KLANTCONTACTEN: bodies.KLANTCONTACT,
}


class Writes:
    """Changes holdings. `now`: the clock, in seconds."""

    def __init__(self, holdings: Holdings, now: Callable[[], float]) -> None:
        self.holdings = holdings
        self._now = now

    def row(self, collection: str, host: str, body: Row, kept: Row | None, partly: bool) -> Row:
        """The values that a body makes; `kept`: those of the row that is changed. `host`: under
        which own urls stand. Raises `Refused`."""
        kind = str(body.get("betrokkeneType", ""))
        shape = bodies.rol(kind) if collection == ROLLEN else _SHAPES[collection]
        references = {
            field: self._reference(other, host, required=field not in ("hoofdzaak", "gezetdoor"))
            for field, other in REFERENCES[collection].items()
        }
        if kept is None and collection in OF_A_ZAAK:
            self._permitted(host, body)
        before = kept
        if collection == ROLLEN:
            # A rol is put in place of the one before it.
            before = None
        made = row_of({**references, **shape}, body, before, partly=partly)
        if collection == ROLLEN and kept is not None and not body.get("contactpersoonRol"):
            made["contactpersoonRol"] = kept["contactpersoonRol"]
        return self._CHECKS[collection](self, made, kept) if collection in self._CHECKS else made

    def store(self, collection: str, values: Row, kept: Row | None) -> Row:
        """Put values in the place of a row, or in a new one, with what comes of that."""
        if kept is None:
            kept = self.holdings.add(collection, values)
        else:
            self.holdings.change(collection, kept, values)
        if collection == STATUSSEN:
            self._ends(kept)
        if "zaak" in kept or collection == ZAKEN:
            zaak = kept if collection == ZAKEN else self.holdings.rows[ZAKEN][kept["zaak"]]
            self.holdings.change(ZAKEN, zaak, {"laatstGemuteerd": self._moment()})
        return kept

    def _moment(self) -> str:
        return written(datetime.fromtimestamp(self._now(), UTC))

    def _today(self) -> str:
        return self._moment()[:10]

    def _permitted(self, host: str, body: Row) -> None:
        """Whether somebody may is seen before anything else, by the zaak. Raises `Refused`."""
        if "zaak" not in body:
            raise invalid("zaak", "required", "zaak is een verplicht veld voor permissies")
        zaak = body["zaak"]
        if zaak is None:
            raise fallen()
        before, _, uuid = str(zaak).rpartition("/")
        rows = self.holdings.rows.values()
        if not before.startswith(f"{host}/") or not any(uuid in one for one in rows):
            raise invalid("zaak", "object-does-not-exist", "Dit object bestaat niet.")

    def _reference(self, collection: str, host: str, *, required: bool) -> Member:
        def read(value: Any, _: Any) -> str | None:
            if value is None and not required:
                return None
            if not isinstance(value, str) or not value:
                raise Bad("null" if value is None else "blank")
            before, _, uuid = value.rpartition("/")
            typed = collection in TYPES
            if URL.wrong(value):
                raise Bad("bad-url" if typed else "no_match")
            if f"{urlsplit(value).scheme}://{urlsplit(value).netloc}" != host:
                raise Bad("unknown-service" if typed else "no_match")
            if not before.endswith(path(collection)):
                if typed:
                    raise fallen()
                raise Bad("incorrect_match")
            if uuid not in self.holdings.rows[collection]:
                raise Bad("does_not_exist")
            return uuid

        return Member(read, None, required)

    # --- what is looked at beyond single members -------------------------------------------------

    def _zaak(self, made: Row, kept: Row | None) -> Row:
        if kept is None:
            made = {**BLANK, **made}
            made["identificatie"] = made["identificatie"] or self._number()
            made["registratiedatum"] = made["registratiedatum"] or self._today()
            self._latest(made)
        for name in ("identificatie", "zaaktype"):
            if kept is not None and made[name] != kept[name]:
                raise invalid(name, "wijzigen-niet-toegelaten", "Dit veld mag niet wijzigen.")
        kind = self.holdings.rows[ZAAKTYPEN][made["zaaktype"]]
        made["vertrouwelijkheidaanduiding"] = (
            made["vertrouwelijkheidaanduiding"] or kind["vertrouwelijkheidaanduiding"]
        )
        names = ("bronorganisatie", "identificatie")
        for other in self.holdings.rows[ZAKEN].values():
            if other is not kept and all(other[n] == made[n] for n in names):
                raise invalid("identificatie", "identificatie-niet-uniek", "Deze bestaat al.")
        return made

    def _latest(self, made: Row) -> None:
        """By when a zaak has to be done follows from its zaaktype."""
        days = int(self.holdings.rows[ZAAKTYPEN][made["zaaktype"]]["doorlooptijd"][1:-1])
        last = date.fromisoformat(made["startdatum"]) + timedelta(days=days)
        made["uiterlijkeEinddatumAfdoening"] = made["uiterlijkeEinddatumAfdoening"] or str(last)

    def _number(self) -> str:
        year = self._today()[:4]
        start = f"ZAAK-{year}-"
        taken = [
            int(number)
            for row in self.holdings.rows[ZAKEN].values()
            if row["identificatie"].startswith(start)
            and len(number := row["identificatie"].removeprefix(start)) == 10
        ]
        return f"{start}{max(taken, default=0) + 1:010}"

    def _rol(self, made: Row, kept: Row | None) -> Row:
        roltype: Row = self.holdings.rows[ROLTYPEN][made["roltype"]]
        if kept is not None and made["roltype"] != kept["roltype"]:
            raise invalid("roltype", "wijzigen-niet-toegelaten", "Dit veld mag niet wijzigen.")
        if not made["betrokkene"] and not made["betrokkeneIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-betrokkene", "betrokkene must be provided")
        generic = roltype["omschrijvingGeneriek"]
        others = [r for r in self.holdings.of(ROLLEN, made["zaak"]) if r is not kept]
        same = kept is not None and kept["omschrijvingGeneriek"] == generic
        if (
            generic in ("initiator", "zaakcoordinator")
            and not same
            and any(r["omschrijvingGeneriek"] == generic for r in others)
        ):
            raise invalid("roltype", "max-occurences", "Die is er al.")
        self._typed(made, "roltype", ROLTYPEN)
        known = made["betrokkeneIdentificatie"]
        return made | {
            "omschrijving": roltype["omschrijving"],
            "omschrijvingGeneriek": generic,
            "registratiedatum": kept["registratiedatum"] if kept else self._moment(),
            "statussen": kept["statussen"] if kept else [],
            "betrokkeneIdentificatie": known and {**SHAPES[made["betrokkeneType"]], **known},
        }

    def _status(self, made: Row, _: Row | None) -> Row:
        kind = self._typed(made, "statustype", STATUSTYPEN)
        if parsed(made["datumStatusGezet"]).timestamp() > self._now():
            raise invalid("datumStatusGezet", "date-in-future", "Deze datum is in de toekomst.")
        others = self.holdings.of(STATUSSEN, made["zaak"])
        codes = []
        if any(row["datumStatusGezet"] == made["datumStatusGezet"] for row in others):
            codes.append("unique")
        if (
            made["gezetdoor"]
            and self.holdings.rows[ROLLEN][made["gezetdoor"]]["zaak"] != made["zaak"]
        ):
            codes.append("zaak-mismatch")
        if codes:
            wrong = [("nonFieldErrors", code, "Voer een geldige waarde in.") for code in codes]
            raise Refused(400, "invalid", "Invalid input.", wrong)
        if kind["isEindstatus"] and not self.holdings.of(RESULTATEN, made["zaak"]):
            raise invalid("nonFieldErrors", "resultaat-does-not-exist", "Zaak has no result.")
        return made | {"zaakinformatieobjecten": []}

    def _result(self, made: Row, kept: Row | None) -> Row:
        self._typed(made, "resultaattype", RESULTAATTYPEN)
        if any(row is not kept for row in self.holdings.of(RESULTATEN, made["zaak"])):
            raise invalid("zaak", "unique", "Dit veld moet uniek zijn.")
        return made

    def _klantcontact(self, made: Row, _: Row | None) -> Row:
        if parsed(made["datumtijd"]).timestamp() > self._now():
            raise invalid("datumtijd", "date-in-future", "Deze datum is in de toekomst.")
        number = made["identificatie"] or "".join(self.holdings.random.choices(LETTERS, k=12))
        if any(o["identificatie"] == number for o in self.holdings.rows[KLANTCONTACTEN].values()):
            raise invalid("identificatie", "unique", "Er bestaat er al een.")
        return made | {"identificatie": number}

    def _link(self, made: Row, _: Row | None) -> Row:
        if any(
            o["contactmoment"] == made["contactmoment"]
            for o in self.holdings.of(CONTACTEN, made["zaak"])
        ):
            raise fallen()
        return made

    def _typed(self, made: Row, field: str, collection: str) -> Row:
        """The type of a row, which is of the zaaktype that its zaak has. Raises `Refused`."""
        kind: Row = self.holdings.rows[collection][made[field]]
        if kind["zaaktype"] != self.holdings.rows[ZAKEN][made["zaak"]]["zaaktype"]:
            raise invalid("nonFieldErrors", "zaaktype-mismatch", "Hoort niet bij het zaaktype.")
        return kind

    _CHECKS: Final[Mapping[str, Callable[["Writes", Row, Row | None], Row]]] = {
        ZAKEN: _zaak,
        ROLLEN: _rol,
        STATUSSEN: _status,
        RESULTATEN: _result,
        CONTACTEN: _link,
        KLANTCONTACTEN: _klantcontact,
    }

    def _ends(self, status: Row) -> None:
        """The last status ends a zaak; any other opens it again."""
        zaak = self.holdings.rows[ZAKEN][status["zaak"]]
        ends = self.holdings.rows[STATUSTYPEN][status["statustype"]]["isEindstatus"]
        ended = date.fromisoformat(status["datumStatusGezet"][:10]) if ends else None
        closed = {"einddatum": str(ended) if ended else None}
        self.holdings.change(ZAKEN, zaak, archived(ended) | closed)


def body_in(content_type: str, content: bytes) -> Row:
    """The object in a body. Raises `Refused`."""
    if content_type.partition(";")[0] != "application/json":
        raise Refused(415, "unsupported_media_type", "Geen JSON.")
    try:
        body = json.loads(content.decode())
    except ValueError:
        raise Refused(400, "parse_error", "Geen JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "parse_error", "Geen object.")
    return body
