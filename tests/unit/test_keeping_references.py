"""References that are written, and objects that stand in the record of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.base import Generated
from adapters.conditions import Record
from gateway.mapping.keeping import Keeper, NotKept, Target, keepers, most_telling
from gateway.mapping.stream import Stream
from tests.support.writing import NOW, collection, keeper, streams

FILES: Final = {
    "partijen": """
klant:
  slot: 0
  collection: KLANT
  key: {ID: integer}
  where: {WEG: {not: J}}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: {WEG: J}}
  rules:
    - {to: soortPartij, from: SRT, values: {P: persoon, B: organisatie, C: contactpersoon}}
    - {to: indicatieActief, const: true}
    - {to: voorkeursDigitaalAdres, ref: digitaleadressen.email, key: ID, when: {VK: E}}
    - {to: voorkeursDigitaalAdres, ref: digitaleadressen.telefoon, key: ID, when: {VK: T}}
    - to: partijIdentificatie.werkteVoorPartij
      ref: partijen.klant
      key: HOOFD
      when: {SRT: C}
    - {to: partijIdentificatie.naam, from: NAAM, when: {SRT: B}}
    - {to: partijIdentificatie.contactnaam.achternaam, from: NAAM, when: {SRT: [P, C]}}
""",
    "digitaleadressen": """
email:
  slot: 0
  collection: KLANT
  key: {ID: integer}
  where: {WEG: {not: J}, EMAIL: {present: true}}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: {EMAIL: null}}
  rules:
    - {to: verstrektDoorPartij, ref: partijen.klant, key: ID}
    - {to: adres, from: EMAIL}
    - {to: soortDigitaalAdres, const: email}
    - {to: isStandaardAdres, from: VK, values: {E: true, T: false}, default: false}
telefoon:
  slot: 1
  collection: KLANT
  key: {ID: integer}
  where: {WEG: {not: J}, TEL: {present: true}}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: {TEL: null}}
  rules:
    - {to: verstrektDoorPartij, ref: partijen.klant, key: ID}
    - {to: adres, from: TEL, format: telefoon}
    - {to: soortDigitaalAdres, const: telefoonnummer}
extra:
  slot: 2
  collection: ADRES
  key: {NR: integer}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: record}
  rules:
    - {to: verstrektDoorPartij, ref: partijen.klant, key: KLANT}
    - {to: adres, from: WAARDE}
    - {to: soortDigitaalAdres, from: SRT, values: {E: email, T: telefoonnummer, W: overig}}
    - {to: omschrijving, from: OMSCHR}
""",
    "internetaken": """
taak:
  slot: 0
  collection: TAAK
  key: {NR: integer}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true}
  rules:
    - {to: gevraagdeHandeling, from: ACTIE}
    - {to: status, const: te_verwerken}
    - {to: toegewezenOp, const: '2026-01-01T00:00:00Z'}
    - {to: aanleidinggevendKlantcontact, ref: klantcontacten.contact, key: CONTACT}
    - {to: toegewezenAanActoren, ref: actoren.medewerker, key: MDW}
    - {to: toegewezenAanActoren, ref: actoren.afdeling, key: AFD}
""",
    "actoren": "".join(
        f"""
{name}:
  slot: {slot}
  collection: {name.upper()}
  key: {{CODE: {{type: text, alphabet: a-z, length: 4}}}}
  created: {{const: '2026-01-01T00:00:00Z'}}
  rules:
    - {{to: naam, from: CODE}}
    - {{to: soortActor, const: medewerker}}
"""
        for slot, name in enumerate(("medewerker", "afdeling"))
    ),
    "klantcontacten": """
contact:
  slot: 0
  collection: CONTACT
  key: {ID: integer}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: record}
  rules:
    - {to: kanaal, const: balie}
    - {to: onderwerp, from: ONDERWERP}
    - {to: taal, const: nld}
    - {to: vertrouwelijk, const: true}
    - {to: plaatsgevondenOp, const: '2026-01-01T00:00:00Z'}
""",
    "betrokkenen": """
beller:
  slot: 0
  collection: CONTACT
  key: {ID: integer}
  where:
    - {NAAM: {present: true}}
    - {EMAIL: {present: true}}
    - {KLANT: {present: true}}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true, delete: {NAAM: null, KLANT: null}}
  rules:
    - {to: wasPartij, ref: partijen.klant, key: KLANT}
    - {to: hadKlantcontact, ref: klantcontacten.contact, key: ID}
    - {to: contactnaam.achternaam, from: NAAM}
    - {to: rol, const: klant}
    - {to: initiator, const: true}
