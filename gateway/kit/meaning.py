"""Whether a mapping says what the records mean: each is read, is found again, and is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.conditions import Record, matches
from gateway.identity import Identity
from gateway.kit.findings import NotDeclared, refute
from gateway.kit.subject import Key, Subject
from gateway.mapping.keeping import NotKept, keepers
from gateway.mapping.stream import RuleError, Stream
from gateway.standard.model import Kind, Op
from gateway.standard.question import Test

_SECRET = b"a secret of the kit, for nothing but the kit"


async def read(subject: Subject, streams: Sequence[Stream]) -> None:
    """Every record that a stream shows can be read, in the order of the list too."""
    for stream in streams:
        for record in await _shown(subject, stream):
            try:
                stream.read(record)
                stream.sort_key(record)
            except RuleError as error:
                refute(str(stream), f"a record that cannot be read: {error}")


async def identified(subject: Subject, streams: Sequence[Stream]) -> None:
    """Every object has a uuid of its own, which leads back to its record after a restart."""
    first, second = (Identity({1: _SECRET}, 1, streams) for _ in range(2))
    for stream in streams:
        seen: dict[str, Key] = {}
        for record in await _shown(subject, stream):
            given = stream.native_key(record)
            # As everywhere in the gateway 11 and "11" are one key, and "011" is another.
            key = tuple(map(str, given))
            try:
                uuid = first.encode(stream, given)
            except RuleError as error:
                refute(str(stream), f"a record without a uuid: {error}")
            if seen.setdefault(uuid, key) != key:
                refute(str(stream), "two records with one uuid")
            meant = second.decode(stream.resource.path, uuid)
            if not any(one is stream and tuple(map(str, back)) == key for one, back in meant):
                refute(str(stream), "a uuid that does not lead back to its record")


async def asked(subject: Subject, streams: Sequence[Stream]) -> None:
    """What is asked of the source for a value leaves out no record that shows the value, and where
    nothing is left to check gives no other."""
    tried = 0
    for stream in streams:
        records = await _shown(subject, stream)
        for path, attribute in stream.attributes.items():
            if attribute.field.kind is Kind.MAP:
                continue
            for value in _some(stream.value(path, attribute, record) for record in records):
                tests = [Test(path, Op.EQ, value)]
                if attribute.field.kind is Kind.TEXT and isinstance(value, str):
                    tests += [Test(path, Op.CONTAINS, t) for t in {value[:3], value.upper()} if t]
                for test in tests:
                    _push(stream, test, records)
                    tried += 1
    if not tried:
        raise NotDeclared("no attribute has a value in these records")


def _push(stream: Stream, test: Test, records: Iterable[Record]) -> None:
    push = stream.push(test)
    at = f"{stream}, {test.attribute} {test.op.name.lower()}"
    for record in records:
        admitted, met = matches(push.condition, record), stream.meets(test, record)
        if met and not admitted:
            refute(at, "the question to the source leaves out a record that meets it")
        if admitted and push.exact and not met:
            refute(at, "the question to the source is called exact and gives another record")


async def written(subject: Subject, streams: Sequence[Stream]) -> None:
    """What a record shows can be written as it is, and then nothing changes."""
    tried = 0
    for keeper in keepers(streams):
        if not keeper.updates:
            continue
        stream = keeper.stream
        for record in await _shown(subject, stream):
            if keeper.closed(record):
                continue
            values = stream.read(record)
            for path, option in stream.attributes.items():
                writable = any(one.writable for one in option.options)
                if path not in values or not writable or path.startswith("metadata"):
                    continue
                tried += 1
                try:
                    changes = keeper.update(record, {path: values[path]}, {}, {})
                except NotKept as error:
                    refute(str(stream), f"`{path}` cannot be written as it reads: {error}")
                if changes:
                    refute(str(stream), f"`{path}` as it reads would change {sorted(changes)}")
    if not tried:
        raise NotDeclared("the mapping writes nothing that can be changed")


async def _shown(subject: Subject, stream: Stream) -> list[Record]:
    """The records that a stream shows, of those that are known."""
    known = await subject.known(stream.collection)
    return [record for record in known if matches(stream.where, record)][:200]


def _some(values: Iterable[object]) -> list[str | bool | int]:
    plain = [v for v in values if isinstance(v, str | bool | int) and v != ""]
    return list(dict.fromkeys(plain))[:4]
