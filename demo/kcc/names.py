"""The words the sample rows are made of. All persons, places and organisations are invented."""

from typing import NamedTuple


class Achternaam(NamedTuple):
    """A surname and what comes before it."""

    naam: str
    voor: str = ""

    @property
    def merged(self) -> str:
        """As the old application keeps it: 'Berg, van den' or 'Jansen'."""
        return f"{self.naam}, {self.voor}" if self.voor else self.naam

    @property
    def spoken(self) -> str:
        """As people write it: 'van den Berg' or 'Jansen'."""
        return f"{self.voor} {self.naam}".lstrip()


class Onderwerp(NamedTuple):
    """What a contact can be about: a title, a question, an answer and a product page."""

    titel: str
    vraag: str
    antwoord: str
    product: str


class Afdeling(NamedTuple):
    """A department as the old application lists it."""

    code: str
    naam: str
    omschrijving: str


VOORNAMEN = (
    "Sanne", "Daan", "Fatima", "Willem", "Noor", "Joris", "Aylin", "Pieter", "Lotte", "Mehmet",
    "Femke", "Bram", "Yasmin", "Hendrik", "Eva", "Thijs", "Samira", "Gerrit", "Anouk", "Ruben",
    "Marijke", "Sem", "Ingrid", "Youssef", "Tess", "Kees", "Liesbeth", "Milan", "Hanneke", "Omar",
    "Iris", "Jasper", "Carla", "Niels", "Zeynep", "Arie", "Roos", "Stijn", "Wilma", "Koen",
)  # fmt: skip

ACHTERNAMEN = (
    Achternaam("Berg", "van den"), Achternaam("Jansen"), Achternaam("Bakker"),
    Achternaam("Dijk", "van"), Achternaam("Yilmaz"), Achternaam("Wit", "de"),
    Achternaam("Smit"), Achternaam("Heuvel", "van der"), Achternaam("Visser"),
    Achternaam("Amrani", "el"), Achternaam("Bruijn", "de"), Achternaam("Meijer"),
    Achternaam("Hof", "van 't"), Achternaam("Mulder"), Achternaam("Linden", "van der"),
    Achternaam("Bos"), Achternaam("Groot", "de"), Achternaam("Hendriks"), Achternaam("Kuijpers"),
    Achternaam("Brink", "ten"), Achternaam("Vos"), Achternaam("Schouten"),
    Achternaam("Beek", "van"),
    Achternaam("Postma"), Achternaam("Hassel", "van"), Achternaam("Willems"),
    Achternaam("Horst", "ter"), Achternaam("Kok"), Achternaam("Haan", "de"), Achternaam("Peters"),
    Achternaam("Broek", "van den"), Achternaam("Maas"), Achternaam("Veen", "van der"),
    Achternaam("Scholten"), Achternaam("Prins"), Achternaam("Wal", "van der"), Achternaam("Kaya"),
    Achternaam("Huisman"), Achternaam("Leeuw", "de"), Achternaam("Timmermans"),
    Achternaam("Zanden", "van der"), Achternaam("Verhoeven"), Achternaam("Wolters"),
    Achternaam("Zijlstra"), Achternaam("Velde", "van de"), Achternaam("Wiersma"),
)  # fmt: skip

STRATEN = (
    "Zilverkade", "Dorpsstraat", "Lindelaan", "Sluisweg", "Molenpad", "Burgemeester Vinkplein",
    "Rietgors", "Kerkstraat", "Vlierhof", "Havenstraat", "Lange Gracht", "Esdoornlaan",
    "Ambachtsweg", "Schoolstraat", "Parelmoerdijk", "Stationsplein", "Weidezicht", "Kleine Markt",
    "Tingietersgang", "Westerdreef",
)  # fmt: skip

PLAATSEN = ("Zilverdam", "Oud-Zilverdam", "Rietsluis", "Zilverbroek", "Vlierhoven")

BUITENLANDSE_ADRESSEN = (
    ("Kerkstraat", "2999", "Wilgenbeke", "5010"),
    ("Stationslei", "9899", "Oosterzande", "5010"),
    ("Lindenallee", "47999", "Silberau", "6029"),
    ("Am Mühlbach", "48999", "Neudorf", "6029"),
)

