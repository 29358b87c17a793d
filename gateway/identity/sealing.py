"""Sealing of packed keys: a payload of some bits as a uuid that only the holder of a secret opens.

tag = AES(k1, payload ‖ domain), ciphertext = payload xor AES(k2, tag ‖ domain): the synthetic-IV
construction of RFC 5297 in one block each way. The domain is the resource, so an id means nothing
under another path. A forged id has a tag that does not fit and decodes to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SOURCE_BITS: Final = 5
SLOT_BITS: Final = 4
VERSION: Final = 8
"""Of RFC 9562, section 5.8: the bits are for who gives the id out."""

_BLOCK: Final = 128
_FREE: Final = 122
_ONE: Final = (1).to_bytes(_BLOCK // 8, "big")
_GROUPS: Final = Struct("8s4s4s4s12s")
_LOW: Final = (1 << 62) - 1
_MIDDLE: Final = 0xFFF << 62
_HIGH: Final = 0xFFFF_FFFF_FFFF << 74


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
        versions=ones * (VERSION << 76 | 0b10 << 62),
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


def free_bits(value: UUID) -> int:
    """The 122 bits of a uuid that are neither version nor variant."""
    number = value.int
    return (number >> 80) << 74 | ((number >> 64) & 0xFFF) << 62 | number & _LOW


def form_of(bits: int) -> Form:
    """The form in which the free bits of a packed id are divided."""
    return WIDE if bits >> (_FREE - 1) else SHORT
