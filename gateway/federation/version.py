"""Entity tags: what version of an object its source has (RFC 9110, section 8.8.3)."""

from __future__ import annotations

from hashlib import blake2b

from adapters.conditions import get, is_absent
from gateway.federation.catalogue import Catalogue
from gateway.federation.rows import Row


def version_of(catalogue: Catalogue, row: Row) -> str | None:
    """What the source of a row keeps as the version of its record; ``None`` where it keeps none."""
    writes = catalogue.collection(row.stream).writes
    if writes is None or writes.version is None:
        return None
    value = get(row.record, writes.version)
    return None if is_absent(value) else str(value)


def entity_tag(catalogue: Catalogue, row: Row) -> str | None:
    """The tag of an object, quotes included; ``None`` when a record of it has no version."""
    versions = [version_of(catalogue, member) for member in row.members]
    if None in versions:
        return None
    # Versions of a source say when somebody worked there, and that is nobody's business.
    text = "\n".join([row.uuid, *map(str, versions)])
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def matches(header: str, tag: str | None) -> bool:
    """Whether ``If-Match`` holds for an object with this tag (RFC 9110, section 13.1.1: by strong
    comparison). An object without a tag meets ``*`` only."""
    wanted = [one.strip() for one in header.split(",")]
    return "*" in wanted or (tag is not None and tag in wanted)
