"""The statements of the contract, in the order in which they are tried."""

from __future__ import annotations

from typing import Final

from gateway.conform import expanding, filters, lists, over_http, shapes, writing
from gateway.conform.statement import Statement

READING: Final = (
    Statement("lijst.er-is", "Elke resource heeft een lijst, als JSON.", over_http.lists),
    Statement("http.versie", "Elk antwoord heeft een API-version.", over_http.version),
    Statement("http.beveiliging", "Elk antwoord heeft veilige headers.", over_http.security),
    Statement("http.paden", "Andere paden en andere versies zijn er niet.", over_http.paths),
    Statement("http.head", "HEAD antwoordt als GET, zonder inhoud.", over_http.head),
    Statement("http.options", "OPTIONS beschrijft een lijst.", over_http.options),
    Statement("http.allow", "Allow zegt wat er kan.", over_http.allow),
    Statement("http.accept", "Wat geen JSON wil krijgt 406.", over_http.accept),
    Statement("http.host", "Urls volgen de naam waarmee gevraagd wordt.", over_http.host),
    Statement("http.wortel", "De wortel noemt de lijsten.", over_http.root),
    Statement("http.schema", "De OpenAPI-beschrijving is er voor iedereen.", over_http.schema),
    Statement("http.gezondheid", "De server zegt of hij gezond is.", over_http.health),
    Statement("aanmelden.zonder", "Zonder token: 401.", over_http.without_credentials),
    Statement("aanmelden.onbekend", "Met een onbekend token: 401.", over_http.unknown_token),
    Statement("aanmelden.anders", "Op een andere manier: 401.", over_http.other_schemes),
    Statement("aanmelden.vorm", "Een kapot token: 401.", over_http.malformed_credentials),
    Statement(
        "aanmelden.letters",
        "Hoofdletters tellen in het token, niet in het woord ervoor.",
        over_http.case_of_credentials,
    ),
    Statement(
        "aanmelden.eerst",
        "Wie niet is aangemeld hoort niet wat er anders mis is.",
        over_http.order_of_checks,
    ),
    Statement("fout.vorm", "Een fout heeft de vorm en de code van haar soort.", over_http.problems),
    Statement("fout.eigen", "Elke fout heeft een eigen instance.", over_http.own_instance),
    Statement("fout.parameters", "Een 400 noemt wat er fout is.", over_http.named_params),
    Statement("uuid.onbekend", "Wat er niet is, of geen uuid is: 404.", over_http.unknown_uuids),
    Statement("uuid.schrijfwijze", "Een uuid mag anders geschreven.", over_http.spelled_uuids),
    Statement("lijst.vorm", "Een lijst heeft count, next, previous, results.", lists.bodies),
    Statement("lijst.grootte", "pageSize is het aantal; 100, hoogstens 500.", lists.sizes),
    Statement("lijst.aantal", "Bladeren geeft alles een keer, zoveel als count.", lists.counts),
    Statement("lijst.nummers", "page en next leiden naar dezelfde pagina.", lists.numbered),
    Statement("lijst.links", "next en previous zijn zoals het hoort.", lists.links),
    Statement("lijst.filters-mee", "De links houden de filters vast.", lists.links_keep_filters),
    Statement("lijst.buiten", "Een pagina die er niet is: 404.", lists.outside),
    Statement("lijst.laatste", "page=last is de laatste pagina.", lists.last),
    Statement("lijst.leeg", "Van niets is er een lege pagina.", lists.nothing),
    Statement("lijst.vast", "Twee keer vragen geeft dezelfde volgorde.", lists.stable),
    Statement("lijst.volgorde", "Klantcontacten staan van nieuw naar oud.", lists.ordered),
    Statement("vraag.onbekend", "Een onbekende parameter: 400.", lists.unknown_parameters),
    Statement("vraag.herhaald", "Van een herhaald filter telt het laatste.", lists.repeated),
    Statement("vraag.nul", "Een NUL-teken in een filter: 400.", lists.nulls),
    Statement(
        "vraag.leeg",
        "Een leeg filter telt niet; wijst het iets aan, dan mag het 400 zijn.",
        lists.empty_values,
    ),
    Statement("vorm.attributen", "Objecten hebben hun attributen, op volgorde.", shapes.attributes),
    Statement("vorm.waarden", "Waarden hebben het goede type.", shapes.typed),
    Statement("vorm.omgekeerd", "Lijsten van verwijzingen zijn verwijzingen.", shapes.inverses),
    Statement("vorm.los", "Een object los is als in de lijst, op zijn url.", shapes.singles),
    Statement("vorm.uitklap", "_expand staat waar het hoort.", shapes.expand_key),
    Statement("vorm.verwijzingen", "Waarnaar verwezen wordt is er.", shapes.references),
    Statement("filter.vindt", "Een filter vindt wat de waarde heeft.", filters.finds),
    Statement("filter.niet-meer", "... en niets anders.", filters.finds_nothing_else),
    Statement("filter.niets", "Wat nergens staat vindt niets.", filters.finds_nothing),
    Statement("filter.grens", "Na een dag is niet op die dag.", filters.beyond),
    Statement("filter.fout", "Een waarde die niet kan: 400.", filters.bad_values),
    Statement("filter.boolean", "true, True en 1 zijn hetzelfde.", filters.booleans),
    Statement("filter.letters", "Hoofdletters tellen, maar niet in delen.", filters.letter_case),
    Statement("filter.samen", "Van meer filters gelden ze alle.", filters.together),
    Statement("filter.datum", "Een datum mag anders geschreven.", filters.spelled_dates),
    Statement("uitklap.paden", "Elk pad van expand wordt aangenomen.", expanding.accepted),
    Statement("uitklap.onbekend", "Een ander pad: 400.", expanding.unknown),
    Statement("uitklap.leeg", "Een leeg pad mag.", expanding.empty),
    Statement("uitklap.vorm", "Wat uitgeklapt is staat onder zijn naam.", expanding.shown),
    Statement("uitklap.zelfde", "... en is het object zelf.", expanding.same),
    Statement("uitklap.genest", "Een diep pad vraagt het pad ervoor.", expanding.nested),
)
"""What is tried with nothing but reading."""

STATEMENTS: Final = (*READING, *writing.WRITING)
