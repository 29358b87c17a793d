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
    "CONTACT": {"KANAAL_CD", "DATUM", "TIJD", "MICRO", "ROL", "INIT", "ONDERWERP", "VERWIJDERD"},
    "MEDEWERKER": {"NAAM", "SRT"},
    "AFDELING": {"NAAM"},
    "TERUGBEL": {"ACTIE", "STATUS", "TOEGEWEZEN"},
    "MACHTIGING": {"STATUS"},
    "BANKREK": {"IBAN"},
    "KLANT_NUMMER": {"SRT", "NUMMER"},
    "CONTACT_BETR": {"ROL", "INIT"},
    "ACTOR": {"SRT", "NAAM"},
    "CONTACT_ACTOR": {"SRT"},
}
_GONE: Final = {"KLANT": ("STATUS", "V"), "CONTACT": ("VERWIJDERD", "J")}
_FREE_TEXT: Final = {
    "CONTACT": ("ONDERWERP", "VRAAG", "BEL_NAAM", "BEL_ORG"),
    "KLANT": ("NOTITIE", "EXTERN_NR"),
    "MEDEWERKER": ("NAAM",),
}
_CODES: Final[dict[str, dict[str, str]]] = {
    "KLANT_NUMMER": {"SRT": "BKRV", "BIJ_SRT": "NK"},
    "CONTACT_BETR": {"ROL": "KV", "INIT": "KG"},
    "ACTOR": {"SRT": "MSO", "ACTIEF": "JN", "BEKEND": "JN"},
    "CONTACT_ACTOR": {"SRT": "MAX"},
}
_WORDS: Final = ("Berg", "berg", "uuid", "999993653")
_ODD: Final = ("100%", "a_b", "É", "é, van", "x, ", ", y", "ǅ", "'", "\\", "0", "a,b", "  z")


def weathered(rows: Tables, seed: int, share: float = 1.0) -> Tables:
    """The rows (a share of each table) with random damage that a mapping can still read."""
    random = Random(seed)
    tables = {name: _sample(random, table, share) for name, table in rows.items() if table}
    for name in SCHEMA.keys() - tables.keys():
        tables[name] = [_written(random, name, n, rows) for n in range(1, 16)]
    for name, table in tables.items():
        for row in table:
            for column in SCHEMA[name].columns:
                if column not in SCHEMA[name].key and random.random() < 0.15:
                    row[column] = _damaged(random, name, column, table, tables)
            if name in ("CONTACT_BIJLAGE", "KENMERK"):
                row["MICRO"] = random.choice(("000000", "250000")) if row["AANMAAK"] else None
            if name == "TERUGBEL":
                # The columns of one moment have a value together, or none.
                done = str(row["AFGEHANDELD"] or "").strip()
                row["AFGEH_MICRO"] = random.choice(("000000", "816469")) if done else None
    return tables


def _sample(random: Random, table: list[Row], share: float) -> list[Row]:
    size = max(2, round(len(table) * share))
    return [dict(row) for row in random.sample(table, min(size, len(table)))]


def _written(random: Random, name: str, number: int, rows: Tables) -> Row:
    """A row of a table in which only other applications write."""
    columns, references = SCHEMA[name].columns, SCHEMA[name].references
    row: Row = {}
    for column, kind in columns.items():
        if column in SCHEMA[name].key:
            row[column] = number
        elif column in references:
            to, key = references[column]
            row[column] = random.choice(rows[to])[key] if rows[to] else random.randint(1, 15)
        elif column == "AANMAAK":
            row[column] = f"202610301200{random.randint(0, 3):02}{random.choice((0, 250000)):06}"
        elif column in _CODES.get(name, {}):
            row[column] = random.choice(_CODES[name][column])
        else:
            blank = () if column in _NEVER_BLANK.get(name, ()) else ("",)
            row[column] = random.choice((1, 2) if kind == "INTEGER" else (*_WORDS, *blank))
    return row


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
