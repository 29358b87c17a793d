"""The least that a body has to say, by resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

PARTIJ: Final[Mapping[str, Any]] = {"soortPartij": "persoon", "indicatieActief": True}
ORGANISATIE: Final[Mapping[str, Any]] = {"soortPartij": "organisatie", "indicatieActief": True}
CONTACT: Final[Mapping[str, Any]] = {
    "kanaal": "balie",
    "onderwerp": "Paspoort",
    "taal": "nld",
    "vertrouwelijk": False,
}
BETROKKENE: Final[Mapping[str, Any]] = {"wasPartij": None, "rol": "klant", "initiator": True}
ADRES: Final[Mapping[str, Any]] = {
    "adres": "an@example.nl",
    "soortDigitaalAdres": "email",
    "verstrektDoorBetrokkene": None,
    "verstrektDoorPartij": None,
}
ACTOR: Final[Mapping[str, Any]] = {"naam": "Balie", "soortActor": "medewerker"}
TAAK: Final[Mapping[str, Any]] = {"gevraagdeHandeling": "Bel terug", "status": "te_verwerken"}
BSN: Final[Mapping[str, Any]] = {
    "codeObjecttype": "natuurlijk_persoon",
    "codeSoortObjectId": "bsn",
    "objectId": "999993653",
    "codeRegister": "brp",
}
KVK: Final[Mapping[str, Any]] = {
    "codeObjecttype": "niet_natuurlijk_persoon",
    "codeSoortObjectId": "kvk_nummer",
    "objectId": "12345678",
    "codeRegister": "hr",
}
VESTIGING: Final[Mapping[str, Any]] = {
    "codeObjecttype": "vestiging",
    "codeSoortObjectId": "vestigingsnummer",
    "objectId": "123456789012",
    "codeRegister": "hr",
}


def ref(uuid: str) -> dict[str, str]:
    """A reference in a body."""
    return {"uuid": uuid}
