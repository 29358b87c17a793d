"""Questions: valid by the official schemas, and the same as ready ones in all that they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.base import Query, SourceError
from adapters.conditions import In
from adapters.stuf.names import BG, NIL, ZKN, local
from adapters.stuf.paths import path, tree
from adapters.stuf.questions import Operation, Party, Question, Stamp, message
from adapters.stuf.words import Resource
from adapters.xml import parse
from tests.support.stuf import (
    NOW,
    RECEIVER,
    SENDER,
    BackEnd,
    answering,
    fault,
    la01,
    resources,
    wrong_by_schema,
)

LAST = '<object StUF:entiteittype="ZAK" StUF:sleutelVerzendend="{key}">{content}</object>'
KEY = "sleutelVerzendend-van-laatste-object"


async def asked(
    system: str, collection: str, field: str, value: str, **options: Any
) -> tuple[BackEnd, etree._Element]:
    """The message that asks for a field."""
    back_end = answering(fault("StUF064"))
    await back_end.adapter(system, **options).find(collection, Query(In(field, (value,))))
    (sent,) = back_end.messages()
    return back_end, sent


QUESTIONS = [
    ("01-npsLv01-bsn", "stuf-bg", "personen", "bsn", "999993653", {}),
    ("03-vesLv01-vestigingsnummer", "stuf-bg", "vestigingen", "vestigingsnummer", "000012345678",
     {}),
    ("02-macLv01-kvk", "stuf-bg", "ondernemingen", "kvkNummer", "90001354", {}),
    ("04-vesLv01-alle-vestigingen-van-kvk", "stuf-bg", "vestigingen", "kvkNummer", "90001354",
     {"page_size": 15}),
    ("05-nnpLv01-rsin", "stuf-bg", "organisaties", "rsin", "569312863", {}),
    ("06-nnpLv01-kvk", "stuf-bg", "organisaties", "kvkNummer", "90001354", {"page_size": 1}),
    ("07-zakLv01-lijst-bsn-pagina1", "stuf-zkn", "zaken", "initiatorBsn", "999993653",
     {"page_size": 15}),
    ("09-zakLv01-lijst-rsin", "stuf-zkn", "zaken", "initiatorRsin", "569312863",
     {"page_size": 15}),
    ("10-zakLv01-lijst-vestiging", "stuf-zkn", "zaken", "initiatorVestiging", "000012345678",
     {"page_size": 15}),
    ("11-zds11-geefZaakdetails", "stuf-zkn", "zaken", "identificatie", "0000000015",
     {"profile": "zds11"}),
    ("17-zds12-geefZaakdetails", "stuf-zkn", "zaken", "identificatie", "0000000015",
     {"profile": "zds12"}),
]  # fmt: skip
LISTING = [q for q in QUESTIONS if "macLv01" not in q[0] and "geefZaakdetails" not in q[0]]
"""Those that name what they want; the others want all there is."""

OTHERS = [
    ("stuf-zkn", "zaken", "identificatie", "0000000015", {}),
    ("stuf-zkn", "zaken", "initiatorBsn", "999993653", {"selection": "bare"}),
    ("stuf-zkn", "zaken", "initiatorVestiging", "000012345678", {"selection": "extraElement"}),
    ("stuf-bg", "personen", "bsn", "999993653",
     {"zender": {"applicatie": "KIA", "administratie": "kcc", "gebruiker": "desk"}}),
]  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("ready", [*QUESTIONS, *(("", *other) for other in OTHERS)])
async def test_a_question_is_valid_by_the_schema(
    shared: Path, ready: tuple[str, str, str, str, str, Any]
) -> None:
    _, system, collection, field, value, options = ready
    _, sent = await asked(system, collection, field, value, **options)
    assert wrong_by_schema(shared, sent) == []


@pytest.mark.shared
async def test_a_person_of_a_zaak_can_be_asked_for_against_the_schema(shared: Path) -> None:
    _, sent = await asked("stuf-zkn", "zaken", "initiatorBsn", "999993653",
                          selection="natuurlijkPersoon")  # fmt: skip
    (bsn,) = [e for e in sent.find("{*}gelijk").iter() if local(e) == "inp.bsn"]
    assert (bsn.text, local(bsn.getparent())) == ("999993653", "natuurlijkPersoon")
    assert wrong_by_schema(shared, sent)


def meaning(element: etree._Element) -> Any:
    """An element without what does not matter: prefixes, and spaces around text."""
    return (
        element.tag,
        sorted(element.attrib.items()),
        (element.text or "").strip(),
        [meaning(child) for child in element],
    )


def part(root: etree._Element, name: str) -> Any:
    found = [meaning(child) for child in root if local(child) == name]
    return found


def golden(shared: Path, name: str) -> etree._Element:
    return parse((shared / "stuf" / "golden-requests" / f"{name}.xml").read_bytes())


def same_reference(root: etree._Element) -> None:
    for one in root.iter("{*}referentienummer"):
        assert len(one.text or "") == 36
        one.text = "-"


@pytest.mark.shared
@pytest.mark.parametrize("ready", QUESTIONS, ids=lambda q: q[0])
async def test_a_question_asks_what_a_ready_one_does(
    shared: Path, ready: tuple[str, str, str, str, str, Any]
) -> None:
    name, system, collection, field, value, options = ready
    _, sent = await asked(system, collection, field, value, **options)
    wanted = golden(shared, name)
    for root in (sent, wanted):
        same_reference(root)
    assert sent.tag == wanted.tag
    for name in ("stuurgegevens", "parameters", "gelijk", "start"):
        assert part(sent, name) == part(wanted, name)
    scope = sent.find("{*}scope/{*}object")
    assert len(scope)
    assert all(len(e) or e.get(NIL) == "true" for e in scope.iter())


@pytest.mark.shared
@pytest.mark.parametrize("ready", LISTING, ids=lambda q: q[0])
def test_what_is_wanted_is_written_as_in_a_ready_one(
    shared: Path, ready: tuple[str, str, str, str, str, Any]
) -> None:
    wanted = golden(shared, ready[0]).find("{*}scope")
    namespace = etree.QName(wanted).namespace
    paths = dict(_paths(wanted[0], namespace))
    question = Question(
        Operation(wanted.getparent().tag, ""),
        namespace,
        wanted[0].get("{http://www.egem.nl/StUF/StUF0301}entiteittype"),
        0,
        (),
        tree({name: path(name, namespace) for name in paths}, paths),
        None,
    )
    party = Party.model_validate(SENDER)
    made = message(question, Stamp(party, party, "1", NOW))
    assert part(made, "scope") == [meaning(wanted)]


def _paths(element: etree._Element, namespace: str, before: str = "") -> Any:
    for child in element:
        prefix = "" if etree.QName(child).namespace == namespace else "BG:"
        entity = child.get("{http://www.egem.nl/StUF/StUF0301}entiteittype")
        step = f"{before}{prefix}{local(child)}{f'[{entity}]' if entity else ''}"
        if len(child):
            yield from _paths(child, namespace, f"{step}/")
        else:
            yield step, True


@pytest.mark.shared
async def test_the_next_page_is_asked_as_in_a_ready_question(shared: Path) -> None:
    who = (
        "<identificatie>0000000015</identificatie><heeftAlsInitiator><gerelateerde>"
        "<natuurlijkPersoon><BG:inp.bsn>999993653</BG:inp.bsn></natuurlijkPersoon>"
        "</gerelateerde></heeftAlsInitiator>"
    )
    first = la01(LAST.format(key=KEY, content=who), sector=ZKN, entity="ZAK", more="true")
    back_end = answering(first, la01("", sector=ZKN, entity="ZAK"))
    adapter = back_end.adapter("stuf-zkn", page_size=15)
    await adapter.find("zaken", Query(In("initiatorBsn", ("999993653",))))
    _, second = back_end.messages()
    wanted = golden(shared, "08-zakLv01-lijst-bsn-vervolgvraag")
    for root in (second, wanted):
        same_reference(root)
    for name in ("stuurgegevens", "parameters", "gelijk", "start"):
        assert part(second, name) == part(wanted, name)
    assert wrong_by_schema(shared, second) == []


async def test_only_what_is_needed_is_asked_for() -> None:
    back_end = answering(la01(""))
    query = Query(In("bsn", ("999993653",)), fields=frozenset(["geslachtsnaam", "woonplaats"]))
    await back_end.adapter("stuf-bg").find("personen", query)
    (sent,) = back_end.messages()
    wanted = [local(e) for e in sent.find("{*}scope").iter() if e.get(NIL) == "true"]
    assert wanted == ["inp.bsn", "geslachtsnaam", "wpl.woonplaatsNaam"]


@pytest.mark.parametrize(
    ("system", "collection", "field", "value", "options", "action"),
    [
        ("stuf-bg", "personen", "bsn", "999993653", {}, f'"{BG}/npsLv01"'),
        ("stuf-zkn", "zaken", "initiatorBsn", "999993653", {"profile": "zds11"},
         f'"{ZKN}/zakLv01"'),
        ("stuf-zkn", "zaken", "identificatie", "15", {"profile": "zds11"},
         f'"{ZKN}/geefZaakdetails_Lv01"'),
        ("stuf-zkn", "zaken", "identificatie", "15", {"profile": "zds12"},
         '"http://www.stufstandaarden.nl/koppelvlak/zds0120/geefZaakdetails_ZakLv01"'),
        ("stuf-bg", "personen", "bsn", "999993653", {"soap_action_quoted": False},
         f"{BG}/npsLv01"),
        ("stuf-bg", "personen", "bsn", "999993653", {"soap_actions": {"npsLv01": "urn:persoon"}},
         '"urn:persoon"'),
    ],
)  # fmt: skip
async def test_an_operation_is_told_by_its_soap_action(
    system: str, collection: str, field: str, value: str, options: Any, action: str
) -> None:
    back_end, _ = await asked(system, collection, field, value, **options)
    (request,) = back_end.requests
    assert request.headers["SOAPAction"] == action
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert str(request.url).endswith("/BeantwoordVraag")


async def test_soap_1_2_tells_it_in_the_content_type() -> None:
    back_end, _ = await asked("stuf-bg", "personen", "bsn", "999993653", soap_version="1.2")
    (request,) = back_end.requests
    assert "SOAPAction" not in request.headers
    kind = f'application/soap+xml; charset=utf-8; action="{BG}/npsLv01"'
    assert request.headers["Content-Type"] == kind
    assert parse(request.content).tag == "{http://www.w3.org/2003/05/soap-envelope}Envelope"


@pytest.mark.parametrize(
    ("collection", "field", "value"),
    [
        ("personen", "bsn", "99999365"),
        ("personen", "bsn", "9999936530"),
        ("personen", "bsn", "<x/>&\x01"),
        ("personen", "bsn", "٩٩٩٩٩٣٦٥٣"),
        ("vestigingen", "kvkNummer", "999993653"),
        ("vestigingen", "vestigingsnummer", ""),
    ],
)
async def test_what_cannot_be_is_not_asked(collection: str, field: str, value: str) -> None:
    back_end = answering(la01(""))
    page = await back_end.adapter("stuf-bg").find(collection, Query(In(field, (value,))))
    assert (page.records, back_end.requests) == ([], [])


@pytest.mark.parametrize("value", ["", "x" * 41, "a b", "a\x00b", "a\ud800"])
async def test_a_zaak_that_cannot_be_is_not_asked_for(value: str) -> None:
    back_end = answering(la01("", sector=ZKN, entity="ZAK"))
    query = Query(In("identificatie", (value,)))
    page = await back_end.adapter("stuf-zkn").find("zaken", query)
    assert (page.records, back_end.requests) == ([], [])


async def test_what_is_special_in_xml_stays_text() -> None:
    _, sent = await asked("stuf-zkn", "zaken", "identificatie", "<a>&\"']]>")
    assert sent.findtext("{*}gelijk/{*}identificatie") == "<a>&\"']]>"


async def test_every_question_has_a_number_of_its_own() -> None:
    back_end = answering(la01(""))
    adapter = back_end.adapter("stuf-bg")
    await adapter.find("personen", Query(In("bsn", ("999993653", "999990627", "999993653"))))
    numbers = [m.findtext("{*}stuurgegevens/{*}referentienummer") for m in back_end.messages()]
    assert len(set(numbers)) == len(numbers) == 2


@pytest.mark.parametrize(
    "party", [{"applicatie": "x"}, {"applicatie": "x" * 51}, RECEIVER | {"a": 1}]
)
def test_a_party_fits_the_schema(party: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"zender\.(applicatie|a)\b"):
        answering(la01("")).adapter("stuf-bg", zender=party)


async def test_a_secret_that_is_not_there_asks_nothing() -> None:
    back_end = answering(la01(""))
    account = {"username": "kcc", "password": "env:NERGENS_GEZET"}
    for how in ("basic", "wss"):
        with pytest.raises(SourceError, match="unavailable"):
            await back_end.adapter("stuf-bg", **{how: account}).check()
    assert back_end.requests == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("system", "collection"),
    [
        (system, name)
        for system in ("stuf-bg", "stuf-zkn", "stuf-zkn-terugbellen")
        for name, word in resources(system).items()
        if not word.get("named")
    ],
)
def test_whatever_is_needed_is_asked_for_in_a_valid_way(
    shared: Path, system: str, collection: str
) -> None:
    spec = Resource.model_validate(resources(system)[collection])
    party = Party.model_validate(SENDER)
    # The number of a postbus may not stand without its type: the rules ask for the two together.
    together = frozenset(spec.composed.get("postbus", ()))
    able = sorted({*spec.fields, *spec.composed} - together)

    @given(st.sets(st.sampled_from(able), min_size=1))
    @settings(max_examples=40, deadline=None)
    def some(names: set[str]) -> None:
        question = Question(
            Operation(f"{{{spec.namespace}}}{spec.entity.lower()}Lv01", ""),
            spec.namespace,
            spec.entity,
            0,
            (),
            tree(spec.paths, spec.read_for(names)),
            10,
        )
        assert wrong_by_schema(shared, message(question, Stamp(party, party, "1", NOW))) == []

    some()
