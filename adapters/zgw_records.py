"""Reading the rows of an API after the pattern of ZGW: urls become keys, moments get one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from adapters.base import Along, Failure, SourceError
from adapters.conditions import Record, get, is_absent
from adapters.moments import in_utc
from adapters.zgw_words import KEY, Distinct, Joined, Resource

Rows = Sequence[Mapping[str, Any]]

_HERE: Final = ZoneInfo("Europe/Amsterdam")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Reader:
    """Reads rows of all collections. ``roots``: what urls of each begin with."""

    def __init__(
        self, resources: Mapping[str, Resource], roots: Mapping[str, Sequence[str]]
    ) -> None:
        self._resources = resources
        self._roots = roots

    def texts(self, name: str, other: str | None, field: str, value: object) -> Sequence[str]:
        """A value of a field as a parameter has it, of collection ``name`` or ``other``: of a
        reference the url, as the source writes it; several where it writes it in more ways. None
        when it refers to nothing: by the standard for ZGW APIs the urls of a source end in a uuid,
        and one that does not is refused.
        """
        spec = self._resources[other or name]
        target = spec.references.get(field)
        if target is None:
            return [str(value)] if self.fits(spec, field, value) else []
        if target in self._resources and _UUID.fullmatch(str(value)) is None:
            return []
        return [f"{root}{quote(str(value), safe='')}" for root in self._roots.get(target, ())]

    def fits(self, spec: Resource, field: str, value: object) -> bool:
        """Whether a value is one that a field can have here."""
        return field not in spec.only or re.fullmatch(spec.only[field], str(value)) is not None

    def record(self, name: str, row: Mapping[str, Any]) -> Record:
        """A row as a record, without what it brings of other collections.

        Raises ``SourceError`` when its url is not where the source says that it is: records would
        not be found again by urls that are made here.
        """
        spec = self._resources[name]
        key = self._key(name, row.get("url"))
        if key is None:
            raise SourceError(Failure.BAD_DATA, "a url under another address than configured")
        made = {k: v for k, v in row.items() if k not in {b.expand for b in spec.brings.values()}}
        made[KEY] = key
        for field, target in spec.references.items():
            made[field] = self._key(target, row.get(field))
        for member, joined in spec.joined.items():
            if joined.expand is not None:
                made[member] = self._expanded(joined, row)
        for field in spec.moments:
            made[field] = in_utc(get(made, field))
        for field in spec.days:
            made[field] = in_utc(get(made, field), _HERE)
        return self.plain(spec, made)

    def plain(self, spec: Resource, found: Record) -> Record:
        """What is found with what does not fit taken out, and the first of what is a list."""
        made = dict(found)
        for field in spec.firsts:
            several = get(found, field)
            made[field] = several[0] if isinstance(several, list) and several else None
        for field in spec.only:
            value = get(made, field)
            if not is_absent(value) and not self.fits(spec, field, value):
                made[field] = None
        return made

    def _expanded(self, joined: Joined, row: Mapping[str, Any]) -> Record | None:
        """The record that goes with a row, of those that came with it."""
        members = row.get("_expand")
        came = members.get(joined.expand) if isinstance(members, dict) else None
        rows = came if isinstance(came, list) else [came] if isinstance(came, dict) else []
        name = joined.collection
        records = (
            self.record(name, one) if name is not None else one
            for one in rows
            if isinstance(one, dict)
        )
        return next((one for one in records if has(one, joined.where)), None)

    def _key(self, name: str, url: object) -> str | None:
        """The last part of a url, ``None`` when it is of something else."""
        if not isinstance(url, str):
            return None
        root = next((root for root in self._roots.get(name, ()) if url.startswith(root)), None)
        return url.removeprefix(root).rstrip("/") or None if root is not None else None

    def along(self, name: str, rows: Rows) -> Mapping[str, Along]:
        """What came along with rows: what is in them, and what has no list of its own."""
        spec = self._resources[name]
        found = {
            other: Along(
                brought.field,
                [self.record(other, link) for row in rows for link in _links(row, brought.expand)],
            )
            for other, brought in spec.brings.items()
        }
        for other, far in self._resources.items():
            if far.inside is not None and far.inside.collection == name and not far.inside.newest:
                inside = far.inside
                held = [row[inside.member] for row in rows if row.get(inside.member)]
                known = {str(one.get(inside.key)): one for one in reversed(held)}
                found[other] = Along(None, [r for k, r in known.items() if k not in ("", "None")])
        return found


def distinct(records: Iterable[Record], spec: Distinct) -> list[Record]:
    """Of records that have the same in some fields the oldest, in the order of the others."""
    first: dict[tuple[str, ...], Record] = {}
    for record in sorted(records, key=lambda r: (str(get(r, spec.oldest) or ""), str(r[KEY]))):
        same = tuple(str(get(record, field) or "").strip().casefold() for field in spec.same)
        first.setdefault(same, record)
    return list(reversed(first.values()))


def has(record: Record, where: Mapping[str, str]) -> bool:
    """Whether a record has these values in some fields; empty text stands for nothing."""
    return all(
        is_absent(get(record, field)) if not value else str(get(record, field)) == value
        for field, value in where.items()
    )


def _links(row: Mapping[str, Any], member: str) -> Iterable[Mapping[str, Any]]:
    links = row.get(member)
    if not isinstance(links, list) or not all(isinstance(link, dict) for link in links):
        raise SourceError(Failure.BAD_DATA, "what was asked to come along did not")
    return links
