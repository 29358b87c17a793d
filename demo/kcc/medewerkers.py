"""Rows of AFDELING and MEDEWERKER."""

from datetime import datetime, timedelta

from . import names
from .names import Achternaam
from .values import ORDINARY_END, SHOWCASE_SIZE, Row, Source, mail_part, stamp

# Who has the open task of Merel Kooyman, and the afdeling it is on.
KNOWN_MEDEWERKER = "wiel006"
KNOWN_AFDELING = names.AFDELINGEN[0].code

_FIRST = datetime(2013, 9, 2, 9, 0)


def afdelingen(source: Source) -> list[Row]:
    """All rows of AFDELING; the last one is closed."""
    rows: list[Row] = []
    for at, afdeling in enumerate(names.AFDELINGEN):
        rows.append(
            {
                "AFD_CODE": afdeling.code,
                "NAAM": afdeling.naam,
                "OMSCHR": afdeling.omschrijving,
                "EMAIL": f"{mail_part(afdeling.naam)}@zilverdam.example",
                "TELEFOON": f"010 123 {10 + at} 00",
                "FAX": f"010 123 {10 + at} 99" if at % 3 == 0 else "",
                "ACTIEF": "J",
                "AANMAAK": stamp(source.moment(_FIRST, _FIRST + timedelta(days=900))),
            }
        )
    rows[-1].update(ACTIEF="N", EMAIL="", TELEFOON="")
    return rows


def medewerkers(source: Source) -> list[Row]:
    """All rows of MEDEWERKER, colleagues and systems, from old to new.

    The newest ones are also the last by code: whoever sorts by key sees the same showcase.
    """
    rows = [_system(source, at) for at in range(len(names.SYSTEMEN))]
    rows.append(_colleague(source, "Noor", Achternaam("Wiel", "van der"), number=6))
    total = source.scale.part(60, 32)
    while len(rows) < total:
        voornaam, achternaam = source.pick(names.VOORNAMEN), source.pick(names.ACHTERNAMEN)
        rows.append(_colleague(source, voornaam, achternaam))
    rows.sort(key=lambda row: str(row["MDW_CODE"]))
    older, newest = rows[:-SHOWCASE_SIZE], rows[-SHOWCASE_SIZE:]
    newest[0]["ACTIEF"] = "N"
    source.random.shuffle(newest)
    half = _FIRST + (ORDINARY_END - _FIRST) / 2
    moments = [source.moment(_FIRST, half) for _ in older]
    moments += [source.moment(half, ORDINARY_END) for _ in newest]
    rows = older + newest
    for row, moment in zip(rows, sorted(moments), strict=True):
        row["AANMAAK"] = stamp(moment)
    known = next(row for row in rows if row["MDW_CODE"] == KNOWN_MEDEWERKER)
    known.update(ACTIEF="J", AFD_CODE=KNOWN_AFDELING)
    return rows


def _colleague(
    source: Source, voornaam: str, achternaam: Achternaam, number: int | None = None
) -> Row:
    """Someone who works for the municipality."""
    local = mail_part(f"{voornaam} {achternaam.spoken}")
    email = source.unique("colleague", lambda: _once_more(source, local))

    def code() -> str:
        digits = f"{number:03}" if number is not None else source.digits(3)
        return "".join(filter(str.isalpha, achternaam.naam.lower()))[:6] + digits

    return {
        "MDW_CODE": source.unique("code", code),
        "SRT": "M",
        "NAAM": f"{voornaam} {achternaam.spoken}",
        "FUNCTIE": source.pick(names.FUNCTIES),
        "EMAIL": f"{email}@zilverdam.example",
        "TELEFOON": f"010 123 {source.digits(4)}",
        "AFD_CODE": source.pick(names.AFDELINGEN[:-1]).code,
        "ACTIEF": source.deal("actief", {"J": 9, "N": 1}),
    }


def _once_more(source: Source, local: str) -> str:
    """The name itself, or with a letter in it: two colleagues may have the same name."""
    if source.chance(70):
        return local
    first, _, rest = local.partition(".")
    return f"{first}.{source.pick('abdfhjkm')}.{rest}"


def _system(source: Source, at: int) -> Row:
    """A system that registers contacts by itself."""
    code, naam, functie = names.SYSTEMEN[at]
    return {
        "MDW_CODE": code,
        "SRT": "S",
        "NAAM": naam,
        "FUNCTIE": functie,
        "EMAIL": "",
        "TELEFOON": "",
        "AFD_CODE": source.pick(names.AFDELINGEN).code if at % 2 else "",
        "ACTIEF": "J",
    }
