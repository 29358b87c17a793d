"""What a body does to other objects: the one standard address, lists, and objects within it."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gateway.standard.errors import VALIDATION, Problem
from tests.support.bodies import ADRES, BSN, KVK, ORGANISATIE, PARTIJ, VESTIGING, ref
from tests.support.office import Office

RSIN: Final = {"codeSoortObjectId": "rsin", "objectId": "296648875"}


@pytest.fixture
async def partij(office: Office) -> dict[str, str]:
    """A reference to a partij."""
    return ref((await office.make("partijen", **PARTIJ)).uuid)


async def standard(office: Office) -> list[str]:
    """The standard addresses, as the source has them."""
    rows = office.store.rows["digitaleadressen"]
    return [row["adres"] for row in rows if row["isStandaardAdres"] == "J"]


# --- the standard address -----------------------------------------------------------------------


async def test_of_a_soort_one_address_is_the_standard_one(
    office: Office, partij: dict[str, str]
) -> None:
    of = {**ADRES, "verstrektDoorPartij": partij, "isStandaardAdres": True}
    await office.make("digitaleadressen", **of)
    phone = {"soortDigitaalAdres": "telefoonnummer", "adres": "0612345678"}
    await office.make("digitaleadressen", **{**of, **phone})
    assert await standard(office) == ["an@example.nl", "0612345678"]
    other = ref((await office.make("partijen", **PARTIJ)).uuid)
    away = {"verstrektDoorPartij": other, "adres": "el@example.nl"}
    await office.make("digitaleadressen", **{**of, **away})
    second = await office.make("digitaleadressen", **{**of, "adres": "bo@example.nl"})
    assert set(await standard(office)) == {"0612345678", "el@example.nl", "bo@example.nl"}
    # The other one first, so that there are never two.
    (batch,) = office.store.written[-1:]
    assert [type(change).__name__ for change in batch] == ["Update", "Create"]
    await office.change("digitaleadressen", second.uuid, isStandaardAdres=False)
    assert set(await standard(office)) == {"0612345678", "el@example.nl"}


async def test_an_address_that_becomes_the_standard_one_takes_over(
    office: Office, partij: dict[str, str]
) -> None:
    of = {**ADRES, "verstrektDoorPartij": partij}
    await office.make("digitaleadressen", **{**of, "isStandaardAdres": True})
    second = await office.make("digitaleadressen", **{**of, "adres": "bo@example.nl"})
    await office.change("digitaleadressen", second.uuid, isStandaardAdres=True)
    assert await standard(office) == ["bo@example.nl"]
    writes = len(office.store.written)
    await office.change("digitaleadressen", second.uuid, isStandaardAdres=True)
    assert await standard(office) == ["bo@example.nl"]
    assert not any(office.store.written[writes:])


# --- lists --------------------------------------------------------------------------------------


async def test_a_list_is_replaced_as_a_whole(office: Office, partij: dict[str, str]) -> None:
    uuid = partij["uuid"]
    made = [
        (await office.make("digitaleadressen", **{**ADRES, "adres": f"{n}@example.nl"})).uuid
        for n in "abc"
    ]

    async def listed(*names: str) -> set[str]:
        body = {"digitaleAdressen": [ref(name) for name in names]}
        done = await office.change("partijen", uuid, **body)
        return {one["uuid"] for one in done.object["digitaleAdressen"]}

    assert await listed(*made[:2]) == set(made[:2])
    assert await listed(*made[1:]) == set(made[1:])
    assert await listed() == set()
    assert await office.uuids("digitaleadressen") == set(made)


async def test_what_is_listed_moves_from_who_had_it(office: Office) -> None:
    iban = {"iban": "NL91ABNA0417164300"}
    first = await office.make("partijen", **PARTIJ)
    rekening = await office.make("rekeningnummers", partij=ref(first.uuid), **iban)
    second = await office.make("partijen", **PARTIJ, rekeningnummers=[ref(rekening.uuid)])
    assert [one["uuid"] for one in second.object["rekeningnummers"]] == [rekening.uuid]
    assert (await office.detail("partijen", first.uuid))["rekeningnummers"] == []


async def test_a_new_partij_has_an_address_of_its_list_as_preferred_one(office: Office) -> None:
    adres = ref((await office.make("digitaleadressen", **ADRES)).uuid)
    body = {"digitaleAdressen": [adres], "voorkeursDigitaalAdres": adres}
    done = await office.make("partijen", **PARTIJ, **body)
    assert done.object["voorkeursDigitaalAdres"]["uuid"] == adres["uuid"]


# --- identificatoren within a partij ------------------------------------------------------------


def numbers(done: Any) -> dict[str, str]:
    """The identificatoren of an answer: uuid by value."""
    return {
        one["partijIdentificator"]["objectId"]: one["uuid"]
        for one in done.object["partijIdentificatoren"]
    }


async def test_identificatoren_are_made_with_their_partij(office: Office) -> None:
    both = [{"partijIdentificator": KVK}, {"partijIdentificator": {**KVK, **RSIN}}]
    done = await office.make("partijen", **ORGANISATIE, partijIdentificatoren=both)
    assert set(numbers(done)) == {"12345678", RSIN["objectId"]}
    (batch,) = office.store.written
    assert [change.collection for change in batch] == ["partijen", *["partij-identificatoren"] * 2]


async def test_those_with_a_uuid_stay_others_are_new_and_the_rest_goes(office: Office) -> None:
    both = [{"partijIdentificator": KVK}, {"partijIdentificator": {**KVK, **RSIN}}]
    done = await office.make("partijen", **ORGANISATIE, partijIdentificatoren=both)
    had = numbers(done)
    changed = {"uuid": had["12345678"], "partijIdentificator": {**KVK, "objectId": "87654321"}}
    now = numbers(await office.change("partijen", done.uuid, partijIdentificatoren=[changed]))
    assert now == {"87654321": had["12345678"]}
    for same in ({}, {"partijIdentificatoren": None}):
        assert numbers(await office.change("partijen", done.uuid, **same)) == now
    assert numbers(await office.change("partijen", done.uuid, partijIdentificatoren=[])) == {}
    assert not office.store.rows["partij-identificatoren"]


async def test_an_identificator_of_another_moves_here(office: Office) -> None:
    first = await office.make(
        "partijen", **PARTIJ, partijIdentificatoren=[{"partijIdentificator": BSN}]
    )
    second = await office.make("partijen", **PARTIJ)
    (uuid,) = numbers(first).values()
    moved = [{"uuid": uuid, "partijIdentificator": BSN}]
    done = await office.change("partijen", second.uuid, partijIdentificatoren=moved)
    assert numbers(done) == numbers(first)
    assert (await office.detail("partijen", first.uuid))["partijIdentificatoren"] == []


async def test_one_that_others_rest_on_does_not_go(office: Office) -> None:
    done = await office.make(
        "partijen", **ORGANISATIE, partijIdentificatoren=[{"partijIdentificator": KVK}]
    )
    (kvk,) = numbers(done).values()
    other = ref((await office.make("partijen", **ORGANISATIE)).uuid)
    body = {"identificeerdePartij": other, "partijIdentificator": VESTIGING}
    await office.make("partij-identificatoren", **body, subIdentificatorVan=ref(kvk))
    before = len(office.store.written)
    with pytest.raises(Problem) as caught:
        await office.change("partijen", done.uuid, partijIdentificatoren=[])
    assert caught.value.kind is VALIDATION
    assert len(office.store.written) == before


async def test_what_is_wrong_within_is_named_with_its_place(office: Office) -> None:
    wrong = [{"partijIdentificator": BSN}, {"partijIdentificator": {**BSN, "objectId": "1"}}]
    with pytest.raises(Problem) as caught:
        await office.make("partijen", **PARTIJ, partijIdentificatoren=wrong)
    assert all(p.name.startswith("partijIdentificatoren.1.") for p in caught.value.params)
    assert not office.store.written
