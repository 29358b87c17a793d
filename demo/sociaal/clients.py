"""Rows of client, and of the numbers and ways to reach that belong to a client.

About half of the clients are klanten of the KCC as well. The register has never been compared
with it, so their names, telephone numbers and e-mail addresses may differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from demo.kcc import names as common
from demo.kcc.klanten import KNOWN_BSNS, KNOWN_KVK, KNOWN_VESTIGING
from demo.kcc.values import ORDINARY_END, Row, Source, Tables, mail_part

from . import names
from .values import email_again, flag, local, number_rows, phone_again, utc

FIRST_CLIENT = datetime(2015, 1, 5, 9, 0)

# Of these persons the KCC knows all, the social domain all but the last.
KNOWN_HERE = KNOWN_BSNS[:-1]


@dataclass
class Draft:
    """A client with all that belongs to him, before anything has a key."""

    row: Row
    numbers: list[tuple[str, str]] = field(default_factory=list)
    reaches: list[Row] = field(default_factory=list)
    parent: "Draft | None" = None


@dataclass(frozen=True)
class Clients:
    """The rows of client, client_number and client_reach, each in key order."""

    rows: list[Row]
    numbers: list[Row]
    reaches: list[Row]


def clients(source: Source, kcc: Tables) -> Clients:
    """All clients; `kcc` holds the klanten that some of them are as well."""
    klanten = [row for row in kcc["KLANT"] if row["BSN"] or row["KVK_NR"]]
    source.reserve("fiscal", *(_bsn(row) for row in klanten))
    source.reserve("kvk", *(row["KVK_NR"] for row in klanten if row["KVK_NR"]))
    drafts = [*_persons(source, klanten), *_organisations(source, klanten)]
    drafts.sort(key=lambda draft: str(draft.row["created_at"]))
    rows = number_rows([draft.row for draft in drafts], "client_id", "SD-{:06}")
    for draft in drafts:
        if draft.parent is not None and draft.row["kind"] == "contact":
            draft.row["works_for"] = draft.parent.row["client_id"]
    return Clients(rows, _numbers(drafts), _reaches(drafts))


def _bsn(klant: Row) -> str:
    """The BSN of a klant; the KCC sometimes dropped its leading zero."""
    return str(klant["BSN"] or "").rjust(9, "0")


# --- persons -------------------------------------------------------------------------------------


def _persons(source: Source, klanten: Sequence[Row]) -> list[Draft]:
    """Persons: known to the KCC, known here only, without BSN, and some that are here twice."""
    total = source.scale.persons
    doubles = max(2, total // 80)
    known = {_bsn(row): row for row in klanten if row["SRT"] == "P" and row["BSN"]}
    shared = [bsn for bsn in known if bsn not in KNOWN_BSNS]
    wanted = max(0, total * 55 // 100 - len(KNOWN_HERE))
    chosen = source.random.sample(shared, min(wanted, len(shared)))
    drafts = [_klant(source, bsn, known[bsn]) for bsn in (*KNOWN_HERE, *chosen)]
    _merel(drafts[0])
    while len(drafts) < total - doubles:
        drafts.append(_stranger(source))
    identified = [draft for draft in drafts if draft.numbers]
    return drafts + [_double(source, draft) for draft in source.random.sample(identified, doubles)]


def _client(source: Source, kind: str, created: datetime) -> Row:
    """What every kind of client has; the name is still missing."""
    abroad = source.deal("abroad", {"": 20, "BEL": 1, "DEU": 1}) if kind == "person" else ""
    return {
        "kind": kind,
        "initials": "",
        "first_name": "",
        "surname_prefix": "",
        "surname": "",
        "organisation_name": "",
        "works_for": None,
        **(_abroad(source, abroad) if abroad else _at_home(source)),
        "language": source.deal("language", {"nl": 14, "": 3, "tr": 1, "ar": 1, "en": 1}),
        "is_secret": flag(source.deal("secret", {"0": 8, "1": 1, "": 3})),
        "is_active": 0 if source.chance(10) else 1,
        "remark": source.pick(names.REMARKS) if source.chance(20) else None,
        "created_at": utc(created),
    }


def _at_home(source: Source) -> Row:
    return {
        "street": source.pick(common.STRATEN),
        "house_number": source.random.randint(1, 180),
        "house_addition": source.deal("addition", {"": 8, "A": 1, "bis": 1}),
        "postal_code": f"199{source.random.randrange(10)} {source.pick(('AB', 'GH', 'KM'))}",
        "city": source.pick(common.PLAATSEN),
        "country": "NLD",
    }


def _abroad(source: Source, country: str) -> Row:
    code = {"BEL": "5010", "DEU": "6029"}[country]
    found = [address for address in common.BUITENLANDSE_ADRESSEN if address[3] == code]
    street, postal_code, city, _ = source.pick(found)
    return {
        "street": street,
        "house_number": source.random.randint(1, 90),
        "house_addition": "",
        "postal_code": postal_code,
        "city": city,
        "country": country,
    }


def _klant(source: Source, bsn: str, klant: Row) -> Draft:
    """A klant of the KCC as the social domain has him."""
    created = source.moment(FIRST_CLIENT, ORDINARY_END)
    surname, _, prefix = str(klant["NAAM"]).rstrip().partition(", ")
    first = str(klant["VOORNAAM"]).rstrip()
    row = _client(source, "person", created) | {
        "initials": klant["VOORL"],
        "first_name": first,
        "surname_prefix": prefix,
        "surname": surname,
        **_spelt_here(source, first, surname),
    }
    same = source.deal("same address", {"yes": 2, "no": 3}) == "yes"
    if same and klant["LANDCODE"] in ("6030", "") and klant["STRAAT"]:
        row |= {"street": klant["STRAAT"], "house_number": klant["HUISNR"]}
    draft = Draft(row, [("BSN", bsn)])
    if email := _shared(source, "email", klant["EMAIL"]):
        draft.reaches.append(_reach(source, "mail", email))
    elif source.chance(60):
        draft.reaches.append(_own_email(source, row))
    if phone := _shared(source, "mobile", klant["TEL_MOBIEL"]):
        draft.reaches.append(_reach(source, "mobile", phone))
    elif source.chance(60):
        draft.reaches.append(_reach(source, "mobile", source.mobile()))
    _prefer_one(source, draft)
    return draft


def _spelt_here(source: Source, first: str, surname: str) -> Row:
    """How the name differs from the KCC's; mostly it does not."""
    match source.deal("spelling", {"same": 6, "initials": 2, "slip": 1, "married": 1}):
        case "initials":
            return {"first_name": "", "initials": first[0]}
        case "slip":
            return {"surname": surname[:2] + surname[1] + surname[2:]}
        case "married":
            return {"surname": f"{surname}-{source.pick(common.ACHTERNAMEN).naam}"}
        case _:
            return {}


