"""The problem answers of the contract, and the few that a façade needs beside them.

The first group is what Open Klant 2.18 answers, texts included. The second is ours: situations
that a register with its own database does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: HTTP status, class name in ``type``, code, title, default detail."""

    status: int
    name: str
    code: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class InvalidParam:
    """One entry of ``invalidParams``: the parameter's name, a code, a reason in Dutch."""

    name: str
    code: str
    reason: str


_INVALID = "Ongeldige invoerwaarde."
_NOT_FOUND = "Niet gevonden."

VALIDATION: Final = Kind(400, "ValidationError", "invalid", _INVALID, _INVALID)
NOT_AUTHENTICATED: Final = Kind(
    401,
    "NotAuthenticated",
    "not_authenticated",
    "Authenticatiegegevens zijn niet opgegeven.",
    "Authenticatiegegevens zijn niet opgegeven.",
)
AUTHENTICATION_FAILED: Final = Kind(
    401,
    "AuthenticationFailed",
    "authentication_failed",
    "Ongeldige authenticatiegegevens.",
    "Ongeldige token.",
)
NOT_FOUND: Final = Kind(404, "NotFound", "not_found", _NOT_FOUND, _NOT_FOUND)
METHOD_NOT_ALLOWED: Final = Kind(
    405, "MethodNotAllowed", "method_not_allowed", 'Methode "{method}" niet toegestaan.', ""
)
NOT_ACCEPTABLE: Final = Kind(
    406,
    "NotAcceptable",
    "not_acceptable",
    "Kan niet voldoen aan de opgegeven Accept header.",
    "Kan niet voldoen aan de opgegeven Accept header.",
)
PARSE_ERROR: Final = Kind(
    400,
    "ParseError",
    "parse_error",
    "Ongeldig samengestelde request.",
    "Ongeldig samengestelde request.",
)
UNSUPPORTED_MEDIA_TYPE: Final = Kind(
    415,
    "UnsupportedMediaType",
    "unsupported_media_type",
    'Ongeldige media type "{media_type}" in aanvraag.',
    "",
)
SERVER_ERROR: Final = Kind(
    500, "APIException", "error", "Er is een serverfout opgetreden.", "Internal Server Error"
)

PERMISSION_DENIED: Final = Kind(
    403,
    "PermissionDenied",
    "permission_denied",
    "Geen toestemming.",
    "De client heeft geen toestemming voor deze resource.",
)
PRECONDITION_FAILED: Final = Kind(
    412,
    "VoorwaardeNietVervuld",
    "voorwaarde-niet-vervuld",
    "Aan de voorwaarde van het verzoek is niet voldaan.",
    "Het object is niet zoals If-Match of If-None-Match zegt; er is niets gewijzigd.",
)
HEADERS_TOO_LARGE: Final = Kind(
    431,
    "KoptekstTeGroot",
    "koptekst-te-groot",
    "De URL of de headers zijn te groot.",
    "De URL of de headers zijn te groot.",
)
MALFORMED: Final = Kind(
    400,
    "OngeldigVerzoek",
    "ongeldig-verzoek",
    "Dit is geen geldig HTTP-verzoek.",
    "Dit is geen geldig HTTP-verzoek.",
)
HEAD_TIMEOUT: Final = Kind(
    408,
    "VerzoekTeLaat",
    "verzoek-te-laat",
    "Het verzoek was niet op tijd compleet.",
    "Het verzoek was niet op tijd compleet.",
)
BODY_TOO_LARGE: Final = Kind(
    413,
    "VerzoekTeGroot",
    "verzoek-te-groot",
    "Het verzoek is te groot.",
    "Het verzoek is te groot.",
)
CONTENT_TOO_LARGE: Final = Kind(
    403,
    "InhoudTeGroot",
    "inhoud-te-groot",
    "De inhoud is te groot om door te geven.",
    "Wat groter is dan 25 MB geeft de gateway niet door.",
)
CONFLICT: Final = Kind(409, "Conflict", "conflict", "De wijziging past niet bij wat er staat.", "")
DIFFERS: Final = Kind(
    409, "StaatAnders", "staat-anders", "Er staat iets anders, en dat ligt in de bron vast.", ""
)
PARTLY_DONE: Final = Kind(
    502,
    "GedeeltelijkVerwerkt",
    "gedeeltelijk-verwerkt",
    "De wijziging is maar voor een deel doorgevoerd.",
    "Een bronsysteem weigerde een deel van de wijziging, en wat al was gewijzigd kon niet worden "
    "teruggedraaid.",
)
SOURCE_BAD_DATA: Final = Kind(
    502,
    "BronGegevensOnjuist",
    "bron-gegevens-onjuist",
    "Een bronsysteem gaf gegevens die niet te vertalen zijn.",
    "",
)
SOURCE_REFUSED: Final = Kind(
    502,
    "BronWeigert",
    "bron-weigert",
    "Een bronsysteem weigert de vraag van de gateway.",
    "",
)
SOURCE_THROTTLED: Final = Kind(
    503, "BronBegrensd", "bron-begrensd", "Een bronsysteem is tijdelijk vol.", ""
)
SOURCE_UNAVAILABLE: Final = Kind(
    503,
    "BronNietBeschikbaar",
    "bron-niet-beschikbaar",
    "Een bronsysteem is niet beschikbaar.",
    "",
)
SOURCE_TIMEOUT: Final = Kind(
    504, "BronTeLaat", "bron-te-laat", "Een bronsysteem antwoordde niet op tijd.", ""
)
OUTCOME_UNKNOWN: Final = Kind(
    504, "UitkomstOnbekend", "uitkomst-onbekend", "De wijziging kan verwerkt zijn.", ""
)
DEADLINE: Final = Kind(
    504,
    "TijdVerstreken",
    "tijd-verstreken",
    "De vraag kon niet binnen de tijd worden beantwoord.",
    "De vraag kon niet binnen de tijd worden beantwoord.",
)