BRANCHES = (
    "Bakkerij", "Fietsenmakerij", "Installatiebedrijf", "Kapsalon", "Drukkerij", "Autobedrijf",
    "Hoveniersbedrijf", "Restaurant", "Stichting", "Bouwbedrijf", "Kinderopvang", "Administratie",
)  # fmt: skip

HANDELSNAMEN = (
    "De Korenaar", "Zilverzicht", "Het Anker", "De Goede Hoop", "Vlierhof", "Rietland",
    "Maas & Zoon", "De Waterlelie", "Oost", "De Drie Linden", "Noorderlicht", "Het Sluisje",
    "De Kade", "Morgenrood", "Van der Veen", "De Eikel", "Windkracht", "Het Kompas",
    "De Lantaarn", "Zomerdijk",
)  # fmt: skip

VERTEGENWOORDIGERS = ("Bewindvoering Rietsluis", "Advocatenkantoor De Brug", "Wijkteam Noord")

MAIL_DOMEINEN = ("post.example", "thuisnet.example", "brievenbus.example")

NOTITIES = (
    "Liever 's middags bellen.",
    "Spreekt zacht; rustig blijven praten.",
    "Ontvangt brieven graag in groot lettertype.",
    "Dochter helpt bij de administratie.",
    "Belt vaak over hetzelfde onderwerp, kijk eerst naar eerdere contacten.",
    "Adres gecontroleerd aan de balie.",
)

ONDERWERPEN = (
    Onderwerp(
        "Paspoort verlengen",
        "Mijn paspoort verloopt volgende maand. Wat moet ik meenemen en kan het met spoed?",
        "Afspraak gemaakt. Oude paspoort en een recente pasfoto meenemen.",
        "paspoort",
    ),
    Onderwerp(
        "Verhuizing doorgeven",
        "Ik ben verhuisd binnen de gemeente. Hoe geef ik mijn nieuwe adres door?",
        "Uitgelegd dat dit online kan, tot vijf dagen na de verhuizing.",
        "verhuizing",
    ),
    Onderwerp(
        "Melding kapotte lantaarnpaal",
        "De lantaarnpaal voor mijn deur brandt al een week niet meer.",
        "Melding doorgezet naar de buitendienst.",
        "melding-openbare-ruimte",
    ),
    Onderwerp(
        "Aanslag gemeentelijke belastingen",
        "Ik begrijp de hoogte van mijn aanslag niet en wil graag gespreid betalen.",
        "Betaling in acht termijnen aangevraagd.",
        "gemeentelijke-belastingen",
    ),
    Onderwerp(
        "Aanvraag hulp bij het huishouden",
        "Na een operatie kan ik tijdelijk het huishouden niet doen. Welke hulp is er?",
        "Keukentafelgesprek gepland met een consulent.",
        "hulp-bij-het-huishouden",
    ),
    Onderwerp(
        "Vergunning dakkapel",
        "Heb ik een vergunning nodig voor een dakkapel aan de achterkant?",
        "Verwezen naar de vergunningcheck; meestal is het vergunningvrij.",
        "omgevingsvergunning",
    ),
    Onderwerp(
        "Grofvuil laten ophalen",
        "Ik wil een oude bank laten ophalen. Wanneer komt de wagen in mijn straat?",
        "Ophaaldag afgesproken.",
        "grofvuil",
    ),
    Onderwerp(
        "Parkeervergunning bewoners",
        "Ik heb een andere auto. Hoe zet ik mijn parkeervergunning over?",
        "Kenteken gewijzigd in het systeem.",
        "parkeervergunning",
    ),
    Onderwerp(
        "Bijstand en inkomsten",
        "Ik ga enkele uren per week werken. Wat betekent dat voor mijn uitkering?",
        "Teruggebeld door de consulent inkomen.",
        "bijstand",
    ),
    Onderwerp(
        "Uittreksel basisregistratie",
        "Ik heb een uittreksel nodig voor mijn verhuurder.",
        "Uittreksel besteld, komt per post.",
        "uittreksel-brp",
    ),
    Onderwerp(
        "Evenement organiseren",
        "Onze buurt wil een straatfeest houden. Wat moeten wij regelen?",
        "Formulier toegestuurd; acht weken vooraf indienen.",
        "evenement",
    ),
    Onderwerp(
        "Klacht over bejegening",
        "Ik ben aan de balie niet netjes geholpen en wil een klacht indienen.",
        "Klacht opgenomen; de coördinator neemt contact op.",
        "klacht",
    ),
    Onderwerp(
        "Trouwen in de Zilverzaal",
        "Welke data zijn er nog vrij om te trouwen in de Zilverzaal?",
        "Drie data genoemd, optie genomen.",
        "trouwen",
    ),
    Onderwerp(
        "Schade door stoeptegel",
        "Ik ben gevallen over een losse stoeptegel. Waar kan ik mijn schade melden?",
        "Schadeformulier gemaild.",
        "schade-melden",
    ),
)

