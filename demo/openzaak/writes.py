"""What becomes of a body: the row that it makes, and what comes with it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from demo.openklant1.data import written
from demo.v1.answers import Refused, invalid
from demo.v1.forms import URL, parsed
from demo.v1.members import Bad, Member, Shape, row_of
from demo.v1.register import Row

from . import bodies
from .data import BLANK
from .holdings import (
    CONTACTEN,
    KLANTCONTACTEN,
    REFERENCES,
    RESULTATEN,
    ROLLEN,
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
        before = kept
        if collection == ROLLEN and kept is not None and not partly:
            # A rol is put in place of the one before it.
            before = None
        made = row_of({**references, **shape}, body, before, partly=partly)
        return self._CHECKS[collection](self, made, kept) if collection in self._CHECKS else made

    def store(self, collection: str, values: Row, kept: Row | None) -> Row:
        """Put values in the place of a row, or in a new one, with what comes of that."""
        if kept is None:
            kept = self.holdings.add(collection, values)
        else:
            kept.update(values)
        if collection == STATUSSEN:
            self._ends(kept)
        if "zaak" in kept or collection == ZAKEN:
            zaak = kept if collection == ZAKEN else self.holdings.rows[ZAKEN][kept["zaak"]]
            zaak["laatstGemuteerd"] = self._moment()
        return kept

    def _moment(self) -> str:
        return written(datetime.fromtimestamp(self._now(), UTC))

    def _today(self) -> str:
        return self._moment()[:10]

    def _reference(self, collection: str, host: str, *, required: bool) -> Member:
        def read(value: Any, _: Any) -> str | None:
            if value is None and not required:
                return None
            if not isinstance(value, str) or not value:
                raise Bad("null" if value is None else "required")
            if URL.wrong(value):
                raise Bad("bad-url" if collection in TYPES else "no_match")
            before, _, uuid = value.rpartition("/")
            if f"{urlsplit(value).scheme}://{urlsplit(value).netloc}" != host:
                raise Bad("bad-url" if collection in TYPES else "no_match")
            if not before.endswith(path(collection)):
                raise Bad("invalid-resource" if collection in TYPES else "incorrect_match")
            if uuid not in self.holdings.rows[collection]:
                raise Bad("object-does-not-exist" if collection in TYPES else "does_not_exist")
            return uuid

        return Member(read, None, required)

    # --- what is looked at beyond single members -------------------------------------------------

    def _zaak(self, made: Row, kept: Row | None) -> Row:
        if kept is None:
            made = {**BLANK, **made}
            made["identificatie"] = made["identificatie"] or self._number()
            made["registratiedatum"] = made["registratiedatum"] or self._today()
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

    def _number(self) -> str:
        year = self._today()[:4]
        start = f"ZAAK-{year}-"
        taken = [
            int(number)
            for row in self.holdings.rows[ZAKEN].values()
            if row["identificatie"].startswith(start)
            and (number := row["identificatie"].removeprefix(start)).isdecimal()
        ]
        return f"{start}{max(taken, default=0) + 1:010}"

    def _rol(self, made: Row, kept: Row | None) -> Row:
        roltype = self._typed(made, "roltype", "roltypen")
        if kept is not None and made["roltype"] != kept["roltype"]:
            raise invalid("roltype", "wijzigen-niet-toegelaten", "Dit veld mag niet wijzigen.")
        if not made["betrokkene"] and not made["betrokkeneIdentificatie"]:
            raise invalid("nonFieldErrors", "invalid-betrokkene", "betrokkene must be provided")
        generic = roltype["omschrijvingGeneriek"]
        others = [r for r in self.holdings.of(ROLLEN, made["zaak"]) if r is not kept]
        if generic in ("initiator", "zaakcoordinator") and any(
            r["omschrijvingGeneriek"] == generic for r in others
        ):
            raise invalid("roltype", "max-occurences", "Die is er al.")
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
        if any(row["datumStatusGezet"] == made["datumStatusGezet"] for row in others):
            raise invalid("nonFieldErrors", "unique", "Deze combinatie bestaat al.")
        if kind["isEindstatus"] and not self.holdings.of(RESULTATEN, made["zaak"]):
            raise invalid("nonFieldErrors", "resultaat-does-not-exist", "Zaak has no result.")
        return made | {"zaakinformatieobjecten": []}

    def _result(self, made: Row, kept: Row | None) -> Row:
        self._typed(made, "resultaattype", "resultaattypen")
        if any(row is not kept for row in self.holdings.of(RESULTATEN, made["zaak"])):
            raise invalid("zaak", "unique", "Dit veld moet uniek zijn.")
        return made

    def _klantcontact(self, made: Row, _: Row | None) -> Row:
        if parsed(made["datumtijd"]).timestamp() > self._now():
            raise invalid("datumtijd", "date-in-future", "Deze datum is in de toekomst.")
        count = len(self.holdings.rows[KLANTCONTACTEN])
        return made | {"identificatie": made["identificatie"] or f"KLANTCT{count:05}"}

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
        KLANTCONTACTEN: _klantcontact,
    }

    def _ends(self, status: Row) -> None:
        """The last status ends a zaak; any other opens it again."""
        zaak = self.holdings.rows[ZAKEN][status["zaak"]]
        ends = self.holdings.rows[STATUSTYPEN][status["statustype"]]["isEindstatus"]
        zaak["einddatum"] = status["datumStatusGezet"][:10] if ends else None


def body_in(content_type: str, content: bytes) -> Row:
    """The object in a body. Raises `Refused`."""
    if content_type.partition(";")[0] != "application/json":
        raise Refused(415, "unsupported_media_type", "Geen JSON.")
    try:
        body = json.loads(content.decode())
    except ValueError:
        raise Refused(400, "parse_error", "Geen JSON.") from None
    if not isinstance(body, dict):
        raise invalid("nonFieldErrors", "invalid", "Geen object.")
    return body
