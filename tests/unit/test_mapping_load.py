"""Mapping files: every mistake is pointed at, in its file and on its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.base import Collection
from adapters.conditions import In
from gateway import documents
from gateway.documents import Document, DocumentError, Finding
from gateway.documents import load as load_document
from gateway.installation import build
from gateway.mapping.layers import mapping_files
from gateway.mapping.load import Source, load
from gateway.mapping.samples import samples
from gateway.mapping.stream import Stream
from tests.helpers import KCC_MAPPING, MINI, mini_config, write_mini

PARTIJEN = "partijen.yaml"
IDENTIFICATOREN = "partij-identificatoren.yaml"
SAMPLE = "samples/KLANT.yaml"

FIELDS = ("ID", "SRT", "NAAM", "BSN", "HUISNR", "AANMAAK")
SOURCE = Source("mini", 1, {"KLANT": Collection(frozenset(FIELDS), ("ID",))})


@dataclass(frozen=True)
class Mistake:
    """``old`` replaced by ``new``; the finding says ``message`` on the line that has ``at``."""

    old: str
    new: str
    message: str
    at: str = ""
    file: str = PARTIJEN


def folder_with(folder: Path, *mistakes: Mistake) -> Path:
    files = dict(MINI)
    for mistake in mistakes:
        assert mistake.old in files[mistake.file], mistake.old
        files[mistake.file] = files[mistake.file].replace(mistake.old, mistake.new, 1)
    return write_mini(folder, files)


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(DocumentError) as caught:
        load(folder, SOURCE)
    return caught.value.findings


def place(folder: Path, mistake: Mistake) -> tuple[str, int]:
    """Where the finding of a mistake should stand."""
    path = folder / mistake.file
    at = mistake.at or mistake.new
    lines = path.read_text().splitlines()
    return str(path), next(n for n, line in enumerate(lines, 1) if at in line)


# Pieces of the mini mapping that are broken below, and what then is required.
NUMMER = "- {to: nummer, from: ID}"
SOORT = "P: persoon"
ACTIEF = "{to: indicatieActief, const: true}"
KEY = "key: {ID: integer}"
WHERE = "where: {SRT: {not: V}}"
CREATED = "created: {from: AANMAAK, format: tijdstip}"
REF = "ref: partijen.klant, key: ID"
SECOND_STREAM = """\
  ander:
    slot: 0
    collection: KLANT
    key: {ID: integer}
    created: {from: AANMAAK, format: tijdstip}
    rules:
      - {to: partijIdentificator.codeObjecttype, const: natuurlijk_persoon}
      - {to: partijIdentificator.codeSoortObjectId, const: rsin}
      - {to: partijIdentificator.objectId, from: NAAM}
      - {to: partijIdentificator.codeRegister, const: hr}
