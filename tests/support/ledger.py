"""What a register has to hold after what it acknowledged: a model of the objects of the standard.

It knows the contract alone: what goes with an object, what refers to what, one standard address of
a soort. Of what follows from how a system keeps things it learns from the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.standard.model import Derived, Embed, Field, Gone, Group, Inverse, Ref, Variants
from gateway.standard.table import RESOURCES

Name = tuple[str, str]
"""A resource and a uuid."""

PREFERRED: Final = "voorkeursDigitaalAdres"
STANDARD: Final = "isStandaardAdres"
UNSAID: Final = object()
"""Of the address of choice a register shows more than was said; this is what was not said yet."""


@dataclass
class Thing:
    """One object: its values, by attribute, and what it refers to, by path."""

    values: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, tuple[str, ...]] = field(default_factory=dict)


def thing(resource: str, shown: Mapping[str, Any]) -> Thing:
    """What an answer says of an object itself."""
    found = Thing()
    for member in RESOURCES[resource].members:
        match member:
            case Field() | Group():
                found.values[member.name] = shown[member.name]
            case Ref():
                found.refs[member.name] = uuids(shown[member.name])
            case Variants():
                found.values[member.name] = _shape(member, shown[member.name], found)
            case Inverse() | Derived():
                pass
    return found


def _shape(member: Variants, shown: Mapping[str, Any] | None, found: Thing) -> Any:
    """The plain part of an attribute of several shapes; its references go where they belong."""
    inside = {m.name: m for shape in member.shapes.values() for m in shape}
    kept = {}
    for name, one in inside.items():
        if isinstance(one, Ref):
            found.refs[f"{member.name}.{name}"] = uuids(shown and shown.get(name))
        elif shown is not None and name in shown and not isinstance(one, Derived):
            kept[name] = shown[name]
    return kept if shown is not None else None


def uuids(shown: Any) -> tuple[str, ...]:
    """What a reference of an answer, or of a body, points at."""
    some = shown if isinstance(shown, list) else [shown]
    return tuple(one["uuid"] for one in some if one is not None and one["uuid"] is not None)


class Ledger:
    """All objects, by resource and uuid."""

    def __init__(self) -> None:
        self.things: dict[Name, Thing] = {}

    def enter(self, resource: str, shown: Mapping[str, Any], *, found: bool = False) -> Thing:
        """An object as an answer shows it. ``found``: it was there before anything was asked."""
        entry = thing(resource, shown)
        if found and resource == "digitaleadressen":
            entry.values[STANDARD] = UNSAID
            if entry.values["referentie"] == "portaalvoorkeur":
                entry.values["referentie"] = ""
        if found and resource == "partijen":
            entry.refs[PREFERRED] = (str(UNSAID),)
        self.things[resource, shown["uuid"]] = entry
        return entry

    def of(self, resource: str) -> list[str]:
        """The uuids of a resource."""
        return [uuid for path, uuid in self.things if path == resource]

    def holders(self, name: Name) -> Iterator[tuple[Name, str, Gone]]:
        """What refers to an object, with the path by which it does."""
        for other, entry in self.things.items():
            for path, ref in RESOURCES[other[0]].refs():
                if ref.to == name[0] and name[1] in entry.refs.get(path, ()):
                    yield other, path, ref.gone

    def related(self, name: Name, inverse: Inverse) -> set[str]:
        """The uuids along an inverse relation of one hop."""
        return {
            other[1]
            for other, path, _ in self.holders(name)
            if other[0] == inverse.via and path == inverse.ref
        }

    def protected(self, name: Name) -> bool:
        """Whether an object cannot be deleted for what refers to it."""
        going = self.going(name)
        return any(
            gone is Gone.REFUSED and other not in going
            for one in going
            for other, _, gone in self.holders(one)
        )

    def going(self, name: Name) -> set[Name]:
        """What is deleted with an object, itself included."""
        found, new = {name}, [name]
        while new:
            for other, _, gone in self.holders(new.pop()):
                if gone is Gone.DELETED and other not in found:
                    found.add(other)
                    new.append(other)
        return found

    def strike(self, name: Name) -> list[Name]:
        """An object is deleted; what lost a reference by that."""
        going = self.going(name)
        lost = []
        for one in going:
            for other, path, _ in list(self.holders(one)):
                if other not in going:
                    self.unlink(other, path, one[1])
                    lost.append(other)
        for one in going:
            del self.things[one]
        return lost

    def unlink(self, name: Name, path: str, uuid: str) -> None:
        """An object loses a reference; one within an attribute of several shapes, all of that."""
        entry = self.things[name]
        entry.refs[path] = tuple(one for one in entry.refs[path] if one != uuid)
        member, inside, _ = path.partition(".")
        if inside:
            entry.values[member] = None

    def only_standard(self, uuid: str) -> None:
        """An address became the standard one: others of the partij and soort are it no longer."""
        entry = self.things["digitaleadressen", uuid]
        for (resource, other), one in self.things.items():
            if resource == "digitaleadressen" and other != uuid and self._alike(entry, one):
                one.values[STANDARD] = False

    def _alike(self, one: Thing, other: Thing) -> bool:
        path, soort = "verstrektDoorPartij", "soortDigitaalAdres"
        partij = one.refs[path]
        return bool(partij) and other.refs[path] == partij and (
            other.values[soort] == one.values[soort]
        )  # fmt: skip

    # --- comparing ------------------------------------------------------------------------------

    def differences(self, resource: str, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Where an answer says something else of an object than this ledger does."""
        name = resource, shown["uuid"]
        kept, now = self.things[name], thing(resource, shown)
        wrong: dict[str, Any] = {}
        for attribute, value in now.values.items():
            if value != kept.values[attribute] and not self._filled_in(name, attribute, value):
                wrong[attribute] = (value, kept.values[attribute])
        for path, refs in now.refs.items():
            free = path == PREFERRED and kept.refs[path] in ((), (str(UNSAID),))
            if set(refs) != set(kept.refs[path]) and not free:
                wrong[path] = (refs, kept.refs[path])
        for member in RESOURCES[resource].inverses():
            if member.embed is Embed.HIDDEN or member.then is not None:
                continue
            there = {one["uuid"] for one in shown[member.name]}
            if there != self.related(name, member):
                wrong[member.name] = (there, self.related(name, member))
        return wrong

    def _filled_in(self, name: Name, attribute: str, value: Any) -> bool:
        """Whether an address may show this though it was not said of it: that it is the address of
        choice follows from any one of three things, and none other of its soort is said to be."""
        if name[0] != "digitaleadressen":
            return False
        entry = self.things[name]
        if attribute == "referentie":
            return value == "portaalvoorkeur" and entry.values[attribute] == ""
        if attribute != STANDARD:
            return False
        others = (
            one
            for (resource, uuid), one in self.things.items()
            if resource == name[0] and uuid != name[1] and self._alike(entry, one)
        )
        said = any(one.values[STANDARD] is True for one in others)
        return entry.values[STANDARD] is UNSAID or (value is True and not said)
