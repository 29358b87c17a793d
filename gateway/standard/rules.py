"""The rules between attributes, and between objects: one small function for each.

What is wrong with single attributes is told first, all of it, and with it which references lead
nowhere and which numbers are taken. Only a body without such errors is put to the rules, in the
order of Open Klant; the first rule that is broken is told. Reasons are Open Klant's, word for word,
with what is left in them of another language.

Nothing is locked between a rule and the write: of two clients that write at the same moment, both
may be let through. What a source itself guards, it refuses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

from gateway.standard import identification, partij
from gateway.standard.checks import bad_phone, is_email
from gateway.standard.draft import Contact, Exists, Fits, Free, Note, Reading, Stored, Verb
from gateway.standard.errors import VALIDATION, InvalidParam, Problem
from gateway.standard.facts import Broken, Case, Facts
from gateway.standard.table import RESOURCES

Rule = Callable[[Case], Awaitable[Broken]]

_Cases = Sequence[tuple[Case, Sequence[Note]]]

_NOUNS: Final = {
    "internetaken": "interne taak",
    "klantcontacten": "klantcontact",
    "partijen": "partij",
}


async def check(
    reading: Reading, facts: Facts, uuid: str | None = None, current: Stored | None = None
) -> None:
    """Judge the body of a write. ``uuid`` and ``current``: the object that there is, if any.

    Raises ``Problem`` (400) with everything that is wrong, in the order of Open Klant.
    """
    await _judge([(Case.of(reading, facts, uuid, current), reading.notes)], facts)


async def check_contact(contact: Contact, facts: Facts) -> None:
    """Judge the body of ``maak-klantcontact``, as ``check`` does: all parts, then their rules."""
    await _judge([(Case.of(part, facts), part.notes) for part in contact.parts], facts)


async def _judge(cases: _Cases, facts: Facts) -> None:
    found = await _found_out(cases, facts)
    if wrong := [error for error in found if error is not None]:
        raise Problem(VALIDATION, params=wrong)
    for case, _ in cases:
        for rule in RULES.get(case.draft.resource.path, ()):
            if broken := await rule(case):
                raise Problem(VALIDATION, params=broken)


# --- single attributes --------------------------------------------------------------------------


async def _found_out(cases: _Cases, facts: Facts) -> list[InvalidParam | None]:
    """What each note comes to: an error, or nothing. References are looked up all at once."""
    lookups = {(n.resource, n.uuid) for _, notes in cases for n in notes if isinstance(n, Exists)}
    absent = await facts.absent(lookups) if lookups else ()
    return [await _settled(note, case, absent) for case, notes in cases for note in notes]


async def _settled(
    note: Note, case: Case, absent: Collection[tuple[str, str]]
) -> InvalidParam | None:
    match note:
        case Exists():
            return await _exists(note, case, absent)
        case Free():
            return await _free(note, case)
        case Fits():
            return _fits(note, case)
    return note


async def _exists(
    note: Exists, case: Case, absent: Collection[tuple[str, str]]
) -> InvalidParam | None:
    if (note.resource, note.uuid) in absent:
        reason = f"{RESOURCES[note.resource].label} object bestaat niet."
        return InvalidParam(note.name, "invalid", reason)
    if not note.soort:
        return None
    stored = await case.facts.values(note.resource, note.uuid)
    if stored is not None and stored.values.get("soortPartij") == note.soort:
        return None
    reason = f"Partij object moet het soort '{note.soort}' hebben."
    return InvalidParam(note.name, "invalid", reason)


async def _free(note: Free, case: Case) -> InvalidParam | None:
    if not await case.others({note.attribute: note.value}):
        return None
    noun = _NOUNS[note.resource]
    reason = f"Er bestaat al een {noun} met eenzelfde {note.attribute}."
    return InvalidParam(note.name, "unique", reason)


def _fits(note: Fits, case: Case) -> InvalidParam | None:
    """DIG-01 to DIG-03 and DIG-07."""
    soort = case.value("soortDigitaalAdres")
    reason: str | None = None
    if soort == "telefoonnummer":
        reason = bad_phone(note.adres)
    elif soort == "email" and not is_email(note.adres):
        reason = "Voer een geldig e-mailadres in."
    return InvalidParam(note.name, "invalid", reason) if reason else None


# --- klantcontacten and internetaken ------------------------------------------------------------


async def no_further_action_on_success(case: Case) -> Broken:
    """KLC-01."""
    if not (case.value("indicatieContactGelukt") and case.value("verdereActieOndernomen")):
        return ()
    return case.refusal(
        "nonFieldErrors",
        "Als het contact gelukt is kan er geen verdere actie zijn ondernomen",
        "no-further-action-when-contact-succesful",
    )


async def actoren_in_one_way(case: Case) -> Broken:
    """INT-01."""
    given = case.named & {"toegewezenAanActor", "toegewezenAanActoren"}
    if len(given) == 1 or (not given and case.verb is Verb.CHANGE):
        return ()
    return case.refusal(
        "nonFieldErrors",
        "`toegewezen_aan_actor` en `toegewezen_aan_actoren` mag niet beiden gebruikt worden."
        if given
        else "`toegewezen_aan_actor` of `toegewezen_aan_actoren` is required "
        "(mag niet beiden gebruiken).",
    )


async def handled_only_when_done(case: Case) -> Broken:
    """INT-03."""
    if not case.draft.values.get("afgehandeldOp") or case.value("status") == "verwerkt":
        return ()
    return case.refusal(
        "afgehandeldOp",
        "De Internetaak kan geen afgehandeld op datum bevatten als de status niet op "
        "'verwerkt' staat.",
    )


# --- digitaleadressen ----------------------------------------------------------------------------


async def standard_only_of_a_partij(case: Case) -> Broken:
    """DIG-04."""
    told = case.sets("isStandaardAdres", "verstrektDoorPartij")
    if not told or not case.value("isStandaardAdres") or case.references("verstrektDoorPartij"):
        return ()
    return case.refusal(
        "isStandaardAdres",
        "`is_standaard_adres` kan alleen gezet worden als `verstrekt_door_partij` niet leeg is.",
    )


async def referentie_is_its_own(case: Case) -> Broken:
    """DIG-06. Open Klant does not take an address for itself (QRK-09); here it keeps its own."""
    owner, referentie = case.reference("verstrektDoorPartij"), case.text("referentie")
    told = case.sets("verstrektDoorPartij", "referentie", "soortDigitaalAdres")
    if not told or owner is None or not referentie:
        return ()
    filters = {
        "verstrektDoorPartij__uuid": owner,
        "referentie": referentie,
        "soortDigitaalAdres": case.text("soortDigitaalAdres"),
    }
    if not await case.others(filters):
        return ()
    return case.refusal(
        "nonFieldErrors",
        "De velden ['verstrekt_door_partij', 'referentie', 'soort_digitaal_adres'] moeten een "
        "unieke set zijn.",
        "unique",
    )


# --- pairs ---------------------------------------------------------------------------------------


async def actor_and_klantcontact_once(case: Case) -> Broken:
    """ACT-02."""
    return await _pair(case, "actor", "klantcontact", "actor, klantcontact")


async def represented_once(case: Case) -> Broken:
    """VER-02."""
    both = "vertegenwoordigende_partij, vertegenwoordigde_partij"
    return await _pair(case, "vertegenwoordigendePartij", "vertegenwoordigdePartij", both)


async def _pair(case: Case, one: str, other: str, told: str) -> Broken:
    first, second = case.reference(one), case.reference(other)
    if first is None or second is None or not case.sets(one, other):
        return ()
    if not await case.others({f"{one}__uuid": first, f"{other}__uuid": second}):
        return ()
    reason = f"De velden {told} moeten een unieke set zijn."
    return case.refusal("nonFieldErrors", reason, "unique")


async def nobody_represents_himself(case: Case) -> Broken:
    """VER-01."""
    represented = case.references("vertegenwoordigdePartij")
    if not represented or represented != case.references("vertegenwoordigendePartij"):
        return ()
    reason = "De partij kan niet zichzelf vertegenwoordigen."
    return case.refusal("vertegenwoordigdePartij", reason)


RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "actorklantcontacten": (actor_and_klantcontact_once,),
    "digitaleadressen": (standard_only_of_a_partij, referentie_is_its_own),
    "internetaken": (actoren_in_one_way, handled_only_when_done),
    "klantcontacten": (no_further_action_on_success,),
    "partijen": partij.ALL,
    "partij-identificatoren": identification.ALL,
    "vertegenwoordigingen": (represented_once, nobody_represents_himself),
}
"""By resource, in the order in which Open Klant judges."""
