"""Finds objects of a register of which some list cannot be had, from persons that are known."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from demo.kcc.data import KNOWN_BSNS, KNOWN_KVK
from tests.e2e.declared import Declared

READ: Final = 200
"""So many objects of a resource are looked at, for some that are all different."""

_MORE: Final = {
    "partijen": (
        "klantcontacten?hadBetrokkene__wasPartij__uuid=",
        "digitaleadressen?verstrektDoorPartij__uuid=",
    ),
    "klantcontacten": ("actorklantcontacten?klantcontact__uuid=",),
}
"""What is asked next about an object."""


def explore(base: str, token: str, declared: Declared) -> Mapping[str, list[str]]:
    """By resource some uuids, of objects that can be read, that refer to nothing that is kept from
    who asks, and that differ in what they have; nothing where each list can be had."""
    if not any(parts and declared.list_is_refused(path) for path, parts in declared.parts.items()):
        return {}
    read: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    kept: set[str] = set()
    with httpx.Client(headers={"Authorization": f"Token {token}"}, timeout=60) as client:
        waiting = deque(_starts(base, declared))
        seen = set(waiting)
        while waiting:
            url = waiting.popleft()
            resource, _, uuid = url.removeprefix(base + "/").partition("/")
            if uuid and len(read[resource]) >= READ:
                continue
            answer = client.get(url)
            if answer.status_code == 403:
                kept.add(url)  # By its source, from who asks.
            if not answer.is_success:
                continue
            if uuid:
                read[resource][uuid] = answer.json()
            more = list(dict.fromkeys(_next(answer.json(), base)))
            waiting += (one for one in more if one not in seen)
            seen.update(more)
    return {resource: _different(objects, base, kept) for resource, objects in read.items()}


def _different(objects: Mapping[str, Mapping[str, Any]], base: str, kept: set[str]) -> list[str]:
    found: dict[frozenset[str], str] = {}
    for uuid, one in objects.items():
        if kept.isdisjoint(_urls(one, base)):
            found.setdefault(frozenset(name for name, value in one.items() if value), uuid)
    return list(found.values())


def _starts(base: str, declared: Declared) -> Iterator[str]:
    for resource, parts in declared.parts.items():
        if parts and not declared.list_is_refused(resource):
            yield f"{base}/{resource}?pageSize={READ}"
    for number in (*KNOWN_BSNS, KNOWN_KVK):
        yield f"{base}/partijen?partijIdentificator__objectId={number}"


def _next(value: Any, base: str) -> Iterator[str]:
    """Where every object, or reference to one, in an answer leads."""
    for url in _urls(value, base):
        yield url
        resource, uuid = url.removeprefix(base + "/").split("/")
        yield from (f"{base}/{more}{uuid}" for more in _MORE.get(resource, ()))


def _urls(value: Any, base: str) -> Iterator[str]:
    """Of every object, or reference to one, that stands in a value."""
    if isinstance(value, dict):
        url = str(value.get("url"))
        if url.startswith(base + "/"):
            yield url
        for one in value.values():
            yield from _urls(one, base)
    elif isinstance(value, list):
        for one in value:
            yield from _urls(one, base)
