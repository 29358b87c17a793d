"""Complete objects: every value and every relation of every object, expanded as deep as allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.kcc.data import Tables
from gateway.federation.tree import Tree, expand_tree
from gateway.standard.errors import NOT_FOUND, VALIDATION, Problem
from gateway.standard.model import Embed, Kind, Resource
from gateway.standard.table import RESOURCES
from tests.support.installations import (
    Installation,
    honest_source,
    on,
    sql_adapter,
)
from tests.support.reference import Thing, World
from tests.support.weather import weathered

seeds = st.integers(0, 2**32 - 1)
each_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda r: r.path)


def same_lists(installation: Installation, world: World, resource: Resource) -> None:
    """A whole list, with everything expanded, is that of the reference."""
    page = installation.list(resource, expand=list(resource.expand))
    things = world.shown[resource.path]
    assert page.last == 1
    assert uuids(page.results) == [t.uuid for t in things]
    tree = expand_tree(resource.expand)
    for one, thing in zip(page.results, things, strict=True):
        same(world, thing, one, tree)


def same(world: World, thing: Thing, shown: Mapping[str, Any], tree: Tree) -> None:
    """An object as it was written is the object of the reference."""
    assert shown["uuid"] == thing.uuid
    resource = RESOURCES[thing.resource]
    for path, value in expected_values(thing):
        assert dig(shown, path) == value, f"{thing}: {path}"
        assert type(dig(shown, path)) is type(value), f"{thing}: {path}"
    for path, far in expected_relations(world, thing):
        assert uuids(dig(shown, path)) == [t.uuid for t in far], f"{thing}: {path}"
    for inverse in resource.inverses():
        if inverse.embed is not Embed.HIDDEN:
            beside = zip(shown[inverse.name], world.related(thing, inverse.name), strict=True)
            for one, far_thing in beside:
                if inverse.embed is Embed.OBJECT:
                    same(world, far_thing, one, {})
                for name, path in inverse.shows.items():
                    assert one[name] == value_at(far_thing, path), f"{thing}: {inverse.name}.{name}"
    for name, below in tree.items():
        expanded = shown["_expand"][name]
        assert isinstance(expanded, list) == isinstance(shown[name], list)
        things = world.related(thing, name)
        for one, far_thing in zip(listed(expanded), things, strict=True):
            same(world, far_thing, one, below)


VARIANTS = ("partijIdentificatie", "actorIdentificatie")


def expected_values(thing: Thing) -> Iterable[tuple[str, Any]]:
    """Every plain attribute with its value; none inside an attribute that is null."""
    for path, field in RESOURCES[thing.resource].fields():
        head = path.partition(".")[0]
        if field.kind is Kind.MAP:
            yield path, {p.removeprefix(f"{path}."): v for p, v in below(thing.values, path)}
        elif head not in VARIANTS or thing.values[path]:
            yield path, thing.values[path]
        elif (
            not thing.values.get(head)
            and not below(thing.values, head)
            and not below(thing.refs, head)
        ):
            yield head, None


def below(values: Mapping[str, Any], path: str) -> list[tuple[str, Any]]:
    """What has a value below a path."""
    return [(p, v) for p, v in values.items() if p.startswith(f"{path}.") and v]


def value_at(thing: Thing, path: str) -> Any:
    """The value at the end of a path of references; ``None`` where one leads nowhere."""
    *steps, attribute = path.split("/")
    for step in steps:
        if not thing.refs[step]:
            return None
        thing = thing.refs[step][0]
    return thing.values[attribute]


def expected_relations(world: World, thing: Thing) -> Iterable[tuple[str, Sequence[Thing]]]:
    """Every relation that is shown, with what it leads to, in order."""
    resource = RESOURCES[thing.resource]
    for path, ref in resource.refs():
        far = world.related(thing, path) if "." not in path else thing.refs.get(path, [])
        yield path, far if ref.many else far[:1]
    for inverse in resource.inverses():
        if inverse.embed is not Embed.HIDDEN:
            yield inverse.name, world.related(thing, inverse.name)


def dig(value: Any, path: str) -> Any:
    """What stands at a dotted path; ``None`` below what is null."""
    for step in path.split("."):
        value = None if value is None else value.get(step)
    return value


def listed(value: Any) -> list[Any]:
    """A list as it is, one object as a list of one, null as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def uuids(value: Any) -> list[str]:
    return [one["uuid"] for one in listed(value)]


@each_resource
def test_a_database_shows_every_object_whole(
    resource: Resource, sql: Installation, world: World
) -> None:
    """Values, references, inverse lists, embedded and expanded objects: as in the reference."""
    same_lists(sql, world, resource)


@each_resource
def test_a_rest_service_shows_every_object_whole(
    resource: Resource, rest: Installation, world: World
) -> None:
    """The same objects, put together from a source that joins nothing."""
    same_lists(rest, world, resource)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(seed=seeds)
def test_a_database_with_odd_rows_shows_every_object_whole(
    seed: int, rows: Tables, sql: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Dangling references are null or hide what needs them, doubles and ties come in order."""
    odd = weathered(rows, seed, 0.3)
    adapter = sql_adapter(odd, tmp_path_factory.mktemp("odd") / "kcc.sqlite")
    try:
        world = sql.world(odd)
        for resource in RESOURCES.values():
            same_lists(on(sql, adapter), world, resource)
    finally:
        sql.loop.run(adapter.close())


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(seed=seeds, path=st.sampled_from(list(RESOURCES)))
def test_any_honest_source_shows_every_object_whole_or_refuses(
    seed: int, path: str, rows: Tables, rest: Installation
) -> None:
    """Whatever the source declares, no relation of an object is lost on the way."""
    odd = weathered(rows, seed, 0.1)
    try:
        same_lists(on(rest, honest_source(odd, seed)), rest.world(odd), RESOURCES[path])
    except Problem as problem:
        assert problem.kind is VALIDATION, problem


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(seed=seeds, path=st.sampled_from(list(RESOURCES)))
def test_rules_of_all_kinds_show_every_object_whole(
    seed: int, path: str, rows: Tables, own_rules: Installation
) -> None:
    """Also a mapping with conditions on references, stand-ins, unknown codes and joins."""
    odd = weathered(rows, seed, 0.3)
    try:
        same_lists(on(own_rules, honest_source(odd, seed)), own_rules.world(odd), RESOURCES[path])
    except Problem as problem:
        assert problem.kind is VALIDATION, problem


@each_resource
def test_one_object_is_as_it_is_in_the_list(resource: Resource, rest: Installation) -> None:
    """The detail of every uuid in a list is the object that stands there."""
    page = rest.list(resource)
    for one in page.results[:: max(1, len(page.results) // 10)]:
        assert rest.detail(resource, one["uuid"]) == one


def test_what_is_not_shown_has_no_detail(
    rest: Installation, sql: Installation, world: World
) -> None:
    """The uuid of an object whose required relation leads nowhere is not found."""
    assert world.hidden
    for thing in world.hidden:
        for installation in (rest, sql):
            with pytest.raises(Problem) as raised:
                installation.detail(RESOURCES[thing.resource], thing.uuid)
            assert raised.value.kind is NOT_FOUND