""",
    "onderwerpobjecten": """
zaak:
  slot: 0
  collection: ZAAK
  key: {CONTACT: integer, NR: integer}
  created: {const: '2026-01-01T00:00:00Z'}
  write: {create: true, update: true}
  rules:
    - {to: klantcontact, ref: klantcontacten.contact, key: CONTACT}
    - {to: onderwerpobjectidentificator.objectId, from: ZAAK}
""",
}
FIELDS: Final = {
    "KLANT": ("ID", "SRT", "NAAM", "HOOFD", "EMAIL", "TEL", "VK", "WEG"),
    "ADRES": ("NR", "KLANT", "WAARDE", "SRT", "OMSCHR"),
    "TAAK": ("NR", "ACTIE", "CONTACT", "MDW", "AFD"),
    "MEDEWERKER": ("CODE",),
    "AFDELING": ("CODE",),
    "CONTACT": ("ID", "ONDERWERP", "NAAM", "EMAIL", "KLANT"),
    "ZAAK": ("CONTACT", "NR", "ZAAK"),
}
COLLECTIONS: Final = {
    name: collection(fields, [fields[0]], generated=frozenset({fields[0]}))
    for name, fields in FIELDS.items()
} | {"ZAAK": collection(FIELDS["ZAAK"], ["CONTACT", "NR"], generated=frozenset({"NR"}))}

References = Mapping[str, Sequence[Target]]


class Bron:
    """The keepers of a source, and its objects to refer to."""

    def __init__(self, folder: Path, alias: str = "bron", files: Mapping[str, str] = FILES) -> None:
        self.streams = streams(folder, files, COLLECTIONS, alias)

    def keeper(self, id: str) -> Keeper:
        return keeper(self.streams, id)

    def to(self, id: str, key: Any, record: Record | None = None) -> Target:
        stream: Stream = next(s for s in self.streams if ".".join(s.id) == id)
        return Target(stream, (key,), record)

    def refused(self, id: str, values: Any, references: References) -> Mapping[str, str]:
        with pytest.raises(NotKept) as caught:
            self.keeper(id).create(values, {}, references, NOW)
        return caught.value.reasons


@pytest.fixture
def bron(tmp_path: Path) -> Bron:
    return Bron(tmp_path)


# --- a reference in a field of its own ----------------------------------------------------------

TAAK: Final = {"gevraagdeHandeling": "x"}
AANLEIDING: Final = "aanleidinggevendKlantcontact"
ACTOREN: Final = "toegewezenAanActoren"


def test_references_of_many_fill_the_fields_they_fit_in(bron: Bron) -> None:
    jan, piet = (bron.to("actoren.medewerker", name) for name in ("jan", "piet"))
    kcc = bron.to("actoren.afdeling", "kcc")
    to = {AANLEIDING: [bron.to("klantcontacten.contact", 7)]}
    kept = bron.keeper("internetaken.taak")
    for actoren in ([jan, kcc], [kcc, jan]):
        made = kept.create(TAAK, {}, {**to, ACTOREN: actoren}, NOW)
        assert made == {"ACTIE": "x", "CONTACT": 7, "MDW": "jan", "AFD": "kcc"}
    assert kept.create(TAAK, {}, {**to, ACTOREN: [kcc]}, NOW)["AFD"] == "kcc"
    assert bron.refused("internetaken.taak", TAAK, {**to, ACTOREN: [jan, kcc, piet]}) == {
        ACTOREN: "de bron heeft hier geen plaats voor zoveel verwijzingen"
    }


def test_references_that_are_not_named_any_more_are_emptied(bron: Bron) -> None:
    record = {"NR": 1, "ACTIE": "x", "CONTACT": 7, "MDW": "jan", "AFD": "kcc"}
    kept, piet = bron.keeper("internetaken.taak"), bron.to("actoren.medewerker", "piet")
    assert kept.update(record, {}, {}, {ACTOREN: [piet]}) == {"MDW": "piet", "AFD": None}
    assert kept.update(record, {}, {}, {ACTOREN: []}) == {"MDW": None, "AFD": None}
    assert kept.update(record, TAAK, {}, {}) == {}


def test_a_reference_that_is_there_stays_in_its_field(tmp_path: Path) -> None:
    twice = "{to: toegewezenAanActoren, ref: actoren.medewerker, key: MDW}\n"
    more = twice + "    - {to: toegewezenAanActoren, ref: actoren.medewerker, key: AFD}\n"
    text = (
        FILES["internetaken"]
        .replace(twice, more)
        .replace("    - {to: toegewezenAanActoren, ref: actoren.afdeling, key: AFD}\n", "")
    )
    bron = Bron(tmp_path, files={**FILES, "internetaken": text})
    kept = bron.keeper("internetaken.taak")
    jan, piet = (bron.to("actoren.medewerker", name) for name in ("jan", "piet"))
    record = {"NR": 1, "ACTIE": "x", "CONTACT": 7, "AFD": "jan"}
    assert kept.update(record, {}, {}, {ACTOREN: [jan]}) == {}
    assert kept.update(record, {}, {}, {ACTOREN: [jan, piet]}) == {"MDW": "piet"}
    assert kept.update(record, {}, {}, {ACTOREN: [piet]}) == {"MDW": "piet", "AFD": None}


def test_what_is_made_in_the_same_batch_can_be_referred_to(bron: Bron) -> None:
    there = Generated(0, "ID")
    to = {AANLEIDING: [bron.to("klantcontacten.contact", there)], ACTOREN: []}
    made = bron.keeper("internetaken.taak").create(TAAK, {}, to, NOW)
    assert made == {"ACTIE": "x", "CONTACT": there}


def test_part_of_a_key_comes_from_what_is_referred_to(bron: Bron) -> None:
    to = {"klantcontact": [bron.to("klantcontacten.contact", 7)]}
    kept = bron.keeper("onderwerpobjecten.zaak")
    assert kept.create({}, {}, to, NOW) == {"CONTACT": 7}
    with pytest.raises(NotKept) as caught:
        other = {"klantcontact": [bron.to("klantcontacten.contact", 8)]}
        kept.update({"CONTACT": 7, "NR": 1}, {}, {}, other)
    assert caught.value.reasons == {"klantcontact": "dit ligt in de bron vast"}


def test_what_cannot_be_referred_to_is_refused(bron: Bron, tmp_path_factory: Any) -> None:
    elsewhere = Bron(tmp_path_factory.mktemp("elders"), "elders")
    taak = {AANLEIDING: [elsewhere.to("klantcontacten.contact", 7)], ACTOREN: []}
    assert bron.refused("internetaken.taak", TAAK, taak) == {
        AANLEIDING: "de bron kan niet verwijzen naar wat in een andere bron staat"
    }
    extra = {
        "verstrektDoorPartij": (),
        "verstrektDoorBetrokkene": [bron.to("betrokkenen.beller", 1)],
    }
    values = {"adres": "x", "soortDigitaalAdres": "overig"}
    assert bron.refused("digitaleadressen.extra", values, extra) == {
        "verstrektDoorBetrokkene": "de bron heeft hier geen plaats voor"
    }
    klant = {"voorkeursDigitaalAdres": [bron.to("digitaleadressen.extra", 3)]}
    assert bron.refused("partijen.klant", {"soortPartij": "persoon"}, klant) == {
        "voorkeursDigitaalAdres": "de bron kan hier niet naar dit object verwijzen"
    }


# --- a reference that a code says ---------------------------------------------------------------

KLANT: Final = {"ID": 1, "SRT": "P", "NAAM": "Berg", "EMAIL": "a@b.example", "TEL": "112"}
VOORKEUR: Final = "voorkeursDigitaalAdres"


def test_a_code_says_which_is_referred_to(bron: Bron) -> None:
    kept = bron.keeper("partijen.klant")
    email, telefoon = (bron.to(f"digitaleadressen.{n}", 1) for n in ("email", "telefoon"))
    assert kept.update(KLANT, {}, {}, {VOORKEUR: [email]}) == {"VK": "E"}
    assert kept.update({**KLANT, "VK": "E"}, {}, {}, {VOORKEUR: [telefoon]}) == {"VK": "T"}
    assert kept.update({**KLANT, "VK": "E"}, {}, {}, {VOORKEUR: []}) == {"VK": None}
    assert kept.update({**KLANT, "VK": "E"}, {}, {}, {VOORKEUR: [email]}) == {}


def test_with_its_own_key_only_its_own_record_is_referred_to(bron: Bron) -> None:
    with pytest.raises(NotKept) as caught:
        other = bron.to("digitaleadressen.email", 2)
        bron.keeper("partijen.klant").update(KLANT, {}, {}, {VOORKEUR: [other]})
    assert caught.value.reasons == {VOORKEUR: "dit ligt in de bron vast"}


def test_a_reference_that_another_value_brings_along_is_written_after_it(bron: Bron) -> None:
    values = {"soortPartij": "contactpersoon", "partijIdentificatie.contactnaam.achternaam": "B"}
    to = {"partijIdentificatie.werkteVoorPartij": [bron.to("partijen.klant", 2)], VOORKEUR: []}
    made = bron.keeper("partijen.klant").create(values, {"partijIdentificatie": True}, to, NOW)
    assert made == {"SRT": "C", "NAAM": "B", "HOOFD": 2}


def test_of_an_old_soort_nothing_stays(bron: Bron) -> None:
    kept = bron.keeper("partijen.klant")
    record = {"ID": 1, "SRT": "C", "NAAM": "Berg", "HOOFD": 2}
    member = "partijIdentificatie"
    values = {"soortPartij": "organisatie", f"{member}.naam": "Fietsenfabriek"}
    changed = kept.update(record, values, {member: True}, {})
    assert changed == {"NAAM": "Fietsenfabriek", "SRT": "B", "HOOFD": None}
    gone = kept.update(record, {"soortPartij": "persoon"}, {member: False}, {})
    assert gone == {"NAAM": None, "SRT": "P", "HOOFD": None}


# --- objects in the record of another -----------------------------------------------------------


def test_what_stands_in_another_record_is_known_by_its_reference(bron: Bron) -> None:
    within = {".".join(k.stream.id): k.within for k in keepers(bron.streams)}
    assert within == {
        "partijen.klant": None,
        "digitaleadressen.email": "verstrektDoorPartij",
        "digitaleadressen.telefoon": "verstrektDoorPartij",
        "digitaleadressen.extra": None,
        "internetaken.taak": None,
        "klantcontacten.contact": None,
        "betrokkenen.beller": "hadKlantcontact",
        "onderwerpobjecten.zaak": None,
    }


EMAIL: Final = {"adres": "a@b.example", "soortDigitaalAdres": "email"}
BARE: Final = {"ID": 1, "SRT": "P", "NAAM": "Berg"}


def test_an_address_is_filled_in_in_the_record_of_its_klant(bron: Bron) -> None:
    to = {"verstrektDoorPartij": [bron.to("partijen.klant", 1, BARE)]}
    kept = bron.keeper("digitaleadressen.email")
    assert kept.create(EMAIL, {}, to, NOW) == {"EMAIL": "a@b.example"}
    standard = {**EMAIL, "isStandaardAdres": True}
    assert kept.create(standard, {}, to, NOW) == {"EMAIL": "a@b.example", "VK": "E"}


def test_there_is_place_for_one(bron: Bron) -> None:
    to = {"verstrektDoorPartij": [bron.to("partijen.klant", 1, KLANT)]}
    assert bron.refused("digitaleadressen.email", EMAIL, to) == {
        "verstrektDoorPartij": "de bron bewaart er hier maar een, en die is er al"
    }


def test_there_is_no_place_without_the_other_record(bron: Bron) -> None:
    for to in ({}, {"verstrektDoorPartij": ()}):
        assert bron.refused("digitaleadressen.email", EMAIL, to) == {
            "verstrektDoorPartij": "de bron bewaart dit niet zonder deze verwijzing"
        }
    with pytest.raises(ValueError, match="needs the record"):
        to = {"verstrektDoorPartij": [bron.to("partijen.klant", 1)]}
        bron.keeper("digitaleadressen.email").create(EMAIL, {}, to, NOW)


def test_it_can_be_filled_in_in_what_is_made_in_the_same_batch(bron: Bron) -> None:
    contact = bron.to("klantcontacten.contact", Generated(0, "ID"), {"ONDERWERP": "x"})
    to = {"hadKlantcontact": [contact], "wasPartij": [bron.to("partijen.klant", 5)]}
    made = bron.keeper("betrokkenen.beller").create({}, {}, to, NOW)
    assert made == {"KLANT": 5}


def test_an_object_of_which_nothing_is_known_is_not_there(bron: Bron) -> None:
    to = {"hadKlantcontact": [bron.to("klantcontacten.contact", 1, {"ID": 1})], "wasPartij": ()}
    assert bron.refused("betrokkenen.beller", {}, to) == {
        "nonFieldErrors": "de bron zou dit niet tonen"
    }


def test_of_several_refusals_one_that_knows_a_place_tells_most(bron: Bron) -> None:
    to = {"verstrektDoorPartij": [bron.to("partijen.klant", 1, KLANT)]}
    values = {**EMAIL, "soortDigitaalAdres": "overig", "referentie": "x", "omschrijving": "y"}
    refused: list[NotKept] = []
    for name in ("email", "telefoon", "extra"):
        with pytest.raises(NotKept) as caught:
            bron.keeper(f"digitaleadressen.{name}").create(values, {}, to, NOW)
        refused.append(caught.value)
    assert list(most_telling(refused).reasons) == ["referentie"]
    assert list(most_telling(refused[:2]).reasons) == ["verstrektDoorPartij"]


def test_what_is_yet_to_be_given_is_not_read(bron: Bron) -> None:
    record = {"ONDERWERP": "x", "NAAM": "B", "ID": Generated(0, "ID")}
    kept = bron.keeper("betrokkenen.beller")
    partij = bron.to("partijen.klant", Generated(1, "ID"))
    assert kept.update(record, {}, {}, {"wasPartij": [partij]}) == {"KLANT": Generated(1, "ID")}


# --- going --------------------------------------------------------------------------------------


def test_fields_are_set_instead_of_deleting_a_record(bron: Bron) -> None:
    assert bron.keeper("partijen.klant").delete(KLANT) == {"WEG": "J"}
    assert bron.keeper("digitaleadressen.email").delete(KLANT) == {"EMAIL": None}
    assert bron.keeper("digitaleadressen.extra").delete({"NR": 1}) is None


def test_what_is_deleted_takes_along_only_what_stands_in_it(bron: Bron) -> None:
    # With its addresses: they stand in the klant. Not the other way round.
    caller = {"ID": 1, "NAAM": "Berg", "EMAIL": "a@b.example"}
    with pytest.raises(NotKept) as caught:
        bron.keeper("betrokkenen.beller").delete(caller)
    assert list(caught.value.reasons) == ["nonFieldErrors"]
    assert bron.keeper("betrokkenen.beller").delete({"ID": 1, "NAAM": "B"}) == {"NAAM": None}


def test_a_change_makes_nothing_else_disappear(bron: Bron) -> None:
    contact = bron.keeper("klantcontacten.contact")
    assert contact.update({"ID": 1, "ONDERWERP": "x", "NAAM": "B"}, {"onderwerp": "y"}, {}, {})
    with pytest.raises(NotKept) as caught:
        bron.keeper("digitaleadressen.email").update(KLANT, {"adres": ""}, {}, {})
    assert list(caught.value.reasons) == ["adres"]


def test_what_stands_within_an_object_stays_when_the_object_changes(tmp_path: Path) -> None:
    bron = Bron(tmp_path, files={**FILES, "partij-identificatoren": NUMBER})
    kept = bron.keeper("partijen.klant")
    record = {"ID": 1, "SRT": "P", "NAAM": "999993653"}
    soorten = {
        "organisatie": ("P", "partijIdentificatie.naam", "niet meer"),
        "persoon": ("B", "partijIdentificatie.contactnaam.achternaam", "ook"),
    }
    for soort, (code, path, shown) in soorten.items():
        values = {"soortPartij": soort, path: "999993653"}
        with pytest.raises(NotKept) as caught:
            kept.update({**record, "SRT": code}, values, {}, {})
        reason = f"de bron zou hierdoor iets anders {shown} tonen (partij-identificatoren)"
        assert caught.value.reasons == {"soortPartij": reason}
    assert kept.delete(record) == {"WEG": "J"}


NUMBER: Final = """
bsn:
  slot: 0
  collection: KLANT
  key: {ID: integer}
  where: {SRT: P, NAAM: {present: true}}
  created: {const: '2026-01-01T00:00:00Z'}
  rules:
    - {to: identificeerdePartij, ref: partijen.klant, key: ID}
    - {to: partijIdentificator.objectId, from: NAAM}
    - {to: partijIdentificator.codeObjecttype, const: natuurlijk_persoon}
    - {to: partijIdentificator.codeSoortObjectId, const: bsn}
    - {to: partijIdentificator.codeRegister, const: brp}
"""
