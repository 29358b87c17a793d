"""Who writes: those of whom the KCC or the social domain knows an address, and strangers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from demo.kcc import names
from demo.kcc.values import Row, Tables, mail_part


@dataclass(frozen=True)
class Writer:
    """Somebody with an address; ``zaken``: the numbers of those that are his."""

    name: str
    address: str
    zaken: tuple[str, ...] = ()


def writers(kcc: Tables, sociaal: Tables) -> list[Writer]:
    """All who can be reached by mail, once for each address that is kept of them. Some addresses
    are kept of several."""
    return [*_of_kcc(kcc), *_of_sociaal(sociaal)]


def stranger(random: Random) -> Writer:
    """Somebody of whom nobody keeps an address."""
    voornaam, achternaam = random.choice(names.VOORNAMEN), random.choice(names.ACHTERNAMEN)
    local = f"{mail_part(f'{voornaam} {achternaam.spoken}')}.{random.randrange(1000, 10_000)}"
    return Writer(f"{voornaam} {achternaam.spoken}", f"{local}@elders.example")


def _of_kcc(tables: Tables) -> Iterator[Writer]:
    zaken = _zaken(tables)
    more: dict[int, list[str]] = defaultdict(list)
    for row in tables["KLANT_ADRES"]:
        if row["SRT"] == "E":
            more[row["KLANT_ID"]].append(row["WAARDE"])
    for klant in tables["KLANT"]:
        key = klant["KLANT_ID"]
        addresses = [klant["EMAIL"].strip(), *more[key]]
        for address in dict.fromkeys(filter(None, addresses)):
            if klant["STATUS"] != "V":
                yield Writer(_name(klant), address, tuple(zaken[key]))


def _zaken(tables: Tables) -> dict[int, list[str]]:
    """The zaken of each klant: those of which the first contact was his."""
    klant_of = {row["CONTACT_ID"]: row["KLANT_ID"] for row in tables["CONTACT"]}
    owner: dict[str, int] = {}
    for link in tables["CONTACT_ZAAK"]:
        klant = klant_of[link["CONTACT_ID"]]
        if klant is not None:
            owner.setdefault(str(link["ZAAK_NR"]).strip(), klant)
    found: dict[int, list[str]] = defaultdict(list)
    for number, klant in owner.items():
        found[klant].append(number)
    return found


def _name(klant: Row) -> str:
    naam, _, voor = str(klant["NAAM"]).strip().partition(", ")
    return " ".join(filter(None, (str(klant["VOORNAAM"]).strip(), voor, naam)))


def _of_sociaal(tables: Tables) -> Iterator[Writer]:
    clients = {row["client_id"]: row for row in tables["client"]}
    for reach in tables["client_reach"]:
        if reach["kind"] == "mail":
            row = clients[reach["client_id"]]
            parts = (row["first_name"], row["surname_prefix"], row["surname"])
            name = " ".join(filter(None, parts)) or row["organisation_name"]
            yield Writer(name, reach["value"])
