"""Real messages: what is read from each answer, and what the others are told to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.base import Failure, SourceError
from adapters.stuf.answers import answer, has_content
from adapters.stuf.receipts import Receipt, number, receipt
from tests.helpers import shared_folder
from tests.support.stuf import reader

SHARED = shared_folder()
EXAMPLES = sorted((SHARED / "stuf" / "examples" / "open").glob("*.xml")) if SHARED else []
ANSWERS = [file for file in EXAMPLES if "npsLa01" in file.name or "akLa01" in file.name]
OTHERS = [file for file in EXAMPLES if file not in ANSWERS]
"""Of other objects too: a document has an identificatie as a zaak has."""

MEDIA = {
    "bsn": "999992314",
    "geslachtsnaam": "Maykin",
    "voornamen": "Media",
    "straat": "Keizersgracht",
    "postcode": "1015CJ",
    "huisnummer": "117",
}
WITH_LETTERS = {"huisletter": "A", "toevoeging": "B"}
MINIMA = "Aanvraag minimaregelingen (Z)"


def zaak(number: str, text: str, kind: str, days: str, **others: str) -> dict[str, str]:
    start, registered, end = days.split()
    found = {
        "identificatie": number,
        "omschrijving": text,
        "zaaktype": kind,
        "startdatum": start,
        "registratiedatum": f"{registered}.000000Z",
        "initiatorBsn": "111111110",
    }
    return found | ({} if end == "-" else {"einddatum": end}) | others


def dossier(number: str) -> dict[str, str]:
    days = "2021-01-01 2021-01-03T23:00:00 2021-01-06"
    return zaak(number, f"Dossiernummer GISVG OV{number}", "Omgevingsvergunning", days)


LIST = [
    dossier("190097"),
    dossier("190094"),
    zaak("190091", MINIMA, "Minimaregeling aanvraag", "2022-09-05 2022-09-04T22:00:00 2022-09-05"),
    zaak("190074", MINIMA, "Omgevingsvergunning vooroverleg", "2022-09-05 2022-09-04T22:00:00 -"),
    zaak("190070", MINIMA, "Omgevingsvergunning vooroverleg", "2022-09-02 2022-09-01T22:00:00 -"),
    zaak("190069", MINIMA, "Omgevingsvergunning vooroverleg", "2022-09-02 2022-09-01T22:00:00 -"),
    dossier("190066"),
    zaak("190063", MINIMA, "Minimaregeling aanvraag", "2022-09-02 2022-09-01T22:00:00 2022-09-02"),
    zaak("190062", MINIMA, "Minimaregeling aanvraag", "2022-09-02 2022-09-01T22:00:00 -"),
]
HAARLEM = {
    "identificatie": "0392000000000001",
    "omschrijving": "omschrijving",
    "zaaktype": "waarde",
    "startdatum": "2026-01-05",
    "registratiedatum": "2026-01-04T23:00:00.000000Z",
}
NUMBER = {"identificatie": "0392000000000001"}

FACTS: dict[str, list[dict[str, str]]] = {
    "geefLijstZaakdocumenten_ZakLa01__zrc_01": [NUMBER],
    "geefLijstZaakdocumenten_ZakLa01__zrc_03": [NUMBER],
    "geefZaakdetails_ZakLa01__zrc_01": [
        HAARLEM | {"einddatum": "2026-01-05", "initiatorRsin": "012345678"}
    ],
    "geefZaakdetails_ZakLa01__zrc_03": [HAARLEM | {"initiatorBsn": "012345678"}],
    "geefZaakstatus_ZakLa01__zrc_01": [NUMBER],
    "geefZaakstatus_ZakLa01__zrc_03": [NUMBER],
    # The BSN of a child or a parent in these is not that of the person.
    "npsLa01__of_01": [{}],
    "npsLa01__of_03": [],
    "npsLa01__of_04": [{}],
    "npsLa01__of_06": [{}],
    "npsLa01__of_08": [MEDIA | WITH_LETTERS | {"voorvoegsel": "van", "woonplaats": "Amsterdam"}],
    "npsLa01__of_09": [MEDIA | {"woonplaats": "Amsterdam"}],
    "npsLa01__of_11": [MEDIA | WITH_LETTERS],
    "npsLa01__of_13": [{}],
    "npsLa01__op_02": [{}],
    "npsLa01__op_03": [{}],
    "npsLa01__op_05": [
        MEDIA
        | WITH_LETTERS
        | {
            "bsn": "123456789",
            "voorvoegsel": "van",
            "voorletters": "M.",
            "naamgebruik": "E",
            "straat": "Straat",
            "postcode": "2525AB",
            "woonplaats": "Amsterdam",
        }
    ],
    "npsLa01__op_07": [{}],
    "npsLa01__op_08": [{}],
    "npsLa01__op_10": [{}],
    "npsLa01__op_12": [{}],
    "npsLa01__op_13": [{}],
    "zakLa01__ozb_01": [
        {"identificatie": "1900208938", "omschrijving": MINIMA, "zaaktype": "Aanvraag minima"}
    ],
    "zakLa01__ozb_02": [
        zaak(
            "19009534",
            MINIMA,
            "Minimaregeling aanvraag",
            "2021-05-14 2021-05-13T22:00:00 2021-05-14",
        )
    ],
    "zakLa01__ozb_04": LIST,
    # Only documents were asked for.
    "zakLa01__ozb_06": [{}],
    "zakLa01__ozb_07": [],
    "zakLa01__ozb_09": LIST,
    "zakLa01__ozb_11": [
        zaak(
            "1900714",
            MINIMA,
            "Minimaregeling aanvraag",
            "2022-12-21 2022-12-20T23:00:00 2022-12-21",
        )
    ],
}


@pytest.mark.shared
def test_there_are_facts_of_every_answer(shared: Path) -> None:
    assert {file.stem for file in ANSWERS} == set(FACTS)


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: file.stem)
def test_what_is_read_from_an_answer(file: Path) -> None:
    entity = "NPS" if "nps" in file.stem else "ZAK"
    reads = reader("stuf-bg", "personen") if entity == "NPS" else reader("stuf-zkn", "zaken")
    found: list[dict[str, Any]] = []
    for one in answer(file.read_bytes(), entity).objects:
        if has_content(one):
            record = reads.record(one)
            found.append({name: value for name, value in record.items() if value is not None})
    assert found == FACTS[file.stem]


def told(file: Path) -> str:
    """What a message that is no answer is told to be, and what that means."""
    if file.stem.startswith("Fo03"):
        return "refused StUF058"
    if file.stem.startswith("Fault"):
        return "unavailable a SOAP fault"
    return "bad-data XML that is no answer"


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_what_is_no_answer_is_a_clear_error(file: Path) -> None:
    with pytest.raises(SourceError) as caught:
        answer(file.read_bytes(), "ZAK")
    assert f"{caught.value.failure} {caught.value.note}" == told(file)


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: file.stem)
def test_an_answer_that_is_cut_off_is_an_error(file: Path) -> None:
    body = file.read_bytes().rstrip()
    for part in range(1, 10):
        with pytest.raises(SourceError) as caught:
            answer(body[: len(body) * part // 10], "ZAK")
        assert caught.value.failure is Failure.BAD_DATA


NUMBERED = {
    "genereerZaakIdentificatie_Du02__ozb_02": "1900711",
    "genereerZaakIdentificatie_Du02__zrc_01": "0392000000000001",
}
RECEIPTS = [file for file in EXAMPLES if file.name.startswith(("Bv", "Fo03"))]


@pytest.mark.parametrize("file", RECEIPTS, ids=lambda file: file.stem)
def test_what_is_said_to_a_change_is_understood(file: Path) -> None:
    if file.name.startswith("Fo03"):
        with pytest.raises(SourceError) as caught:
            receipt(file.read_bytes())
        assert caught.value.note == "StUF058"
    else:
        wanted = Receipt.RECEIVED if file.name.startswith("Bv03") else Receipt.DONE
        assert receipt(file.read_bytes()) is wanted


@pytest.mark.shared
def test_the_number_of_a_new_zaak_is_read(shared: Path) -> None:
    files = [file for file in EXAMPLES if "ZaakIdentificatie_Du02" in file.name]
    assert {file.stem: number(file.read_bytes()) for file in files} == NUMBERED


OF_TASKS: dict[str, dict[str, str]] = {
    "geefZaakdetails_ZakLa01__zrc_01": {"medewerker": "0123456782"},
    # Only the number of the status is told, in a type that is not known here.
    "geefZaakstatus_ZakLa01__zrc_01": {
        "statusGezet": "2026-01-05T08:30:15.123000Z",
        "statusLaatste": "J",
    },
    # Of three statuses the one that says it is the last; an empty identificatie is nobody's.
    "zakLa01__ozb_02": {
        "status": "Afgehandeld",
        "statusLaatste": "J",
        "belanghebbendeBsn": "111111110",
        "belanghebbendeNaam": "Precies",
    },
    "zakLa01__ozb_11": {
        "status": "Afgehandeld",
        "statusLaatste": "J",
        "medewerker": "012345678901234567890123",
        "verantwoordelijke": "ver.antwoordelijke",
        "belanghebbendeBsn": "111111110",
        "belanghebbendeNaam": "Precies",
    },
}
"""What else zaken in answers tell: their status, and who has which role."""
OF_TASK = ("status", "statustoelichting", "statusGezet", "statusLaatste", "medewerker", "afdeling",
           "verantwoordelijke", "gemachtigdeBsn", "gemachtigdeNaam", "belanghebbendeBsn",
           "belanghebbendeNaam", "telefoonnummer", "emailadres", "contactnaam")  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", OF_TASKS)
def test_status_and_rollen_are_read(shared: Path, name: str) -> None:
    body = (shared / "stuf" / "examples" / "open" / f"{name}.xml").read_bytes()
    (one,) = answer(body, "ZAK").objects
    record = reader("stuf-zkn-terugbellen", "taken").record(one)
    assert {n: record[n] for n in OF_TASK if record[n] is not None} == OF_TASKS[name]
