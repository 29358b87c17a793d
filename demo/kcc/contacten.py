"""Rows of CONTACT and of what belongs to a contact: zaken, bijlagen and call-back tasks."""

import json
from bisect import bisect_right
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from . import names
from .klanten import (
    BEDRIJF,
    BEDRIJF_2,
    CONTACTPERSOON,
    MEREL,
    VESTIGING,
    VESTIGING_2,
    Klanten,
)
from .medewerkers import KNOWN_AFDELING, KNOWN_MEDEWERKER
from .names import Achternaam, Onderwerp
from .values import (
    NOW,
    ORDINARY_END,
    SHOWCASE_SIZE,
    Row,
    Source,
    mail_part,
    moment_of,
    number_rows,
    stamp,
)

FIRST_CONTACT = datetime(2024, 1, 8, 9, 0)
_FIRST_ZAAK = datetime(2023, 6, 1, 9, 0)
_FIRST_GUID = datetime(2025, 1, 1)

# Web forms that came in at night while the clock was changed: three times in the hour that came
# twice, once in the hour that was skipped. With each the moment at which it was registered.
_CLOCK_CHANGES = (
    (datetime(2025, 10, 26, 2, 5, 12), datetime(2025, 10, 26, 2, 9, 30)),
    (datetime(2025, 10, 26, 2, 30, 0), datetime(2025, 10, 26, 2, 34, 0)),
    (datetime(2025, 10, 26, 2, 55, 41), datetime(2025, 10, 26, 2, 59, 59)),
    (datetime(2026, 3, 29, 2, 30, 0), datetime(2026, 3, 29, 3, 35, 0)),
)


def contacten(source: Source, klanten: Klanten, medewerkers: list[Row]) -> list[Row]:
    """All rows of CONTACT, in key order; the last ones are the showcase."""
    total = source.scale.contacts - SHOWCASE_SIZE
    last = ORDINARY_END - timedelta(days=1)
    rows = [_ordinary(source, source.moment(FIRST_CONTACT, last)) for _ in range(total)]
    for row, (moment, made) in zip(rows, _CLOCK_CHANGES, strict=False):
        row.update(_moment_columns(moment), KANAAL_CD="WF", AANMAAK=stamp(made))
    rows = number_rows(rows, "CONTACT_ID")
    _give_klanten(source, rows, klanten)
    codes = [row["MDW_CODE"] for row in medewerkers]
    for row in rows:
        nobody = source.deal("mdw", {"somebody": 18, "": 1, "null": 1})
        row["MDW_CODE"] = {"": "", "null": None}.get(nobody, source.pick(codes))
    rows += _showcase(source, klanten, medewerkers)
    number_rows(rows, "CONTACT_ID")
    sequence: Counter[str] = Counter()
    for row in rows:
        year = row["AANMAAK"][:4]
        sequence[year] += 1
        row["CONTACT_NR"] = f"{year}{sequence[year]:06}"
        row["METADATA"] = json.dumps({"bron": row["BRON"]}) if row["BRON"] else None
    _link_earlier(source, rows)
    _throw_away(source, rows)
    return rows


def _moment_columns(moment: datetime) -> Row:
    """The two columns that hold the moment of a contact."""
    return {"DATUM": f"{moment:%Y%m%d}", "TIJD": f"{moment:%H%M%S}", "MICRO": "000000"}


def _ordinary(source: Source, moment: datetime) -> Row:
    """A contact at this moment; who was in touch, and with whom, is filled in later."""
    onderwerp = source.pick(names.ONDERWERPEN)
    gelukt = source.deal("gelukt", {"J": 9, "N": 4, " ": 7})
    vervolg = gelukt != "J" and source.chance(50)
    late = source.deal("late", {"minutes": 60, "days": 1}) == "days"
    made = source.minutes_after(moment, 4000 if late else 12)
    return {
        "REF_NR": source.reference() if source.chance(20) else "",
        "KANAAL_CD": source.deal("kanaal", _KANALEN),
        **_moment_columns(moment),
        "KLANT_ID": None,
        "ROL": "K",
        "INIT": source.deal("init", {"K": 5, "G": 1}),
        **_NOBODY,
        "ONDERWERP": onderwerp.titel,
        "VRAAG": _question(source, onderwerp),
        "ANTWOORD": onderwerp.antwoord if gelukt == "J" or source.chance(40) else "",
        "GELUKT": gelukt,
        "VERVOLG": "J" if vervolg else "N",
        "TAAL": source.deal("contact taal", {"NL": 17, "DE": 1, "EN": 1, "TR": 1}),
        "VERTR": source.deal("vertr", {"N": 9, "J": 1}),
        "PRODUCT_URL": _product_url(onderwerp) if source.chance(40) else "",
        "BRON": source.pick(names.BRONNEN) if source.chance(50) else "",
        "MDW_CODE": None,
        "VORIG_ID": None,
        "VORIG_NR": None,
        "VERWIJDERD": "N",
        "AANMAAK": stamp(min(made, ORDINARY_END)),
    }


