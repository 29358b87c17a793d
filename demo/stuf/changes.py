"""What a StUF back end does with messages that change zaken: they come, and are done later.

Made from the standard alone (StUF 03.01; Zaak- en Documentservices 1.1 and 1.2), with nothing of
the adapter that sends them.
"""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from .data import Holdings, Thing, by
from .messages import STUF, Fo, name, numbered, receipt

CHANGING: Final = ("OntvangAsynchroon", "VerwerkSynchroneKennisgeving", "VrijeBerichten",
                   "VerwerkSynchroonVrijBericht")  # fmt: skip
"""The services that take changes."""

ZAAKTYPEN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "TBV": ("Terugbelverzoek", ("Ontvangen", "Afgehandeld"))
}
"""The types of zaken that can be made: by code the name, and the statuses in their order."""

_CREATES: Final = ("creeerZaak_Lk01", "creeerZaak_ZakLk01", "zakLk02")
_ALTERS: Final = ("actualiseerZaakstatus_Lk01", "actualiseerZaakstatus_ZakLk01", "zakLk02")
_NUMBERS: Final = "genereerZaakIdentificatie_Di02"
_METADATA: Final = f"{{{STUF}}}metagegeven"
_STATUS: Final = "heeft/"


class Changes:
    """The changes that came. `later`: so many questions are answered before a change shows;
    `loses`: none ever does; `alone`: one of a zaak is refused while another is under way."""

    def __init__(self) -> None:
        self.later = 0
        self.loses = False
        self.alone = False
        self.given = 0
        self._coming: list[tuple[int, str, dict[str, str]]] = []

    def answered(
        self, root: etree._Element, action: str, reference: str, moment: str
    ) -> etree._Element:
        """What is answered to a message. Raises `Fo`."""
        if action == _NUMBERS and name(root) == _NUMBERS:
            self.given += 1
            return numbered(root, reference, moment, f"ZAAK-2026-{9000000 + self.given}")
        kind = root.findtext("{*}parameters/{*}mutatiesoort")
        zaken = root.findall("{*}object")
        if kind == "T" and action in _CREATES and len(zaken) == 1:
            self._take(_values(zaken[0]), moment)
        elif kind == "W" and action in _ALTERS and len(zaken) == 2:
            self._take(_values(zaken[1]), moment)
        else:
            raise Fo("StUF022", "SOAPAction onbekend")
        return receipt(root, "Bv02" if action == "zakLk02" else "Bv03", reference, moment)

    def _take(self, values: dict[str, str], moment: str) -> None:
        code = values.get("isVan/gerelateerde/code", values.get("heeft/gerelateerde/zkt.code", ""))
        if code not in ZAAKTYPEN:
            raise Fo("StUF058", "Zaaktype onbekend", "server")
        _, statuses = ZAAKTYPEN[code]
        status = values.get("heeft/gerelateerde/omschrijving")
        if status is not None and status not in statuses:
            raise Fo("StUF058", "Statustype onbekend", "server")
        if status == statuses[-1]:
            values["einddatum"] = moment[:8]
        number = values["identificatie"]
        if self.alone and any(coming == number for _, coming, _ in self._coming):
            raise Fo("StUF019", "tijdstipBericht niet groter dan voorgaand")
        if not self.loses:
            self._coming.append((self.later, number, values))

    def read(self, holdings: Holdings, *, asked: bool = True) -> None:
        """Before a question is answered: what is due by now is done."""
        waiting = [(n - asked, number, values) for n, number, values in self._coming]
        self._coming = [one for one in waiting if one[0] > 0]
        for _, number, values in (one for one in waiting if one[0] <= 0):
            zaken = holdings.of("ZAK", [(by("identificatie"), number)])
            zaak = next(iter(zaken), Thing("ZAK", f"zak-{number}", {}))
            if any(path.startswith(_STATUS) for path in values):
                # The last status is another than that before it, with nothing of that.
                for path in [one for one in zaak.values if one.startswith(_STATUS)]:
                    del zaak.values[path]
            zaak.values.update(values)
            holdings.put(zaak)


def _values(zaak: etree._Element, before: str = "") -> dict[str, str]:
    """What is said of a zaak, by path."""
    found: dict[str, str] = {}
    for child in zaak:
        path = before + name(child)
        if len(child):
            found |= _values(child, f"{path}/")
        elif child.text and _METADATA not in child.attrib:
            found[path] = child.text
    if before == _STATUS:
        found[f"{_STATUS}indicatieLaatsteStatus"] = "J"
    return found
