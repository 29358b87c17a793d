"""YAML files of which every mistake can be pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from gateway.documents import Document, DocumentError, Finding, load, suggestion


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def findings(path: Path) -> list[tuple[int, str]]:
    """Line and message of everything that is wrong with a file."""
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert {f.file for f in caught.value.findings} == {str(path)}
    return [(f.line, f.message) for f in caught.value.findings]


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner | None = None
    several: list[Inner] = []
    by_name: dict[str, Inner] = {}
    by_number: dict[int, Inner] = {}


def parse_findings(folder: Path, text: str) -> list[tuple[int, str]]:
    """Line and message of everything that does not fit the model."""
    document = load(written(folder, text))
    with pytest.raises(DocumentError) as caught:
        document.parse(Outer)
    return [(f.line, f.message) for f in caught.value.findings]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "weg.yaml"
    ((line, message),) = findings(path)
    assert line == 0
    assert message.startswith(f"{path}: ")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    ((_, message),) = findings(tmp_path)
    assert str(tmp_path) in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1\n", 3),
        ("a: 1\n b: 2\n", 2),
        ("a: 'x\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: *weg\n", 1),
    ],
)
def test_what_is_no_yaml_is_pointed_at(tmp_path: Path, text: str, line: int) -> None:
    ((found, message),) = findings(written(tmp_path, text))
    assert (found, message[:18]) == (line, "geen geldige YAML:")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\nb: !geheim x\n", id="tag"),
        pytest.param("a: 1\n? [b]\n: c\n", id="list as a name"),
        pytest.param("a: &x [*x]\n", id="part of itself"),
        pytest.param("a: één\n".encode("latin-1"), id="not in UTF-8"),
    ],
)
def test_odd_yaml_is_a_finding_too(tmp_path: Path, text: str | bytes) -> None:
    assert findings(written(tmp_path, text))


def test_a_name_that_occurs_twice_is_pointed_at(tmp_path: Path) -> None:
    path = written(tmp_path, "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\n")
    assert findings(path) == [(5, "`c` staat er twee keer."), (6, "`a` staat er twee keer.")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("1", 1),
        ("''", ""),
        ("null", None),
    ],
)
def test_only_true_and_false_are_booleans(tmp_path: Path, text: str, value: object) -> None:
    assert load(written(tmp_path, f"a: {text}\n")).data == {"a": value}


def test_a_date_is_text(tmp_path: Path) -> None:
    assert load(written(tmp_path, "a: 2026-01-31\n")).data == {"a": "2026-01-31"}


def test_an_empty_file_has_no_data(tmp_path: Path) -> None:
    assert load(written(tmp_path, "# niets\n")).data is None


LOCATED = "a:\n  - b: 1\n  - b: 2\n    c:\n      d: 3\n"


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("a",), 1),
        (("a", 0), 2),
        (("a", 1, "b"), 3),
        (("a", 1, "c", "d"), 5),
        (("a", 1, "c", "weg", "verder"), 4),
        (("weg",), 1),
    ],
)
def test_values_have_a_line(tmp_path: Path, location: tuple[str | int, ...], line: int) -> None:
    assert load(written(tmp_path, LOCATED)).finding(location, "").line == line


def test_a_number_as_a_name_has_a_line(tmp_path: Path) -> None:
    document = load(written(tmp_path, "a:\n  1: x\n"))
    assert document.finding(("a", 1), "").line == 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("inner:\n  numbr: 1\n", 2, "`inner.numbr` is onbekend. Bedoelde u `number`?"),
        ("innr: {}\n", 1, "`innr` is onbekend. Bedoelde u `inner`?"),
        ("several:\n  - {}\n  - numbr: 1\n", 3, "`several.1.numbr` is onbekend. Bedoelde"),
        (
            "by_name:\n  x:\n    numbr: 1\n",
            3,
            "`by_name.x.numbr` is onbekend. Bedoelde u `number`?",
        ),
        ("inner:\n  number: veel\n", 2, "moet een geheel getal zijn. Er staat 'veel'."),
        ("inner:\n  heel_iets_anders: 1\n", 2, "`inner.heel_iets_anders` is onbekend."),
        ("several: {}\n", 1, "`several` moet een lijst zijn."),
        ("inner: 3\n", 1, "`inner` moet een blok met namen en waarden zijn."),
        ("- 1\n", 1, "`het document` moet een blok met namen en waarden zijn."),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    ((found, said),) = parse_findings(tmp_path, text)
    assert found == line
    assert message in said


def test_what_does_not_fit_below_a_number_is_pointed_at(tmp_path: Path) -> None:
    ((line, _),) = parse_findings(tmp_path, "by_number:\n  1: {}\n  2:\n    numbr: 1\n")
    assert line == 4


def test_everything_that_does_not_fit_is_said_at_once(tmp_path: Path) -> None:
    text = "inner:\n  number: veel\nseveral:\n  - numbr: 1\n"
    assert [line for line, _ in parse_findings(tmp_path, text)] == [2, 4]


def test_long_values_are_cut(tmp_path: Path) -> None:
    ((_, message),) = parse_findings(tmp_path, f"inner:\n  number: {'x' * 500}\n")
    assert len(message) < 150


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("partijn", " Bedoelde u `partijen`?"),
        ("partijen", ""),
        ("iets heel anders", ""),
        (7, ""),
    ],
)
def test_the_nearest_name_is_suggested(name: object, said: str) -> None:
    assert suggestion(name, ["partijen", "actoren"]) == said


def test_a_finding_reads_as_editors_like_it() -> None:
    assert str(Finding("map/a.yaml", 7, "mis.")) == "map/a.yaml:7: mis."


def test_a_finding_of_a_document_names_its_file() -> None:
    assert Document(Path("a.yaml"), {}).finding((), "mis.") == Finding("a.yaml", 1, "mis.")
