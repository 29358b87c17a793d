"""A plugin for the conformance suite, with ``left_out``: what is written is made to fit.

Samples are what a register holds, and a body has what can be kept: what cannot is left out of it,
or has the value that it always has. What a test itself puts in a body stays as it is. Where a test
fails with what it did not ask for, it is tried without.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import pytest

from gateway.coverage import Attribute, Part, Shows
from gateway.standard.table import RESOURCES
from tests.e2e.asked import Request
from tests.e2e.left_out import LEFT_OUT, declared, refused, samples

_NEWEST_FIRST: Final = {"ORD-01": None, "ORD-02": "klantcontacten"}
"""The statements of the contract that a list has first what was made last; of which resource, if
no test says so."""


class _Filling:
    """Whether bodies get what a source needs and the contract does not; and what was filled in, by
    resource."""

    def __init__(self) -> None:
        self.on = True
        self.done = dict[str, list[tuple[str, Any]]]()

    def into(self, path: str, found: dict[str, Any], more: Iterator[tuple[str, Any]]) -> None:
        """Fill in what is not there in a body for a resource."""
        for name, value in more:
            if not found.get(name) and self.on:
                found[name] = value
                self.done.setdefault(path, []).append((name, value))

    def instead(self, path: str, given: Mapping[str, Any], more: Mapping[str, Any]) -> Any:
        """What is to stand in a body in the place of something, or that itself."""
        if not self.on:
            return {name: given[name] for name in more}
        self.done.setdefault(path, []).extend(more.items())
        return more

    def stands_in(self, request: Request) -> bool:
        """Whether something that was filled in stands in the body of a request."""
        body, filled = request.body, self.done.get(request.path.partition("/")[0], ())
        return isinstance(body, dict) and any(body.get(name) == value for name, value in filled)


class _Body(dict[str, Any]):
    """What a test puts in a group that was left out, makes the group."""

    def __missing__(self, name: str) -> Any:
        self[name] = _Body()
        return self[name]


_filling: Final = _Filling()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Before the first test."""
    for item in session.items:
        params = _params(item)
        if isinstance(params.get("values"), dict):
            params["values"] = declared.shown(params["res"], params["values"])
    found = samples()
    suite = sys.modules["conftest"]
    body = suite.World.body

    def seeded(self: Any) -> None:
        self.made.update({resource: list(uuids) for resource, uuids in found.items()})

    def fitted(self: Any, resource: str, full: bool = True) -> Any:
        given = body(self, resource, full)
        every = given if full else body(self, resource, True)
        for part in declared.parts[resource]:
            number = _filling.instead(resource, given, _known_here(part, suite))
            given = _Body({**_fit(part, given), **number})
            _filling.into(resource, given, _needed(part, given, every))
            _filling.into(resource, given, _along(part, given, suite))
        # Where there is room for one of each kind, or for one link between two, it is taken soon.
        for path, ref in RESOURCES[resource].refs():
            if isinstance(given.get(path), dict) and suite.can(f"{ref.to}:c") is None:
                given[path] = suite.ref(self.minimal(ref.to))
        for part in declared.parts[resource]:
            _filling.into(resource, given, _host(part, given, self, suite))
        return given

    suite.World.seed = seeded
    suite.World.body = fitted


def _params(item: pytest.Item) -> dict[str, Any]:
    return getattr(getattr(item, "callspec", None), "params", {})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, None]:
    """What fails as it is declared, is left out."""
    _filling.done.clear()
    refused.clear()
    outcome = yield
    if outcome.excinfo is not None and issubclass(outcome.excinfo[0], Exception):
        reason = _not_newest(item) or _refused_without(item)
        if reason is not None:
            outcome.force_exception(pytest.skip.Exception(reason))


def _not_newest(item: pytest.Item) -> str | None:
    """Why what a test made is not the first of a list, if that is what it tries."""
    contract = item.get_closest_marker("contract")
    if contract is None or contract.args[0] not in _NEWEST_FIRST:
        return None
    if item.get_closest_marker("write") is None:
        return None
    path = _NEWEST_FIRST[contract.args[0]] or _params(item)["res"]
    reason = declared.not_newest(path)
    return None if reason is None else f"{LEFT_OUT}{reason}"


