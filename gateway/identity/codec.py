"""The ids of an installation: which streams share a resource, and that their ids are disjoint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from gateway.identity.native import SLOT_VERSIONS, is_native, native_uuid, with_version
from gateway.identity.packing import Packing
from gateway.identity.sealing import (
    SLOT_BITS,
    SOURCE_BITS,
    VERSION,
    Cipherer,
    domain_of,
    form_of,
    free_bits,
)
from gateway.mapping.stream import NativeKey, RuleError, Stream, reason


class IdentityError(Exception):
    """A configuration in which ids would be ambiguous or do not fit; ``messages`` say where."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = tuple(messages)


class Identity:
    """The codec of an installation.

    ``secrets`` maps key versions to secrets (at least 16 bytes); new ids are issued under
    ``current``, ids of all versions decode. Raises ``IdentityError`` when the ids of ``streams``
    are not provably disjoint or do not fit.
    """

    def __init__(
        self, secrets: Mapping[int, bytes], current: int, streams: Iterable[Stream]
    ) -> None:
        self._current = Cipherer(secrets[current])
        others = [Cipherer(s) for v, s in secrets.items() if v != current]
        self._ciphers = [self._current, *others]
        self._packings: dict[Stream, Packing] = {}
        self._packed: dict[str, dict[tuple[int, int], Stream]] = {}
        self._native: dict[str, list[Stream]] = {}
        messages: list[str] = []
        for stream in streams:
            try:
                self._register(stream)
            except ValueError as error:
                messages.append(f"{stream}: {error}")
        messages += self._clashes()
        if messages:
            raise IdentityError(messages)

    def _register(self, stream: Stream) -> None:
        path = stream.resource.path
        if stream.source_number >> SOURCE_BITS:
            raise ValueError(f"het nummer van een bron is hoogstens {2**SOURCE_BITS - 1}")
        if is_native(stream):
            if stream.slot and stream.slot not in SLOT_VERSIONS:
                raise ValueError(
                    "bij een uuid-sleutel passen hoogstens vijf slots (0 tot en met 4)"
                )
            self._native.setdefault(path, []).append(stream)
            return
        if any(part.type == "uuid" for part in stream.key.values()):
            raise ValueError("een uuid kan geen deel van een samengestelde sleutel zijn")
        packing = Packing(stream)
        if not packing.fits:
            raise ValueError("de sleutel is te lang om in een uuid te passen; kies een kortere")
        slots = self._packed.setdefault(path, {})
        place = (stream.source_number, stream.slot)
        if place in slots:
            raise ValueError(f"heeft hetzelfde bronnummer en slot als {slots[place]}")
        slots[place] = stream
        self._packings[stream] = packing

    def _clashes(self) -> Iterable[str]:
        for path, streams in self._native.items():
            claimed: dict[tuple[str, int], Stream] = {}
            for stream in streams:
                version = SLOT_VERSIONS.get(stream.slot)
                if version == VERSION and path in self._packed:
                    yield f"{stream}: slot {stream.slot} botst met de versleutelde ids van {path}"
                # Sources may share a form: both are asked. Within a source it must decide.
                same = claimed.setdefault((stream.source, stream.slot), stream)
                if same is not stream:
                    yield f"{stream}: heeft hetzelfde slot als {same}"

    def encode(self, stream: Stream, key: NativeKey) -> str:
        """The uuid of a record of a stream. Raises ``RuleError`` when its key has another form."""
        return self.encode_all(stream, [key])[0]

    def encode_all(self, stream: Stream, keys: Sequence[NativeKey]) -> list[str]:
        """The uuids of records of a stream. Raises ``RuleError``."""
        packing = self._packings.get(stream)
        try:
            if packing is None:
                taken = () if stream.slot else self._claimed(stream.resource.path)
                return [native_uuid(str(key[0]), stream.slot, taken) for key in keys]
            payloads = packing.payloads(keys)
        except ValueError as error:
            raise RuleError(stream, "uuid", reason(error)) from None
        return self._current.seal(packing.form, packing.domain, payloads)

    def decode(self, resource: str, uuid: str) -> list[tuple[Stream, NativeKey]]:
        """The records that a canonical uuid can mean: none, one, or (native uuids of several
        sources) a few that have to be looked up."""
        found: list[tuple[Stream, NativeKey]] = []
        value = UUID(uuid)
        packed = self._packed.get(resource)
        if packed and value.version == VERSION and (hit := self._open(resource, value)):
            return [hit]
        claimed = self._claimed(resource)
        for stream in self._native.get(resource, ()):
            if stream.slot:
                if value.version == SLOT_VERSIONS[stream.slot]:
                    found.append((stream, (with_version(value, 4),)))
            elif value.version not in claimed:
                found.append((stream, (uuid,)))
        return found

    def _claimed(self, resource: str) -> Collection[int | None]:
        """The versions that say more than themselves: of slots, and of packed keys."""
        slots = {SLOT_VERSIONS[s.slot] for s in self._native.get(resource, ()) if s.slot}
        return slots | {VERSION} if self._packed.get(resource) else slots

    def _open(self, resource: str, value: UUID) -> tuple[Stream, NativeKey] | None:
        bits = free_bits(value)
        form = form_of(bits)
        for cipher in self._ciphers:
            payload = cipher.open(form, domain_of(resource), bits)
            if payload is None:
                continue
            place = divmod(payload >> form.key_bits, 1 << SLOT_BITS)
            stream = self._packed[resource].get(place)
            if stream is None or self._packings[stream].form != form:
                return None
            key = self._packings[stream].unpack(payload & ((1 << form.key_bits) - 1))
            return (stream, key) if key is not None else None
        return None
