"""Mappings that write: what is wrong is pointed at, and what a source does less is no mistake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.base import Collection, Writes
from gateway.documents import DocumentError, Finding
from gateway.mapping.compiler import Writer, interpret
from gateway.mapping.keeping import Keeper, keepers
from gateway.mapping.load import Source, load
from gateway.mapping.stream import RuleError, Stream

FIELDS = frozenset({"ID", "NAAM", "SRT", "ACTIEF", "EMAIL", "KEN", "GROEP"})
TEXT = """\
resource: actoren
streams:
  mdw:
    slot: 0
    collection: MDW
    key: {ID: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    write: {create: true, update: true, delete: record, set: {GROEP: 1}}
    rules:
      - {to: naam, from: NAAM}
      - {to: soortActor, from: SRT, values: {M: medewerker, S: geautomatiseerde_actor}}
      - {to: indicatieActief, from: ACTIEF, values: {J: true, N: false}, default: false}
      - {to: actorIdentificatie, from: KEN, values: {J: true, N: false}}
      - {to: actorIdentificatie.emailadres, from: EMAIL}
"""
CAN = Writes(True, True, True, frozenset({"ID"}), fields=FIELDS - {"ID"})


@dataclass(frozen=True)
class Mistake:
    """``old`` replaced by ``new``; the finding says ``message`` on the line that has ``new``."""

    old: str
    new: str
    message: str
    can: Writes | None = CAN


WRITE = "write: {create: true, update: true, delete: record, set: {GROEP: 1}}"
ACTIEF = "values: {J: true, N: false}, default: false}"
KEY = "key: {ID: integer}"
NOT_GIVEN = replace(CAN, generated=frozenset(), fields=FIELDS)

MISTAKES = {
    "word": Mistake(WRITE, "write: {creat: true}", "is onbekend. Bedoelde u `create`?"),
    "nothing": Mistake(WRITE, "write: {create: false}", "geef `create`, `update` of `delete`"),
    "set without create": Mistake(
        WRITE, "write: {update: true, set: {GROEP: 1}}", "`set` hoort bij `create`"
    ),
    "fill without create": Mistake(
        WRITE, "write: {update: true, fill: [{set: {GROEP: 1}}]}", "`fill` hoort bij `create`"
    ),
    "needs without create": Mistake(
        WRITE, "write: {update: true, needs: {KEN: J}}", "`needs` hoort bij `create`"
    ),
    "test in needs": Mistake(
        "set: {GROEP: 1}", "needs: {KEM: J}", "geen veld `KEM`. Bedoelde u `KEN`?"
    ),
    "field in fill": Mistake(
        "set: {GROEP: 1}",
        "fill: [{set: {GROP: 1}}]",
        "geen veld `GROP`. Bedoelde u `GROEP`?",
        None,
    ),
    "test in fill": Mistake(
        "set: {GROEP: 1}",
        "fill: [{set: {GROEP: 1}, when: {SRTT: M}}]",
        "geen veld `SRTT`. Bedoelde u `SRT`?",
    ),
    "field in fill that is not written": Mistake(
        "set: {GROEP: 1}",
        "fill: [{set: {GROEP: 2}}]",
        "de bron schrijft het veld `GROEP` niet.",
        replace(CAN, fields=FIELDS - {"GROEP"}),
    ),
    "field in set": Mistake(
        "set: {GROEP: 1}", "set: {GROP: 1}", "geen veld `GROP`. Bedoelde u `GROEP`?", None
    ),
    "field in delete": Mistake(
        "delete: record", "delete: {GROP: J}", "geen veld `GROP`. Bedoelde u `GROEP`?"
    ),
    "field that is not written": Mistake(
        "set: {GROEP: 1}",
        "set: {GROEP: 2}",
        "de bron schrijft het veld `GROEP` niet.",
        replace(CAN, fields=FIELDS - {"GROEP"}),
    ),
    "several codes": Mistake(
        ACTIEF,
        "values: {J: true, Y: true, N: false}}",
        "`true` heeft meer codes (J, Y): kies met `write: {true: J}` welke geschreven wordt, of "
        "geef `write: false`.",
    ),
    "choice of another value": Mistake(
        ACTIEF,
        "values: {J: true, N: false}, write: {true: N}}",
        "de code `N` betekent niet `true`.",
    ),
    "choice of no code": Mistake(
        ACTIEF,
        "values: {J: true, N: false}, write: {true: X}}",
        "de code `X` betekent niet `true`.",
    ),
    "choice of nothing": Mistake(
        ACTIEF,
        "values: {J: true, N: false}, default: false, write: {true: null}}",
        "leeg betekent niet `true`.",
    ),
    "choice that does not fit": Mistake(
        ACTIEF, "values: {J: true}, write: {ja: J}}", "`ja` past niet bij `indicatieActief`"
    ),
    "choice without values": Mistake(
        "{to: naam, from: NAAM}",
        "{to: naam, from: NAAM, write: {a: b}}",
        "een keuze in `write` hoort bij `values`",
    ),
    "write true": Mistake(
        "{to: naam, from: NAAM}",
        "{to: naam, from: NAAM, write: true}",
        "`streams.mdw.rules.0.write",
    ),
    "integer key": Mistake(
        KEY,
        KEY,
        "de sleutel `ID` is een geheel getal dat de bron niet zelf geeft en geen regel schrijft.",
        NOT_GIVEN,
    ),
    "key that is not written": Mistake(
        KEY,
        "key: {ID: uuid}",
        "de sleutel `ID` wordt door de bron niet gegeven, en laat zich niet schrijven.",
        replace(CAN, generated=frozenset()),
    ),
    "whether a group is there": Mistake(
        "{to: actorIdentificatie, from", "{to: actoridentificator, from", "geen attribuut"
    ),
}


def read(folder: Path, text: str = TEXT, can: Writes | None = CAN) -> tuple[Stream, ...]:
    (folder / "actoren.yaml").write_text(text)
    return load(folder, Source("bron", 1, {"MDW": Collection(FIELDS, ("ID",), writes=can)}))


@pytest.mark.parametrize("mistake", [pytest.param(m, id=name) for name, m in MISTAKES.items()])
def test_a_mistake_is_pointed_at(tmp_path: Path, mistake: Mistake) -> None:
    assert mistake.old in TEXT
    text = TEXT.replace(mistake.old, mistake.new, 1)
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, text, mistake.can)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if mistake.new in one)
    found = caught.value.findings
    assert any(mistake.message in f.message and f.line == line for f in found), found


def test_a_record_of_another_object_is_not_deleted(tmp_path: Path) -> None:
    taken = """
  beller:
    slot: 0
    collection: MDW
    key: {ID: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    write: {create: true, delete: record}
    rules:
      - {to: actor, ref: actoren.mdw, key: ID}
      - {to: klantcontact, ref: klantcontacten.contact, key: GROEP}
"""
    contact = """
resource: klantcontacten
streams:
  contact:
    slot: 0
    collection: MDW
    key: {GROEP: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    rules:
      - {to: kanaal, const: balie}
      - {to: onderwerp, const: x}
      - {to: taal, const: nld}
      - {to: vertrouwelijk, const: true}
      - {to: plaatsgevondenOp, const: '2026-01-01T00:00:00Z'}
"""
    (tmp_path / "klantcontacten.yaml").write_text(contact)
    (tmp_path / "actorklantcontacten.yaml").write_text(
        f"resource: actorklantcontacten\nstreams:{taken}"
    )
    with pytest.raises(DocumentError) as caught:
        read(tmp_path)
    message = "het record is ook dat van `actor`: noem de velden die leeg worden."
    path = str(tmp_path / "actorklantcontacten.yaml")
    assert caught.value.findings == (Finding(path, 8, message),)


def test_choices_are_asked_only_of_what_is_written(tmp_path: Path) -> None:
    several = TEXT.replace(ACTIEF, "values: {J: true, Y: true, N: false}}")
    assert read(tmp_path, several.replace(f"    {WRITE}\n", ""))
    assert read(tmp_path, several.replace("N: false}}", "N: false}, write: false}", 1))


@pytest.mark.parametrize(
    ("can", "verbs"),
    [
        (CAN, (True, True, True)),
        (replace(CAN, create=False), (False, True, True)),
        (replace(CAN, update=False), (True, False, True)),
        (replace(CAN, delete=False), (True, True, False)),
    ],
)
def test_what_the_source_cannot_do_is_not_done(
    tmp_path: Path, can: Writes, verbs: tuple[bool, bool, bool]
) -> None:
    (keeper,) = keepers(read(tmp_path, can=can))
    assert (keeper.creates, keeper.updates, keeper.deletes) == verbs


def test_a_source_that_only_reads_shares_the_mapping(tmp_path: Path) -> None:
    (stream,) = read(tmp_path, can=None)
    assert keepers([stream]) == ()
    with pytest.raises(ValueError, match="only reads"):
        Keeper(stream, [stream])


# --- reading what is there for writing ----------------------------------------------------------

RECORD = {"ID": 1, "NAAM": "Kooyman", "SRT": "M"}


@pytest.mark.parametrize(
    ("fields", "there"),
    [
        ({}, False),
        ({"KEN": "N"}, False),
        ({"KEN": "J"}, True),
        ({"EMAIL": "a@b.example"}, True),
        ({"EMAIL": "a@b.example", "KEN": "N"}, True),
    ],
)
def test_an_empty_object_is_there_if_the_source_says_so(
    tmp_path: Path, fields: dict[str, str], there: bool
) -> None:
    (stream,) = read(tmp_path)
    record = RECORD | fields
    shown = Writer(stream)(record, "u", "url", lambda path: [])
    assert (shown["actorIdentificatie"] is not None) is there
    assert shown == interpret(stream, record, "u", "url", lambda path: [])
    assert stream.gives("actorIdentificatie", record) is there


MAP = """\
resource: klantcontacten
streams:
  contact:
    slot: 0
    collection: MDW
    key: {ID: integer}
    created: {const: '2026-01-01T00:00:00Z'}
    rules:
      - {to: kanaal, const: balie}
      - {to: onderwerp, from: NAAM}
      - {to: taal, const: nld}
      - {to: vertrouwelijk, const: true}
      - {to: plaatsgevondenOp, const: '2026-01-01T00:00:00Z'}
      - {to: metadata, from: EMAIL, format: json-object}
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, {}),
        ("{}", {}),
        ('{"bron": "é", "leeg": ""}', {"bron": "é", "leeg": ""}),
    ],
)
def test_a_map_is_read_as_a_whole(tmp_path: Path, text: str | None, wanted: object) -> None:
    (stream,) = read(tmp_path, MAP)
    record = {**RECORD, "EMAIL": text}
    shown = Writer(stream)(record, "u", "url", lambda path: [])
    assert shown["metadata"] == wanted
    assert shown == interpret(stream, record, "u", "url", lambda path: [])


@pytest.mark.parametrize("text", ["x", "[]", '{"a": 1}', "[" * 100_000])
def test_a_map_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    (stream,) = read(tmp_path, MAP)
    with pytest.raises(RuleError, match=r"klantcontacten\.metadata .*JSON-object"):
        Writer(stream)({**RECORD, "EMAIL": text}, "u", "url", lambda path: [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "kanaal, const: balie}",
            "kanaal, const: balie}\n      - {to: metadata.bron, from: SRT}",
            "een andere regel geeft `metadata` al als geheel.",
        ),
        ("metadata,", "metadata.bron,", "`format: json-object` hoort bij `metadata` als geheel."),
    ],
)
def test_a_map_is_read_in_one_way(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = MAP.replace(old, new)
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, text)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "metadata.bron" in one)
    assert [(f.line, f.message) for f in caught.value.findings] == [(line, message)]
