"""What holds of the parameters of a question: unknown, repeated, or without a value."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final

from gateway.conform.answer import Answer
from gateway.conform.known import is_unheard
from gateway.conform.server import Server
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Reads, Resource

_UNKNOWN: Final = "bestaatNiet"
_OFTEN: Final = ("page_size", "page[size]", "ordering", "search")
"""Parameters that other APIs have."""


async def unknown_parameters(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for name in (_UNKNOWN, *_OFTEN, *_misspelled(resource)):
            yield _unknown(await server.ask(resource.path, {name: "1"}))
        yield _unknown(await server.ask(resource.path, {"format": "json"}))
        for one in (await server.sample(resource))[:1]:
            there = f"{resource.path}/{one['uuid']}"
            yield _unknown(await server.ask(there, {_UNKNOWN: "1"}))
            # Where nothing is expanded, some servers filter a single object as they do a list.
            for spec in resource.filters[:1] if resource.expand else ():
                yield _unknown(await server.ask(there, {spec.param: "1"}))
            answer = await server.ask(there, {"page": 7, "pageSize": 3})
            yield judged(answer.where, answer.status == 200, answer.told)
        answer = await server.ask(resource.path, {_UNKNOWN: "1", "ookNiet": "1"})
        body = answer.json()
        told = str(body.get("invalidParams")) if isinstance(body, dict) else ""
        both = _UNKNOWN in told and "ookNiet" in told
        yield judged(answer.where, both, "noemt ze niet allebei")


def _misspelled(resource: Resource) -> set[str]:
    """Names of filters in other letters; and one with a comparison that it does not have."""
    known = {spec.param for spec in resource.filters}
    compound = [name for name in sorted(known) if name != name.lower() and "__" not in name][:1]
    snake = {re.sub("([A-Z])", r"_\1", name).lower() for name in compound}
    return {*snake, *map(str.lower, compound), *(f"{name}__gte" for name in compound)} - known


def _unknown(answer: Answer) -> Seen:
    unlike = answer.unlike(errors.VALIDATION, "nonFieldErrors", "unknown-parameters")
    return Seen(answer.where, unlike)


async def repeated(server: Server) -> AsyncIterator[Seen]:
    """Of a filter that stands there twice the last value counts."""
    for resource in await server.resources():
        for spec in resource.filters:
            if spec.reads is not Reads.CHOICE or spec.hops:
                continue
            one, other = spec.choices[:2]
            answers = [
                await server.ask(resource.path, [*((spec.param, v) for v in values)])
                for values in ((other,), (one, other))
            ]
            if any(answer.refused for answer in answers):
                yield Seen(answers[0].where, lacks="de server weigert dit filter")
            else:
                alone, twice = (answer.page() for answer in answers)
                same = (alone.count, alone.uuids) == (twice.count, twice.uuids)
                yield judged(answers[0].where, same, "niet alleen de laatste waarde telt")
            break


async def nulls(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for spec in resource.filters:
            if spec.reads is Reads.TEXT and not spec.hops and not is_unheard(spec):
                answer = await server.ask(resource.path, {spec.param: "a\0b"})
                code = "null_characters_not_allowed"
                yield Seen(answer.where, answer.unlike(errors.VALIDATION, spec.param, code))


async def empty_values(server: Server) -> AsyncIterator[Seen]:
    """An empty value is no filter; one that would identify something may be refused instead."""
    for resource in await server.resources():
        everything = (await server.page(resource, {"pageSize": 1})).count
        pointing = [spec.param for spec in resource.filters if spec.identifying]
        for param in pointing:
            answer = await server.ask(resource.path, {param: "", "pageSize": 1})
            if answer.status == 400:
                yield Seen(answer.where, answer.unlike(errors.VALIDATION, param, "blank"))
            else:
                same = answer.page().count == everything
                yield judged(answer.where, same, "een leeg filter laat iets weg")
        others = [spec.param for spec in resource.filters if not spec.identifying]
        answer = await server.ask(resource.path, {**dict.fromkeys(others, ""), "pageSize": 1})
        same = answer.page().count == everything
        yield judged(resource.path, same, "lege filters laten iets weg")
