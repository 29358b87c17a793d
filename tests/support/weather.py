"""Rows as years of use leave them: ties, gaps, doubles and references that lead nowhere."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from demo.kcc.data import Row, Tables
from demo.kcc.schema import SCHEMA

# What the standard requires of an object, or a key is made of, always has a value.
_NEVER_BLANK: Final = {
    "KLANT": {"SRT", "STATUS"},
    "KLANT_ADRES": {"SRT", "WAARDE"},
    "CONTACT": {"KANAAL_CD", "DATUM", "TIJD", "ROL", "INIT", "ONDERWERP", "VERWIJDERD"},
    "MEDEWERKER": {"NAAM", "SRT"},
    "AFDELING": {"NAAM"},
    "TERUGBEL": {"ACTIE", "STATUS", "TOEGEWEZEN"},
    "MACHTIGING": {"STATUS"},
    "BANKREK": {"IBAN"},
}
_GONE: Final = {"KLANT": ("STATUS", "V"), "CONTACT": ("VERWIJDERD", "J")}
_FREE_TEXT: Final = {
    "CONTACT": ("ONDERWERP", "VRAAG", "BEL_NAAM", "BEL_ORG"),
    "KLANT": ("NOTITIE", "EXTERN_NR"),
    "MEDEWERKER": ("NAAM",),
}
_ODD: Final = ("100%", "a_b", "É", "é, van", "x, ", ", y", "ǅ", "'", "\\", "0", "a,b", "  z")


def weathered(rows: Tables, seed: int, share: float = 1.0) -> Tables:
    """The rows (a share of each table) with random damage that a mapping can still read."""
    random = Random(seed)
    tables = {name: _sample(random, table, share) for name, table in rows.items()}
    for name, table in tables.items():
        for row in table:
            for column in SCHEMA[name].columns:
                if column not in SCHEMA[name].key and random.random() < 0.15:
                    row[column] = _damaged(random, name, column, table, tables)
    return tables


def _sample(random: Random, table: list[Row], share: float) -> list[Row]:
    size = max(2, round(len(table) * share))
    return [dict(row) for row in random.sample(table, min(size, len(table)))]


def _damaged(random: Random, name: str, column: str, table: list[Row], tables: Tables) -> Any:
    """Another value for a column: of another row, absent, or a reference to anywhere."""
    integer = SCHEMA[name].columns[column] == "INTEGER"
    ways = ["other"] * 3
    if column not in _NEVER_BLANK.get(name, set()):
        ways += ["none"] if integer or column == "AANMAAK" else ["none", "", " "]
    if column in SCHEMA[name].references:
        ways += ["dangling", "anywhere", "anywhere"]
    if column in _FREE_TEXT.get(name, ()):
        ways += ["odd", "odd"]
    if _GONE.get(name, ("", ""))[0] == column:
        ways += ["gone"]
    match random.choice(ways):
        case "other":
            return random.choice(table)[column]
        case "none":
            return None
        case "dangling":
            return 10**6 if integer else "nobody"
        case "anywhere":
            to, key = SCHEMA[name].references[column]
            return random.choice(tables[to])[key]
        case "odd":
            return random.choice(_ODD)
        case "gone":
            return _GONE[name][1]
        case blank:
            return blank