def _refused_without(item: pytest.Item) -> str | None:
    """A test that gets the objects that were filled in, and without that is refused as it is
    declared, wants an object that cannot be."""
    wrong = [one for one, status in refused if status != 400 or _filling.stands_in(one)]
    if not _filling.done or wrong:
        return None
    _filling.on = False
    try:
        with suppress(Exception, pytest.fail.Exception):  # It has failed already.
            item.runtest()
    except pytest.skip.Exception as skipped:
        return str(skipped) if str(skipped).startswith(LEFT_OUT) else None
    finally:
        _filling.on = True
    return None


def _fit(part: Part, given: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """A body without what cannot be kept."""
    found = _Body()
    for name, value in given.items():
        path = above + name
        attribute = part.attributes.get(path)
        if isinstance(value, dict) and "uuid" not in value and attribute is None:
            inner = _fit(part, value, path + ".")
            if _any(inner) or _required(part, path):
                found[name] = inner
        elif attribute is None or attribute.create:
            found[name] = _within_bounds(attribute, value)
        elif attribute.shows is Shows.CONSTANT and (above or _required(part, path)):
            found[name] = attribute.value
        elif above:
            found[name] = None if value is not None and not isinstance(value, str) else ""
    return found


def _any(group: Mapping[str, Any]) -> bool:
    return any(_any(v) if isinstance(v, dict) and "uuid" not in v else v for v in group.values())


def _required(part: Part, path: str) -> bool:
    member = RESOURCES[part.resource].member(path)
    return bool(getattr(member, "required", False))


def _known_here(part: Part, suite: Any) -> Mapping[str, Any]:
    """The number of a person, where there is no place for one of the KvK."""
    kinds = part.attributes.get("partijIdentificator.codeSoortObjectId")
    if kinds is None or not kinds.choices or "kvk_nummer" in kinds.choices:
        return {}
    return dict(suite.pid("bsn", suite.bsn()))


def _host(
    part: Part, given: Mapping[str, Any], world: Any, suite: Any
) -> Iterator[tuple[str, Any]]:
    """What a new object stands in the record of, if there is one such thing."""
    refs = dict(RESOURCES[part.resource].refs())
    if len(part.within) == 1 and not given.get(part.within[0]):
        yield part.within[0], suite.ref(world.minimal(refs[part.within[0]].to))


def _needed(
    part: Part, given: Mapping[str, Any], full: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """What a new object cannot do without, out of a full body."""
    heads = {path.partition(".")[0] for path, one in part.attributes.items() if _is_needed(one)}
    fitted = _fit(part, {name: value for name, value in full.items() if name in heads - {*given}})
    yield from fitted.items()


def _is_needed(attribute: Attribute) -> bool:
    return attribute.needed or attribute.sometimes


def _along(part: Part, given: Mapping[str, Any], suite: Any) -> Iterator[tuple[str, Any]]:
    """One of what has to come along. A persoon is known by a BSN, others by a number of the KvK."""
    numbers: Mapping[str, Callable[[], Any]] = {
        "partij-identificatoren": lambda: (
            suite.pid("bsn", suite.bsn())
            if given.get("soortPartij") == "persoon"
            else suite.pid("kvk_nummer", suite.kvk())
        )
    }
    for inverse in RESOURCES[part.resource].inverses():
        if inverse.writable and inverse.via in part.along:
            yield inverse.name, [numbers[inverse.via]()]


def _within_bounds(attribute: Attribute | None, value: Any) -> Any:
    if attribute is None:
        return value
    if isinstance(value, dict) and attribute.choices:
        return {name: one for name, one in value.items() if name in attribute.choices}
    if attribute.choices and value not in attribute.choices:
        return attribute.choices[0]
    return value[: attribute.longest] if isinstance(value, str) else value
