"""The statements that are tried with writing, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from gateway.conform.server import Lacking, Server
from gateway.conform.statement import Check, Seen, Statement
from gateway.conform.writing import (
    accepted,
    adressen,
    at_once,
    changing,
    contacten,
    identificatoren,
    partijen,
    refusals,
    relations,
    requests,
    right,
    wrong,
)
from gateway.standard.table import RESOURCES


def _of(path: str, *checks: Check) -> Check:
    """All of these, where a resource is looked at."""
    every = _each(*checks)

    async def check(server: Server) -> AsyncIterator[Seen]:
        if RESOURCES[path] in await server.resources():
            async for seen in every(server):
                yield seen

    return check


def _each(*checks: Check) -> Check:
    """All of these; what one of them cannot try, says nothing of the others."""

    async def check(server: Server) -> AsyncIterator[Seen]:
        for one in checks:
            try:
                async for seen in one(server):
                    yield seen
            except Lacking as error:
                yield Seen(error.where, lacks=error.told)

    return check


def _statement(name: str, says: str, check: Check) -> Statement:
    return Statement(name, says, check, writes=True)


_PARTIJEN: Final = partijen.PATH
_IDENTIFICATOREN: Final = identificatoren.PATH
_ADRESSEN: Final = adressen.PATH

WRITING: Final = (
    _statement("schrijf.maken", "Wat gemaakt wordt is er.", right.creates),
    _statement("schrijf.alles", "Alles wat een body kan zeggen komt terug.", right.keeps),
    _statement("schrijf.lang", "Tekst van de volle lengte komt terug.", right.longest),
    _statement("schrijf.mag-leeg", "Wat leeg of null mag zijn wordt aangenomen.", right.empty),
    _statement("schrijf.standaard", "Wat niet gezegd is heeft zijn vaste waarde.", right.defaults),
    _statement("schrijf.overslaan", "Wat niet te schrijven is telt niet.", right.ignores),
    _statement("schrijf.namen", "Namen mogen ook met lage streepjes.", right.spelled),
    _statement(
        "schrijf.omzetten",
        "Wat op een waarde lijkt wordt die.",
        accepted.accepted(*accepted.OMGEZET),
    ),
    _statement("schrijf.moment", "Een moment wordt UTC.", accepted.accepted(*accepted.MOMENTEN)),
    _statement("schrijf.wijzigen", "PATCH wijzigt wat het noemt.", changing.changes),
    _statement(
        "schrijf.vervangen", "PUT vraagt wat verplicht is en laat de rest.", changing.replaces
    ),
    _statement("schrijf.groepen", "Een groep wordt als geheel vervangen.", changing.groups),
    _statement("schrijf.weghalen", "Wat verwijderd is, is weg.", changing.removes),
    _statement("schrijf.meenemen", "... en wat erbij hoort ook.", changing.takes_along),
    _statement("schrijf.nieuwste", "Wat nieuw is staat vooraan.", right.newest_first),
    _statement("schrijf.terug", "Wat verwijst staat aan beide kanten.", relations.both_sides),
    _statement("schrijf.uniek", "Een nummer of een band is er een keer.", relations.unique),
    _statement(
        "uitklap.niets", "Van niets is er een lege lijst of null.", relations.expanded_empty
    ),
    _statement("schrijf.verplicht", "Wat verplicht is moet er staan.", wrong.required),
    _statement("schrijf.null", "Wat niet null kan zijn is het niet.", wrong.null),
    _statement("schrijf.leeg", "Wat niet leeg kan zijn is het niet.", wrong.blank),
    _statement("schrijf.lengte", "Wat te lang is wordt geweigerd.", wrong.too_long),
    _statement("schrijf.type", "Een ander type wordt geweigerd.", wrong.other_types),
    _statement(
        "schrijf.vorm", "Een waarde van een andere vorm ook.", wrong.refused(*refusals.WAARDEN)
    ),
    _statement(
        "schrijf.verwijzing", "Waarnaar verwezen wordt moet er zijn.", wrong.unknown_references
    ),
    _statement(
        "schrijf.teksten",
        "Wat er mis is wordt met vaste woorden gezegd.",
        wrong.refused(*refusals.TEKSTEN),
    ),
    _statement("schrijf.methoden", "Wat een adres niet doet: 405.", requests.methods),
    _statement("schrijf.body", "Wat geen JSON-object is wordt geweigerd.", requests.bodies),
    _statement(
        "schrijf.letters", "JSON mag zeggen in welke letters het is.", requests.spelled_media
    ),
    _statement("schrijf.parameters", "Naar parameters wordt niet gekeken.", requests.parameters),
    _statement("schrijf.onbekend", "Wat er niet is, is niet te wijzigen.", requests.unknown_uuids),
    _statement("schrijf.aanmelden", "Wie schrijft heeft een token.", requests.without_credentials),
    _statement(
        "schrijf.soort",
        "Wat er van iets te zeggen is volgt uit zijn soort.",
        _each(accepted.accepted(*accepted.SOORTEN), wrong.refused(*refusals.SOORTEN)),
    ),
    _statement(
        "partij.naam",
        "Een naam is een geheel, en wie werkt doet dat voor een organisatie.",
        _of(
            _PARTIJEN,
            accepted.accepted(*accepted.NAMEN),
            partijen.names,
        ),
    ),
    _statement(
        "partij.nummers",
        "Nummers komen met een partij mee, of zij is er niet.",
        _of(_PARTIJEN, partijen.numbers, partijen.all_or_nothing),
    ),
    _statement(
        "partij.andere-nummers",
        "PATCH vervangt de nummers van een partij.",
        _of(_PARTIJEN, partijen.other_numbers),
    ),
    _statement(
        "partij.adressen",
        "Adressen gaan mee naar de partij die ze noemt.",
        _of(_PARTIJEN, partijen.addresses),
    ),
    _statement(
        "partij.voorkeur",
        "Wat een partij verkiest is van haar.",
        _of(_PARTIJEN, partijen.preferred),
    ),
    _statement(
        "partij.categorie",
        "Meer categorieen vinden samen meer partijen.",
        _of(_PARTIJEN, contacten.of_categories),
    ),
    _statement(
        "nummer.vorm",
        "Een nummer van elders heeft zijn vorm.",
        _of(
            _IDENTIFICATOREN,
            identificatoren.good,
            wrong.refused(*refusals.IDENTIFICATOREN),
            identificatoren.branches,
        ),
    ),
    _statement(
        "nummer.uniek",
        "... en is van een partij, een per soort.",
        _of(_IDENTIFICATOREN, identificatoren.unique, identificatoren.one_of_a_kind),
    ),
    _statement(
        "nummer.deel",
        "Waar iets deel van is blijft er.",
        _of(_IDENTIFICATOREN, identificatoren.protected),
    ),
    _statement(
        "nummer.geheel",
        "Een ander nummer wordt geheel genoemd.",
        _of(_IDENTIFICATOREN, identificatoren.whole),
    ),
    _statement(
        "adres.vorm",
        "Een adres heeft de vorm van zijn soort.",
        _of(
            _ADRESSEN,
            accepted.accepted(*accepted.ADRESSEN),
            wrong.refused(*refusals.ADRESSEN),
            adressen.other_adres,
        ),
    ),
    _statement(
        "adres.standaard",
        "Per soort is een adres het standaardadres.",
        _of(_ADRESSEN, adressen.standard),
    ),
    _statement(
        "adres.referentie",
        "Een referentie staat bij een adres.",
        _of(_ADRESSEN, adressen.referentie),
    ),
    _statement(
        "rekening.vorm",
        "IBAN en BIC hebben hun vorm.",
        _of(
            "rekeningnummers",
            accepted.accepted(*accepted.REKENINGEN),
            wrong.refused(*refusals.REKENINGEN),
        ),
    ),
    _statement(
        "contact.regels",
        "Wat van een contact gezegd wordt past bij elkaar.",
        _of(
            "klantcontacten",
            accepted.accepted(*accepted.CONTACTEN),
            wrong.refused(*refusals.CONTACTEN),
            contacten.no_further_action,
        ),
    ),
    _statement(
        "contact.onderwerp",
        "Met een onderwerp gaat het contact mee, als het mag.",
        _of("onderwerpobjecten", contacten.cascade),
    ),
    _statement(
        "taak.van", "Een taak is van een of meer actoren.", _of("internetaken", contacten.assigned)
    ),
    _statement(
        "taak.klaar",
        "Wanneer een taak klaar was volgt uit haar status.",
        _of("internetaken", wrong.refused(*refusals.TAKEN), contacten.handled),
    ),
    _statement("maak.samen", "maak-klantcontact maakt drie dingen samen.", at_once.at_once),
    _statement("maak.alleen", "... of een, en de andere zijn null.", at_once.alone),
    _statement("maak.fout", "Wat mis is wordt met zijn deel genoemd.", at_once.wrong),
    _statement("maak.alles-of-niets", "Is er iets mis, dan is er niets.", at_once.all_or_nothing),
    _statement("maak.methoden", "maak-klantcontact kan alleen POST.", at_once.methods),
    _statement("schrijf.opgeruimd", "Wat hier gemaakt is, is weer weg.", changing.cleaned),
)
"""What is tried with writing, and at the end removed."""
