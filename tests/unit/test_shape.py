"""Objects on the wire: complete, in order, with the contract's defaults."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.standard.model import Embed, Inverse, Resource
from gateway.standard.shape import shape
from gateway.standard.table import RESOURCES

PERSOON = {"soortPartij": "persoon", "indicatieActief": True}
KLANTCONTACT = {
    "kanaal": "balie",
    "onderwerp": "Paspoort",
    "taal": "nld",
    "vertrouwelijk": False,
    "plaatsgevondenOp": "2026-01-31T12:00:00Z",
}
TAAK = {"gevraagdeHandeling": "Bel", "status": "verwerkt", "toegewezenOp": "2026-01-31T12:00:00Z"}
ADRES = {
    "nummeraanduidingId": "",
    "straatnaam": "",
    "huisnummer": None,
    "huisnummertoevoeging": "",
    "postcode": "",
    "stad": "",
    "adresregel1": "",
    "adresregel2": "",
    "adresregel3": "",
    "land": "",
}


def shaped(path: str, values: dict[str, Any], related: Any = None) -> dict[str, Any]:
    """An object of which every relation is ``related`` (default: nothing)."""

    def far(_: str) -> Any:
        return [] if related is None else related

    return shape(RESOURCES[path], values, "u", "https://host/u", far)


@pytest.mark.parametrize(
    ("path", "values"),
    [("partijen", PERSOON), ("klantcontacten", KLANTCONTACT), ("internetaken", TAAK)],
)
def test_all_attributes_are_there_in_order(path: str, values: dict[str, Any]) -> None:
    assert list(shaped(path, values)) == _shown(RESOURCES[path])


def _shown(resource: Resource) -> list[str]:
    def hidden(member: object) -> bool:
        return isinstance(member, Inverse) and member.embed is Embed.HIDDEN

    return [m.name for m in resource.members if not hidden(m)]


def test_uuid_and_url_come_first() -> None:
    made = shaped("partijen", PERSOON)
    assert list(made.items())[:2] == [("uuid", "u"), ("url", "https://host/u")]


def test_text_without_value_is_empty() -> None:
    assert shaped("partijen", PERSOON)["interneNotitie"] == ""


@pytest.mark.parametrize("name", ["nummer", "indicatieGeheimhouding"])
def test_what_may_be_null_is_null(name: str) -> None:
    assert shaped("partijen", PERSOON)[name] is None


def test_a_boolean_without_value_gets_its_default() -> None:
    assert shaped("klantcontacten", KLANTCONTACT)["verdereActieOndernomen"] is False


def test_a_value_of_false_is_no_lack_of_a_value() -> None:
    values = {"naam": "x", "soortActor": "medewerker", "indicatieActief": False}
    assert shaped("actoren", values)["indicatieActief"] is False


def test_a_group_without_values_is_complete() -> None:
    assert shaped("partijen", PERSOON)["bezoekadres"] == ADRES


def test_a_group_keeps_what_it_has() -> None:
    made = shaped("partijen", PERSOON | {"bezoekadres.huisnummer": 17, "bezoekadres.land": "NL"})
    assert made["bezoekadres"] == ADRES | {"huisnummer": 17, "land": "NL"}


def test_a_map_without_values_is_empty() -> None:
    assert shaped("klantcontacten", KLANTCONTACT)["metadata"] == {}


def test_a_variant_without_values_is_null() -> None:
    assert shaped("partijen", PERSOON)["partijIdentificatie"] is None


def test_a_variant_has_the_shape_of_its_kind() -> None:
    values = PERSOON | {"soortPartij": "organisatie", "partijIdentificatie.naam": "Bakker"}
    assert shaped("partijen", values)["partijIdentificatie"] == {"naam": "Bakker"}


def test_a_variant_with_one_value_is_complete() -> None:
    made = shaped("partijen", PERSOON | {"partijIdentificatie.contactnaam.voornaam": "Merel"})
    assert made["partijIdentificatie"] == {
        "contactnaam": {
            "voorletters": "",
            "voornaam": "Merel",
            "voorvoegselAchternaam": "",
            "achternaam": "",
        },
        "volledigeNaam": "Merel",
    }


@pytest.mark.parametrize(
    ("voornaam", "voorvoegsel", "achternaam", "volledig"),
    [
        ("Joris", "van der", "Heuvel", "Joris van der Heuvel"),
        ("Joris", "", "Heuvel", "Joris Heuvel"),
        ("", "", "Heuvel", "Heuvel"),
    ],
)
def test_the_full_name_follows_from_its_parts(
    voornaam: str, voorvoegsel: str, achternaam: str, volledig: str
) -> None:
    inside = "partijIdentificatie.contactnaam."
    parts = {"voornaam": voornaam, "voorvoegselAchternaam": voorvoegsel, "achternaam": achternaam}
    made = shaped("partijen", PERSOON | {inside + name: v for name, v in parts.items()})
    assert made["partijIdentificatie"]["volledigeNaam"] == volledig


def test_the_first_of_the_actoren_is_the_actor() -> None:
    first, second = {"uuid": "1", "url": "x"}, {"uuid": "2", "url": "y"}
    assert shaped("internetaken", TAAK, [first, second])["toegewezenAanActor"] == first


def test_without_actoren_the_actor_has_an_empty_uuid() -> None:
    assert shaped("internetaken", TAAK)["toegewezenAanActor"] == {"uuid": None}


def test_what_is_required_and_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="plaatsgevondenOp"):
        shaped("klantcontacten", {k: v for k, v in KLANTCONTACT.items() if "Op" not in k})
