"""Steps as changes of source records: put together, in an order that can be done, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from adapters.base import Change, Create, Delete, Generated, Update
from gateway.federation.rows import Row
from gateway.federation.same import Sameness
from gateway.standard.errors import CONFLICT, METHOD_NOT_ALLOWED, VALIDATION, Problem
from gateway.standard.table import RESOURCES
from gateway.writing.changes import Translation
from gateway.writing.owners import Owners
from gateway.writing.steps import Alter, Content, Make, Remove, Step
from gateway.writing.translation import Translator
from tests.support.bodies import ADRES, BSN, PARTIJ, ref
from tests.support.office import MADE, Office, empty, installed
from tests.support.office import office as made
from tests.support.store import table
from tests.support.writing import NOW

CONTACTEN: Final = "klantcontacten"
VALUES: Final = {"kanaal": "balie", "onderwerp": "x", "taal": "nld", "vertrouwelijk": False} | {
    "plaatsgevondenOp": NOW
}
PARTIJ_VALUES: Final = {"soortPartij": "persoon", "indicatieActief": True}


def translated(
    office: Office, *steps: Step, versions: Mapping[Any, str] | None = None
) -> Translation:
    """The changes of steps."""
    owners = Owners(office.catalogue, office.chosen)
    translator = Translator(office.catalogue, owners, NOW, lambda whole, _: whole)
    return translator.translate(steps, versions or {})


def changes(office: Office, *steps: Step, alias: str = "bron") -> Sequence[Change]:
    """The changes of steps in one source."""
    return [step.change for step in translated(office, *steps).steps.get(alias, [])]


def refused(office: Office, *steps: Step) -> Problem:
    """Why steps cannot be done."""
    with pytest.raises(Problem) as caught:
        translated(office, *steps)
    return caught.value


def there(office: Office, resource: str, key: int = 1, **values: Any) -> Row:
    """An object with some values in its columns."""
    record = dict.fromkeys(office.store.collections[resource].fields)
    return office.row(resource, {**record, "ID": key, "MADE": MADE, **values})


def partij(office: Office, **values: Any) -> Row:
    return there(office, "partijen", soortPartij="persoon", indicatieActief="J", **values)


# --- one record ---------------------------------------------------------------------------------


def test_steps_on_one_record_become_one_change(office: Office) -> None:
    row = partij(office)
    first = Alter(row, Content({"interneNotitie": "een"}))
    second = Alter(row, Content({"voorkeurstaal": "nld", "interneNotitie": "twee"}))
    assert changes(office, first, second) == [
        Update("partijen", {"ID": 1}, {"interneNotitie": "twee", "voorkeurstaal": "nld"})
    ]


def test_what_is_so_already_is_no_change(office: Office) -> None:
    row = partij(office, interneNotitie="een")
    assert changes(office, Alter(row, Content({"interneNotitie": "een"}))) == []


def test_what_is_gone_is_not_changed_any_more(office: Office) -> None:
    row = partij(office)
    late = Alter(row, Content({"interneNotitie": "een"}))
    assert changes(office, Remove(row), late, Remove(row)) == [Delete("partijen", {"ID": 1})]


def test_a_version_has_to_be_still_that_one(office: Office) -> None:
    spec = office.store.collections["partijen"]
    assert spec.writes is not None
    kept = replace(spec, writes=replace(spec.writes, version="MADE"))
    known = {"bron": {**office.store.collections, "partijen": kept}}
    office.catalogue = replace(office.catalogue, collections=known)
    row = partij(office)
    for step in (Alter(row, Content({"interneNotitie": "een"})), Remove(row)):
        found = translated(office, step, versions={row.id: "3"})
        (done,) = found.steps["bron"]
        assert isinstance(done.change, Update | Delete)
        assert done.change.expected == {"MADE": "3"}


# --- what is made -------------------------------------------------------------------------------


def test_what_is_made_is_referred_to_by_the_key_that_it_gets(office: Office) -> None:
    contact = Make(RESOURCES[CONTACTEN], Content(VALUES))
    to = {"klantcontact": [contact]}
    onderwerp = Make(RESOURCES["onderwerpobjecten"], Content(references=to))
    first, second = changes(office, contact, onderwerp)
    assert isinstance(first, Create) and isinstance(second, Create)
    assert second.values["klantcontact"] == Generated(0, "ID")
    result = translated(office, contact, onderwerp)
    assert [at for _, at in result.made.values()] == [0, 1]


def test_a_change_that_needs_a_new_key_comes_after_it(office: Office) -> None:
    row = partij(office)
    adres = Make(
        RESOURCES["digitaleadressen"],
        Content(
            {"adres": "x", "soortDigitaalAdres": "overig", "isStandaardAdres": False},
            references={"verstrektDoorPartij": [row]},
        ),
    )
    steps = [
        Alter(row, Content({"interneNotitie": "een"})),
        adres,
        Alter(row, Content(references={"voorkeursDigitaalAdres": [adres]})),
        Alter(row, Content({"interneNotitie": "twee"})),
    ]
    first, create, last = changes(office, *steps)
    assert first == Update("partijen", {"ID": 1}, {"interneNotitie": "een"})
    assert isinstance(create, Create) and create.values["verstrektDoorPartij"] == 1
    both = {"voorkeursDigitaalAdres": Generated(1, "ID"), "interneNotitie": "twee"}
    assert last == Update("partijen", {"ID": 1}, both)


def test_what_nobody_asked_for_is_left_out_where_it_cannot_be_kept(tmp_path: Path) -> None:
    bureau = _without_a_rule(tmp_path, "categorie-relaties", "beginDatum")
    values = {"beginDatum": "2026-10-30", "eindDatum": None}
    resource = RESOURCES["categorie-relaties"]
    assumed = Make(resource, Content(values, assumed=frozenset({"beginDatum"})))
    (change,) = changes(bureau, assumed)
    assert isinstance(change, Create) and "beginDatum" not in change.values
    problem = refused(bureau, Make(resource, Content(values)))
    assert [param.name for param in problem.params] == ["beginDatum"]


def _without_a_rule(folder: Path, resource: str, path: str) -> Office:
    made(folder)
    file = folder / f"{resource}.yaml"
    mapping = yaml.safe_load(file.read_text())
    stream = mapping["streams"]["plain"]
    stream["rules"] = [rule for rule in stream["rules"] if rule["to"] != path]
    file.write_text(yaml.safe_dump(mapping))
    return installed(folder, {"bron": empty()})


# --- refusals -----------------------------------------------------------------------------------


def test_what_cannot_be_kept_is_named_as_the_body_calls_it(tmp_path: Path) -> None:
    bureau = _without_a_rule(tmp_path, CONTACTEN, "inhoud")
    content = Content({**VALUES, "inhoud": "x"})
    problem = refused(bureau, Make(RESOURCES[CONTACTEN], content, "klantcontact."))
    assert problem.kind is VALIDATION
    assert [(p.name, p.code) for p in problem.params] == [("klantcontact.inhoud", "not-kept")]
    row = there(bureau, CONTACTEN, **VALUES | {"vertrouwelijk": "N", "plaatsgevondenOp": MADE})
    problem = refused(bureau, Alter(row, Content({"inhoud": "x"}), ""))
    assert [param.name for param in problem.params] == ["inhoud"]


def test_what_follows_from_a_body_and_cannot_be_done_is_a_conflict(tmp_path: Path) -> None:
    bureau = _without_a_rule(tmp_path, "partijen", "interneNotitie")
    problem = refused(bureau, Alter(partij(bureau), Content({"interneNotitie": "x"})))
    assert problem.kind is CONFLICT and "partijen" in problem.detail
    assert not problem.params


def test_what_a_source_only_shows_is_not_changed(tmp_path: Path) -> None:
    bureau = made(tmp_path, shown=("partijen",))
    row, content = partij(bureau), Content({"interneNotitie": "x"})
    assert refused(bureau, Alter(row, content, "")).kind is METHOD_NOT_ALLOWED
    assert refused(bureau, Alter(row, content)).kind is CONFLICT
    assert refused(bureau, Make(RESOURCES["partijen"], content)).kind is METHOD_NOT_ALLOWED


def test_what_is_elsewhere_is_not_referred_to(tmp_path: Path) -> None:
    bureau = made(tmp_path, bron=empty(), elders=empty())
    bureau.chosen = dict.fromkeys(RESOURCES, "bron")
    record = dict.fromkeys(bureau.store.collections["partijen"].fields)
    elsewhere = bureau.row("partijen", {**record, "ID": 1, "MADE": MADE}, "elders")
    content = Content({"iban": "x"}, references={"partij": [elsewhere]})
    problem = refused(bureau, Make(RESOURCES["rekeningnummers"], content, "x."))
    (param,) = problem.params
    assert (param.name, param.code) == ("x.partij", "not-kept")
    assert "elders" in param.reason and "bron" in param.reason


# --- objects without a record of their own ------------------------------------------------------

WITHIN: Final = {
    "partijen": {
        "klant": {
            "slot": 0,
            "collection": "KLANT",
            "key": {"ID": "integer"},
            "created": {"const": "2026-01-01T00:00:00Z"},
            "write": {"create": True, "update": True, "delete": "record"},
            "rules": [
                {"to": "soortPartij", "const": "persoon"},
                {"to": "indicatieActief", "const": True},
                {"to": "interneNotitie", "from": "NOTITIE"},
            ],
        }
    },
    "digitaleadressen": {
        "email": {
            "slot": 0,
            "collection": "KLANT",
            "key": {"ID": "integer"},
            "where": {"EMAIL": {"present": True}},
            "created": {"const": "2026-01-01T00:00:00Z"},
            "write": {"create": True, "update": True, "delete": {"EMAIL": None}},
            "rules": [
                {"to": "adres", "from": "EMAIL"},
                {"to": "soortDigitaalAdres", "const": "email"},
                {"to": "verstrektDoorPartij", "ref": "partijen.klant", "key": "ID"},
            ],
        }
    },
}
EMAIL: Final = {"adres": "an@example.nl", "soortDigitaalAdres": "email", "isStandaardAdres": False}


@pytest.fixture
def klanten(tmp_path: Path) -> Office:
    """A source that keeps one address, in the record of its klant."""
    for path, streams in WITHIN.items():
        (tmp_path / f"{path}.yaml").write_text(
            yaml.safe_dump({"resource": path, "streams": streams})
        )
    tables = {"KLANT": table(["ID", "NOTITIE", "EMAIL"])}
    return installed(tmp_path, {"bron": empty(tables)})


def klant(office: Office, email: str | None = None) -> Row:
    return office.row("partijen", {"ID": 7, "NOTITIE": None, "EMAIL": email})


def adres_of(point: Row | Make) -> Make:
    to = {"verstrektDoorPartij": [point]}
    return Make(RESOURCES["digitaleadressen"], Content(EMAIL, references=to), "adres.")


def test_an_object_is_filled_in_in_the_record_that_it_belongs_to(klanten: Office) -> None:
    row = klant(klanten)
    adres = adres_of(row)
    found = translated(klanten, Alter(row, Content({"interneNotitie": "x"})), adres)
    (step,) = found.steps["bron"]
    assert step.change == Update("KLANT", {"ID": 7}, {"NOTITIE": "x", "EMAIL": "an@example.nl"})
    stream, at = found.made[adres]
    assert (stream.resource.path, at) == ("digitaleadressen", 0)


def test_an_object_is_filled_in_in_a_record_that_is_made_as_well(klanten: Office) -> None:
    partij = Make(RESOURCES["partijen"], Content(PARTIJ_VALUES))
    adres = adres_of(partij)
    found = translated(klanten, partij, adres)
    (step,) = found.steps["bron"]
    assert step.change == Create("KLANT", {"EMAIL": "an@example.nl"})
    assert [at for _, at in found.made.values()] == [0, 0]


def test_a_place_that_is_taken_is_refused(klanten: Office) -> None:
    problem = refused(klanten, adres_of(klant(klanten, "bo@example.nl")))
    assert [param.name for param in problem.params] == ["adres.verstrektDoorPartij"]


def test_the_second_of_one_write_finds_the_place_taken(klanten: Office) -> None:
    partij = Make(RESOURCES["partijen"], Content(PARTIJ_VALUES))
    problem = refused(klanten, partij, adres_of(partij), adres_of(partij))
    assert [param.name for param in problem.params] == ["adres.verstrektDoorPartij"]


def test_a_place_that_is_emptied_can_be_filled_again(klanten: Office) -> None:
    row = klant(klanten, "bo@example.nl")
    old = klanten.row("digitaleadressen", row.record)
    assert changes(klanten, Remove(old), adres_of(row)) == [
        Update("KLANT", {"ID": 7}, {"EMAIL": "an@example.nl"})
    ]


def test_what_stands_in_a_record_goes_with_it(klanten: Office) -> None:
    row = klant(klanten, "bo@example.nl")
    adres = klanten.row("digitaleadressen", row.record)
    assert changes(klanten, Remove(adres), Remove(row)) == [Delete("KLANT", {"ID": 7})]
    assert changes(klanten, Remove(adres)) == [Update("KLANT", {"ID": 7}, {"EMAIL": None})]


# --- a partij in two sources --------------------------------------------------------------------


async def twice(folder: Path, owner: str) -> tuple[Office, str]:
    """A partij that two sources know, of which one takes new partijen; the first gives values."""
    bureau = made(folder, kcc=empty(), crm=empty())
    for alias, notitie in (("kcc", "van kcc"), ("crm", "")):
        chosen = dict.fromkeys(RESOURCES, alias)
        one = replace(bureau, chosen=chosen)
        number = [{"partijIdentificator": BSN}]
        body = {**PARTIJ, "interneNotitie": notitie, "partijIdentificatoren": number}
        if alias == "crm":
            # Open Klant allows a number once; here another system has it too.
            bureau.stores["crm"].rows["partijen"].append(
                {**bureau.stores["kcc"].rows["partijen"][0], "interneNotitie": None}
            )
            bureau.stores["crm"].rows["partij-identificatoren"].append(
                dict(bureau.stores["kcc"].rows["partij-identificatoren"][0])
            )
        else:
            await one.make("partijen", **body)
    same = Sameness(("bsn",), ("kcc", "crm"))
    for store in bureau.stores.values():
        store.written.clear()
    chosen = dict.fromkeys(RESOURCES, owner)
    return replace(bureau, same=same, chosen=chosen), bureau.uuid("partijen", 1, "kcc")


async def test_of_a_partij_the_record_of_the_owner_is_changed(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "crm")
    done = await bureau.change("partijen", uuid, voorkeurstaal="nld")
    assert done.uuid == uuid and done.object["voorkeurstaal"] == "nld"
    assert not bureau.stores["kcc"].written
    assert bureau.stores["crm"].rows["partijen"][0]["voorkeurstaal"] == "nld"


async def test_for_what_another_source_has_precedence_it_is_refused(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "crm")
    with pytest.raises(Problem) as caught:
        await bureau.change("partijen", uuid, interneNotitie="van crm")
    (param,) = caught.value.params
    assert (param.name, param.code) == ("interneNotitie", "not-kept")
    assert "kcc" in param.reason
    assert not any(store.written for store in bureau.stores.values())


async def test_for_what_the_owner_gives_itself_it_is_not(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "kcc")
    done = await bureau.change("partijen", uuid, interneNotitie="anders")
    assert done.object["interneNotitie"] == "anders"


async def test_a_partij_is_deleted_in_all_its_sources(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "kcc")
    await bureau.remove("partijen", uuid)
    for store in bureau.stores.values():
        assert not store.rows["partijen"] and not store.rows["partij-identificatoren"]


async def test_what_is_of_a_partij_goes_to_the_record_beside_it(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "crm")
    adres = {**ADRES, "verstrektDoorPartij": ref(uuid)}
    done = await bureau.make("digitaleadressen", **adres)
    assert done.object["verstrektDoorPartij"]["uuid"] == uuid
    assert bureau.stores["crm"].rows["digitaleadressen"][0]["verstrektDoorPartij"] == 1


async def test_a_reference_that_another_source_gives_is_refused_too(tmp_path: Path) -> None:
    bureau, uuid = await twice(tmp_path, "crm")
    in_kcc = replace(bureau, chosen=dict.fromkeys(RESOURCES, "kcc"))
    mine = {**ADRES, "verstrektDoorPartij": ref(uuid)}
    first = await in_kcc.make("digitaleadressen", **mine)
    await in_kcc.change("partijen", uuid, voorkeursDigitaalAdres=ref(first.uuid))
    second = await bureau.make("digitaleadressen", **{**mine, "adres": "bo@example.nl"})
    with pytest.raises(Problem) as caught:
        await bureau.change("partijen", uuid, voorkeursDigitaalAdres=ref(second.uuid))
    assert [param.name for param in caught.value.params] == ["voorkeursDigitaalAdres"]
    assert "kcc" in caught.value.params[0].reason
