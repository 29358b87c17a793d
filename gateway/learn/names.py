"""What fields are called in systems for customer contacts: small letters and digits only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final


def _names(table: Mapping[str, str]) -> dict[str, str]:
    return {name: attribute for attribute, names in table.items() for name in names.split()}


PARTIJ: Final = _names(
    {
        "nummer": "klantnummer klantnr relatienummer relatienr partijnummer customernumber"
        " clientnummer nummer number",
        "interneNotitie": "notitie opmerking opmerkingen remark remarks note memo internenotitie",
        "soortPartij": "soort srt type kind klanttype klantsoort partijtype soortpartij subjecttype"
        " relatietype soortklant customertype rechtsvorm",
        "indicatieGeheimhouding": "geheim geheimhouding indicatiegeheimhouding issecret secret",
        "voorkeurstaal": "taal voorkeurstaal language taalcode lang",
        "indicatieActief": "actief active isactive indicatieactief isactief enabled",
        "bezoekadres.nummeraanduidingId": "bagid nummeraanduiding nummeraanduidingid bag",
        "bezoekadres.straatnaam": "straat straatnaam street streetname openbareruimte"
        " openbareruimtenaam",
        "bezoekadres.huisnummer": "huisnummer huisnr housenumber streetnumber",
        "bezoekadres.huisnummertoevoeging": "huisnummertoevoeging huisnrtoev toevoeging toev"
        " houseaddition housenumberaddition huisnrtoevoeging",
        "bezoekadres.postcode": "postcode postalcode zipcode zip",
        "bezoekadres.stad": "plaats woonplaats stad city town woonplaatsnaam plaatsnaam",
        "bezoekadres.land": "land landcode country countrycode",
        "partijIdentificatie.contactnaam.voorletters": "voorletters voorl initialen initials",
        "partijIdentificatie.contactnaam.voornaam": "voornaam voornamen roepnaam firstname"
        " givenname forename",
        "partijIdentificatie.contactnaam.voorvoegselAchternaam": "voorvoegsel tussenvoegsel"
        " voorvoegselachternaam voorvoegsels surnameprefix voorvoegselgeslachtsnaam infix",
        "partijIdentificatie.contactnaam.achternaam": "achternaam geslachtsnaam surname lastname"
        " familyname familienaam",
        "partijIdentificatie.naam": "bedrijfsnaam organisatienaam handelsnaam statutairenaam"
        " organisationname organizationname companyname company organisatie",
        "naam": "naam name fullname volledigenaam weergavenaam displayname klantnaam",
    }
)
"""For a klant, a relation, a person or a company. ``naam`` is of whoever it is."""

CONTACT: Final = _names(
    {
        "nummer": "contactnummer contactnr nummer number volgnummer ticketnummer casenumber"
        " ticketnumber",
        "referentienummer": "referentienummer referentie refnr reference kenmerk",
        "kanaal": "kanaal channel kanaalcd kanaalcode contactkanaal via medium origin",
        "onderwerp": "onderwerp subject titel title betreft",
        "inhoud": "inhoud tekst vraag bericht notitie toelichting question body message text"
        " content omschrijving description",
        "reactie": "reactie antwoord answer reply response",
        "indicatieContactGelukt": "gelukt contactgelukt indicatiecontactgelukt reached bereikt",
        "hoofdOnderwerpType": "producturl hoofdonderwerptype",
        "verdereActieOndernomen": "vervolg vervolgactie followup verdereactieondernomen",
        "taal": "taal voorkeurstaal language taalcode lang",
        "vertrouwelijk": "vertrouwelijk vertr confidential issecret geheim",
        "plaatsgevondenOp": "moment tijdstip datumtijd plaatsgevondenop tookplaceat"
        " registratiedatum contactdatum occurredat gemeld datetime datum date ontvangen"
        " happenedat receiveddatetime receivedat gevoerdop",
    }
)
"""For a contact: a call, a message, a visit."""

CREATED: Final = _names(
    {
        "created": "aanmaak aangemaakt aanmaakdatum aangemaaktop createdat created creationdate"
        " registratiedatum invoerdatum creatiedatum datumaanmaak toegevoegd"
        " createdon createddate createddatetime datecreated opgevoerd"
    }
)
NUMBERS: Final = _names(
    {
        "bsn": "bsn burgerservicenummer sofinummer inpbsn citizenservicenumber",
        "rsin": "rsin innnnpid nnpid fiscaalnummer",
        "kvk_nummer": "kvk kvknr kvknummer handelsregisternummer cocnumber",
        "vestigingsnummer": "vestigingsnummer vestnr vestigingsnr branchnumber",
    }
)
ADDRESSES: Final = _names(
    {
        "email": "email emailadres mail mailadres emailaddress epost",
        "telefoonnummer": "telefoon telefoonnummer telnr tel mobiel telmobiel telprive telwerk"
        " mobielnummer phone phonenumber mobile mobilephone gsm",
    }
)


def plain(path: str) -> str:
    """The last name of a dotted path, as the tables have it."""
    return re.sub(r"[^a-z0-9]", "", path.rpartition(".")[2].lower())


def last_word(path: str) -> str:
    """The last word of a name of several, where that says something by itself: of ``BEL_EMAIL`` and
    ``belEmail`` that is ``email``."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+", path.rpartition(".")[2])
    word = words[-1].lower() if len(words) > 1 else ""
    return "" if word in _SAYS_LITTLE else word


_SAYS_LITTLE: Final = frozenset(
    ["date", "datum", "kind", "naam", "name", "nummer", "number", "type"]
)
_POST: Final = re.compile(r"(?i:post|correspondentie(?:adres)?|mailing)[._]|post(?=[A-Z][a-z])")


def of_post(path: str) -> str:
    """What remains of a name that begins with post, empty of another: of ``POST_STRAAT`` that is
    ``STRAAT``, of ``POSTCODE`` nothing."""
    found = _POST.match(path)
    return path[found.end() :] if found else ""