"""

MISTAKES = {
    # Names that nothing has.
    "word": Mistake("slot: 0", "slto: 0", "`streams.klant.slto` is onbekend. Bedoelde u `slot`?"),
    "word in a rule": Mistake(
        NUMMER,
        "- {to: nummer, form: ID}",
        "`streams.klant.rules.0.form` is onbekend. Bedoelde u `format`?",
    ),
    "word in a test": Mistake(
        WHERE, "where: {SRT: {nit: V}}", "`streams.klant.where.0.SRT.nit` is onbekend. Bedoelde"
    ),
    "resource": Mistake(
        "resource: partijen",
        "resource: partijn",
        "`partijn` is geen resource van de standaard. Bedoelde u `partijen`?",
    ),
    "collection": Mistake(
        "collection: KLANT",
        "collection: KLATN",
        "de bron heeft geen collectie `KLATN`. Bedoelde u `KLANT`?",
    ),
    "key field": Mistake(
        KEY, "key: {IDD: integer}", "de collectie heeft geen veld `IDD`. Bedoelde u `ID`?"
    ),
    "field in where": Mistake(
        WHERE, "where: {STR: {not: V}}", "de collectie heeft geen veld `STR`. Bedoelde u `SRT`?"
    ),
    "field in one of where": Mistake(
        WHERE,
        "where:\n      - {SRT: P}\n      - {STR: B}",
        "de collectie heeft geen veld `STR`. Bedoelde u `SRT`?",
        at="{STR: B}",
    ),
    "field of created": Mistake(
        CREATED,
        "created: {from: AANMAK, format: tijdstip}",
        "de collectie heeft geen veld `AANMAK`. Bedoelde u `AANMAAK`?",
    ),
    "field of a rule": Mistake(
        "from: HUISNR",
        "from: HUISNUMMER",
        "de collectie heeft geen veld `HUISNUMMER`. Bedoelde u `HUISNR`?",
    ),
    "field in when": Mistake(
        "when: {SRT: B}", "when: {STR: B}", "de collectie heeft geen veld `STR`. Bedoelde u `SRT`?"
    ),
    "field in first_of": Mistake(
        NUMMER,
        "- {to: nummer, first_of: [ID, NAMA]}",
        "de collectie heeft geen veld `NAMA`. Bedoelde u `NAAM`?",
    ),
    "field in join": Mistake(
        NUMMER,
        "- {to: nummer, join: {fields: [ID, NAMA]}}",
        "de collectie heeft geen veld `NAMA`. Bedoelde u `NAAM`?",
    ),
    "attribute": Mistake(
        "to: soortPartij",
        "to: sortPartij",
        "partijen heeft geen attribuut `sortPartij`. Bedoelde u `soortPartij`?",
    ),
    "attribute in a group": Mistake(
        "bezoekadres.huisnummer",
        "bezoekadres.huisnumer",
        "partijen heeft geen attribuut `bezoekadres.huisnumer`. "
        "Bedoelde u `bezoekadres.huisnummer`?",
    ),
    "reference": Mistake(
        "to: identificeerdePartij",
        "to: identificerdePartij",
        "`identificerdePartij` is geen verwijzing van partij-identificatoren. "
        "Bedoelde u `identificeerdePartij`?",
        file=IDENTIFICATOREN,
    ),
    "stream": Mistake(
        REF,
        "ref: partijen.klnat, key: ID",
        "er is geen stroom `partijen.klnat`; schrijf `partijen.<stroom>`. "
        "Bedoelde u `partijen.klant`?",
        file=IDENTIFICATOREN,
    ),
    "key of a reference": Mistake(
        REF,
        "ref: partijen.klant, key: IDD",
        "de collectie heeft geen veld `IDD`. Bedoelde u `ID`?",
        file=IDENTIFICATOREN,
    ),
    "format": Mistake(
        CREATED,
        "created: {from: AANMAAK, format: tijdstp}",
        "`tijdstp` is geen bekend formaat. Bedoelde u `tijdstip`?",
    ),
    "option of a format": Mistake(
        CREATED,
        "created: {from: AANMAAK, format: {name: tijdstip, zon: UTC}}",
        "tijdstip: `zon` is onbekend. Bedoelde u `zone`?",
    ),
    "time zone": Mistake(
        CREATED,
        "created: {from: AANMAAK, format: {name: tijdstip, zone: Mars}}",
        "tijdstip: `zone`: onbekende tijdzone",
    ),
    "type of a key": Mistake(
        KEY,
        "key: {ID: intger}",
        "`streams.klant.key.ID.type` is geen keuze uit 'integer', 'uuid' of 'text'.",
    ),
    # Twice.
    "slot twice": Mistake(
        "  bsn:\n    slot: 0\n",
        SECOND_STREAM + "  bsn:\n    slot: 0 # again\n",
        "slot 0 is al van de stroom `ander`.",
        at="# again",
        file=IDENTIFICATOREN,
    ),
    "word twice": Mistake(
        "slot: 0", "slot: 0\n    slot: 1", "`slot` staat er twee keer.", at="slot: 1"
    ),
    "code twice": Mistake(SOORT, "P: persoon, P: persoon", "`P` staat er twee keer."),
    "attribute twice": Mistake(
        NUMMER,
        NUMMER + "\n      - {to: nummer, from: BSN}",
        "een tweede regel voor `nummer`: geef beide een `when` op hetzelfde veld",
        at="{to: nummer, from: BSN}",
    ),
    "attribute twice when both may hold": Mistake(
        "{to: partijIdentificatie.naam, from: NAAM, when: {SRT: B}}",
        "{to: partijIdentificatie.naam, from: NAAM, when: {SRT: B}}\n"
        "      - {to: partijIdentificatie.naam, from: BSN, when: {SRT: [V, B]}}",
        "een tweede regel voor `partijIdentificatie.naam`",
        at="[V, B]",
    ),
    "reference twice": Mistake(
        "- {to: identificeerdePartij, " + REF + "}",
        "- {to: identificeerdePartij, " + REF + "}\n"
        "      - {to: identificeerdePartij, ref: partijen.klant, key: HUISNR}",
        "een tweede regel voor `identificeerdePartij`",
        at="HUISNR",
        file=IDENTIFICATOREN,
    ),
    # What does not fit.
    "required attribute": Mistake(
        "      - " + ACTIEF + "\n",
        "",
        "er is geen regel voor het verplichte attribuut `indicatieActief`.",
        at="klant:",
    ),
    "code of an enumeration": Mistake(
        SOORT,
        "P: persoo",
        "`persoo` past niet bij `soortPartij` "
        "(een keuze uit persoon, organisatie, contactpersoon). Bedoelde u `persoon`?",
    ),
    "constant of an enumeration": Mistake(
        "codeRegister, const: brp",
        "codeRegister, const: bpr",
        "`bpr` past niet bij `codeRegister` (een keuze uit brp, hr). Bedoelde u `brp`?",
        file=IDENTIFICATOREN,
    ),
    "constant of a boolean": Mistake(
        ACTIEF,
        "{to: indicatieActief, const: ja}",
        "`ja` past niet bij `indicatieActief` (true of false).",
    ),
    "text as a boolean": Mistake(
        NUMMER,
        "- {to: interneNotitie, const: true}",
        "`True` past niet bij `interneNotitie` (tekst; zet haar zo nodig tussen aanhalingstekens).",
    ),
    "default of a number": Mistake(
        "from: HUISNR",
        "from: HUISNR, default: geen",
        "`geen` past niet bij `huisnummer` (een geheel getal).",
    ),
    "value for an unknown code": Mistake(
        "values: {P: persoon, B: organisatie}",
        "values: {P: persoon, B: organisatie}, unknown: {value: mens}",
        "`mens` past niet bij `soortPartij`",
        at="mens",
    ),
    "boolean without values": Mistake(
        ACTIEF,
        "{to: indicatieActief, from: SRT}",
        "`indicatieActief` is een boolean: geef met `values` aan wat waar is.",
    ),
    "slot too high": Mistake(
        "slot: 0", "slot: 16", "`streams.klant.slot` mag hoogstens 15 zijn. Er staat 16."
    ),
    "target of another resource": Mistake(
        REF,
        "ref: partij-identificatoren.bsn, key: ID",
        "`identificeerdePartij` verwijst naar partijen, niet naar partij-identificatoren.",
        file=IDENTIFICATOREN,
    ),
    "key of several fields": Mistake(
        REF,
        "ref: partijen.klant, key: [ID, HUISNR]",
        "een verwijzing wijst met één veld naar een enkele sleutel.",
        file=IDENTIFICATOREN,
    ),
    # What does not go together.
    "reference as a value": Mistake(
        NUMMER,
        "- {to: voorkeursDigitaalAdres, from: ID}",
        "`voorkeursDigitaalAdres` is een verwijzing: geef `ref` en `key`.",
    ),
    "reference without key": Mistake(
        REF, "ref: partijen.klant", "`ref` en `key` horen bij elkaar", file=IDENTIFICATOREN
    ),
    "through another key to a stream": Mistake(
        REF,
        "ref: partijen.klant, key: ID, through: email",
        "`through` hoort bij `ref` naar een resource, zonder stroom",
        file=IDENTIFICATOREN,
    ),
    "through another key, required": Mistake(
        REF,
        "ref: partijen, key: ID, through: email, required: true",
        "`through` wijst niemand zeker aan: niet met `required` of `write`",
        file=IDENTIFICATOREN,
    ),
    "through a key that says nothing": Mistake(
        NUMMER,
        "- {to: voorkeursDigitaalAdres, ref: digitaleadressen, key: ID, through: email}",
        "een email zegt hier niet naar welke digitaleadressen er wordt verwezen.",
    ),
    "through another key to another resource": Mistake(
        REF,
        "ref: actoren, key: ID, through: email",
        "`identificeerdePartij` verwijst naar partijen, niet naar actoren.",
        file=IDENTIFICATOREN,
    ),
    "required without reference": Mistake(
        NUMMER, "- {to: nummer, from: ID, required: true}", "`required` hoort bij `ref`"
    ),
    "two sources of a value": Mistake(
        NUMMER, "- {to: nummer, from: ID, const: x}", "geef precies een van `from`, `const`,"
    ),
    "values and format": Mistake(
        NUMMER,
        "- {to: nummer, from: ID, values: {'1': a}, format: trim}",
        "geef `values` of `format`, niet beide",
    ),
    "unknown without values": Mistake(
        NUMMER, "- {to: nummer, from: ID, unknown: keep}", "`unknown` hoort bij `values`"
    ),
    "format of a reference": Mistake(
        REF, "ref: partijen.klant, key: ID, format: trim", "`format`", file=IDENTIFICATOREN
    ),
    "default of a reference": Mistake(
        REF, "ref: partijen.klant, key: ID, default: 3", "`default`", file=IDENTIFICATOREN
    ),
    "two tests in one": Mistake(
        WHERE, "where: {SRT: {not: V, present: true}}", "geef precies een van `in`, `not` en"
    ),
    "code that YAML reads as yes or no": Mistake(
        WHERE, "where: {SRT: {not: true}}", "zet deze waarde tussen aanhalingstekens"
    ),
    "length of a key that is no text": Mistake(
        KEY, "key: {ID: {type: integer, length: 3}}", "een tekstsleutel heeft `alphabet` en"
    ),
    "widths that do not fit": Mistake(
        NUMMER,
        "- {to: nummer, join: {fields: [ID, BSN], widths: [3]}}",
        "geef voor elk veld in `fields` een breedte in `widths`",
    ),
    "syntax": Mistake(NUMMER, "- [x", "geen geldige YAML", at="soortPartij"),
    # Samples.
    "field of a sample": Mistake(
        "NAAM: Fiets",
        "NAMA: Fiets",
        "de collectie heeft geen veld `NAMA`. Bedoelde u `NAAM`?",
        file=SAMPLE,
    ),
    "code in a sample": Mistake(
        "SRT: B", "SRT: X", "partijen.soortPartij (klant): onbekende code", file=SAMPLE
    ),
    "moment in a sample": Mistake(
        "'20260202030405'",
        "'2026-02-02'",
        "partijen.created (klant): geen datum of tijd in het opgegeven patroon",
        file=SAMPLE,
    ),
    "number in a sample": Mistake(
        "HUISNR: null", "HUISNR: zeven", "partijen.bezoekadres.huisnummer (klant): ", file=SAMPLE
    ),
    "no key in a sample": Mistake(
        "ID: 2", "ID: null", "partijen.uuid (klant): sleutel ontbreekt", file=SAMPLE
    ),
    "no required value in a sample": Mistake(
        "SRT: B", "SRT: ''", "partijen.soortPartij (klant): de bron heeft geen waarde", file=SAMPLE
    ),
    "sample that is no list": Mistake(
        MINI[SAMPLE], "ID: 1", "een voorbeeldbestand is een lijst van records.", file=SAMPLE
    ),
    "sample that is no YAML": Mistake("{ID: 2", "[ID: 2", "geen geldige YAML", file=SAMPLE),
}


@pytest.mark.parametrize(
    "mistake",
    [pytest.param(m, id=name) for name, m in MISTAKES.items()],
)
def test_a_mistake_is_pointed_at(tmp_path: Path, mistake: Mistake) -> None:
    folder = folder_with(tmp_path, mistake)
    file, line = place(folder, mistake)
    found = findings(folder)
    assert any(mistake.message in f.message for f in found if (f.file, f.line) == (file, line)), (
        list(map(str, found))
    )


def test_the_mapping_that_is_broken_above_is_right(tmp_path: Path) -> None:
    names = [str(stream) for stream in load(write_mini(tmp_path), SOURCE)]
    assert names == ["mini:partij-identificatoren.bsn", "mini:partijen.klant"]


def test_mistakes_in_several_files_are_said_at_once(tmp_path: Path) -> None:
    mistakes = [MISTAKES[n] for n in ("attribute", "format", "code of an enumeration", "reference")]
    folder = folder_with(tmp_path, *mistakes)
    assert {(f.file, f.line) for f in findings(folder)} >= {place(folder, m) for m in mistakes}


def test_a_file_that_cannot_be_read_hides_no_mistake_elsewhere(tmp_path: Path) -> None:
    syntax = Mistake("resource:", "resource: [", "", file=PARTIJEN)
    folder = folder_with(tmp_path, syntax, MISTAKES["reference"])
    assert place(folder, MISTAKES["reference"]) in {(f.file, f.line) for f in findings(folder)}


def test_a_file_that_cannot_be_read_has_no_missing_streams(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, Mistake("resource:", "resource: [", "", file=PARTIJEN))
    assert {Path(f.file).name for f in findings(folder)} == {PARTIJEN}


def test_a_misspelt_resource_has_no_missing_streams(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, MISTAKES["resource"])
    assert {Path(f.file).name for f in findings(folder)} == {PARTIJEN}


def test_a_sample_of_an_unknown_collection_is_pointed_at(tmp_path: Path) -> None:
    folder = write_mini(tmp_path, {**MINI, "samples/KLATN.yaml": "- {ID: 1}\n"})
    (found,) = findings(folder)
    assert str(found).endswith(
        "KLATN.yaml:1: de bron heeft geen collectie `KLATN`. Bedoelde u `KLANT`?"
    )


def test_a_finding_on_a_sample_names_the_file_of_the_rule(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, MISTAKES["code in a sample"])
    assert any(f.message.endswith(f"(regel in {folder / PARTIJEN})") for f in findings(folder))


def test_a_sample_that_the_stream_does_not_show_is_not_read(tmp_path: Path) -> None:
    thrown_away = Mistake("SRT: B", "SRT: V", "", file=SAMPLE)
    assert load(folder_with(tmp_path, thrown_away), SOURCE)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (found,) = findings(tmp_path / "weg")
    assert str(found) == f"{tmp_path / 'weg'}: deze map bestaat niet."


def test_a_map_is_written_name_by_name(tmp_path: Path) -> None:
    text = MINI[PARTIJEN].replace("resource: partijen", "resource: klantcontacten")
    folder = write_mini(tmp_path, {PARTIJEN: text.replace("to: nummer", "to: metadata")})
    messages = [f.message for f in findings(folder) if f.line == 10]
    assert messages == [
        "schrijf `metadata.<naam>`: elke naam in `metadata` is een eigen regel; of geef "
        "`format: json-object`, als een veld ze alle heeft."
    ]


EXCLUSIVE = {
    "other values": ("{SRT: P}", "{SRT: [B, V]}"),
    "a value and not that value": ("{SRT: P}", "{SRT: {not: [P, B]}}"),
    "filled and empty": ("{BSN: {present: true}}", "{BSN: {present: false}}"),
    "a value and empty": ("{SRT: P}", "{SRT: {present: false}}"),
    "one of several fields": ("{SRT: P, BSN: '1'}", "{HUISNR: 1, BSN: '2'}"),
}
OVERLAPPING = {
    "the same value": ("{SRT: P}", "{SRT: [B, P]}"),
    "other fields": ("{SRT: P}", "{BSN: '1'}"),
    "not the one and not the other": ("{SRT: {not: P}}", "{SRT: {not: B}}"),
    "a value that the other leaves": ("{SRT: P}", "{SRT: {not: B}}"),
    "a value and filled": ("{SRT: P}", "{SRT: {present: true}}"),
    "not a value and empty": ("{SRT: {not: P}}", "{SRT: {present: false}}"),
}


def two_rules(folder: Path, one: str, other: str) -> Path:
    rules = [f"{{to: nummer, from: {f}, when: {w}}}" for f, w in (("ID", one), ("BSN", other))]
    both = Mistake(NUMMER, "- " + "\n      - ".join(rules), "", file=PARTIJEN)
    return folder_with(folder, both)


@pytest.mark.parametrize(("one", "other"), EXCLUSIVE.values(), ids=EXCLUSIVE)
def test_two_rules_may_exclude_each_other(tmp_path: Path, one: str, other: str) -> None:
    assert load(two_rules(tmp_path, one, other), SOURCE)


@pytest.mark.parametrize(("one", "other"), OVERLAPPING.values(), ids=OVERLAPPING)
def test_two_rules_that_may_both_hold_are_refused(tmp_path: Path, one: str, other: str) -> None:
    assert "een tweede regel voor `nummer`" in str(findings(two_rules(tmp_path, one, other))[0])


# --- rules of a gemeente's own, laid over the mapping ---

OVER = """\
resource: partijen
streams:
  klant:
    rules:
      - {to: nummer, from: BSN}
