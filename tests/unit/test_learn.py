"""``gateway learn``: what it proposes loads, and how much of it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.base import Collection
from adapters.conditions import Record
from gateway import cli
from gateway.learn import Proposal, SampleError, propose, read
from gateway.learn.sample import fields
from gateway.learn.shapes import shape, time_pattern
from gateway.learn.text import files
from gateway.mapping.load import Source, load
from gateway.mapping.stream import Stream
from tests.helpers import ROOT

MAPPINGS = ROOT / "mappings"
RIGHT = {
    "kcc/KLANT": (29, 42, 0),
    "kcc/CONTACT": (12, 15, 0),
    "sociaal/client": (16, 17, 0),
    "sociaal/interaction": (11, 12, 0),
    "open-klant-1/klanten": (14, 18, 2),
    "open-klant-1/contactmomenten": (4, 5, 0),
    "e-suite/klanten": (10, 11, 1),
    "e-suite/contactmomenten": (4, 17, 1),
    "stuf-bg/personen": (11, 26, 3),
    "stuf-bg/vestigingen": (7, 16, 3),
    "stuf-bg/organisaties": (9, 16, 5),
    "klantinteracties/partijen": (24, 32, 0),
    "klantinteracties/klantcontacten": (12, 13, 0),
    "e-mail/berichten": (5, 12, 0),
}
"""For samples beside a shipped mapping: how many of its rules with a field are proposed as well, of
how many, and how many others are proposed."""
LEARNT = ("partijen", "partij-identificatoren", "digitaleadressen", "klantcontacten")


def loaded(
    folder: Path, records: list[Record], collection: str, proposal: Proposal
) -> list[Stream]:
    """The streams that a proposal becomes, with the records as its samples."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(proposal, "een voorbeeld").items():
        (folder / name).write_text(text)
    (folder / "samples").mkdir()
    (folder / "samples" / f"{collection}.yaml").write_text(
        yaml.safe_dump(records, allow_unicode=True)
    )
    there = {*fields(records), *(name for record in records for name in record)}
    known = Collection(fields=frozenset(there), key=("id",))
    return list(load(folder, Source("crm", 1, {collection: known})))


def rules(folder: Path, collection: str) -> Iterator[tuple[str, str, Any]]:
    """Of the rules for a collection that read a field: resource, attribute and the field."""
    for resource in LEARNT:
        path = folder / f"{resource}.yaml"
        streams = yaml.safe_load(path.read_text())["streams"] if path.exists() else {}
        for stream in streams.values():
            for rule in stream["rules"] if stream["collection"] == collection else ():
                of = rule.get("split", rule).get("from")
                several = rule.get("first_of") or rule.get("join", {}).get("fields", [])[:2]
                if of or several:
                    yield resource, rule["to"], of or tuple(several)


@pytest.mark.parametrize("of", RIGHT)
def test_how_much_of_a_shipped_mapping_is_proposed(of: str, tmp_path: Path) -> None:
    system, _, collection = of.partition("/")
    records = read(MAPPINGS / system / "samples" / f"{collection}.yaml")
    assert loaded(tmp_path / "made", records, collection, propose(records, collection))
    proposed = set(rules(tmp_path / "made", collection))
    shipped = set(rules(MAPPINGS / system, collection))
    assert (len(proposed & shipped), len(shipped), len(proposed - shipped)) == RIGHT[of]