KINDS: Final = (
    VALIDATION,
    PARSE_ERROR,
    NOT_AUTHENTICATED,
    AUTHENTICATION_FAILED,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    UNSUPPORTED_MEDIA_TYPE,
    SERVER_ERROR,
    PERMISSION_DENIED,
    PRECONDITION_FAILED,
    PARTLY_DONE,
    MALFORMED,
    HEAD_TIMEOUT,
    BODY_TOO_LARGE,
    HEADERS_TOO_LARGE,
    CONTENT_TOO_LARGE,
    CONFLICT,
    DIFFERS,
    SOURCE_BAD_DATA,
    SOURCE_REFUSED,
    SOURCE_THROTTLED,
    SOURCE_UNAVAILABLE,
    SOURCE_TIMEOUT,
    OUTCOME_UNKNOWN,
    DEADLINE,
)

PARAM_CODES: Final[Mapping[str, str]] = {
    "unknown-parameters": "Een queryparameter die de resource niet kent.",
    "invalid": "De waarde heeft niet het goede type of formaat.",
    "invalid_choice": "De waarde is geen van de toegestane keuzes.",
    "required": "Een attribuut dat er moet zijn ontbreekt.",
    "null": "De waarde mag niet null zijn.",
    "blank": "De waarde mag niet leeg zijn; een filter dat iets of iemand aanwijst evenmin.",
    "max_length": "De tekst of de lijst is te lang.",
    "min_length": "De tekst is te kort.",
    "max_value": "Het getal is te groot.",
    "min_value": "Het getal is te klein.",
    "max_string_length": "De tekst is te lang voor een getal.",
    "not_a_list": "De waarde is geen lijst.",
    "not_a_dict": "De waarde is geen object.",
    "null_characters_not_allowed": "De waarde bevat een NUL-teken.",
    "surrogate_characters_not_allowed": "De waarde bevat een half teken (surrogaat).",
    "unique": "Er is al een object met deze waarde of combinatie van waarden.",
    "duplicated": "Hetzelfde object is twee keer genoemd.",
    "no-further-action-when-contact-succesful": (
        "Het contact is gelukt, en er zou toch verdere actie zijn ondernomen."
    ),
    "not-kept": "Het bronsysteem kan de waarde niet bewaren zoals zij gegeven is.",
    "differs": "In de bron staat iets anders, en dat is daar niet meer te wijzigen.",
    "too-many-to-keep": "Het bronsysteem kan zo veel objecten of verwijzingen niet bewaren.",
    "filter-not-supported": "Geen bron kan dit filter binnen het zoekbudget beantwoorden.",
    "page-unknown": "De laatste pagina is niet bekend: van het aantal is alleen een grens bekend.",
    "too-many-related": "Het antwoord omvat meer gerelateerde objecten dan is toegestaan.",
}
"""Every code that ``invalidParams`` can carry, with what it means."""


class Problem(Exception):
    """An answer other than success; the API writes it in the contract's problem shape.

    ``source`` and ``note`` are for the log: which source failed, and what is known of it.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        params: Iterable[InvalidParam] = (),
        headers: Mapping[str, str] | None = None,
        source: str | None = None,
        note: str | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.source = source
        self.note = note
        self.kind = kind
        self.detail = detail or kind.detail
        self.params = tuple(params)
        self.headers = dict(headers or {})


def invalid(name: str, code: str, reason: str) -> Problem:
    """A 400 that names one parameter."""
    assert code in PARAM_CODES, code
    return Problem(VALIDATION, params=[InvalidParam(name, code, reason)])


_ECHO_LENGTH = 80
_MANY_DIGITS = re.compile(r"[^\s\d]\d{7,}|(?:\d\D*){8,}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def echo(text: str) -> str:
    """What of a client's own text may stand in an error: nothing that could be a person.

    Text with as many digits as a BSN or a telephone number, in one piece or not, and text with an
    at sign is replaced whole; long text is cut.
    """
    if "@" in text or (_MANY_DIGITS.search(text) and not _DATE.fullmatch(text)):
        return "***"
    return text if len(text) <= _ECHO_LENGTH else text[:_ECHO_LENGTH] + "…"
