"""What is about a zaak in the sample municipality: read from the rows that its systems are made of,
without a gateway between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from demo.esuite.data import ZAKEN as IN_E_SUITE
from demo.kcc import data as kcc
from demo.kcc.sqlite import build as build_kcc
from demo.openklant1.data import ZAKEN as IN_OPEN_KLANT_1
from demo.sociaal import data as sociaal
from demo.sociaal.sqlite import build as build_sociaal
from demo.stuf.data import holdings
from demo.v1.register import CONTACTEN, OBJECTLINKS, Register
from gateway.federation.catalogue import Catalogue
from tests.helpers import KCC_MAPPING, ROOT, sql_source, write_mini
from tests.support.mails import OPTIONS, mail, maildir
from tests.support.stuf import source as stuf
from tests.support.v1 import ESuite, OpenKlant1
from tests.support.v1 import source as v1

CONTACT: Final = "klantcontacten"
LINK: Final = "onderwerpobjecten"
MAILED: Final = "Vraag over "
NUMBER: Final = r"\bZAAK-\d{4}-\d{7}\b"

NAMES: Final = {
    "collections.sql.yaml": """\
ZAAK:
  key: UUID
  columns: {UUID: text, NR: text}
""",
    "names.yaml": "zaak: {collection: ZAAK, uuid: UUID, identificatie: NR}\n",
}
"""A register of zaken that tells nothing but how they are called."""


@dataclass(frozen=True, order=True)
class Zaak:
    """A zaak of the sample municipality; ``uuid``: none for an old one."""

    number: str
    uuid: str

    @property
    def names(self) -> Sequence[str]:
        return [name for name in (self.number, self.uuid) if name]


Key = tuple[str, str, tuple[Any, ...]]
"""Source, stream and native key."""


@dataclass(frozen=True)
class Municipality:
    """The systems of the sample municipality, with few rows, in a folder."""

    folder: Path
    rows: kcc.Tables = field(default_factory=lambda: kcc.generate(kcc.SMALL))

    @cached_property
    def social(self) -> sociaal.Tables:
        return sociaal.generate(sociaal.SMALL, self.rows)

    @cached_property
    def zaken(self) -> Sequence[Zaak]:
        """All of which some system knows both names, and the old ones that have one."""
        links = self.rows["CONTACT_ZAAK"]
        return sorted({Zaak(str(one["ZAAK_NR"]), str(one["ZAAK_GUID"] or "")) for one in links})

    @property
    def mailed(self) -> Sequence[Zaak]:
        """Those about which somebody wrote."""
        return self.zaken[::3]

    def sources(self) -> dict[str, dict[str, Any]]:
        """The settings of all systems, each as it names zaken itself."""
        self.folder.mkdir(exist_ok=True)
        kcc_file, social_file = self.folder / "kcc.sqlite", self.folder / "sociaal.sqlite"
        build_kcc(kcc_file, self.rows)
        build_sociaal(social_file, self.social)
        messages = [mail(n, Subject=MAILED + one.number) for n, one in enumerate(self.mailed)]
        archive = maildir(self.folder / "archief", messages)
        return {
            "kcc": sql_source(KCC_MAPPING, kcc_file),
            "sociaal": sql_source(ROOT / "mappings" / "sociaal", social_file, 2),
            "esuite": v1("e-suite", 3) | {"read_only": True},
            "openklant1": v1("open-klant-1", 4) | {"read_only": True},
            "zaken": stuf("stuf-zkn", 5),
            "mail": {
                "number": 6,
                "adapter": "adapters.maildir:MaildirAdapter",
                "collections": "maildir",
                "mapping": str(ROOT / "mappings" / "e-mail"),
                "options": {**OPTIONS, "path": str(archive), "zaaknummers": [NUMBER]},
            },
        }

    def names(self) -> dict[str, dict[str, Any]]:
        """The settings of the register of zaken that tells how they are called."""
        file = self.folder / "names.sqlite"
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("CREATE TABLE ZAAK (UUID TEXT PRIMARY KEY, NR TEXT)")
            known = [(one.uuid, one.number) for one in self.zaken if one.uuid]
            database.executemany("INSERT INTO ZAAK VALUES (?, ?)", known)
        return {"names": sql_source(write_mini(self.folder / "names", NAMES), file, 7)}

    # --- what is about a zaak -------------------------------------------------------------------

    def about(self, zaak: Zaak, resource: str) -> set[Key]:
        """The klantcontacten, or the onderwerpobjecten, in all systems but the archive of mail."""
        return {key for one in _SYSTEMS for key in one(self, zaak) if key[1].startswith(resource)}

    def _in_kcc(self, zaak: Zaak) -> Iterator[Key]:
        gone = {one["CONTACT_ID"] for one in self.rows["CONTACT"] if one["VERWIJDERD"] == "J"}
        for link in self.rows["CONTACT_ZAAK"]:
            if link["ZAAK_NR"] == zaak.number and link["CONTACT_ID"] not in gone:
                yield "kcc", f"{CONTACT}.contact", (link["CONTACT_ID"],)
                yield "kcc", f"{LINK}.zaak", (link["CONTACT_ID"], link["VOLGNR"])

    def _in_sociaal(self, zaak: Zaak) -> Iterator[Key]:
        drafts = {
            one["interaction_id"] for one in self.social["interaction"] if one["state"] == "draft"
        }
        for link in self.social["interaction_case"]:
            if link["case_uuid"] == zaak.uuid and link["interaction_id"] not in drafts:
                yield "sociaal", f"{CONTACT}.interaction", (link["interaction_id"],)
                yield "sociaal", f"{LINK}.zaak", (link["link_id"],)

    def _in_e_suite(self, zaak: Zaak) -> Iterator[Key]:
        yield from _linked("esuite", ESuite.last.register, IN_E_SUITE + zaak.uuid)

    def _in_open_klant_1(self, zaak: Zaak) -> Iterator[Key]:
        yield from _linked("openklant1", OpenKlant1.last.register, IN_OPEN_KLANT_1 + zaak.uuid)

    def _in_stuf(self, zaak: Zaak) -> Iterator[Key]:
        numbers = {one.values["identificatie"] for one in holdings(kcc.SMALL).of("ZAK")}
        if zaak.number in numbers:
            yield "zaken", f"{LINK}.zaak", (zaak.number,)


def _linked(source: str, register: Register, url: str) -> Iterator[Key]:
    for uuid, link in register.rows[OBJECTLINKS].items():
        if link["object"] == url:
            # Some contacts are for the eyes of one user; that they are there may be seen.
            if not register.rows[CONTACTEN][link["contactmoment"]].get("_only"):
                yield source, f"{CONTACT}.contact", (link["contactmoment"],)
            yield source, f"{LINK}.zaak", (uuid,)


_SYSTEMS: Final[Sequence[Callable[[Municipality, Zaak], Iterator[Key]]]] = (
    Municipality._in_kcc,
    Municipality._in_sociaal,
    Municipality._in_e_suite,
    Municipality._in_open_klant_1,
    Municipality._in_stuf,
)


def uuids(catalogue: Catalogue, keys: set[Key]) -> set[str]:
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
