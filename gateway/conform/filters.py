"""What holds of the filters of lists: they find what has the value, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final
from uuid import uuid4

from gateway.conform.answer import Answer, Obj
from gateway.conform.known import Known, is_unheard, known, meets, named
from gateway.conform.server import FOUND, Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Filter, Op, Reads, Resource

_FOLLOWED: Final = 3
"""Of how many objects it is looked whether they meet a filter on what they refer to."""

_NOWHERE: Final[Mapping[Reads, str]] = {
    Reads.DATE: "1801-03-02",
    Reads.DATETIME: "1801-03-02T00:00:00Z",
}
_ELSEWHERE: Final = timezone(timedelta(hours=2))
_SPELLINGS: Final = (("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0"))

Tried = tuple[Resource, Filter]


async def _filters(server: Server) -> AsyncIterator[Tried]:
    for resource in await server.resources():
        for spec in resource.filters:
            if not is_unheard(spec):
                yield resource, spec


async def _asked(server: Server, resource: Resource, given: Mapping[str, str]) -> Answer:
    return await server.ask(resource.path, {**given, "pageSize": str(FOUND)})


def _refused(answer: Answer) -> Seen:
    return Seen(_name(answer), lacks="de server weigert dit filter, en zegt dat")


def _name(answer: Answer) -> str:
    return answer.where.replace("&pageSize", "")


async def finds(server: Server) -> AsyncIterator[Seen]:
    async for resource, spec in _filters(server):
        found = await known(server, resource, spec)
        if found is None:
            yield Seen(f"{resource.path}?{spec.param}", lacks="geen object met een waarde")
            continue
        answer = await server.found(resource, spec.param, found.text)
        if answer.refused:
            yield _refused(answer)
            continue
        page = answer.page()
        there = found.uuid in page.uuids or page.count > FOUND
        yield judged(_name(answer), there, "vindt een object niet dat de waarde heeft")


async def finds_nothing_else(server: Server) -> AsyncIterator[Seen]:
    async for resource, spec in _filters(server):
        found = await known(server, resource, spec)
        if found is None:
            continue
        answer = await server.found(resource, spec.param, found.text)
        if answer.refused:
            continue
        page = answer.page()
        most = _FOLLOWED if spec.hops else FOUND
        # The last as well: what is too much stands behind what was asked as often as before it.
        looked = {one["uuid"]: one for one in (*page.results[:most], *page.results[-most:])}
        for one in looked.values():
            meeting = await meets(server, resource, spec, found.text, one)
            if meeting is False and not await _alike(server, resource, spec, found, one):
                yield Seen(_name(answer), wrong="vindt ook wat de waarde niet heeft")
                break
        else:
            yield Seen(_name(answer))


async def _alike(server: Server, resource: Resource, spec: Filter, found: Known, one: Obj) -> bool:
    """Whether another name of what an object is about finds what this name finds: then they are
    names of one thing."""
    for name in await named(server, resource, spec, one):
        answer = await server.found(resource, spec.param, name)
        if not answer.refused and found.uuid in answer.page().uuids:
            return True
    return False


async def finds_nothing(server: Server) -> AsyncIterator[Seen]:
    """A value that nothing has finds nothing."""
    async for resource, spec in _filters(server):
        for text in _nowhere(spec):
            answer = await _asked(server, resource, {spec.param: text})
            if answer.refused:
                yield _refused(answer)
                continue
            page = answer.page()
            fine = page.count == 0 and not page.results
            yield judged(_name(answer), fine, f"{page.count} objecten op een waarde die er niet is")


def _nowhere(spec: Filter) -> list[str]:
    match spec.reads:
        case Reads.TEXT | Reads.LIST:
            return [f"conform {uuid4().hex[:12]}"]
        case Reads.UUID:
            return [str(uuid4())]
        case Reads.URL:
            return [f"https://conform.example/{uuid4()}", "https://conform.example/zonder-uuid"]
        case Reads.DATE | Reads.DATETIME if spec.op is Op.EQ:
            return [_NOWHERE[spec.reads]]
    return []


async def beyond(server: Server) -> AsyncIterator[Seen]:
    """What is to be after or before a date is not of that date."""
    async for resource, spec in _filters(server):
        if spec.op not in (Op.GT, Op.LT):
            continue
        found = await known(server, resource, replace(spec, op=Op.GTE))
        if found is None:
            continue
        answer = await _asked(server, resource, {spec.param: found.text})
        if answer.refused:
            yield _refused(answer)
        else:
            there = found.uuid in answer.page().uuids
            yield judged(_name(answer), not there, "vindt ook wat van de dag zelf is")


async def bad_values(server: Server) -> AsyncIterator[Seen]:
    async for resource, spec in _filters(server):
        if spec.reads in (Reads.TEXT, Reads.LIST, Reads.BOOLEAN):
            continue
        answer = await _asked(server, resource, {spec.param: "geen-waarde"})
        code = "invalid_choice" if spec.reads is Reads.CHOICE else "invalid"
        yield Seen(_name(answer), answer.unlike(errors.VALIDATION, spec.param, code))


async def booleans(server: Server) -> AsyncIterator[Seen]:
    """All spellings of a truth are one; another value is no filter, or it is refused."""
    async for resource, spec in _filters(server):
        if spec.reads is not Reads.BOOLEAN:
            continue
        counts = []
        for group in _SPELLINGS:
            answers = [await _asked(server, resource, {spec.param: text}) for text in group]
            if any(answer.refused for answer in answers):
                yield _refused(answers[0])
                break
            told = {answer.page().count for answer in answers}
            counts.append(max(told))
            same = "true, True, TRUE en 1 (of false …) vinden niet hetzelfde"
            yield judged(_name(answers[0]), len(told) == 1, same)
        else:
            everything = (await server.page(resource, {"pageSize": 1})).count
            where = f"{resource.path}?{spec.param}"
            yield judged(where, sum(counts) <= everything, "waar en onwaar samen zijn te veel")
            answer = await _asked(server, resource, {spec.param: "misschien"})
            if answer.status == 200:
                fine = answer.page().count == everything
                yield judged(where, fine, "een waarde die geen boolean is laat iets weg")
            else:
                yield Seen(where, answer.unlike(errors.VALIDATION, spec.param, "invalid"))


async def letter_case(server: Server) -> AsyncIterator[Seen]:
    """Whole values are compared to the letter; parts of them in any case."""
    async for resource, spec in _filters(server):
        if spec.reads is not Reads.TEXT or spec.hops or spec.op not in (Op.EQ, Op.CONTAINS):
            continue
        found = await known(server, resource, spec)
        if found is None or found.text.swapcase() == found.text:
            continue
        part = spec.op is Op.CONTAINS
        # Not every letter has one of the other case: of a part only what comes back the same.
        text = found.text[1:].swapcase().strip() if part else found.text.swapcase()
        if not text or (part and text.casefold() not in found.text.casefold()):
            continue
        answer = await _asked(server, resource, {spec.param: text})
        if answer.refused:
            yield _refused(answer)
            continue
        page = answer.page()
        there = found.uuid in page.uuids
        told = "vindt een deel niet in andere letters" if part else "let niet op hoofdletters"
        yield judged(_name(answer), (there or page.count > FOUND) if part else not there, told)


async def together(server: Server) -> AsyncIterator[Seen]:
    """Of several filters all have to be met."""
    for resource in await server.resources():
        pairs = [one async for one in _of_one_object(server, resource)]
        if len(pairs) < 2:
            continue
        (one, first), (other, second) = pairs[:2]
        answers = [
            await _asked(server, resource, given)
            for given in (
                {one.param: first.text, other.param: second.text},
                {one.param: first.text},
                {other.param: second.text},
            )
        ]
        if any(answer.refused for answer in answers):
            yield _refused(answers[0])
            continue
        both, *alone = (answer.page() for answer in answers)
        fine = 0 < both.count <= min(page.count for page in alone)
        yield judged(_name(answers[0]), fine, "samen vinden zij meer dan alleen, of niets")
        for text in next((_nowhere(s) for s, _ in pairs if s is not one and _nowhere(s)), []):
            spec = next(s for s, _ in pairs if s is not one and _nowhere(s))
            answer = await _asked(server, resource, {one.param: first.text, spec.param: text})
            if not answer.refused:
                fine = answer.page().count == 0
                yield judged(_name(answer), fine, "een van de twee telt niet mee")


async def _of_one_object(server: Server, resource: Resource) -> AsyncIterator[tuple[Filter, Known]]:
    """Filters that look at an object itself, with what finds one and the same object."""
    uuid: str | None = None
    for spec in resource.filters:
        if spec.hops or spec.op not in (Op.EQ, Op.CONTAINS) or spec.reads is Reads.URL:
            continue
        found = await known(server, resource, spec)
        if found is not None and uuid in (None, found.uuid):
            uuid = found.uuid
            yield spec, found


async def spelled_dates(server: Server) -> AsyncIterator[Seen]:
    """A date may also be written day first; a moment with an offset, whose + is not a space."""
    async for resource, spec in _filters(server):
        if spec.op is not Op.EQ or spec.reads not in (Reads.DATE, Reads.DATETIME):
            continue
        found = await known(server, resource, spec)
        if found is None:
            continue
        if spec.reads is Reads.DATE:
            text = "-".join(reversed(found.text.split("-")))
        else:
            text = datetime.fromisoformat(found.text).astimezone(_ELSEWHERE).isoformat()
        yield await _finds(server, resource, spec, found, text)
        if spec.reads is Reads.DATETIME:
            answer = await server.ask(f"{resource.path}?{spec.param}={text}")
            where = f"{resource.path}?{spec.param}"
            yield Seen(where, answer.unlike(errors.VALIDATION, spec.param, "invalid"))


async def spelled_urls(server: Server) -> AsyncIterator[Seen]:
    """Of a url only the uuid in its last part counts."""
    async for resource, spec in _filters(server):
        if spec.reads is Reads.URL:
            found = await known(server, resource, spec)
            if found is not None:
                uuid = found.text.rpartition("/")[2]
                for url in (f"http://elders.example/x/{uuid}", f"https://elders.example/{uuid}/"):
                    yield await _finds(server, resource, spec, found, url)


async def _finds(server: Server, resource: Resource, spec: Filter, found: Known, text: str) -> Seen:
    """Whether a value that is written otherwise finds the same object."""
    answer = await _asked(server, resource, {spec.param: text})
    if answer.refused:
        return _refused(answer)
    page = answer.page()
    there = found.uuid in page.uuids or page.count > FOUND
    return judged(_name(answer), there, "vindt niet wat anders geschreven wel gevonden wordt")
