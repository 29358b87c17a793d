"""What holds of a partij with what belongs to it: numbers, addresses, accounts, an organisatie."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import uuid4

from gateway.conform.answer import Answer, Obj, values
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.conform.writing.identificatoren import GROUP, known_as
from gateway.conform.writing.identificatoren import PATH as IDENTIFICATOREN
from gateway.conform.writing.making import (
    at,
    changed,
    made,
    post,
    random_bsn,
    random_kvk,
    ref,
    refusal,
    shown,
)

PATH: Final = "partijen"
_POST: Final = f"POST {PATH}"
_PATCH: Final = f"PATCH {PATH}"
_NUMBERS: Final = "partijIdentificatoren"
_FIRST: Final = f"{_NUMBERS}.0.partijIdentificatorObjectId"


async def _posted(server: Server, **says: Any) -> Answer:
    return await post(server, PATH, {"soortPartij": "persoon", "indicatieActief": True, **says})


def _ids(partij: Obj) -> dict[str, str]:
    """The uuid of each number of a partij."""
    return {one[GROUP]["objectId"]: one["uuid"] for one in partij[_NUMBERS]}


async def names(server: Server) -> AsyncIterator[Seen]:
    """Who somebody is, is written by soort; where one works is an organisatie."""
    organisatie = await made(server, PATH, soortPartij="organisatie")
    works = {"werkteVoorPartij": ref(organisatie), "contactnaam": None}
    body = {"soortPartij": "contactpersoon", "partijIdentificatie": works}
    one = await made(server, PATH, **body)
    found = one["partijIdentificatie"] or {}
    link = {"uuid": organisatie["uuid"], "url": organisatie["url"]}
    fine = found.get("werkteVoorPartij") == link and set(found["contactnaam"].values()) == {""}
    yield judged(f"{_POST}: contactpersoon", fine, "komt anders terug")
    person = await made(server, PATH, soortPartij="persoon")
    body["partijIdentificatie"] = {"werkteVoorPartij": ref(person)}
    name = "partijIdentificatie.werkteVoorPartij.uuid"
    yield refusal(f"{_POST}: werkt voor een persoon", await _posted(server, **body), name)
    jan = {"contactnaam": {"voornaam": "Jan", "achternaam": "Dam"}}
    one = await made(server, PATH, soortPartij="persoon", partijIdentificatie=jan)
    other = {"contactnaam": {"voornaam": "Bo"}}
    answer = await changed(server, PATH, one, soortPartij="persoon", partijIdentificatie=other)
    fine = values(answer.object(), "partijIdentificatie.volledigeNaam") == ["Bo"]
    yield judged(f"{_PATCH}: partijIdentificatie", fine, "wordt niet geheel vervangen")


async def numbers(server: Server) -> AsyncIterator[Seen]:
    """Numbers are made with the partij, and one that is there already can move to it."""
    bsn, rsin = random_bsn(), random_bsn()
    said = [known_as("bsn", bsn), known_as("rsin", rsin)]
    one = await made(server, PATH, partijIdentificatoren=said)
    link = {"uuid": one["uuid"], "url": one["url"]}
    fine = set(_ids(one)) == {bsn, rsin}
    fine = fine and all(i["identificeerdePartij"] == link for i in one[_NUMBERS])
    yield judged(f"{_POST}: {_NUMBERS}", fine, "komt anders terug")
    there = await made(server, IDENTIFICATOREN, **known_as("bsn", random_bsn()))
    again = {**ref(there), GROUP: there[GROUP]}
    answer = await _posted(server, partijIdentificatoren=[{GROUP: there[GROUP]}])
    yield refusal(f"{_POST}: een nummer van een ander", answer, "__all__")
    moved = await made(server, PATH, partijIdentificatoren=[again])
    whose = (await shown(server, IDENTIFICATOREN, there))["identificeerdePartij"] or {}
    fine = list(_ids(moved).values()) == [there["uuid"]] and whose.get("uuid") == moved["uuid"]
    yield judged(f"{_POST}: een nummer dat er al is", fine, "gaat niet mee naar de partij")
    mine = known_as("bsn", random_bsn(), identificeerdePartij=ref(one))
    answer = await _posted(server, partijIdentificatoren=[mine])
    yield refusal(f"{_POST}: van wie", answer, f"{_NUMBERS}.identificeerdePartij")


async def all_or_nothing(server: Server) -> AsyncIterator[Seen]:
    """Where a number is wrong no partij is made."""
    await made(server, PATH)
    good = known_as("bsn", random_bsn())
    for said, name in (
        ([known_as("bsn", "123456789")], _FIRST),
        ([good, known_as("bsn", random_bsn())], "__all__"),
        ([good, known_as("kvk_nummer", "1")], _FIRST.replace("0", "1")),
        (
            [known_as("vestigingsnummer", "123456789012")],
            f"{_NUMBERS}.0.subIdentificatorVan",
        ),
    ):
        number = str(uuid4().int)[:10].replace("0", "1")
        answer = await _posted(server, nummer=number, partijIdentificatoren=said)
        yield refusal(f"{_POST}: {name}", answer, name)
        found = await server.ask(PATH, {"nummer": number})
        if not found.refused:
            yield judged(f"{_POST}: {name}", found.page().count == 0, "er is toch een partij")


async def other_numbers(server: Server) -> AsyncIterator[Seen]:
    """Numbers with a uuid stay, others are made, those that are not named go."""
    bsn, rsin, kvk = random_bsn(), random_bsn(), random_kvk()
    said = [known_as("bsn", bsn), known_as("rsin", rsin)]
    one = await made(server, PATH, partijIdentificatoren=said)
    old = _ids(one)
    kept = known_as("bsn", bsn, uuid=old[bsn])
    steps: tuple[tuple[str, Mapping[str, Any], set[str], bool], ...] = (
        ("een ander", {_NUMBERS: [kept, known_as("kvk_nummer", kvk)]}, {bsn, kvk}, True),
        ("null", {_NUMBERS: None}, {bsn, kvk}, True),
        ("niet genoemd", {"interneNotitie": "conform"}, {bsn, kvk}, True),
        ("zonder uuid", {_NUMBERS: [known_as("bsn", bsn)]}, {bsn}, False),
        ("geen", {_NUMBERS: []}, set(), True),
    )
    for about, change, wanted, same in steps:
        answer = await changed(server, PATH, one, **change)
        found = _ids(answer.object()) if answer.status == 200 else {}
        fine = set(found) == wanted and (bsn not in found or (found[bsn] == old[bsn]) is same)
        yield judged(f"{_PATCH}: {_NUMBERS}, {about}", fine, f"{answer.told}, of andere nummers")


async def _adres(server: Server, **more: Any) -> Obj:
    body = {"soortDigitaalAdres": "overig", "adres": f"conform {uuid4().hex[:8]}", **more}
    return await made(server, "digitaleadressen", **body)


async def addresses(server: Server) -> AsyncIterator[Seen]:
    """Addresses that a partij names are its own from then on; the others no longer."""
    before = await made(server, PATH)
    one = await _adres(server, verstrektDoorPartij=ref(before))
    other = await _adres(server)
    partij = await made(server, PATH, digitaleAdressen=[ref(one)])
    link = {"uuid": one["uuid"], "url": one["url"]}
    whose = (await shown(server, "digitaleadressen", one))["verstrektDoorPartij"] or {}
    fine = partij["digitaleAdressen"] == [link] and whose.get("uuid") == partij["uuid"]
    yield judged(f"{_POST}: digitaleAdressen", fine, "gaan niet mee naar de partij")
    answer = await changed(server, PATH, partij, digitaleAdressen=[ref(other)])
    left = (await shown(server, "digitaleadressen", one))["verstrektDoorPartij"]
    found = values(answer.object(), "digitaleAdressen.uuid")
    fine = found == [other["uuid"]] and left is None
    yield judged(f"{_PATCH}: digitaleAdressen", fine, "worden niet vervangen")
    nothing: tuple[list[Obj] | None, ...] = ([], None)
    for value in nothing:
        await changed(server, PATH, partij, digitaleAdressen=[ref(one)])
        answer = await changed(server, PATH, partij, digitaleAdressen=value)
        fine = answer.status == 200 and answer.object()["digitaleAdressen"] == []
        yield judged(f"{_PATCH}: geen digitaleAdressen", fine, "blijven staan")


async def preferred(server: Server) -> AsyncIterator[Seen]:
    """What a partij prefers is its own, and gone when that is removed."""
    for path, many, name in (
        ("digitaleadressen", "digitaleAdressen", "voorkeursDigitaalAdres"),
        ("rekeningnummers", "rekeningnummers", "voorkeursRekeningnummer"),
    ):
        make = _adres if path == "digitaleadressen" else _rekening
        one, other = await make(server), await make(server)
        both = {many: [ref(one)], name: ref(one)}
        partij = await made(server, PATH, **both)
        link = {"uuid": one["uuid"], "url": one["url"]}
        fine = (partij[many], partij[name]) == ([link], link)
        yield judged(f"{_POST}: {name}", fine, "komt anders terug")
        for wrong in ({**both, name: ref(other)}, {many: [], name: ref(other)}):
            answer = await _posted(server, **wrong)
            yield refusal(f"{_POST}: {name} van een ander", answer, name)
        answer = await changed(server, PATH, partij, **{name: ref(other)})
        yield refusal(f"{_PATCH}: {name} van een ander", answer, name)
        answer = await changed(server, PATH, partij, **{name: None})
        fine = answer.status == 200 and answer.object()[name] is None
        yield judged(f"{_PATCH}: geen {name}", fine, answer.told)
        await changed(server, PATH, partij, **{name: ref(one)})
        await server.ask(at(path, one), method="DELETE")
        left = await shown(server, PATH, partij)
        fine = (left[many], left[name]) == ([], None)
        yield judged(f"DELETE {path}: {name}", fine, "blijft staan")


async def _rekening(server: Server) -> Obj:
    return await made(server, "rekeningnummers")
