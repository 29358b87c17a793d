"""Identity: a uuid says which record it is, to whoever has the secret, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from gateway.identity import Identity, IdentityError
from gateway.identity.keys import expand
from gateway.mapping.stream import NativeKey, RuleError, Stream
from gateway.mapping.words import KeyPart
from gateway.standard.table import RESOURCES
from tests.support.streams import INTEGER, UUID_KEY, stream, text

SECRETS = {1: b"the first secret of the tests", 2: b"the second secret of the tests"}
ALPHABETS = ("0-9", "a-z0-9", "A-Z", "A-Za-z0-9_-", "ab", "é-ö", "x", "A-Z .")
EXAMPLE = "3f5b1acd-48dd-40a9-92d8-fe8fa294e8fb"
LONGEST_FREE = 16
"""Every part of a key that is an integer has room for at least so many bits."""

resources = st.sampled_from(sorted(RESOURCES))
slots = st.integers(0, 15)
numbers = st.integers(0, 31)
any_uuid = st.integers(0, 2**128 - 1).map(lambda n: str(UUID(int=n)))
uuid_4 = st.uuids(version=4).map(str)


@st.composite
def text_parts(draw: st.DrawFn) -> KeyPart:
    """Text that fits in a uuid, whatever stands beside it."""
    alphabet = draw(st.sampled_from(ALPHABETS))
    most = int(40 / max(1, (len(expand(alphabet)) + 1).bit_length()))
    return text(alphabet, draw(st.integers(1, max(1, most))))


def values_of(part: KeyPart, bits: int = LONGEST_FREE) -> SearchStrategy[int | str]:
    """Values of one part of a key."""
    if part.type == "integer":
        return st.integers(0, 2**bits - 1)
    assert part.alphabet is not None
    return st.text(st.sampled_from(expand(part.alphabet)), min_size=1, max_size=part.length)


@st.composite
def packed_keys(draw: st.DrawFn) -> tuple[list[KeyPart], NativeKey]:
    """A key of up to three parts that is packed, and a value of it."""
    parts = draw(
        st.one_of(
            st.lists(st.just(INTEGER), min_size=1, max_size=3),
            st.lists(text_parts(), min_size=1, max_size=1),
            st.tuples(st.just(INTEGER), text_parts()).map(list),
            st.tuples(text_parts(), text_parts()).map(list),
        )
    )
    return parts, tuple(draw(values_of(p)) for p in parts)


@st.composite
def records(draw: st.DrawFn) -> tuple[Stream, NativeKey]:
    """A record of some stream."""
    parts, key = draw(packed_keys())
    return stream(parts, draw(resources), draw(slots), draw(numbers)), key


def identity(*streams: Stream, current: int = 1) -> Identity:
    return Identity(SECRETS, current, streams)


# --- there and back -----------------------------------------------------------------------------


@given(records())
def test_a_packed_key_comes_back(record: tuple[Stream, NativeKey]) -> None:
    """decode(encode(key)) is that key, of that stream, with the same types."""
    of, key = record
    ids = identity(of)
    assert ids.decode(of.resource.path, ids.encode(of, key)) == [(of, key)]


@given(st.integers(-(2**65), 2**65), st.integers(1, 3), st.data())
def test_an_integer_comes_back_or_is_refused(n: int, parts: int, data: st.DataObject) -> None:
    """A key never turns into another one because it is too large."""
    place = data.draw(st.integers(0, parts - 1))
    of = stream([INTEGER] * parts)
    key = tuple(n if i == place else 1 for i in range(parts))
    ids = identity(of)
    try:
        uuid = ids.encode(of, key)
    except RuleError:
        assert n < 0 or n >= 2 ** (63 // parts - 1)
    else:
        assert ids.decode("partijen", uuid) == [(of, key)]


@given(text_parts(), st.text(max_size=12))
def test_text_comes_back_or_is_refused(part: KeyPart, key: str) -> None:
    """Text outside the alphabet or too long is refused, other text comes back."""
    of = stream(part)
    ids = identity(of)
    fits = len(key) <= (part.length or 0) and set(key) <= set(expand(part.alphabet or ""))
    if fits:
        assert ids.decode("partijen", ids.encode(of, (key,))) == [(of, (key,))]
    else:
        with pytest.raises(RuleError):
            ids.encode(of, (key,))


@given(uuid_4, resources)
def test_a_uuid_of_the_source_passes_through(key: str, resource: str) -> None:
    """A native uuid is the uuid of the object, as it stands."""
    of = stream(UUID_KEY, resource)
    ids = identity(of)
    assert ids.encode(of, (key,)) == key
    assert ids.decode(resource, key) == [(of, (key,))]


@given(uuid_4)
def test_objects_of_one_native_uuid_are_told_apart_by_their_slot(key: str) -> None:
    """Slots 1, 2 and 3 stand in the version nibble; nothing else of the uuid changes."""
    streams = [stream(UUID_KEY, slot=slot) for slot in range(4)]
    ids = identity(*streams)
    given_out = [ids.encode(of, (key,)) for of in streams]
    assert [UUID(u).version for u in given_out] == [4, 5, 3, 8]
    assert len({UUID(u).int & ~(0xF << 76) for u in given_out}) == 1
    for of, uuid in zip(streams, given_out, strict=True):
        assert ids.decode("partijen", uuid) == [(of, (key,))]


@given(uuid_4)
def test_sources_may_share_native_uuids(key: str) -> None:
    """Where two sources can have it, both are named: they have to be asked."""
    streams = [stream(UUID_KEY, number=n) for n in (1, 2)]
    ids = identity(*streams)
    assert {of for of, _ in ids.decode("partijen", key)} == set(streams)


@given(packed_keys(), st.data())
def test_a_page_of_ids_is_each_id(
    packed: tuple[list[KeyPart], NativeKey], data: st.DataObject
) -> None:
    """Ciphering many at once gives what ciphering each gives."""
    parts, key = packed
    keys = [key, *data.draw(st.lists(st.tuples(*map(values_of, parts)), max_size=5))]
    of = stream(parts)
    ids = identity(of)
    assert ids.encode_all(of, keys) == [ids.encode(of, k) for k in keys]


# --- apart --------------------------------------------------------------------------------------


@given(records(), records())
def test_ids_of_different_records_differ(
    one: tuple[Stream, NativeKey], other: tuple[Stream, NativeKey]
) -> None:
    """Resource, source, slot or key differ: then the uuid does."""
    assume(_place(one[0]) != _place(other[0]))
    ids = identity(one[0], other[0])
    assert ids.encode(*one) != ids.encode(*other)


@given(packed_keys(), st.data())
def test_ids_of_different_keys_of_a_stream_differ(
    packed: tuple[list[KeyPart], NativeKey], data: st.DataObject
) -> None:
    """Also of composite keys whose parts, put together, read the same."""
    parts, key = packed
    other = tuple(data.draw(values_of(p)) for p in parts)
    assume(key != other)
    of = stream(parts)
    ids = identity(of)
    assert ids.encode(of, key) != ids.encode(of, other)


@given(records(), resources)
def test_an_id_means_nothing_under_another_path(
    record: tuple[Stream, NativeKey], resource: str
) -> None:
    """The resource is part of what is sealed."""
    of, key = record
    assume(resource != of.resource.path)
    same = stream(list(of.key.values()), resource, of.slot, of.source_number)
    ids = identity(of, same)
    assert ids.decode(resource, ids.encode(of, key)) == []


def _place(of: Stream) -> tuple[str, int, int]:
    return of.resource.path, of.source_number, of.slot


# --- form ---------------------------------------------------------------------------------------


@given(records())
def test_a_packed_id_is_a_uuid_of_version_8(record: tuple[Stream, NativeKey]) -> None:
    """RFC 9562, section 5.8: version nibble 8, variant 10; in canonical spelling."""
    of, key = record
    uuid = identity(of).encode(of, key)
    number = UUID(uuid).int
    assert str(UUID(uuid)) == uuid
    assert (number >> 76 & 0xF, number >> 62 & 0b11) == (8, 0b10)


@given(records())
def test_an_id_is_always_the_same(record: tuple[Stream, NativeKey]) -> None:
    """No chance in it: two gateways with the secret give out the same uuid."""
    of, key = record
    assert identity(of).encode(of, key) == identity(of).encode(of, key)


# --- secrets ------------------------------------------------------------------------------------


@given(records())
def test_ids_under_an_old_secret_still_mean_the_same(record: tuple[Stream, NativeKey]) -> None:
    """New ids are issued under the current version, those of all versions decode."""
    of, key = record
    before, after = identity(of, current=1), identity(of, current=2)
    old, new = before.encode(of, key), after.encode(of, key)
    assert old != new
    assert after.decode(of.resource.path, old) == [(of, key)]
    assert after.decode(of.resource.path, new) == [(of, key)]
    assert Identity({2: SECRETS[2]}, 2, [of]).encode(of, key) == new


@given(records())
def test_an_id_means_nothing_without_its_secret(record: tuple[Stream, NativeKey]) -> None:
    """A version that was taken away takes its ids with it."""
    of, key = record
    uuid = identity(of, current=1).encode(of, key)
    assert Identity({2: SECRETS[2]}, 2, [of]).decode(of.resource.path, uuid) == []


@given(records(), st.integers(0, 127))
def test_one_bit_changed_means_nothing(record: tuple[Stream, NativeKey], bit: int) -> None:
    """Whoever changes an id gets no other object."""
    of, key = record
    ids = identity(of)
    forged = UUID(int=UUID(ids.encode(of, key)).int ^ 1 << bit)
    assert ids.decode(of.resource.path, str(forged)) == []


@settings(max_examples=1000)
@given(st.integers(0, 2**122 - 1), records())
def test_a_random_uuid_means_nothing(bits: int, record: tuple[Stream, NativeKey]) -> None:
    """Ids cannot be guessed."""
    high, middle, low = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    uuid = str(UUID(int=high << 80 | 8 << 76 | middle << 64 | 0b10 << 62 | low))
    assert identity(record[0]).decode(record[0].resource.path, uuid) == []


def _mixed(slot: int) -> list[Stream]:
    """Packed and native streams of one resource, from several sources."""
    return [
        stream(INTEGER, number=1),
        stream(text("a-z", 12), number=2, slot=15),
        stream([INTEGER, INTEGER], number=3),
        stream(UUID_KEY, number=4, slot=0),
        stream(UUID_KEY, number=4, slot=slot),
    ]


@settings(max_examples=1000)
@given(any_uuid, st.sampled_from([1, 2]), st.sampled_from([*RESOURCES, "nonsense"]))
@example(str(UUID(int=0)), 1, "partijen")
@example(str(UUID(int=2**128 - 1)), 1, "partijen")
def test_decoding_never_fails(uuid: str, slot: int, resource: str) -> None:
    """Any uuid, of any version and variant, is a few candidates or none."""
    for of, key in identity(*_mixed(slot)).decode(resource, uuid):
        assert of.resource.path == resource
        assert len(key) == len(of.key)


@given(any_uuid, st.sampled_from([1, 2]))
def test_what_decodes_encodes_to_the_same(uuid: str, slot: int) -> None:
    """A uuid has no second meaning: each candidate would be given out under that very uuid."""
    ids = identity(*_mixed(slot))
    for of, key in ids.decode("partijen", uuid):
        assert ids.encode(of, key) == uuid


# --- what is refused at the start ---------------------------------------------------------------


@given(numbers, slots, resources)
def test_two_streams_in_one_place_are_refused(number: int, slot: int, resource: str) -> None:
    """Same resource, source number and slot: their ids could be the same."""
    streams = [stream(INTEGER, resource, slot, number, source) for source in ("a", "b")]
    with pytest.raises(IdentityError):
        identity(*streams)


@given(st.integers(1, 40), st.sampled_from(ALPHABETS), st.integers(0, 5))
def test_a_key_fits_or_is_refused(length: int, alphabet: str, integers: int) -> None:
    """What the longest key needs, counted out, decides: no key is ever cut off."""
    of = stream([text(alphabet, length), *[INTEGER] * integers])
    base = len(expand(alphabet))
    most = sum(base**n for n in range(length + 1))
    needed = (most - 1).bit_length() + LONGEST_FREE * integers
    if needed > 84:
        with pytest.raises(IdentityError):
            identity(of)
    else:
        key = (expand(alphabet)[-1] * length, *[2**LONGEST_FREE - 1] * integers)
        ids = identity(of)
        assert ids.decode("partijen", ids.encode(of, key)) == [(of, key)]


@pytest.mark.parametrize(
    "streams",
    [
        [stream(INTEGER, number=32)],
        [stream(UUID_KEY, slot=5)],
        [stream([UUID_KEY, INTEGER])],
        [stream(UUID_KEY, slot=0, source="a"), stream(UUID_KEY, slot=0, source="a")],
        [stream(UUID_KEY, slot=1, source="a"), stream(UUID_KEY, slot=1, source="a")],
        [stream(UUID_KEY, slot=3), stream(INTEGER, slot=0)],
        [stream(text("z-a", 3))],
        [stream(text("aa", 3))],
        [stream(text("a-cb", 3))],
    ],
    ids=[
        "a source number of six bits",
        "a sixth slot for native uuids",
        "a uuid in a composite key",
        "one slot twice",
        "one version twice",
        "version 8 for two things",
        "an alphabet that runs backwards",
        "a letter twice",
        "a letter in a range too",
    ],
)
def test_what_would_be_ambiguous_is_refused(streams: Sequence[Stream]) -> None:
    """At the start, with the stream that is to blame."""
    with pytest.raises(IdentityError) as raised:
        identity(*streams)
    assert str(streams[0]) in str(raised.value)


@given(st.lists(st.characters(exclude_characters="-"), unique=True, max_size=20))
def test_an_alphabet_of_single_letters_is_itself(letters: list[str]) -> None:
    """Written out it is what it says; a dash at either end is a dash."""
    alphabet = "".join(letters)
    assert expand(alphabet) == alphabet
    assert expand("-" + alphabet) == "-" + alphabet
    assert expand(alphabet + "-") == alphabet + "-"


NATIVE = [stream(UUID_KEY, slot=slot) for slot in range(3)]


@given(st.lists(st.tuples(st.sampled_from(NATIVE), any_uuid), min_size=2, max_size=2, unique=True))
@example([(NATIVE[0], "3f5b1acd-48dd-50a9-92d8-fe8fa294e8fb"), (NATIVE[1], EXAMPLE)])
def test_ids_of_native_uuids_of_any_version_differ(pairs: list[tuple[Stream, str]]) -> None:
    """What looks like the uuid of another slot is refused: it would be found as that."""
    ids = identity(*NATIVE)
    given_out = []
    for of, key in pairs:
        try:
            uuid = ids.encode(of, (key,))
        except RuleError:
            continue
        assert (of, (key,)) in ids.decode("partijen", uuid)
        given_out.append(uuid)
    assert len(set(given_out)) == len(given_out)


@given(any_uuid)
@example("3f5b1acd-48dd-80a9-92d8-fe8fa294e8fb")
def test_a_native_uuid_is_not_taken_for_a_packed_one(key: str) -> None:
    """Beside packed ids, a native one of version 8 comes back or is refused."""
    native, packed = stream(UUID_KEY, number=1), stream(INTEGER, number=2)
    ids = identity(native, packed)
    try:
        uuid = ids.encode(native, (key,))
    except RuleError:
        return
    assert ids.decode("partijen", uuid) == [(native, (key,))]


@given(uuid_4, st.sampled_from([str.upper, "{{{}}}".format, lambda u: u.replace("-", "")]))
@example(EXAMPLE, str.upper)
def test_a_native_uuid_comes_back_as_the_source_spells_it(
    key: str, spelled: Callable[[str], str]
) -> None:
    """Or is refused: by another spelling the record would never be found again."""
    of = stream(UUID_KEY)
    ids = identity(of)
    try:
        uuid = ids.encode(of, (spelled(key),))
    except RuleError:
        return
    assert ids.decode("partijen", uuid) == [(of, (spelled(key),))]