"""


def over(folder: Path, text: str = OVER, file: str = PARTIJEN) -> Path:
    return write_mini(folder / "own", {file: text})


def stream(streams: Iterable[Stream], name: str) -> Stream:
    return next(s for s in streams if s.name == name)


def test_a_rule_laid_over_replaces_that_rule(tmp_path: Path) -> None:
    klant = stream(load(write_mini(tmp_path), SOURCE, [over(tmp_path)]), "klant")
    (option,) = klant.attributes["nummer"].options
    assert option.expression.fields == ("BSN",)


def test_of_several_folders_laid_over_the_last_counts(tmp_path: Path) -> None:
    other = write_mini(tmp_path / "other", {PARTIJEN: OVER.replace("BSN", "SRT")})
    own = over(tmp_path)
    for layers, field in (([own, other], "SRT"), ([other, own], "BSN")):
        klant = stream(load(write_mini(tmp_path), SOURCE, layers), "klant")
        (option,) = klant.attributes["nummer"].options
        assert option.expression.fields == (field,)


def test_a_rule_laid_over_leaves_the_others(tmp_path: Path) -> None:
    plain = stream(load(write_mini(tmp_path), SOURCE), "klant")
    klant = stream(load(tmp_path, SOURCE, [over(tmp_path)]), "klant")
    assert set(klant.attributes) == set(plain.attributes)
    assert klant.where == plain.where


def test_a_word_laid_over_replaces_that_word(tmp_path: Path) -> None:
    text = "resource: partijen\nstreams:\n  klant:\n    where: {SRT: P}\n"
    klant = stream(load(write_mini(tmp_path), SOURCE, [over(tmp_path, text)]), "klant")
    assert klant.where == In("SRT", ("P",))


def test_a_stream_laid_over_is_added(tmp_path: Path) -> None:
    text = "resource: partij-identificatoren\nstreams:\n" + SECOND_STREAM.replace("0", "1", 1)
    streams = load(write_mini(tmp_path), SOURCE, [over(tmp_path, text, IDENTIFICATOREN)])
    assert {s.name for s in streams} == {"klant", "bsn", "ander"}


def test_a_file_of_its_own_is_added(tmp_path: Path) -> None:
    text = MINI[PARTIJEN].replace("resource: partijen", "resource: actoren")
    folder = over(tmp_path, text, "actoren.yaml")
    with pytest.raises(DocumentError) as caught:
        load(write_mini(tmp_path), SOURCE, [folder])
    assert {Path(f.file) for f in caught.value.findings} == {folder / "actoren.yaml"}


def test_a_mistake_in_what_is_laid_over_is_pointed_at_there(tmp_path: Path) -> None:
    folder = over(tmp_path, OVER.replace("BSN", "BSM"))
    with pytest.raises(DocumentError) as caught:
        load(write_mini(tmp_path), SOURCE, [folder])
    (found,) = caught.value.findings
    assert (Path(found.file), found.line) == (folder / PARTIJEN, 5)
    assert found.message.endswith("Bedoelde u `BSN`?")


def test_a_mistake_below_what_is_laid_over_is_pointed_at_there(tmp_path: Path) -> None:
    mistake = MISTAKES["field in when"]
    folder = folder_with(tmp_path, mistake)
    with pytest.raises(DocumentError) as caught:
        load(folder, SOURCE, [over(tmp_path)])
    assert place(folder, mistake) in {(f.file, f.line) for f in caught.value.findings}


def test_a_folder_to_lay_over_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="deze map bestaat niet"):
        load(write_mini(tmp_path), SOURCE, [tmp_path / "weg"])


@pytest.mark.parametrize(
    "rules",
    [
        "x",
        "{to: nummer, from: BSN}",
        "[x]",
        "3",
    ],
)
def test_rules_of_another_shape_are_a_finding(tmp_path: Path, rules: str) -> None:
    text = f"resource: partijen\nstreams:\n  klant:\n    rules: {rules}\n"
    with pytest.raises(DocumentError):
        load(write_mini(tmp_path), SOURCE, [over(tmp_path, text)])


# --- what only the whole installation shows ---


@pytest.fixture
def installed(tmp_path: Path) -> Callable[[Mistake], list[str]]:
    """Put a mistake in an installation; what the findings say."""

    def change(mistake: Mistake) -> list[str]:
        config = mini_config(tmp_path)
        folder_with(tmp_path / "mapping", mistake)
        with pytest.raises(DocumentError) as caught:
            build(config)
        return [str(finding) for finding in caught.value.findings]

    return change


def test_a_sample_with_a_key_of_another_form_is_pointed_at(
    installed: Callable[[Mistake], list[str]],
) -> None:
    found = installed(Mistake("ID: 2", "ID: -2", "", file=SAMPLE))
    assert any(
        "KLANT.yaml:2: partijen.uuid (klant): sleutel is geen geheel getal dat past" in one
        for one in found
    )


def test_a_key_that_does_not_fit_in_a_uuid_is_refused(
    installed: Callable[[Mistake], list[str]],
) -> None:
    key = Mistake(KEY, "key: {NAAM: {type: text, alphabet: a-zA-Z0-9, length: 20}}", "")
    assert "de sleutel is te lang om in een uuid te passen" in str(installed(key))


def test_an_alphabet_that_runs_backwards_is_refused(
    installed: Callable[[Mistake], list[str]],
) -> None:
    key = Mistake(KEY, "key: {NAAM: {type: text, alphabet: z-a, length: 2}}", "")
    assert "`z-a` loopt achteruit" in str(installed(key))


@pytest.mark.parametrize(("old", "new"), [("ID: 2", "ID: x999993653"), ("null", "x999993653")])
def test_a_finding_does_not_repeat_what_a_record_holds(
    installed: Callable[[Mistake], list[str]], old: str, new: str
) -> None:
    assert "999993653" not in str(installed(Mistake(old, new, "", file=SAMPLE)))


def test_no_file_is_read_again_for_every_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = mini_config(tmp_path)
    read: Counter[str] = Counter()

    def reading(path: Path) -> Document:
        read[path.name] += 1
        return load_document(path)

    monkeypatch.setattr(documents, "load", reading)
    build(config)
    assert max(read.values()) <= 2


# --- the mapping that is delivered ---


def test_every_collection_of_the_sample_mapping_has_samples() -> None:
    described = set(samples(KCC_MAPPING))
    used = {word for path in mapping_files(KCC_MAPPING) for word in _collections(path)}
    assert used <= described


def _collections(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [line.split(":")[1].strip() for line in lines if line.startswith("    collection:")]
