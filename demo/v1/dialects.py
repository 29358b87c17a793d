"""In what the two systems differ, side by side.

Open Klant 1: as its source code, tag 1.0.0, does it. The e-Suite: as its own OpenAPI files say
(Klanten 1.3.0, Contactmomenten 1.7.0), and as those who use it found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from .forms import EXACT, FISCAL, MOMENT, OWN_URL, URL, Form, one_of, parsed
from .register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Register, Row, value

Times = Callable[[Register, Row, str], int]
"""How often a row is in the list of those with a value: a join gives it once for each match."""


@dataclass(frozen=True)
class Listing:
    """What can be asked of one list.

    `filters`: by parameter. `needs`: one of these must be given, `alone`: and only one. `ignores`:
    parameters that it does not know are no error, and change nothing. `page_size`: `None` when all
    comes at once. `expands`: what `expand` takes. `orders`: what `ordering` takes. `forms`: what a
    value is checked for, if values are; without one it is any text.
    """

    filters: Mapping[str, Times]
    needs: frozenset[str] = frozenset()
    alone: bool = False
    ignores: bool = False
    page_size: int | None = 100
    expands: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialect:
    """One system.

    `klanten`, `contactmomenten`: where its APIs are. `no_entry`: the status of a token that opens
    nothing. `problems`: the media type of errors. `codes`: where these have a code by status only.
    `single`: the resources of which one row can be asked for. `links_in_rows`: a contactmoment
    lists the urls of its links. `leaves_out`: what has no value is left out.
    """

    name: str
    klanten: str
    contactmomenten: str
    no_entry: int
    problems: str
    lists: Mapping[str, Listing]
    single: frozenset[str]
    links_in_rows: bool
    leaves_out: bool
    codes: Mapping[int, str] = field(default_factory=dict)


def equal(path: str) -> Times:
    """The value is this one, to the letter."""
    return lambda _, row, text: int(str(value(row, path)) == text)


def moment(op: str) -> Times:
    """`registratiedatum` compared with a moment."""

    def holds(_: Register, row: Row, text: str) -> int:
        have, wanted = (parsed(t) for t in (row["registratiedatum"], text))
        return int(
            {"": have == wanted, "gt": have > wanted, "gte": have >= wanted}.get(
                op, have < wanted if op == "lt" else have <= wanted
            )
        )

    return holds


def refers(name: str) -> Times:
    """The row refers to the row that this url is of."""
    return lambda _, row, text: int(row[name] == text.rstrip("/").rpartition("/")[2].lower())


def linked(links: str, name: str) -> Times:
    """How many links of a contactmoment lead to one of these, with commas between them."""

    def count(register: Register, row: Row, text: str) -> int:
        wanted = text.split(",")
        return sum(link[name] in wanted for link in register.links(links, row["uuid"]))

    return count


def anonymous_address(_: Register, row: Row, text: str) -> int:
    """A part of an address that somebody without a name left behind."""
    left = row.get("contactgegevens", {}).values()
    return int(row["_klant"] is None and any(text.lower() in str(v).lower() for v in left))


def running_of(_: Register, row: Row, text: str) -> int:
    """A contact of a klant that is not closed yet."""
    return int(row["_klant"] == text.rstrip("/").rpartition("/")[2] and _runs(row))


def _runs(row: Row) -> bool:
    return bool(row["status"] != "afgehandeld")


_NUMBERS: Final = {
    "subjectNatuurlijkPersoon__inpBsn": equal("subjectIdentificatie.inpBsn"),
    "subjectNietNatuurlijkPersoon__innNnpId": equal("subjectIdentificatie.innNnpId"),
    "subjectVestiging__vestigingsNummer": equal("subjectIdentificatie.vestigingsNummer"),
}

_MOMENTS: Final = tuple(f"registratiedatum{op}" for op in ("", "__gt", "__gte", "__lt", "__lte"))

OPEN_KLANT_1: Final = Dialect(
    name="Open Klant 1",
    klanten="/klanten/api/v1",
    contactmomenten="/contactmomenten/api/v1",
    no_entry=403,
    problems="application/json",
    single=frozenset({KLANTEN, CONTACTEN, KLANTLINKS, OBJECTLINKS}),
    links_in_rows=True,
    leaves_out=False,
    lists={
        # Its one list that takes any parameter, and answers as if it had not been given.
        KLANTEN: Listing(
            ignores=True,
            filters={
                **_NUMBERS,
                "subjectNatuurlijkPersoon__anpIdentificatie": equal(
                    "subjectIdentificatie.anpIdentificatie"
                ),
                "subjectNatuurlijkPersoon__inpA_nummer": equal("subjectIdentificatie.inpANummer"),
                "subjectNietNatuurlijkPersoon__annIdentificatie": equal(
                    "subjectIdentificatie.annIdentificatie"
                ),
                "adres__straatnaam": equal("adres.straatnaam"),
                "adres__postcode": equal("adres.postcode"),
                "adres__woonplaatsNaam": equal("adres.woonplaatsnaam"),
                "adres__landcode": equal("adres.landcode"),
                **{
                    name: equal(name)
                    for name in (
                        "bronorganisatie",
                        "klantnummer",
                        "bedrijfsnaam",
                        "functie",
                        "achternaam",
                        "telefoonnummer",
                        "emailadres",
                        "subject",
                        "subjectType",
                    )
                },
            },
            forms={
                "bronorganisatie": FISCAL,
                "subject": URL,
                "subjectType": one_of("natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging"),
            },
        ),
        CONTACTEN: Listing(
            filters={
                "vorigContactmoment": refers("vorigContactmoment"),
                **{name: moment(name.partition("__")[2]) for name in _MOMENTS},
                "klant": linked(KLANTLINKS, "klant"),
                "object": linked(OBJECTLINKS, "object"),
                **{
                    name: equal(name.replace("__", "."))
                    for name in (
                        "bronorganisatie",
                        "kanaal",
                        "voorkeurskanaal",
                        "voorkeurstaal",
                        "initiatiefnemer",
                        "medewerker",
                        "medewerkerIdentificatie__identificatie",
                        "medewerkerIdentificatie__achternaam",
                        "medewerkerIdentificatie__voorletters",
                        "medewerkerIdentificatie__voorvoegselAchternaam",
                    )
                },
            },
            expands=(KLANTLINKS, OBJECTLINKS),
            orders=("registratiedatum", "kanaal", "tekst", "initiatiefnemer", "bronorganisatie"),
            forms={
                "bronorganisatie": FISCAL,
                "initiatiefnemer": one_of("gemeente", "klant"),
                "klant": EXACT,
                "medewerker": URL,
                "object": EXACT,
                "vorigContactmoment": OWN_URL,
                **dict.fromkeys(_MOMENTS, MOMENT),
            },
        ),
        KLANTLINKS: Listing(
            {
                "contactmoment": refers("contactmoment"),
                "klant": equal("klant"),
                "rol": equal("rol"),
            },
            forms={
                "contactmoment": OWN_URL,
                "klant": URL,
                "rol": one_of("belanghebbende", "gesprekspartner"),
            },
        ),
        OBJECTLINKS: Listing(
            {
                "contactmoment": refers("contactmoment"),
                "object": equal("object"),
                "objectType": equal("objectType"),
            },
            forms={"contactmoment": OWN_URL, "object": URL, "objectType": one_of("zaak")},
        ),
    },
)

E_SUITE: Final = Dialect(
    name="e-Suite",
    klanten="/klanten-api-provider/api/v1",
    contactmomenten="/contactmomenten-api-provider/api/v1",
    no_entry=401,
    problems="application/problem+json",
    # Links have a url, but it answers nothing.
    single=frozenset({KLANTEN, CONTACTEN}),
    links_in_rows=False,
    leaves_out=True,
    codes={400: "VALIDATION", 401: "NOT_AUTHORISED", 403: "NOT_AUTHORISED", 404: "NOT_FOUND"}
    | {405: "INTERNAL", 409: "CONFLICT"},
    lists={
        KLANTEN: Listing(
            _NUMBERS, needs=frozenset(_NUMBERS), alone=True, ignores=True, page_size=None
        ),
        CONTACTEN: Listing(
            {
                "klant": running_of,
                "identificatie": equal("identificatie"),
                "telefoonnummerOfEmailadres": anonymous_address,
                "type": equal("type"),
            },
            needs=frozenset({"klant", "identificatie", "telefoonnummerOfEmailadres", "type"}),
            ignores=True,
            page_size=20,
        ),
        KLANTLINKS: Listing(
            {"klant": refers("klant")}, needs=frozenset({"klant"}), ignores=True, page_size=20
        ),
        OBJECTLINKS: Listing(
            {"object": equal("object"), "contactmoment": refers("contactmoment")},
            needs=frozenset({"object", "contactmoment"}),
            ignores=True,
            page_size=None,
        ),
    },
)