KLANT = {
    "id": 7,
    "achternaam": "van den Berg",
    "bsn": "999993653",
    "mail": "merel@post.example",
    "actief": True,
    "adres": {"postcode": "1991KM", "plaats": "Zilverdam"},
}
XML = (
    '<e:Envelope xmlns:e="urn:e"><e:Body><klanten><klant><id>7</id>'
    "<achternaam>van den Berg</achternaam><mail>merel@post.example</mail></klant></klanten>"
    "</e:Body></e:Envelope>"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("klanten.json", json.dumps({"count": 1, "next": None, "results": [KLANT]})),
        ("klanten.json", json.dumps(KLANT)),
        ("klanten.yaml", yaml.safe_dump([KLANT])),
        ("klanten.xml", XML),
        ("klanten.xml", XML.replace("<klanten>", "<kop><code>La01</code></kop><klanten>")),
        ("klanten.csv", "id;achternaam;mail\n7;van den Berg;merel@post.example\n"),
        ("klanten.csv", 'id,achternaam,mail\n7,"van den Berg",merel@post.example\n'),
    ],
    ids=["page", "record", "list", "xml", "xml-with-a-head", "csv", "csv-with-commas"],
)
def test_records_are_found_in_what_is_around_them(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    records = read(tmp_path / name)
    assert [str(record["id"]) for record in records] == ["7"]
    made = {
        s.resource.path: s
        for s in loaded(tmp_path / "m", records, "klanten", propose(records, "klanten"))
    }
    values = made["partijen"].read(records[0])
    assert values["partijIdentificatie.contactnaam.achternaam"] == "Berg"
    assert values["partijIdentificatie.contactnaam.voorvoegselAchternaam"] == "van den"
    assert made["digitaleadressen"].read(records[0])["adres"] == "merel@post.example"


def test_contact_with_codes_and_a_day_beside_a_time(tmp_path: Path) -> None:
    records: list[Record] = [
        {
            "id": 1,
            "via": "TE",
            "onderwerp": "Afval",
            "datum": "01-04-2026",
            "tijd": "10:15",
            "vertr": True,
        },
        {
            "id": 2,
            "via": "X",
            "onderwerp": "",
            "datum": "13-04-2026",
            "tijd": "11:00",
            "vertr": False,
        },
    ]
    (stream,) = loaded(tmp_path, records, "contacten", propose(records, "contacten"))
    first, second = map(stream.read, records)
    assert (first["kanaal"], first["plaatsgevondenOp"]) == ("telefoon", "2026-04-01T08:15:00Z")
    assert (first["vertrouwelijk"], second["vertrouwelijk"]) == (True, False)
    assert (second["kanaal"], second["onderwerp"]) == ("X", "(geen onderwerp)")


def test_a_contact_that_is_called_a_case_is_no_person(tmp_path: Path) -> None:
    case: Record = {
        "attributes": {"type": "Case"},
        "CaseNumber": "00001026",
        "Subject": "Container",
        "Description": "Skipped",
        "Origin": "Phone",
        "CreatedDate": "2026-02-01T09:15:00+0000",
        "SuppliedEmail": "m.jansen@post.example",
    }
    (stream,) = loaded(tmp_path, [case], "Case", propose([case], "Case"))
    read_ = stream.read(case)
    assert (read_["onderwerp"], read_["inhoud"], read_["kanaal"]) == (
        *("Container", "Skipped"),
        "telefoon",
    )
    assert read_["plaatsgevondenOp"] == "2026-02-01T09:15:00Z"


def test_kinds_of_partij_by_how_they_are_called(tmp_path: Path) -> None:
    kinds = {
        "person": "persoon",
        "company": "organisatie",
        "contact": "contactpersoon",
        "CP": "contactpersoon",
        "NNP": "organisatie",
        "niet_natuurlijk_persoon": "organisatie",
        "NP": "persoon",
    }
    records: list[Record] = [
        {"id": n, "type": kind, "last_name": "Bos", "company_name": "Bos BV"}
        for n, kind in enumerate(kinds)
    ]
    (stream,) = loaded(tmp_path / "m", records, "k", propose(records, "k"))
    assert [stream.read(record)["soortPartij"] for record in records] == list(kinds.values())
    persons = [record for record in records if record["type"] == "person"]
    assert "company_name" in propose(persons, "k").left


def test_a_name_is_no_key() -> None:
    with pytest.raises(SampleError, match="geen sleutel"):
        propose([{"achternaam": "Bos", "bedrijfsnaam": ""}], "k")
    made = propose([{"achternaam": "Bos", "burgerservicenummer": "999993653"}], "k")
    assert made.streams["partijen"][0].words["key"] == {
        "burgerservicenummer": {"type": "text", "alphabet": "0-9", "length": 9}
    }


def test_what_was_not_used_and_what_is_a_guess_is_said() -> None:
    records = [{"klantnr": 3, "achternaam": "Bakker", "bijzonder": "x"}]
    (text,) = files(propose(records, "KLANT"), "klant.json").values()
    assert "# Niet gebruikt: bijzonder." in text
    assert "# Gok: is dit veld in elk record anders" in text
    assert "# Zeker: naam en waarden.\n      - {to: partijIdentificatie" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("bsn", ["999993653"], {"format": "bsn"}),
        ("kvk", ["12345678"], {"format": {"name": "cijfers", "length": 8}}),
        ("vestiging", ["000012345678"], {"format": {"name": "cijfers", "length": 12}}),
        ("telefoon", ["06-12345699", "+31 6 12345640"], {"format": "telefoon"}),
        ("datum", ["20261012"], {"format": "datum"}),
        ("datum", ["31-12-2026"], {"format": {"name": "datum", "pattern": "%d-%m-%Y"}}),
        ("tijdstip", ["20260102030405"], {"format": "tijdstip"}),
        (
            "tijdstip",
            ["2026-01-02T03:04:05Z"],
            {"format": {"name": "tijdstip", "pattern": "%Y-%m-%dT%H:%M:%SZ", "zone": "UTC"}},
        ),
        (
            "tijdstip",
            ["2026-01-02T03:04:05.120+0000"],
            {"format": {"name": "tijdstip", "pattern": "%Y-%m-%dT%H:%M:%S.%L+0000", "zone": "UTC"}},
        ),
        ("ja-nee", ["J", "N"], {"values": {"J": True, "N": False}}),
        ("ja-nee", [1, 0], {"values": {"1": True, "0": False}}),
        ("uuid", ["0f6b3c1e-7d52-4d0a-9c3f-2f1f6c0f9a01"], {}),
    ],
)
def test_shapes(name: str, values: list[Any], words: dict[str, Any]) -> None:
    found = shape(values)
    assert found is not None
    assert (found.name, found.words) == (name, words)