_KANALEN = {"TE": 8, "EM": 4, "BA": 3, "BR": 1, "WF": 3, "CH": 2}

_NOBODY = {
    "BEL_VOORL": "",
    "BEL_VOORNAAM": "",
    "BEL_NAAM": "",
    "BEL_ORG": "",
    "BEL_TEL": "",
    "BEL_EMAIL": "",
}


def _product_url(onderwerp: Onderwerp) -> str:
    return f"https://www.zilverdam.example/producten/{onderwerp.product}"


def _question(source: Source, onderwerp: Onderwerp) -> str:
    """What was asked; sometimes a whole letter was pasted in."""
    kind = source.deal("vraag", {"short": 40, "some": 30, "letter": 1})
    extra = {"short": 0, "some": 2, "letter": 30}[kind]
    return " ".join([onderwerp.vraag, *(source.pick(names.EXTRA_ZINNEN) for _ in range(extra))])


def _give_klanten(source: Source, rows: list[Row], klanten: Klanten) -> None:
    """Fill in who was in touch: mostly a klant who was already there, sometimes an unknown."""
    there = [klant for klant in klanten.ordinary if klant["STATUS"] != "V"]
    made = [klant["AANMAAK"] for klant in there]
    by_id = {klant["KLANT_ID"]: klant for klant in klanten.rows}
    for row in rows:
        kind = source.deal("who", {"klant": 17, "unknown": 2, "nobody": 1})
        known = bisect_right(made, row["DATUM"] + row["TIJD"])
        if kind == "klant" and known:
            klant = there[source.random.randrange(known)]
            row.update(_beller(source, klant, by_id), KLANT_ID=klant["KLANT_ID"])
        elif kind != "nobody":
            row.update(_stranger(source))
            row.update(_reachable(source, row))
            row["BEL_ORG"] = source.pick(names.VERTEGENWOORDIGERS) if source.chance(15) else ""
    deleted = [klant for klant in klanten.ordinary if klant["STATUS"] == "V"]
    for at in range(max(4, len(rows) // 1_000)):
        # The klant was thrown away after the contact; the contact still points at him.
        klant = deleted[at % len(deleted)]
        later = [row for row in rows[len(rows) // 2 :] if row["AANMAAK"] > klant["AANMAAK"]]
        if later:
            row = source.random.choice(later)
            row.update(_beller(source, klant, by_id), KLANT_ID=klant["KLANT_ID"])


def _beller(source: Source, klant: Row, by_id: dict[int, Row]) -> Row:
    """The columns about who was in touch on behalf of this klant."""
    organisation = ""
    if klant["SRT"] in "BV":
        organisation = str(klant["NAAM"]).rstrip()
    elif klant["SRT"] == "C":
        organisation = str(by_id[klant["HOOFD_KLANT"]]["NAAM"]).rstrip()
    elif source.chance(15):
        # Nothing but the klant himself was noted down.
        return {"ROL": "K", **_NOBODY}
    represented = klant["SRT"] == "P" and source.chance(8)
    if represented or klant["SRT"] in "BV":
        caller = _stranger(source)
        organisation = organisation or source.pick(("", *names.VERTEGENWOORDIGERS))
    else:
        caller = {
            "BEL_VOORL": klant["VOORL"],
            "BEL_VOORNAAM": str(klant["VOORNAAM"]).rstrip(),
            "BEL_NAAM": str(klant["NAAM"]).rstrip(),
        }
    return {
        **_NOBODY,
        **caller,
        **_reachable(source, caller),
        "ROL": "V" if organisation or represented else "K",
        "BEL_ORG": organisation,
    }


def _stranger(source: Source) -> Row:
    """The name of someone who is no klant."""
    voornaam = source.pick(names.VOORNAMEN)
    return _caller(voornaam, source.pick(names.ACHTERNAMEN))


def _caller(voornaam: str, achternaam: Achternaam) -> Row:
    return {
        "BEL_VOORL": f"{voornaam[0]}.",
        "BEL_VOORNAAM": voornaam,
        "BEL_NAAM": achternaam.merged,
    }


def _reachable(source: Source, caller: Row) -> Row:
    """Where the caller wants the answer; mostly that was not asked."""
    columns: Row = {}
    if source.chance(20):
        columns["BEL_TEL"] = source.mobile()
    if source.chance(20):
        local = mail_part(f"{caller['BEL_VOORNAAM']} {caller['BEL_NAAM']}")
        columns["BEL_EMAIL"] = f"{local}@{source.pick(names.MAIL_DOMEINEN)}"
    return columns


def _link_earlier(source: Source, rows: list[Row]) -> None:
    """Let some ordinary contacts follow on the contact before it of the same klant."""
    latest: dict[int, Row] = {}
    for row in rows[:-SHOWCASE_SIZE]:
        klant = row["KLANT_ID"]
        if klant in latest and source.deal("vorig", {"yes": 1, "no": 5}) == "yes":
            _follow(row, latest[klant])
        if klant is not None:
            latest[klant] = row
    shown = rows[-SHOWCASE_SIZE:]
    for at, before in _FOLLOWS.items():
        _follow(shown[at], shown[before])


def _follow(row: Row, earlier: Row) -> None:
    """The KCC notes both the key of the earlier contact and the number that people know it by."""
    row["VORIG_ID"], row["VORIG_NR"] = earlier["CONTACT_ID"], int(earlier["CONTACT_NR"])


def _throw_away(source: Source, rows: list[Row]) -> None:
    """Mark some ordinary contacts as thrown away; they are still in the tables."""
    ordinary = rows[:-SHOWCASE_SIZE]
    for row in source.random.sample(ordinary, max(3, len(ordinary) // 100)):
        row["VERWIJDERD"] = "J"


# --- the showcase --------------------------------------------------------------------------------

# The contact of Merel Kooyman with everything on it, counted from the oldest of the showcase.
KNOWN_CONTACT = 18

# Which of the newest contacts follows on which.
_FOLLOWS = {10: 3, 18: 10, 21: 18, 24: 21, 14: 6}

# Who was in touch (a place in the showcase of KLANT, None for an unknown) and what is special.
_SHOWN: tuple[tuple[int | None, dict[str, Any]], ...] = (
    (BEDRIJF, {"KANAAL_CD": "EM", "INIT": "K"}),
    (6, {"KANAAL_CD": "TE"}),
    (7, {"KANAAL_CD": "BA", "GELUKT": "J", "VERVOLG": "N"}),
    (MEREL, {"KANAAL_CD": "TE", "GELUKT": "N", "VERVOLG": "J", "INIT": "K"}),
    (VESTIGING, {"KANAAL_CD": "TE", "INIT": "G"}),
    (8, {"KANAAL_CD": "WF"}),
    (CONTACTPERSOON, {"KANAAL_CD": "EM", "GELUKT": "N", "VERVOLG": "J"}),
    (9, {"KANAAL_CD": "CH", "VERTR": "J"}),
    (None, {"KANAAL_CD": "TE", **_caller("Sanne", Achternaam("Berg", "van den"))}),
    (10, {"KANAAL_CD": "BR"}),
    (MEREL, {"KANAAL_CD": "BA", "INIT": "K", "GELUKT": "N", "VERVOLG": "J"}),
    (11, {"KANAAL_CD": "TE", "TAAL": "EN"}),
    (BEDRIJF_2, {"KANAAL_CD": "EM"}),
    (12, {"KANAAL_CD": "TE", "GELUKT": " ", "VERVOLG": "N"}),
    (CONTACTPERSOON, {"KANAAL_CD": "TE", "INIT": "G", "GELUKT": "J", "VERVOLG": "N"}),
    (13, {"KANAAL_CD": "WF"}),
    (VESTIGING_2, {"KANAAL_CD": "TE"}),
    (6, {"KANAAL_CD": "TE", "TAAL": "EN", "GELUKT": "N", "VERVOLG": "J"}),
    (
        MEREL,
        {
            "REF_NR": "7031200418",
            "KANAAL_CD": "TE",
            "ROL": "K",
            "INIT": "K",
            "BEL_TEL": "06-12345699",
            "BEL_EMAIL": "merel.kooyman@werk.example",
            "ONDERWERP": names.ONDERWERPEN[0].titel,
            "VRAAG": names.ONDERWERPEN[0].vraag,
            "ANTWOORD": "Wij zoeken uit of het met spoed kan en bellen morgen terug.",
            "GELUKT": "N",
            "VERVOLG": "J",
            "TAAL": "NL",
            "VERTR": "N",
            "PRODUCT_URL": _product_url(names.ONDERWERPEN[0]),
            "BRON": "KCC-telefonie",
            "MDW_CODE": KNOWN_MEDEWERKER,
        },
    ),
    (14, {"KANAAL_CD": "BA"}),
    (
        # Someone calls for the fietsenfabriek.
        BEDRIJF,
        {
            "REF_NR": "7031200420",
            "KANAAL_CD": "TE",
            "ROL": "V",
            **_caller("Joris", Achternaam("Heuvel", "van der")),
            "BEL_ORG": "Zilverdamse Fietsenfabriek",
            "BEL_TEL": "+31 6 12345640",
            "BEL_EMAIL": "joris@zilverfiets.example",
            "GELUKT": "N",
            "VERVOLG": "J",
            "BRON": "KCC-telefonie",
        },
    ),
    (
        # The municipality calls Merel back.
        MEREL,
        {
            "KANAAL_CD": "TE",
            "ROL": "K",
            "INIT": "G",
            "BEL_TEL": "06-12345699",
            "ANTWOORD": "Klant was niet thuis, voicemail ingesproken.",
            "GELUKT": "N",
            "VERVOLG": "J",
        },
    ),
    (8, {"KANAAL_CD": "TE", "GELUKT": "J", "VERVOLG": "N"}),
    (
        # The representative of a klant, with a question as long as a letter.
        7,
        {
            "REF_NR": "7031200423",
            "KANAAL_CD": "EM",
            "ROL": "V",
            **_caller("Aylin", Achternaam("Brink", "ten")),
            "BEL_ORG": names.VERTEGENWOORDIGERS[0],
            "BEL_EMAIL": "aylin@bewindvoering.example",
            "VRAAG": " ".join(names.EXTRA_ZINNEN * 3),
        },
    ),
    (
        MEREL,
        {
            "REF_NR": "7031200424",
            "KANAAL_CD": "CH",
            "INIT": "K",
            "BEL_EMAIL": "merel.kooyman@werk.example",
            "ANTWOORD": "Afspraak bevestigd.",
            "GELUKT": " ",
            "VERVOLG": "J",
            "BRON": "Portaal Mijn Zilverdam",
        },
    ),
)


def _shown_moments() -> list[datetime]:
    """When the newest contacts were: eight a day, the last one now."""
    days = [datetime(2026, 10, number, 9, 10) for number in (28, 29, 30)]
    moments = [day + timedelta(minutes=50 * at) for day in days for at in range(8)]
    return [*moments, NOW]


def _showcase(source: Source, klanten: Klanten, medewerkers: list[Row]) -> list[Row]:
    """The newest contacts; most are of the newest klanten with the newest medewerkers."""
    by_id = {klant["KLANT_ID"]: klant for klant in klanten.rows}
    colleagues = [row["MDW_CODE"] for row in medewerkers[-SHOWCASE_SIZE:]]
    rows = []
    shown = zip(_shown_moments(), _SHOWN, strict=True)
    for at, (moment, (place, special)) in enumerate(shown):
        row = _ordinary(source, moment)
        row["AANMAAK"] = stamp(source.minutes_after(moment, 12))
        row["MDW_CODE"] = colleagues[at]
        if place is not None:
            klant = klanten.showcase[place]
            row.update(_beller(source, klant, by_id), KLANT_ID=klant["KLANT_ID"])
        if place == MEREL:
            row.update(_NOBODY | _caller("Merel", Achternaam("Kooyman")), ROL="K")
        row.update(special)
        rows.append(row)
    return rows


# --- zaken ---------------------------------------------------------------------------------------


def contact_zaken(source: Source, contacts: list[Row]) -> list[Row]:
    """All rows of CONTACT_ZAAK: several contacts are about the same zaak."""
    total = max(24, source.scale.contacts // 8)
    begun = sorted(source.moment(_FIRST_ZAAK, ORDINARY_END) for _ in range(total))
    zaken = [
        (f"ZAAK-{moment.year}-{at:07}", source.guid() if moment >= _FIRST_GUID else "")
        for at, moment in enumerate(begun, 101)
    ]
    starts = [stamp(moment) for moment in begun]
    rows: list[Row] = []
    for contact in contacts[:-SHOWCASE_SIZE]:
        wanted = int(source.deal("zaken", {"0": 13, "1": 6, "2": 1}))
        if contact["VERWIJDERD"] == "J":
            wanted = max(1, wanted)
        known = bisect_right(starts, contact["DATUM"] + contact["TIJD"])
        recent = zaken[max(0, known - 30) : known]
        for number, zaak in enumerate(source.random.sample(recent, min(wanted, len(recent))), 1):
            rows.append(_contact_zaak(contact, number, zaak))
    return rows + _shown_zaken(source, contacts[-SHOWCASE_SIZE:], zaken[0])


def _contact_zaak(contact: Row, number: int, zaak: tuple[str, str]) -> Row:
    made = min(NOW, moment_of(contact["AANMAAK"]) + timedelta(minutes=number))
    return {
        "CONTACT_ID": contact["CONTACT_ID"],
        "VOLGNR": number,
        "ZAAK_NR": zaak[0],
        "ZAAK_GUID": zaak[1],
        "AANMAAK": stamp(made),
    }


def _shown_zaken(source: Source, shown: list[Row], old: tuple[str, str]) -> list[Row]:
    """The zaken of the newest contacts: one for each klant, and an old one without a guid."""
    rows: list[Row] = []
    of_klant: dict[int | None, tuple[str, str]] = {}
    for at, contact in enumerate(shown):
        klant = contact["KLANT_ID"]
        new = (f"ZAAK-2026-{9001 + len(of_klant):07}", source.guid())
        zaken = [of_klant.setdefault(klant, new)]
        if at % 3 == 0:
            zaken.append(old)
        rows += [_contact_zaak(contact, number, zaak) for number, zaak in enumerate(zaken, 1)]
    return rows


# --- bijlagen ------------------------------------------------------------------------------------


def bijlagen(source: Source, contacts: list[Row]) -> list[Row]:
    """All rows of CONTACT_BIJLAGE, from old to new.

    The key is random, but that of the newest is higher than any other: sorting by key gives the
    same showcase as sorting by moment.
    """
    ordinary, shown = contacts[:-SHOWCASE_SIZE], contacts[-SHOWCASE_SIZE:]
    owners = source.random.choices(ordinary, k=max(20, source.scale.contacts // 12))
    owners += [row for row in ordinary if row["VERWIJDERD"] == "J"][:4]
    owners.sort(key=lambda row: int(row["CONTACT_ID"]))
    # Ten contacts have none, five of the others have three.
    owners += [row for at, row in enumerate(shown) for _ in range((1, 3, 0, 1, 0)[at % 5])]
    guids = sorted(source.guid() for _ in owners)
    older, newest = guids[:-SHOWCASE_SIZE], guids[-SHOWCASE_SIZE:]
    source.random.shuffle(older)
    source.random.shuffle(newest)
    rows: list[Row] = []
    for number, (owner, guid) in enumerate(zip(owners, older + newest, strict=True), 1):
        made = source.minutes_after(moment_of(owner["AANMAAK"]), 8)
        soort = source.deal("bijlage", {"D": 3, "S": 2})
        rows.append(
            {
                "DOC_GUID": guid,
                "CONTACT_ID": owner["CONTACT_ID"],
                "DOC_REF": f"{'SCAN' if soort == 'S' else 'DOC'}-{made.year}-{number:06}",
                "DOC_SRT": soort,
                "AANMAAK": stamp(made),
                "MICRO": "000000",
            }
        )
    return rows


# --- call-back tasks -----------------------------------------------------------------------------

# For each of the newest tasks: on which of the newest contacts, its status, and whether it is
# assigned to an afdeling and to a medewerker. Merel has one open task, on her known contact.
_TASKS_SHOWN = (
    (1, "A", True, True),
    (3, "A", True, True),
    (4, "B", True, True),
    (5, "O", True, False),
    (6, "A", True, True),
    (7, "A", False, True),
    (8, "O", True, True),
    (9, "A", True, True),
    (10, "A", True, True),
    (11, "B", True, True),
    (12, "O", True, True),
    (13, "O", False, True),
    (14, "A", True, True),
    (15, "B", True, True),
    (16, "A", True, False),
    (17, "O", True, True),
    (17, "A", True, True),
    (KNOWN_CONTACT, "O", True, True),
    (19, "A", True, True),
    (20, "O", True, True),
    (20, "A", True, True),
    (21, "A", True, True),
    (22, "B", False, False),
    (23, "O", True, True),
    (24, "B", True, True),
)


def terugbelverzoeken(
    source: Source, contacts: list[Row], medewerkers: list[Row], afdelingen: list[Row]
) -> list[Row]:
    """All rows of TERUGBEL; most belong to a contact that asked for something more."""
    ordinary, shown = contacts[:-SHOWCASE_SIZE], contacts[-SHOWCASE_SIZE:]
    owners = [row for row in ordinary if row["VERWIJDERD"] == "J"][:4]
    asked = [row for row in ordinary if row["VERVOLG"] == "J" and row["VERWIJDERD"] == "N"]
    owners += source.random.choices(asked, k=source.scale.tasks - SHOWCASE_SIZE - len(owners))
    # The lists of who can be given a task keep to their newest part in the showcase.
    afd = [row["AFD_CODE"] for row in afdelingen]
    mdw = [row["MDW_CODE"] for row in medewerkers if row["SRT"] == "M"]
    rows = [_ordinary_task(source, owner, afd, mdw) for owner in owners]
    newest = {row["MDW_CODE"] for row in medewerkers[-SHOWCASE_SIZE:]}
    mdw = [code for code in mdw if code in newest]
    rows += _shown_tasks(source, shown, afd, mdw)
    number_rows(rows, "TB_ID")
    sequence: Counter[str] = Counter()
    for row in rows:
        year = row["AANMAAK"][:4]
        sequence[year] += 1
        row["TB_NR"] = f"{year}{500_000 + sequence[year]}"
    return rows


def _ordinary_task(source: Source, contact: Row, afd: list[str], mdw: list[str]) -> Row:
    """A task that is older than the showcase, mostly done."""
    status = source.deal("task", {"A": 12, "B": 2, "O": 3})
    to = source.deal("assigned", {"both": 12, "afd": 3, "mdw": 2, "none": 1})
    made = min(source.minutes_after(moment_of(contact["AANMAAK"]), 90), ORDINARY_END)
    return {
        "REF_NR": source.reference() if source.chance(25) else "",
        **_task(source, contact, status, made),
        "AFD_CODE": source.pick(afd) if to in ("both", "afd") else "",
        "MDW_CODE": source.pick(mdw) if to in ("both", "mdw") else "",
    }


def _task(source: Source, contact: Row, status: str, made: datetime) -> Row:
    """The columns that follow from the contact, the status and the moment."""
    assigned = source.minutes_after(made, 30)
    done = source.minutes_after(assigned, 5 * 24 * 60)
    return {
        "CONTACT_ID": contact["CONTACT_ID"],
        "ACTIE": source.pick(names.ACTIES).format(contact["ONDERWERP"].lower()),
        "TOELICHTING": source.pick(names.TOELICHTINGEN) if source.chance(60) else "",
        "STATUS": status,
        "TOEGEWEZEN": stamp(assigned),
        "AFGEHANDELD": stamp(done) if status == "A" else "",
        "AFGEH_MICRO": "000000" if status == "A" else None,
        "AANMAAK": stamp(made),
    }


def _shown_tasks(source: Source, shown: list[Row], afd: list[str], mdw: list[str]) -> list[Row]:
    """The newest tasks, on the newest contacts."""
    rows: list[Row] = []
    for at, (place, status, to_afd, to_mdw) in enumerate(_TASKS_SHOWN):
        made = source.minutes_after(moment_of(shown[place]["AANMAAK"]), 15)
        row = _task(source, shown[place], status, made)
        row["REF_NR"] = source.reference() if at % 2 == 0 else ""
        row["AFD_CODE"] = afd[at % len(afd)] if to_afd else ""
        row["MDW_CODE"] = mdw[at % len(mdw)] if to_mdw else ""
        if place == KNOWN_CONTACT:
            row["AFD_CODE"], row["MDW_CODE"] = KNOWN_AFDELING, KNOWN_MEDEWERKER
        if at % 2 == 0:
            row["TOELICHTING"] = names.TOELICHTINGEN[at % len(names.TOELICHTINGEN)]
        rows.append(row)
    return rows
