"""Keys that sources share, and how a source is asked for them."""

from __future__ import annotations

import pytest

from adapters.base import Collection, Match, Operator
from adapters.conditions import ALWAYS, Alike, AnyOf, Condition, Contains, In
from gateway.federation.asking import as_one_list, asked, list_size, narrows, reduce
from gateway.mapping.raw import Push
from gateway.mapping.shared import KINDS, email
from gateway.standard.model import Inverse
from gateway.standard.table import RESOURCES

ADDRESSES = ("a@x.example", "b@x.example", "c@x.example")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Jan@X.Example", "jan@x.example"),
        ("jan+post@x.example", "jan+post@x.example"),
        # Two of them, one with something beside it, and none.
        ("jan@x.example,piet@x.example@y.example", None),
        (" jan@x.example", None),
        ("Jan <jan@x.example>", None),
        ("jan", None),
        ("@x.example", None),
        ("jan@", None),
        ("", None),
        # Which letters are the same differs between systems.
        ("jan@straße.example", None),
        ("İan@x.example", None),
        (f"{'a' * 65}@x.example", None),
    ],
)
def test_an_address_is_one_whatever_its_case(text: str, key: str | None) -> None:
    assert email(text) == key


def test_where_the_standard_keeps_them() -> None:
    shared = KINDS["email"]
    assert shared.reference("partijen") == "verstrektDoorPartij"
    assert shared.reference("klantcontacten") is None
    inverse = shared.inverse("partijen")
    assert isinstance(inverse, Inverse)
    assert inverse is RESOURCES["partijen"].member("digitaleAdressen")


def able(*operators: Operator, disjunctions: bool = False, max_in: int = 20) -> Collection:
    return Collection(
        frozenset(["id", "mail"]),
        ("id",),
        {"mail": dict.fromkeys(operators, Match.EXACT)},
        disjunctions=disjunctions,
        max_in=max_in,
    )


ALIKE = able(Operator.ALIKE)
IN_PARTS = able(Operator.CONTAINS)
EITHER = able(Operator.CONTAINS, disjunctions=True)
TO_THE_LETTER = able(Operator.IN)


def holds(values: object) -> Condition:
    assert isinstance(values, tuple)
    return Alike("mail", values)


def test_what_equals_in_any_case_is_asked_as_it_can_be() -> None:
    wanted = Alike("mail", ADDRESSES)
    assert reduce(Push(wanted, True), ALIKE) == Push(wanted, True)
    parts = AnyOf(tuple(Contains("mail", one) for one in ADDRESSES))
    assert reduce(Push(wanted, True), IN_PARTS) == Push(parts, False)
    assert asked(wanted, TO_THE_LETTER) == ALWAYS
    assert not narrows(wanted, TO_THE_LETTER)


def test_a_list_is_no_longer_than_a_source_takes() -> None:
    assert list_size(holds, ADDRESSES, ALIKE) == 20
    assert list_size(holds, ADDRESSES, EITHER) == 20
    # Each of these is a question of its own, of which there are sixteen at most.
    assert list_size(holds, ADDRESSES, IN_PARTS) == 16
    assert list_size(holds, ADDRESSES, able(Operator.CONTAINS, max_in=3)) == 3
    assert list_size(holds, ADDRESSES, TO_THE_LETTER) == 0
    assert asked(Alike("mail", ADDRESSES), able(Operator.ALIKE, max_in=2)) == ALWAYS


def test_ways_from_one_field_are_one_list() -> None:
    one, two, three = (Alike("mail", (address,)) for address in ADDRESSES)
    assert as_one_list(AnyOf((one, two, three))) == Alike("mail", ADDRESSES)
    for other in (In("mail", ("x",)), Alike("id", ("x",)), Contains("mail", "x")):
        assert as_one_list(AnyOf((one, other))) == AnyOf((one, other))
