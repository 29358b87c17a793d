"""What the doctor can find."""

from __future__ import annotations

from typing import Final

from gateway.remarks import Kind, Weight

NAAM: Final = Kind(
    "naam-onbekend",
    Weight.ERROR,
    "De naam in het adres van de bron is onbekend.",
    "Klopt het adres, en gebruikt deze machine de goede naamserver (DNS)?",
)
VERLOPEN: Final = Kind(
    "certificaat-verlopen",
    Weight.ERROR,
    "Een certificaat is verlopen, of geldt nog niet.",
    "Vraag de beheerder om een nieuw certificaat; kloppen de klokken?",
)
VERLOOPT: Final = Kind(
    "certificaat-verloopt",
    Weight.WARNING,
    "Een certificaat verloopt binnen 30 dagen.",
    "Zorg nu voor een nieuw certificaat: daarna antwoordt de bron niet meer.",
)
NIET_BEREIKT: Final = Kind(
    "bron-antwoordt-niet",
    Weight.ERROR,
    "De bron antwoordt niet zoals het hoort.",
    "Los eerst dit op: van deze bron is verder niets nagekeken.",
)
KLOK: Final = Kind(
    "klok-ongelijk",
    Weight.ERROR,
    "De klokken van de gateway en de bron lopen uiteen.",
    "Zet op beide machines tijdsynchronisatie aan (NTP).",
)
KLOK_APART: Final = Kind(
    "klok-wijkt-af",
    Weight.WARNING,
    "De klok van een bron wijkt meer dan een halve minuut af van die van de gateway.",
    "Tokens kunnen er ongeldig door zijn. Zet op beide machines tijdsynchronisatie aan (NTP).",
)
COLLECTIE: Final = Kind(
    "collectie-antwoordt-niet",
    Weight.ERROR,
    "Een collectie van de bron laat zich niet opvragen.",
    "Heeft de gateway er rechten op, en heet zij in de bron zo?",
)
LEEG: Final = Kind(
    "collectie-leeg",
    Weight.WARNING,
    "Een collectie heeft geen enkel record.",
    "Klopt dat? Anders ontbreken rechten, of staan de gegevens ergens anders.",
)
NIET_NAGEKEKEN: Final = Kind(
    "collectie-niet-nagekeken",
    Weight.NOTE,
    "Een collectie laat zich alleen met een waarde opvragen.",
    "Kijk haar na met een vraag van een afnemer, of met `gateway explain`.",
)
VELD: Final = Kind(
    "veld-ontbreekt",
    Weight.WARNING,
    "Een sleutelveld heeft in een record geen waarde.",
    "Zo'n record krijgt geen uuid. Klopt de beschrijving van de collectie?",
)
SLEUTEL: Final = Kind(
    "sleutel-vindt-niet",
    Weight.ERROR,
    "Een record is met zijn eigen sleutel niet terug te vinden.",
    "Klopt `key` in de beschrijving van de collectie? Zo werkt geen uuid.",
)
MIST: Final = Kind(
    "filter-mist",
    Weight.ERROR,
    "Een filter van de bron vindt een record niet dat de waarde heeft.",
    "Antwoorden zijn zo onvolledig. Haal het filter uit de beschrijving, of "
    "meld dit aan de leverancier.",
)
RUIMER: Final = Kind(
    "filter-ruimer",
    Weight.ERROR,
    "Een filter dat precies heet te zijn, vindt ook andere records.",
    "Noem het `superset` in de beschrijving: dan wordt het hier nagekeken.",
)
FILTER: Final = Kind(
    "filter-geweigerd",
    Weight.ERROR,
    "De bron weigert een filter dat zij heet te hebben.",
    "Haal het filter uit de beschrijving, of geef de gateway de rechten.",
)
ORDE: Final = Kind(
    "volgorde-onjuist",
    Weight.ERROR,
    "Records komen niet in de volgorde die gevraagd is.",
    "Haal het veld uit `sortable`: lijsten lopen nu door elkaar.",
)
AANTAL: Final = Kind(
    "aantal-onjuist",
    Weight.ERROR,
    "Het aantal dat de bron noemt klopt niet met wat zij geeft.",
    "Zet `total` uit in de beschrijving van de collectie.",
)
BLADEREN: Final = Kind(
    "bladeren-onjuist",
    Weight.ERROR,
    "De tweede pagina sluit niet aan op de eerste.",
    "Klopt de wijze van bladeren in de beschrijving van de collectie?",
)
TRAAG: Final = Kind(
    "bron-traag",
    Weight.WARNING,
    "Een kleine vraag kost de bron meer dan de helft van haar tijd.",
    "Vraag de beheerder naar de oorzaak, of geef haar meer tijd (`limits.source_seconds`).",
)

KINDS: Final = (
    NAAM,
    VERLOPEN,
    VERLOOPT,
    NIET_BEREIKT,
    KLOK,
    KLOK_APART,
    COLLECTIE,
    LEEG,
    NIET_NAGEKEKEN,
    VELD,
    SLEUTEL,
    MIST,
    RUIMER,
    FILTER,
    ORDE,
    AANTAL,
    BLADEREN,
    TRAAG,
)
