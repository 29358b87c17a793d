"""How the names of attributes are spelled: in bodies, and in errors about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gateway.standard.model import Group, Member, Variants
from gateway.standard.table import RESOURCES

CONTACT: Final = ("klantcontact", "betrokkene", "onderwerpobject")
"""The parts of the body of ``maak-klantcontact``."""


def named(body: Mapping[str, object]) -> dict[str, object]:
    """A body by the names of the contract, in whichever case they are written (GEN-27)."""
    return {_SPELLED.get(_snake(key), key): value for key, value in body.items()}


def shown(path: str) -> str:
    """A dotted path as it stands in errors (QRK-05): ``bezoekadres.adresregel_1``."""
    return re.sub(r"(?<=[a-z])([0-9])$", r"_\1", path)


def camel(key: str) -> str:
    """A key of a map in the case of the wire: ``een_sleutel`` becomes ``eenSleutel``."""
    return re.sub(r"([a-z0-9]?)_([a-z0-9])", lambda found: found[1] + found[2].upper(), key)


def _snake(name: str) -> str:
    """The spelling in which all cases of a name are one: ``soort_partij``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9]$)", "_", name).lower()


def _names(members: Iterable[Member]) -> Iterable[str]:
    for member in members:
        yield member.name
        if isinstance(member, Group):
            yield from _names(member.fields)
        elif isinstance(member, Variants):
            for shape in member.shapes.values():
                yield from _names(shape)


_SPELLED: Final = {
    _snake(name): name
    for names in (CONTACT, *(_names(resource.members) for resource in RESOURCES.values()))
    for name in names
}
