"""Coverage of a small installation, and how it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import installation
from gateway.coverage import Attribute, Fares, Lacks, Part, Shows, coverage, report
from gateway.federation.explain import explain
from gateway.narrow import WIDTH
from gateway.standard.table import RESOURCES
from tests.helpers import gateway, mini_config
from tests.support import coverage_page
from tests.support.bodies import ACTOR
from tests.support.office import empty
from tests.support.office import office as made
from tests.support.v1 import config


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mini_config(tmp_path_factory.mktemp("mini"))


@pytest.fixture(scope="module")
def parts(mini: Path) -> dict[str, Part]:
    return {part.resource: part for part in coverage(installation.build(mini).register)}


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("nummer", Shows.READ_ONLY),
        ("soortPartij", Shows.READ_ONLY),
        ("indicatieActief", Shows.CONSTANT),
        ("uuid", Shows.DERIVED),
        ("partijIdentificatie.volledigeNaam", Shows.DERIVED),
        ("partijIdentificatoren", Shows.DERIVED),
        ("betrokkenen", Shows.NOT),
        ("voorkeursDigitaalAdres", Shows.NOT),
        ("bezoekadres.stad", Shows.NOT),
    ],
)
def test_an_attribute_is_told_by_where_its_value_comes_from(
    parts: dict[str, Part], path: str, shows: Shows
) -> None:
    assert parts["partijen"].attributes[path].shows is shows


def test_a_constant_is_told_with_its_value(parts: dict[str, Part]) -> None:
    active = parts["partijen"].attributes["indicatieActief"]
    assert active == Attribute(Shows.CONSTANT, value=True)


@pytest.mark.parametrize(
    ("param", "fares"),
    [
        ("nummer", Fares.ASKED),
        ("partijIdentificator__objectId", Fares.ASKED),
        ("bezoekadresLand", Fares.NOTHING),
        ("indicatieGeheimhouding", Fares.NOTHING),
    ],
)
def test_a_filter_is_told_by_how_it_would_be_answered(
    parts: dict[str, Part], param: str, fares: Fares
) -> None:
    assert parts["partijen"].filters[param] is fares


def test_what_no_source_has_is_not_told(parts: dict[str, Part]) -> None:
    assert list(parts) == ["partijen", "partij-identificatoren"]


def test_where_nothing_is_written_the_source_is_why(parts: dict[str, Part]) -> None:
    assert set(parts["partijen"].verbs.values()) == {Lacks.SOURCE}


def test_what_can_be_written_is_found_out_by_trying(tmp_path: Path) -> None:
    bureau = made(tmp_path, kcc=empty())
    found = {part.resource: part for part in coverage(bureau.register)}
    actor = found["actoren"]
    assert set(actor.verbs.values()) == {None}
    for path in ACTOR:
        assert actor.attributes[path] == Attribute(Shows.NATIVE, create=True, update=True)
    assert found["betrokkenen"].attributes["hadKlantcontact"].create
    assert found["partijen"].attributes["digitaleAdressen"].create
    assert not found["klantcontacten"].attributes["hadBetrokkenen"].create


def test_what_stands_in_the_record_of_another_has_room_for_one(tmp_path: Path) -> None:
    (part,) = (
        part
        for part in coverage(installation.build(config(tmp_path, "e-suite")).register)
        if part.resource == "digitaleadressen"
    )
    assert "verstrektDoorPartij" in part.within
    assert any("record van verstrektDoorPartij" in line for line in report.text([part]))


def test_what_has_to_come_along_is_told(tmp_path: Path) -> None:
    part = _parts(tmp_path, "e-suite")["partijen"]
    assert part.along == ("partij-identificatoren",)
    assert any("nieuw alleen met partij-identificatoren" in line for line in report.text([part]))
    assert _parts(tmp_path, "open-klant-1")["partijen"].along == ()


def test_of_a_map_the_names_are_told_that_a_source_has(tmp_path: Path) -> None:
    names = _parts(tmp_path, "e-suite")["klantcontacten"].attributes["metadata"].choices
    assert "afdeling" in names
    assert "bronNummer" not in names  # That is for the source to give.


def test_where_a_client_says_when_something_was_nobody_knows_when_it_was_made(
    tmp_path: Path,
) -> None:
    found = _parts(tmp_path, "open-klant-1")
    assert not found["partijen"].newest
    assert not found["klantcontacten"].newest
    assert any("wat nieuw is kan overal staan" in line for line in report.text([found["partijen"]]))
    (tmp_path / "office").mkdir()
    bureau = made(tmp_path / "office", kcc=empty())
    assert all(part.newest for part in coverage(bureau.register))


def test_what_can_be_done_with_one_kind_only_is_told(tmp_path: Path) -> None:
    found = _parts(tmp_path, "open-klant-1")
    assert found["onderwerpobjecten"].partly == ("PUT", "PATCH")  # Not where it is a zaak.
    assert found["partijen"].partly == ()
    (line,) = (x for x in report.text([found["onderwerpobjecten"]]) if "niet bij elke soort" in x)
    assert line.endswith("PUT, PATCH")


def test_an_address_shows_that_it_is_preferred_though_no_source_says_so(tmp_path: Path) -> None:
    part = _parts(tmp_path, "open-klant-1")["digitaleadressen"]
    assert part.attributes["referentie"] == Attribute(Shows.DERIVED)
    assert part.attributes["omschrijving"] == Attribute(Shows.NOT)
    assert part.filters["referentie"] is Fares.CHECKED


@pytest.mark.parametrize("system", ["open-klant-1", "e-suite"])
def test_a_number_can_be_given_to_who_is_of_its_kind(tmp_path: Path, system: str) -> None:
    number = "partijIdentificator.objectId"
    assert _parts(tmp_path, system)["partij-identificatoren"].attributes[number].create


def _parts(folder: Path, system: str) -> dict[str, Part]:
    built = installation.build(config(folder, system))
    return {part.resource: part for part in coverage(built.register)}


def test_what_a_new_object_has_to_have_or_can_have_only_is_found_out(tmp_path: Path) -> None:
    built = installation.build(config(tmp_path, "open-klant-1"))
    found = {part.resource: part for part in coverage(built.register)}
    assert found["betrokkenen"].attributes["wasPartij"].needed
    assert not found["betrokkenen"].attributes["hadKlantcontact"].needed  # The contract says so.
    assert found["betrokkenen"].attributes["rol"].choices == ("klant",)
    assert found["onderwerpobjecten"].attributes["onderwerpobjectidentificator.objectId"].sometimes
    assert found["partijen"].attributes["nummer"].longest == 8
    assert found["partijen"].attributes["bezoekadres.postcode"].choices == ()
    told = "\n".join(report.text([found["betrokkenen"]]))
    assert "bij POST: wasPartij verplicht; rol alleen klant" in told


def test_an_explanation_says_what_is_refused_whatever_there_is(tmp_path: Path) -> None:
    register = installation.build(config(tmp_path, "e-suite")).register
    told = list(explain(register, RESOURCES["klantcontacten"], []))
    assert told[1].startswith("  geweigerd (400)")
    told = list(explain(register, RESOURCES["klantcontacten"], [("nummer", "2024000001")]))
    assert not any("geweigerd (400): zo" in line for line in told)


def test_another_source_that_takes_what_is_new_is_why(tmp_path: Path) -> None:
    bureau = replace(made(tmp_path, kcc=empty(), crm=empty()), chosen={"actoren": "crm"})
    verbs = {p.source: p.verbs for p in coverage(bureau.register) if p.resource == "actoren"}
    assert verbs["kcc"] == {"POST": Lacks.OWNER, "PUT": None, "PATCH": None, "DELETE": None}
    assert set(verbs["crm"].values()) == {None}


def test_it_is_told_in_eighty_columns(parts: dict[str, Part]) -> None:
    lines = list(report.text(parts.values()))
    assert lines[0] == "partijen uit mini"
    assert max(map(len, lines)) <= WIDTH
    told = "\n".join(lines)
    assert "POST, PUT, PATCH, DELETE: nee, de bron doet het niet" in told
    assert "correspondentieadres.*" in told
    assert "bezoekadres.*" not in told


def test_the_command_tells_it_and_gives_it_as_json(mini: Path, parts: dict[str, Part]) -> None:
    told = gateway("coverage", "--config", str(mini))
    without = [path for path in RESOURCES if path not in parts]
    assert told.stdout.splitlines() == list(report.text(parts.values(), without))
    given = gateway("coverage", "--config", str(mini), "--json", "--source", "mini")
    assert json.loads(given.stdout) == report.document(parts.values())


def test_a_source_that_is_not_there_is_told(mini: Path) -> None:
    told = gateway("coverage", "--config", str(mini), "--source", "mimi")
    assert told.returncode == 2
    assert "`mimi` is geen bron" in told.stderr and "mini" in told.stderr


def test_the_page_is_what_is_computed() -> None:
    assert coverage_page.PAGE.read_text() == coverage_page.page(), "see tests.support.coverage_page"
