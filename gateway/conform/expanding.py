"""What holds of ``expand``: related objects within the objects that refer to them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from gateway.conform.answer import Answer, Obj, values
from gateway.conform.server import Server, bare
from gateway.conform.statement import Seen, judged
from gateway.standard import errors
from gateway.standard.model import Reads, Resource

_UNKNOWN = ("bestaatNiet", "*", "uuid", "had_betrokkenen")


def _chain(path: str) -> str:
    """A path with all that lead to it."""
    steps = path.split(".")
    return ",".join(".".join(steps[: n + 1]) for n in range(len(steps)))


async def _paths(server: Server) -> AsyncIterator[tuple[Resource, str]]:
    for resource in await server.resources():
        for path in resource.expand:
            yield resource, path


async def _with(server: Server, resource: Resource, path: str) -> Obj | None:
    """An object that refers to something along the first step of a path."""
    first = path.partition(".")[0]
    found = (one for one in await server.sample(resource) if values(one, first))
    return next(found, None)


async def accepted(server: Server) -> AsyncIterator[Seen]:
    async for resource, path in _paths(server):
        answer = await server.ask(resource.path, {"expand": path, "pageSize": 1})
        yield judged(f"{resource.path}: {path}", answer.status == 200, answer.told)
        for one in (await server.sample(resource))[:1]:
            there = f"{resource.path}/{one['uuid']}"
            answer = await server.ask(there, {"expand": _chain(path)})
            yield judged(f"{resource.path}/…: {path}", answer.status == 200, answer.told)


async def unknown(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        places = [resource.path]
        places += [f"{resource.path}/{o['uuid']}" for o in (await server.sample(resource))[:1]]
        for place in places:
            for path in (*_UNKNOWN, *_almost(resource)) if resource.expand else _UNKNOWN[:1]:
                answer = await server.ask(place, {"expand": path})
                name, code = ("expand", "invalid_choice")
                if not resource.expand:
                    name, code = ("nonFieldErrors", "unknown-parameters")
                yield Seen(answer.where, answer.unlike(errors.VALIDATION, name, code))


def _almost(resource: Resource) -> list[str]:
    """What is not quite a path: other letters, other signs between two, a path too deep."""
    paths = list(resource.expand)
    first, last = paths[0], paths[-1]
    letters = (first[0].upper() + first[1:], re.sub("([A-Z])", r"_\1", first).lower())
    return [*letters, f"{first}, {last}", f"{first};{last}", f"{last}.{first}.{first}"]


async def several(server: Server) -> AsyncIterator[Seen]:
    """Paths may stand together or be repeated; what is expanded stands in the order of the
    attributes, and the links hold on to it."""
    for resource in await server.resources():
        direct = [path for path in resource.expand if "." not in path]
        if len(direct) < 2:
            continue
        order = [member.name for member in resource.members]
        full = [one for one in await server.sample(resource) if _all(one, direct)]
        some = sorted(direct, key=order.index) if full else []
        pairs = [(path, other) for path in direct for other in direct if path < other]
        one = full[0] if full else None
        if one is None:
            found = (
                (o, pair) for o in await server.sample(resource) for pair in pairs if _all(o, pair)
            )
            one, pair = next(found, (None, ()))
            some = sorted(pair, key=order.index)
        where = f"{resource.path}: {' en '.join(some)}"
        if one is None:
            yield Seen(resource.path, lacks="geen object dat naar meer verwijst")
        else:
            there = f"{resource.path}/{one['uuid']}"
            together = ",".join(reversed(some))
            for given in (
                [("expand", together)],
                [("expand", f"{together},{some[0]}")],
                [("expand", path) for path in some],
            ):
                shown = list(_expanded(await server.ask(there, given)))
                yield judged(where, shown == some, "niet in de volgorde van de attributen")
        both = ",".join(direct[:2])
        page = await server.page(resource, {"pageSize": 1, "expand": both})
        kept = page.next is None or f"expand={quote(both, safe='')}" in page.next
        yield judged(resource.path, kept, "next houdt expand niet vast")
        spec = next((f for f in resource.filters if f.reads is Reads.UUID), None)
        if spec is not None:
            answer = await server.ask(resource.path, {spec.param: uuid4(), "expand": both})
            fine = answer.refused or list(answer.page().results) == []
            yield judged(answer.where, fine, answer.told)


def _all(one: Obj, paths: Sequence[str]) -> bool:
    return all(values(one, path) for path in paths)


async def empty(server: Server) -> AsyncIterator[Seen]:
    for resource in await server.resources():
        for path in list(resource.expand)[:1]:
            for text in ("", ",", f"{path},", f"{path},{path}"):
                answer = await server.ask(resource.path, {"expand": text, "pageSize": 1})
                fine = answer.status == 200 and len(answer.page().results) <= 1
                yield judged(answer.where, fine, answer.told)


async def shown(server: Server) -> AsyncIterator[Seen]:
    """What is expanded stands under its name, and is what the object refers to."""
    async for resource, path in _paths(server):
        if "." in path:
            continue
        where = f"{resource.path}: {path}"
        one = await _with(server, resource, path)
        if one is None:
            yield Seen(where, lacks="geen object dat naar iets verwijst")
            continue
        answer = await server.ask(f"{resource.path}/{one['uuid']}", {"expand": path})
        found = _expanded(answer)
        yield judged(where, list(found) == [path], "`_expand` heeft iets anders dan gevraagd")
        last = list(answer.object())[-1:] == ["_expand"]
        yield judged(where, last, "`_expand` staat niet achteraan")
        same = _uuids(found.get(path)) == _uuids(answer.object().get(path))
        many = isinstance(found.get(path), list) is isinstance(one.get(path), list)
        yield judged(where, same and many, "andere objecten dan waarnaar verwezen wordt")
        page = await server.page(resource, {"expand": path, "pageSize": 3})
        fine = all(list(o.get("_expand") or {}) == [path] for o in page.results)
        yield judged(where, fine, "in de lijst heeft `_expand` iets anders dan gevraagd")


async def same(server: Server) -> AsyncIterator[Seen]:
    """An expanded object is the object as it is shown by itself."""
    async for resource, path in _paths(server):
        where = f"{resource.path}: {path}"
        far = resource.expand[path]
        one = await _with(server, resource, path)
        inside = []
        if one is not None:
            there = f"{resource.path}/{one['uuid']}"
            answer = await server.ask(there, {"expand": _chain(path)})
            inside = _descend(answer.object(), path)
        if not inside:
            yield Seen(where, lacks="geen object dat naar iets verwijst")
        for found in inside[:2]:
            alone = await server.one(far, str(found.get("uuid", uuid4())))
            yield judged(where, alone == bare(found), "anders dan het object zelf")


async def nested(server: Server) -> AsyncIterator[Seen]:
    """A path of several steps needs the ones before it."""
    async for resource, path in _paths(server):
        if "." not in path:
            continue
        where = f"{resource.path}: {path}"
        one = await _with(server, resource, path)
        if one is None:
            yield Seen(where, lacks="geen object dat naar iets verwijst")
            continue
        there = f"{resource.path}/{one['uuid']}"
        alone = (await server.ask(there, {"expand": path})).object()
        yield judged(where, "_expand" not in alone, "zonder het pad ervoor toch uitgeklapt")
        parent, _, leaf = path.rpartition(".")
        whole = (await server.ask(there, {"expand": _chain(path)})).object()
        fine = all(leaf in (found.get("_expand") or {}) for found in _descend(whole, parent))
        yield judged(where, fine, "niet uitgeklapt binnen wat ervoor staat")


def _expanded(answer: Answer) -> Obj:
    found = answer.object().get("_expand")
    return found if isinstance(found, dict) else {}


def _uuids(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return sorted(str(one["uuid"]) for one in found if isinstance(one, dict) and "uuid" in one)


def _descend(obj: Obj, path: str) -> list[Obj]:
    """The expanded objects at a path."""
    inside = values(obj, "._expand.".join(["", *path.split(".")])[1:])
    return [one for one in inside if isinstance(one, dict)]
