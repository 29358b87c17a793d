"""Keeping objects: how each word of a mapping is written, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.conditions import Record
from gateway.mapping.keeping import Keeper, NotKept
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
