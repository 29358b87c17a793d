"""The zaken of the sample municipality: those that contacts of its KCC were about, with the same
numbers and uuids, and some in which somebody is to be called back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from demo.kcc.data import FULL, KNOWN_BSNS, NOW, shared
from demo.kcc.values import Scale, moment_of
from demo.openklant1.data import written
from demo.v1.register import RSIN, Row, trimmed

from . import contacts, rollen
from .catalogus import (
    BEHANDELAAR,
    BELANGHEBBENDE,
    DONE,
    GEMACHTIGDE,
    HANDLED,
    INITIATOR,
    RECEIVED,
    TERUGBEL,
    Kind,
    catalogue,
)
from .holdings import KLANTCONTACTEN, RESULTATEN, ROLLEN, ROLTYPEN, STATUSSEN, ZAKEN, Holdings

PUBLIC: Final = "https://zaken.zilverdam.example"
"""The address under which the contacts of Open Klant 1 know the zaken too."""

_LOCAL: Final = ZoneInfo("Europe/Amsterdam")
_SHOWCASE: Final = 9001
_ONGOING: Final = timedelta(days=120)
_CHANNELS: Final = ("Telefoon", "E-mail", "Balie", "Contactformulier")
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

BLANK: Final[Mapping[str, Any]] = {
    "identificatie": "",
    "bronorganisatie": RSIN,
    "omschrijving": "",
    "toelichting": "",
    "zaaktype": "",
    "registratiedatum": "",
    "verantwoordelijkeOrganisatie": RSIN,
    "startdatum": "",
    "einddatum": None,
    "einddatumGepland": None,
    "uiterlijkeEinddatumAfdoening": None,
    "publicatiedatum": None,
    "laatstGemuteerd": "",
    "laatstGeopend": None,
    "communicatiekanaal": "",
    "communicatiekanaalNaam": "",
    "productenOfDiensten": [],
    "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
    "betalingsindicatie": "",
    "laatsteBetaaldatum": None,
    "zaakgeometrie": None,
    "verlenging": None,
    "opschorting": {"indicatie": False, "eerdereOpschorting": False, "reden": ""},
    "selectielijstklasse": "",
    "hoofdzaak": None,
    "relevanteAndereZaken": [],
    "gerelateerdeZaken": [],
    "kenmerken": [],
    "archiefnominatie": None,
    "archiefstatus": "nog_te_archiveren",
    "archiefactiedatum": None,
    "opdrachtgevendeOrganisatie": "",
    "processobjectaard": "",
    "startdatumBewaartermijn": None,
    "processobject": {
        "datumkenmerk": "",
        "identificatie": "",
        "objecttype": "",
        "registratie": "",
    },
}
"""A zaak about which nothing is known."""


@dataclass(frozen=True)
class _Begun:
    """What a zaak is begun with."""

    number: str
    uuid: str
    made: datetime
    subject: str
    toelichting: str
    initiator: Row
    who: tuple[str, Row]
    colleague: str
    channel: str


class _Maker:
    """Makes the rows. What is not known is dealt out by a random source of its own."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.tables = shared(scale)
        tables = self.tables
        self.random = Random(20261022)
        self.holdings = Holdings(self.random)
        self.kinds = catalogue(self.holdings)
        self.klanten = {row["KLANT_ID"]: rollen.whole(row) for row in tables["KLANT"]}
        self.colleagues = {row["MDW_CODE"]: trimmed(row) for row in tables["MEDEWERKER"]}
        self.departments = [trimmed(row) for row in tables["AFDELING"]]

    @cached_property
    def acting(self) -> dict[int, int]:
        """Who may act for a klant."""
        rows = self.tables["MACHTIGING"]
        return {row["VOOR_KLANT_ID"]: row["KLANT_ID"] for row in rows if row["STATUS"] == "A"}

    @cached_property
    def numbered(self) -> list[Row]:
        """The klanten with a number, the known persons first."""
        found = [k for k in self.klanten.values() if k["STATUS"] == "A" and rollen.betrokkene(k)]
        return sorted(found, key=lambda k: k["BSN"] not in KNOWN_BSNS)

    def make(self) -> Holdings:
        """All of it."""
        for begun in sorted(self._of_contacts(), key=lambda zaak: (zaak.made, zaak.number)):
            self._zaak(begun, self.kinds[begun.subject])
        for begun in self._to_call_back():
            self._zaak(begun, self.kinds[TERUGBEL])
        self._klantcontacten()
        contacts.link(self.holdings, self.tables, self.scale)
        return self.holdings

    # --- which zaken there are -----------------------------------------------------------------

    def _of_contacts(self) -> Iterator[_Begun]:
        """One in two of the zaken that contacts are about, and all that a demonstration shows. Who
        is the first known to have asked about it, asked for it."""
        known = {row["CONTACT_ID"]: trimmed(row) for row in self.tables["CONTACT"]}
        seen: set[str] = set()
        for link in self.tables["CONTACT_ZAAK"]:
            contact, number = known[link["CONTACT_ID"]], link["ZAAK_NR"].strip()
            place = int(number.rpartition("-")[2])
            klant = self.klanten.get(contact["KLANT_ID"])
            who = self._who(klant) if klant else None
            if number in seen or not (place % 2 or place >= _SHOWCASE) or not klant or not who:
                continue
            seen.add(number)
            yield _Begun(
                number,
                (link["ZAAK_GUID"] or "").strip(),
                moment_of(link["AANMAAK"]),
                contact["ONDERWERP"],
                contact["VRAAG"][:1000],
                klant,
                who,
                contact["MDW_CODE"],
                "",
            )

    def _who(self, klant: Row) -> tuple[str, Row] | None:
        """A klant as betrokkene; of a contact person it is who he is the contact person of."""
        if klant["SRT"] == "C":
            return rollen.betrokkene(self.klanten[klant["HOOFD_KLANT"]])
        return rollen.betrokkene(klant)

    def _to_call_back(self) -> Iterator[_Begun]:
        """Somebody who wants to be called is a zaak too: the oldest first, one a day."""
        total = max(8, len(self.numbered) // 40)
        codes = list(self.colleagues)
        for place in range(1, total + 1):
            klant = self.numbered[place - 1]
            who = rollen.betrokkene(klant)
            assert who is not None
            subject = self.random.choice(list(self.kinds)[:-1])
            yield _Begun(
                f"TERUGBEL-2026-{place:07}",
                "",
                NOW - timedelta(days=2 * (total - place), hours=1),
                f"Bellen over: {subject.lower()}",
                "Graag bellen na 13 uur." if place % 3 else "",
                klant,
                who,
                self.random.choice(codes) if place % 4 else "",
                _CHANNELS[place % len(_CHANNELS)],
            )

    # --- what belongs to a zaak ----------------------------------------------------------------

    def _zaak(self, begun: _Begun, kind: Kind) -> None:
        made = begun.made.replace(tzinfo=_LOCAL).astimezone(UTC)
        moments = self._moments(made)
        ended = moments[-1].astimezone(_LOCAL).date() if len(moments) == 3 else None
        day = begun.made.date()
        row = {
            **BLANK,
            "identificatie": begun.number,
            "omschrijving": begun.subject[:80],
            "toelichting": begun.toelichting,
            "zaaktype": kind.uuid,
            "registratiedatum": day.isoformat(),
            "startdatum": day.isoformat(),
            "einddatum": ended.isoformat() if ended else None,
            "einddatumGepland": (day + timedelta(days=56)).isoformat(),
            "laatstGemuteerd": written(moments[-1]),
            "communicatiekanaalNaam": begun.channel,
            **archived(ended),
        }
        zaak = self.holdings.add(ZAKEN, row | ({"uuid": begun.uuid} if begun.uuid else {}))["uuid"]
        for label, moment in zip((RECEIVED, HANDLED, DONE), moments, strict=False):
            self.holdings.add(
                STATUSSEN,
                {
                    "zaak": zaak,
                    "statustype": kind.statustypen[label],
                    "datumStatusGezet": written(moment),
                    "statustoelichting": "",
                    "gezetdoor": None,
                    "zaakinformatieobjecten": [],
                },
            )
        if ended is not None:
            result = {"zaak": zaak, "resultaattype": kind.resultaattype, "toelichting": ""}
            self.holdings.add(RESULTATEN, result)
        self._rollen(begun, kind, zaak, written(made))

    def _moments(self, made: datetime) -> list[datetime]:
        """When a zaak got its statussen: the old ones have all three."""
        steps = [made, made + timedelta(hours=self.random.randrange(2, 60))]
        steps.append(steps[-1] + timedelta(days=self.random.randrange(1, 50), minutes=7))
        now = NOW.replace(tzinfo=_LOCAL).astimezone(UTC)
        if made > now - _ONGOING or self.random.randrange(5) == 0:
            steps.pop()
        return [moment for moment in steps if moment <= now]

    def _rollen(self, begun: _Begun, kind: Kind, zaak: str, moment: str) -> None:
        klant = begun.initiator
        acting = self.klanten.get(self.acting.get(klant["KLANT_ID"], 0))
        acts = rollen.betrokkene(acting) if acting else None
        told = klant["SRT"] == "C" or self.random.randrange(3) == 0 or begun.channel
        self._rol(
            kind.roltypen[INITIATOR],
            begun.who,
            zaak,
            moment,
            contactpersoonRol=rollen.reached(klant) if told else dict(rollen.CONTACTPERSOON),
            indicatieMachtiging="machtiginggever" if acts else "",
        )
        if acts is not None and acting is not None:
            self._rol(
                kind.roltypen[GEMACHTIGDE],
                acts,
                zaak,
                moment,
                contactpersoonRol=rollen.reached(acting),
                indicatieMachtiging="gemachtigde",
            )
        colleague = self.colleagues.get(begun.colleague)
        handles = (
            rollen.medewerker(colleague)
            if colleague and colleague["SRT"] == "M"
            else rollen.eenheid(self.random.choice(self.departments))
        )
        self._rol(kind.roltypen[BEHANDELAAR], handles, zaak, moment)
        if self.random.randrange(5) == 0:
            other = rollen.betrokkene(self.random.choice(self.numbered))
            if other is not None:
                self._rol(kind.roltypen[BELANGHEBBENDE], other, zaak, moment)

    def _rol(
        self, roltype: str, who: tuple[str, Row], zaak: str, moment: str, **more: object
    ) -> None:
        row = self.holdings.rows[ROLTYPEN][roltype]
        self.holdings.add(ROLLEN, rollen.rol(row, who, zaak, moment, **more))

    def _klantcontacten(self) -> None:
        """Of years ago, when the Zaken API kept them itself."""
        zaken = list(self.holdings.rows[ZAKEN].values())
        for zaak in zaken[: len(zaken) // 2 : 6]:
            day = datetime.fromisoformat(zaak["startdatum"]).replace(tzinfo=UTC)
            self.holdings.add(
                KLANTCONTACTEN,
                {
                    "zaak": zaak["uuid"],
                    "identificatie": "".join(self.random.choices(LETTERS, k=12)),
                    "datumtijd": written(day + timedelta(days=3, hours=9)),
                    "kanaal": self.random.choice(_CHANNELS),
                    "onderwerp": zaak["omschrijving"],
                    "toelichting": "Gevraagd hoe het met de zaak staat.",
                },
            )


def archived(ended: date | None) -> dict[str, Any]:
    """What the end of a zaak brings along for the archive."""
    names = ("archiefnominatie", "archiefactiedatum", "startdatumBewaartermijn")
    if ended is None:
        return dict.fromkeys(names)
    last = ended.replace(year=ended.year + 5, day=min(ended.day, 28))
    return dict(zip(names, ("vernietigen", last.isoformat(), ended.isoformat()), strict=True))


def generate_holdings(scale: Scale = FULL) -> Holdings:
    """The rows: the same for the same scale, always."""
    return _Maker(scale).make()
