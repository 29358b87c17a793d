"""Which partijen are one, and which of their records comes first."""

from __future__ import annotations

import pytest

from gateway.federation.rows import Row
from gateway.federation.same import Link, Sameness, comparable, double, groups, rank
from gateway.mapping.stream import Stream
from tests.support.rules import loaded
from tests.support.streams import INTEGER, stream

KINDS = ("bsn", "kvk_nummer", "vestigingsnummer")
SAME = Sameness(KINDS, ("kcc", "sociaal", "zaken"), {"voorkeurstaal": ("zaken",)})

KCC = stream(INTEGER, number=1, source="kcc")
SOCIAAL = stream(INTEGER, number=2, source="sociaal")
ZAKEN = stream(INTEGER, number=3, source="zaken")


def row(of: Stream, key: int) -> Row:
    """A row whose place in its stream goes by its key."""
    return Row(of, {"K0": key}, (key,), f"{of.source}-{key}")


def person(bsn: str) -> Link:
    return ("persoon", "bsn", bsn)


def uuids(rows: list[list[Row]]) -> set[frozenset[str]]:
    return {frozenset(one.uuid for one in group) for group in rows}


# --- what partijen have in common ---------------------------------------------------------------


def test_only_kinds_that_were_chosen_link_and_only_with_a_value() -> None:
    given = [("bsn", "999993653"), ("rsin", "123456782"), ("kvk_nummer", "")]
    assert SAME.links("persoon", given) == {person("999993653")}


def test_without_kinds_nothing_links() -> None:
    assert Sameness().links("persoon", [("bsn", "999993653")]) == frozenset()


def test_the_same_number_of_another_soort_is_another() -> None:
    given = [("kvk_nummer", "12345678")]
    assert not SAME.links("organisatie", given) & SAME.links("persoon", given)


def test_a_vestiging_links_by_its_own_number_only() -> None:
    """It has the KvK number of its company too, and would be one with that."""
    company = SAME.links("organisatie", [("kvk_nummer", "12345678")])
    given = [("kvk_nummer", "12345678"), ("vestigingsnummer", "000012345678")]
    vestiging = SAME.links("organisatie", given)
    assert vestiging == {("organisatie", "vestigingsnummer", "000012345678")}
    assert not company & vestiging


def test_a_vestiging_whose_own_number_is_no_kind_is_not_told_from_its_company() -> None:
    by_company = Sameness(("kvk_nummer",))
    given = [("kvk_nummer", "12345678"), ("vestigingsnummer", "000012345678")]
    assert by_company.links("organisatie", given) == {("organisatie", "kvk_nummer", "12345678")}


# --- groups -------------------------------------------------------------------------------------


def test_rows_hang_together_from_one_to_the_next() -> None:
    first, second, third = row(KCC, 1), row(SOCIAAL, 1), row(ZAKEN, 1)
    links = {
        first: frozenset({person("1")}),
        second: frozenset({person("1"), person("2")}),
        third: frozenset({person("2")}),
    }
    assert uuids(groups(links)) == {frozenset({"kcc-1", "sociaal-1", "zaken-1"})}


def test_a_row_that_comes_last_joins_two_groups() -> None:
    first, second, last = row(KCC, 1), row(SOCIAAL, 1), row(ZAKEN, 1)
    links = {
        first: frozenset({person("1")}),
        second: frozenset({person("2")}),
        last: frozenset({person("1"), person("2")}),
    }
    assert len(groups(links)) == 1


def test_rows_without_links_are_alone() -> None:
    links: dict[Row, frozenset[Link]] = {row(KCC, n): frozenset() for n in (1, 2)}
    links[row(SOCIAAL, 1)] = frozenset({person("1")})
    assert uuids(groups(links)) == {
        frozenset({"kcc-1"}),
        frozenset({"kcc-2"}),
        frozenset({"sociaal-1"}),
    }


def test_a_row_that_was_found_twice_is_in_one_group() -> None:
    links = {row(KCC, 1): frozenset({person("1")}), row(KCC, 1): frozenset({person("2")})}
    assert len(groups(links)) == 1


# --- precedence ---------------------------------------------------------------------------------


def test_the_first_source_gives_the_uuid_whichever_row_came_first() -> None:
    whole = SAME.whole([row(ZAKEN, 9), row(SOCIAAL, 5), row(KCC, 1)])
    assert [member.uuid for member in whole.members] == ["kcc-1", "sociaal-5", "zaken-9"]
    assert whole.uuid == "kcc-1"


def test_within_a_source_the_newest_comes_first() -> None:
    whole = SAME.whole([row(KCC, 1), row(SOCIAAL, 7), row(KCC, 3), row(KCC, 2)])
    assert [member.uuid for member in whole.members] == ["kcc-3", "kcc-2", "kcc-1", "sociaal-7"]


def test_a_row_alone_is_a_whole_without_others() -> None:
    assert SAME.whole([row(KCC, 1)]).others == ()


def test_an_attribute_can_have_a_precedence_of_its_own() -> None:
    whole = SAME.whole([row(ZAKEN, 1), row(SOCIAAL, 1), row(KCC, 1)])
    by_field = [one.uuid for one in SAME.by_field("voorkeurstaal", whole)]
    # Sources that are not named there follow in the order of all.
    assert by_field == ["zaken-1", "kcc-1", "sociaal-1"]
    assert SAME.by_field("bezoekadres", whole) == whole.members


def test_a_source_that_is_not_named_comes_last() -> None:
    assert [rank(("a", "b"), alias) for alias in ("a", "b", "x")] == [0, 1, 2]


# --- the same address, the same identificator ---------------------------------------------------


@pytest.mark.parametrize(
    ("soort", "one", "other"),
    [
        ("email", "Jan@Zilverdam.example", " jan@zilverdam.EXAMPLE "),
        ("telefoonnummer", "06 12345699", "+31612345699"),
        ("telefoonnummer", "0031 6 1234 5699", "06-1234 56 99"),
        ("telefoonnummer", "+31 (0)6 12345699", "0612345699"),
        ("overig", "@jan ", "@jan"),
    ],
)
def test_an_address_is_the_same_in_other_spellings(soort: str, one: str, other: str) -> None:
    assert comparable(soort, one) == comparable(soort, other)


@pytest.mark.parametrize(
    ("soort", "one", "other"),
    [
        ("telefoonnummer", "0612345699", "0612345698"),
        ("telefoonnummer", "+32612345699", "0612345699"),
        ("overig", "@jan", "@Jan"),
    ],
)
def test_another_address_is_another(soort: str, one: str, other: str) -> None:
    assert comparable(soort, one) != comparable(soort, other)


def test_what_is_double_goes_by_soort_and_address() -> None:
    of_source = loaded("digitaleadressen", "adres", [{"to": "adres", "from": "A"}])

    def address(text: str) -> Row:
        return Row(of_source, {"ID": 1, "A": text}, (1,), "")

    assert double(address("A@x.example ")) == double(address("A@x.example"))
    assert double(address("a@x.example")) != double(address("b@x.example"))


def test_what_belongs_to_a_partij_in_another_way_is_never_double() -> None:
    assert double(row(stream(INTEGER, "betrokkenen"), 1)) is None
