"""Whatever is written in whatever order: what was acknowledged is there, and nothing else is.

The register is that of the sample municipality's own database, with some rows in it. Beside it a
ledger is kept of what was acknowledged. After each write they have to agree, at the end on all that
there is; and what was refused has changed not a byte.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from adapters.base import Change, Failure, SourceError
from adapters.conditions import Record
from adapters.sql import SqlAdapter
from demo.kcc.data import SMALL, Tables, generate
from demo.kcc.sqlite import build as build_sqlite
from gateway.standard.draft import Verb
from gateway.standard.errors import (
    CONFLICT,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    PARTLY_DONE,
    SOURCE_REFUSED,
    VALIDATION,
    Problem,
)
from gateway.standard.model import Field, Group, Inverse, Ref, Variants
from gateway.standard.table import RESOURCES
from tests.support.installations import MAPPING, Loop, described
from tests.support.ledger import PREFERRED, STANDARD, Ledger, Name, thing, uuids
from tests.support.office import Office, installed

REFUSALS: Final = (VALIDATION, METHOD_NOT_ALLOWED, CONFLICT)
CODES: Final = {"not-kept", "too-many-to-keep", "unique", "invalid", "duplicated"}
"""Why a body that is well-formed may be refused all the same."""

NAAM: Final = {"voorletters": "", "voornaam": "", "voorvoegselAchternaam": "", "achternaam": ""}
NAMES: Final = ({**NAAM, "voornaam": "An", "achternaam": "Vos"}, {**NAAM, "achternaam": "Bos"})
BSNS: Final = ("999993653", "999990019", "999990020", "999990032")
MINE: Final = "van de test"


def some_rows() -> Tables:
    """A few rows of each table, which refer to nothing else."""
    tables = {name: list(rows) for name, rows in generate(SMALL).items()}
    klanten = {row["KLANT_ID"] for row in tables["KLANT"][:14]}
    contacten = {
        row["CONTACT_ID"]
        for row in tables["CONTACT"]
        if row["KLANT_ID"] in klanten or row["KLANT_ID"] is None
    }
    known = {"CONTACT_ID": set(sorted(contacten)[:12]), "VORIG_ID": set(sorted(contacten)[:12])}
    known |= dict.fromkeys(("KLANT_ID", "VOOR_KLANT_ID", "HOOFD_KLANT"), klanten)
    return {
        name: [
            row
            for row in rows
            if all(row.get(f) is None or row[f] in keys for f, keys in known.items())
        ]
        for name, rows in tables.items()
    }


class Municipality:
    """The database that every sequence begins with, and what the register shows of it."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.folder = TemporaryDirectory()
        self.file = Path(self.folder.name) / "begin.sqlite"
        build_sqlite(self.file, some_rows())
        adapter = self.adapter(self.file)
        self.office = installed(MAPPING, {"kcc": adapter})
        self.there = {path: self.loop.run(self.office.all(path)) for path in RESOURCES}
        self.loop.run(adapter.close())

    def adapter(self, file: Path, kind: type[SqlAdapter] = SqlAdapter) -> SqlAdapter:
        """An adapter on a database."""
        return kind.create({"url": f"sqlite+aiosqlite:///{file}"}, described("sql"))

    def begin(self, file: Path, kind: type[SqlAdapter]) -> Office:
        """An installation on a copy of the database, with that kind of adapter."""
        shutil.copy(self.file, file)
        return replace(self.office, stores={"kcc": self.adapter(file, kind)})


_begun: list[Municipality] = []


def municipality() -> Municipality:
    """The one of this process."""
    if not _begun:
        _begun.append(Municipality())
    return _begun[0]


class Faltering(SqlAdapter):
    """The database, one change at a time. ``left``: so many are still made, then one is refused."""

    left: int | None = None

    @property
    def atomic(self) -> bool:
        return False

    async def write(self, changes: Sequence[Change]) -> Sequence[Record]:
        if self.left is not None:
            self.left -= 1
        if self.left == -1:
            self.left = None
            raise SourceError(Failure.REFUSED)
        return await super().write(changes)


