"""The words of the social domain. All persons and organisations are invented."""

from typing import NamedTuple


class Topic(NamedTuple):
    """What an interaction can be about: the domain, a subject, a question and an answer."""

    domain: str
    subject: str
    question: str
    answer: str


class Team(NamedTuple):
    """A team as the register lists it."""

    code: str
    name: str


TOPICS = (
    Topic(
        "wmo",
        "Hulp bij het huishouden",
        "De hulp komt al twee weken niet. Wie kan dit voor mij regelen?",
        "Aanbieder gebeld; vanaf maandag komt er een vervanger.",
    ),
    Topic(
        "jeugd",
        "Begeleiding op school",
        "De school vraagt om begeleiding voor mijn zoon. Hoe vraag ik die aan?",
        "Gesprek met de jeugdconsulent gepland, school sluit aan.",
    ),
    Topic(
        "schuldhulp",
        "Aanmelding schuldhulpverlening",
        "Ik kan mijn vaste lasten niet meer betalen en wil hulp.",
        "Intake gepland; lijst met stukken toegestuurd.",
    ),
    Topic(
        "wmo",
        "Scootmobiel kapot",
        "Mijn scootmobiel staat stil en ik kan de deur niet uit.",
        "Reparatie met spoed doorgegeven aan de leverancier.",
    ),
    Topic(
        "schuldhulp",
        "Betalingsregeling energie",
        "Er komt een deurwaarder voor de energierekening. Kunt u bemiddelen?",
        "Contact gehad met de deurwaarder, uitstel van vier weken.",
    ),
    Topic(
        "wmo",
        "Vervoer naar dagbesteding",
        "De taxi komt te laat voor de dagbesteding. Kan dat anders?",
        "Rit verplaatst naar een ander tijdstip.",
    ),
    Topic(
        "jeugd",
        "Persoonsgebonden budget",
        "Mijn budget is bijna op en het jaar nog niet om. Wat nu?",
        "Herberekening aangevraagd.",
    ),
    Topic(
        "wmo",
        "Traplift en woningaanpassing",
        "Ik kom de trap niet meer op. Komt er iemand kijken?",
        "Huisbezoek ingepland met een ergotherapeut.",
    ),
    Topic(
        "schuldhulp",
        "Vroegsignalering huurachterstand",
        "U stuurde mij een brief over mijn huur. Wat wilt u van mij weten?",
        "Uitgelegd wat vroegsignalering is; geen hulp gewenst.",
    ),
    Topic(
        "jeugd",
        "Verlenging beschikking jeugdhulp",
        "De beschikking van mijn dochter loopt af. Moet ik zelf iets doen?",
        "Evaluatie met de aanbieder gepland.",
    ),
)

MORE = (
    "Ik heb dit ook al bij het wijkteam verteld.",
    "Mijn zus belt voortaan voor mij.",
    "Overdag ben ik slecht bereikbaar.",
    "De vorige consulent werkt hier niet meer.",
)

PROXIES = ("Bewindvoering Rietsluis", "Zorgboerderij De Kade", "Cliëntondersteuning Zilverdam")

TEAMS = (
    Team("t-wmo", "Team Wmo"),
    Team("t-jeugd", "Team Jeugd"),
    Team("t-schuld", "Team Schuldhulp"),
    Team("t-noord", "Wijkteam Noord"),
    Team("t-zuid", "Wijkteam Zuid"),
)

JOBS = ("Wmo-consulent", "Jeugdconsulent", "Schuldhulpverlener", "Wijkcoach", "Ergotherapeut")

ACTIONS = (
    "Terugbellen: {}",
    "Huisbezoek plannen: {}",
    "Aanbieder vragen naar: {}",
    "Stukken beoordelen: {}",
)

EXPLANATIONS = (
    "Bel na vier uur, dan is de mantelzorger er.",
    "Let op: beschikking loopt deze maand af.",
    "Eerst overleggen met het wijkteam.",
)

REMARKS = (
    "Contact graag via de mantelzorger.",
    "Gebruikt een tolk Arabisch.",
    "Doet niet open voor onbekenden; eerst bellen.",
    "Dossier is overgenomen van de vorige aanbieder.",
)

LABELS = ("mantelzorger", "thuis", "werk", "dagbesteding")
