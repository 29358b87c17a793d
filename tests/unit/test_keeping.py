"""Keeping objects: how each word of a mapping is written, and what is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.conditions import Record
from gateway.mapping.keeping import WHOLE, Keeper, NotKept
from tests.support.writing import NOW, collection, keeper, streams

# What a klantcontact cannot do without, as constants or as fields.
CONTACT = """
contact:
  slot: 0
  collection: C
  key: {{ID: integer}}
  {where}
  created: {{from: AANMAAK, format: tijdstip}}
  write: {write}
  rules:
    - {{to: kanaal, const: balie}}
    - {{to: onderwerp, from: ONDERWERP}}
    - {{to: taal, const: nld}}
    - {{to: vertrouwelijk, const: true}}
    - {{to: plaatsgevondenOp, const: '2026-01-01T00:00:00Z'}}
    {rules}
"""
FIELDS = ("ID", "AANMAAK", "ONDERWERP", "A", "B", "C", "W", "G")
GIVEN = {"onderwerp": "x"}


@pytest.fixture
def contact(tmp_path: Path) -> Callable[..., Keeper]:
    """A keeper of klantcontacten with these rules."""

    def make(
        *rules: str,
        where: str = "",
        write: str = "{create: true, update: true, delete: record}",
        **writes: Any,
    ) -> Keeper:
        text = CONTACT.format(rules="\n    ".join(rules), where=where, write=write)
        known = collection(FIELDS, ["ID"], **{"generated": frozenset(["ID"]), **writes})
        return keeper(
            streams(tmp_path, {"klantcontacten": text}, {"C": known}), "klantcontacten.contact"
        )

    return make


def made(kept: Keeper, **values: Any) -> Mapping[str, Any]:
    """The fields of a new record, but those of every record."""
    fields = kept.create({**GIVEN, **values}, {}, {}, NOW)
    return {f: v for f, v in fields.items() if f not in ("AANMAAK", "ONDERWERP")}


def reasons(kept: Keeper, **values: Any) -> Mapping[str, str]:
    """Why a new record with these values is refused."""
    with pytest.raises(NotKept) as caught:
        kept.create({**GIVEN, **values}, {}, {}, NOW)
    return caught.value.reasons


def changed(kept: Keeper, record: Record, **values: Any) -> Mapping[str, Any]:
    """The fields of a record that change."""
    return kept.update({"ID": 1, "ONDERWERP": "x", **record}, values, {}, {})


def test_a_new_record_has_what_was_asked_and_when_it_was_made(
    contact: Callable[..., Keeper],
) -> None:
    kept = contact("- {to: inhoud, from: A}")
    fields = kept.create({**GIVEN, "inhoud": "tekst"}, {}, {}, NOW)
    assert fields == {"ONDERWERP": "x", "A": "tekst", "AANMAAK": "20261030164512"}


def test_an_update_gives_only_what_changes(contact: Callable[..., Keeper]) -> None:
    kept = contact("- {to: inhoud, from: A}", "- {to: reactie, from: B}")
    record = {"A": "oud", "B": "blijft"}
    assert changed(kept, record, inhoud="nieuw", reactie="blijft") == {"A": "nieuw"}
    assert changed(kept, record, inhoud="oud") == {}
    assert changed(kept, record, inhoud="") == {"A": None}


def test_what_has_no_rule_is_refused_by_name(contact: Callable[..., Keeper]) -> None:
    kept = contact()
    assert reasons(kept, inhoud="x", reactie="") == {
        "inhoud": "de bron heeft hier geen plaats voor"
    }
    assert reasons(kept, kanaal="brief") == {"kanaal": "dit staat in de bron vast"}
    assert made(kept, kanaal="balie", reactie="", nummer=None) == {}


def test_codes_are_written(contact: Callable[..., Keeper]) -> None:
    kept = contact("- {to: indicatieContactGelukt, from: A, values: {J: true, N: false}}")
    assert made(kept, indicatieContactGelukt=True) == {"A": "J"}
    assert made(kept, indicatieContactGelukt=False) == {"A": "N"}
    assert made(kept, indicatieContactGelukt=None) == {}
    assert changed(kept, {"A": "J"}, indicatieContactGelukt=None) == {"A": None}


# --- values -------------------------------------------------------------------------------------

Contact = Callable[..., Keeper]


def test_of_several_codes_the_chosen_one_is_written_and_another_stays(contact: Contact) -> None:
    kept = contact(
        "- to: verdereActieOndernomen",
        "  from: A",
        "  values: {J: true, Y: true, N: false}",
        "  write: {true: J}",
    )
    assert made(kept, verdereActieOndernomen=True) == {"A": "J"}
    assert changed(kept, {"A": "Y"}, verdereActieOndernomen=True) == {}
    assert changed(kept, {"A": "N"}, verdereActieOndernomen=True) == {"A": "J"}


def test_codes_keep_the_type_that_the_mapping_gives_them(contact: Contact) -> None:
    kept = contact("- {to: indicatieContactGelukt, from: A, values: {1: true, '0': false}}")
    assert made(kept, indicatieContactGelukt=True) == {"A": 1}
    assert made(kept, indicatieContactGelukt=False) == {"A": "0"}


def test_a_value_without_a_code_is_refused(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, values: {J: ja, N: nee}}")
    assert reasons(kept, inhoud="misschien") == {"inhoud": "de bron kent deze waarde niet"}


def test_a_value_without_a_code_is_kept_as_it_is_if_it_reads_so(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, values: {J: ja, N: nee}, unknown: keep}")
    assert made(kept, inhoud="misschien") == {"A": "misschien"}
    assert made(kept, inhoud="ja") == {"A": "J"}
    assert list(reasons(kept, inhoud="J")) == ["inhoud"]


def test_what_unknown_codes_mean_needs_a_code(contact: Contact) -> None:
    rule = "- {{to: inhoud, from: A, values: {{J: ja}}, unknown: {{value: nee}}{}}}"
    assert list(reasons(contact(rule.format("")), inhoud="nee")) == ["inhoud"]
    assert made(contact(rule.format(", write: {nee: X}")), inhoud="nee") == {"A": "X"}


def test_the_default_is_written_by_its_code_or_as_absent(contact: Contact) -> None:
    with_code = contact("- {to: inhoud, from: A, values: {J: ja, N: nee}, default: nee}")
    assert made(with_code, inhoud="nee") == {"A": "N"}
    without = contact("- {to: inhoud, from: A, values: {J: ja}, default: nee}")
    assert made(without, inhoud="nee") == {}
    assert changed(without, {"A": "J"}, inhoud="nee") == {"A": None}
    assert reasons(without, inhoud="") == {"inhoud": "dit heeft in de bron altijd een waarde"}


def test_the_default_of_the_standard_needs_no_code(contact: Contact) -> None:
    kept = contact("- {to: verdereActieOndernomen, from: A, values: {J: true}}")
    assert made(kept, verdereActieOndernomen=False) == {}
    assert changed(kept, {"A": "J"}, verdereActieOndernomen=False) == {"A": None}


def test_an_emptied_field_gets_the_code_for_nothing(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, empty: ['-', '0']}")
    assert changed(kept, {"A": "x"}, inhoud="") == {"A": "-"}
    assert changed(kept, {"A": "0"}, inhoud="") == {}
    assert list(reasons(kept, inhoud="0")) == ["inhoud"]


def test_formats_write(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, format: telefoon}")
    assert made(kept, inhoud="+31612345678") == {"A": "+31612345678"}
    assert changed(kept, {"A": "06-12345678"}, inhoud="+31612345678") == {}


def test_a_format_that_cannot_write_is_read_only(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, format: achternaam}")
    assert reasons(kept, inhoud="Berg") == {"inhoud": "de bron laat dit niet schrijven"}
    assert changed(kept, {"A": "van den Berg"}, inhoud="Berg") == {}


def test_a_format_says_why_it_cannot_write(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A, format: bsn}")
    assert reasons(kept, inhoud="123456780") == {"inhoud": "voldoet niet aan de elfproef"}


# --- fields -------------------------------------------------------------------------------------


def moments(contact: Contact, options: str = "") -> Keeper:
    rule = f"join: {{fields: [A, B], widths: [8, 6]}}, format: {{name: tijdstip{options}}}"
    return contact(f"- {{to: metadata.moment, {rule}}}")


def moment(value: str) -> Mapping[str, Any]:
    return {"metadata": {"moment": value}}


def test_a_join_is_cut_by_its_widths(contact: Contact) -> None:
    kept = moments(contact)
    assert made(kept, **moment("2026-10-30T15:45:00Z")) == {"A": "20261030", "B": "164500"}
    assert changed(kept, {"A": "20261030", "B": "164500"}, **moment("2026-10-30T15:45:01Z")) == {
        "B": "164501"
    }
    assert changed(kept, {"A": "20261030", "B": "164500"}, metadata={}) == {"A": None, "B": None}


def test_a_moment_that_the_source_cannot_tell_from_another_is_refused(contact: Contact) -> None:
    """In the night that the clock goes back, 2:30 comes twice and reads as the first."""
    kept = moments(contact)
    assert made(kept, **moment("2026-10-25T00:30:00Z")) == {"A": "20261025", "B": "023000"}
    second = reasons(kept, **moment("2026-10-25T01:30:00Z"))
    assert second == {"metadata.moment": "dit tijdstip kan de bron niet onderscheiden"}
    finer = reasons(kept, **moment("2026-10-30T15:45:00.5Z"))
    assert list(finer) == ["metadata.moment"]


def test_a_moment_is_rounded_where_the_mapping_says_so(contact: Contact) -> None:
    kept = moments(contact, ", rounds: true")
    assert made(kept, **moment("2026-10-30T15:45:00.5Z")) == {"A": "20261030", "B": "164500"}


def test_a_join_without_widths_is_cut_at_its_separators(contact: Contact) -> None:
    kept = contact("- {to: inhoud, join: {fields: [A, B], separator: ' / '}}")
    assert made(kept, inhoud="een / twee") == {"A": "een", "B": "twee"}
    assert made(kept, inhoud="een") == {"B": "een"}
    assert changed(kept, {"A": "een", "B": "twee"}, inhoud="drie") == {"A": None, "B": "drie"}
    short = contact("- {to: inhoud, join: {fields: [A, B], separator: ' '}}", lengths={"B": 2})
    assert made(short, inhoud="drie") == {"A": "drie"}
    glued = contact("- {to: inhoud, join: {fields: [A, B]}}")
    assert list(reasons(glued, inhoud="een")) == ["inhoud"]
    assert list(reasons(kept, inhoud="een / twee / drie")) == ["inhoud"]
    assert changed(kept, {"A": "een"}, inhoud="een") == {}


def split(part: int, to: str) -> str:
    return f"- {{to: {to}, split: {{from: A, on: ', ', part: {part}}}}}"


def test_two_parts_of_a_field_are_written_together(contact: Contact) -> None:
    kept = contact(split(1, "inhoud"), split(0, "reactie"))
    assert made(kept, inhoud="van der", reactie="Heuvel") == {"A": "Heuvel, van der"}
    assert made(kept, inhoud="", reactie="Heuvel") == {"A": "Heuvel"}
    record = {"A": "Heuvel, van der"}
    assert changed(kept, record, reactie="Berg") == {"A": "Berg, van der"}
    assert changed(kept, record, inhoud="") == {"A": "Heuvel"}
    assert changed(kept, record, inhoud="", reactie="") == {"A": None}


def test_a_part_with_the_separator_in_it_does_not_read_back(contact: Contact) -> None:
    kept = contact(split(1, "inhoud"), split(0, "reactie"))
    assert list(reasons(kept, inhoud="", reactie="Berg, BV")) == ["reactie"]
    assert made(kept, inhoud="van, der", reactie="Berg") == {"A": "Berg, van, der"}


def test_the_first_field_in_which_a_value_fits_is_written(contact: Contact) -> None:
    kept = contact("- {to: inhoud, first_of: [A, B]}", lengths={"A": 3})
    assert made(kept, inhoud="kort") == {"B": "kort"}
    assert made(kept, inhoud="x") == {"A": "x"}
    assert changed(kept, {"B": "oud"}, inhoud="x") == {"B": "x"}
    assert changed(kept, {"A": "oud", "B": "ook"}, inhoud="x") == {"A": "x", "B": None}
    assert changed(kept, {"A": "oud"}, inhoud="lang") == {"A": None, "B": "lang"}
    assert changed(kept, {"A": "oud", "B": "ook"}, inhoud="") == {"A": None, "B": None}


def test_a_constant_says_which_field_is_filled(contact: Contact) -> None:
    kept = contact(
        "- {to: inhoud, first_of: [A, B]}",
        "- {to: reactie, const: uuid, when: {A: {present: true}}}",
        "- {to: reactie, const: nummer, when: {A: {present: false}}}",
    )
    assert made(kept, inhoud="x", reactie="uuid") == {"A": "x"}
    assert made(kept, inhoud="x", reactie="nummer") == {"B": "x"}
    assert changed(kept, {"A": "x"}, reactie="nummer", inhoud="x") == {"A": None, "B": "x"}
    assert list(reasons(kept, inhoud="x", reactie="anders")) == ["reactie"]


# --- when ---------------------------------------------------------------------------------------


def test_the_rule_that_counts_is_the_one_that_is_written(contact: Contact) -> None:
    kept = contact(
        "- {to: reactie, from: W, values: {T: telefoon, E: email}}",
        "- {to: inhoud, from: A, format: telefoon, when: {W: T}}",
        "- {to: inhoud, from: B, when: {W: E}}",
    )
    assert made(kept, inhoud="0612345678", reactie="telefoon") == {"A": "0612345678", "W": "T"}
    assert made(kept, inhoud="a@b.example", reactie="email") == {"B": "a@b.example", "W": "E"}
    assert changed(kept, {"W": "T", "A": "112"}, inhoud="113") == {"A": "113"}


def test_a_condition_is_made_to_hold_where_there_is_one_way(contact: Contact) -> None:
    kept = contact(
        "- {to: inhoud, const: ja, when: {W: J}}", "- {to: reactie, from: A, when: {W: [J, K]}}"
    )
    assert made(kept, inhoud="ja") == {"W": "J"}
    assert made(kept, inhoud="ja", reactie="x") == {"W": "J", "A": "x"}
    assert list(reasons(kept, reactie="x")) == ["reactie"]


def test_what_others_hang_on_is_not_changed_unasked(contact: Contact) -> None:
    kept = contact(
        "- {to: reactie, from: W, values: {T: telefoon, E: email}}",
        "- {to: inhoud, from: A, when: {W: T}}",
    )
    with pytest.raises(NotKept) as caught:
        changed(kept, {"W": "E"}, inhoud="112")
    assert caught.value.reasons == {"reactie": "dit zou hierdoor veranderen"}
    with pytest.raises(NotKept) as caught:
        changed(kept, {"W": "T", "A": "112"}, reactie="email")
    assert caught.value.reasons == {"inhoud": "dit zou hierdoor veranderen"}


# --- what cannot be written ---------------------------------------------------------------------


def test_text_longer_than_its_field_is_refused(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A}", lengths={"A": 3})
    assert made(kept, inhoud="123") == {"A": "123"}
    assert reasons(kept, inhoud="1234") == {"inhoud": "de bron bewaart hoogstens 3 tekens"}


def test_a_field_of_integers_keeps_nothing_else(contact: Contact) -> None:
    kept = contact("- {to: nummer, from: A}", numbers=frozenset("A"))
    assert made(kept, nummer="123") == {"A": "123"}
    for text in ("0123", "x", "²"):
        assert list(reasons(kept, nummer=text)) == ["nummer"]


def test_what_may_not_be_written_must_be_so_already(contact: Contact) -> None:
    for kept in (
        contact("- {to: inhoud, from: A, write: false}"),
        contact("- {to: inhoud, from: A}", fields=frozenset(FIELDS) - {"A"}),
    ):
        assert reasons(kept, inhoud="x") == {"inhoud": "de bron laat dit niet schrijven"}
        assert changed(kept, {"A": "x"}, inhoud="x") == {}


def test_two_values_for_one_field_are_refused(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A}", "- {to: reactie, from: A}")
    assert made(kept, inhoud="x", reactie="x") == {"A": "x"}
    assert reasons(kept, inhoud="x", reactie="y") == {
        "reactie": "de bron bewaart dit samen met een ander gegeven"
    }
    with pytest.raises(NotKept) as caught:
        changed(kept, {"A": "x"}, inhoud="y")
    assert caught.value.reasons == {"reactie": "dit zou hierdoor veranderen"}


def test_an_object_stays_in_its_stream(contact: Contact) -> None:
    kept = contact(
        "- {to: inhoud, from: W, values: {A: actief, V: weg}}", where="where: {W: {not: V}}"
    )
    assert reasons(kept, inhoud="weg") == {"inhoud": "de bron zou dit niet tonen"}
    with pytest.raises(NotKept):
        changed(kept, {"W": "A"}, inhoud="weg")


def test_fields_that_are_always_the_same_are_set(contact: Contact) -> None:
    kept = contact(where="where: {W: J}", write="{create: true, set: {W: J}}")
    assert made(kept) == {"W": "J"}
    without = contact(where="where: {W: J}", write="{create: true}")
    assert reasons(without) == {"nonFieldErrors": "de bron zou dit niet tonen"}


# --- keys and moments ---------------------------------------------------------------------------


def test_what_the_source_gives_is_not_written(contact: Contact) -> None:
    kept = contact("- {to: nummer, from: ID}")
    assert made(kept, nummer=None) == {}
    assert reasons(kept, nummer="12") == {"nummer": "dit geeft de bron zelf"}


@pytest.mark.parametrize(
    ("key", "pattern"),
    [("uuid", r"[0-9a-f-]{36}"), ("{type: text, alphabet: a-c0, length: 5}", r"[a-c0]{5}")],
)
def test_the_gateway_makes_a_key(tmp_path: Path, key: str, pattern: str) -> None:
    text = CONTACT.format(rules="", where="", write="{create: true}").replace("integer", key)
    known = {"C": collection(FIELDS, ["ID"], natural=("ID",))}
    kept = keeper(streams(tmp_path, {"klantcontacten": text}, known), "klantcontacten.contact")
    keys = {made(kept)["ID"] for _ in range(5)}
    assert len(keys) > 1
    assert all(re.fullmatch(pattern, key) for key in keys)


def test_a_record_gets_something_to_be_found_by(contact: Contact) -> None:
    kept = contact(natural=("G",), lengths={"G": 20})
    assert len(made(kept)["G"]) == 20
    given = contact("- {to: nummer, from: G}", natural=("G",))
    assert made(given, nummer="12") == {"G": "12"}


def test_what_a_record_is_found_by_is_not_shown(contact: Contact) -> None:
    numbers = contact("- {to: nummer, from: G, format: nummer}", natural=("G",), lengths={"G": 8})
    found = {made(numbers, nummer=None)["G"] for _ in range(50)}
    assert len(found) == 50
    assert all(re.fullmatch("[a-z][a-z0-9]{7}", text) for text in found)
    assert made(contact("- {to: inhoud, from: G}", natural=("G",)), inhoud="") == {}
    # What cannot be read would be shown as wrong.
    dates = contact("- {to: metadata.datum, from: G, format: datum}", natural=("G",))
    assert made(dates) == {}


def test_what_a_record_keeps_is_written_once(contact: Contact) -> None:
    kept = contact("- {to: inhoud, from: A}", once=frozenset(["A"]))
    assert made(kept, inhoud="een") == {"A": "een"}
    with pytest.raises(NotKept) as caught:
        changed(kept, {"A": "een"}, inhoud="twee")
    assert caught.value.reasons == {"inhoud": "dit ligt in de bron vast"}


def test_what_no_record_can_do_without_is_named(contact: Contact) -> None:
    kept = contact(
        "- {to: inhoud, from: A}",
        required=frozenset(["A", "G"]),
        write="{create: true, update: true, set: {G: g}}",
    )
    assert made(kept, inhoud="een") == {"A": "een", "G": "g"}
    assert reasons(kept, inhoud="") == {"inhoud": "de bron bewaart dit niet zonder"}
    with pytest.raises(NotKept) as caught:
        changed(kept, {"A": "een", "G": "g"}, inhoud="")
    assert list(caught.value.reasons) == ["inhoud"]
    nameless = contact(required=frozenset(["G"]))
    assert reasons(nameless) == {WHOLE: "de bron bewaart dit niet zonder"}


@pytest.mark.parametrize(
    ("now", "written"),
    [
        ("2026-10-30T15:45:12.345678Z", "20261030164512"),
        ("2026-10-25T00:30:00.5Z", "20261025023000"),
        # The hour that comes twice: the clock on the wall, for there is nothing better.
        ("2026-10-25T01:30:00.5Z", "20261025023000"),
    ],
)
def test_creation_is_as_precise_as_the_source_is(contact: Contact, now: str, written: str) -> None:
    assert contact().create(GIVEN, {}, {}, now)["AANMAAK"] == written


def test_creation_is_left_to_a_source_that_does_it_itself(contact: Contact) -> None:
    kept = contact(fields=frozenset(FIELDS) - {"AANMAAK"})
    assert kept.create(GIVEN, {}, {}, NOW) == {"ONDERWERP": "x"}


# --- maps and members of several shapes ---------------------------------------------------------


def test_names_of_a_map_have_fields_of_their_own(contact: Contact) -> None:
    kept = contact("- {to: metadata.bron, from: A}", "- {to: metadata.zaak, from: B}")
    assert made(kept, metadata={"bron": "x"}) == {"A": "x"}
    assert changed(kept, {"A": "x", "B": "y"}, metadata={"bron": "z"}) == {"A": "z", "B": None}
    assert reasons(kept, metadata={"anders": "x"}) == {
        "metadata.anders": "de bron heeft hier geen plaats voor"
    }
    assert made(kept, metadata={}) == {}


def test_a_map_is_kept_as_a_whole(contact: Contact) -> None:
    kept = contact("- {to: metadata, from: A, format: json-object}")
    assert made(kept, metadata={"bron": "é", "b": ""}) == {"A": '{"bron":"é","b":""}'}
    assert kept.stream.read({"A": ' {"bron": "x"} '})["metadata"] == {"bron": "x"}
    assert changed(kept, {"A": '{ "bron":"x" }'}, metadata={"bron": "x"}) == {}
    assert changed(kept, {"A": '{"bron":"x"}'}, metadata={}) == {"A": None}
    assert made(kept, metadata={}) == {}


ACTOR = """
actor:
  slot: 0
  collection: C
  key: {{ID: integer}}
  created: {{from: AANMAAK, format: tijdstip}}
  write: {{create: true, update: true}}
  rules:
    - {{to: naam, from: ONDERWERP}}
    - {{to: soortActor, from: W, values: {{M: medewerker, E: organisatorische_eenheid}}}}
    - {{to: actorIdentificatie.functie, from: A}}
    - {{to: actorIdentificatie.omschrijving, from: B}}
    {rule}
