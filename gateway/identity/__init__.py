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

How it is sealed stands in ``sealing``.
"""

from gateway.identity.codec import Identity, IdentityError

__all__ = ["Identity", "IdentityError"]