def _shared(source: Source, kind: str, value: str | None) -> str:
    """What this register has of an address in the KCC: the same, written otherwise, or nothing."""
    how = source.deal(f"shared {kind}", {"same": 2, "again": 3, "other": 3})
    if not value or how == "other":
        return ""
    if how == "same":
        return value
    return email_again(value) if kind == "email" else phone_again(source, value)


def _stranger(source: Source) -> Draft:
    """A person whom the KCC does not know, or cannot know as the same for lack of a BSN."""
    first, name = source.pick(common.VOORNAMEN), source.pick(common.ACHTERNAMEN)
    row = _client(source, "person", source.moment(FIRST_CLIENT, ORDINARY_END)) | {
        "initials": f"{first[0]}.",
        "first_name": first,
        "surname_prefix": name.voor,
        "surname": name.naam,
    }
    draft = Draft(row)
    if source.deal("bsn", {"yes": 3, "no": 1}) == "yes":
        draft.numbers.append(("BSN", source.fiscal_number("999")))
    if source.chance(50):
        draft.reaches.append(_own_email(source, row))
    if source.chance(70):
        draft.reaches.append(_reach(source, "mobile", source.mobile()))
    if source.chance(20):
        draft.reaches.append(_reach(source, "phone", source.landline()))
    _prefer_one(source, draft)
    return draft


def _double(source: Source, draft: Draft) -> Draft:
    """The same person once more, registered later by another team."""
    created = source.moment(local(draft.row["created_at"]), ORDINARY_END)
    row = draft.row | {
        "initials": str(draft.row["initials"]).replace(".", ""),
        "remark": None,
        "created_at": utc(created),
    }
    return Draft(row, list(draft.numbers), [_reach(source, "mobile", source.mobile())])


def _merel(draft: Draft) -> None:
    """Merel Kooyman: the KCC's e-mail address and number, each written in another way."""
    draft.row |= {
        "initials": "M.",
        "first_name": "Merel",
        "surname": "Kooijman",
        "street": "Zilverkade",
        "house_number": 17,
        "house_addition": "A",
        "postal_code": "1991 KM",
        "city": "Zilverdam",
        "country": "NLD",
        "language": "nl",
        "is_secret": 0,
        "is_active": 1,
        "remark": names.REMARKS[0],
    }
    work = {"kind": "mail", "value": "merel@dagbesteding.example", "label": "werk"}
    mobile = {"kind": "mobile", "value": "+31612345699"}
    draft.reaches[:] = [
        _EMPTY_REACH | {"kind": "mail", "value": "Merel.Kooyman@post.example"},
        _EMPTY_REACH | mobile | {"is_default": 1, "reference": "portaalvoorkeur"},
        _EMPTY_REACH | {"kind": "phone", "value": "010-1237788", "label": "mantelzorger"},
        _EMPTY_REACH | work | {"verified_on": "2026-09-01"},
    ]


# --- organisations -------------------------------------------------------------------------------


