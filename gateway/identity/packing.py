"""How the native keys of a stream are laid out in the payload of a packed id."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.conditions import Scalar
from gateway.identity.keys import IntegerKey, KeyCodec, TextKey
from gateway.identity.sealing import SHORT, SLOT_BITS, WIDE, domain_of
from gateway.mapping.stream import NativeKey, Stream


class Packing:
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
