"""Identity without a table: uuid <-> (stream, native key).

The resource is in the path of a url, so a uuid carries (source, slot, native key) only.

*Native uuids* pass through unchanged. A second object derived from a record with a version 4 key
carries its slot in the version nibble.

*Packed keys* (integers, short text, composites) are enciphered and given out as version 8
(RFC 9562, section 5.8). Of the 122 free bits one tells the form, then:

====== ======== ===================================================================
form   tag      payload
====== ======== ===================================================================
short  48 bits  73 bits: source 5, slot 4, key 64
wide   28 bits  93 bits: source 5, slot 4, key 84
====== ======== ===================================================================

tag = AES(k1, payload ‖ domain), ciphertext = payload xor AES(k2, tag ‖ domain): the synthetic-IV
construction of RFC 5297 in one block each way. The domain is the resource, so an id means nothing
under another path. A forged id has a tag that does not fit and decodes to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.conditions import Scalar
from gateway.mapping.formats import Unreadable
from gateway.mapping.stream import NativeKey, RuleError, Stream, reason

SOURCE_BITS: Final = 5
SLOT_BITS: Final = 4
_PACKED_VERSION: Final = 8
_SLOT_VERSIONS: Final = {1: 5, 2: 3, 3: 8}
_BLOCK: Final = 128
_FREE: Final = 122
_ONE: Final = (1).to_bytes(_BLOCK // 8, "big")
_GROUPS: Final = Struct("8s4s4s4s12s")
_LOW: Final = (1 << 62) - 1
_MIDDLE: Final = 0xFFF << 62
_HIGH: Final = 0xFFFF_FFFF_FFFF << 74


class IdentityError(Exception):
    """A configuration in which ids would be ambiguous or do not fit; ``messages`` say where."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = tuple(messages)


@dataclass(frozen=True, slots=True)
class Form:
    """How a packed id divides its bits."""

    marker: int
    tag_bits: int
    key_bits: int

    @property
    def payload_bits(self) -> int:
        return SOURCE_BITS + SLOT_BITS + self.key_bits


SHORT: Final = Form(0, 48, 64)
WIDE: Final = Form(1, 28, 84)


class _Lanes(NamedTuple):
    """The same number in each of the lanes of a page, for the numbers that ``seal`` needs."""

    constant: int
    tags: int
    payloads: int
    marks: int
    versions: int
    high: int
    middle: int
    low: int


@lru_cache(256)
def _lanes(marker: int, domain: int, count: int) -> _Lanes:
    form = WIDE if marker else SHORT
    ones = int.from_bytes(_ONE * count, "big")
    return _Lanes(
        constant=ones * ((domain << 1) | marker),
        tags=ones * ((1 << form.tag_bits) - 1),
        payloads=ones * ((1 << form.payload_bits) - 1),
        marks=ones * (marker << (_FREE - 1)),
        versions=ones * (_PACKED_VERSION << 76 | 0b10 << 62),
        high=ones * _HIGH,
        middle=ones * _MIDDLE,
        low=ones * _LOW,
    )


class Cipherer:
    """One version of the secret. Not safe to share between threads."""

    def __init__(self, secret: bytes) -> None:
        keys = HKDF(SHA256(), 32, salt=None, info=b"klantinteracties-gateway identity").derive(
            secret
        )
        self._tag = _aes(keys[:16])
        self._mask = _aes(keys[16:])

    def seal(self, form: Form, domain: int, payloads: Sequence[int]) -> list[str]:
        """The uuids of payloads.

        A page is one number, with a lane of 128 bits for each id: every step is then done once
        for all of them, and the two blocks of each go through the cipher together.
        """
        size = len(payloads) * _BLOCK // 8
        lanes = _lanes(form.marker, domain, len(payloads))
        pad, short = _BLOCK - form.payload_bits, _BLOCK - form.tag_bits
        payload = int.from_bytes(b"".join([p.to_bytes(16, "big") for p in payloads]), "big")
        sealed = self._tag.update(((payload << pad) | lanes.constant).to_bytes(size, "big"))
        tag = (int.from_bytes(sealed, "big") >> short) & lanes.tags
        masks = self._mask.update(((tag << short) | lanes.constant).to_bytes(size, "big"))
        mask = (int.from_bytes(masks, "big") >> pad) & lanes.payloads
        bits = lanes.marks | tag << form.payload_bits | payload ^ mask
        # RFC 9562: the version stands behind the first 48 bits, the variant behind 12 more.
        uuids = lanes.versions | (bits & lanes.high) << 6 | (bits & lanes.middle) << 2
        uuids |= bits & lanes.low
        digits = uuids.to_bytes(size, "big").hex().encode()
        return b" ".join(map(b"-".join, _GROUPS.iter_unpack(digits))).decode().split()

    def open(self, form: Form, domain: int, bits: int) -> int | None:
        """The payload, ``None`` when the id was not sealed under this secret and domain."""
        tag = (bits >> form.payload_bits) & ((1 << form.tag_bits) - 1)
        sealed = bits & ((1 << form.payload_bits) - 1)
        payload = sealed ^ self._mask_of(form, domain, tag)
        return payload if self._tag_of(form, domain, payload) == tag else None

    def _tag_of(self, form: Form, domain: int, payload: int) -> int:
        block = (payload << (_BLOCK - form.payload_bits)) | (domain << 1) | form.marker
        return _encrypt(self._tag, block) >> (_BLOCK - form.tag_bits)

    def _mask_of(self, form: Form, domain: int, tag: int) -> int:
        block = (tag << (_BLOCK - form.tag_bits)) | (domain << 1) | form.marker
        return _encrypt(self._mask, block) >> (_BLOCK - form.payload_bits)


