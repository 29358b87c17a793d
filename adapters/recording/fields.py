"""What stands in a field, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What is done with the value of a field."""

    KEEP = auto()
    """How is asked, and what the caller says is nobody's: as it is, but for what has the shape of a
    person's, or is of a person elsewhere in the recording."""
    CODE = auto()
    """As ``KEEP`` where it looks like a code; text anywhere else."""
    SECRET = auto()
    """Left out."""
    STAMP = auto()
    """Another one in each request: of no account when requests are compared."""
    BSN = auto()
    NUMBER = auto()
    PLACE = auto()
    """A number that says where somebody is, and short ones too: of a house, or coordinates."""
    NAME = auto()
    PHONE = auto()
    BIRTH = auto()
    QUERY = auto()
    """A question in a language: what is quoted in it is a value, or what follows ``__exact__``."""
    TEXT = auto()
    """Anything else: what it may be is told from its shape, and if that says nothing, it is
    replaced by made-up text."""


def _names(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


DEFAULTS: Final[Mapping[str, Kind]] = {
    **_names(
        Kind.SECRET,
        "password wachtwoord secret clientsecret clientid accesstoken refreshtoken idtoken token"
        " apikey username assertion clientassertion authorization cookie signature signaturevalue"
        " binarysecuritytoken digestvalue sig passwd pwd apisecret privatekey session sessionid"
        " sessiontoken subscriptionkey credential credentials",
    ),
    **_names(
        Kind.STAMP,
        "stuurgegevens.referentienummer stuurgegevens.crossrefnummer"
        " stuurgegevens.tijdstipbericht usernametoken.nonce usernametoken.created"
        " timestamp.created timestamp.expires header.messageid header.relatesto",
    ),
    **_names(Kind.BSN, "bsn burgerservicenummer rsin nnpid"),
    **_names(
        Kind.NUMBER,
        "kvk kvknummer kvknr vestnr vestigingsnummer objectid anummer"
        " klantnummer nummer identificatie zaaknummer zaakidentificatie iban rekeningnummer"
        " nummeraanduiding",
    ),
    **_names(
        Kind.PLACE,
        "huisnummer huisnr huisletter huisnummertoevoeging toevoeging housenumber lat lon lng"
        " latitude longitude coordinates coordinaten x y",
    ),
    **_names(
        Kind.NAME,
        "naam name voornaam voornamen voorletters voorvoegsel voorvoegselachternaam"
        " voorvoegselgeslachtsnaam achternaam geslachtsnaam volledigenaam roepnaam bedrijfsnaam"
        " handelsnaam statutairenaam contactpersoon gebruiker displayname givenname surname"
        " familyname fullname firstname lastname middlename companyname organizationname"
        " accountname contactname customername organisatienaam tussenvoegsel initials straat"
        " straatnaam openbareruimtenaam woonplaats woonplaatsnaam plaats city street",
    ),
    **_names(Kind.PHONE, "telefoon telefoonnummer telnr mobiel phone phonenumber mobilephone fax"),
    **_names(
        Kind.BIRTH,
        "geboortedatum gebdatum gebdat geboren geborenop geboorte overlijdensdatum overleden"
        " birthdate dateofbirth birthday birth dob deathdate",
    ),
    **_names(Kind.QUERY, "$filter filter q query soql dataattr dataattrs"),
    **_names(
        Kind.KEEP,
        "page pagesize pagina limit offset count total top skip $top $skip $count $select"
        " $expand $orderby ordering sort order orderby expand fields scope granttype"
        " @odata.context",
    ),
    **_names(
        Kind.CODE,
        "format version more tokentype resource type soort status kanaal taal talen geslacht"
        " geslachtsaanduiding aanduidingnaamgebruik indicatie landcode land codeobjecttype"
        " coderegister codesoortobjectid soortpartij soortactor soortdigitaaladres partijtype"
        " klanttype rol betrokkenetype roltype objecttype vertrouwelijkheidaanduiding"
        " archiefstatus berichtcode functie entiteittype sectormodel versiestuf"
        " verwerkingssoort mutatiesoort indicatorovername novalue organisatie applicatie"
        " administratie sortering indicatorvervolgvraag maximumaantal faultcode code nil",
    ),
}
"""By the name, or the last names of a path, in small letters, letters and digits only."""


class Fields:
    """The kinds of all fields: ``keep`` names more that are no person's, a name or the last names
    of a path with dots between them."""

    def __init__(self, keep: Iterable[str] = ()) -> None:
        self._kinds = {**DEFAULTS, **{_path(name): Kind.KEEP for name in keep}}

    def kind(self, path: Sequence[str]) -> Kind:
        """What stands at the end of a path of names."""
        names = _path(".".join(path)).split(".")
        for start in range(len(names)):
            kind = self._kinds.get(".".join(names[start:]))
            if kind is not None:
                return kind
        # A day of birth may be an object, with the day in a member that is called otherwise.
        born = any(self._kinds.get(name) is Kind.BIRTH for name in names)
        return Kind.BIRTH if born else Kind.TEXT


def _path(text: str) -> str:
    return re.sub(r"[^a-z0-9.$@]", "", text.lower())
