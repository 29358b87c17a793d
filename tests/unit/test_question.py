"""From query parameters to a question: what belongs together, what is refused."""

from __future__ import annotations

import pytest

from gateway.standard import question
from gateway.standard.errors import InvalidParam, Problem
from gateway.standard.model import Op
from gateway.standard.question import EVERYTHING, Hop, Where, ask, unknown_parameters
from gateway.standard.table import RESOURCES

UUID = "5d6f0000-0000-4000-8000-000000000001"
VIA_PARTIJ = "hadBetrokkene__wasPartij__partijIdentificator__"


def asked(resource: str, **params: str) -> Where:
    return ask(RESOURCES[resource], params.items())


def refused(resource: str, **params: str) -> list[InvalidParam]:
    with pytest.raises(Problem) as caught:
        asked(resource, **params)
    assert caught.value.kind.status == 400
    return list(caught.value.params)


def equal(attribute: str, value: str) -> question.Test:
    return question.Test(attribute, Op.EQ, value)


def test_without_parameters_everything_is_asked() -> None:
    assert asked("partijen") == EVERYTHING


def test_an_own_attribute_is_a_test() -> None:
    assert asked("partijen", nummer="7") == Where((equal("nummer", "7"),))


def test_white_space_around_a_value_does_not_count() -> None:
    assert asked("partijen", nummer=" 7 ") == asked("partijen", nummer="7")


def test_of_a_repeated_parameter_the_last_counts() -> None:
    pairs = [("kanaal", "balie"), ("kanaal", "chat")]
    assert ask(RESOURCES["klantcontacten"], pairs) == Where((equal("kanaal", "chat"),))


def test_a_related_attribute_is_a_hop() -> None:
    where = asked("betrokkenen", hadKlantcontact__nummer="7")
    assert where == Where(hops=(Hop("hadKlantcontact", Where((equal("nummer", "7"),))),))


def test_parameters_of_one_prefix_are_met_by_one_object() -> None:
    where = asked(
        "klantcontacten",
        **{VIA_PARTIJ + "objectId": "1", VIA_PARTIJ + "codeSoortObjectId": "bsn"},
    )
    tests = (
        equal("partijIdentificator.objectId", "1"),
        equal("partijIdentificator.codeSoortObjectId", "bsn"),
    )
    partij = Hop("wasPartij", Where(hops=(Hop("partijIdentificatoren", Where(tests)),)))
    assert where == Where(hops=(Hop("hadBetrokkenen", Where(hops=(partij,))),))


def test_a_deeper_parameter_joins_the_object_of_its_prefix() -> None:
    where = asked("klantcontacten", hadBetrokkene__uuid=UUID, hadBetrokkene__wasPartij__uuid=UUID)
    partij = Hop("wasPartij", Where((equal("uuid", UUID),)))
    assert where == Where(hops=(Hop("hadBetrokkenen", Where((equal("uuid", UUID),), (partij,))),))


def test_parameters_of_two_prefixes_are_met_apart() -> None:
    where = asked("klantcontacten", onderwerpobject__uuid=UUID, wasOnderwerpobject__uuid=UUID)
    relations = [hop.relation for hop in where.hops]
    assert relations == ["gingOverOnderwerpobjecten", "wasOnderwerpobjecten"]


def test_that_something_is_there_is_a_bare_hop() -> None:
    assert asked("klantcontacten", leiddeTotInterneTaken="true") == Where(
        hops=(Hop("leiddeTotInterneTaken", EVERYTHING),)
    )


def test_that_nothing_is_there_is_a_negated_hop() -> None:
    assert asked("klantcontacten", leiddeTotInterneTaken="false") == Where(
        hops=(Hop("leiddeTotInterneTaken", EVERYTHING, negated=True),)
    )


def test_that_something_further_is_not_there_negates_the_whole_way() -> None:
    inside = Where(hops=(Hop("wasPartij", EVERYTHING),))
    assert asked("klantcontacten", hadBetrokkene__wasPartij="false") == Where(
        hops=(Hop("hadBetrokkenen", inside, negated=True),)
    )


def test_being_there_joins_the_other_parameters_of_its_prefix() -> None:
    where = asked(
        "klantcontacten", hadBetrokkene__wasPartij="true", hadBetrokkene__wasPartij__uuid=UUID
    )
    partij = Hop("wasPartij", Where((equal("uuid", UUID),)))
    assert where == Where(hops=(Hop("hadBetrokkenen", Where(hops=(partij,))),))


@pytest.mark.parametrize("text", ["", "  "])
@pytest.mark.parametrize(
    ("resource", "param"),
    [
        ("partijen", "partijIdentificator__objectId"),
        ("partijen", "nummer"),
        ("digitaleadressen", "adres"),
        ("digitaleadressen", "verstrektDoorPartij__uuid"),
        ("betrokkenen", "wasPartij__url"),
        ("klantcontacten", VIA_PARTIJ + "objectId"),
        ("actoren", "actoridentificatorObjectId"),
    ],
)
def test_an_empty_value_that_should_identify_is_refused(
    resource: str, param: str, text: str
) -> None:
    (wrong,) = refused(resource, **{param: text})
    assert (wrong.name, wrong.code) == (param, "blank")


@pytest.mark.parametrize("text", ["", "  "])
@pytest.mark.parametrize(
    ("resource", "param"),
    [
        ("klantcontacten", "kanaal"),
        ("klantcontacten", "vertrouwelijk"),
        ("partijen", "soortPartij"),
        ("partijen", "partijIdentificator__codeSoortObjectId"),
        ("digitaleadressen", "verificatieDatum__gt"),
    ],
)
def test_another_empty_value_is_left_out(resource: str, param: str, text: str) -> None:
    assert asked(resource, **{param: text}) == EVERYTHING


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = refused("partijen", nummer="", soortPartij="mens", indicatieActief="misschien")
    assert [(w.name, w.code) for w in wrong] == [
        ("nummer", "blank"),
        ("soortPartij", "invalid_choice"),
        ("indicatieActief", "invalid"),
    ]


def test_unknown_parameters_are_named_together() -> None:
    (wrong,) = unknown_parameters(["ordering", "search"]).params
    assert (wrong.name, wrong.code) == ("nonFieldErrors", "unknown-parameters")
    assert wrong.reason == "Onbekende query parameters: ordering, search"


def test_an_unknown_parameter_that_could_be_a_person_is_not_repeated() -> None:
    (wrong,) = unknown_parameters(["ordering", "999993653"]).params
    assert wrong.reason == "Onbekende query parameters: ordering, ***"
