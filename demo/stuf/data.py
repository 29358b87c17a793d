"""What the back ends hold: persons and companies that the KCC knows too, and the zaken that its
contacts were about.

An object is its values by path of elements, in the order of the schemas.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from demo.index import Indexed, Keys
from demo.kcc.data import FULL, shared
from demo.kcc.values import Row, Scale, Tables

Values = dict[str, str]

RELATIONS: Final[Mapping[tuple[str, str], str]] = {
    ("NNP", "rps.isEigenaarVan"): "NNPMAC",
    ("MAC", "heeftAlsEigenaar"): "MACRPS",
    ("VES", "oefentActiviteitenUitVoor"): "VESMAC",
    ("ZAK", "isVan"): "ZAKZKT",
    ("ZAK", "heeftAlsInitiator"): "ZAKBTRINI",
}
"""The entity of each relation of an entity."""

RELATED: Final[Mapping[str, str]] = {"NNPMAC": "MAC", "VESMAC": "MAC", "ZAKZKT": "ZKT"}
"""What is at the other side, where that can be one thing only."""

KINDS: Final[Mapping[str, str]] = {
    "natuurlijkPersoon": "NPS",
    "nietNatuurlijkPersoon": "NNP",
    "vestiging": "VES",
}
"""Where it can be several: the element that says which, and its entity."""

INITIATOR: Final = "heeftAlsInitiator/gerelateerde"
PREFIXES: Final[Mapping[str, str]] = {
    "natuurlijkPersoon": "11",
    "nietNatuurlijkPersoon": "21",
    "vestiging": "31",
}
"""What a betrokkene is identified by begins with (RGBZ 1.0)."""

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "natuurlijkPersoon": (
        "inp.bsn",
        "geslachtsnaam",
        "voorvoegselGeslachtsnaam",
        "voorletters",
        "voornamen",
    ),
    "nietNatuurlijkPersoon": ("inn.nnpId", "statutaireNaam"),
    "vestiging": ("vestigingsNummer", "handelsnaam"),
}
"""What a zaak tells of its initiator: the number comes first."""

_DIGITS: Final[Mapping[str, int]] = {"BSN": 9, "RSIN": 9, "KVK_NR": 8, "VEST_NR": 12}
_OWNER: Final = "heeftAlsEigenaar/gerelateerde/nietNatuurlijkPersoon/inn.nnpId"
_ABROAD: Final = "sub.verblijfBuitenland"


@dataclass(frozen=True)
class Thing:
    """One object. `key`: the key that its source has for it."""

    entity: str
    key: str
    values: Values


@cache
def by(path: str) -> Keys[Thing]:
    """Objects by the value at a path."""
    return lambda thing: (thing.values.get(path),)


class Holdings:
    """All that the back ends hold."""

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        self._things: dict[str, Indexed[Thing]] = defaultdict(Indexed)
        for thing in things:
            self.put(thing)

    def put(self, thing: Thing) -> None:
        """Add an object, or have one that was changed found by its new values."""
        self._things[thing.entity].put(thing.key, thing)

    def of(self, entity: str, asked: Iterable[tuple[Keys[Thing], Hashable]] = ()) -> list[Thing]:
        """The objects of an entity that are under each of these keys, in the order in which they
        came."""
        return self._things[entity].found(asked)


def holdings(scale: Scale = FULL) -> Holdings:
    """The objects: the same for the same scale, always."""
    tables = shared(scale)
    rows = [_whole({k: _text(v) for k, v in row.items()}) for row in tables["KLANT"]]
    things = [thing for row in rows for thing in _registered(row)]
    things += _zaken(tables, {row["KLANT_ID"]: row for row in rows})
    found: dict[tuple[str, str], Thing] = {}
    for thing in things:
        found.setdefault((thing.entity, thing.key), thing)
    return Holdings(found.values())


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _whole(row: dict[str, str]) -> dict[str, str]:
    """A row with all digits of its numbers, of which the KCC dropped zeros."""
    return row | {name: row[name].zfill(n) for name, n in _DIGITS.items() if row[name]}


def _registered(row: dict[str, str]) -> Iterator[Thing]:
    match row["SRT"]:
        case "P" if row["BSN"]:
            yield Thing("NPS", f"nps-{row['BSN']}", _person(row))
        case "B" if row["RSIN"]:
            yield Thing("NNP", f"nnp-{row['RSIN']}", _organisation(row))
            if row["KVK_NR"]:
                yield _company(row, {_OWNER: row["RSIN"]})
        case "B" if row["KVK_NR"]:
            yield _company(row, {})
        case "V" if row["VEST_NR"]:
            yield Thing("VES", f"ves-{row['VEST_NR']}", _branch(row))


def _given(**values: str) -> Values:
    return {path: value for path, value in values.items() if value}


def _person(row: dict[str, str]) -> Values:
    name, _, prefix = row["NAAM"].partition(", ")
    return _given(
        **{
            "inp.bsn": row["BSN"],
            "geslachtsnaam": name,
            "voorvoegselGeslachtsnaam": prefix,
            "voorletters": row["VOORL"],
            "voornamen": row["VOORNAAM"],
            "aanduidingNaamgebruik": "E",
            "overlijdensdatum": "20250101" if row["STATUS"] == "I" else "",
            **_address(row, "verblijfsadres"),
            "inp.indicatieGeheim": "7" if row["GEHEIM"] == "J" else "0",
        }
    )


def _organisation(row: dict[str, str]) -> Values:
    return _given(
        **{
            "inn.nnpId": row["RSIN"],
            "statutaireNaam": row["NAAM"],
            "datumEinde": "20250101" if row["STATUS"] == "I" else "",
            **_address(row, "bezoekadres"),
            "sub.emailadres": row["EMAIL"],
            "rps.isEigenaarVan/gerelateerde/kvkNummer": row["KVK_NR"],
        }
    )


def _company(row: dict[str, str], owner: Values) -> Thing:
    values = {"kvkNummer": row["KVK_NR"], "handelsnaam": row["NAAM"], **owner}
    return Thing("MAC", f"mac-{row['KVK_NR']}", _given(**values))


def _branch(row: dict[str, str]) -> Values:
    return _given(
        **{
            "vestigingsNummer": row["VEST_NR"],
            "handelsnaam": row["NAAM"],
            **_address(row, "verblijfsadres"),
            "sub.telefoonnummer": row["TEL_PRIVE"],
            "sub.emailadres": row["EMAIL"],
            "oefentActiviteitenUitVoor/gerelateerde/kvkNummer": row["KVK_NR"],
        }
    )


def _address(row: dict[str, str], group: str) -> Values:
    if not row["STRAAT"]:
        return {}
    if row["LANDCODE"] not in ("", "6030"):
        return {
            f"{_ABROAD}/lnd.landcode": row["LANDCODE"],
            f"{_ABROAD}/sub.adresBuitenland1": f"{row['STRAAT']} {row['HUISNR']}".strip(),
            f"{_ABROAD}/sub.adresBuitenland2": f"{row['POSTCODE']} {row['PLAATS']}".strip(),
        }
    return {
        f"{group}/aoa.identificatie": row["BAG_ID"],
        f"{group}/wpl.woonplaatsNaam": row["PLAATS"],
        f"{group}/gor.openbareRuimteNaam": row["STRAAT"],
        f"{group}/gor.straatnaam": row["STRAAT"][:24],
        f"{group}/aoa.postcode": row["POSTCODE"].replace(" ", ""),
        f"{group}/aoa.huisnummer": row["HUISNR"],
        f"{group}/aoa.huisnummertoevoeging": row["HUISNR_TOEV"][:4],
    }


def _zaken(tables: Tables, klanten: Mapping[str, dict[str, str]]) -> Iterator[Thing]:
    contacts: dict[Any, Row] = {row["CONTACT_ID"]: row for row in tables["CONTACT"]}
    for link in tables["CONTACT_ZAAK"]:
        contact = contacts[link["CONTACT_ID"]]
        klant = klanten.get(_text(contact["KLANT_ID"]))
        number = _text(link["ZAAK_NR"])
        who = _initiator(klant) if klant else {}
        if not number or not who:
            continue
        day = _text(link["AANMAAK"])[:8]
        subject = _text(contact["ONDERWERP"])[:80]
        values = {
            "identificatie": number,
            "omschrijving": subject,
            "startdatum": day,
            "registratiedatum": day,
            "isVan/gerelateerde/omschrijving": subject,
            "isVan/gerelateerde/code": "B1026",
            **who,
        }
        yield Thing("ZAK", f"zak-{number}", values)


def _initiator(klant: dict[str, str]) -> Values:
    registered = next(_registered(klant), None)
    for kind, names in _NAMES.items():
        if registered is not None and registered.entity == KINDS[kind]:
            held = registered.values
            return {f"{INITIATOR}/{kind}/{n}": held[n] for n in names if n in held}
    return {}
