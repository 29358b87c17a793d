"""Reading bodies: every attribute left out, null, empty, of another type, too long."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.standard.body import read_body
from gateway.standard.contact import read_contact
from gateway.standard.draft import Draft, Exists, Fits, Free, Nested, Reading, Verb
from gateway.standard.errors import InvalidParam
from gateway.standard.model import Field, Group, Inverse, Kind, Nature, Ref, Variants
from gateway.standard.notes import MOST_REFERENCES
from gateway.standard.table import RESOURCES

NOW = datetime(2026, 5, 4, 3, 2, 1, 999, tzinfo=UTC)
ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
IDENTIFICATOR = {
    "codeObjecttype": "natuurlijk_persoon",
    "codeSoortObjectId": "bsn",
    "objectId": "999993653",
    "codeRegister": "brp",
}
BODIES: dict[str, dict[str, Any]] = {
    "actoren": {
        "naam": "Anna",
        "soortActor": "medewerker",
        "actoridentificator": {},
        "actorIdentificatie": {"functie": "Baliemedewerker", "telefoonnummer": "0612345678"},
    },
    "actorklantcontacten": {"actor": {"uuid": ONE}, "klantcontact": {"uuid": ONE}},
    "betrokkenen": {
        "hadKlantcontact": {"uuid": ONE},
        "rol": "klant",
        "initiator": True,
        "bezoekadres": {},
        "correspondentieadres": {},
        "contactnaam": {},
    },
    "bijlagen": {"bijlageidentificator": {}},
    "categorieen": {},
    "categorie-relaties": {},
    "digitaleadressen": {
        "verstrektDoorPartij": None,
        "adres": "balie",
        "soortDigitaalAdres": "overig",
    },
    "internetaken": {
        "gevraagdeHandeling": "Terugbellen",
        "aanleidinggevendKlantcontact": {"uuid": ONE},
        "toegewezenAanActoren": [{"uuid": ONE}],
        "status": "te_verwerken",
    },
    "klantcontacten": {
        "kanaal": "balie",
        "onderwerp": "Paspoort",
        "taal": "nld",
        "vertrouwelijk": False,
    },
    "onderwerpobjecten": {"onderwerpobjectidentificator": {}},
    "partijen": {
        "soortPartij": "persoon",
        "indicatieActief": True,
        "bezoekadres": {},
        "correspondentieadres": {},
        "partijIdentificatie": {"contactnaam": {}},
    },
    "partij-identificatoren": {"partijIdentificator": IDENTIFICATOR},
    "rekeningnummers": {"iban": "NL91ABNA0417164300"},
    "vertegenwoordigingen": {
        "vertegenwoordigendePartij": {"uuid": ONE},
        "vertegenwoordigdePartij": {"uuid": OTHER},
    },
}
ABSENT = object()


def read(path: str, body: object, verb: Verb = Verb.CREATE) -> Reading:
    return read_body(RESOURCES[path], body, verb, now=NOW)


def variant(path: str, name: str, value: object) -> dict[str, Any]:
    """A good body in which one attribute is other."""
    body = copy.deepcopy(BODIES[path])
    *groups, leaf = name.split(".")
    at = body
    for group in groups:
        at = at[group]
    if value is ABSENT:
        at.pop(leaf, None)
    else:
        at[leaf] = value
    return body


def errors(reading: Reading) -> list[tuple[str, str]]:
    return [(e.name, e.code) for e in reading.errors]


@pytest.mark.parametrize("path", RESOURCES)
def test_a_good_body_has_no_errors(path: str) -> None:
    assert read(path, BODIES[path]).errors == ()


# --- what Open Klant answers, attribute by attribute ---------------------------------------------

RULES = {("internetaken", "toegewezenAanActoren", "omit")}
"""What is no matter of one attribute, but of a rule between them."""


@pytest.mark.shared
@pytest.mark.parametrize("path", RESOURCES)
def test_every_attribute_as_open_klant_takes_it(path: str, shared: Path) -> None:
    """The probe of Open Klant: left out, null, empty, another type, too long."""
    rows = list(_probed(shared, path))
    assert rows
    differences = {}
    for name, column, answers in rows:
        if (path, name, column) in RULES:
            continue
        ours = [_answer(path, name, value) for value in _tried(path, name, column)]
        if not any(answer == answers for answer in ours):
            differences[name, column] = (answers, ours)
    assert differences == {}


def _probed(shared: Path, path: str) -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
    text = (shared / "contract" / "field-matrix.md").read_text()
    (section,) = re.findall(rf"^## {path}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    _, _, *lines = (line for line in section.splitlines() if line)
    for line in lines:
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        for column, told in zip(("omit", "null", "blank", "type", "bad"), cells[1:], strict=True):
            refused = re.findall(r"([\w.]+)=(\w+)", told) if told.startswith("400") else []
            yield cells[0], column, {pair for pair in refused if pair[0] != "__all__"}


def _tried(path: str, name: str, column: str) -> Iterable[object]:
    """What the probe may have sent. Of other types there are many."""
    match column:
        case "omit":
            return [ABSENT]
        case "null":
            return [None]
        case "blank":
            return [""]
        case "type":
            return [["x"], {}, "x", True]
    return _bad(_member(path, name))


def _member(path: str, name: str) -> object:
    resource = RESOURCES[path]
    if field := resource.field(re.sub(r"_(\d)$", r"\1", name)):
        return field
    return resource.member(name)


def _bad(member: object) -> Iterable[object]:
    match member:
        case Field(kind=Kind.TEXT, max_length=int(most), nature=nature):
            yield ("1" if nature is Nature.NUMBER else "x") * (most + 1)
        case Field(kind=Kind.INTEGER):
            yield 100000
        case Field(kind=Kind.MAP) | Group() | Variants() | None:
            yield {}
        case Field():
            yield "x"
        case Ref(many=False):
            yield {"uuid": "x"}
        case Ref() | Inverse():
            yield [{}]


def _answer(path: str, name: str, value: object) -> set[tuple[str, str]]:
    return set(errors(read(path, variant(path, name, value))))


# --- what is taken for what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "sent", "kept"),
    [
        ("klantcontacten", "kanaal", 5, "5"),
        ("klantcontacten", "kanaal", 1.5, "1.5"),
        ("klantcontacten", "kanaal", "  balie \n", "balie"),
        ("klantcontacten", "nummer", "", None),
        ("klantcontacten", "nummer", "  ", None),
        ("klantcontacten", "nummer", 12, "12"),
        ("klantcontacten", "nummer", "-5", "-5"),
        ("klantcontacten", "nummer", "0012", "0012"),
        ("klantcontacten", "taal", "nl", "nld"),
        ("klantcontacten", "taal", "dut", "nld"),
        ("klantcontacten", "taal", "fry", "fry"),
        ("partijen", "voorkeurstaal", "NL", "nld"),
        ("klantcontacten", "vertrouwelijk", "True", True),
        ("klantcontacten", "vertrouwelijk", "y", True),
        ("klantcontacten", "vertrouwelijk", 1, True),
        ("klantcontacten", "vertrouwelijk", "off", False),
        ("klantcontacten", "vertrouwelijk", 0.0, False),
        ("klantcontacten", "indicatieContactGelukt", "null", None),
        ("klantcontacten", "indicatieContactGelukt", "", None),
        ("klantcontacten", "plaatsgevondenOp", "2024-01-31", "2024-01-31T00:00:00Z"),
        ("klantcontacten", "plaatsgevondenOp", "2024-01-31T12:00", "2024-01-31T12:00:00Z"),
        ("klantcontacten", "plaatsgevondenOp", "2024-01-31 12:00:00+02", "2024-01-31T10:00:00Z"),
        (
            "klantcontacten",
            "plaatsgevondenOp",
            "2024-01-31T12:00:00.1234567Z",
            "2024-01-31T12:00:00.123456Z",
        ),
        ("klantcontacten", "plaatsgevondenOp", "2024-01-31T12:00:00.000Z", "2024-01-31T12:00:00Z"),
        ("klantcontacten", "metadata", {"een_sleutel": 1}, {"eenSleutel": "1"}),
        ("klantcontacten", "metadata", {"Een sleutel": " é "}, {"Een sleutel": "é"}),
        ("betrokkenen", "bezoekadres.huisnummer", "12", 12),
        ("betrokkenen", "bezoekadres.huisnummer", "12.0", 12),
        ("betrokkenen", "bezoekadres.huisnummer", 12.0, 12),
        ("categorie-relaties", "eindDatum", "2024-02-29", "2024-02-29"),
        ("actoren", "actorIdentificatie.emailadres", "a@localhost", "a@localhost"),
        ("actoren", "actorIdentificatie.emailadres", "a@[127.0.0.1]", "a@[127.0.0.1]"),
        ("klantcontacten", "hoofdOnderwerpType", "https://[::1]:8/x", "https://[::1]:8/x"),
        ("betrokkenen", "bezoekadres.land", "DE", "DE"),
    ],
)
def test_taken_for(path: str, name: str, sent: object, kept: object) -> None:
    reading = read(path, variant(path, name, sent))
    assert reading.errors == ()
    assert reading.draft.values[name] == kept
    assert type(reading.draft.values[name]) is type(kept)


@pytest.mark.parametrize(
    ("path", "name", "sent", "codes", "reason"),
    [
        ("klantcontacten", "kanaal", True, ["invalid"], "Not a valid string."),
        ("klantcontacten", "kanaal", "a\0", ["null_characters_not_allowed"], "Null-tekens"),
        ("klantcontacten", "kanaal", "\ud800", ["surrogate_characters_not_allowed"], "U+D800"),
        ("klantcontacten", "nummer", "1.5", ["invalid"], "Voer een geldig geheel getal in."),
        ("klantcontacten", "nummer", "x" * 11, ["invalid", "max_length"], "geheel getal"),
        ("klantcontacten", "vertrouwelijk", "ja", ["invalid"], "Must be a valid boolean."),
        ("klantcontacten", "vertrouwelijk", {}, ["invalid"], "Must be a valid boolean."),
        ("klantcontacten", "plaatsgevondenOp", 1704110400, ["invalid"], "Datetime heeft een"),
        ("klantcontacten", "plaatsgevondenOp", "0001-01-01T00:00+01:00", ["invalid"], "Datetime"),
        ("klantcontacten", "hoofdOnderwerpType", "x", ["invalid"], "Voer een geldige URL in."),
        ("klantcontacten", "hoofdOnderwerpType", "http://x y.nl", ["invalid"], "geldige URL"),
        ("klantcontacten", "hoofdOnderwerpType", "http://[x", ["invalid"], "geldige URL"),
        ("klantcontacten", "hoofdOnderwerpType", "http://[::1]x", ["invalid"], "geldige URL"),
        ("klantcontacten", "hoofdOnderwerpType", "http://@a.nl/", ["invalid"], "geldige URL"),
        ("klantcontacten", "hoofdOnderwerpType", "http://a/", ["invalid"], "geldige URL"),
        ("klantcontacten", "hoofdOnderwerpType", "mailto:a@b.nl", ["invalid"], "geldige URL"),
        ("actoren", "actorIdentificatie.emailadres", "a@b", ["invalid"], "geldig e-mailadres"),
        ("actoren", "actorIdentificatie.emailadres", "a@[x]", ["invalid"], "geldig e-mailadres"),
        ("actoren", "actorIdentificatie.telefoonnummer", "14030", ["invalid"], "140xx zijn niet"),
        (
            "actoren",
            "soortActor",
            "Medewerker",
            ["invalid_choice"],
            '"Medewerker" is een ongeldige',
        ),
        ("actoren", "soortActor", {"naam": "Merel"}, ["invalid_choice"], '"***" is een'),
        ("betrokkenen", "bezoekadres.huisnummer", 0, ["min_value"], "groter is dan of gelijk is"),
        ("betrokkenen", "bezoekadres.huisnummer", "1" * 1001, ["max_string_length"], "te lang"),
        (
            "betrokkenen",
            "bezoekadres.huisnummer",
            True,
            ["invalid"],
            "Een geldig getal is vereist.",
        ),
        ("betrokkenen", "bezoekadres.land", "nl", ["invalid"], "Bedoelde u NL?"),
        ("betrokkenen", "bezoekadres.land", "X", ["invalid", "min_length"], "ISO 3166-standaard"),
        ("betrokkenen", "bezoekadres.postcode", "1234AB", ["invalid"], "(met spatie): 1234AB"),
        ("betrokkenen", "wasPartij", "x", ["invalid"], "Verwacht een dictionary, kreeg een str."),
        ("betrokkenen", "wasPartij", {"uuid": "x"}, ["invalid"], "Must be a valid UUID."),
        ("betrokkenen", "wasPartij", {"uuid": None}, ["null"], "Dit veld mag niet leeg zijn."),
        ("betrokkenen", "wasPartij", {"url": "http://x/"}, ["required"], "Dit veld is vereist."),
        ("rekeningnummers", "iban", "XX00", ["invalid"], "Ongeldige IBAN: XX00"),
        ("rekeningnummers", "iban", "NL91 ABNA 0417164300", ["invalid"], "Ongeldige IBAN: ***"),
        (
            "rekeningnummers",
            "bic",
            "A B",
            ["invalid", "min_length"],
            "Geen spaties toegestaan: A B",
        ),
        ("digitaleadressen", "referentie", "a b", ["invalid"], 'Voer een geldige "slug" in'),
        ("categorie-relaties", "eindDatum", "2024-01-01T00:00:00Z", ["invalid"], "YYYY-MM-DD."),
        ("partijen", "digitaleAdressen", [None], ["null"], "Dit veld mag niet leeg zijn."),
        ("partijen", "digitaleAdressen", {}, ["not_a_list"], 'maar kreeg type "dict".'),
        ("internetaken", "toegewezenAanActor", None, ["null"], "Dit veld mag niet leeg zijn."),
        ("internetaken", "toegewezenAanActoren", None, ["null"], "Dit veld mag niet leeg zijn."),
    ],
)
def test_refused(path: str, name: str, sent: object, codes: list[str], reason: str) -> None:
    found = read(path, variant(path, name, sent)).errors
    assert [e.code for e in found] == codes
    assert all(e.name.split(".")[0] == name.split(".")[0] for e in found)
    assert reason in found[0].reason


@pytest.mark.parametrize(
    ("metadata", "name", "code"),
    [
        ({"a": None}, "metadata.a", "null"),
        ({"a": ""}, "metadata.a", "blank"),
        ({"een_a": "x" * 256}, "metadata.eenA", "max_length"),
        ({"a": {"b": {}}}, "metadata.a", "invalid"),
        ({"merel@post.example": True}, "metadata.***", "invalid"),
        ([], "metadata", "not_a_dict"),
    ],
)
def test_refused_metadata(metadata: object, name: str, code: str) -> None:
    assert errors(read("klantcontacten", variant("klantcontacten", "metadata", metadata))) == [
        (name, code)
    ]


def test_all_errors_at_once_in_the_order_of_the_contract() -> None:
    body = {"partijIdentificatoren": [{}], "digitaleAdressen": [{}, 1], "bezoekadres": 1}
    assert errors(read("partijen", {**body, "soortPartij": "x"})) == [
        ("digitaleAdressen.0.uuid", "required"),
        ("digitaleAdressen.1.nonFieldErrors", "invalid"),
        ("partijIdentificatoren.0.partijIdentificator", "required"),
        ("soortPartij", "invalid_choice"),
        ("indicatieActief", "required"),
        ("bezoekadres.nonFieldErrors", "invalid"),
    ]


def test_names_end_as_open_klant_ends_them() -> None:
    body = variant("betrokkenen", "bezoekadres.adresregel1", None)
    assert errors(read("betrokkenen", body)) == [("bezoekadres.adresregel_1", "null")]


@pytest.mark.parametrize("body", [None, [], "x", 1, True])
def test_a_body_that_is_no_object(body: object) -> None:
    assert errors(read("partijen", body)) == [("nonFieldErrors", "invalid")]
    assert errors(read_contact(body, now=NOW).klantcontact) == [("nonFieldErrors", "invalid")]


def test_a_list_has_an_end() -> None:
    many = [{"uuid": ONE}] * (MOST_REFERENCES + 1)
    body = variant("partijen", "digitaleAdressen", many)
    assert errors(read("partijen", body)) == [("digitaleAdressen", "max_length")]


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["indicatieActief", "indicatie_actief", "IndicatieActief"])
def test_a_name_in_any_case(name: str) -> None:
    assert read("actoren", {name: False}, Verb.CHANGE).draft.values == {"indicatieActief": False}


def test_a_name_with_a_digit() -> None:
    reading = read("partijen", {"bezoekadres": {"adresregel_1": "x"}}, Verb.CHANGE)
    assert reading.draft.values["bezoekadres.adresregel1"] == "x"


def test_what_is_not_known_or_not_to_be_written_is_ignored() -> None:
    body = {
        "uuid": "x",
        "url": 1,
        "toegewezenOp": "x",
        "betrokkenen": 5,
        "Correspondentie_Adres": {},
        "_expand": {},
        "__proto__": {},
    }
    for path in RESOURCES:
        reading = read(path, body, Verb.CHANGE)
        assert (reading.draft, reading.notes) == (Draft(RESOURCES[path]), ())


# --- verbs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RESOURCES)
def test_a_new_object_has_every_attribute_and_reference(path: str) -> None:
    draft = read(path, BODIES[path]).draft
    shapes = RESOURCES[path].fields()
    shown = {
        p for p, _ in shapes if not p.startswith(("actorIdentificatie", "partijIdentificatie"))
    }
    assert shown <= draft.values.keys()
    held = {p for p, _ in RESOURCES[path].refs() if "." not in p}
    named = {i.name for i in RESOURCES[path].inverses() if i.writable}
    assert draft.references.keys() == held | named - {"partijIdentificatoren"}


def test_what_the_contract_fills_in() -> None:
    contact = read("klantcontacten", BODIES["klantcontacten"]).draft
    assert contact.values["plaatsgevondenOp"] == "2026-05-04T03:02:01Z"
    assert {"plaatsgevondenOp", "inhoud"} <= contact.assumed
    assert not contact.assumed & {"kanaal", "vertrouwelijk"}
    assert read("categorie-relaties", {}).draft.values["beginDatum"] == "2026-05-04"
    assert read("categorie-relaties", {"beginDatum": None}).draft.values["beginDatum"] == (
        "2026-05-04"
    )
    assert read("internetaken", BODIES["internetaken"]).draft.values["toegewezenOp"] == (
        "2026-05-04T03:02:01Z"
    )
    assert read("actoren", BODIES["actoren"]).draft.values["indicatieActief"] is True


def test_a_null_date_is_kept_where_there_is_an_object() -> None:
    draft = read("categorie-relaties", {"beginDatum": None}, Verb.REPLACE).draft
    assert draft.values == {"beginDatum": None}


def test_replacing_leaves_what_is_not_named() -> None:
    draft = read("klantcontacten", BODIES["klantcontacten"], Verb.REPLACE).draft
    assert draft.values == {**BODIES["klantcontacten"], "verdereActieOndernomen": False}
    assert draft.references == {}


def test_replacing_needs_what_is_required() -> None:
    assert errors(read("digitaleadressen", {}, Verb.REPLACE)) == [
        ("adres", "required"),
        ("soortDigitaalAdres", "required"),
    ]


@pytest.mark.parametrize("path", RESOURCES)
def test_changing_nothing(path: str) -> None:
    reading = read(path, {}, Verb.CHANGE)
    assert (reading.draft, reading.notes) == (Draft(RESOURCES[path]), ())


@pytest.mark.parametrize("given", [{}, None])
def test_a_group_is_emptied(given: object) -> None:
    draft = read("betrokkenen", {"contactnaam": given}, Verb.CHANGE).draft
    assert draft.values == {
        "contactnaam.voorletters": "",
        "contactnaam.voornaam": "",
        "contactnaam.voorvoegselAchternaam": "",
        "contactnaam.achternaam": "",
    }


def test_a_group_that_is_required_is_given_whole() -> None:
    body = {"partijIdentificator": {"objectId": "1"}}
    assert errors(read("partij-identificatoren", body, Verb.CHANGE)) == [
        ("partijIdentificator.codeObjecttype", "required"),
        ("partijIdentificator.codeSoortObjectId", "required"),
        ("partijIdentificator.codeRegister", "required"),
    ]
    body = {"partijIdentificator": {**IDENTIFICATOR, "objectId": ""}}
    assert read("partij-identificatoren", body).errors == ()


# --- what follows from the soort ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("soort", "given", "present"),
    [
        ("organisatie", {"naam": "X"}, True),
        ("organisatie", {"contactnaam": {}}, False),
        ("organisatie", {}, False),
        ("organisatie", ABSENT, False),
        ("persoon", {"contactnaam": None}, True),
        ("persoon", {"volledigeNaam": "x"}, False),
        ("contactpersoon", {"werkteVoorPartij": None}, True),
        ("contactpersoon", {"uuid": ONE}, False),
    ],
)
def test_an_object_of_which_nothing_is_said_is_null(
    soort: str, given: object, present: bool
) -> None:
    body = {**variant("partijen", "partijIdentificatie", given), "soortPartij": soort}
    draft = read("partijen", body).draft
    assert draft.present == {"partijIdentificatie": present}
    inside = [p for p in draft.values if p.startswith("partijIdentificatie.")]
    assert bool(inside) is present


def test_an_object_is_replaced_whole() -> None:
    body = {"soortActor": "organisatorische_eenheid", "actorIdentificatie": {"faxnummer": "1"}}
    draft = read("actoren", body, Verb.CHANGE).draft
    assert draft.values == {
        "soortActor": "organisatorische_eenheid",
        "actorIdentificatie.omschrijving": "",
        "actorIdentificatie.emailadres": "",
        "actorIdentificatie.faxnummer": "1",
        "actorIdentificatie.telefoonnummer": "",
    }
    assert draft.present == {"actorIdentificatie": True}


def test_a_change_without_the_soort_is_ignored() -> None:
    reading = read("partijen", {"partijIdentificatie": {"naam": "X"}}, Verb.CHANGE)
    assert (reading.draft.values, reading.draft.present, reading.notes) == ({}, {}, ())


def test_who_a_contactpersoon_works_for() -> None:
    body = {
        **BODIES["partijen"],
        "soortPartij": "contactpersoon",
        "partijIdentificatie": {"werkteVoorPartij": {"uuid": ONE.upper()}},
    }
    reading = read("partijen", body)
    name = "partijIdentificatie.werkteVoorPartij"
    assert reading.draft.references[name] == (ONE,)
    assert reading.notes == (Exists(f"{name}.uuid", "partijen", ONE, soort="organisatie"),)


# --- references ----------------------------------------------------------------------------------


def test_a_reference_is_noted_and_not_looked_up() -> None:
    reading = read("betrokkenen", {**BODIES["betrokkenen"], "was_partij": {"uuid": OTHER}})
    assert reading.draft.references == {"wasPartij": (OTHER,), "hadKlantcontact": (ONE,)}
    assert reading.notes == (
        Exists("wasPartij.uuid", "partijen", OTHER),
        Exists("hadKlantcontact.uuid", "klantcontacten", ONE),
    )


def test_a_list_of_references_keeps_its_order_and_has_each_once() -> None:
    actoren = [{"uuid": uuid} for uuid in (OTHER, ONE, OTHER)]
    reading = read("internetaken", variant("internetaken", "toegewezenAanActoren", actoren))
    assert reading.draft.references["toegewezenAanActoren"] == (OTHER, ONE)
    assert reading.notes[-1].name == "toegewezenAanActoren.2.uuid"


def test_the_older_name_for_one_actor() -> None:
    body = {"toegewezenAanActor": {"uuid": OTHER}}
    reading = read("internetaken", body, Verb.CHANGE)
    assert reading.draft.references == {"toegewezenAanActoren": (OTHER,)}
    assert reading.named == {"toegewezenAanActor"}
    del (new := dict(BODIES["internetaken"]))["toegewezenAanActoren"]
    assert read("internetaken", new | body).draft.references["toegewezenAanActoren"] == (OTHER,)


@pytest.mark.parametrize("given", [None, []])
def test_a_list_is_emptied(given: object) -> None:
    draft = read("partijen", {"digitaleAdressen": given}, Verb.CHANGE).draft
    assert draft.references == {"digitaleAdressen": ()}


def test_what_must_be_its_own_is_noted() -> None:
    reading = read("partijen", {"nummer": 7}, Verb.CHANGE)
    assert reading.notes == (Free("nummer", "partijen", "nummer", "7"),)
    assert read("partijen", {"nummer": None}, Verb.CHANGE).notes == ()


def test_an_address_is_to_be_judged_by_its_soort() -> None:
    assert read("digitaleadressen", {"adres": "x"}, Verb.CHANGE).notes == (Fits("adres", "x"),)


# --- objects within an object ---------------------------------------------------------------------


def test_identificatoren_are_left_as_they_are() -> None:
    for verb in (Verb.REPLACE, Verb.CHANGE):
        body = {**BODIES["partijen"], "partijIdentificatoren": None}
        assert read("partijen", body, verb).draft.nested is None
        assert read("partijen", BODIES["partijen"], verb).draft.nested is None
    assert read("partijen", BODIES["partijen"]).draft.nested == ()
    assert read("partijen", {"partijIdentificatoren": []}, Verb.CHANGE).draft.nested == ()


def test_identificatoren_that_are_new_and_that_are_known() -> None:
    items = [{"partijIdentificator": IDENTIFICATOR}]
    items.append({"uuid": ONE, "identificeerdePartij": {"uuid": OTHER}, **items[0]})
    reading = read("partijen", {"partijIdentificatoren": items}, Verb.CHANGE)
    group = {f"partijIdentificator.{code}": value for code, value in IDENTIFICATOR.items()}
    new, known = reading.draft.nested or ()
    resource = RESOURCES["partij-identificatoren"]
    assert (new.uuid, known.uuid) == (None, ONE)
    assert new.draft.values == {"anderePartijIdentificator": "", **group}
    assert known == Nested(ONE, Draft(resource, group, {}, {"subIdentificatorVan": ()}))
    assert reading.notes == (
        Exists("partijIdentificatoren.1.uuid", resource.path, ONE),
        Exists("partijIdentificatoren.1.identificeerdePartij.uuid", "partijen", OTHER),
    )


def test_a_new_partij_says_not_whose_its_identificatoren_are() -> None:
    item = {"partijIdentificator": IDENTIFICATOR, "identificeerdePartij": {"uuid": ONE}}
    reading = read("partijen", variant("partijen", "partijIdentificatoren", [item]))
    assert errors(reading) == [("partijIdentificatoren.identificeerdePartij", "invalid")]


def test_an_identificator_is_named_once() -> None:
    item = {"uuid": ONE, "partijIdentificator": IDENTIFICATOR}
    reading = read("partijen", {"partijIdentificatoren": [item, item]}, Verb.CHANGE)
    assert errors(reading) == [("partijIdentificatoren.identificeerdePartij", "duplicated")]


# --- maak-klantcontact ----------------------------------------------------------------------------


KLANTCONTACT = BODIES["klantcontacten"]


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        ({}, "klantcontact", "required"),
        ({"klantcontact": None}, "klantcontact", "null"),
        ({"klantcontact": 1}, "klantcontact.nonFieldErrors", "invalid"),
        ({"klantcontact": {**KLANTCONTACT, "kanaal": ""}}, "klantcontact.kanaal", "blank"),
        ({"klantcontact": KLANTCONTACT, "betrokkene": None}, "betrokkene", "null"),
        ({"klantcontact": KLANTCONTACT, "betrokkene": {}}, "betrokkene.rol", "required"),
        ({"klantcontact": KLANTCONTACT, "onderwerpobject": None}, "onderwerpobject", "null"),
        (
            {"klantcontact": KLANTCONTACT, "onderwerpobject": []},
            "onderwerpobject.nonFieldErrors",
            "invalid",
        ),
    ],
)
def test_errors_of_a_contact(body: Mapping[str, Any], name: str, code: str) -> None:
    parts = read_contact(body, now=NOW).parts
    assert (name, code) in [error for part in parts for error in errors(part)]


def test_a_contact_alone() -> None:
    body = {"klantcontact": KLANTCONTACT, "onderwerpobject": {"klantcontact": 1, "x": 2}}
    contact = read_contact(body, now=NOW)
    assert contact.parts == (contact.klantcontact,)


def test_parts_of_a_contact_lack_their_klantcontact() -> None:
    body = {
        "klantcontact": KLANTCONTACT,
        "betrokkene": {"rol": "klant", "initiator": True, "hadKlantcontact": 1},
        "onderwerpobject": {"wasKlantcontact": {"uuid": ONE}},
    }
    _, betrokkene, about = read_contact(body, now=NOW).parts
    assert betrokkene.draft.references == {"wasPartij": ()}
    assert about.draft.references == {"wasKlantcontact": (ONE,)}
    assert [n.name for n in about.notes] == ["onderwerpobject.wasKlantcontact.uuid"]
    assert not any(isinstance(n, InvalidParam) for n in betrokkene.notes)


def test_a_draft_says_nothing_of_a_person_when_printed() -> None:
    item = {"partijIdentificator": IDENTIFICATOR}
    body = {**BODIES["partijen"], "interneNotitie": "geheim", "partijIdentificatoren": [item]}
    printed = repr(read("partijen", body))
    assert "geheim" not in printed and IDENTIFICATOR["objectId"] not in printed
    assert "post.example" not in repr(read("digitaleadressen", {"adres": "a@post.example"}))
