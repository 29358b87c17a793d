"""A zaak by all its names, for who points at it by one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.base import Page, Query
from adapters.conditions import In, Record
from gateway.federation.zaak_names import MOST, ZaakNames
from gateway.federation.zaken import Kind, Known, Name, Zaken
from gateway.standard.model import Op
from gateway.standard.question import Hop, Where, ask, identifies
from gateway.standard.question import Test as Asked
from gateway.standard.table import RESOURCES

PARTS = ("objectId", "codeObjecttype", "codeRegister", "codeSoortObjectId")


def codes(*values: str) -> dict[str, str]:
    return dict(zip(PARTS[1:], values, strict=True))


KISS = codes("zgw-Zaak", "openzaak", "uuid")
ZAC = codes("zaak", "open-zaak", "uuid")
MAIL = codes("zaak", "zaaksysteem", "nummer")
WRITTEN = {Kind.UUID: [KISS, ZAC], Kind.IDENTIFICATIE: [MAIL]}
ZAKEN = Zaken(WRITTEN)
OWN = "onderwerpobjectidentificator"
LINK = f"onderwerpobject__{OWN}"
UUID = "6a1b0f6e-1234-4000-8000-000000000001"
NUMBER = "ZAAK-2026-0000012"
BOTH = frozenset({Name(Kind.UUID, UUID), Name(Kind.IDENTIFICATIE, NUMBER)})


def asked(resource: str, prefix: str, object_id: str = "", **given: str) -> Where:
    """A question, as it is given."""
    said = ({"objectId": object_id} if object_id else {}) | given
    filters = [(prefix + part[0].upper() + part[1:], value) for part, value in said.items()]
    return ask(RESOURCES[resource], filters)


def groups(where: Where) -> list[dict[str, Any]]:
    """What may be asked of one identificator: any of these."""
    return [
        {test.attribute.partition(".")[2]: test.value for test in group}
        for group in where.either or (where.tests,)
    ]


def of_link(where: Where) -> list[dict[str, Any]]:
    (hop,) = where.hops
    return groups(hop.where)


def test_the_codes_of_a_name_stand_for_all_of_its_kind() -> None:
    question = asked("klantcontacten", LINK, UUID, **ZAC)
    spread = ZAKEN.spread("klantcontacten", question, {})
    assert of_link(spread) == [{"objectId": UUID, **ZAC}, {"objectId": UUID, **KISS}]
    assert identifies(spread)


def test_a_list_of_the_links_themselves_finds_them_under_all_codes_too() -> None:
    spread = ZAKEN.spread("onderwerpobjecten", asked("onderwerpobjecten", OWN, UUID, **KISS), {})
    assert groups(spread) == [{"objectId": UUID, **KISS}, {"objectId": UUID, **ZAC}]
    assert spread.tests == ()


@pytest.mark.parametrize("by", BOTH)
def test_a_zaak_is_asked_for_by_all_its_names(by: Name) -> None:
    question = asked("klantcontacten", LINK, by.value)
    assert ZAKEN.pointed_at("klantcontacten", question) == {by}
    (other,) = BOTH - {by}
    spread = ZAKEN.spread("klantcontacten", question, {by: BOTH})
    # Without a code anything with that objectId meets the question, so its codes add nothing.
    assert of_link(spread) == [
        {"objectId": by.value},
        *({"objectId": other.value, **one} for one in WRITTEN[other.kind]),
    ]


def test_a_part_of_the_codes_says_which_names_are_meant() -> None:
    question = asked("klantcontacten", LINK, UUID, codeRegister="open-zaak")
    assert of_link(ZAKEN.spread("klantcontacten", question, {})) == [
        {"objectId": UUID, "codeRegister": "open-zaak"},
        {"objectId": UUID, **KISS},
    ]


@pytest.mark.parametrize(
    ("object_id", "given"),
    [
        (UUID, MAIL),
        (UUID, KISS | {"codeRegister": "open-zaak"}),
        (NUMBER, KISS),
        (NUMBER, {"codeObjecttype": "formulierinzending"}),
        (NUMBER, {"codeSoortObjectId": "NUMMER"}),
        ("", KISS),
        ("", {"codeObjecttype": "zaak"}),
    ],
)
def test_what_names_no_zaak_means_itself(object_id: str, given: dict[str, str]) -> None:
    for resource, prefix in (("klantcontacten", LINK), ("onderwerpobjecten", OWN)):
        question = asked(resource, prefix, object_id, **given)
        assert ZAKEN.pointed_at(resource, question) == frozenset()
        assert ZAKEN.spread(resource, question, {}) == question
        assert ZAKEN.foreseen(resource, question) == question


def test_without_codes_a_question_stays_what_it_is() -> None:
    question = asked("klantcontacten", LINK, UUID, **KISS)
    assert Zaken().spread("klantcontacten", question, {}) == question


def test_what_else_is_asked_is_asked_still() -> None:
    kanaal = Asked("kanaal", Op.EQ, "balie")
    of = Hop("klantcontact", Where((Asked("uuid", Op.EQ, UUID),)))
    link = asked("onderwerpobjecten", OWN, UUID, **KISS)
    link = Where((*link.tests, Asked("uuid", Op.EQ, "x")), (of,))
    question = Where((kanaal,), (Hop("gingOverOnderwerpobjecten", link),))
    spread = ZAKEN.spread("klantcontacten", question, {})
    assert spread.tests == (kanaal,)
    (hop,) = spread.hops
    assert hop.where.tests == (Asked("uuid", Op.EQ, "x"),)
    assert hop.where.hops == (of,)
    assert len(hop.where.either) == 2


def test_a_zaak_is_found_behind_several_hops() -> None:
    link = Hop("gingOverOnderwerpobjecten", asked("onderwerpobjecten", OWN, UUID, **ZAC))
    question = Where(hops=(Hop("hadKlantcontact", Where(hops=(link,)), negated=True),))
    assert ZAKEN.pointed_at("betrokkenen", question) == {Name(Kind.UUID, UUID)}
    (outer,) = ZAKEN.spread("betrokkenen", question, {}).hops
    assert outer.negated
    assert len(of_link(outer.where)) == 2


def test_the_identificator_of_something_else_names_no_zaak() -> None:
    question = asked("actoren", "actoridentificator", UUID, **KISS)
    assert ZAKEN.pointed_at("actoren", question) == frozenset()


def test_two_names_in_one_question_are_two_zaken() -> None:
    other = asked("klantcontacten", f"wasO{LINK[1:]}", NUMBER)
    question = Where(hops=(*asked("klantcontacten", LINK, UUID).hops, *other.hops))
    assert ZAKEN.pointed_at("klantcontacten", question) == BOTH


def test_what_is_looked_up_is_foreseen() -> None:
    question = asked("klantcontacten", LINK, NUMBER)
    assert ZAKEN.foreseen("klantcontacten", question) == question
    known = Zaken(WRITTEN, {"zaken": Known("zaken", {})})
    found = of_link(known.foreseen("klantcontacten", question))
    assert [one.get("codeSoortObjectId") for one in found] == [None, "uuid", "uuid"]


# --- looking up ---------------------------------------------------------------------------------


class Bad(Exception):
    """What a source answers makes no sense."""


@dataclass
class Sources:
    """What is asked, instead of ``Caller``."""

    zaken: dict[str, list[Record]]
    asked: list[tuple[str, str, In]] = field(default_factory=list)
    more: bool = False

    async def find(self, alias: str, collection: str, query: Query) -> Page:
        assert isinstance(query.where, In)
        self.asked.append((alias, collection, query.where))
        name, values = query.where.field, query.where.values
        records = [one for one in self.zaken[alias] if one[name] in values]
        return Page(records, "2" if self.more else None)

    def bad_data(self, alias: str, note: str) -> Bad:
        return Bad(note)


FIELDS = {Kind.UUID: "uuid", Kind.IDENTIFICATIE: "nr"}
NUMBERED = Name(Kind.IDENTIFICATIE, "7")


def zaak(n: int, number: str | None = "7") -> Record:
    return {"uuid": f"u{n}", "nr": number}


def names_of(
    sources: Sources, asked: Iterable[Name], missing: Sequence[str] = ()
) -> dict[Name, set[Name]]:
    known = {alias: Known(f"{alias}.zaken", FIELDS) for alias in sources.zaken}
    looking = ZaakNames(sources, known, missing)  # type: ignore[arg-type]
    return {name: set(found) for name, found in asyncio.run(looking.of(asked)).items()}


def test_both_names_come_from_one_call() -> None:
    sources = Sources({"een": [zaak(1), zaak(2, "8")]})
    for name in (NUMBERED, Name(Kind.UUID, "u1")):
        found = names_of(sources, [name])
        assert found == {name: {NUMBERED, Name(Kind.UUID, "u1")}}
    assert sources.asked == [
        ("een", "een.zaken", In("nr", ("7",))),
        ("een", "een.zaken", In("uuid", ("u1",))),
    ]


def test_a_number_of_several_zaken_is_that_of_all() -> None:
    sources = Sources({"een": [zaak(1), zaak(2)], "twee": [zaak(3)]})
    (found,) = names_of(sources, [NUMBERED]).values()
    assert found == {NUMBERED, *(Name(Kind.UUID, f"u{n}") for n in (1, 2, 3))}
    # But a uuid is that of one.
    by_uuid = Name(Kind.UUID, "u1")
    assert names_of(sources, [by_uuid]) == {by_uuid: {by_uuid, NUMBERED}}


def test_a_zaak_that_nobody_knows_has_the_name_that_it_is_given() -> None:
    assert names_of(Sources({"een": []}), [NUMBERED]) == {NUMBERED: {NUMBERED}}
    by_uuid = Name(Kind.UUID, "u1")
    assert names_of(Sources({"een": [zaak(1, None)]}), [by_uuid]) == {by_uuid: {by_uuid}}


def test_a_uuid_in_capitals_is_looked_up_as_registers_write_it() -> None:
    loud = Name(Kind.UUID, "U1")
    assert names_of(Sources({"een": [zaak(1)]}), [loud])[loud] == {
        loud,
        Name(Kind.UUID, "u1"),
        NUMBERED,
    }


def test_a_zaak_that_its_source_withholds_has_the_name_that_it_is_given() -> None:
    class Withholding(Sources):
        async def find(self, alias: str, collection: str, query: Query) -> Page:
            return Page((), withheld=["u1"])

    by_uuid = Name(Kind.UUID, "u1")
    assert names_of(Withholding({"een": [zaak(1)]}), [by_uuid]) == {by_uuid: {by_uuid}}


def test_names_of_one_zaak_are_not_those_of_another() -> None:
    other = Name(Kind.IDENTIFICATIE, "8")
    found = names_of(Sources({"een": [zaak(1), zaak(2, "8")]}), [NUMBERED, other])
    assert found[NUMBERED].isdisjoint(found[other])


def test_a_source_that_is_left_out_is_not_asked() -> None:
    sources = Sources({"een": [zaak(1)], "twee": [zaak(2)]})
    assert names_of(sources, [NUMBERED], ["een"])[NUMBERED] == {NUMBERED, Name(Kind.UUID, "u2")}
    assert [alias for alias, _, _ in sources.asked] == ["twee"]


def test_a_source_that_gives_what_was_not_asked_makes_no_sense() -> None:
    class Careless(Sources):
        async def find(self, alias: str, collection: str, query: Query) -> Page:
            return Page(self.zaken[alias])

    with pytest.raises(Bad):
        names_of(Careless({"een": [zaak(1), zaak(2, "8")]}), [NUMBERED])


@pytest.mark.parametrize("sources", [
    Sources({"een": [zaak(n) for n in range(MOST + 1)]}),
    Sources({"een": [zaak(1)]}, more=True),
])  # fmt: skip
def test_a_name_of_too_many_is_no_name(sources: Sources) -> None:
    with pytest.raises(Bad):
        names_of(sources, [NUMBERED])