"""
PRESENCE = "- {to: actorIdentificatie, from: C, values: {J: true, N: false}}"


@pytest.fixture
def actor(tmp_path: Path) -> Callable[[str], Keeper]:
    """A keeper of actoren with one more rule."""

    def make(rule: str = "") -> Keeper:
        known = {"C": collection(FIELDS, ["ID"], generated=frozenset(["ID"]))}
        found = streams(tmp_path, {"actoren": ACTOR.format(rule=rule)}, known)
        return keeper(found, "actoren.actor")

    return make


MEDEWERKER = {"naam": "x", "soortActor": "medewerker"}
FUNCTIE = "actorIdentificatie.functie"
OMSCHRIJVING = "actorIdentificatie.omschrijving"


def test_whether_there_is_an_object_is_kept_where_a_rule_says_so(
    actor: Callable[[str], Keeper],
) -> None:
    values = {**MEDEWERKER, FUNCTIE: ""}
    fields = actor(PRESENCE).create(values, {"actorIdentificatie": True}, {}, NOW)
    assert fields["C"] == "J"
    assert actor(PRESENCE).stream.read(fields)["actorIdentificatie"] is True
    assert "C" not in actor(PRESENCE).create(values, {"actorIdentificatie": False}, {}, NOW)
    named = {**values, FUNCTIE: "y"}
    assert "C" not in actor(PRESENCE).create(named, {"actorIdentificatie": True}, {}, NOW)
    record = {"ID": 1, "ONDERWERP": "x", "W": "M", "C": "J"}
    gone = actor(PRESENCE).update(record, {FUNCTIE: ""}, {"actorIdentificatie": False}, {})
    assert gone == {"C": "N"}
    with pytest.raises(NotKept) as caught:
        actor("").create(values, {"actorIdentificatie": True}, {}, NOW)
    assert list(caught.value.reasons) == ["actorIdentificatie"]
    assert actor("").create(values, {"actorIdentificatie": False}, {}, NOW)


def test_of_another_shape_nothing_counts(actor: Callable[[str], Keeper]) -> None:
    record = {"ID": 1, "ONDERWERP": "x", "W": "M", "A": "functie"}
    kept = actor("")
    values = {"soortActor": "organisatorische_eenheid", OMSCHRIJVING: "y"}
    asked = {"actorIdentificatie": True}
    assert kept.update(record, values, asked, {}) == {"A": None, "W": "E", "B": "y"}
    # What is null has nothing in it, of the one shape nor of the other.
    soort = {"soortActor": "organisatorische_eenheid"}
    gone = kept.update({**record, "B": "y"}, soort, {"actorIdentificatie": False}, {})
    assert gone == {"A": None, "W": "E", "B": None}
    # What the record has for the other shape would be seen all at once.
    with pytest.raises(NotKept) as caught:
        kept.update({**record, "B": "y"}, {"soortActor": "organisatorische_eenheid"}, {}, {})
    assert list(caught.value.reasons) == [OMSCHRIJVING]
    with pytest.raises(NotKept) as caught:
        kept.create({**MEDEWERKER, OMSCHRIJVING: "y"}, {}, {}, NOW)
    assert list(caught.value.reasons) == [OMSCHRIJVING]
