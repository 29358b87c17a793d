"""Changes in a source that does not do them at once: their order, what undoes them, what is told.

The write is that of ``maak-klantcontact``: three records, of which two refer to the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from adapters.base import (
    Change,
    Collection,
    Create,
    Delete,
    Failure,
    Generated,
    SourceError,
    Update,
)
from gateway.sources.caller import Caller
from gateway.sources.meter import Meter
from gateway.standard.errors import (
    OUTCOME_UNKNOWN,
    PARTLY_DONE,
    SOURCE_REFUSED,
    SOURCE_TIMEOUT,
    Problem,
)
from gateway.writing import register as writing
from gateway.writing.changes import SourceStep, Translation
from gateway.writing.recipe import Recipe
from tests.helpers import LogLines
from tests.support.bodies import ADRES, BETROKKENE, CONTACT, PARTIJ, ref
from tests.support.installations import GENEROUS
from tests.support.office import Office, collections, empty, installed, office
from tests.support.store import Store

BODY: Final[Mapping[str, Any]] = {
    "klantcontact": CONTACT,
    "betrokkene": {**BETROKKENE, "contactnaam": {"achternaam": "Kooyman"}},
    "onderwerpobject": {"onderwerpobjectidentificator": {"objectId": "zaak-geheim"}},
}
PARTS: Final = ("klantcontacten", "betrokkenen", "onderwerpobjecten")
SECRETS: Final = ("Kooyman", "zaak-geheim", "Paspoort")


def of(*resources: str) -> Callable[[Sequence[Change]], bool]:
    """Whether a new record of one of these is among changes."""
    return lambda changes: any(
        isinstance(change, Create) and change.collection in resources for change in changes
    )


def fails(failure: Failure, meant: Callable[[Sequence[Change]], bool]) -> Any:
    """A failure that befalls some changes."""
    return lambda changes: failure if meant(changes) else None


def undoing(changes: Sequence[Change]) -> bool:
    """Whether changes take something back."""
    return any(isinstance(change, Delete) for change in changes)


def either(first: Any, second: Any) -> Any:
    """The first failure, or the second."""
    return lambda changes: first(changes) or second(changes)


@pytest.fixture
def steps(tmp_path: Path) -> Callable[..., Office]:
    """An installation whose source does one change at a time."""

    def made(tables: Mapping[str, Collection] | None = None, **settings: Any) -> Office:
        return office(tmp_path, bron=empty(tables, atomic=False, **settings))

    return made


def recipe(bureau: Office) -> Recipe:
    """A recipe of which the changes are done one by one."""
    caller = Caller(bureau.register._sources, Meter(GENEROUS))
    return Recipe(bureau.catalogue, caller, lambda: caller, lambda _: False)


async def test_each_step_is_announced_with_what_is_there_already(
    steps: Callable[..., Office], log: LogLines
) -> None:
    bureau = steps()
    made = await bureau.contact(**BODY)
    assert [change.collection for (change,) in bureau.store.written] == list(PARTS)
    contact, betrokkene, _ = (made[name]["uuid"] for name in BODY)
    events = log.events("write-step")
    assert [line["next"] for line in events] == [[f"create {path}"] for path in PARTS]
    assert [line["done"] for line in events] == [
        [],
        [f"create klantcontacten/{contact}"],
        [f"create klantcontacten/{contact}", f"create betrokkenen/{betrokkene}"],
    ]
    assert len({line["write"] for line in events}) == 1
    assert not log.events("write-left")


async def test_keys_that_a_source_makes_are_filled_in_in_the_next_step(
    steps: Callable[..., Office],
) -> None:
    bureau = steps()
    await bureau.contact(**BODY)
    (_, _, (onderwerp,)) = bureau.store.written
    assert isinstance(onderwerp, Create) and onderwerp.values["klantcontact"] == 1


async def test_what_is_done_at_once_is_not_announced(office: Office, log: LogLines) -> None:
    await office.contact(**BODY)
    (batch,) = office.store.written
    assert [change.collection for change in batch] == list(PARTS)
    assert not log.events("write-step")


async def test_a_key_that_the_gateway_makes_is_announced_with_its_uuid(
    steps: Callable[..., Office], log: LogLines
) -> None:
    bureau = steps(fails=lambda _: Failure.REFUSED)
    contact = SourceStep(bureau.stream("klantcontacten"), Create("klantcontacten", {"ID": 7}))
    other = SourceStep(bureau.stream("betrokkenen"), Create("betrokkenen", {}))
    with pytest.raises(Problem):
        await recipe(bureau).carry_out(Translation({"bron": [contact, other]}))
    (line,) = log.events("write-step")
    assert line["next"] == [f"create klantcontacten/{bureau.uuid('klantcontacten', 7)}"]


# --- undoing ------------------------------------------------------------------------------------


async def test_what_was_done_is_undone_the_last_first(
    steps: Callable[..., Office], log: LogLines
) -> None:
    bureau = steps(fails=fails(Failure.REFUSED, of("onderwerpobjecten")))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is SOURCE_REFUSED
    assert not any(bureau.store.rows.values())
    undone = [change.collection for (change,) in bureau.store.written if undoing([change])]
    assert undone == ["betrokkenen", "klantcontacten"]
    assert not log.events("write-left")


async def test_what_cannot_be_undone_is_named_in_the_answer_and_in_the_log(
    steps: Callable[..., Office], log: LogLines
) -> None:
    wrong = fails(Failure.REFUSED, of("onderwerpobjecten"))
    bureau = steps(fails=either(wrong, fails(Failure.UNAVAILABLE, undoing)))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is PARTLY_DONE and caught.value.source == "bron"
    left = [f"{path}/{bureau.uuid(path, 1)}" for path in PARTS[:2]]
    assert caught.value.detail == f"Niet teruggedraaid: gemaakt {left[0]}, gemaakt {left[1]}."
    (line,) = log.events("write-left")
    assert line["left"] == [f"create {one}" for one in left] and line["unknown"] == []
    assert all(bureau.store.rows[path] for path in PARTS[:2])


async def test_what_is_undone_in_part_is_named_in_part(steps: Callable[..., Office]) -> None:
    def stuck(changes: Sequence[Change]) -> bool:
        return undoing(changes) and changes[0].collection == "betrokkenen"

    wrong = fails(Failure.REFUSED, of("onderwerpobjecten"))
    bureau = steps(fails=either(wrong, fails(Failure.CONFLICT, stuck)))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    left = f"betrokkenen/{bureau.uuid('betrokkenen', 1)}"
    assert caught.value.detail == f"Niet teruggedraaid: gemaakt {left}."
    assert not bureau.store.rows["klantcontacten"]


async def test_a_source_that_deletes_nothing_keeps_what_it_got(tmp_path: Path) -> None:
    tables = collections()
    spec = tables["klantcontacten"]
    assert spec.writes is not None
    tables["klantcontacten"] = replace(spec, writes=replace(spec.writes, delete=False))
    path = "klantcontacten"
    bureau = office(tmp_path)
    store = empty(tables, atomic=False, fails=fails(Failure.REFUSED, of("betrokkenen")))
    bureau.stores = {"bron": store}
    bureau.catalogue = replace(bureau.catalogue, collections={"bron": tables})
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is PARTLY_DONE
    assert f"{path}/{bureau.uuid(path, 1)}" in caught.value.detail
    assert store.rows[path]


async def test_where_nothing_is_deleted_a_new_object_is_hidden(tmp_path: Path) -> None:
    office(tmp_path)
    file = tmp_path / "klantcontacten.yaml"
    mapping = yaml.safe_load(file.read_text())
    stream = mapping["streams"]["plain"]
    stream["where"] = {"nummer": {"not": "weg"}}
    stream["write"]["delete"] = {"nummer": "weg"}
    file.write_text(yaml.safe_dump(mapping))
    tables = collections()
    spec = tables["klantcontacten"]
    assert spec.writes is not None
    tables["klantcontacten"] = replace(spec, writes=replace(spec.writes, delete=False))
    wrong = fails(Failure.REFUSED, of("betrokkenen"))
    bureau = installed(tmp_path, {"bron": empty(tables, atomic=False, fails=wrong)})
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is SOURCE_REFUSED
    assert [row["nummer"] for row in bureau.store.rows["klantcontacten"]] == ["weg"]
    assert not await bureau.uuids("klantcontacten")


async def test_a_changed_record_is_changed_back(steps: Callable[..., Office]) -> None:
    bureau = steps()
    partij = ref((await bureau.make("partijen", **PARTIJ)).uuid)
    adres = {**ADRES, "verstrektDoorPartij": partij, "isStandaardAdres": True}
    await bureau.make("digitaleadressen", **adres)
    object.__setattr__(bureau.store, "fails", fails(Failure.REFUSED, of("digitaleadressen")))
    with pytest.raises(Problem) as caught:
        await bureau.make("digitaleadressen", **{**adres, "adres": "b@example.nl"})
    assert caught.value.kind is SOURCE_REFUSED
    (row,) = bureau.store.rows["digitaleadressen"]
    assert row["isStandaardAdres"] == "J"
    there, back = (batch[0] for batch in bureau.store.written[-2:])
    assert isinstance(there, Update) and there.values == {"isStandaardAdres": "N"}
    assert isinstance(back, Update) and back.expected == there.values


async def test_what_somebody_else_changed_since_is_not_changed_back(
    steps: Callable[..., Office],
) -> None:
    bureau = steps()
    partij = ref((await bureau.make("partijen", **PARTIJ)).uuid)
    adres = {**ADRES, "verstrektDoorPartij": partij, "isStandaardAdres": True}
    first = (await bureau.make("digitaleadressen", **adres)).uuid

    def meanwhile(changes: Sequence[Change]) -> Failure | None:
        if not of("digitaleadressen")(changes):
            return None
        rows = bureau.store.rows["digitaleadressen"]
        rows[0] = {**rows[0], "isStandaardAdres": None}
        return Failure.REFUSED

    object.__setattr__(bureau.store, "fails", meanwhile)
    with pytest.raises(Problem) as caught:
        await bureau.make("digitaleadressen", **{**adres, "adres": "b@example.nl"})
    assert caught.value.detail == f"Niet teruggedraaid: gewijzigd digitaleadressen/{first}."


async def test_a_record_is_changed_back_to_what_the_source_gave_meanwhile(office: Office) -> None:
    office.store.rows["partijen"].append({**_row(office, "partijen"), "ID": 1})
    store = replace(office.store, atomic=False)
    office.stores = {"bron": store}
    stream = office.stream("partijen")
    adres = office.stream("digitaleadressen")
    partij = store.rows["partijen"][0]
    given = Generated(0, "ID")
    field = "voorkeursDigitaalAdres"
    steps = [
        SourceStep(adres, Create("digitaleadressen", {"adres": "x"})),
        SourceStep(stream, Update("partijen", {"ID": 1}, {field: given}), partij),
        SourceStep(stream, Update("partijen", {"ID": 1}, {field: None}), {**partij, field: given}),
        SourceStep(stream, Update("partijen", {"ID": 9}, {field: None}), partij),
    ]
    with pytest.raises(Problem):
        await recipe(office).carry_out(Translation({"bron": steps}))
    back = store.written[3][0]
    assert isinstance(back, Update) and back.values == {field: 1}
    assert store.rows["partijen"] == [partij] and not store.rows["digitaleadressen"]


def _row(bureau: Office, path: str) -> dict[str, Any]:
    return dict.fromkeys(sorted(bureau.store.collections[path].fields))


async def test_a_deletion_is_not_undone_but_named(
    steps: Callable[..., Office], log: LogLines
) -> None:
    bureau = steps()
    made = await bureau.contact(**BODY)

    def last(changes: Sequence[Change]) -> bool:
        return undoing(changes) and changes[0].collection == "klantcontacten"

    object.__setattr__(bureau.store, "fails", fails(Failure.UNAVAILABLE, last))
    with pytest.raises(Problem) as caught:
        await bureau.remove("klantcontacten", made["klantcontact"]["uuid"])
    assert caught.value.kind is PARTLY_DONE
    assert f"verwijderd betrokkenen/{made['betrokkene']['uuid']}" in caught.value.detail
    # All of these uuids stood in the log before.
    named = [one for line in log.events("write-step") for one in line["next"]]
    assert f"delete betrokkenen/{made['betrokkene']['uuid']}" in named
    assert f"delete klantcontacten/{made['klantcontact']['uuid']}" in named


# --- lost answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", PARTS)
async def test_of_a_lost_answer_it_is_said_what_is_unknown(
    steps: Callable[..., Office], log: LogLines, lost: str
) -> None:
    bureau = steps(loses=of(lost))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is OUTCOME_UNKNOWN
    assert f"Onbekend: gemaakt {lost}." in caught.value.detail
    (line,) = log.events("write-left")
    assert line["unknown"] == [f"create {lost}"] and line["left"] == []
    assert [path for path in PARTS if bureau.store.rows[path]] == [lost]


async def test_of_a_lost_answer_it_is_said_too_what_is_left(steps: Callable[..., Office]) -> None:
    bureau = steps(loses=of("betrokkenen"), fails=fails(Failure.REFUSED, undoing))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is OUTCOME_UNKNOWN
    contact = bureau.uuid("klantcontacten", 1)
    assert f"Niet teruggedraaid: gemaakt klantcontacten/{contact}." in caught.value.detail


async def test_one_step_needs_no_recipe(steps: Callable[..., Office], log: LogLines) -> None:
    bureau = steps(loses=lambda _: True)
    with pytest.raises(Problem) as caught:
        await bureau.make("klantcontacten", **CONTACT)
    assert caught.value.kind is OUTCOME_UNKNOWN and "Onbekend" not in caught.value.detail
    assert not log.events("write-step") and not log.events("write-left")


# --- time ---------------------------------------------------------------------------------------


class Slow(Store):
    """A source that takes its time for some."""

    async def write(self, changes: Sequence[Change]) -> Any:
        if of("onderwerpobjecten")(changes):
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                raise SourceError(Failure.TIMEOUT) from None
        return await super().write(changes)


async def test_there_is_time_to_undo_when_the_request_has_none_left(tmp_path: Path) -> None:
    tables = collections()
    store = Slow({name: [] for name in tables}, tables, atomic=False)
    bureau = replace(office(tmp_path, bron=store), seconds=0.5)
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is SOURCE_TIMEOUT
    assert not any(store.rows.values())


async def test_undoing_is_bounded_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "UNDO_SECONDS", 0.1)
    tables = collections()

    class Stuck(Slow):
        async def write(self, changes: Sequence[Change]) -> Any:
            if undoing(changes):
                await asyncio.sleep(30)
            return await super().write(changes)

    store = Stuck({name: [] for name in tables}, tables, atomic=False)
    bureau = replace(office(tmp_path, bron=store), seconds=0.5)
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    assert caught.value.kind is PARTLY_DONE


# --- discretion ---------------------------------------------------------------------------------


async def test_nothing_of_a_person_is_told(steps: Callable[..., Office], log: LogLines) -> None:
    wrong = fails(Failure.REFUSED, of("onderwerpobjecten"))
    bureau = steps(fails=either(wrong, fails(Failure.UNAVAILABLE, undoing)))
    with pytest.raises(Problem) as caught:
        await bureau.contact(**BODY)
    said = str(log) + caught.value.detail + str(caught.value.params) + str(caught.value.note)
    assert "klantcontacten/" in said
    assert not any(secret in said for secret in SECRETS)
