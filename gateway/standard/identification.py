"""The rules of the numbers by which a partij is identified: BSN, RSIN, KvK- en vestigingsnummer.

Their names in errors are flat, as Open Klant's are: ``partijIdentificatorObjectId``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from stdnum.nl import bsn

from gateway.standard.facts import Broken, Case

PATH: Final = "partij-identificatoren"
_SUB: Final = "subIdentificatorVan"
_CODES: Final = ("codeObjecttype", "codeSoortObjectId", "objectId", "codeRegister")
_GROUP: Final = tuple(f"partijIdentificator.{code}" for code in _CODES)
_OBJECTTYPE, _SOORT, _OBJECT_ID, _REGISTER = _GROUP

# The order of the choices is that in which Open Klant names them.
_OBJECTTYPES: Final = {
    "brp": ["natuurlijk_persoon"],
    "hr": ["vestiging", "niet_natuurlijk_persoon"],
}
_SOORTEN: Final = {
    "natuurlijk_persoon": ["bsn"],
    "vestiging": ["vestigingsnummer"],
    "niet_natuurlijk_persoon": ["rsin", "kvk_nummer"],
}
_DIGITS: Final = {"bsn": 9, "rsin": 9, "kvk_nummer": 8, "vestigingsnummer": 12}
_CHECKED: Final = {"bsn": "Onjuist BSN nummer", "rsin": "Onjuist RSIN nummer"}
"""Which have a check digit (the 11-test), and what is said of a wrong one."""

TAKEN: Final = (
    "`PartijIdentificator` moet uniek zijn, er bestaat er al een met deze gegevenscombinatie."
)
TWO_OF_A_SOORT: Final = "`CodeSoortObjectId` moet uniek zijn voor de Partij."


async def objecttype_is_of_the_register(case: Case) -> Broken:
    """PID-05."""
    register, objecttype = case.text(_REGISTER), case.text(_OBJECTTYPE)
    allowed = _OBJECTTYPES.get(register, [])
    if not case.sets(*_GROUP) or objecttype in allowed:
        return ()
    return case.refusal(
        "partijIdentificatorCodeObjecttype",
        f"voor `codeRegister` {register} zijn alleen deze waarden toegestaan: {allowed}",
    )


async def soort_is_of_the_objecttype(case: Case) -> Broken:
    """PID-05."""
    objecttype, soort = case.text(_OBJECTTYPE), case.text(_SOORT)
    allowed = _SOORTEN.get(objecttype, [])
    if not case.sets(*_GROUP) or soort in allowed:
        return ()
    return case.refusal(
        "partijIdentificatorCodeSoortObjectId",
        f"voor `codeObjecttype` {objecttype} zijn alleen deze waarden toegestaan: {allowed}",
    )


async def object_id_is_of_its_soort(case: Case) -> Broken:
    """PID-01 to PID-04. An empty one is none."""
    number = case.text(_OBJECT_ID)
    wrong = number and case.sets(*_GROUP) and _wrong(case.text(_SOORT), number)
    if not wrong:
        return ()
    return case.refusal("partijIdentificatorObjectId", f"Deze waarde is ongeldig, reden: {wrong}")


def _wrong(soort: str, number: str) -> str | None:
    """What is wrong with a number of this soort."""
    digits = _DIGITS[soort]
    if len(number) != digits:
        return f"Waarde moet {digits} tekens lang zijn"
    if not (number.isascii() and number.isdigit()):
        return "Voer een numerieke waarde in"
    # The RSIN has the same test as the BSN.
    return _CHECKED[soort] if soort in _CHECKED and bsn.checksum(number) else None


async def soort_stays_while_others_stand_on_it(case: Case) -> Broken:
    """A KvK-nummer with vestigingen stays one."""
    if case.uuid is None or case.current is None:
        return ()
    if case.text(_SOORT) == case.current.values.get(_SOORT):
        return ()
    if not await case.facts.related(PATH, case.uuid, "subIdentificatoren"):
        return ()
    return case.refusal(
        "partijIdentificatorCodeSoortObjectId",
        "Het is niet mogelijk om de codeSoortObjectId van deze PartijIdentificator te wijzigen, "
        "omdat er andere PartijIdentificatoren aan gekoppeld zijn.",
    )


async def vestiging_stands_on_a_kvk_nummer(case: Case) -> Broken:
    """PID-04: a vestigingsnummer is that of a company."""
    if case.text(_SOORT) != "vestigingsnummer" or not case.sets(*_GROUP, _SUB):
        return ()
    company = case.reference(_SUB)
    if company is None:
        return case.refusal(
            _SUB,
            "Voor een PartijIdentificator met codeSoortObjectId = `vestigingsnummer` is het "
            "verplicht om een `sub_identifier_van` met codeSoortObjectId = `kvk_nummer` te kiezen.",
        )
    stored = await case.facts.values(PATH, company)
    if stored is not None and stored.values.get(_SOORT) == "kvk_nummer":
        return ()
    return case.refusal(
        _SUB,
        "Het is alleen mogelijk om een subIdentifierVan te selecteren met codeSoortObjectId = "
        "`kvk_nummer`.",
    )


async def not_on_itself(case: Case) -> Broken:
    """PID-10."""
    if case.uuid is None or case.reference(_SUB) != case.uuid:
        return ()
    reason = "Een `Partijidentificator` kan geen `subIdentificatorVan` zijn van zichzelf."
    return case.refusal(_SUB, reason)


async def not_taken(case: Case) -> Broken:
    """PID-06 and PID-08."""
    if await is_taken(case, ()):
        return case.refusal("__all__", TAKEN)
    return ()


async def is_taken(case: Case, leaving: Collection[str]) -> bool:
    """Whether another has the same codes and number, and stands on the same one or on none too.

    ``leaving``: identificatoren that do not count, for the same write replaces them. An empty
    number cannot be asked for, and is never taken.
    """
    if not case.sets(*_GROUP, _SUB) or not case.text(_OBJECT_ID):
        return False
    codes = zip(_CODES, _GROUP, strict=True)
    filters = {f"partijIdentificator{c[0].upper()}{c[1:]}": case.text(path) for c, path in codes}
    for uuid in await case.others(filters):
        stored = None if uuid in leaving else await case.facts.values(PATH, uuid)
        if stored is not None and stored.references.get(_SUB, ()) == case.references(_SUB):
            return True
    return False


async def one_of_a_soort(case: Case) -> Broken:
    """PID-07: a partij has one BSN, one KvK-nummer."""
    partij = case.reference("identificeerdePartij")
    if partij is None or not case.sets(_SOORT, "identificeerdePartij"):
        return ()
    for uuid in await case.facts.related("partijen", partij, "partijIdentificatoren"):
        stored = None if uuid == case.uuid else await case.facts.values(PATH, uuid)
        if stored is not None and stored.values.get(_SOORT) == case.text(_SOORT):
            return case.refusal("__all__", TWO_OF_A_SOORT)
    return ()


def soort_of(case: Case) -> str:
    """The soort of the number."""
    return case.text(_SOORT)


OF_ITSELF: Final = (
    objecttype_is_of_the_register,
    soort_is_of_the_objecttype,
    object_id_is_of_its_soort,
    vestiging_stands_on_a_kvk_nummer,
)
"""What also holds for an identificator within the body of its partij."""

ALL: Final = (
    objecttype_is_of_the_register,
    soort_is_of_the_objecttype,
    object_id_is_of_its_soort,
    soort_stays_while_others_stand_on_it,
    vestiging_stands_on_a_kvk_nummer,
    not_on_itself,
    not_taken,
    one_of_a_soort,
)
"""In the order in which Open Klant judges; the first that is broken is told."""
