"""Who takes what: verbs, the source of new objects, and actoren that no source takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from gateway.federation.rows import Row
from gateway.standard.errors import METHOD_NOT_ALLOWED, VALIDATION, Problem
from gateway.standard.table import RESOURCES
from gateway.writing.owners import Owners
from tests.support.bodies import ACTOR, PARTIJ
from tests.support.office import Office, empty
from tests.support.office import office as made

EVERY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CODES: Final = {"codeObjecttype": "mdw", "codeRegister": "msei", "codeSoortObjectId": "email"}
AN: Final = {**CODES, "objectId": "an@example.nl"}


def test_what_can_be_done_follows_from_what_is_mapped(tmp_path: Path) -> None:
    bureau = made(tmp_path, shown=("actoren", "betrokkenen"))
    owners = bureau.register.owners
    verbs = {path: owners.verbs(path) for path in RESOURCES}
    assert verbs.pop("actoren") == verbs.pop("betrokkenen") == frozenset()
    assert set(verbs.values()) == {EVERY}
    assert owners.verbs("maak-klantcontact") == frozenset()


def test_a_contact_is_made_where_all_its_parts_are(office: Office) -> None:
    assert office.register.verbs("maak-klantcontact") == {"POST"}


def test_of_several_sources_one_has_to_be_chosen(tmp_path: Path) -> None:
    bureau = made(tmp_path, kcc=empty(), crm=empty())
    assert dict(bureau.register.owners.undecided()) == dict.fromkeys(RESOURCES, ("kcc", "crm"))
    chosen = {**dict.fromkeys(RESOURCES, "kcc"), "partijen": "crm"}
    owners = Owners(bureau.catalogue, chosen)
    assert not owners.undecided()
    assert {k.stream.source for k in owners.creating("partijen")} == {"crm"}
    assert {k.stream.source for k in owners.creating("actoren")} == {"kcc"}


async def test_a_new_object_goes_to_the_chosen_source(tmp_path: Path) -> None:
    bureau = replace(made(tmp_path, kcc=empty(), crm=empty()), chosen={"partijen": "crm"})
    await bureau.make("partijen", **PARTIJ)
    assert not bureau.stores["kcc"].written and bureau.stores["crm"].rows["partijen"]


def test_a_partij_is_changed_in_the_source_that_takes_new_ones(tmp_path: Path) -> None:
    bureau = made(tmp_path, kcc=empty(), crm=empty())
    first, second = (_partij(bureau, alias) for alias in ("kcc", "crm"))
    whole = replace(first, others=(second,))
    for alias, row in (("kcc", first), ("crm", second)):
        owners = Owners(bureau.catalogue, {"partijen": alias})
        assert owners.member(whole).id == row.id


def _partij(bureau: Office, alias: str) -> Row:
    record = dict.fromkeys(bureau.stores[alias].collections["partijen"].fields)
    return bureau.row("partijen", {**record, "ID": 1, "MADE": "2026-01-01T00:00:00.0"}, alias)


# --- actoren that no source takes ---------------------------------------------------------------


async def users(folder: Path, *codes: dict[str, str]) -> Office:
    """An installation whose actoren are the users of a system."""
    maker = made(folder)
    for one in codes:
        await maker.make("actoren", **ACTOR, actoridentificator=one)
    bureau = made(folder, shown=("actoren",), bron=maker.store)
    maker.store.written.clear()
    return replace(bureau, known_actoren=True)


async def test_who_asks_for_a_user_as_an_actor_is_given_it(tmp_path: Path) -> None:
    bureau = await users(tmp_path, AN, {**AN, "objectId": "bo@example.nl"})
    assert bureau.register.verbs("actoren") == {"POST"}
    body = {**ACTOR, "naam": "Anders geschreven", "actoridentificator": AN}
    done = await bureau.make("actoren", **body)
    assert done.uuid == bureau.uuid("actoren", 1)
    assert done.object["naam"] == ACTOR["naam"] and done.object["actoridentificator"] == AN
    assert done.object["url"].endswith(done.uuid)
    assert not bureau.store.written


@pytest.mark.parametrize(
    ("codes", "known"),
    [
        pytest.param({"objectId": "bo@example.nl"}, [AN], id="nobody"),
        pytest.param({"codeRegister": "handmatig"}, [AN], id="by another code"),
        pytest.param({}, [AN, AN], id="two"),
        pytest.param({"objectId": ""}, [AN], id="not said"),
    ],
)
async def test_who_is_not_that_one_user_is_refused_by_name(
    tmp_path: Path, codes: dict[str, str], known: list[dict[str, str]]
) -> None:
    bureau = await users(tmp_path, *known)
    with pytest.raises(Problem) as caught:
        await bureau.make("actoren", **ACTOR, actoridentificator={**AN, **codes})
    assert caught.value.kind is VALIDATION
    (param,) = caught.value.params
    assert (param.name, param.code) == ("actoridentificator.objectId", "not-kept")
    assert "example" not in param.reason


async def test_a_code_that_is_not_given_is_not_looked_for(tmp_path: Path) -> None:
    bureau = await users(tmp_path, AN)
    some = {**AN, "codeRegister": "", "codeObjecttype": ""}
    done = await bureau.make("actoren", **ACTOR, actoridentificator=some)
    assert done.uuid == bureau.uuid("actoren", 1)


async def test_a_body_is_judged_before_anyone_is_looked_for(tmp_path: Path) -> None:
    bureau = await users(tmp_path, AN)
    body: dict[str, Any] = {"soortActor": "iemand", "actoridentificator": AN}
    with pytest.raises(Problem) as caught:
        await bureau.make("actoren", **body)
    assert [param.name for param in caught.value.params] == ["naam", "soortActor"]


async def test_unless_that_is_chosen_there_is_no_such_verb(tmp_path: Path) -> None:
    bureau = replace(await users(tmp_path, AN), known_actoren=False)
    assert bureau.register.verbs("actoren") == frozenset()
    with pytest.raises(Problem) as caught:
        await bureau.make("actoren", **ACTOR, actoridentificator=AN)
    assert caught.value.kind is METHOD_NOT_ALLOWED


async def test_where_a_source_takes_new_actoren_they_are_made(office: Office) -> None:
    bureau = replace(office, known_actoren=True)
    first = await bureau.make("actoren", **ACTOR, actoridentificator=AN)
    second = await bureau.make("actoren", **ACTOR, actoridentificator=AN)
    assert first.uuid != second.uuid


def test_where_there_are_no_actoren_none_can_be_meant(office: Office) -> None:
    streams = {path: group for path, group in office.catalogue.streams.items() if path != "actoren"}
    owners = Owners(replace(office.catalogue, streams=streams), {}, known_actoren=True)
    assert "POST" not in owners.verbs("actoren")