def test_shapes_that_only_look_like_it() -> None:
    assert shape(["12345678", "een tekst"]) is None
    nearly = shape(["999993654"])
    assert nearly is None or nearly.name != "bsn"
    assert time_pattern(["25:00"]) is None
    assert shape(["20261399"]) != shape(["20261012"])


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 10**12),
    st.text(max_size=20),
    st.sampled_from(
        ["J", "N", "999993653", "2026-01-01", "20260102030405", "a@b.example", "van Dam"]
    ),
)
NAMES = st.sampled_from(
    [
        *("id", "klantnr", "naam", "achternaam", "bsn", "kvk", "mail", "telefoon", "soort", "taal"),
        *("land", "postcode", "huisnr", "onderwerp", "kanaal", "datum", "tijd", "moment", "actief"),
        *("aangemaakt", "vertrouwelijk", "POST_STRAAT", "Ding"),
    ]
)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.dictionaries(NAMES, PLAIN, min_size=1), min_size=1, max_size=4))
def test_whatever_is_proposed_loads(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    keyed = [{**record, "id": number} for number, record in enumerate(records, 1)]
    try:
        proposal = propose(keyed, "dingen")
    except SampleError:
        return
    assert loaded(tmp_path_factory.mktemp("m") / "m", keyed, "dingen", proposal)


def test_command_prints_or_writes_and_never_over_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "klanten.json"
    sample.write_text(json.dumps([KLANT]))
    assert cli.main(["learn", str(sample)]) == 0
    assert "# bestand: partij-identificatoren.yaml\n" in capsys.readouterr().out
    assert (
        cli.main(["learn", str(sample), "--collection", "KLANT", "--to", str(tmp_path / "m")]) == 0
    )
    assert "regels zijn zeker" in capsys.readouterr().out
    before = (tmp_path / "m" / "partijen.yaml").read_text()
    assert "collection: KLANT" in before
    assert cli.main(["learn", str(sample), "--to", str(tmp_path / "m")]) == 1
    assert "niets is geschreven" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "m" / "partijen.yaml").read_text() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weg.json", None),
        ("leeg.json", "[]"),
        ("stuk.json", "[{"),
        ("stuk.xml", "<a><b></a>"),
        ("stuk.yaml", "a: [1"),
        ("leeg.csv", ""),
        ("koppen.csv", "id;naam\n"),
        ("bericht.eml", "Subject: Paspoort\n\nHallo"),
        ("vreemd.json", '[{"id": 1, "x": 2}]'),
        ("zelfde.json", '[{"naam": "a"}, {"naam": "a"}]'),
        ("entiteit.xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'),
    ],
)
def test_what_cannot_be_learned_from_is_told(
    name: str, text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    assert cli.main(["learn", str(tmp_path / name)]) == 1
    said = capsys.readouterr()
    assert said.err
    assert not said.out