def _aes(key: bytes) -> CipherContext:
    # Single blocks under keys of their own: ECB of one block is the AES permutation itself.
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305


def _encrypt(cipher: CipherContext, block: int) -> int:
    return int.from_bytes(cipher.update(block.to_bytes(16, "big")), "big")


def domain_of(resource: str) -> int:
    """32 bits that stand for a resource."""
    return int.from_bytes(blake2b(resource.encode(), digest_size=4).digest(), "big")


class KeyCodec(Protocol):
    """A native key as an integer below ``2 ** bits``, and back."""

    bits: int

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        """Raises ``ValueError`` when a value is not of the declared form."""
        ...

    def unpack(self, number: int) -> Scalar | None:
        """``None`` for a number that ``pack`` never gives."""
        ...


_NO_INTEGER: Final = "sleutel is geen geheel getal dat past"


class IntegerKey:
    """A non-negative integer of at most ``bits`` bits."""

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        # Almost always they are integers already, and a page can be seen to be so at once.
        numbers = [v for v in values if v.__class__ is int]
        if len(numbers) < len(values):
            numbers = [v if v.__class__ is int else self._number(v) for v in values]
        if numbers and (min(numbers) < 0 or max(numbers) >> self.bits):
            raise Unreadable(_NO_INTEGER)
        return numbers

    @staticmethod
    def _number(value: Scalar) -> int:
        try:
            number = int(value)
        except ValueError:
            raise Unreadable(_NO_INTEGER) from None
        if str(number) != value:
            raise Unreadable(_NO_INTEGER)
        return number

    def unpack(self, number: int) -> Scalar | None:
        return number


class TextKey:
    """Text of at most ``length`` characters of an alphabet, in bijective numeration."""

    def __init__(self, alphabet: str, length: int) -> None:
        self._characters = expand(alphabet)
        self._digit = {c: i for i, c in enumerate(self._characters, start=1)}
        self._length = length
        base = len(self._characters)
        self.bits = math.ceil(math.log2(sum(base**i for i in range(length + 1))))

    def pack_all(self, values: Sequence[Scalar]) -> Sequence[int]:
        return [self._number(str(value)) for value in values]

    def _number(self, text: str) -> int:
        if len(text) > self._length:
            raise Unreadable("sleutel is langer dan opgegeven")
        number = 0
        for character in text:
            digit = self._digit.get(character)
            if digit is None:
                raise Unreadable("sleutel heeft een teken buiten het opgegeven alfabet")
            number = number * len(self._characters) + digit
        return number

    def unpack(self, number: int) -> Scalar | None:
        base = len(self._characters)
        text: list[str] = []
        while number:
            number, digit = divmod(number - 1, base)
            text.append(self._characters[digit])
        return "".join(reversed(text)) if len(text) <= self._length else None


def expand(alphabet: str) -> str:
    """``a-z0-9_`` written out. A dash is itself at the start or the end.

    Raises ``ValueError`` for a range that runs backwards or a repeated character.
    """
    out: list[str] = []
    i = 0
    while i < len(alphabet):
        if i + 2 < len(alphabet) and alphabet[i + 1] == "-":
            first, last = ord(alphabet[i]), ord(alphabet[i + 2])
            if last < first:
                raise ValueError(f"`{alphabet[i : i + 3]}` loopt achteruit")
            out += map(chr, range(first, last + 1))
            i += 3
        else:
            out.append(alphabet[i])
            i += 1
    if len(set(out)) != len(out):
        raise ValueError("een teken staat er twee keer in")
    return "".join(out)


