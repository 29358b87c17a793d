"""What a mapping says of the names of a zaak, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.base import Collection, Match, Operator
from gateway import installation
from gateway.documents import DocumentError
from gateway.mapping import names
from tests.helpers import mini_config, sql_source, write_config, write_mini

NAMES: Final = {
    "collections.sql.yaml": """\
ZAAK:
  key: UUID
  columns: {UUID: text, NR: text}
""",
    "names.yaml": "zaak: {collection: ZAAK, uuid: UUID, identificatie: NR}\n",
}
"""A register of zaken that tells nothing but how they are called."""

EXACT: Final = {Operator.IN: Match.EXACT}
COLLECTIONS: Final = {
    "zaken": Collection(
        frozenset({"uuid", "nr", "naam", "oud"}),
        ("uuid",),
        filters={"uuid": EXACT, "nr": EXACT, "oud": {Operator.IN: Match.SUPERSET}},
    )
}
GOOD: Final = "zaak: {collection: zaken, uuid: uuid, identificatie: nr}\n"


def test_the_fields_of_the_names_are_read(tmp_path: Path) -> None:
    assert names.load(tmp_path, COLLECTIONS) is None
    (tmp_path / "names.yaml").write_text(GOOD)
    word = names.load(tmp_path, COLLECTIONS)
    assert word is not None
    assert word.collection == "zaken"
    assert word.fields == {"uuid": "uuid", "identificatie": "nr"}


def test_what_the_gemeente_says_itself_counts(tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text(GOOD.replace("zaken", "elders"))
    own = tmp_path / "own"
    own.mkdir()
    (own / "names.yaml").write_text(GOOD)
    assert names.load(tmp_path, COLLECTIONS, [own]) is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace(": zaken", ": zaaken"), "geen collectie `zaaken`. Bedoelde u `zaken`?"),
        (GOOD.replace(": uuid", ": uid"), "geen veld `uid`. Bedoelde u `uuid`?"),
        (GOOD.replace(": nr", ": naam"), "op `naam` laat de bron zich niet precies vragen."),
        (GOOD.replace(": nr", ": oud"), "op `oud` laat de bron zich niet precies vragen."),
        (GOOD.replace("uuid:", "uid:"), "`zaak.uuid` ontbreekt."),
        ("zaken: {}", "`zaken` is onbekend. Bedoelde u `zaak`?"),
    ],
)
def test_a_mistake_is_pointed_at(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "names.yaml").write_text(text)
    with pytest.raises(DocumentError) as caught:
        names.load(tmp_path, COLLECTIONS)
    assert message in str(caught.value)


# --- who is asked -------------------------------------------------------------------------------


@pytest.fixture
def known_by(tmp_path: Path) -> Callable[..., set[str]]:
    """By which sources zaken are known, where ``zaken`` in the configuration is so."""

    def told(**zaken: Any) -> set[str]:
        (tmp_path / "een").mkdir()
        file = tmp_path / "zaken.sqlite"
        sources = {
            alias: sql_source(write_mini(tmp_path / alias, NAMES), file, n)
            for n, alias in enumerate(("een", "twee"), 1)
        }
        sources["mini"] = sql_source(write_mini(tmp_path / "mini"), file, 3)
        built = installation.build(write_config(tmp_path, sources, zaken=zaken))
        return set(built.register.zaken.known)

    return told


def test_who_knows_both_names_is_asked(known_by: Callable[..., set[str]]) -> None:
    assert known_by() == {"een", "twee"}


def test_the_gemeente_chooses_who_is_asked(known_by: Callable[..., set[str]]) -> None:
    assert known_by(known_by=["twee"]) == {"twee"}


def test_nobody_may_be_asked(known_by: Callable[..., set[str]]) -> None:
    assert known_by(known_by=[]) == set()


@pytest.mark.parametrize(
    ("zaken", "message"),
    [
        ({"known_by": ["minni"]}, "er is geen bron `minni`. Bedoelde u `mini`?"),
        ({"known_by": ["mini"]}, "de mapping van `mini` zegt niet waar zij de namen"),
        ({"uuid": [{"codeRegister": "a"}]}, "geef alle drie de codes"),
    ],
)
def test_a_mistake_about_zaken_is_pointed_at(
    tmp_path: Path, zaken: dict[str, Any], message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        installation.build(mini_config(tmp_path, zaken=zaken))
    assert message in str(caught.value)


def test_codes_are_those_of_one_kind_of_name(tmp_path: Path) -> None:
    codes = {"codeObjecttype": "zaak", "codeRegister": "r", "codeSoortObjectId": "s"}
    with pytest.raises(DocumentError) as caught:
        installation.build(mini_config(tmp_path, zaken={"uuid": [codes], "identificatie": [codes]}))
    assert "deze codes staan bij `uuid` en bij `identificatie`" in str(caught.value)
