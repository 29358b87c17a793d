"""Questions to ask a register: filters whose values often hit, spelled as clients spell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gateway.standard.model import Filter, Op, Reads, Resource
from gateway.standard.table import BASE_PATH, RESOURCES
from tests.support.brief import Brief
from tests.support.reference import IGNORED, Thing, Wish, World

MISSES: Final = ("", "x", "%", "_", "/", "'", "0", "-1", "é", "999999999", "a,b", "*")
"""Texts that hardly ever occur, and that some layer might take for more than text."""

DATES: Final = st.dates(datetime(1900, 1, 1).date(), datetime(2100, 1, 1).date())
SIZES: Final = st.sampled_from([1, 2, 3, 7, 20, 100, 500])
PAGES: Final = st.one_of(st.just(1), st.none(), st.integers(1, 5), st.sampled_from([60, 10**9]))


@dataclass(frozen=True)
class Question(Brief):
    """A list with parameters, and what they mean. ``page`` ``None``: the last one."""

    resource: Resource
    params: tuple[tuple[str, str], ...]
    wishes: tuple[Wish, ...]
    page: int | None = 1
    size: int = 100

    def __repr__(self) -> str:
        return f"{self.resource.path}?{self.params} page={self.page} size={self.size}"


class Aim(Enum):
    """How near to an answer the values of a question are drawn."""

    HIT = "one object meets all filters"
    NEAR = "each filter is met around one object, not always by the same related object"
    ANY = "values of any object, slips of the pen and nonsense too"


@st.composite
def questions(
    draw: DrawFn,
    world: World,
    resource: Resource,
    most: int = 4,
    pages: SearchStrategy[int | None] = PAGES,
) -> Question:
    """1 to ``most`` filters of a resource, most of their values taken from around one object."""
    specs = draw(_filters(resource, most))
    wishes = draw(wishes_for(world, resource, specs, draw(st.sampled_from(Aim))))
    params = [(w.spec.param, w.text) for w in wishes]
    if draw(st.integers(0, 9)) == 9:
        # Of a parameter that is repeated the last one counts.
        params.insert(0, (params[0][0], draw(wishes_for(world, resource, specs[:1]))[0].text))
    return Question(resource, tuple(params), tuple(wishes), draw(pages), draw(SIZES))


def any_question(world: World) -> SearchStrategy[Question]:
    """A question about any resource that has objects."""
    resources = [r for r in RESOURCES.values() if r.filters and world.shown[r.path]]
    return st.sampled_from(resources).flatmap(lambda r: questions(world, r))


def _filters(resource: Resource, most: int) -> SearchStrategy[list[Filter]]:
    """Any filters; or filters of one prefix, which speak of one related object."""
    prefixes = dict.fromkeys(f.prefix for f in resource.filters)
    alike = [[f for f in resource.filters if f.prefix == p] for p in prefixes]
    several = [group for group in alike if len(group) > 1]
    groups = [resource.filters, *several]
    return st.one_of(
        _some(resource.filters, most), st.sampled_from(groups).flatmap(lambda g: _some(g, most))
    )


def _some(filters: Sequence[Filter], most: int) -> SearchStrategy[list[Filter]]:
    return st.lists(
        st.sampled_from(filters), min_size=1, max_size=most, unique_by=lambda f: f.param
    )


@st.composite
def wishes_for(
    draw: DrawFn, world: World, resource: Resource, specs: Sequence[Filter], aim: Aim = Aim.HIT
) -> list[Wish]:
    """A wish for each filter; when a hit is aimed at, only for those that some object can meet."""
    near = draw(st.sampled_from(world.shown[resource.path]))
    around: dict[tuple[str, ...], Thing | None] = {(): near}
    made: list[tuple[Wish, bool]] = []
    for spec in specs:
        far = draw(_far_thing(world, around if aim is not Aim.NEAR else {(): near}, spec))
        known = far is not None and _has(far, spec)
        if far is None or (aim is Aim.ANY and draw(st.booleans())):
            far = draw(st.sampled_from(world.shown[world.far(resource, spec.hops)] or [near]))
        exact = aim is not Aim.ANY
        leads = _leads(world, near, (*spec.hops, spec.attribute)) if spec.op is Op.EXISTS else None
        text, value = draw(_spelled(world, spec, far, exact, leads))
        made.append((Wish(spec, text, value), known or leads is not None))
    met = [wish for wish, known in made if known]
    return met if met and aim is Aim.HIT else [wish for wish, _ in made]


@st.composite
def _far_thing(
    draw: DrawFn, world: World, around: dict[tuple[str, ...], Thing | None], spec: Filter
) -> Thing | None:
    """An object at the end of a filter's path, ``None`` where it leads nowhere.

    ``around`` remembers which object was taken at each step, for other filters of the prefix.
    """
    thing = around[()]
    for n in range(len(spec.hops)):
        place = (spec.prefix, *spec.hops[: n + 1])
        if place not in around:
            further = world.related(thing, spec.hops[n]) if thing else []
            around[place] = draw(st.sampled_from(further)) if further else None
        thing = around[place]
    return thing


def _has(thing: Thing, spec: Filter) -> bool:
    return spec.attribute == "uuid" or thing.values.get(spec.attribute) not in (None, "")


def _leads(world: World, thing: Thing, path: Sequence[str]) -> bool:
    return not path or any(_leads(world, far, path[1:]) for far in world.related(thing, path[0]))


def _spelled(
    world: World, spec: Filter, far: Thing, exact: bool, leads: bool | None
) -> SearchStrategy[tuple[str, Any]]:
    """A way to write a value, with what it means.

    ``exact``: a value that ``far`` has, if any; ``leads``: what an *exists* comes to.
    """
    have = far.uuid if spec.attribute == "uuid" else far.values.get(spec.attribute)
    match spec.reads:
        case Reads.BOOLEAN:
            known = leads if spec.op is Op.EXISTS else have
            known = bool(have) if spec.op is Op.PRESENT else known
            known_one = exact and isinstance(known, bool)
            return _boolean(st.just(bool(known)) if known_one else st.booleans())
        case Reads.UUID:
            return _uuid(_uuids(world, str(have), exact))
        case Reads.URL:
            return _url(_uuids(world, str(have), exact), far.resource, exact)
        case Reads.DATE:
            return _date(have, spec.op, exact)
        case Reads.DATETIME:
            return _datetime(have, exact)
        case Reads.CHOICE:
            choices = st.just(have) if exact and have else st.sampled_from(spec.choices)
            return choices.map(lambda c: (c, c))
        case Reads.LIST:
            return _list(have)
        case Reads.TEXT:
            return _text(spec, have, exact)


def _boolean(values: SearchStrategy[bool]) -> SearchStrategy[tuple[str, Any]]:
    spellings = {True: ["true", "True", "TRUE", "1"], False: ["false", "False", "FALSE", "0"]}
    return values.flatmap(lambda v: st.sampled_from(spellings[v]).map(lambda text: (text, v)))


def _uuid(uuids: SearchStrategy[str]) -> SearchStrategy[tuple[str, Any]]:
    ways = (str, str.upper, lambda u: u.replace("-", ""), "{{{}}}".format, "urn:uuid:{}".format)
    return uuids.flatmap(lambda u: st.sampled_from([(way(u), u) for way in ways]))


def _uuids(world: World, right: str, exact: bool) -> SearchStrategy[str]:
    """The right one; else also that of any object, one that is off by a bit, or a random one."""
    if exact:
        return st.just(right)
    others = [t.uuid for path in RESOURCES for t in world.shown[path][:3]]
    off = str(UUID(int=UUID(right).int ^ 1))
    return st.one_of(st.just(right), st.sampled_from([*others, off]), st.uuids().map(str))


def _url(uuids: SearchStrategy[str], resource: str, exact: bool) -> SearchStrategy[tuple[str, Any]]:
    def url(uuid: str, path: str, end: str) -> tuple[str, Any]:
        return f"https://gateway.example{BASE_PATH}/{path}/{uuid}{end}", uuid

    # Only the last segment counts, as in Open Klant: not which list the url stands under.
    paths = st.sampled_from([resource, "klantcontacten"])
    urls = st.builds(url, uuids, paths, st.sampled_from(["", "/", "?a=b", "#c"]))
    nothing = st.sampled_from(["https://gateway.example/", "http://x/partijen?uuid=1"])
    return urls if exact else st.one_of(urls, urls, nothing.map(lambda text: (text, None)))


def _date(have: str | None, op: Op, exact: bool) -> SearchStrategy[tuple[str, Any]]:
    def ways(text: str) -> SearchStrategy[tuple[str, Any]]:
        y, m, d = text.split("-")
        short = f"{int(d)}-{int(m)}-{y}"
        written = [text, f"{y}-{int(m)}-{int(d)}", f"{d}-{m}-{y}", f"{d}/{m}/{y}", short]
        return st.sampled_from([(w, text) for w in written])

    known = datetime.fromisoformat(have) if have else datetime(2026, 1, 31)
    off = {Op.GT: -1, Op.LT: 1}.get(op, 0)
    days = st.just(off) if exact else st.integers(-2, 2)
    around = days.map(lambda n: (known + timedelta(days=n)).date().isoformat())
    anything = DATES.map(lambda d: d.isoformat())
    return (around if exact else st.one_of(around, anything)).flatmap(ways)


def _datetime(have: str | None, exact: bool) -> SearchStrategy[tuple[str, Any]]:
    def way(hours: int, separator: str, shift: int) -> tuple[str, Any]:
        asked = known + timedelta(seconds=shift)
        local = asked.astimezone(timezone(timedelta(hours=hours)))
        return local.isoformat(separator), asked.replace(tzinfo=None).isoformat() + "Z"

    known = datetime.fromisoformat(have or "2026-10-25T01:30:00Z")
    utc = known.replace(tzinfo=None).isoformat()
    plain = st.sampled_from([(utc + end, utc + "Z") for end in ("Z", "", ".000000Z", "+00:00")])
    shifts = st.just(0) if exact else st.sampled_from([0, 1, -3600])
    local = st.builds(way, st.integers(-12, 14), st.sampled_from("T "), shifts)
    return st.one_of(plain, local)


def _list(have: str | None) -> SearchStrategy[tuple[str, Any]]:
    names = st.lists(st.sampled_from([have or "x", "x", "burger", ""]), max_size=3)
    texts = names.map(lambda more: ",".join([have or "x", *more]))
    return texts.map(lambda text: (text, tuple(text.split(","))))


def _text(spec: Filter, have: Any, exact: bool) -> SearchStrategy[tuple[str, Any]]:
    if not isinstance(have, str) or not have.strip():
        have = "x"
    if spec.op is Op.CONTAINS:
        cut = st.tuples(st.integers(0, len(have) - 1), st.integers(1, len(have)))
        part = cut.map(lambda c: have[c[0] : c[0] + c[1]]).filter(lambda t: t.strip())
        found = part.flatmap(lambda t: st.sampled_from([t, t.upper(), t.lower(), t.swapcase()]))
    else:
        found = st.just(have)
    texts = found.flatmap(lambda t: st.sampled_from([t, f" {t} "]))
    if not exact:
        slips = [have.upper(), have.lower(), have[:-1], have + "0", "0" + have, have.lstrip("0")]
        other = st.one_of(st.sampled_from([*slips, *MISSES]), st.text(max_size=5))
        other = other.filter(lambda t: "\0" not in t and (t.strip() or not spec.identifying))
        texts = st.one_of(texts, other)
    return texts.map(lambda text: (text, text.strip() or IGNORED))


def plain_wishes(spec: Filter) -> SearchStrategy[tuple[str, Any]]:
    """A text for a filter with what it means, about no data at all."""
    uuids = st.uuids().map(str)
    match spec.reads:
        case Reads.BOOLEAN:
            return _boolean(st.booleans())
        case Reads.UUID:
            return _uuid(uuids)
        case Reads.URL:
            return _url(uuids, "partijen", exact=False)
        case Reads.DATE:
            return _date(None, spec.op, exact=False)
        case Reads.DATETIME:
            return _datetime(None, exact=False)
        case Reads.CHOICE:
            return st.sampled_from(spec.choices).map(lambda c: (c, c))
        case Reads.LIST:
            return _list(None)
        case Reads.TEXT:
            words = st.text(st.characters(exclude_characters="\0"), max_size=6)
            return words.map(str.strip).filter(bool).map(lambda t: (t, t))
    raise AssertionError(spec.reads)
