"""What is about a zaak in the sample municipality: read from the rows that its systems are made of,
without a gateway between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

from demo.esuite.data import ZAKEN as IN_E_SUITE
from demo.kcc import data as kcc
from demo.kcc.sqlite import build as build_kcc
from demo.openklant1.data import PUBLIC as OPEN_KLANT_1
from demo.openklant1.data import ZAKEN as IN_OPEN_KLANT_1
from demo.openzaak.holdings import CONTACTEN as ZAAKCONTACTEN
from demo.openzaak.holdings import KLANTCONTACTEN, ROLLEN, ZAKEN
from demo.openzaak.service import OpenZaak, service
from demo.openzaak.source import SampleOpenZaak
from demo.sociaal import data as sociaal
from demo.sociaal.sqlite import build as build_sociaal
from demo.stuf.data import holdings
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Register, Row
from gateway.federation.catalogue import Catalogue
from tests.helpers import KCC_MAPPING, ROOT, sql_source
from tests.support.mails import OPTIONS, mail, maildir
from tests.support.stuf import source as stuf
from tests.support.v1 import ESuite, OpenKlant1
from tests.support.v1 import source as v1

CONTACT: Final = "klantcontacten"
LINK: Final = "onderwerpobjecten"
MAILED: Final = "Vraag over "
NUMBER: Final = r"\bZAAK-\d{4}-\d{7}\b"

Key = tuple[str, str, tuple[Any, ...]]
"""Source, stream and native key."""


class Link(NamedTuple):
    """That a source has it that something is about a zaak: under which name, which onderwerpobject
    tells it, and of which klantcontact, if of any that may be seen."""

    name: str
    own: Key
    contact: Key | None


class SmallOpenZaak(SampleOpenZaak):
    """The sample Open Zaak, with few rows; ``last``: the service that was made last."""

    last: ClassVar[OpenZaak]

    @staticmethod
    def make() -> OpenZaak:
        SmallOpenZaak.last = service(kcc.SMALL)
        return SmallOpenZaak.last


@dataclass(frozen=True)
class Municipality:
    """The systems of the sample municipality, with few rows, in a folder."""

    folder: Path
    rows: kcc.Tables = field(default_factory=lambda: kcc.generate(kcc.SMALL))

    @cached_property
    def social(self) -> sociaal.Tables:
        return sociaal.generate(sociaal.SMALL, self.rows)

    @cached_property
    def mailed(self) -> Sequence[str]:
        """The numbers of the zaken about which somebody wrote."""
        return sorted({str(one["ZAAK_NR"]) for one in self.rows["CONTACT_ZAAK"]})[::3]

    # --- its systems ----------------------------------------------------------------------------

    def sources(self) -> dict[str, dict[str, Any]]:
        """The settings of all systems but its Open Zaak."""
        social = self.folder / "sociaal.sqlite"
        build_sociaal(social, self.social)
        messages = [mail(n, Subject=MAILED + number) for n, number in enumerate(self.mailed)]
        archive = maildir(self.folder / "archief", messages)
        return self.registers() | {
            "sociaal": sql_source(ROOT / "mappings" / "sociaal", social, 2),
            "esuite": v1("e-suite", 3) | {"read_only": True},
            "zaken": stuf("stuf-zkn", 5),
            "mail": {
                "number": 6,
                "adapter": "adapters.maildir:MaildirAdapter",
                "collections": "maildir",
                "mapping": str(ROOT / "mappings" / "e-mail"),
                "options": {**OPTIONS, "path": str(archive), "zaaknummers": [NUMBER]},
            },
        }

    def registers(self) -> dict[str, dict[str, Any]]:
        """The settings of those that keep contacts, one after the other."""
        file = self.folder / "kcc.sqlite"
        build_kcc(file, self.rows)
        return {
            "kcc": sql_source(KCC_MAPPING, file),
            "openklant1": v1("open-klant-1", 4) | {"read_only": True},
        }

    @staticmethod
    def open_zaak(**others: Any) -> dict[str, dict[str, Any]]:
        """The settings of its Open Zaak."""
        secret = ROOT / "demo" / "openzaak" / "gateway.secret"
        settings = {
            "number": 7,
            "adapter": "tests.support.zaken:SmallOpenZaak",
            "mapping": str(ROOT / "mappings" / "zgw-zaken"),
            "collections": "zgw",
            "overrides": [str(ROOT / "mappings" / "zgw-zaken-klantcontacten")],
            "refers_to": {"klantcontacten": ["openklant1"]},
            "options": {"credentials": {"client_id": "gateway", "secret": f"file:{secret}"}},
            "read_only": True,
        }
        return {"openzaak": settings | others}

    # --- what is about a zaak -------------------------------------------------------------------

    def names(self, name: str) -> set[str]:
        """All names of the zaak with this one, as its Open Zaak knows them."""
        pairs = [{zaak["uuid"], zaak["identificatie"]} for zaak in self._zaken().values()]
        return {name}.union(*(pair for pair in pairs if name in pair))

    def links(self, sources: Collection[str]) -> Iterator[Link]:
        """Of these systems all that is about a zaak."""
        for source, told in _SYSTEMS.items():
            if source in sources:
                yield from told(self)

    def _in_kcc(self) -> Iterator[Link]:
        gone = {one["CONTACT_ID"] for one in self.rows["CONTACT"] if one["VERWIJDERD"] == "J"}
        for link in self.rows["CONTACT_ZAAK"]:
            if link["CONTACT_ID"] not in gone:
                name = str(link["ZAAK_GUID"] or link["ZAAK_NR"])
                own = ("kcc", f"{LINK}.zaak", (link["CONTACT_ID"], link["VOLGNR"]))
                yield Link(name, own, ("kcc", f"{CONTACT}.contact", (link["CONTACT_ID"],)))

    def _in_sociaal(self) -> Iterator[Link]:
        drafts = {
            one["interaction_id"] for one in self.social["interaction"] if one["state"] == "draft"
        }
        for link in self.social["interaction_case"]:
            if link["interaction_id"] not in drafts:
                own = ("sociaal", f"{LINK}.zaak", (link["link_id"],))
                contact = ("sociaal", f"{CONTACT}.interaction", (link["interaction_id"],))
                yield Link(str(link["case_uuid"]), own, contact)

    def _in_e_suite(self) -> Iterator[Link]:
        return _linked("esuite", ESuite.last.register, IN_E_SUITE)

    def _in_open_klant_1(self) -> Iterator[Link]:
        return _linked("openklant1", OpenKlant1.last.register, IN_OPEN_KLANT_1)

    def _in_stuf(self) -> Iterator[Link]:
        for number in {one.values["identificatie"] for one in holdings(kcc.SMALL).of("ZAK")}:
            yield Link(number, ("zaken", f"{LINK}.zaak", (number,)), None)

    def _in_open_zaak(self) -> Iterator[Link]:
        for link in self._rows(ZAAKCONTACTEN):
            contact = _of_open_klant_1(link)
            if contact is not None:
                own = ("openzaak", f"{LINK}.zaak", (link["uuid"],))
                yield Link(link["zaak"], own, contact)
        for kept in self._rows(KLANTCONTACTEN):
            own = ("openzaak", f"{LINK}.klantcontact", (kept["uuid"],))
            contact = ("openzaak", f"{CONTACT}.klantcontact", (kept["uuid"],))
            yield Link(kept["zaak"], own, contact)

    # --- what is about a person -----------------------------------------------------------------

    @cached_property
    def bsns(self) -> Sequence[str]:
        """Those of all who are known to the KCC, or have asked for a zaak."""
        asked = (one["betrokkeneIdentificatie"].get("inpBsn") for one in self._rows(ROLLEN))
        return sorted({*filter(None, map(_bsn, self.rows["KLANT"])), *filter(None, asked)})

    def contacts_of(self, bsn: str) -> set[Key]:
        """The klantcontacten with a person in the KCC, in Open Klant 1, and through his zaken."""
        klanten = {
            one["KLANT_ID"]
            for one in self.rows["KLANT"]
            if _bsn(one) == bsn and one["STATUS"] != "V"
        }
        found: set[Key] = {
            ("kcc", f"{CONTACT}.contact", (one["CONTACT_ID"],))
            for one in self.rows["CONTACT"]
            if one["KLANT_ID"] in klanten and one["VERWIJDERD"] != "J"
        }
        old = OpenKlant1.last.register.rows
        own = {
            uuid
            for uuid, one in old[KLANTEN].items()
            if one["subjectIdentificatie"].get("inpBsn") == bsn
        }
        found |= {
            ("openklant1", f"{CONTACT}.contact", (one["contactmoment"],))
            for one in old[KLANTLINKS].values()
            if str(one["klant"]).rpartition("/")[2] in own
        }
        return found | self.through_zaken_of(bsn)

    def through_zaken_of(self, bsn: str) -> set[Key]:
        """The klantcontacten about zaken that a person asked for, as its Open Zaak tells."""
        zaken = {
            rol["zaak"]
            for rol in self._rows(ROLLEN)
            if rol["omschrijvingGeneriek"] == "initiator"
            and rol["betrokkeneIdentificatie"].get("inpBsn") == bsn
        }
        return {
            link.contact for link in self._in_open_zaak() if link.name in zaken and link.contact
        }

    def links_of(self, uuid: str) -> set[Key]:
        """The onderwerpobjecten of a contact in Open Klant 1, its own and those of Open Zaak."""
        contact = OpenKlant1.last.register.rows[CONTACTEN][uuid]
        before: set[Key] = {("openklant1", f"{LINK}.vervolg", (uuid,))}
        links = [*self._in_open_klant_1(), *self._in_open_zaak()]
        key = ("openklant1", f"{CONTACT}.contact", (uuid,))
        about = {link.own for link in links if link.contact == key}
        return about | before if contact["vorigContactmoment"] else about

    def _zaken(self) -> Mapping[str, Row]:
        return SmallOpenZaak.last.holdings.rows[ZAKEN]

    def _rows(self, collection: str) -> Iterable[Row]:
        return SmallOpenZaak.last.holdings.rows[collection].values()


def _bsn(klant: Row) -> str:
    """The BSN of a klant of the KCC, which loses zeros in front."""
    number = str(klant["BSN"] or "").strip()
    return number.zfill(9) if number else ""


def _linked(source: str, register: Register, root: str) -> Iterator[Link]:
    for uuid, link in register.rows[OBJECTLINKS].items():
        # Some contacts are for the eyes of one user; that they are there may be seen.
        kept = register.rows[CONTACTEN][link["contactmoment"]].get("_only")
        contact = None if kept else (source, f"{CONTACT}.contact", (link["contactmoment"],))
        yield Link(link["object"].removeprefix(root), (source, f"{LINK}.zaak", (uuid,)), contact)


def _of_open_klant_1(link: Row) -> Key | None:
    """The contact in Open Klant 1 that a zaak is linked with, if it is there."""
    root = f"{OPEN_KLANT_1}/contactmomenten/api/v1/{CONTACTEN}/"
    if not link["contactmoment"].startswith(root):
        return None
    return "openklant1", f"{CONTACT}.contact", (link["contactmoment"].removeprefix(root),)


_SYSTEMS: Final[Mapping[str, Callable[[Municipality], Iterator[Link]]]] = {
    "kcc": Municipality._in_kcc,
    "sociaal": Municipality._in_sociaal,
    "esuite": Municipality._in_e_suite,
    "openklant1": Municipality._in_open_klant_1,
    "zaken": Municipality._in_stuf,
    "openzaak": Municipality._in_open_zaak,
}


def uuids(catalogue: Catalogue, keys: Iterable[Key]) -> set[str]:
    """How a gateway calls them."""
    found = set()
    for source, stream, key in keys:
        resource, name = stream.split(".")
        found.add(catalogue.identity.encode(catalogue.stream(source, (resource, name)), key))
    return found


def by_name(resource: str, name: str, codes: Mapping[str, str]) -> str:
    """The url that asks for what is about a zaak."""
    prefix = "onderwerpobject__" if resource == CONTACT else ""
    asked = {"objectId": name, **codes}
    parts = (f"{part[0].upper()}{part[1:]}={value}" for part, value in asked.items())
    return f"{resource}?pageSize=500&" + "&".join(
        f"{prefix}onderwerpobjectidentificator{part}" for part in parts
    )
