"""What can be asked of each list of Open Zaak 1.30, and what of a value is looked at."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import ge, gt, le, lt
from typing import Any, Final

from demo.index import Keys
from demo.v1.forms import FISCAL, PLAIN, URL, Form, one_of
from demo.v1.register import Row, by, value

from .bodies import CONFIDENTIAL
from .holdings import (
    CONTACTEN,
    KLANTCONTACTEN,
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

Test = Callable[[Holdings, Row, str], bool]
Compare = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Filter:
    """Whether a row meets a value, and the form that a value has to have. `refers`: the value is
    the url of a row of this collection, of which the test gets the uuid. `falls`: over a url of its
    own that leads nowhere it does. `keys`: what the rows that meet a value have it among, where an
    index finds them."""

    test: Test
    form: Form = PLAIN
    refers: str = ""
    falls: bool = False
    keys: Keys[Row] | None = None


def _day(text: str) -> str | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return "invalid"
    return None


_DAY: Final = Form(_day)
_RSIN: Final = Form(lambda text: "invalid" if FISCAL.wrong(text) else None)
_ARCHIVED: Final = one_of(
    "nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen"
)
_PAIR: Final = Form(lambda text: None if re.fullmatch("[^:]+:[^:]+", text) else "invalid")
_TRUTH: Final = Form(lambda _: None)
TRUTHS: Final = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
"""Any other text asks nothing."""


def _indexed(keys: Keys[Row], form: Form = PLAIN, refers: str = "", falls: bool = False) -> Filter:
    return Filter(lambda _, row, text: text in keys(row), form, refers, falls, keys)


def _text(path: str, form: Form = PLAIN) -> Filter:
    return _indexed(by(path), form)


def _part(path: str) -> Filter:
    return Filter(lambda _, row, text: text.lower() in str(value(row, path)).lower())


def _several(path: str, form: Form = PLAIN) -> Filter:
    each = Form(lambda text: next(filter(None, map(form.wrong, text.split(","))), None))
    return Filter(lambda _, row, text: value(row, path) in text.split(","), each)


def _reference(field: str, collection: str) -> Filter:
    return _indexed(by(field), URL, collection, collection in TYPES)


def _compared(field: str, compare: Compare) -> Filter:
    return Filter(lambda _, row, text: bool(row[field]) and compare(row[field], text), _DAY)


def _absent(field: str) -> Filter:
    return Filter(lambda _, row, text: TRUTHS.get(text, row[field] is None) is (row[field] is None))


def _days(field: str, *words: str) -> dict[str, Filter]:
    """A day with the words that may follow it."""
    known: dict[str, Compare] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
    made = {field: _text(field, _DAY)}
    made |= {f"{field}__{word}": _compared(field, known[word]) for word in words if word in known}
    return made | ({f"{field}__isnull": _absent(field)} if "isnull" in words else {})


_TYPES: Final = {
    "natuurlijkPersoon": ("natuurlijk_persoon", ("inpBsn", "anpIdentificatie", "inpA_nummer")),
    "nietNatuurlijkPersoon": (
        "niet_natuurlijk_persoon",
        ("innNnpId", "annIdentificatie", "kvkNummer", "vestigingsNummer"),
    ),
    "vestiging": ("vestiging", ("vestigingsNummer", "kvkNummer")),
    "organisatorischeEenheid": ("organisatorische_eenheid", ("identificatie",)),
    "medewerker": ("medewerker", ("identificatie",)),
}
_GENERIC: Final = one_of(
    "adviseur",
    "behandelaar",
    "belanghebbende",
    "beslisser",
    "initiator",
    "klantcontacter",
    "mede_initiator",
    "zaakcoordinator",
)
_MANDATES: Final = {"eigen": "", "gemachtigde": "gemachtigde", "machtiginggever": "machtiginggever"}


def _identified(kind: str, field: str) -> Filter:
    def keys(row: Row) -> Iterable[Any]:
        if row["betrokkeneType"] == kind:
            yield value(row, f"betrokkeneIdentificatie.{field}")

    return _indexed(keys)


def _mandate(_: Holdings, row: Row, text: str) -> bool:
    return bool(row["indicatieMachtiging"] == _MANDATES[text])


OF_ROLLEN: Final[Mapping[str, Filter]] = {
    **{
        f"betrokkeneIdentificatie__{name}__{field}": _identified(kind, field)
        for name, (kind, fields) in _TYPES.items()
        for field in fields
    },
    "betrokkene": _text("betrokkene", URL),
    "betrokkeneType": _text("betrokkeneType", one_of(*(kind for kind, _ in _TYPES.values()))),
    "omschrijvingGeneriek": _text("omschrijvingGeneriek", _GENERIC),
    "machtiging": Filter(_mandate, one_of(*_MANDATES)),
}
"""What can be asked of rollen, and of zaken with `rol__` before it."""

_LONGEST: Final = {
    "natuurlijkPersoon__inpBsn": 9,
    "natuurlijkPersoon__anpIdentificatie": 17,
    "natuurlijkPersoon__inpA_nummer": 10,
    "nietNatuurlijkPersoon__annIdentificatie": 17,
    "nietNatuurlijkPersoon__kvkNummer": 8,
    "nietNatuurlijkPersoon__vestigingsNummer": 24,
    "vestiging__vestigingsNummer": 24,
    "vestiging__kvkNummer": 8,
    "medewerker__identificatie": 128,
}
"""Of zaken the length is looked at too."""


def _at_most(longest: int) -> Form:
    return Form(lambda text: "max_length" if len(text) > longest else PLAIN.wrong(text))


ROL: Final = "rol__"


def _of_a_rol() -> Iterable[tuple[str, Filter]]:
    for name, one in OF_ROLLEN.items():
        longest = _LONGEST.get(name.removeprefix("betrokkeneIdentificatie__"))
        yield ROL + name, replace(one, form=_at_most(longest)) if longest else one


def _last(holdings: Holdings, row: Row, text: str) -> bool:
    last = holdings.status(row["zaak"])
    is_last = last is not None and last["uuid"] == row["uuid"]
    return TRUTHS.get(text, is_last) is is_last


def _status(holdings: Holdings, row: Row, uuid: str) -> bool:
    last = holdings.status(row["uuid"])
    return last is not None and last["statustype"] == uuid


def _result(holdings: Holdings, row: Row, uuid: str) -> bool:
    found = holdings.of(RESULTATEN, row["uuid"])
    return any(result["resultaattype"] == uuid for result in found)


def _named(holdings: Holdings, row: Row, text: str) -> bool:
    name: str = holdings.rows[ZAAKTYPEN][row["zaaktype"]]["omschrijving"]
    return text.lower() in name.lower()


def _sources(row: Row) -> Iterable[Any]:
    return [one["bron"] for one in row["kenmerken"]]


def _marks(row: Row) -> Iterable[Any]:
    return [f"{one['bron']}:{one['kenmerk']}" for one in row["kenmerken"]]


def _at_least(_: Holdings, row: Row, text: str) -> bool:
    return CONFIDENTIAL.index(row["vertrouwelijkheidaanduiding"]) <= CONFIDENTIAL.index(text)


_STATE: Final = {
    "status": Filter(
        lambda _, __, text: text != "concept", one_of("alles", "concept", "definitief")
    )
}
_OF_A_TYPE: Final = {"zaaktype": replace(_reference("zaaktype", ZAAKTYPEN), falls=False), **_STATE}

FILTERS: Final[Mapping[str, Mapping[str, Filter]]] = {
    ZAKEN: {
        "identificatie": _text("identificatie"),
        "identificatie__icontains": _part("identificatie"),
        "bronorganisatie": _text("bronorganisatie", _RSIN),
        "bronorganisatie__in": _several("bronorganisatie", _RSIN),
        "omschrijving": _part("omschrijving"),
        "zaaktype": _reference("zaaktype", ZAAKTYPEN),
        "zaaktype__omschrijving": Filter(_named),
        "archiefnominatie": _text("archiefnominatie", one_of("blijvend_bewaren", "vernietigen")),
        "archiefnominatie__in": _several("archiefnominatie"),
        "archiefstatus": _text("archiefstatus", _ARCHIVED),
        "archiefstatus__in": _several("archiefstatus"),
        "maximaleVertrouwelijkheidaanduiding": Filter(_at_least, one_of(*CONFIDENTIAL)),
        "kenmerk__bron": _indexed(_sources),
        "kenmerk": _indexed(_marks, _PAIR),
        "status__statustype": Filter(_status, URL, refers=STATUSTYPEN),
        "resultaat__resultaattype": Filter(_result, URL, refers=RESULTAATTYPEN),
        **_days("archiefactiedatum", "gt", "lt", "isnull"),
        **_days("startdatum", "gt", "gte", "lt", "lte"),
        **_days("registratiedatum", "gt", "lt"),
        **_days("einddatum", "gt", "lt", "isnull"),
        **_days("einddatumGepland", "gt", "lt"),
        **_days("uiterlijkeEinddatumAfdoening", "gt", "lt"),
        **dict(_of_a_rol()),
    },
    ROLLEN: {
        **OF_ROLLEN,
        "zaak": _reference("zaak", ZAKEN),
        "roltype": _reference("roltype", ROLTYPEN),
        "omschrijving": _text("omschrijving"),
    },
    STATUSSEN: {
        "zaak": _reference("zaak", ZAKEN),
        "statustype": _reference("statustype", STATUSTYPEN),
        "indicatieLaatstGezetteStatus": Filter(_last, _TRUTH),
    },
    RESULTATEN: {
        "zaak": _reference("zaak", ZAKEN),
        "resultaattype": _reference("resultaattype", RESULTAATTYPEN),
    },
    CONTACTEN: {"zaak": _reference("zaak", ZAKEN), "contactmoment": _text("contactmoment", URL)},
    KLANTCONTACTEN: {"zaak": _reference("zaak", ZAKEN)},
    ZAAKTYPEN: {"identificatie": _text("identificatie"), **_STATE},
    STATUSTYPEN: _OF_A_TYPE,
    ROLTYPEN: {**_OF_A_TYPE, "omschrijvingGeneriek": _text("omschrijvingGeneriek", _GENERIC)},
    RESULTAATTYPEN: _OF_A_TYPE,
}

ORDERS: Final = (
    "startdatum",
    "einddatum",
    "publicatiedatum",
    "archiefactiedatum",
    "registratiedatum",
    "identificatie",
)
"""What a list of zaken can be ordered by, with `-` before it the other way."""
