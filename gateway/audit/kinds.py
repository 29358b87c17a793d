"""What an audit can find."""

from __future__ import annotations

from typing import Final

from gateway.remarks import Kind, Weight

LETTERLIJK: Final = Kind(
    "geheim-letterlijk",
    Weight.ERROR,
    "Een geheim staat in de configuratie zelf.",
    "Zet het in een bestand of de omgeving, en verwijs: `file:pad` of `env:NAAM`. "
    "Vervang het geheim: het is al gelezen.",
)
LEESBAAR: Final = Kind(
    "geheim-leesbaar",
    Weight.WARNING,
    "Een bestand met een geheim is door iedereen op de machine te lezen.",
    "Beperk de rechten: `chmod 600`, of `640` met een groep.",
)
KORT: Final = Kind(
    "sleutel-kort",
    Weight.WARNING,
    "Een sleutel van identiteiten is korter dan 32 tekens.",
    "Maak een nieuwe van 32 willekeurige bytes, zet haar erbij onder een nieuwe versie en "
    "maak die `current`.",
)
OUD: Final = Kind(
    "sleutel-oud",
    Weight.NOTE,
    "De sleutel waarmee uuids worden gemaakt is ouder dan twee jaar.",
    "Overweeg een nieuwe versie; houd de oude, want gegeven uuids blijven gelden.",
)
TOKEN_DEMO: Final = Kind(
    "token-openbaar",
    Weight.ERROR,
    "Een token is dat van de voorbeeldgemeente, en dus bij iedereen bekend.",
    "Maak een eigen token met `gateway token`.",
)
TOKEN_GEDEELD: Final = Kind(
    "token-gedeeld",
    Weight.WARNING,
    "Twee afnemers hebben hetzelfde token.",
    "Geef elke afnemer een eigen token: anders is niet te zien wie vroeg, en telt "
    "wat de laatste mag.",
)
ALLES: Final = Kind(
    "afnemer-mag-alles",
    Weight.WARNING,
    "Een afnemer mag bij alles (`*`), ook bij wat er later bij komt.",
    "Noem de resources die hij nodig heeft.",
)
PERSONEN: Final = Kind(
    "persoon-zonder-scope",
    Weight.WARNING,
    "Een afnemer kan personen zoeken zonder dat hem dat met name is gegeven.",
    "Schrijf `partijen:read` en `partij-identificatoren:read` uit bij wie dat moet "
    "kunnen, in plaats van `*:read`.",
)
GEBRUIKER: Final = Kind(
    "persoon-zonder-gebruiker",
    Weight.NOTE,
    "Een afnemer kan personen zoeken, en zegt niet welke medewerker dat doet.",
    "Laat de afnemer een header met de medewerker meesturen en noem die in "
    "`user_header`, als er medewerkers achter zitten.",
)
NIETS: Final = Kind(
    "afnemer-mag-niets",
    Weight.WARNING,
    "Een afnemer heeft een token en mag nergens bij.",
    "Geef hem scopes, of haal hem weg.",
)
GEEN_BRON: Final = Kind(
    "geen-bron-verplicht",
    Weight.WARNING,
    "Geen enkele bron is verplicht.",
    "Als alle bronnen wegvallen is een leeg antwoord nog een antwoord: zet "
    "`required` aan bij de bron die niet gemist kan worden.",
)
GEZAG: Final = Kind(
    "gezag-niet-verplicht",
    Weight.WARNING,
    "De bron die bij een attribuut voorgaat mag ontbreken.",
    "Ontbreekt zij, dan toont een partij de waarde van een andere bron: weet dat, of "
    "zet `required` aan.",
)
ONVERSLEUTELD: Final = Kind(
    "bron-onversleuteld",
    Weight.ERROR,
    "Een bron wordt zonder versleuteling gevraagd, over het netwerk.",
    "Gebruik https (of imaps), of zet er een proxy met TLS voor.",
)
LOGT: Final = Kind(
    "logt-veel",
    Weight.WARNING,
    "De gateway logt meer dan voor het gebruik nodig is.",
    "Zet `logging.level` terug op `info` als u klaar bent met zoeken.",
)
TIJD_BRON: Final = Kind(
    "tijd-van-een-bron",
    Weight.WARNING,
    "Een bron mag even lang over een antwoord doen als de hele vraag.",
    "Zet `limits.source_seconds` lager: nu is er geen tijd meer voor andere bronnen.",
)
TIJD_SAMEN: Final = Kind(
    "tijd-van-stappen",
    Weight.WARNING,
    "Stappen die op elkaar wachten passen samen niet in de tijd van een vraag.",
    "Opzoeken, vragen en aanvullen zijn twee stappen na elkaar: geef een bron "
    "hoogstens de helft van `limits.request_seconds`.",
)
BEHEER: Final = Kind(
    "beheer-open",
    Weight.WARNING,
    "De beheerpoort luistert niet alleen op de machine zelf.",
    "Wie haar bereikt ziet metrieken en namen van bronnen: scherm haar af in het "
    "netwerk, of luister op 127.0.0.1.",
)
PROXY: Final = Kind(
    "proxy-iedereen",
    Weight.WARNING,
    "Van iedereen wordt geloofd waarvandaan en hoe er gevraagd werd.",
    "Noem in `server.trusted_proxies` alleen de adressen van uw eigen proxies.",
)
OUDE_ANTWOORDEN: Final = Kind(
    "antwoord-oud",
    Weight.NOTE,
    "Als een bron faalt kan een antwoord van meer dan een minuut oud gelden.",
    "Weten de afnemers dat? Zet anders `stale_seconds` lager.",
)
DOORZOCHT: Final = Kind(
    "filter-doorzoekt",
    Weight.NOTE,
    "Een filter dat iets aanwijst kan de bron niet zelf beantwoorden.",
    "Haar records worden opgehaald en nagekeken, binnen het zoekbudget. Hoeveel dat "
    "er zijn, ziet u met `gateway audit --live`.",
)
TE_GROOT: Final = Kind(
    "filter-te-groot",
    Weight.WARNING,
    "Een filter dat iets aanwijst doorzoekt meer records dan het zoekbudget.",
    "Zulke vragen worden geweigerd. Laat de bron het filter zelf beantwoorden "
    "(een index, of een veld erbij), of verruim `limits.scan_records`.",
)

KINDS: Final = (
    LETTERLIJK,
    LEESBAAR,
    KORT,
    OUD,
    TOKEN_DEMO,
    TOKEN_GEDEELD,
    ALLES,
    PERSONEN,
    GEBRUIKER,
    NIETS,
    GEEN_BRON,
    GEZAG,
    ONVERSLEUTELD,
    LOGT,
    TIJD_BRON,
    TIJD_SAMEN,
    BEHEER,
    PROXY,
    OUDE_ANTWOORDEN,
    DOORZOCHT,
    TE_GROOT,
)
