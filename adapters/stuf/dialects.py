"""Where back ends differ in how they want to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.stuf.names import ZDS, ZKN, named
from adapters.stuf.paths import Path, Step
from adapters.stuf.questions import Criterion, Operation
from adapters.stuf.words import Profile, Selection, Subject

_CODES: Final[Mapping[Subject, str]] = {"NPS": "11", "NNP": "21", "VES": "31"}
"""What the identification of a betrokkene begins with (RGBZ 1.0, betrokkene.identificatie)."""

_IDENTIFICATION: Final = (
    Step(named(ZKN, "gerelateerde"), "BTR"),
    Step(named(ZKN, "identificatie")),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one back end is asked; see ``words.Options``."""

    profile: Profile
    selection: Selection

    def operation(self, namespace: str, entity: str, zds: str | None) -> Operation:
        """What asks for objects of an entity; ``zds``: with the operation of that name, where the
        back end is one of Zaak- en Documentservices."""
        plain = f"{entity.lower()}Lv01"
        if zds is None or self.profile == "zkn0310":
            return Operation(named(namespace, plain), f"{namespace}/{plain}")
        if self.profile == "zds11":
            # The message is that of StUF-ZKN: only the SOAPAction tells the operation.
            return Operation(named(namespace, plain), f"{namespace}/{zds}_Lv01")
        name = f"{zds}_{entity.capitalize()}Lv01"
        return Operation(named(ZDS, name), f"{ZDS}/{name}")

    def notice(self, zds: str, at_once: bool) -> tuple[Operation, str]:
        """What changes a zaak by the operation ``zds`` of Zaak- en Documentservices, and its
        berichtcode. ``at_once``: the message of plain StUF-ZKN that is answered when it is done."""
        if at_once:
            return Operation(named(ZKN, "zakLk02"), f"{ZKN}/zakLk02"), "Lk02"
        if self.profile == "zds12":
            return Operation(named(ZDS, f"{zds}_ZakLk01"), f"{ZDS}/{zds}_ZakLk01"), "Lk01"
        # Only the SOAPAction tells the operation.
        return Operation(named(ZKN, "zakLk01"), f"{ZKN}/{zds}_Lk01"), "Lk01"

    def numbering(self) -> Operation:
        """What asks for a number for a new zaak."""
        namespace = ZDS if self.profile == "zds12" else ZKN
        name = "genereerZaakIdentificatie_Di02"
        return Operation(named(namespace, name), f"{namespace}/{name}")

    def criterion(self, path: Path, value: str, subject: Subject | None) -> Criterion:
        """That the element at a path is ``value``. Of a ``subject`` the path is that of its
        number in a role of a zaak, and the role its first step."""
        if subject is None or self.selection == "natuurlijkPersoon":
            return Criterion(path, value)
        identification = (path[0], *_IDENTIFICATION)
        match self.selection:
            case "prefix":
                return Criterion(identification, _CODES[subject] + value)
            case "bare":
                return Criterion(identification, value)
            case _:
                return Criterion(identification, value, ("aanduidingSoortSubject", subject))
