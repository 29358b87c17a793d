"""Parts of a contact that its source took whole: confirmed when they are so, else refused, and
whatever becomes of them nothing is written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import event, given, settings
from hypothesis import strategies as st

from gateway.standard.errors import DIFFERS, VALIDATION, Problem
from tests.support.bodies import ref
from tests.support.installations import Loop
from tests.support.office import Office
from tests.support.whole import whole

TEXTS: Final = ("", "Bel na vijven.", "Bel na zessen.")
EMAILS: Final = ("", "an@example.nl", "bo@example.nl")
CONTACT: Final = {"kanaal": "balie", "onderwerp": "x", "taal": "nld", "vertrouwelijk": True}


@st.composite
def hints(draw: st.DrawFn) -> dict[str, str]:
    """What a klantcontact tells besides."""
    given = {
        "notitie": draw(st.sampled_from(TEXTS)),
        "email": draw(st.sampled_from(EMAILS)),
        "wie": draw(st.sampled_from(("", "1", "2"))),
    }
    return {name: text for name, text in given.items() if text}


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A part of the contact: its resource, and what is asked of it but for the contact itself.
    Actoren are the numbers of users."""
    match draw(st.sampled_from(("internetaken", "actorklantcontacten", "digitaleadressen"))):
        case "internetaken":
            asked = {
                "toelichting": draw(st.sampled_from(TEXTS)),
                "status": draw(st.sampled_from(("te_verwerken", "verwerkt"))),
                "toegewezenAanActoren": draw(st.lists(st.sampled_from((1, 2)), max_size=2)),
            }
            named = draw(st.sets(st.sampled_from(sorted(asked)))) | {"status"}
            needed = {"gevraagdeHandeling": "Terugbellen", "toegewezenAanActoren": []}
            return "internetaken", {**needed, **{n: asked[n] for n in named}}
        case "actorklantcontacten":
            return "actorklantcontacten", {"actor": draw(st.sampled_from((1, 2)))}
        case _:
            adres = draw(st.sampled_from(EMAILS[1:]))
            return "digitaleadressen", {"adres": adres, "soortDigitaalAdres": "email"}


TO_CONTACT: Final = {
    "internetaken": "aanleidinggevendKlantcontact",
    "actorklantcontacten": "klantcontact",
}


def body(
    bureau: Office, contact: str, somebody: str, resource: str, asked: dict[str, Any]
) -> dict[str, Any]:
    """The body that asks for a part."""

    def actor(number: int) -> dict[str, str]:
        return ref(bureau.uuid("actoren", number))

    made = dict(asked)
    if "toegewezenAanActoren" in made:
        made["toegewezenAanActoren"] = [actor(n) for n in dict.fromkeys(asked[_ACTOREN])]
    if "actor" in made:
        made["actor"] = actor(asked["actor"])
    if resource == "digitaleadressen":
        return {**made, "verstrektDoorBetrokkene": ref(somebody), "verstrektDoorPartij": None}
    return {**made, TO_CONTACT[resource]: ref(contact)}


_ACTOREN: Final = "toegewezenAanActoren"


@settings(max_examples=60)
@given(hints(), st.lists(parts(), min_size=1, max_size=6))
def test_a_part_is_what_was_asked_or_is_refused(
    hint: dict[str, str], asked: list[tuple[str, dict[str, Any]]]
) -> None:
    with TemporaryDirectory() as folder:
        bureau, loop = whole(Path(folder)), Loop()
        try:
            _law(bureau, loop, hint, asked)
        finally:
            loop.close()


def _law(
    bureau: Office, loop: Loop, hint: dict[str, str], asked: list[tuple[str, dict[str, Any]]]
) -> None:
    contact = loop.run(bureau.make("klantcontacten", **CONTACT, metadata=hint)).uuid
    # Of a betrokkene that is not there its address has nobody; a reference to it is refused.
    somebody = bureau.uuid("betrokkenen", 1)
    for resource, wanted in asked:
        posted = body(bureau, contact, somebody, resource, wanted)
        try:
            done = loop.run(bureau.make(resource, **posted)).object
        except Problem as problem:
            event(f"{resource} refused")
            assert problem.kind in (DIFFERS, VALIDATION)
            assert not _shown(bureau, loop, resource, posted)
        else:
            event(f"{resource} confirmed")
            assert _meets(done, posted)
            assert _shown(bureau, loop, resource, posted)
        assert len(bureau.store.written) == 1


def _shown(bureau: Office, loop: Loop, resource: str, posted: dict[str, Any]) -> bool:
    """Whether there is such an object already."""
    return any(_meets(one, posted) for one in loop.run(bureau.all(resource)))


def _meets(found: dict[str, Any], posted: dict[str, Any]) -> bool:
    """Whether an object is what a body asks."""
    return all(_same(found[name], value) for name, value in posted.items())


def _same(found: Any, asked: Any) -> bool:
    if isinstance(asked, list):
        return [one["uuid"] for one in found] == [one["uuid"] for one in asked]
    return bool(found["uuid"] == asked["uuid"] if isinstance(asked, dict) else found == asked)
