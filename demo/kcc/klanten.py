"""Rows of KLANT and of what belongs to a klant: addresses, accounts, labels, mandates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from . import names
from .names import Achternaam
from .values import (
    NO_DATE,
    ORDINARY_END,
    SHOWCASE_SIZE,
    SHOWCASE_START,
    Row,
    Source,
    day,
    mail_part,
    moment_of,
    number_rows,
    stamp,
)

KNOWN_BSNS = ("999993653", "999991772", "999990627", "999992570", "999990019")
KNOWN_KVK = "12345678"
KNOWN_VESTIGING = "000012345678"

FIRST_KLANT = datetime(2014, 1, 6, 9, 0)

# From here on the klanten are made; the addresses and so on that show them off come right after.
_CHILDREN_START = datetime(2026, 10, 27, 15, 30)


@dataclass(frozen=True)
class Klanten:
    """All klanten in key order, and the newest of them, which are the showcase."""

    rows: list[Row]

    @property
    def ordinary(self) -> list[Row]:
        """The klanten that are no part of the showcase."""
        return self.rows[:-SHOWCASE_SIZE]

    @property
    def showcase(self) -> list[Row]:
        """The newest klanten, always in the same roles; see `SHOWCASE`."""
        return self.rows[-SHOWCASE_SIZE:]


# The roles of the newest klanten, from old to new. A number in `parent` is a place in this list.
BEDRIJF, VESTIGING, CONTACTPERSOON, BEDRIJF_2, VESTIGING_2, CONTACTPERSOON_2 = range(6)
MEREL = SHOWCASE_SIZE - 1


def klanten(source: Source) -> Klanten:
    """All rows of KLANT, numbered."""
    source.reserve("fiscal", *KNOWN_BSNS)
    source.reserve("kvk", KNOWN_KVK)
    source.reserve("vestiging", KNOWN_VESTIGING)
    rows: list[Row] = []
    parents: list[tuple[Row, Row]] = []
    _organisations(source, rows, parents)
    _persons(source, rows)
    _showcase(source, rows, parents)
    number_rows(rows, "KLANT_ID")
    numbers = source.random.sample(range(10_000, 10_000_000), len(rows))
    for row, number in zip(rows, numbers, strict=True):
        row["KLANT_NR"] = str(number)
    for child, parent in parents:
        child["HOOFD_KLANT"] = parent["KLANT_ID"]
    return Klanten(rows)


def _organisations(source: Source, rows: list[Row], parents: list[tuple[Row, Row]]) -> None:
    """Add the ordinary bedrijven with their vestigingen and contactpersonen."""
    for at in range(source.scale.organisations - 2):
        created = source.moment(FIRST_KLANT, ORDINARY_END - timedelta(days=60))
        bedrijf = _bedrijf(source, created)
        rows.append(bedrijf)
        children = [_vestiging(source, created, bedrijf) for _ in range(at % 4)]
        if at % 3 == 0:
            children.append(_contactpersoon(source, created))
        for child in children:
            child["AANMAAK"] = stamp(source.moment(created, ORDINARY_END))
            parents.append((child, bedrijf))
        rows.extend(children)
        if at == 3:
            # The head is thrown away, its vestigingen are not.
            bedrijf["STATUS"] = "V"


def _persons(source: Source, rows: list[Row]) -> None:
    """Add the ordinary persons, of which some are stored twice and some are thrown away."""
    doubles = max(2, source.scale.persons // 100)
    deleted = max(2, source.scale.persons // 100)
    total = source.scale.persons - _SHOWCASE_PERSONS - doubles
    persons = [_persoon(source, source.moment(FIRST_KLANT, ORDINARY_END)) for _ in range(total)]
    if source.scale.is_small:
        # Few persons would leave this to luck.
        persons[-1].update(BSN=source.fiscal_number("0")[1:])
        persons[-2].update(EMAIL="", EMAIL_CTRL=NO_DATE, VOORKEUR="E")
    marked = source.random.sample(persons[:-2], deleted)
    for row in marked:
        row["STATUS"] = "V"
    gone = {id(row) for row in marked}
    identified = [row for row in persons if row["BSN"] and id(row) not in gone]
    for row in source.random.sample(identified, doubles):
        persons.append(_double(source, row))
    rows.extend(persons)


def _double(source: Source, row: Row) -> Row:
    """The same person once more, as typed in by someone who did not search first."""
    created = moment_of(row["AANMAAK"])
    naam, comma, voor = str(row["NAAM"]).rstrip().partition(", ")
    return row | {
        "BSN": row["BSN"].removeprefix("0"),
        "NAAM": f"{_misspelt(naam)}{comma}{voor}".ljust(60),
        "VOORL": row["VOORL"][:2],
        "TEL_MOBIEL": source.mobile(),
        "EMAIL": "",
        "EMAIL_CTRL": NO_DATE,
        "NOTITIE": "",
        "EXTERN_NR": "",
        "AANMAAK": stamp(source.moment(created, ORDINARY_END)),
    }


def _misspelt(naam: str) -> str:
    """A surname with one slip that sounds the same."""
    for right, wrong in (("ij", "y"), ("ss", "s"), ("k", "ck"), ("s", "ss"), ("y", "ij")):
        if right in naam[1:]:
            return naam[0] + naam[1:].replace(right, wrong, 1)
    return naam + naam[-1]


# --- one klant -----------------------------------------------------------------------------------


def _klant(source: Source, soort: str, created: datetime) -> Row:
    """What every kind of klant has; names and numbers are still missing."""
    row: Row = {
        "SRT": soort,
        "BSN": _nothing(source),
        "KVK_NR": _nothing(source),
        "RSIN": _nothing(source),
        "VEST_NR": _nothing(source),
        "HOOFD_KLANT": None,
        "NAAM": "".ljust(60),
        "VOORNAAM": "".ljust(30),
        "VOORL": "",
        **_address(source, soort),
        **_post_address(source, source.chance(8)),
        "TEL_PRIVE": source.landline() if source.chance(60) else "",
        "TEL_MOBIEL": source.mobile() if source.chance(65) else "",
        "EMAIL": "",
        "EMAIL_CTRL": NO_DATE,
        "VOORKEUR": source.deal("voorkeur", {"E": 5, "T": 3, "M": 4, " ": 6}),
        "TAAL": source.deal("taal", {"NL": 15, "DE": 1, "EN": 2, "TR": 1, "AR": 1, "": 3}),
        "GEHEIM": source.deal("geheim", {"N": 12, "J": 2, " ": 4}),
        "STATUS": source.deal("status", {"A": 18, "I": 2}),
        "NOTITIE": source.pick(names.NOTITIES) if source.chance(12) else "",
        "EXTERN_NR": f"BRP-{source.digits(7)}" if source.chance(15) else "",
        "VK_REK_ID": None,
        "AANMAAK": stamp(created),
    }
    return row


def _persoon(source: Source, created: datetime) -> Row:
    """A person of the municipality."""
    row = _klant(source, "P", created) | _name(source)
    kind = source.deal("bsn", {"yes": 15, "zero": 1, "dropped zero": 1, "no": 3})
    if kind == "yes":
        row["BSN"] = source.fiscal_number()
    elif kind != "no":
        # Once imported from a spreadsheet, which took the BSN for a number.
        row["BSN"] = source.fiscal_number("0")[1 if kind == "dropped zero" else 0 :]
    return row


def _contactpersoon(source: Source, created: datetime) -> Row:
    """Someone who works for a bedrijf; the old application keeps no BSN of these."""
    return _klant(source, "C", created) | _name(source)


def _bedrijf(source: Source, created: datetime) -> Row:
    """A bedrijf with its own KvK number."""
    naam = f"{source.pick(names.BRANCHES)} {source.pick(names.HANDELSNAMEN)}"
    rsin = source.fiscal_number() if source.chance(50) else _nothing(source)
    return _klant(source, "B", created) | {
        "NAAM": naam.ljust(60),
        "KVK_NR": source.unique("kvk", lambda: source.digits(8)),
        "RSIN": rsin,
        **_email(source, created, "info", mail_part(naam).replace(".", "-") + ".example"),
    }


def _vestiging(source: Source, created: datetime, bedrijf: Row) -> Row:
    """A place where the bedrijf works; it carries the KvK number of the bedrijf."""
    naam = str(bedrijf["NAAM"]).rstrip()
    return _klant(source, "V", created) | {
        "NAAM": f"{naam} {source.pick(names.PLAATSEN)}".ljust(60),
        "KVK_NR": bedrijf["KVK_NR"],
        "VEST_NR": source.unique("vestiging", lambda: "0000" + source.digits(8)),
        **_email(source, created, "balie", mail_part(naam).replace(".", "-") + ".example"),
    }


def _name(source: Source) -> Row:
    """The name columns of a human being, with an e-mail address to match."""
    voornaam = source.pick(names.VOORNAMEN)
    return _named(source, voornaam, source.pick(names.ACHTERNAMEN))


def _named(source: Source, voornaam: str, achternaam: Achternaam) -> Row:
    """The name columns for this name."""
    second = source.pick(names.VOORNAMEN)[0] + "." if source.chance(35) else ""
    local = f"{voornaam} {achternaam.spoken}"
    return {
        "NAAM": achternaam.merged.ljust(60),
        "VOORNAAM": voornaam.ljust(30),
        "VOORL": f"{voornaam[0]}.{second}",
        **_email(source, ORDINARY_END, mail_part(local), source.pick(names.MAIL_DOMEINEN)),
    }


def _email(source: Source, latest: datetime, local: str, domain: str) -> Row:
    """The e-mail columns: often an address, sometimes in mixed case, sometimes checked once."""
    kind = source.deal("email", {"lower": 12, "Mixed": 2, "none": 5})
    if kind == "none":
        return {"EMAIL": "", "EMAIL_CTRL": NO_DATE}
    address = f"{local.title() if kind == 'Mixed' else local}@{domain}"
    checked = latest - timedelta(days=source.random.randint(0, 900))
    return {"EMAIL": address, "EMAIL_CTRL": day(checked) if source.chance(50) else NO_DATE}


def _nothing(source: Source) -> str | None:
    """No value, in one of the two ways the old application writes that."""
    return source.random.choice(("", None))


def _bag_id(source: Source) -> str:
    return f"199920{source.digits(10)}"


def _postcode(source: Source) -> str:
    """A postcode, now and then with the space people put in it."""
    space = source.deal("postcode", {"": 11, " ": 1})
    letters = source.pick(("AB", "BC", "CD", "EK", "GH", "KM", "LR", "NP", "RT", "XZ"))
    return f"199{source.random.randrange(10)}{space}{letters}"


def _address(source: Source, soort: str) -> Row:
    """The columns of the visiting address."""
    kinds = {"home": 30, "5010": 1, "6029": 1, "none": 2}
    # Organisations of this municipality are found in it.
    kind = source.deal("address", kinds) if soort in "PC" else "home"
    if kind == "none":
        return dict.fromkeys(_ADDRESS, "") | {"HUISNR": None}
    if kind != "home":
        abroad = [address for address in names.BUITENLANDSE_ADRESSEN if address[3] == kind]
        straat, postcode, plaats, land = source.pick(abroad)
        return dict.fromkeys(_ADDRESS, "") | {
            "STRAAT": straat,
            "HUISNR": source.random.randint(1, 90),
            "POSTCODE": postcode,
            "PLAATS": plaats,
            "LANDCODE": land,
        }
    return {
        "STRAAT": source.pick(names.STRATEN),
        "HUISNR": source.random.randint(1, 180),
        "HUISNR_TOEV": source.deal("toev", {"": 14, "A": 2, "B": 1, "bis": 1, "2": 1, "C-3": 1}),
        "POSTCODE": _postcode(source),
        "PLAATS": source.pick(names.PLAATSEN),
        "LANDCODE": source.deal("land", {"6030": 7, "": 3}),
        "BAG_ID": _bag_id(source) if source.chance(70) else "",
    }


def _post_address(source: Source, filled: bool) -> Row:
    """The columns of the postal address."""
    if not filled:
        return dict.fromkeys(_POST_ADDRESS, "") | {"POST_HUISNR": None}
    return {
        "POST_STRAAT": source.pick(names.STRATEN),
        "POST_HUISNR": source.random.randint(1, 180),
        "POST_TOEV": "D",
        "POST_POSTCODE": _postcode(source),
        "POST_PLAATS": source.pick(names.PLAATSEN),
        "POST_LANDCODE": "6030",
        "POST_BAG_ID": _bag_id(source),
    }


_ADDRESS = ("STRAAT", "HUISNR", "HUISNR_TOEV", "POSTCODE", "PLAATS", "LANDCODE", "BAG_ID")
_POST_ADDRESS = (
    "POST_STRAAT",
    "POST_HUISNR",
    "POST_TOEV",
    "POST_POSTCODE",
    "POST_PLAATS",
    "POST_LANDCODE",
    "POST_BAG_ID",
)


# --- the showcase --------------------------------------------------------------------------------

_SHOWCASE_PERSONS = SHOWCASE_SIZE - 6

_PERSONS_SHOWN = (
    (KNOWN_BSNS[1], "Femke", Achternaam("Dijk", "van")),
    (KNOWN_BSNS[2], "Mehmet", Achternaam("Yilmaz")),
    (KNOWN_BSNS[3], "Hanneke", Achternaam("Linden", "van der")),
    (KNOWN_BSNS[4], "Ruben", Achternaam("Postma")),
)


def _showcase(source: Source, rows: list[Row], parents: list[tuple[Row, Row]]) -> None:
    """Add the newest klanten, which together fill every column."""
    made = [SHOWCASE_START + timedelta(hours=at) for at in range(8)]
    made += [moment + timedelta(days=1) for moment in made]
    made = sorted([*made, *(moment + timedelta(minutes=30) for moment in made)])[:SHOWCASE_SIZE]
    bedrijf, bedrijf_2 = _bedrijf(source, made[BEDRIJF]), _bedrijf(source, made[BEDRIJF_2])
    bedrijf.update(
        NAAM="Zilverdamse Fietsenfabriek".ljust(60),
        KVK_NR=KNOWN_KVK,
        RSIN=source.fiscal_number(),
        EMAIL="info@zilverfiets.example",
        EMAIL_CTRL="20260915",
        TEL_PRIVE="(010) 123 40 40",
        VOORKEUR="T",
        STATUS="A",
        EXTERN_NR="HR-0012345678",
    )
    vestiging = _vestiging(source, made[VESTIGING], bedrijf)
    vestiging.update(
        NAAM="Zilverdamse Fietsenfabriek Rietsluis".ljust(60),
        VEST_NR=KNOWN_VESTIGING,
        STATUS="A",
    )
    vestiging_2 = _vestiging(source, made[VESTIGING_2], bedrijf_2)
    contactpersoon = _contactpersoon(source, made[CONTACTPERSOON])
    contactpersoon.update(_named(source, "Joris", Achternaam("Heuvel", "van der")), STATUS="A")
    contactpersoon_2 = _contactpersoon(source, made[CONTACTPERSOON_2])
    shown = [bedrijf, vestiging, contactpersoon, bedrijf_2, vestiging_2, contactpersoon_2]
    parents += [
        (vestiging, bedrijf),
        (contactpersoon, bedrijf),
        (vestiging_2, bedrijf_2),
        (contactpersoon_2, bedrijf_2),
    ]
    persons = [_persoon(source, moment) for moment in made[len(shown) : MEREL]]
    for person, (bsn, voornaam, achternaam) in zip(persons, _PERSONS_SHOWN, strict=False):
        person.update(_named(source, voornaam, achternaam), BSN=bsn, STATUS="A")
    persons[0].update(TEL_MOBIEL="06-12345671", VOORKEUR="M", GEHEIM="J", TAAL="EN")
    persons[1].update(TEL_PRIVE="(010) 123 45 67", VOORKEUR="T", TAAL="TR", **_address(source, "B"))
    persons[4].update(STATUS="I")
    shown += [*persons, _merel(source, made[MEREL])]
    rows.extend(shown)


def _merel(source: Source, created: datetime) -> Row:
    """Merel Kooyman, of whom everything is known."""
    return _persoon(source, created) | {
        "BSN": KNOWN_BSNS[0],
        "NAAM": "Kooyman".ljust(60),
        "VOORNAAM": "Merel".ljust(30),
        "VOORL": "M.",
        "STRAAT": "Zilverkade",
        "HUISNR": 17,
        "HUISNR_TOEV": "A",
        "POSTCODE": "1991KM",
        "PLAATS": "Zilverdam",
        "LANDCODE": "6030",
        "BAG_ID": "1999200000001017",
        "POST_STRAAT": "Stationsplein",
        "POST_HUISNR": 3,
        "POST_TOEV": "bis",
        "POST_POSTCODE": "1994 AB",
        "POST_PLAATS": "Rietsluis",
        "POST_LANDCODE": "6030",
        "POST_BAG_ID": "1999200000002003",
        "TEL_PRIVE": "(010) 123 45 99",
        "TEL_MOBIEL": "06-12345699",
        "EMAIL": "merel.kooyman@post.example",
        "EMAIL_CTRL": "20261012",
        "VOORKEUR": "E",
        "TAAL": "NL",
        "GEHEIM": "N",
        "STATUS": "A",
        "NOTITIE": "Liever 's middags bellen.",
        "EXTERN_NR": "BRP-0003653",
    }


# --- what belongs to a klant ---------------------------------------------------------------------


def _shown_moments() -> list[datetime]:
    """When the newest rows about the klanten were made: after the klanten themselves."""
    return [_CHILDREN_START + timedelta(minutes=2 * at) for at in range(SHOWCASE_SIZE)]


def _owners(source: Source, all_klanten: Klanten, total: int) -> list[tuple[Row, datetime]]:
    """For `total` rows a klant and a moment after his making; the last ones are showcase."""
    pairs = []
    for klant in source.random.choices(all_klanten.ordinary, k=total - SHOWCASE_SIZE):
        pairs.append((klant, source.moment(moment_of(klant["AANMAAK"]), ORDINARY_END)))
    # Merel comes twice: what is hers should not be the only one of its kind.
    shown = [all_klanten.showcase[MEREL], *all_klanten.showcase[1:]]
    return pairs + list(zip(shown, _shown_moments(), strict=True))


def adressen(source: Source, all_klanten: Klanten) -> list[Row]:
    """All rows of KLANT_ADRES."""
    rows: list[Row] = []
    standard: set[tuple[int, str]] = set()
    referred: set[tuple[int, str, str]] = set()
    for klant, created in _owners(source, all_klanten, source.scale.part(800, 50)):
        owner, soort = klant["KLANT_ID"], source.deal("adres", {"E": 3, "T": 3, "W": 2})
        ref = source.deal("ref", {"": 6, "portaalvoorkeur": 2, "zaak": 2})
        if ref == "zaak":
            ref = f"zaak-{created.year}-{source.digits(7)}"
        # The portal may keep one preference of a kind for each klant.
        ref = "" if (owner, soort, ref) in referred else ref
        rows.append(
            {
                "KLANT_ID": owner,
                "SRT": soort,
                "WAARDE": _adres_value(source, klant, soort),
                "OMSCHR": source.pick(names.ADRES_OMSCHRIJVINGEN) if source.chance(70) else "",
                "REF": ref,
                "CTRL_DAT": day(created) if source.chance(50) else NO_DATE,
                "STANDAARD": "N" if (owner, soort) in standard or source.chance(50) else "J",
                "AANMAAK": stamp(created),
            }
        )
        if rows[-1]["STANDAARD"] == "J":
            standard.add((owner, soort))
        referred.add((owner, soort, ref))
    merel_first, merel_last = rows[-SHOWCASE_SIZE], rows[-1]
    merel_first.update(SRT="E", WAARDE="m.kooyman@werk.example", REF="")
    merel_first.update(OMSCHR="werk", CTRL_DAT="20261027", STANDAARD="J")
    merel_last.update(
        SRT="T", WAARDE="0031612345698", REF="portaalvoorkeur", OMSCHR="privé", STANDAARD="N"
    )
    return number_rows(rows, "ADRES_ID")


def _adres_value(source: Source, klant: Row, soort: str) -> str:
    """An address of this kind for the klant."""
    naam = str(klant["NAAM"]).rstrip()
    if soort == "T":
        return source.mobile()
    if soort == "W":
        return source.website(naam)
    return f"{mail_part(naam)}.{source.digits(2)}@{source.pick(names.MAIL_DOMEINEN)}"


def rekeningen(source: Source, all_klanten: Klanten) -> list[Row]:
    """All rows of BANKREK; for some klanten this also fills VK_REK_ID."""
    rows: list[Row] = []
    for klant, created in _owners(source, all_klanten, source.scale.part(300, 45)):
        iban = source.iban()
        rows.append(
            {
                "KLANT_ID": klant["KLANT_ID"],
                "IBAN": iban,
                "BIC": f"{iban[4:8]}NL2A" if source.chance(80) else "",
                "AANMAAK": stamp(created),
            }
        )
    rows[-1]["BIC"] = "TESTNL2A"
    rows[-1]["IBAN"] = source.iban()
    number_rows(rows, "REK_ID")
    owners = {klant["KLANT_ID"]: klant for klant in all_klanten.rows}
    for row in rows:
        if source.chance(50):
            owners[row["KLANT_ID"]]["VK_REK_ID"] = row["REK_ID"]
    all_klanten.showcase[MEREL]["VK_REK_ID"] = rows[-1]["REK_ID"]
    return rows


def kenmerken() -> list[Row]:
    """All rows of KENMERK."""
    return [
        {
            "KM_CODE": code,
            "OMSCHR": omschr,
            "AANMAAK": stamp(FIRST_KLANT + timedelta(days=at)),
            "MICRO": "000000",
        }
        for at, (code, omschr) in enumerate(names.KENMERKEN)
    ]


def klant_kenmerken(source: Source, all_klanten: Klanten) -> list[Row]:
    """All rows of KLANT_KENMERK: who carries which label, and from when to when."""
    rows: list[Row] = []
    given: set[tuple[int, str]] = set()
    for klant, created in _owners(source, all_klanten, source.scale.part(120, 40)):
        codes = [code for code, _ in names.KENMERKEN if (klant["KLANT_ID"], code) not in given]
        if not codes:
            continue
        code = source.pick(codes)
        given.add((klant["KLANT_ID"], code))
        ended = source.deal("tot", {"open": 3, "ended": 1}) == "ended"
        start = created - timedelta(days=source.random.randint(0, 400))
        rows.append(
            {
                "KLANT_ID": klant["KLANT_ID"],
                "KM_CODE": code,
                "VAN": day(start),
                "TOT": day(start + timedelta(days=365)) if ended else NO_DATE,
                "AANMAAK": stamp(created),
            }
        )
    return number_rows(rows, "KK_ID")


def machtigingen(source: Source, all_klanten: Klanten) -> list[Row]:
    """All rows of MACHTIGING: who may act for whom."""
    ordinary = [klant for klant in all_klanten.ordinary if klant["SRT"] in "PC"]
    ids = [klant["KLANT_ID"] for klant in ordinary]
    made = {klant["KLANT_ID"]: moment_of(klant["AANMAAK"]) for klant in ordinary}
    pairs: dict[tuple[int, int], datetime] = {}
    while len(pairs) < source.scale.part(60, 35) - SHOWCASE_SIZE:
        acting, served = source.random.sample(ids, 2)
        pairs[acting, served] = source.moment(max(made[acting], made[served]), ORDINARY_END)
    # In the showcase everyone acts for the one before him, so that all are found on both sides.
    shown = [klant["KLANT_ID"] for klant in all_klanten.showcase]
    served_and_acting = pairwise([*shown, shown[0]])
    for (served, acting), moment in zip(served_and_acting, _shown_moments(), strict=True):
        pairs[acting, served] = moment
    rows = [
        {
            "KLANT_ID": acting,
            "VOOR_KLANT_ID": served,
            "STATUS": source.deal("macht", {"A": 5, "I": 1}),
            "AANMAAK": stamp(moment),
        }
        for (acting, served), moment in pairs.items()
    ]
    for row in rows[-2:]:
        row["STATUS"] = "A"
    return number_rows(rows, "MACHT_ID")
