"""Reading the rows of an API after the pattern of ZGW: urls become keys, moments get one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from adapters.base import Along, Failure, SourceError
from adapters.conditions import Record
from adapters.moments import in_utc
from adapters.zgw_words import KEY, Resource

Rows = Sequence[Mapping[str, Any]]

_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Reader:
    """Reads rows of all collections. ``roots``: what urls of each begin with."""

    def __init__(self, resources: Mapping[str, Resource], roots: Mapping[str, str]) -> None:
        self._resources = resources
        self._roots = roots

    def text(self, name: str, other: str | None, field: str, value: object) -> str | None:
        """A value of a field as a parameter has it, of collection ``name`` or ``other``: of a
        reference the url, as the source writes it. ``None`` when it refers to nothing: by the
        standard for ZGW APIs the urls of a source end in a uuid, and one that does not is refused.
        """
        target = self._resources[other or name].references.get(field)
        if target is None:
            return str(value)
        if target in self._resources and _UUID.fullmatch(str(value)) is None:
            return None
        return f"{self._roots[target]}{quote(str(value), safe='')}"

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
        for field in spec.moments:
            made[field] = in_utc(row.get(field))
        return made

    def _key(self, name: str, url: object) -> str | None:
        """The last part of a url, ``None`` when it is of something else."""
        root = self._roots.get(name)
        if not isinstance(url, str) or root is None or not url.startswith(root):
            return None
        return url.removeprefix(root).rstrip("/") or None

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
            if far.inside is not None and far.inside.collection == name:
                inside = far.inside
                held = [row[inside.member] for row in rows if row.get(inside.member)]
                known = {str(one.get(inside.key)): one for one in reversed(held)}
                found[other] = Along(None, [r for k, r in known.items() if k not in ("", "None")])
        return found


def _links(row: Mapping[str, Any], member: str) -> Iterable[Mapping[str, Any]]:
    links = row.get(member)
    if not isinstance(links, list) or not all(isinstance(link, dict) for link in links):
        raise SourceError(Failure.BAD_DATA, "what was asked to come along did not")
    return links
