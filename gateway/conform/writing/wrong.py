"""What holds of bodies that are wrong: they are refused, and it is said what is wrong with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

from gateway.conform.answer import Answer
from gateway.conform.server import Server
from gateway.conform.statement import Check, Seen, judged
from gateway.conform.writing.making import Body, body_of, can_make, makeable, post, verb
from gateway.conform.writing.refusals import Rule
from gateway.standard import errors
from gateway.standard.model import Field, Group, Inverse, Kind, Nature, Ref, Resource, Variants
from gateway.standard.names import shown
from gateway.standard.table import RESOURCES

Place = tuple[str, Field]
"""An attribute with its dotted path."""


def _places(resource: Resource) -> Iterator[Place]:
    for member in resource.members:
        match member:
            case Field(read_only=False):
                yield member.name, member
            case Group():
                yield from _within(member.name, member)
            case Variants():
                # What a body without it says: the first soort.
                for part in next(iter(member.shapes.values())):
                    if isinstance(part, Field):
                        yield f"{member.name}.{part.name}", part
                    elif isinstance(part, Group):
                        yield from _within(f"{member.name}.{part.name}", part)


def _within(path: str, group: Group) -> Iterator[Place]:
    for field in group.fields:
        yield f"{path}.{field.name}", field


def _with(body: Body, path: str, value: Any) -> Body:
    """A body that says something else at a dotted path."""
    found = deepcopy(body)
    *groups, name = path.split(".")
    inside = found
    for group in groups:
        inside = inside.setdefault(group, {})
    inside[name] = value
    return found


def _without(body: Body, path: str) -> Body:
    found = _with(body, path, None)
    *groups, name = path.split(".")
    inside = found
    for group in groups:
        inside = inside[group]
    del inside[name]
    return found


async def _refused(server: Server, resource: Resource, body: Body, path: str, code: str) -> Seen:
    answer = await post(server, resource.path, body)
    return Seen(f"{verb(resource)}: {path}", _unlike(answer, path, code))


def _unlike(answer: Answer, path: str, code: str) -> str:
    return answer.unlike(errors.VALIDATION, shown(path), code)


async def required(server: Server) -> AsyncIterator[Seen]:
    """What is lacking is named, all of it at once."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.required:
                yield await _refused(server, resource, _without(body, path), path, "required")
        for name in _needed(resource):
            yield await _refused(server, resource, _without(body, name), name, "required")
        every = {(m.name, "required") for m in resource.members if _is_required(m)}
        if every:
            answer = await post(server, resource.path, {})
            told = f"{answer.told}, of noemt niet alles wat ontbreekt"
            yield judged(verb(resource), every <= answer.codes, told)


def _needed(resource: Resource) -> Iterator[str]:
    """Groups and references that are required."""
    for member in resource.members:
        if isinstance(member, Group | Ref) and member.required:
            yield member.name


def _is_required(member: object) -> bool:
    return isinstance(member, Field | Group | Ref) and member.required


async def null(server: Server) -> AsyncIterator[Seen]:
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if not spec.nullable:
                yield await _refused(server, resource, _with(body, path, None), path, "null")
        for name in _needed(resource):
            yield await _refused(server, resource, _with(body, name, None), name, "null")


async def blank(server: Server) -> AsyncIterator[Seen]:
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.kind is Kind.TEXT and not spec.blank and not spec.nullable:
                for text in ("", "   "):
                    said = _with(body, path, text)
                    yield await _refused(server, resource, said, path, "blank")


async def too_long(server: Server) -> AsyncIterator[Seen]:
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            if spec.kind is Kind.TEXT and spec.max_length:
                letter = "1" if spec.nature is Nature.NUMBER else "x"
                long = _with(body, path, letter * (spec.max_length + 1))
                yield await _refused(server, resource, long, path, "max_length")


async def other_types(server: Server) -> AsyncIterator[Seen]:
    """A value of another type; and empty text, for what is not text."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for path, spec in _places(resource):
            for wrong in _of_another_type(spec):
                said = _with(body, path, wrong)
                yield await _refused(server, resource, said, path, _code(spec))


def _of_another_type(spec: Field) -> Iterator[Any]:
    if spec.kind is Kind.TEXT:
        yield {"a": 1}
        return
    yield "geen-waarde"
    # A truth that may be unknown may be written as empty text.
    if not (spec.kind is Kind.BOOLEAN and spec.nullable):
        yield ""


def _code(spec: Field) -> str:
    if spec.kind is Kind.MAP:
        return "not_a_dict"
    return "invalid_choice" if spec.choices else "invalid"


async def unknown_references(server: Server) -> AsyncIterator[Seen]:
    """A reference to what is not there, and one that is none."""
    async for resource in makeable(server):
        body = await body_of(server, resource)
        for ref in resource.members:
            if isinstance(ref, Ref) and not ref.many:
                for wrong, name, code in (
                    ({"uuid": str(uuid4())}, ".uuid", "invalid"),
                    ({"uuid": "geen-uuid"}, ".uuid", "invalid"),
                    ({}, ".uuid", "required"),
                    ("x", ".nonFieldErrors", "invalid"),
                ):
                    said = {**body, ref.name: wrong}
                    yield await _refused(server, resource, said, ref.name + name, code)
            elif isinstance(ref, Inverse) and ref.writable and ref.via != "partij-identificatoren":
                said = {**body, ref.name: [{}]}
                path = f"{ref.name}.0.uuid"
                yield await _refused(server, resource, said, path, "required")


def refused(*rules: Rule) -> Check:
    """Bodies that break these rules are refused, by name."""

    async def check(server: Server) -> AsyncIterator[Seen]:
        for rule in rules:
            resource = RESOURCES[rule.resource]
            if resource in await server.resources() and await can_make(server, resource):
                yield await _ruled(server, resource, rule)

    return check


async def _ruled(server: Server, resource: Resource, rule: Rule) -> Seen:
    body = {**await body_of(server, resource), **rule.says}
    for name in rule.without:
        del body[name]
    answer = await post(server, resource.path, body)
    unlike = answer.unlike(errors.VALIDATION, rule.name, rule.code)
    if not unlike and rule.reason:
        unlike = "" if rule.reason in answer.reasons else "zegt het met andere woorden"
    return Seen(f"{verb(resource)}: {rule.about}", unlike)
