"""What back ends in the field do otherwise: each is asked the same, and gives the same or a clear
failure, never something else.

The numbers are those of the list of deviations that were seen.
"""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.base import Create, Failure, Query, SourceError, Update
from adapters.conditions import In
from adapters.stuf.names import ENTITY, STUF, local
from adapters.stuf.notices import DOING
from demo.kcc.data import KNOWN_BSNS
from demo.stuf.deviations import TREE, WIRE
from tests.unit.stuf.test_demo import HELD, KVK, MANY, asking, found, made, value, zaken
from tests.unit.stuf.test_writing import DONE, NEW, TAKEN, wrote
from tests.unit.stuf.test_writing import made as writing

BSN = KNOWN_BSNS[0]
NOBODY = "999990020"
FORTY = [f"ZAAK-2026-{n:07}" for n in range(40)]

SAME: Mapping[str, int] = {
    "soap-1.2-answers": 1,
    "wrapped": 2,
    "empty-dates": 3,
    "backwards": 3,
    "no-entities": 3,
    "cross-reference-000": 3,
    "day-as-moment": 3,
    "indicator-of-zkn": 3,
    "no-namespaces": 4,
    "byte-order-mark": 6,
    "long-numbers": 7,
    "all-at-once": 7,
    "fewer-than-asked": 13,
    "scattered-namespaces": 16,
    "extra-elements": 23,
    "moments": 25,
    "no-value-without-nil": 26,
    "nil-without-no-value": 26,
    "no-cross-reference": 27,
}
"""What makes no difference at all, with the number of its row."""

NOTHING: Mapping[str, int] = {
    "not-found-is-a-fault": 9,
    "empty-answer": 17,
    "empty-object": 17,
}
"""Other ways to say that there is nothing."""

FAILING: Mapping[str, tuple[int, Failure]] = {
    "undeclared-prefix": (5, Failure.BAD_DATA),
    "web-page": (18, Failure.UNAVAILABLE),
    "web-page-as-answer": (18, Failure.BAD_DATA),
    "unavailable": (18, Failure.THROTTLED),
    "policy": (18, Failure.UNAVAILABLE),
    "no-content": (18, Failure.BAD_DATA),
    "own-soap-actions": (20, Failure.REFUSED),
    "only-zds-1.2": (21, Failure.REFUSED),
}
"""What cannot be read, or is asked in vain."""

FAULTS: Mapping[str, int] = {
    "fault-without-soap": 2,
    "long-texts": 7,
    "fault-codes-of-its-own": 14,
    "qualified-faults": 19,
}
"""Other ways to tell a fault."""

BY_NAME: Mapping[str, int] = {
    "half-relations": 10,
    "odd-kvk": 29,
    "no-streets": 15,
    "withheld": 26,
    "first-page-for-ever": 12,
    "no-second-page": 12,
}
"""Those with a test of their own, below. Two more are not in the list, but in the table of faults:
criteria that are ignored, and sortings that are not there."""

ALSO = {8, 11, 22, 24, 28, 30}
"""Rows of which the tests, at the end, need no switch, or another one than for an answer."""


@pytest.mark.shared
def test_every_row_has_its_test(shared: Path) -> None:
    with (shared / "stuf" / "tables" / "deviations.csv").open(encoding="utf-8") as file:
        rows = {int(row["nr"]) for row in csv.DictReader(file)}
    ours = {*SAME.values(), *NOTHING.values(), *FAULTS.values(), *BY_NAME.values(), *ALSO}
    assert ours | {row for row, _ in FAILING.values()} == rows


def test_every_switch_has_its_test() -> None:
    tested = {*SAME, *NOTHING, *FAILING, *FAULTS, *BY_NAME}
    assert tested >= TREE.keys() | WIRE.keys()


async def person(deviation: str = "") -> dict[str, Any]:
    service = made(deviations=[deviation])
    (one,) = await found(service, "stuf-bg", "personen", "bsn", BSN)
    return one


@pytest.mark.parametrize("deviation", SAME)
async def test_it_makes_no_difference(deviation: str) -> None:
    assert await person(deviation) == await person()
    assert await zaken(made(deviations=[deviation])) == FORTY
    records = await found(
        made(deviations=[deviation]), "stuf-zkn", "zaken", "identificatie", FORTY[3]
    )
    assert records == await found(made(), "stuf-zkn", "zaken", "identificatie", FORTY[3])
    asked = ("stuf-bg", "vestigingen", "vestigingsnummer", value("VES", "vestigingsNummer"))
    assert await found(made(deviations=[deviation]), *asked) == await found(made(), *asked)


