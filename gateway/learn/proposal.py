"""From sample records to a mapping: of which resource, by what its fields are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.conditions import Record
from gateway.learn.contact import Contact
from gateway.learn.known import Known
from gateway.learn.making import Stream
from gateway.learn.names import CONTACT, NUMBERS, PARTIJ, plain
from gateway.learn.partij import Partij
from gateway.learn.sample import SampleError


@dataclass(frozen=True, slots=True)
class Proposal:
    """Streams by resource, and the fields of which nothing was made."""

    streams: Mapping[str, Sequence[Stream]]
    left: Sequence[str]
    key_sure: bool


def propose(records: Sequence[Record], collection: str) -> Proposal:
    """A mapping for records of a collection. Raises ``SampleError`` when nothing in them is
    recognised, or nothing tells them apart."""
    known = Known(records)
    key = known.key()
    if key is None:
        raise SampleError("Geen veld heeft in elk record een eigen waarde: er is geen sleutel.")
    contact, partij = (_weight(known, table) for table in (CONTACT, PARTIJ))
    partij += sum(whole for *_, whole in known.named(NUMBERS))
    if not contact and not partij:
        raise SampleError("Van dit voorbeeld is niets herkend.")
    made = Contact(known, collection, *key) if contact > partij else Partij(known, collection, *key)
    streams = made.streams()
    left = [path for path in known.values if path not in made.used]
    return Proposal(streams, left, sure_key(key[0]))


def sure_key(path: str) -> bool:
    """Whether a name says that it is a key."""
    return bool(re.search(r"(?i)(^|_)(uu|gu)?id$|Id$", path))


def _weight(known: Known, table: Mapping[str, str]) -> int:
    """How many fields a resource has room for that the other has not."""
    other = CONTACT if table is PARTIJ else PARTIJ
    found = {a: p for p, a, whole in known.named(table) if whole and not known.is_empty(p)}
    return len({a for a, p in found.items() if plain(p) not in other})