class Written(RuleBasedStateMachine):
    """Random writes."""

    kind: type[SqlAdapter] = SqlAdapter

    def __init__(self) -> None:
        super().__init__()
        self.begun = municipality()
        self.run = self.begun.loop.run
        self.folder = TemporaryDirectory()
        self.file = Path(self.folder.name) / "kcc.sqlite"
        self.office = self.begun.begin(self.file, self.kind)
        self.ledger = Ledger()
        for path, shown in self.begun.there.items():
            for one in shown:
                self.ledger.enter(path, one, found=True)

    def teardown(self) -> None:
        try:
            self.agree(*RESOURCES)
        finally:
            self.run(self.office.store.close())
            self.folder.cleanup()

    # --- rules ----------------------------------------------------------------------------------

    @rule(data=st.data(), resource=st.sampled_from(sorted(RESOURCES)))
    def create(self, data: st.DataObject, resource: str) -> None:
        """Something new."""
        body = self.body(data, resource, whole=True)
        done = self.tried("create", resource, self.office.make(resource, **body))
        if done is None:
            return
        assert done.uuid not in self.ledger.of(resource)
        self.entered(resource, done.object, body)
        self.agree(resource)

    @rule(
        data=st.data(),
        resource=st.sampled_from(sorted(RESOURCES)),
        verb=st.sampled_from([Verb.CHANGE, Verb.REPLACE]),
    )
    def change(self, data: st.DataObject, resource: str, verb: Verb) -> None:
        """Other values for something that is there."""
        known = self.ledger.of(resource)
        if not known:
            return
        uuid = data.draw(st.sampled_from(known))
        body = self.body(data, resource, whole=verb is Verb.REPLACE, uuid=uuid)
        work = self.office.change(resource, uuid, verb, **body)
        done = self.tried(verb.value, resource, work)
        if done is None:
            return
        assert done.uuid == uuid
        self.changed((resource, uuid), done.object, body)
        self.agree(resource)

    @rule(data=st.data(), resource=st.sampled_from(sorted(RESOURCES)))
    def delete(self, data: st.DataObject, resource: str) -> None:
        """One thing less, and what goes with it."""
        known = self.ledger.of(resource)
        if not known:
            return
        name = resource, data.draw(st.sampled_from(known))
        protected = self.ledger.protected(name)
        work = self.office.remove(*name)
        if self.tried("delete", resource, work, gives=False) is None:
            return
        assert not protected
        going = self.ledger.going(name)
        lost = self.ledger.strike(name)
        self.look_again(lost)
        self.agree(*{path for path, _ in going} | {path for path, _ in lost})

    @rule(data=st.data())
    def contact(self, data: st.DataObject) -> None:
        """A contact with its parts."""
        of = {"klantcontact": "klantcontacten"} | data.draw(
            st.sampled_from([{}, {"betrokkene": "betrokkenen"}, _PARTS])
        )
        bodies = {part: self.body(data, path, whole=True) for part, path in of.items()}
        for part, name in (("betrokkene", "hadKlantcontact"), ("onderwerpobject", "klantcontact")):
            bodies.get(part, {}).pop(name, None)
        bodies.get("onderwerpobject", {}).pop("wasKlantcontact", None)
        made = self.tried("contact", "maak-klantcontact", self.office.contact(**bodies))
        if made is None:
            return
        for part, path in of.items():
            shown = self.run(self.office.detail(path, made[part]["uuid"]))
            self.entered(path, shown, bodies[part])
        self.agree(*of.values())

    # --- what is asked --------------------------------------------------------------------------

    def body(
        self, data: st.DataObject, resource: str, *, whole: bool, uuid: str | None = None
    ) -> dict[str, Any]:
        """A body that Open Klant would take as far as its form goes. ``whole``: with all that is
        required, else some of it."""
        parts: Mapping[str, Any] = BODIES[resource](self, data, uuid)
        if whole:
            return dict(parts)
        names = data.draw(st.sets(st.sampled_from(sorted(parts)), max_size=3))
        # One says which of the other: Open Klant ignores the second by itself.
        if names & {"partijIdentificatie", "soortPartij"}:
            names |= {"partijIdentificatie", "soortPartij"}
        if names & {"actorIdentificatie", "soortActor"}:
            names |= {"actorIdentificatie", "soortActor"}
        if names & {"adres", "soortDigitaalAdres"}:
            names |= {"adres", "soortDigitaalAdres"}
        return {name: parts[name] for name in sorted(names) if name in parts}

    def to(
        self, data: st.DataObject, resource: str, none: bool = False, **values: Any
    ) -> dict[str, str] | None:
        """A reference to something that is there; ``values``: that it has to have."""
        known = [
            uuid
            for uuid in self.ledger.of(resource)
            if values.items() <= self.ledger.things[resource, uuid].values.items()
        ]
        choices: list[Any] = [None] if none or not known else []
        # The newest half of the time: what was made is more telling than what was there.
        choices += [{"uuid": uuid} for uuid in known[-2:]] * 2 + [{"uuid": u} for u in known]
        found: dict[str, str] | None = data.draw(st.sampled_from(choices))
        return found

    def some(self, data: st.DataObject, resource: str, most: int) -> list[dict[str, str]]:
        """References to a few things, each once."""
        known = self.ledger.of(resource)
        if not known:
            return []
        drawn = data.draw(st.lists(st.sampled_from(known), max_size=most, unique=True))
        return [{"uuid": uuid} for uuid in drawn]

    # --- what is answered -----------------------------------------------------------------------

    def tried(self, what: str, resource: str, work: Any, gives: bool = True) -> Any:
        """The answer, or ``None`` when it was refused; then nothing has changed."""
        before = contents(self.file)
        try:
            answer = self.run(work)
        except Problem as problem:
            if problem.kind not in REFUSALS:
                raise
            codes = {param.code for param in problem.params}
            assert codes <= CODES, problem.params
            assert contents(self.file) == before
            event(f"{what} {resource}: {problem.kind.code} {sorted(codes)}")
            return None
        event(f"{what} {resource}: done")
        return answer if gives else True

    def entered(self, resource: str, shown: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        """Something new was acknowledged."""
        entry = self.ledger.enter(resource, shown)
        self.kept_as_asked(resource, shown, body)
        if resource == "partijen" and not body.get(PREFERRED):
            entry.refs[PREFERRED] = ()
        if resource == "digitaleadressen":
            entry.values[STANDARD] = body.get(STANDARD, False)
            entry.values["referentie"] = body.get("referentie", "")
        self.follow((resource, shown["uuid"]), shown, body)

    def changed(self, name: Name, shown: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        """A change was acknowledged."""
        entry, now = self.ledger.things[name], thing(name[0], shown)
        self.kept_as_asked(name[0], shown, body)
        for attribute in FOLLOWS.keys() & body.keys():
            entry.values[FOLLOWS[attribute]] = now.values[FOLLOWS[attribute]]
        for attribute in body:
            member = RESOURCES[name[0]].member(attribute)
            if isinstance(member, Field | Group | Variants):
                entry.values[attribute] = now.values[attribute]
            for path in now.refs:
                if path.partition(".")[0] == attribute:
                    entry.refs[path] = now.refs[path]
        if name[0] == "digitaleadressen" and "referentie" in body:
            entry.values["referentie"] = body["referentie"]
        if name[0] == "digitaleadressen" and STANDARD in body:
            entry.values[STANDARD] = body[STANDARD]
        if body.get(PREFERRED, ()) is None:
            entry.refs[PREFERRED] = ()
        self.follow(name, shown, body)

    def kept_as_asked(
        self, resource: str, shown: Mapping[str, Any], body: Mapping[str, Any]
    ) -> None:
        """All that was asked is there as it was asked."""
        for attribute, value in body.items():
            member = RESOURCES[resource].member(attribute)
            match member:
                case Field() if attribute in (STANDARD, "referentie"):
                    assert shown[attribute] == value or not value, attribute
                case Field():
                    assert shown[attribute] == value, attribute
                case Group() | Variants() if value is not None:
                    asked = {k: v for k, v in value.items() if k != "werkteVoorPartij"}
                    assert asked.items() <= shown[attribute].items(), attribute
                case Ref() if value is not None or attribute != PREFERRED:
                    assert set(uuids(shown[attribute])) == set(uuids(value)), attribute

    def follow(self, name: Name, shown: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        """What else an acknowledged body means for others."""
        resource, uuid = name
        for attribute, value in body.items():
            member = RESOURCES[resource].member(attribute)
            if isinstance(member, Inverse):
                self.listed(name, member, shown, value)
        if resource == "digitaleadressen" and body.get(STANDARD):
            self.ledger.only_standard(uuid)

    def listed(self, name: Name, member: Inverse, shown: Mapping[str, Any], value: Any) -> None:
        """The objects of a list are those that were asked."""
        there = {one["uuid"] for one in shown[member.name]}
        asked = {one["uuid"] for one in value if "uuid" in one}
        before = self.ledger.related(name, member)
        for uuid in asked & there:
            self.ledger.things[member.via, uuid].refs[member.ref] = (name[1],)
        new = there - asked - before
        assert len(new) == len(value) - len(asked)
        for uuid in new:
            self.ledger.enter(member.via, self.run(self.office.detail(member.via, uuid)))
        for uuid in before - asked - there:
            far = member.via, uuid
            if far not in self.ledger.things:
                continue
            if self.present(far) and member.name != "partijIdentificatoren":
                self.ledger.unlink(far, member.ref, name[1])
            else:
                self.look_again(self.ledger.strike(far))

    def look_again(self, names: Sequence[Name]) -> None:
        """An address that has lost what it belongs to may be gone with it: some are kept nowhere
        else."""
        for name in names:
            address = name[0] == "digitaleadressen" and name in self.ledger.things
            if address and not self.present(name):
                self.ledger.strike(name)

    def present(self, name: Name) -> bool:
        """Whether there is such an object."""
        try:
            self.run(self.office.detail(*name))
        except Problem as problem:
            assert problem.kind is NOT_FOUND
            return False
        return True

    def agree(self, *resources: str) -> None:
        """The register shows what the ledger has, of these resources."""
        for path in resources:
            shown = self.run(self.office.all(path))
            assert {one["uuid"] for one in shown} == set(self.ledger.of(path)), path
            wrong = {one["uuid"]: self.ledger.differences(path, one) for one in shown}
            assert not any(wrong.values()), {u: w for u, w in wrong.items() if w}


FOLLOWS: Final = {"status": "afgehandeldOp", "soortPartij": "partijIdentificatie"} | {
    "soortActor": "actorIdentificatie"
}
_PARTS: Final = {"betrokkene": "betrokkenen", "onderwerpobject": "onderwerpobjecten"}


def contents(file: Path) -> list[str]:
    """All that a database holds."""
    with closing(sqlite3.connect(file)) as connection:
        # Texts that a database pads are the same without that.
        return [line.replace(" ", "") for line in connection.iterdump()]


# --- bodies -------------------------------------------------------------------------------------


def _pick(data: st.DataObject, *choices: Any) -> Any:
    return data.draw(st.sampled_from(choices))


def _partij(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    soort = _pick(data, "persoon", "organisatie", "contactpersoon")
    naam: dict[str, Any] = {"naam": _pick(data, "Bakkerij", "Smederij")}
    if soort != "organisatie":
        naam = {"contactnaam": _pick(data, *NAMES)}
    if soort == "contactpersoon":
        naam["werkteVoorPartij"] = m.to(data, "partijen", True, soortPartij="organisatie")
    body = {
        "soortPartij": soort,
        "indicatieActief": _pick(data, True, False),
        "indicatieGeheimhouding": _pick(data, True, False),
        "interneNotitie": _pick(data, "", MINE),
        "voorkeurstaal": _pick(data, "nld", "eng"),
        "partijIdentificatie": naam,
        "bezoekadres": _adresgroep(data),
    }
    for name, path in (("digitaleAdressen", "digitaleadressen"), ("rekeningnummers",) * 2):
        if _pick(data, *[False] * 3, True):
            body[name] = m.some(data, path, 2)
    if "digitaleAdressen" in body and _pick(data, True, False):
        body[PREFERRED] = next(iter(body["digitaleAdressen"]), None)
    if _pick(data, False, False, True):
        body["partijIdentificatoren"] = [{"partijIdentificator": _bsn(data)}]
    return body


def _adresgroep(data: st.DataObject) -> dict[str, Any]:
    empty = dict.fromkeys(_ADRES, "") | {"huisnummer": None}
    return {**empty, **_pick(data, {}, {"straatnaam": "Dorpsstraat", "huisnummer": 3})}


_ADRES: Final = (
    "nummeraanduidingId", "straatnaam", "huisnummertoevoeging", "postcode", "stad",
    "adresregel1", "adresregel2", "adresregel3", "land",
)  # fmt: skip


def _bsn(data: st.DataObject) -> dict[str, str]:
    codes = {"codeObjecttype": "natuurlijk_persoon", "codeSoortObjectId": "bsn"}
    return {**codes, "codeRegister": "brp", "objectId": _pick(data, *BSNS)}


def _identificator(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {
        "identificeerdePartij": m.to(data, "partijen"),
        "partijIdentificator": _bsn(data),
        "subIdentificatorVan": None,
    }


def _digitaal(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    soort, adres = _pick(
        data,
        ("email", "an@example.nl"),
        ("email", "bo@example.nl"),
        ("telefoonnummer", "0612345678"),
        ("overig", "@an"),
    )
    betrokkene = _pick(data, False, False, True)
    return {
        "verstrektDoorBetrokkene": m.to(data, "betrokkenen", True) if betrokkene else None,
        "verstrektDoorPartij": None if betrokkene else m.to(data, "partijen", True),
        "adres": adres,
        "soortDigitaalAdres": soort,
        "isStandaardAdres": _pick(data, True, False),
        "omschrijving": _pick(data, "", MINE),
        "referentie": _pick(data, "", "test", "portaalvoorkeur"),
        "verificatieDatum": _pick(data, None, "2026-03-01"),
    }


def _contact(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {
        "kanaal": _pick(data, "telefoon", "anders"),
        "onderwerp": _pick(data, "Paspoort", MINE),
        "inhoud": _pick(data, "", MINE),
        "indicatieContactGelukt": _pick(data, None, False),
        "taal": _pick(data, "nld", "eng"),
        "vertrouwelijk": _pick(data, True, False),
        "verdereActieOndernomen": _pick(data, False, True),
        "plaatsgevondenOp": _pick(data, "2026-03-01T10:00:00Z", "2026-10-25T01:30:00Z"),
    }


def _betrokkene(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {
        "wasPartij": m.to(data, "partijen", True),
        "hadKlantcontact": m.to(data, "klantcontacten"),
        "rol": _pick(data, "klant", "vertegenwoordiger"),
        "initiator": _pick(data, True, False),
        "contactnaam": _pick(data, *NAMES),
        "organisatienaam": _pick(data, "", MINE),
    }


def _onderwerp(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {
        "klantcontact": m.to(data, "klantcontacten", True),
        "wasKlantcontact": m.to(data, "klantcontacten", True),
        "onderwerpobjectidentificator": _codes(data),
    }


def _bijlage(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    contact = m.to(data, "klantcontacten", True)
    return {"wasBijlageVanKlantcontact": contact, "bijlageidentificator": _codes(data)}


def _codes(data: st.DataObject) -> dict[str, str]:
    codes = {"codeObjecttype": "zaak", "codeRegister": "open-zaak", "codeSoortObjectId": "uuid"}
    return {**codes, "objectId": _pick(data, "1", "2", "3")}


def _actor(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    soort, naam = _pick(
        data,
        ("medewerker", {"functie": "balie", "emailadres": "", "telefoonnummer": "0612345678"}),
        ("geautomatiseerde_actor", {"functie": "bot", "omschrijving": MINE}),
        ("organisatorische_eenheid", {"omschrijving": "", "emailadres": "a@example.nl"}),
    )
    return {
        "naam": _pick(data, "An", "Balie"),
        "soortActor": soort,
        "indicatieActief": _pick(data, True, False),
        "actoridentificator": _codes(data),
        "actorIdentificatie": naam,
    }


def _actorcontact(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {"actor": m.to(data, "actoren"), "klantcontact": m.to(data, "klantcontacten")}


def _taak(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    status = _pick(data, "te_verwerken", "verwerkt")
    return {
        "gevraagdeHandeling": _pick(data, "Bel terug", MINE),
        "aanleidinggevendKlantcontact": m.to(data, "klantcontacten"),
        "toegewezenAanActoren": m.some(data, "actoren", 3) or [m.to(data, "actoren")],
        "toelichting": _pick(data, "", MINE),
        "status": status,
    }


def _rekening(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    iban = _pick(data, "NL91ABNA0417164300", "NL69INGB0123456789")
    return {
        "partij": m.to(data, "partijen", True),
        "iban": iban,
        "bic": _pick(data, "", "INGBNL2A"),
    }


def _categorie(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {"naam": MINE}


def _relatie(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    return {
        "partij": m.to(data, "partijen", True),
        "categorie": m.to(data, "categorieen"),
        "beginDatum": _pick(data, "2026-01-01", "2026-03-01"),
        "eindDatum": _pick(data, None, "2026-12-31"),
    }


def _machtiging(m: Written, data: st.DataObject, uuid: str | None) -> dict[str, Any]:
    names = ("vertegenwoordigendePartij", "vertegenwoordigdePartij")
    return {name: m.to(data, "partijen") for name in names}


BODIES: Final[Mapping[str, Any]] = {
    "actoren": _actor,
    "actorklantcontacten": _actorcontact,
    "betrokkenen": _betrokkene,
    "bijlagen": _bijlage,
    "categorie-relaties": _relatie,
    "categorieen": _categorie,
    "digitaleadressen": _digitaal,
    "internetaken": _taak,
    "klantcontacten": _contact,
    "onderwerpobjecten": _onderwerp,
    "partij-identificatoren": _identificator,
    "partijen": _partij,
    "rekeningnummers": _rekening,
    "vertegenwoordigingen": _machtiging,
}


TestWritten = Written.TestCase


class WrittenInSteps(Written):
    """Random writes in a source that does one change at a time, and refuses one now and then: what
    was done before that is undone, unless it cannot be; then that is said."""

    kind = Faltering

    @rule(left=st.integers(0, 4))
    def falter(self, left: int) -> None:
        """Soon, a change is refused."""
        self.office.store.left = left

    def tried(self, what: str, resource: str, work: Any, gives: bool = True) -> Any:
        try:
            return super().tried(what, resource, work, gives)
        except Problem as problem:
            event(f"{what} {resource}: {problem.kind.code}")
            if problem.kind is PARTLY_DONE:
                # Only what was deleted cannot be made again. Here a ledger has nothing to add.
                assert "verwijderd" in problem.detail
                self.begin_again()
            else:
                # A record that was made may be there still, as one of nothing.
                assert problem.kind is SOURCE_REFUSED
                self.agree(*RESOURCES)
            return None

    def begin_again(self) -> None:
        """Take what there is now for what there was."""
        self.ledger = Ledger()
        for path in RESOURCES:
            for one in self.run(self.office.all(path)):
                self.ledger.enter(path, one, found=True)


# A sequence is some dozens of requests to a database, so there are fewer than of other examples.
TestWritten.settings = settings(
    max_examples=settings.default.max_examples // 12, stateful_step_count=15
)
TestWrittenInSteps = WrittenInSteps.TestCase
TestWrittenInSteps.settings = TestWritten.settings