EXTRA_ZINNEN = (
    "Ik heb hier al eerder over gebeld, maar toen kreeg ik geen duidelijk antwoord.",
    "Op de website kon ik het niet vinden.",
    "Graag hoor ik ook welke kosten erbij komen.",
    "Mijn buurvrouw kreeg wel meteen een brief, ik nog niet.",
    "Ik ben overdag aan het werk en dus het beste na vier uur bereikbaar.",
    "De brief waar het om gaat heb ik bij de hand.",
    "Kunt u dit voor mij nakijken?",
    "Het gaat om het adres waar ik nu woon, niet om mijn vorige adres.",
)

BRONNEN = ("KCC-telefonie", "Website", "Balieplein", "Postkamer", "Portaal Mijn Zilverdam")

ACTIES = (
    "Terugbellen over: {}",
    "Uitzoeken en antwoord geven: {}",
    "Afspraak inplannen voor: {}",
    "Ontbrekende stukken opvragen bij: {}",
)

TOELICHTINGEN = (
    "Klant is na 13 uur bereikbaar.",
    "Graag voor het einde van de week, er loopt een termijn.",
    "Eerst het dossier lezen; er is al twee keer gebeld.",
    "Klant wil alleen per e-mail antwoord.",
)

AFDELINGEN = (
    Afdeling("BURGZ", "Burgerzaken", "Paspoorten, rijbewijzen en de basisregistratie"),
    Afdeling("KCC", "Klant Contact Centrum", "Eerste aanspreekpunt voor telefoon, mail en balie"),
    Afdeling("BELAST", "Belastingen", "Aanslagen, kwijtschelding en invordering"),
    Afdeling("WMO", "Zorg en Ondersteuning", "Hulp thuis, vervoer en hulpmiddelen"),
    Afdeling("JEUGD", "Jeugd en Gezin", "Jeugdhulp en leerplicht"),
    Afdeling("INKOMEN", "Werk en Inkomen", "Uitkeringen en begeleiding naar werk"),
    Afdeling("VERG1", "Vergunningen", "Omgevings- en evenementenvergunningen"),
    Afdeling("TOEZ", "Toezicht en Handhaving", "Controle op straat en bij bedrijven"),
    Afdeling("OR2", "Openbare Ruimte", "Wegen, verlichting en riolering"),
    Afdeling("GROEN", "Groen en Reiniging", "Plantsoenen en afval"),
    Afdeling("JURZ", "Juridische Zaken", "Bezwaar, klachten en schade"),
    Afdeling("ARCHIEF", "Archief en Post", "Opgegaan in de documentenkamer"),
)

SYSTEMEN = (
    ("webform01", "Webformulieren", "Formulierenserver"),
    ("wachtrij02", "Telefooncentrale", "Wachtrij en keuzemenu"),
    ("zaaksys01", "Zaaksysteem", "Koppeling zaken"),
    ("zchat03", "Chatrobot Zilver", "Eerste antwoord in de chat"),
)

FUNCTIES = ("KCC-medewerker", "Consulent", "Senior medewerker", "Teamcoördinator", "Behandelaar")

KENMERKEN = (
    ("VIP", "Afspraken via het secretariaat van het college"),
    ("RAAD", "Lid van de gemeenteraad"),
    ("PERS", "Journalist, verwijzen naar voorlichting"),
    ("TOLK", "Heeft een tolk nodig"),
    ("SLHT", "Slechthorend, liever schriftelijk contact"),
    ("VEIL", "Let op: afspraken alleen met twee medewerkers"),
)

ADRES_OMSCHRIJVINGEN = ("werk", "privé", "nieuwsbrief", "vakantieadres", "zakelijk")