class _Packing:
    """How the native keys of one stream are packed."""

    def __init__(self, stream: Stream) -> None:
        parts = list(stream.key.values())
        texts = [
            TextKey(p.alphabet or "", p.length or 0) if p.type == "text" else None for p in parts
        ]
        used = sum(t.bits for t in texts if t)
        integers = texts.count(None)
        self.form = SHORT if used + 16 * integers <= SHORT.key_bits else WIDE
        width = (self.form.key_bits - used) // integers if integers else 0
        self.codecs: list[KeyCodec] = [t or IntegerKey(min(width, 63)) for t in texts]
        self.fits = used + 16 * integers <= WIDE.key_bits
        self.domain = domain_of(stream.resource.path)
        place = stream.source_number << SLOT_BITS | stream.slot
        self.prefix = place << self.form.key_bits

    def payloads(self, keys: Sequence[NativeKey]) -> list[int]:
        """What is sealed, for each key. Raises ``ValueError``."""
        if len(self.codecs) > 1:
            return [self.prefix | self._pack(key) for key in keys]
        codec = self.codecs[0]
        return [self.prefix | number for number in codec.pack_all([value for (value,) in keys])]

    def _pack(self, key: NativeKey) -> int:
        number = 0
        for codec, value in zip(self.codecs, key, strict=True):
            (packed,) = codec.pack_all((value,))
            number = (number << codec.bits) | packed
        return number

    def unpack(self, number: int) -> NativeKey | None:
        values: list[Scalar] = []
        for codec in reversed(self.codecs):
            value = codec.unpack(number & ((1 << codec.bits) - 1))
            if value is None:
                return None
            values.append(value)
            number >>= codec.bits
        return tuple(reversed(values)) if number == 0 else None


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
        self._packings: dict[Stream, _Packing] = {}
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
        if _is_native(stream):
            if stream.slot and stream.slot not in _SLOT_VERSIONS:
                raise ValueError(
                    "bij een uuid-sleutel passen hoogstens vier slots (0 tot en met 3)"
                )
            self._native.setdefault(path, []).append(stream)
            return
        if any(part.type == "uuid" for part in stream.key.values()):
            raise ValueError("een uuid kan geen deel van een samengestelde sleutel zijn")
        packing = _Packing(stream)
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
                version = _SLOT_VERSIONS.get(stream.slot)
                if version == _PACKED_VERSION and path in self._packed:
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
                return [_native_uuid(str(key[0]), stream.slot, taken) for key in keys]
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
        if packed and value.version == _PACKED_VERSION and (hit := self._open(resource, value)):
            return [hit]
        claimed = self._claimed(resource)
        for stream in self._native.get(resource, ()):
            if stream.slot:
                if value.version == _SLOT_VERSIONS[stream.slot]:
                    found.append((stream, (_with_version(value, 4),)))
            elif value.version not in claimed:
                found.append((stream, (uuid,)))
        return found

    def _claimed(self, resource: str) -> Collection[int | None]:
        """The versions that say more than themselves: of slots, and of packed keys."""
        slots = {_SLOT_VERSIONS[s.slot] for s in self._native.get(resource, ()) if s.slot}
        return slots | {_PACKED_VERSION} if self._packed.get(resource) else slots

    def _open(self, resource: str, value: UUID) -> tuple[Stream, NativeKey] | None:
        bits = _free_bits(value)
        form = WIDE if bits >> (_FREE - 1) else SHORT
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


def _is_native(stream: Stream) -> bool:
    return [part.type for part in stream.key.values()] == ["uuid"]


def _native_uuid(text: str, slot: int, taken: Collection[int | None]) -> str:
    # Given out in another spelling than the source's, it would not be found again.
    value = UUID(text)
    if str(value) != text:
        raise Unreadable("een uuid-sleutel moet in kleine letters met streepjes zijn")
    if value.version in taken:
        raise Unreadable("de versie van deze uuid-sleutel is al die van een ander slot")
    if slot and value.version != 4:
        raise Unreadable("alleen bij een sleutel van versie 4 is plaats voor een slot")
    return _with_version(value, _SLOT_VERSIONS[slot]) if slot else str(value)


def _with_version(value: UUID, version: int) -> str:
    return str(UUID(int=value.int & ~(0xF << 76) | version << 76))


def _free_bits(value: UUID) -> int:
    number = value.int
    return (number >> 80) << 74 | ((number >> 64) & 0xFFF) << 62 | number & _LOW
