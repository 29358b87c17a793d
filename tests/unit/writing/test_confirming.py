"""A source that takes a contact whole and changes it no more, before clients that send it in parts:
a part that was in the first request is confirmed, any other is refused by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.base import Create
from gateway.standard.errors import DIFFERS, VALIDATION, Problem
from tests.support.bodies import ref
from tests.support.office import Office
from tests.support.whole import whole

CONTACT: Final = {"kanaal": "balie", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": True}
HINT: Final = {"notitie": "Bel na vijven.", "email": "an@example.nl", "wie": "1"}
TAAK: Final = {"gevraagdeHandeling": "Terugbellen", "status": "te_verwerken"}
BETROKKENE: Final = {"rol": "klant", "initiator": True}
ADRES: Final = {"adres": "an@example.nl", "soortDigitaalAdres": "email"}


@pytest.fixture
def bureau(tmp_path: Path) -> Office:
    """One source, with two users, that makes contacts and links and changes nothing."""
    return whole(tmp_path)


async def contact(bureau: Office, **metadata: str) -> dict[str, Any]:
    """A reference to a new contact with this hint."""
    done = await bureau.make("klantcontacten", **CONTACT, metadata=metadata)
    return ref(done.uuid)


async def refused(bureau: Office, resource: str, **body: Any) -> Problem:
    """Why a part of a contact is refused, which writes nothing."""
    before = len(bureau.store.written)
    with pytest.raises(Problem) as caught:
        await bureau.make(resource, **body)
    assert len(bureau.store.written) == before
    return caught.value


async def parts(bureau: Office, made: dict[str, Any]) -> None:
    """The parts of a contact with the whole hint, as clients send them one by one."""
    task = await bureau.make(
        "internetaken",
        **TAAK,
        toelichting="Bel na vijven.",
        aanleidinggevendKlantcontact=made,
        toegewezenAanActoren=[ref(bureau.uuid("actoren", 1))],
    )
    assert task.object["toelichting"] == "Bel na vijven."
    assert task.uuid in await bureau.uuids("internetaken")
    somebody = await bureau.make("betrokkenen", **BETROKKENE, hadKlantcontact=made, wasPartij=None)
    address = await bureau.make(
        "digitaleadressen",
        **ADRES,
        verstrektDoorBetrokkene=ref(somebody.uuid),
        verstrektDoorPartij=None,
    )
    assert address.uuid in await bureau.uuids("digitaleadressen")


async def test_parts_of_what_was_made_at_once_are_confirmed(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    await parts(bureau, made)
    await parts(bureau, made)
    ((create,),) = bureau.store.written
    assert isinstance(create, Create)
    assert (create.values["SOORT"], create.values["STATUS"]) == ("taak", "open")


async def test_what_may_be_there_once_is_confirmed_all_the_same(bureau: Office) -> None:
    """Two of these with the same actor are refused; this is not a second one."""
    pair = {"actor": ref(bureau.uuid("actoren", 1)), "klantcontact": await contact(bureau, **HINT)}
    done = await bureau.make("actorklantcontacten", **pair)
    assert done.object["actor"]["uuid"] == pair["actor"]["uuid"]
    other = {**pair, "actor": ref(bureau.uuid("actoren", 2))}
    problem = await refused(bureau, "actorklantcontacten", **other)
    assert problem.kind is DIFFERS
    assert [p.name for p in problem.params] == ["actor"]


async def test_a_number_that_is_left_to_the_source_is_its_own(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    to = {"toegewezenAanActoren": [ref(bureau.uuid("actoren", 1))]}
    body = {**TAAK, "nummer": "", "aanleidinggevendKlantcontact": made, **to}
    done = await bureau.make("internetaken", **body)
    assert done.object["nummer"] == "1"


async def test_a_contact_at_once_has_its_parts_too(bureau: Office) -> None:
    whole = {"klantcontact": {**CONTACT, "metadata": HINT}, "betrokkene": BETROKKENE}
    done = await bureau.contact(**whole)
    await parts(bureau, ref(done["klantcontact"]["uuid"]))
    assert len(bureau.store.written) == 1


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"toelichting": "Iets anders."}, {"toelichting"}),
        ({"toelichting": ""}, {"toelichting"}),
        ({"status": "verwerkt"}, {"status"}),
        ({"toegewezenAanActoren": [2]}, {"toegewezenAanActoren"}),
        ({"toegewezenAanActoren": []}, {"toegewezenAanActoren"}),
        ({"toelichting": "Wie?", "toegewezenAanActoren": [1, 2]},
         {"toelichting", "toegewezenAanActoren"}),
    ],
)  # fmt: skip
async def test_what_differs_is_named_and_not_said(
    bureau: Office, asked: dict[str, Any], names: set[str]
) -> None:
    made = await contact(bureau, **HINT)
    if "toegewezenAanActoren" in asked:
        asked = {
            **asked,
            "toegewezenAanActoren": [
                ref(bureau.uuid("actoren", n)) for n in asked["toegewezenAanActoren"]
            ],
        }
    equal = {
        "toelichting": HINT["notitie"],
        "toegewezenAanActoren": [ref(bureau.uuid("actoren", 1))],
    }
    body = {**TAAK, "aanleidinggevendKlantcontact": made, **equal, **asked}
    problem = await refused(bureau, "internetaken", **body)
    assert problem.kind is DIFFERS
    assert {p.name for p in problem.params} == names
    assert {p.code for p in problem.params} == {"differs"}
    told = f"{problem.detail} {[p.reason for p in problem.params]}"
    assert "vijven" not in told and "anders." not in told


async def test_what_nobody_asked_is_not_compared(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    done = await bureau.make("internetaken", **TAAK, aanleidinggevendKlantcontact=made,
                             toegewezenAanActoren=[ref(bureau.uuid("actoren", 1))])  # fmt: skip
    assert done.object["toelichting"] == HINT["notitie"]


async def test_without_the_hint_the_answer_names_it(bureau: Office) -> None:
    made = await contact(bureau)
    ((create,),) = bureau.store.written
    assert isinstance(create, Create)
    assert (create.values["SOORT"], create.values["STATUS"]) == ("contact", "klaar")
    body = {**TAAK, "toelichting": "x", "aanleidinggevendKlantcontact": made}
    problem = await refused(bureau, "internetaken", **body, toegewezenAanActoren=[])
    assert problem.kind is DIFFERS
    assert [p.name for p in problem.params] == ["nonFieldErrors"]
    assert "metadata.soort, metadata.notitie, metadata.wie" in problem.detail
    somebody = await refused(
        bureau, "betrokkenen", **BETROKKENE, hadKlantcontact=made, wasPartij=None
    )
    assert "metadata.email." in somebody.detail


async def test_what_stands_deeper_is_told_of_by_the_contact(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    somebody = await bureau.make("betrokkenen", **BETROKKENE, hadKlantcontact=made, wasPartij=None)
    to = {"verstrektDoorBetrokkene": ref(somebody.uuid), "verstrektDoorPartij": None}
    problem = await refused(bureau, "digitaleadressen", **{**ADRES, "adres": "bo@x.nl"}, **to)
    assert [p.name for p in problem.params] == ["adres"]
    assert "bij klantcontacten" in problem.detail
    assert "metadata.email." in problem.detail


async def test_what_the_source_says_itself_cannot_be_told(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    to = {"toegewezenAanActoren": [ref(bureau.uuid("actoren", 1))]}
    body = {**TAAK, "nummer": "5", "aanleidinggevendKlantcontact": made, **to}
    problem = await refused(bureau, "internetaken", **body)
    assert [p.name for p in problem.params] == ["nummer"]
    assert "metadata" not in problem.detail


async def test_what_no_record_shows_is_a_matter_of_the_source(bureau: Office) -> None:
    made = await contact(bureau, **HINT)
    body = {**TAAK, "gevraagdeHandeling": "Mailen", "aanleidinggevendKlantcontact": made}
    problem = await refused(bureau, "internetaken", **body, toegewezenAanActoren=[])
    assert problem.kind is VALIDATION
    assert [(p.name, p.code) for p in problem.params] == [("gevraagdeHandeling", "not-kept")]
    problem = await refused(
        bureau,
        "betrokkenen",
        **BETROKKENE,
        hadKlantcontact=made,
        wasPartij=None,
        contactnaam={"achternaam": "Anoniem"},
    )
    assert problem.kind is VALIDATION
    assert [p.name for p in problem.params] == ["contactnaam.achternaam"]


async def test_what_may_be_missing_is_left_out(bureau: Office) -> None:
    bureau = replace(bureau, lenient={"betrokkenen": ["contactnaam"], "internetaken": ["status"]})
    made = await contact(bureau, **HINT)
    name = {"contactnaam": {"achternaam": "Anoniem"}}
    done = await bureau.make(
        "betrokkenen", **BETROKKENE, **name, hadKlantcontact=made, wasPartij=None
    )
    assert done.object["contactnaam"]["achternaam"] == ""
    to = {"toegewezenAanActoren": [ref(bureau.uuid("actoren", 1))]}
    task = await bureau.make(
        "internetaken", **{**TAAK, "status": "verwerkt"}, aanleidinggevendKlantcontact=made, **to
    )
    assert task.object["status"] == "te_verwerken"


async def test_a_record_is_made_with_what_it_needs(bureau: Office) -> None:
    """The number of a case is not in what is asked of this one."""
    problem = await refused(bureau, "onderwerpobjecten", klantcontact=await contact(bureau),
                            wasKlantcontact=None)  # fmt: skip
    assert problem.kind is VALIDATION
    ((name, reason),) = [(p.name, p.reason) for p in problem.params]
    assert name == "nonFieldErrors"
    assert reason == "de bron neemt dit alleen aan met onderwerpobjectidentificator.objectId"


async def test_a_hint_that_contradicts_itself_makes_nothing(bureau: Office) -> None:
    """A note is for open tasks only: with what makes it a contact that is done, it is refused."""
    hint = {"soort": "contact", "notitie": "x"}
    problem = await refused(bureau, "klantcontacten", **CONTACT, metadata=hint)
    assert problem.kind is VALIDATION
    assert [p.name for p in problem.params] == ["metadata.notitie"]


def test_what_cannot_be_changed_has_no_verb_for_it(bureau: Office) -> None:
    verbs = bureau.register.verbs
    assert verbs("internetaken") == verbs("klantcontacten") == {"POST"}
    assert verbs("maak-klantcontact") == {"POST"}
