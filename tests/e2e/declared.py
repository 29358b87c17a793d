"""What a gateway declares that it will refuse or never have: computed from its configuration."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from gateway import installation
from gateway.coverage import Attribute, Fares, Part, Shows, coverage
from gateway.federation.foresight import Foresight
from gateway.standard.errors import Problem
from gateway.standard.model import Field, Inverse, Kind, Ref, Resource
from gateway.standard.question import ask
from gateway.standard.table import RESOURCES, far_side
from tests.e2e.asked import Refusal, Request

_PAGING = ("page", "pageSize", "expand", "_c")


class Declared:
    """One configuration."""

    def __init__(self, config: Path) -> None:
        self._register = installation.build(config).register
        self._foresight = Foresight(self._register)
        self._taken = set[tuple[str, str]]()

    @cached_property
    def parts(self) -> Mapping[str, Sequence[Part]]:
        """The coverage by resource."""
        found: dict[str, list[Part]] = {path: [] for path in RESOURCES}
        for part in coverage(self._register):
            found[part.resource].append(part)
        return found

    def refusal(self, request: Request) -> Refusal | None:
        """How a request will be refused; ``None``: it is not, as far as this can be foreseen."""
        path, _, uuid = request.path.partition("/")
        if path not in RESOURCES or request.method not in ("GET", "HEAD"):
            return None
        if not uuid:
            return self._of_list(RESOURCES[path], request.params)
        if request.params or all(part.single for part in self.parts[path]):
            return None
        return Refusal(f"{path}: an object cannot be asked for by its uuid")

    def list_is_refused(self, path: str) -> bool:
        """Whether a list cannot be had without a filter."""
        return any(part.listed is Fares.REFUSED for part in self.parts[path])

    def finds_nothing(self, request: Request) -> str | None:
        """Why a list can have nothing in it; ``None``: it can, or it is no list."""
        resource = RESOURCES.get(request.path)
        filters = {name: text for name, text in request.params if name not in _PAGING}
        fares = self._fares(resource, filters) if resource else None
        if fares is None or set(fares) - {Fares.NOTHING}:
            return None
        return f"{request.path}: {'&'.join(filters)} finds nothing"

    def _fares(self, resource: Resource, filters: Mapping[str, str]) -> Collection[Fares] | None:
        """How a list fares in its sources; ``None`` for a question that makes no sense."""
        if any(resource.filter(name) is None for name in filters):
            return None
        try:
            where = ask(resource, filters.items())
        except Problem:
            return None
        return self._foresight.fares(resource.path, where).values()

    def _of_list(self, resource: Resource, params: Sequence[tuple[str, str]]) -> Refusal | None:
        filters = {name: text for name, text in params if name not in _PAGING}
        if Fares.REFUSED not in (self._fares(resource, filters) or ()):
            return None
        query = "&".join(filters) or "everything"
        names = frozenset(filters or ["nonFieldErrors"])
        said = f"{resource.path}: {query} is refused"
        return Refusal(said, names, frozenset({"filter-not-supported"}))

    def lost(self, request: Request, response: httpx.Response) -> str | None:
        """Why a write was refused for what cannot be kept, if that is declared of all of it."""
        path = request.path.partition("/")[0]
        if request.method == "GET" or response.status_code not in (400, 405, 409):
            return None
        if response.status_code == 405:
            partly = any(request.method in part.partly for part in self.parts.get(path, ()))
            return f"{path}: one kind takes no {request.method}" if partly else None
        told = response.json() if response.content else {}
        if response.status_code == 409:
            return self._in_the_way(path, request.body, told)
        named = [p["name"] for p in told.get("invalidParams", ()) if p["code"] == "not-kept"]
        found = [self._lost(path, name, request) for name in named]
        return found[0] if found and all(found) else None

    def _lost(self, path: str, name: str, request: Request) -> str | None:
        value: Any = request.body
        for step in name.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if path == "maak-klantcontact":
            part, _, name = name.partition(".")
            path = {"klantcontact": "klantcontacten", "betrokkene": "betrokkenen"}.get(
                part, "onderwerpobjecten"
            )
        if name == "nonFieldErrors":
            along = [one for part in self.parts[path] for one in part.along]
            return f"{path}: only with {' or '.join(along)}" if along else None
        if any(name in part.within for part in self.parts[path]):
            return f"{path}: the record of {name} has room for one of each kind"
        if not self._kept(path, name, request.method):
            return f"{path}: {name} is not kept"
        for part in self.parts[path]:
            if part.within and not part.attributes[name].update:
                return f"{path}: {name} is given when {part.within[0]} is made"
        if not self._taken.isdisjoint(self._hosts(path, request.body)):
            return f"{path}: there is one already in the same record"
        found = (part.attributes.get(name) for part in self.parts[path])
        return next(
            (r for one in found if one and (r := _out_of_bounds(path, name, value, one))), None
        )

    def made(self, request: Request) -> None:
        """Remember what was made, for there may be room for one."""
        path = request.path.partition("/")[0]
        self._taken.update(self._hosts(path, request.body))

    def _hosts(self, path: str, body: Any) -> Iterator[tuple[str, str]]:
        """The objects in whose records a new one is filled in."""
        for part in self.parts.get(path, ()):
            for ref in part.within:
                if isinstance(body, dict) and isinstance(body.get(ref), dict):
                    yield path, body[ref]["uuid"]

    def _in_the_way(self, path: str, body: Any, told: Mapping[str, Any]) -> str | None:
        """Why what stands there does not follow what was asked."""
        within = [name for part in self.parts.get(path, ()) for name in part.within]
        if told["code"] == "staat-anders" and within:
            return f"{path}: the record of {within[0]} is as it was made"
        if f"een wijziging van {path} " not in told["detail"] or not isinstance(body, dict):
            return None
        fixed = (
            f"{path}: {name} is no matter of choice"
            for part in self.parts[path]
            for name, field in RESOURCES[path].fields()
            if name in body and not field.required and not part.attributes[name].update
        )
        return next(fixed, None)

    def not_newest(self, path: str) -> str | None:
        """Why what was made last need not be the first of a list."""
        if all(part.newest for part in self.parts.get(path, ())):
            return None
        return f"{path}: when an object was made is not known"

    def shown(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a new object shows where the contract would show these values: what is the same
        everywhere, and not what comes from the source."""
        found = dict(values)
        fields = dict(RESOURCES[path].fields())
        own = (Shows.READ_ONLY, Shows.DERIVED)
        for part in self.parts[path]:
            for name, one in part.attributes.items():
                if name in found and one.shows is Shows.CONSTANT:
                    found[name] = one.value
                elif name in fields and (one.shows in own or _by_name(fields[name], one)):
                    found.pop(name, None)
        return found

    def refused_write(self, request: Request, status: int, answer: str) -> str | None:
        """Why a write was refused with this status and answer, if that is declared: a verb that is
        lacking, or a member that cannot be given a value."""
        path = request.path.partition("/")[0]
        parts = self.parts.get(path, ())
        if status == 405:
            able = any(part.verbs[request.method] is None for part in parts)
            return None if able else f"{path}: there is no {request.method}"
        named = re.findall(r"'name': '([^']+)', 'code': 'not-kept'", answer)
        for name in named:
            if any(name in part.within for part in parts):
                return f"{path}: the record of {name} has room for one of each kind"
            if not self._kept(path, name, request.method):
                return f"{path}: {name} is not kept"
        return None

    def _kept(self, path: str, name: str, verb: str) -> bool:
        """Whether some source keeps a value of choice for a member."""
        attributes = (part.attributes.get(name) for part in self.parts.get(path, ()))
        return any(a.create if verb == "POST" else a.update for a in attributes if a)

    # --- what there can never be -----------------------------------------------------------------

    def never(self, path: str, at: str = "") -> str | None:
        """Why there can be no objects of a resource, or none with something at a path."""
        if path not in RESOURCES:
            return None
        if not self.parts[path]:
            return f"{path} is not served"
        for resource, name in self._steps(RESOURCES[path], at):
            covered = [
                attribute.shows
                for part in self.parts[resource.path]
                for p, attribute in part.attributes.items()
                if p == name or p.startswith(name + ".")
            ]
            if all(shows is Shows.NOT for shows in covered):
                return f"{resource.path}.{name} is not kept"
        return None

    def never_labelled(self, label: str) -> str | None:
        """As ``never``, of a resource by what one of its objects is called."""
        named = (path for path, one in RESOURCES.items() if one.label.lower() == label)
        return next((self.never(path) for path in named), None)

    def _steps(self, resource: Resource, at: str) -> Iterator[tuple[Resource, str]]:
        """The attributes along a path, which may lead over relations: ``hadBetrokkenen[].uuid``."""
        name = ""
        for step in at.replace("[]", "").split("."):
            if step in ("", "uuid", "url"):
                continue
            name = f"{name}.{step}" if name else step
            member = resource.member(name)
            if isinstance(member, Ref | Inverse):
                yield resource, name
                resource, name = far_side(resource, name), ""
        if name:
            yield resource, name

    def never_soort(self, soort: str) -> str | None:
        """Why there can be no partij or actor of a soort."""
        for path, name in (("partijen", "soortPartij"), ("actoren", "soortActor")):
            spec = RESOURCES[path].filter(name)
            if spec and soort in spec.choices:
                fares = self._foresight.fares(path, ask(RESOURCES[path], [(name, soort)]))
                if set(fares.values()) <= {Fares.NOTHING}:
                    return f"{path} of soort {soort} are not kept"
        return None


def _by_name(field: Field, attribute: Attribute) -> bool:
    """Whether names in a map are those of the source."""
    return field.kind is Kind.MAP and bool(attribute.choices)


def _out_of_bounds(path: str, name: str, value: Any, attribute: Attribute) -> str | None:
    """Why a value cannot be kept of an attribute that can have others."""
    if (attribute.needed or attribute.sometimes) and not value:
        return f"{path}: {name} is needed"
    if attribute.choices and value not in attribute.choices:
        return f"{path}: {name} is one of {', '.join(map(str, attribute.choices))}"
    if attribute.longest is not None and len(str(value)) > attribute.longest:
        return f"{path}: {name} has at most {attribute.longest} characters"
    return None
