"""The table of the standard agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.standard.model import (
    Derived,
    Field,
    Filter,
    Inverse,
    Kind,
    Op,
    Reads,
    Ref,
    Required,
    Resource,
    Variants,
)
from gateway.standard.table import RESOURCES

READS = {
    Kind.TEXT: {Reads.TEXT, Reads.LIST},
    Kind.ENUM: {Reads.CHOICE},
    Kind.BOOLEAN: {Reads.BOOLEAN},
    Kind.DATE: {Reads.DATE},
    Kind.DATETIME: {Reads.DATETIME},
}

ALL = pytest.mark.parametrize("resource", list(RESOURCES.values()), ids=lambda r: r.path)


def inverses() -> Iterator[tuple[Resource, Inverse]]:
    for resource in RESOURCES.values():
        for inverse in resource.inverses():
            yield resource, inverse


def filters() -> Iterator[tuple[Resource, Filter]]:
    for resource in RESOURCES.values():
        for spec in resource.filters:
            yield resource, spec


def beyond(resource: Resource, relation: str) -> Resource:
    """The resource at the far side of a relation."""
    member = resource.member(relation)
    if isinstance(member, Inverse):
        via = RESOURCES[member.via]
        return beyond(via, member.then) if member.then else via
    assert isinstance(member, Ref), f"{resource.path} has no relation {relation}"
    return RESOURCES[member.to]


EVERY_INVERSE = pytest.mark.parametrize(
    ("resource", "inverse"), [pytest.param(r, i, id=f"{r.path}.{i.name}") for r, i in inverses()]
)
EVERY_FILTER = pytest.mark.parametrize(
    ("resource", "spec"), [pytest.param(r, f, id=f"{r.path}.{f.param}") for r, f in filters()]
)


@ALL
def test_attributes_have_one_name_each(resource: Resource) -> None:
    names = [m.name for m in resource.members]
    assert len(names) == len(set(names))


@ALL
def test_filters_have_one_parameter_each(resource: Resource) -> None:
    params = [f.param for f in resource.filters]
    assert len(params) == len(set(params))


@ALL
def test_no_filter_is_named_like_paging_or_expand(resource: Resource) -> None:
    assert not {"page", "pageSize", "expand"} & {f.param for f in resource.filters}


@ALL
def test_references_point_at_resources(resource: Resource) -> None:
    assert {ref.to for _, ref in resource.refs()} <= set(RESOURCES)


@ALL
def test_what_a_reference_shows_is_an_attribute_of_its_target(resource: Resource) -> None:
    for _, ref in resource.refs():
        assert set(ref.shows) <= set(dict(RESOURCES[ref.to].fields()))


@EVERY_INVERSE
def test_an_inverse_turns_a_reference_around(resource: Resource, inverse: Inverse) -> None:
    ref = RESOURCES[inverse.via].member(inverse.ref)
    assert isinstance(ref, Ref)
    assert ref.to == resource.path


@EVERY_INVERSE
def test_the_second_hop_of_an_inverse_is_a_reference(resource: Resource, inverse: Inverse) -> None:
    if inverse.then:
        assert isinstance(RESOURCES[inverse.via].member(inverse.then), Ref)


@EVERY_INVERSE
def test_what_an_inverse_shows_stands_on_its_far_side(resource: Resource, inverse: Inverse) -> None:
    for path in inverse.shows.values():
        far = RESOURCES[inverse.via]
        *hops, attribute = path.split("/")
        for hop in hops:
            far = beyond(far, hop)
        assert attribute in dict(far.fields())


@EVERY_FILTER
def test_a_filter_leads_to_an_attribute(resource: Resource, spec: Filter) -> None:
    for hop in spec.hops:
        resource = beyond(resource, hop)
    if spec.op is Op.EXISTS:
        assert beyond(resource, spec.attribute).path in RESOURCES
    elif spec.attribute != "uuid":
        assert spec.attribute in dict(resource.fields())


@EVERY_FILTER
def test_a_filter_is_read_as_its_attribute_is_written(resource: Resource, spec: Filter) -> None:
    for hop in spec.hops:
        resource = beyond(resource, hop)
    if spec.op in (Op.EXISTS, Op.PRESENT):
        assert spec.reads is Reads.BOOLEAN
    elif spec.attribute == "uuid":
        assert spec.reads in (Reads.UUID, Reads.URL)
    elif spec.hops and spec.reads is Reads.TEXT:
        # Over a relation Open Klant takes any text, also where the attribute is an enumeration.
        assert dict(resource.fields())[spec.attribute].kind in (Kind.TEXT, Kind.ENUM)
    else:
        assert spec.reads in READS[dict(resource.fields())[spec.attribute].kind]


@EVERY_FILTER
def test_a_choice_has_the_choices_of_its_attribute(resource: Resource, spec: Filter) -> None:
    for hop in spec.hops:
        resource = beyond(resource, hop)
    if spec.reads is Reads.CHOICE:
        assert spec.choices == dict(resource.fields())[spec.attribute].choices


@EVERY_FILTER
def test_what_points_at_somebody_identifies(resource: Resource, spec: Filter) -> None:
    object_id = spec.attribute.rpartition(".")[2] == "objectId"
    if object_id or spec.reads in (Reads.UUID, Reads.URL):
        assert spec.identifying


@ALL
def test_expand_paths_follow_relations(resource: Resource) -> None:
    for path, target in resource.expand.items():
        far = resource
        for step in path.split("."):
            far = beyond(far, step)
        assert far.path == target


@ALL
def test_expand_paths_have_their_parent(resource: Resource) -> None:
    parents = {path.rpartition(".")[0] for path in resource.expand} - {""}
    assert parents <= set(resource.expand)


@ALL
def test_a_variant_has_a_shape_for_every_choice(resource: Resource) -> None:
    fields = dict(resource.fields())
    for member in resource.members:
        if isinstance(member, Variants):
            assert set(member.shapes) == set(fields[member.by].choices)


@ALL
def test_what_decides_a_variant_stands_before_it(resource: Resource) -> None:
    names = [m.name for m in resource.members]
    for member in resource.members:
        if isinstance(member, Variants):
            assert names.index(member.by) < names.index(member.name)


@ALL
def test_derived_attributes_follow_from_what_is_there(resource: Resource) -> None:
    names = [m.name for m in resource.members]
    for member in resource.members:
        if isinstance(member, Derived):
            assert member.of in names or member.rule in ("uuid", "url")


@ALL
def test_the_order_of_a_list_is_a_moment_that_every_object_has(resource: Resource) -> None:
    if resource.order:
        field = dict(resource.fields())[resource.order]
        assert (field.kind, type(field.default)) == (Kind.DATETIME, Required)


@ALL
def test_defaults_are_values_that_the_contract_allows(resource: Resource) -> None:
    for _, field in resource.fields():
        assert _allowed(field), field


def _allowed(field: Field) -> bool:
    if isinstance(field.default, Required) or field.default is None:
        return True
    return isinstance(field.default, bool if field.kind is Kind.BOOLEAN else str)
