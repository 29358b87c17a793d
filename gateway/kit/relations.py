"""Whether what comes along with a page, and what is declared certain, is so."""

from __future__ import annotations

from adapters.base import Along, Page, Query
from adapters.conditions import Record, get, is_absent
from gateway.kit.findings import NotDeclared, refute
from gateway.kit.subject import Subject


async def along(subject: Subject) -> None:
    """Records that come along with a page are those that would be found by asking for them."""
    asked = 0
    for name, spec in subject.examined.items():
        if not spec.along:
            continue
        for scope in await subject.scopes(name):
            page = await subject.adapter.find(name, Query(scope.where(), limit=spec.page_size))
            for far, came in page.along.items():
                await _along(subject, name, page, far, came)
                asked += 1
    if not asked:
        raise NotDeclared("nothing comes along")


async def _along(subject: Subject, name: str, page: Page, far: str, came: Along) -> None:
    if came.only_leads or subject.collections[far].asked_by:
        # Nothing is said of what these records hold, or they cannot be had otherwise.
        return
    if not all(subject.whole(scope) for scope in await subject.scopes(far)):
        return
    known = {subject.key(far, record): record for record in await subject.known(far)}
    for record in came.records:
        if subject.key(far, record) not in known:
            refute(name, f"a record of `{far}` comes along that is not in its list")
    if came.field is not None:
        of_page = set(came.keys or (subject.key(name, record)[0] for record in page.records))
        expected = {k for k, r in known.items() if str(get(r, came.field)) in of_page}
        if missing := expected - set(subject.keys(far, came.records)):
            refute(name, f"{len(missing)} record(s) of `{far}` that belong to the page do not come")


async def certain(subject: Subject) -> None:
    """A key in a field that is certain leads to a record, wherever one of the same source has such
    keys."""
    asked = 0
    for name, spec in subject.examined.items():
        for field in sorted(spec.certain):
            targets = [
                far
                for far, one in subject.collections.items()
                if one.key == (field,) and far != name and not one.asked_by
            ]
            if len(targets) == 1:
                asked += 1
                await _certain(subject, name, field, targets[0])
    if not asked:
        raise NotDeclared("no field is certain to lead to a record of this source")


async def _certain(subject: Subject, name: str, field: str, far: str) -> None:
    if not all(subject.whole(scope) for scope in await subject.scopes(far)):
        return
    keys = {key for (key,) in subject.keys(far, await subject.known(far))}
    records: list[Record] = await subject.known(name)
    leads = [str(get(r, field)) for r in records if not is_absent(get(r, field))]
    if lost := [key for key in leads if key not in keys]:
        refute(name, f"`{field}` is declared certain, and {len(lost)} time(s) leads nowhere")