def _organisations(source: Source, klanten: Sequence[Row]) -> list[Draft]:
    """Organisations, half of them known to the KCC; some with a branch or a contact person."""
    total = source.scale.organisations
    companies = {str(k["KVK_NR"]): k for k in klanten if k["SRT"] == "B"}
    chosen = [number for number in companies if number != KNOWN_KVK]
    chosen = source.random.sample(chosen, min(total // 2, len(chosen)))
    branches: dict[str, list[Row]] = {}
    for klant in klanten:
        if klant["SRT"] == "V":
            branches.setdefault(str(klant["KVK_NR"]), []).append(klant)
    drafts: list[Draft] = []
    for at, number in enumerate([KNOWN_KVK, *chosen]):
        draft = _organisation(source, str(companies[number]["NAAM"]).rstrip(), number)
        drafts.append(draft)
        if number == KNOWN_KVK:
            drafts.append(_branch(source, draft, KNOWN_VESTIGING))
        elif number in branches and at % 3 == 0:
            drafts.append(_branch(source, draft, str(branches[number][0]["VEST_NR"])))
        if at % 4 == 0:
            drafts.append(_contact(source, draft))
    for at in range(total - len(chosen) - 1):
        name = f"Zorgaanbieder {source.pick(common.HANDELSNAMEN)}"
        number = source.unique("kvk", lambda: "9" + source.digits(7))
        draft = _organisation(source, name, number)
        drafts.append(draft)
        if at % 3 == 0:
            drafts.append(_contact(source, draft))
    return drafts


def _organisation(source: Source, name: str, kvk: str) -> Draft:
    row = _client(source, "organisation", source.moment(FIRST_CLIENT, ORDINARY_END))
    row["organisation_name"] = name
    host = mail_part(name).replace(".", "-")
    reach = _reach(source, "mail", f"zorg@{host}.example")
    return Draft(row, [("KVK", kvk)], [reach, _reach(source, "web", f"https://{host}.example")])


def _branch(source: Source, parent: Draft, number: str) -> Draft:
    row = _client(source, "branch", _later(source, parent))
    row["organisation_name"] = f"{parent.row['organisation_name']} {source.pick(common.PLAATSEN)}"
    return Draft(row, [("VEST", number)], [_reach(source, "phone", source.landline())], parent)


def _contact(source: Source, parent: Draft) -> Draft:
    """Someone who works for the organisation; nobody asks for his BSN."""
    first, name = source.pick(common.VOORNAMEN), source.pick(common.ACHTERNAMEN)
    row = _client(source, "contact", _later(source, parent)) | {
        "initials": f"{first[0]}.",
        "first_name": first,
        "surname_prefix": name.voor,
        "surname": name.naam,
    }
    return Draft(row, [], [_reach(source, "mobile", source.mobile())], parent)


def _later(source: Source, draft: Draft) -> datetime:
    return source.moment(local(draft.row["created_at"]), ORDINARY_END)


# --- ways to reach a client ----------------------------------------------------------------------

_EMPTY_REACH: Row = {"label": "", "reference": "", "is_default": 0, "verified_on": None}


def _reach(source: Source, kind: str, value: str) -> Row:
    checked = ORDINARY_END - timedelta(days=source.random.randint(0, 700))
    return _EMPTY_REACH | {
        "kind": kind,
        "value": value,
        "label": source.pick(names.LABELS) if source.chance(30) else "",
        "verified_on": f"{checked:%Y-%m-%d}" if source.chance(40) else None,
    }


def _own_email(source: Source, row: Row) -> Row:
    name = mail_part(f"{row['first_name']} {row['surname_prefix']} {row['surname']}")
    return _reach(source, "mail", f"{name}@{source.pick(common.MAIL_DOMEINEN)}")


def _prefer_one(source: Source, draft: Draft) -> None:
    """Mark one address as the default, or as the portal's; sometimes neither."""
    if draft.reaches:
        chosen = source.pick(draft.reaches)
        kind = source.deal("default", {"flag": 5, "portal": 2, "none": 3})
        chosen["is_default"] = 1 if kind == "flag" else 0
        chosen["reference"] = "portaalvoorkeur" if kind == "portal" else ""


# --- the tables beside client --------------------------------------------------------------------


def _numbers(drafts: Sequence[Draft]) -> list[Row]:
    """All rows of client_number; the number of a branch is a part of that of its company."""
    made: dict[int, Row] = {}
    rows: list[Row] = []
    for draft in drafts:
        for scheme, value in draft.numbers:
            row = {
                "client_id": draft.row["client_id"],
                "scheme": scheme,
                "value": value,
                "part_of": None,
                "created_at": draft.row["created_at"],
            }
            made[id(draft)] = row
            rows.append(row)
    number_rows(rows, "number_id")
    for draft in drafts:
        if draft.row["kind"] == "branch" and draft.parent is not None:
            made[id(draft)]["part_of"] = made[id(draft.parent)]["number_id"]
    return rows


def _reaches(drafts: Sequence[Draft]) -> list[Row]:
    """All rows of client_reach, each a minute after the one before it."""
    rows: list[Row] = []
    for draft in drafts:
        made = local(draft.row["created_at"])
        for minutes, reach in enumerate(draft.reaches, 1):
            created = utc(made + timedelta(minutes=minutes))
            rows.append(reach | {"client_id": draft.row["client_id"], "created_at": created})
    return number_rows(rows, "reach_id")
