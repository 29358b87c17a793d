"""Within one process: an answer with a hundred zaken, from bytes to onderwerpobjecten, against
nothing but the parsing of it."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from adapters.stuf.answers import Reader, answer
from adapters.stuf.names import BG, STUF, XSI, ZKN
from adapters.stuf.paths import tree
from adapters.stuf.words import Options, Resource
from adapters.xml import parse
from benchmarks import installing
from benchmarks.effort import Effort, Figures, race
from gateway import documents, installation

ZAKEN: Final = 100
MAPPING: Final = installing.MAPPING.parents[1] / "mappings" / "stuf-zkn"
_TEXT: Final = "De inwoner vraagt hoe lang het nog duurt, en of er iemand terugbelt. " * 3
_NOTHING: Final = 'xsi:nil="true" StUF:noValue="geenWaarde"'
_DATES: Final = ("startdatum", "registratiedatum", "publicatiedatum", "einddatumGepland")
_ROLES: Final = (
    ("heeftAlsBelanghebbende", "ZAKBTRBLH"),
    ("heeftAlsGemachtigde", "ZAKBTRGMC"),
    ("heeftAlsInitiator", "ZAKBTRINI"),
    ("heeftAlsOverigBetrokkene", "ZAKBTROVR"),
)


def run(effort: Effort) -> Figures:
    """Seconds of CPU of one answer."""
    figures = Figures()
    body = message()
    options = {
        "urls": {"beantwoord_vraag": "http://127.0.0.1:1/stuf"},
        "zender": {"applicatie": "KIA"},
        "ontvanger": {"applicatie": "BACKEND"},
    }
    source = {
        "adapter": "adapters.stuf.adapter:StufAdapter",
        "mapping": str(MAPPING),
        "collections": "stuf",
        "options": options,
    }
    with installing.configured([source]) as file:
        catalogue = installation.build(file).catalogue
    (stream,) = catalogue.of("onderwerpobjecten")
    described = documents.load(MAPPING / "collections.stuf.yaml").data["zaken"]
    spec = Resource.model_validate(described)
    reads = spec.reads(Options.model_validate(options).zone)
    reader = Reader(tree(spec.paths, spec.fields), reads, spec.withheld, "20260105")
    write = catalogue.writers[stream]

    def parsed() -> None:
        etree.fromstring(body)

    def within_bounds() -> None:
        parse(body)

    def read() -> list[dict[str, Any]]:
        records = [reader.record(one) for one in answer(body, "ZAK").objects]
        keys = [stream.native_key(record) for record in records]
        uuids = [catalogue.identity.encode(stream, key) for key in keys]
        return [
            write(record, uuid, "", lambda _: [])
            for record, uuid in zip(records, uuids, strict=True)
        ]

    assert len(read()) == ZAKEN
    race(
        figures,
        {
            "soap: lxml": parsed,
            "soap: within bounds": within_bounds,
            "soap: as resources": lambda: void(read()),
        },
        15 if effort.quick else 40,
    )
    figures.notes.append(f"a SOAP answer of {len(body):,} bytes, with {ZAKEN} zaken")
    return figures


def void(_: object) -> None:
    """Nothing, of something."""


def message() -> bytes:
    """The answer: zaken with all that a zaaksysteem tells of them, each 13 kB."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<ZKN:zakLa01 xmlns:ZKN="{ZKN}" xmlns:StUF="{STUF}" xmlns:BG="{BG}" xmlns:xsi="{XSI}">'
        "<ZKN:stuurgegevens><StUF:berichtcode>La01</StUF:berichtcode></ZKN:stuurgegevens>"
        "<ZKN:parameters><StUF:indicatorVervolgvraag>false</StUF:indicatorVervolgvraag>"
        f"</ZKN:parameters><ZKN:antwoord>{''.join(map(_zaak, range(ZAKEN)))}</ZKN:antwoord>"
        "</ZKN:zakLa01></soap:Body></soap:Envelope>"
    ).encode()


def _zaak(n: int) -> str:
    dates = "".join(f"<ZKN:{name}>20260105</ZKN:{name}>" for name in _DATES)
    roles = "".join(_role(n + k, *role) for k, role in enumerate(_ROLES))
    statuses = "".join(_status(k) for k in range(14))
    return (
        f'<ZKN:object StUF:entiteittype="ZAK" StUF:sleutelVerzendend="{n}">'
        f"<ZKN:identificatie>ZAAK-2026-{n:07}</ZKN:identificatie>"
        f"<ZKN:omschrijving>Zaak {n}</ZKN:omschrijving><ZKN:toelichting>{_TEXT}</ZKN:toelichting>"
        f"{dates}<ZKN:einddatum {_NOTHING}/><ZKN:zaakniveau>1</ZKN:zaakniveau>"
        '<ZKN:isVan StUF:entiteittype="ZAKZKT"><ZKN:gerelateerde StUF:entiteittype="ZKT">'
        "<ZKN:omschrijving>Melding</ZKN:omschrijving><ZKN:code>B1026</ZKN:code>"
        f"</ZKN:gerelateerde></ZKN:isVan>{roles}{statuses}</ZKN:object>"
    )


def _role(n: int, name: str, entity: str) -> str:
    empty = "".join(
        f"<BG:{one} {_NOTHING}/>"
        for one in ("voorvoegselGeslachtsnaam", "aanduidingNaamgebruik", "overlijdensdatum")
    )
    address = "".join(
        f"<BG:{one}>{n}</BG:{one}>"
        for one in ("aoa.identificatie", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam",
                    "aoa.postcode", "aoa.huisnummer")
    )  # fmt: skip
    return (
        f'<ZKN:{name} StUF:entiteittype="{entity}"><ZKN:gerelateerde>'
        f'<ZKN:natuurlijkPersoon StUF:entiteittype="NPS"><BG:inp.bsn>{n:09}</BG:inp.bsn>'
        '<BG:authentiek StUF:metagegeven="true">J</BG:authentiek>'
        f"<BG:geslachtsnaam>Van den Berg</BG:geslachtsnaam><BG:voornamen>Anna</BG:voornamen>{empty}"
        f"<BG:verblijfsadres>{address}</BG:verblijfsadres></ZKN:natuurlijkPersoon>"
        f"</ZKN:gerelateerde><ZKN:toelichting>{_TEXT}</ZKN:toelichting></ZKN:{name}>"
    )


def _status(n: int) -> str:
    return (
        '<ZKN:heeft StUF:entiteittype="ZAKSTT"><ZKN:gerelateerde StUF:entiteittype="STT">'
        f"<ZKN:volgnummer>{n}</ZKN:volgnummer><ZKN:code>S{n}</ZKN:code>"
        "<ZKN:omschrijving>In behandeling</ZKN:omschrijving></ZKN:gerelateerde>"
        f"<ZKN:toelichting>{_TEXT}</ZKN:toelichting>"
        "<ZKN:datumStatusGezet>20260105093015123</ZKN:datumStatusGezet>"
        "<ZKN:indicatieLaatsteStatus>N</ZKN:indicatieLaatsteStatus></ZKN:heeft>"
    )