async def bodies(deviation: str = "") -> list[str]:
    """Answers of all kinds as they come, but for what differs by the moment."""
    service = made(deviations=[deviation])
    answers: list[str] = []

    class Listening(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            text = (await answer.aread()).decode()
            kept = re.sub(r"[0-9a-f-]{36}|(?<=>|-)2026\d{13}(?=<)", "", text)
            answers.append(f"{answer.status_code} {kept}")
            return httpx.Response(
                answer.status_code, headers=answer.headers, stream=httpx.ByteStream(text.encode())
            )

    for system, collection, field, number, others in (
        ("stuf-bg", "personen", "bsn", BSN, {}),
        ("stuf-bg", "personen", "bsn", NOBODY, {}),
        ("stuf-bg", "personen", "bsn", BSN, {"zender": {"applicatie": "ANDERS"}}),
        ("stuf-bg", "vestigingen", "vestigingsnummer", value("VES", "vestigingsNummer"), {}),
        ("stuf-zkn", "zaken", "initiatorBsn", MANY, {}),
    ):
        adapter = asking(service, system, **others)
        adapter._transport = Listening(service.app())
        with suppress(SourceError):
            await adapter.find(collection, Query(In(field, (number,))))
    return answers


async def test_every_switch_makes_a_difference_on_the_wire() -> None:
    standard = await bodies()
    assert standard == await bodies()
    switches = {*SAME, *NOTHING, *FAILING, *FAULTS, *BY_NAME}
    assert [one for one in switches if await bodies(one) == standard] == []


@pytest.mark.parametrize("deviation", ["", *NOTHING])
async def test_that_there_is_nothing_is_understood(deviation: str) -> None:
    service = made(deviations=[deviation])
    assert await found(service, "stuf-bg", "personen", "bsn", NOBODY) == []
    assert await zaken(service, NOBODY) == []
    adapter = asking(service, "stuf-zkn")
    assert await adapter.get("zaken", {"identificatie": "bestaat-niet"}) is None


@pytest.mark.parametrize("deviation", FAILING)
async def test_what_cannot_be_understood_is_a_failure(deviation: str) -> None:
    service = made(deviations=[deviation])
    with pytest.raises(SourceError) as caught:
        await found(service, "stuf-bg", "personen", "bsn", BSN)
    assert caught.value.failure is FAILING[deviation][1]


async def test_soap_actions_of_its_own_can_be_set() -> None:
    service = made(deviations=["own-soap-actions"])
    actions = {"npsLv01": "urn:makelaar/NPSLV01"}
    assert await found(service, "stuf-bg", "personen", "bsn", BSN, soap_actions=actions)


@pytest.mark.parametrize("deviation", ["", *FAULTS])
async def test_a_fault_is_understood_in_every_shape(deviation: str) -> None:
    service = made(deviations=[deviation])
    for version in ("1.1", "1.2"):
        with pytest.raises(SourceError) as caught:
            await found(service, "stuf-bg", "personen", "bsn", BSN, soap_version=version,
                        zender={"applicatie": "ANDERS"})  # fmt: skip
        assert (caught.value.failure, caught.value.note) == (Failure.REFUSED, "StUF013")


async def test_a_relation_without_its_other_side_is_nothing() -> None:
    number = value("VES", "vestigingsNummer")
    service = made(deviations=["half-relations"])
    (one,) = await found(service, "stuf-bg", "vestigingen", "vestigingsnummer", number)
    assert (one["vestigingsnummer"], one["kvkNummer"]) == (number, None)
    # Whose it is was asked: then it has to be told.
    with pytest.raises(SourceError, match="bad-data"):
        await zaken(service)


async def test_a_number_of_another_length_is_the_same_number() -> None:
    number = value("NNP", KVK)
    service = made(deviations=["odd-kvk"])
    for collection in ("organisaties", "ondernemingen"):
        records = await found(service, "stuf-bg", collection, "kvkNummer", number)
        assert [one["kvkNummer"] for one in records] == [number]


async def test_the_old_name_of_a_street_may_be_missing() -> None:
    one, other = await person("no-streets"), await person()
    assert one["straat"] is None
    assert one | {"straat": other["straat"]} == other


async def test_what_is_withheld_is_not_known_and_secret() -> None:
    one = await person("withheld")
    assert (one["geheim"], one["postcode"], one["bsn"]) == ("7", None, BSN)


async def test_criteria_that_are_ignored_give_nobody_else() -> None:
    service = made(deviations=["ignores-criteria"])
    assert await zaken(service) == FORTY
    with pytest.raises(SourceError, match="bad-data"):
        await found(service, "stuf-bg", "personen", "bsn", HELD.of("NPS")[-1].values["inp.bsn"])


async def test_a_sorting_that_is_missing_is_left_out() -> None:
    service = made(deviations=["no-sortings"])
    assert await found(service, "stuf-bg", "personen", "bsn", BSN)
    assert await zaken(service, BSN) == ["ZAAK-2026-0000040", "ZAAK-2026-0000041"]
    with pytest.raises(SourceError, match="bad-data"):
        await zaken(service, MANY)


@pytest.mark.parametrize(
    ("deviation", "failure"),
    [("first-page-for-ever", Failure.BAD_DATA), ("no-second-page", Failure.REFUSED)],
)
async def test_a_list_that_cannot_be_walked_is_no_short_list(
    deviation: str, failure: Failure
) -> None:
    service = made(deviations=[deviation])
    with pytest.raises(SourceError) as caught:
        await zaken(service)
    assert caught.value.failure is failure
    assert await zaken(service, BSN) == ["ZAAK-2026-0000040", "ZAAK-2026-0000041"]


# --- what we ask and send ------------------------------------------------------------------------


async def test_who_cannot_be_asked_by_a_number_is_not() -> None:
    """Row 8: one that cuts numbers off finds nobody, which looks like an answer. That it cannot be
    asked can be said: then the question is refused instead."""
    service = made(selection="cut")
    assert await zaken(service) == []
    adapter = asking(service, "stuf-zkn", not_asked_by={"zaken": ["initiatorBsn"]})
    able = adapter.collections["zaken"]
    assert "initiatorBsn" not in {*able.filters, *able.asked_by}
    assert "identificatie" in able.asked_by


@pytest.mark.parametrize("selection", ["prefix", "bare", "extraElement"])
async def test_who_has_zaken_is_asked_as_the_back_end_wants_it(selection: str) -> None:
    """Row 11."""
    service = made(selection=selection)
    assert await zaken(service, selection=selection) == FORTY
    others = {"prefix", "bare", "extraElement"} - {selection}
    found_otherwise = [await zaken(service, selection=one) for one in sorted(others)]
    # Never somebody else's; one that takes a bare number does not mind what stands beside it.
    assert all(one in ([], FORTY) for one in found_otherwise)
    assert [] in found_otherwise


async def test_a_status_is_asked_for_with_the_zaak() -> None:
    """Row 22: of the operation for a status alone the schema is wrong; it is not used."""
    adapter, service, line = writing(profile="zds12")
    record = await wrote(adapter, Create(TAKEN, NEW | {"status": "Ontvangen"}))
    assert record["status"] == "Ontvangen"
    assert not any("geefZaakstatus" in one for one in service.asked)
    assert any(local(one) == "geefZaakdetails_ZakLv01" for one in line.sent)


async def test_what_is_sent_lacks_nothing_and_is_never_used_twice() -> None:
    """Row 24."""
    adapter, _, line = writing(profile="zds12")
    record = await wrote(adapter, Create(TAKEN, NEW))
    await wrote(adapter, Update(TAKEN, {"identificatie": record["identificatie"]}, DONE))
    for message in line.changes():
        of_entities = [e for e in message.iter() if ENTITY in e.attrib]
        assert of_entities
        assert all(DOING in e.attrib for e in of_entities)
    (authentic,) = line.changes()[0].iter("{*}authentiek")
    assert (authentic.text, authentic.get(f"{{{STUF}}}metagegeven")) == ("J", "true")
    numbers = [m.findtext("*/{*}referentienummer") for m in line.sent]
    assert len(set(numbers)) == len(numbers)
    with pytest.raises(SourceError, match="refused"):
        await adapter.write([Create(TAKEN, NEW | {"toelichting": "a\x0bb"})])


async def test_messages_do_not_overtake_each_other() -> None:
    """Row 28: a back end that refuses a change while another of the same zaak is under way."""
    adapter, service, _ = writing()
    record = await wrote(adapter, Create(TAKEN, NEW))
    key = {"identificatie": record["identificatie"]}
    service.changes.later = 2
    service.changes.alone = True
    names = ("Ontvangen", "Afgehandeld")
    await asyncio.gather(*(wrote(adapter, Update(TAKEN, key, {"status": n})) for n in names))
    found = await adapter.get(TAKEN, key)
    assert found is not None
    assert found["status"] == "Afgehandeld"


async def test_where_to_call_is_that_of_this_zaak() -> None:
    """Row 30: it stands with the role in the zaak, not with the person."""
    adapter, _, line = writing()
    record = await wrote(adapter, Create(TAKEN, NEW))
    assert record["telefoonnummer"] == NEW["telefoonnummer"]
    (point,) = line.changes()[0].iter("{*}heeftAlsAanspreekpunt")
    assert point.findtext("{*}gerelateerde/{*}telefoonnummer") == NEW["telefoonnummer"]
