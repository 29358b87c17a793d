"""Codes that mean the same, for who searches by them."""

from __future__ import annotations

import pytest

from gateway.federation.vocabulary import Vocabulary
from gateway.standard.model import Op
from gateway.standard.question import Hop, Where, ask
from gateway.standard.question import Test as Asked
from gateway.standard.table import RESOURCES

VOCABULARY = Vocabulary(
    {
        "codeObjecttype": [["zgw-Zaak", "zaak"], ["taak", "opdracht"]],
        "codeRegister": [["openzaak", "open-zaak"]],
    }
)
LINK = "onderwerpobject__onderwerpobjectidentificator"


def asked(resource: str, *filters: tuple[str, str]) -> Where:
    """A question, before codes are spread."""
    return ask(RESOURCES[resource], filters)


def of_link(where: Where) -> set[tuple[str, Op, object]]:
    """What is asked of the onderwerpobject that a question leads to."""
    (hop,) = where.hops
    return {(t.attribute.partition(".")[2], t.op, t.value) for t in hop.where.tests}


@pytest.mark.parametrize("value", ["zaak", "zgw-Zaak"])
def test_who_asks_for_one_code_asks_for_all_of_its_group(value: str) -> None:
    question = asked("klantcontacten", (f"{LINK}CodeObjecttype", value))
    spread = VOCABULARY.spread("klantcontacten", question)
    assert of_link(spread) == {("codeObjecttype", Op.IN, ("zgw-Zaak", "zaak"))}


def test_each_code_has_its_own_groups_and_the_object_stays_one() -> None:
    question = asked(
        "klantcontacten",
        (f"{LINK}ObjectId", "zaak"),
        (f"{LINK}CodeObjecttype", "zaak"),
        (f"{LINK}CodeRegister", "open-zaak"),
    )
    assert of_link(VOCABULARY.spread("klantcontacten", question)) == {
        ("objectId", Op.EQ, "zaak"),
        ("codeObjecttype", Op.IN, ("zgw-Zaak", "zaak")),
        ("codeRegister", Op.IN, ("openzaak", "open-zaak")),
    }


@pytest.mark.parametrize("value", ["besluit", "openzaak", "ZAAK"])
def test_a_code_of_no_group_means_itself(value: str) -> None:
    question = asked("klantcontacten", (f"{LINK}CodeObjecttype", value))
    assert VOCABULARY.spread("klantcontacten", question) == question


def test_without_groups_a_question_stays_what_it_is() -> None:
    question = asked("klantcontacten", (f"{LINK}CodeObjecttype", "zaak"))
    assert Vocabulary().spread("klantcontacten", question) == question


def test_a_list_of_the_links_themselves_goes_by_the_code_that_is_shown() -> None:
    question = asked("onderwerpobjecten", ("onderwerpobjectidentificatorCodeObjecttype", "zaak"))
    assert VOCABULARY.spread("onderwerpobjecten", question) == question


def test_a_code_is_found_behind_several_hops() -> None:
    code = Asked("onderwerpobjectidentificator.codeObjecttype", Op.EQ, "zaak")
    contact = Where(hops=(Hop("gingOverOnderwerpobjecten", Where((code,))),))
    question = Where(hops=(Hop("hadKlantcontact", contact, negated=True),))
    (outer,) = VOCABULARY.spread("betrokkenen", question).hops
    assert outer.negated
    assert {op for _, op, _ in of_link(outer.where)} == {Op.IN}


def test_the_code_of_an_identificator_of_something_else_means_itself() -> None:
    question = asked("partijen", ("partijIdentificator__codeObjecttype", "zaak"))
    assert VOCABULARY.spread("partijen", question) == question
