"""The rules of a partij: what it prefers is its own, and its identificatoren within its body."""

from __future__ import annotations

from typing import Final

from gateway.standard import identification
from gateway.standard.draft import Nested, Verb
from gateway.standard.facts import Broken, Case


async def identificatoren_are_right(case: Case) -> Broken:
    """PID-01 to PID-05 for each identificator within the body; of each what is wrong first."""
    return tuple([error for part in _parts(case) for error in await _first(part)])


async def _first(part: Case) -> Broken:
    for rule in identification.OF_ITSELF:
        if broken := await rule(part):
            return broken
    return ()


def _parts(case: Case) -> list[Case]:
    """The identificatoren within the body, each as an object to be judged."""
    return [_part(case, i, nested) for i, nested in enumerate(case.draft.nested or ())]


def _part(case: Case, index: int, nested: Nested) -> Case:
    verb = Verb.REPLACE if nested.uuid else Verb.CREATE
    prefix = f"{case.prefix}partijIdentificatoren.{index}."
    return Case(nested.draft, verb, case.facts, nested.uuid, prefix=prefix)


async def preferred_address_is_its_own(case: Case) -> Broken:
    """PAR-07."""
    ref, reason = "voorkeursDigitaalAdres", "Het voorkeurs adres moet een gelinkte digitaal adres"
    return await _own(case, ref, "digitaleAdressen", f"{reason} zijn.")


async def preferred_account_is_its_own(case: Case) -> Broken:
    """REK-02."""
    ref, reason = "voorkeursRekeningnummer", "Het voorkeurs rekeningnummer moet een gelinkte"
    return await _own(case, ref, "rekeningnummers", f"{reason} rekeningnummer zijn.")


async def _own(case: Case, ref: str, of: str, reason: str) -> Broken:
    """What ``ref`` leads to is one of those that ``of`` leads to, after the write.

    Where the body does not say which those are Open Klant answers 500, or the stored ones count;
    here these always do.
    """
    preferred = next(iter(case.draft.references.get(ref, ())), None)
    if preferred is None:
        return ()
    listed = case.draft.references.get(of)
    if case.verb is Verb.REPLACE and listed == ():
        return case.refusal(ref, f"{ref} mag niet meegegeven worden als {of} leeg is.")
    if listed is None and case.uuid is not None:
        listed = tuple(await case.facts.related("partijen", case.uuid, of))
    return () if preferred in (listed or ()) else case.refusal(ref, reason)


async def identificatoren_are_its_own(case: Case) -> Broken:
    """PID-06 to PID-08 for all of its identificatoren together; those that it has by now and does
    not name are replaced, and do not count."""
    parts = _parts(case)
    if not parts:
        return ()
    leaving = {part.uuid for part in parts if part.uuid is not None}
    if case.uuid is not None:
        leaving |= set(await case.facts.related("partijen", case.uuid, "partijIdentificatoren"))
    soorten: set[str] = set()
    for part in parts:
        if broken := await identification.not_on_itself(part):
            return broken
        if await identification.is_taken(part, leaving):
            return case.refusal("__all__", identification.TAKEN)
        soort = identification.soort_of(part)
        if soort in soorten:
            return case.refusal("__all__", identification.TWO_OF_A_SOORT)
        soorten.add(soort)
    return ()


ALL: Final = (
    identificatoren_are_right,
    preferred_address_is_its_own,
    preferred_account_is_its_own,
    identificatoren_are_its_own,
)
"""In the order in which Open Klant judges."""
