"""Zaken with several names, on random rows in sources that can do anything: what is answered is
what follows from the rows and from which names are of one zaak."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from adapters.conditions import Record
from gateway.federation.catalogue import Catalogue
from gateway.federation.listing import Asked
from gateway.federation.register import Register
from gateway.federation.same import Sameness
from gateway.federation.zaken import Kind, Known, Zaken
from gateway.identity import Identity
from gateway.mapping.load import Source as Loaded
from gateway.mapping.load import load
from gateway.mapping.stream import Stream
from gateway.sources.meter import Meter
from gateway.sources.source import Source
from gateway.standard.table import RESOURCES
from tests.support.brief import Brief
from tests.support.honest import Honest, capabilities
from tests.support.installations import CURSORS, GENEROUS, SECRET, VIEW, Loop
from tests.support.office import MADE, plain
from tests.support.store import table

CONTACTS: Final = "klantcontacten"
LINKS: Final = "onderwerpobjecten"
GROUP: Final = "onderwerpobjectidentificator"
PARTS: Final = ("objectId", "codeObjecttype", "codeRegister", "codeSoortObjectId")

UUIDS: Final = [f"6a1b0f6e-0000-4000-8000-00000000000{n}" for n in range(2)]
NUMBERS: Final = ["ZAAK-1", "ZAAK-2"]
CODES: Final = [
    ("zgw-Zaak", "openzaak", "uuid"),
    ("zaak", "open-zaak", "uuid"),
    ("zgw-Zaak", "openzaak", "identificatie"),
    ("zaak", "zaaksysteem", "nummer"),
    ("klantcontact", "openzaak", "uuid"),
]


def identified(ids: Sequence[str], codes: Sequence[tuple[str, ...]]) -> SearchStrategy[Any]:
    """The parts of an onderwerpobjectidentificator."""
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(codes))
    return pairs.map(lambda pair: (pair[0], *pair[1]))


identificatoren: Final = st.one_of(
    identified(UUIDS, CODES[:2]),
    identified(NUMBERS, CODES[2:4]),
    identified([*UUIDS, *NUMBERS, "7"], CODES),
)


@dataclass(frozen=True)
class World(Brief):
    """``zaken``: uuid and number, in the one or the other register. ``links``: in which source,
    what it is about, and the klantcontact and the wasKlantcontact of it."""

    zaken: Sequence[tuple[str, str | None, bool]]
    links: Sequence[tuple[bool, tuple[str, ...], int | None, int | None]]
    written: Mapping[Kind, Sequence[tuple[str, ...]]]
    seed: int

    def names(self, object_id: str) -> set[str]:
        """All names of the zaken with this one."""
        pairs = [(uuid, number) for uuid, number, _ in self.zaken if object_id in (uuid, number)]
        return {object_id, *(name for pair in pairs for name in pair if name)}

    def meets(self, identificator: Sequence[str], asked: Mapping[str, str]) -> bool:
        """Whether an identificator, or another name of the same zaak, is what is asked."""
        values = dict(zip(PARTS, identificator, strict=True))
        if asked.items() <= values.items():
            return True
        object_id = asked.get("objectId")
        if object_id is None or not self._is_name(object_id, asked):
            return False
        name, *codes = identificator
        return name in self.names(object_id) and tuple(codes) in self.written[_kind(name)]

    def _is_name(self, object_id: str, asked: Mapping[str, str]) -> bool:
        return any(
            asked.items() <= dict(zip(PARTS, (object_id, *codes), strict=True)).items()
            for codes in self.written[_kind(object_id)]
        )


def _kind(name: str) -> Kind:
    return Kind.UUID if name in UUIDS else Kind.IDENTIFICATIE


contact_: Final = st.sampled_from([1, 2, 3, 3, 4, None])
worlds: Final = st.builds(
    World,
    st.lists(
        st.tuples(
            st.sampled_from(UUIDS),
            st.sampled_from([*NUMBERS, *NUMBERS, None]),
            st.booleans(),
        ),
        max_size=2,
        unique_by=lambda zaak: zaak[0],
    ),
    st.lists(
        st.tuples(st.booleans(), identificatoren, contact_, contact_), min_size=4, max_size=12
    ),
    st.fixed_dictionaries(
        {
            Kind.UUID: st.sampled_from([CODES[:2], CODES[:2], CODES[1:2], []]),
            Kind.IDENTIFICATIE: st.sampled_from([CODES[2:4], CODES[2:4], CODES[2:3], []]),
        }
    ),
    st.integers(0, 200),
)
questions: Final = st.tuples(
    st.sampled_from(["", "onderwerpobject__", "wasOnderwerpobject__"]),
    identificatoren,
    st.one_of(
        st.just({"objectId"}), st.just(set(PARTS)), st.sets(st.sampled_from(PARTS), min_size=1)
    ),
).map(lambda q: (q[0], {p: v for p, v in zip(PARTS, q[1], strict=True) if p in q[2]}))


def rows(world: World, second: bool) -> dict[str, list[Record]]:
    """What one of the sources holds."""
    contacts = [
        {"ID": n, "kanaal": "x", "onderwerp": "y", "taal": "nld", "vertrouwelijk": "J",
         "plaatsgevondenOp": MADE} for n in range(1, 4)
    ]  # fmt: skip
    links: list[dict[str, Any]] = [
        {f"{GROUP}_{part}": value for part, value in zip(PARTS, identificator, strict=True)}
        | {"ID": n, "klantcontact": of, "wasKlantcontact": after}
        for n, (there, identificator, of, after) in enumerate(world.links, 1)
        if there is second
    ]
    empty = {path: dict.fromkeys(plain(RESOURCES[path])[1]) for path in (CONTACTS, LINKS)}
    return {
        path: [{**empty[path], "MADE": MADE, **one} for one in found]
        for path, found in ((CONTACTS, contacts), (LINKS, links))
    }


ALIASES: Final = ("een", "twee")
COLUMNS: Final = {path: plain(RESOURCES[path])[1] for path in (CONTACTS, LINKS)}


def streams() -> list[Stream]:
    """Both sources with the plain mapping."""
    collections = {path: table(columns) for path, columns in COLUMNS.items()}
    with tempfile.TemporaryDirectory() as folder:
        for path in COLUMNS:
            mapping = plain(RESOURCES[path])[0]
            del mapping["streams"]["plain"]["write"]
            Path(folder, f"{path}.yaml").write_text(yaml.safe_dump(mapping))
        return [
            stream
            for number, alias in enumerate(ALIASES, 1)
            for stream in load(Path(folder), Loaded(alias, number, collections))
        ]


STREAMS: Final = streams()
IDENTITY: Final = Identity(SECRET, 1, STREAMS)
REGISTER_OF_ZAKEN: Final = {"zaken": table(["uuid", "nr"])}


def register(world: World) -> Register:
    """Two sources with links, and two that know zaken."""
    keys = dict.fromkeys(COLUMNS, ("ID",))
    sources = {
        alias: Honest(rows(world, bool(n)), capabilities(COLUMNS, keys, world.seed + n), n)
        for n, alias in enumerate(ALIASES)
    }
    for second in (False, True):
        zaken = [{"uuid": u, "nr": nr} for u, nr, there in world.zaken if there is second]
        sources[f"zaken{second:d}"] = Honest({"zaken": zaken}, REGISTER_OF_ZAKEN)
    by_resource = {
        path: tuple(stream for stream in STREAMS if stream.resource.path == path)
        for path in COLUMNS
    }
    known = {alias: source.collections for alias, source in sources.items()}
    return Register(
        Catalogue(by_resource, known, IDENTITY),
        {alias: Source(alias, one, connections=5, seconds=30) for alias, one in sources.items()},
        GENEROUS,
        CURSORS,
        Sameness(),
        Zaken(
            {
                kind: [dict(zip(PARTS[1:], codes, strict=True)) for codes in written]
                for kind, written in world.written.items()
            },
            {
                alias: Known("zaken", {Kind.UUID: "uuid", Kind.IDENTIFICATIE: "nr"})
                for alias in sources
                if alias not in ALIASES
            },
        ),
    )


def expected(world: World, prefix: str, asked: Mapping[str, str]) -> set[str]:
    """The uuids of what a question finds."""
    found = set()
    for n, (second, identificator, of, after) in enumerate(world.links, 1):
        if not world.meets(identificator, asked):
            continue
        key = {"": n, "onderwerpobject__": of, "wasOnderwerpobject__": after}[prefix]
        # There are three klantcontacten in each source.
        if key is not None and (not prefix or key < 4):
            resource = CONTACTS if prefix else LINKS
            stream = next(
                s for s in STREAMS if s.resource.path == resource and s.source == ALIASES[second]
            )
            found.add(IDENTITY.encode(stream, (key,)))
    return found


@settings(max_examples=100)
@given(world=worlds, question=questions)
def test_what_is_about_a_zaak_is_found_by_any_of_its_names(
    world: World, question: tuple[str, Mapping[str, str]]
) -> None:
    prefix, asked = question
    filters = [(f"{prefix}{GROUP}{part[0].upper()}{part[1:]}", v) for part, v in asked.items()]
    resource = RESOURCES[CONTACTS if prefix else LINKS]
    loop = Loop()
    try:
        work = register(world).list(resource, Asked(filters, size=500), {}, VIEW, Meter(GENEROUS))
        page = loop.run(work)
    finally:
        loop.close()
    uuids = [one["uuid"] for one in page.results]
    assert len(uuids) == page.count
    assert set(uuids) == expected(world, prefix, asked)
    assert len(set(uuids)) == len(uuids)
