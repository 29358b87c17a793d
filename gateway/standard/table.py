"""The one table of the contract: Klantinteracties 0.9.0 as Open Klant 2.18 serves it.

Routes, query parsing, expand, shapes and the checks of mappings all follow from it. Members
stand in the order of the wire. Sources: the VNG standard Klantinteracties, and the behaviour of
Open Klant 2.18 where the standard is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gateway.standard.model import (
    REQUIRED,
    Derived,
    Embed,
    Field,
    Fill,
    Gone,
    Group,
    Inverse,
    Kind,
    Nature,
    Op,
    Reads,
    Ref,
    Resource,
    Variants,
)
from gateway.standard.shorthand import (
    CONTACTNAAM,
    VOLLEDIGE_NAAM,
    adres,
    boolean,
    by,
    by_adres,
    by_boolean,
    by_choice,
    by_identificator,
    by_part,
    by_partij_identificator,
    by_reference,
    date,
    enum,
    identificator,
    moment,
    nummer,
    part_of,
    resource,
    text,
)

API_VERSION: Final = "0.9.0"
BASE_PATH: Final = "/klantinteracties/api/v1"

SOORT_PARTIJ: Final = ("persoon", "organisatie", "contactpersoon")
SOORT_ACTOR: Final = ("medewerker", "geautomatiseerde_actor", "organisatorische_eenheid")
SOORT_ADRES: Final = ("email", "telefoonnummer", "overig")
ROL: Final = ("vertegenwoordiger", "klant")
TAAKSTATUS: Final = ("te_verwerken", "verwerkt")
OBJECTTYPE: Final = ("natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging")
SOORT_OBJECT: Final = ("bsn", "vestigingsnummer", "kvk_nummer", "rsin")
REGISTER: Final = ("brp", "hr")

_SLUG: Final = (
    'Voer een geldige "slug" in, bestaande uit letters, cijfers, lage streepjes of streepjes.'
)
PHONE: Final = r"^(0[1-9][0-9]{8}|\+[0-9]{9,15}|00[0-9]{7,13})$"

_TABLE: Final = (
    resource(
        "actoren",
        "Actor",
        (
            text("naam", 200, REQUIRED),
            enum("soortActor", SOORT_ACTOR),
            boolean("indicatieActief", True),
            identificator("actoridentificator"),
            Variants(
                "actorIdentificatie",
                "soortActor",
                {
                    "medewerker": (
                        text("functie", 40, required=True),
                        text("emailadres", 254, format="email"),
                        text(
                            "telefoonnummer", 20, required=True, pattern=PHONE, nature=Nature.PHONE
                        ),
                    ),
                    "geautomatiseerde_actor": (
                        text("functie", 40, required=True),
                        text("omschrijving", 200),
                    ),
                    "organisatorische_eenheid": (
                        text("omschrijving", 200),
                        text("emailadres", 254, format="email"),
                        text("faxnummer", 20),
                        text("telefoonnummer", 20, pattern=PHONE, nature=Nature.PHONE),
                    ),
                },
            ),
        ),
        (
            by_part("naam", "naam"),
            by_choice("soortActor", "soortActor", SOORT_ACTOR),
            by_boolean("indicatieActief", "indicatieActief"),
            *by_identificator("actoridentificator", "actoridentificator"),
        ),
    ),
    resource(
        "actorklantcontacten",
        "ActorKlantcontact",
        (
            part_of("actor", "actoren", required=True),
            part_of("klantcontact", "klantcontacten", required=True),
        ),
        (*by_reference("actor", "actor"), *by_reference("klantcontact", "klantcontact")),
    ),
    resource(
        "betrokkenen",
        "Betrokkene",
        (
            part_of("wasPartij", "partijen"),
            part_of("hadKlantcontact", "klantcontacten", required=True),
            Inverse("digitaleAdressen", "digitaleadressen", "verstrektDoorBetrokkene"),
            adres("bezoekadres"),
            adres("correspondentieadres"),
            CONTACTNAAM,
            VOLLEDIGE_NAAM,
            enum("rol", ROL),
            text("organisatienaam", 200),
            boolean("initiator", REQUIRED),
        ),
        (
            by("contactnaamVoorletters", "contactnaam.voorletters"),
            by("contactnaamVoornaam", "contactnaam.voornaam"),
            by("contactnaamVoorvoegselAchternaam", "contactnaam.voorvoegselAchternaam"),
            by("contactnaamAchternaam", "contactnaam.achternaam"),
            by("hadKlantcontact__nummer", "hadKlantcontact/nummer"),
            by("hadKlantcontact__referentienummer", "hadKlantcontact/referentienummer"),
            *by_reference("hadKlantcontact", "hadKlantcontact"),
            by("verstrektedigitaalAdres__adres", "digitaleAdressen/adres"),
            *by_reference("verstrektedigitaalAdres", "digitaleAdressen"),
            by("wasPartij__nummer", "wasPartij/nummer"),
            *by_reference("wasPartij", "wasPartij"),
            *by_partij_identificator(
                "wasPartij__partijIdentificator", "wasPartij/partijIdentificatoren"
            ),
            by("organisatienaam", "organisatienaam"),
        ),
        {"digitaleAdressen": "digitaleadressen"},
    ),
    resource(
        "bijlagen",
        "Bijlage",
        (
            part_of("wasBijlageVanKlantcontact", "klantcontacten"),
            identificator("bijlageidentificator"),
        ),
        (
            *by_identificator("bijlageidentificator", "bijlageidentificator"),
            by("klantcontact__uuid", "wasBijlageVanKlantcontact/uuid", Op.EQ, Reads.UUID),
        ),
    ),
    resource("categorieen", "Categorie", (text("naam", 80),)),
    resource(
        "categorie-relaties",
        "CategorieRelatie",
        (
            part_of("partij", "partijen"),
            Ref("categorie", "categorieen", shows=("naam",), gone=Gone.DELETED),
            date("beginDatum", Fill.TODAY),
            date("eindDatum"),
        ),
        (
            *by_reference("partij", "partij"),
            by("partij__nummer", "partij/nummer"),
            *by_reference("categorie", "categorie"),
            by("categorie__naam", "categorie/naam"),
            by("beginDatum", "beginDatum", Op.EQ, Reads.DATE),
            by("eindDatum", "eindDatum", Op.EQ, Reads.DATE),
        ),
    ),
    resource(
        "digitaleadressen",
        "DigitaalAdres",
        (
            Ref("verstrektDoorBetrokkene", "betrokkenen"),
            Ref("verstrektDoorPartij", "partijen", gone=Gone.DELETED, stated=True),
            text("adres", 80, REQUIRED, nature=Nature.ADDRESS),
            enum("soortDigitaalAdres", SOORT_ADRES),
            boolean("isStandaardAdres", False),
            text("omschrijving", 40),
            text("referentie", 50, pattern=r"^[-a-zA-Z0-9_]+$", reason=_SLUG),
            date("verificatieDatum"),
        ),
        (
            by("adres", "adres"),
            by_part("adres__icontains", "adres"),
            by_choice("soortDigitaalAdres", "soortDigitaalAdres", SOORT_ADRES),
            by_boolean("isStandaardAdres", "isStandaardAdres"),
            by_part("omschrijving", "omschrijving"),
            by("referentie", "referentie"),
            by("verificatieDatum", "verificatieDatum", Op.EQ, Reads.DATE),
            by("verificatieDatum__gt", "verificatieDatum", Op.GT, Reads.DATE),
            by("verificatieDatum__gte", "verificatieDatum", Op.GTE, Reads.DATE),
            by("verificatieDatum__lt", "verificatieDatum", Op.LT, Reads.DATE),
            by("verificatieDatum__lte", "verificatieDatum", Op.LTE, Reads.DATE),
            *by_reference("verstrektDoorBetrokkene", "verstrektDoorBetrokkene"),
            by_choice("verstrektDoorBetrokkene__rol", "verstrektDoorBetrokkene/rol", ROL),
            *by_reference("verstrektDoorPartij", "verstrektDoorPartij"),
            by_choice(
                "verstrektDoorPartij__soortPartij",
                "verstrektDoorPartij/soortPartij",
                SOORT_PARTIJ,
            ),
            *by_partij_identificator(
                "verstrektDoorPartij__partijIdentificator",
                "verstrektDoorPartij/partijIdentificatoren",
            ),
            by_boolean("isGeverifieerd", "verificatieDatum", Op.PRESENT),
        ),
        {
            "verstrektDoorBetrokkene": "betrokkenen",
            "verstrektDoorBetrokkene.hadKlantcontact": "klantcontacten",
            "verstrektDoorBetrokkene.hadKlantcontact.leiddeTotInterneTaken": "internetaken",
        },
    ),
    resource(
        "internetaken",
        "InterneTaak",
        (
            nummer("nummer", deprecated=True),
            nummer("referentienummer"),
            text("gevraagdeHandeling", 200, REQUIRED),
            part_of("aanleidinggevendKlantcontact", "klantcontacten", required=True),
            Derived("toegewezenAanActor", "first_reference", "toegewezenAanActoren"),
            Ref("toegewezenAanActoren", "actoren", many=True),
            text("toelichting", 1000),
            enum("status", TAAKSTATUS),
            moment("toegewezenOp", read_only=True),
            Field("afgehandeldOp", Kind.DATETIME, None),
        ),
        (
            by("nummer", "nummer"),
            by("referentienummer", "referentienummer"),
            by_choice("status", "status", TAAKSTATUS),
            by("toegewezenOp", "toegewezenOp", Op.EQ, Reads.DATETIME),
            by("actoren__naam", "toegewezenAanActoren/naam"),
            by("klantcontact__uuid", "aanleidinggevendKlantcontact/uuid", Op.EQ, Reads.UUID),
            by("klantcontact__nummer", "aanleidinggevendKlantcontact/nummer"),
            by("klantcontact__referentienummer", "aanleidinggevendKlantcontact/referentienummer"),
            *by_reference("toegewezenAanActor", "toegewezenAanActoren"),
            *by_reference("aanleidinggevendKlantcontact", "aanleidinggevendKlantcontact"),
        ),
    ),
    resource(
        "klantcontacten",
        "Klantcontact",
        (
            Inverse("gingOverOnderwerpobjecten", "onderwerpobjecten", "klantcontact"),
            Inverse(
                "hadBetrokkenActoren",
                "actorklantcontacten",
                "klantcontact",
                then="actor",
                embed=Embed.OBJECT,
            ),
            Inverse("omvatteBijlagen", "bijlagen", "wasBijlageVanKlantcontact"),
            Inverse("hadBetrokkenen", "betrokkenen", "hadKlantcontact"),
            Inverse("leiddeTotInterneTaken", "internetaken", "aanleidinggevendKlantcontact"),
            Inverse(
                "wasOnderwerpobjecten", "onderwerpobjecten", "wasKlantcontact", embed=Embed.HIDDEN
            ),
            nummer("nummer", deprecated=True),
            nummer("referentienummer"),
            text("kanaal", 50, REQUIRED),
            text("onderwerp", 200, REQUIRED),
            text("inhoud", 1000),
            text("reactie", 4000),
            boolean("indicatieContactGelukt", None),
            text("hoofdOnderwerpType", 200, format="uri"),
            Field("verdereActieOndernomen", Kind.BOOLEAN, False, resets=True),
            text("taal", 3, REQUIRED, nature=Nature.LANGUAGE),
            boolean("vertrouwelijk", REQUIRED),
            moment("plaatsgevondenOp"),
            Field("metadata", Kind.MAP, None, max_length=255),
        ),
        (
            *by_reference("hadBetrokkene", "hadBetrokkenen"),
            by_boolean("hadBetrokkene__wasPartij", "hadBetrokkenen/wasPartij", Op.EXISTS),
            *by_reference("hadBetrokkene__wasPartij", "hadBetrokkenen/wasPartij"),
            *by_partij_identificator(
                "hadBetrokkene__wasPartij__partijIdentificator",
                "hadBetrokkenen/wasPartij/partijIdentificatoren",
            ),
            by_part(
                "hadBetrokkene__digitaaladres__adres__icontains",
                "hadBetrokkenen/digitaleAdressen/adres",
            ),
            by_boolean("leiddeTotInterneTaken", "leiddeTotInterneTaken", Op.EXISTS),
            *by_reference("onderwerpobject", "gingOverOnderwerpobjecten"),
            *by_identificator(
                "onderwerpobject__onderwerpobjectidentificator",
                "gingOverOnderwerpobjecten/onderwerpobjectidentificator",
            ),
            *by_reference("wasOnderwerpobject", "wasOnderwerpobjecten"),
            *by_identificator(
                "wasOnderwerpobject__onderwerpobjectidentificator",
                "wasOnderwerpobjecten/onderwerpobjectidentificator",
            ),
            by("nummer", "nummer"),
            by("referentienummer", "referentienummer"),
            by("kanaal", "kanaal"),
            by_part("onderwerp", "onderwerp"),
            by_part("inhoud", "inhoud"),
            by_part("reactie", "reactie"),
            by_boolean("indicatieContactGelukt", "indicatieContactGelukt"),
            by_boolean("vertrouwelijk", "vertrouwelijk"),
            by("plaatsgevondenOp", "plaatsgevondenOp", Op.EQ, Reads.DATETIME),
        ),
        {
            "hadBetrokkenen": "betrokkenen",
            "leiddeTotInterneTaken": "internetaken",
            "gingOverOnderwerpobjecten": "onderwerpobjecten",
            "omvatteBijlagen": "bijlagen",
            "hadBetrokkenen.wasPartij": "partijen",
            "hadBetrokkenen.digitaleAdressen": "digitaleadressen",
        },
        order="plaatsgevondenOp",
    ),
    resource(
        "onderwerpobjecten",
        "Onderwerpobject",
        (
            part_of("klantcontact", "klantcontacten"),
            part_of("wasKlantcontact", "klantcontacten"),
            identificator("onderwerpobjectidentificator"),
        ),
        (
            *by_identificator("onderwerpobjectidentificator", "onderwerpobjectidentificator"),
            *by_reference("klantcontact", "klantcontact"),
            *by_reference("wasKlantcontact", "wasKlantcontact"),
        ),
    ),
    resource(
        "partijen",
        "Partij",
        (
            nummer("nummer", deprecated=True),
            text("interneNotitie", 1000),
            Inverse("betrokkenen", "betrokkenen", "wasPartij"),
            Inverse(
                "categorieRelaties",
                "categorie-relaties",
                "partij",
                shows={
                    "categorieNaam": "categorie/naam",
                    "beginDatum": "beginDatum",
                    "eindDatum": "eindDatum",
                },
            ),
            Inverse("digitaleAdressen", "digitaleadressen", "verstrektDoorPartij", writable=True),
            Ref("voorkeursDigitaalAdres", "digitaleadressen"),
            Inverse(
                "vertegenwoordigden",
                "vertegenwoordigingen",
                "vertegenwoordigendePartij",
                then="vertegenwoordigdePartij",
            ),
            Inverse(
                "vertegenwoordigers",
                "vertegenwoordigingen",
                "vertegenwoordigdePartij",
                then="vertegenwoordigendePartij",
                embed=Embed.HIDDEN,
            ),
            Inverse("rekeningnummers", "rekeningnummers", "partij", writable=True),
            Ref("voorkeursRekeningnummer", "rekeningnummers"),
            Inverse(
                "partijIdentificatoren",
                "partij-identificatoren",
                "identificeerdePartij",
                embed=Embed.OBJECT,
                writable=True,
            ),
            enum("soortPartij", SOORT_PARTIJ),
            boolean("indicatieGeheimhouding", None),
            text("voorkeurstaal", 3, nature=Nature.LANGUAGE),
            boolean("indicatieActief", REQUIRED),
            adres("bezoekadres"),
            adres("correspondentieadres"),
            Variants(
                "partijIdentificatie",
                "soortPartij",
                {
                    "persoon": (CONTACTNAAM, VOLLEDIGE_NAAM),
                    "organisatie": (text("naam", 200),),
                    "contactpersoon": (
                        Derived("uuid", "uuid"),
                        Ref("werkteVoorPartij", "partijen", soort="organisatie"),
                        CONTACTNAAM,
                        VOLLEDIGE_NAAM,
                    ),
                },
            ),
        ),
        (
            *by_reference("vertegenwoordigdePartij", "vertegenwoordigers"),
            *by_partij_identificator("partijIdentificator", "partijIdentificatoren"),
            *by_partij_identificator(
                "subIdentificatorVan", "partijIdentificatoren/subIdentificatorVan"
            ),
            by(
                "categorierelatie__categorie__naam",
                "categorieRelaties/categorie/naam",
                Op.IN,
                Reads.LIST,
            ),
            by("nummer", "nummer"),
            by_boolean("indicatieGeheimhouding", "indicatieGeheimhouding"),
            by_boolean("indicatieActief", "indicatieActief"),
            by_choice("soortPartij", "soortPartij", SOORT_PARTIJ),
            *by_adres("bezoekadres"),
            *by_adres("correspondentieadres"),
        ),
        {
            "digitaleAdressen": "digitaleadressen",
            "betrokkenen": "betrokkenen",
            "categorieRelaties": "categorie-relaties",
            "betrokkenen.hadKlantcontact": "klantcontacten",
        },
    ),
    resource(
        "partij-identificatoren",
        "PartijIdentificator",
        (
            part_of("identificeerdePartij", "partijen"),
            text("anderePartijIdentificator", 200, deprecated=True),
            Group(
                "partijIdentificator",
                (
                    enum("codeObjecttype", OBJECTTYPE),
                    enum("codeSoortObjectId", SOORT_OBJECT),
                    text("objectId", 200, REQUIRED, blank=True),
                    enum("codeRegister", REGISTER),
                ),
            ),
            Ref("subIdentificatorVan", "partij-identificatoren", gone=Gone.REFUSED),
            Inverse(
                "subIdentificatoren",
                "partij-identificatoren",
                "subIdentificatorVan",
                embed=Embed.HIDDEN,
            ),
        ),
        (
            by("anderePartijIdentificator", "anderePartijIdentificator"),
            by_choice(
                "partijIdentificatorCodeObjecttype",
                "partijIdentificator.codeObjecttype",
                OBJECTTYPE,
            ),
            by_choice(
                "partijIdentificatorCodeSoortObjectId",
                "partijIdentificator.codeSoortObjectId",
                SOORT_OBJECT,
            ),
            by("partijIdentificatorObjectId", "partijIdentificator.objectId"),
            by_choice(
                "partijIdentificatorCodeRegister", "partijIdentificator.codeRegister", REGISTER
            ),
        ),
    ),
    resource(
        "rekeningnummers",
        "Rekeningnummer",
        (
            part_of("partij", "partijen"),
            text(
                "iban",
                34,
                REQUIRED,
                pattern=r"^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{1,30}$",
                reason="Ongeldige IBAN: {}",
            ),
            text("bic", 11, min_length=8, pattern=r"^[\S]+$", reason="Geen spaties toegestaan: {}"),
        ),
        (
            by("uuid", "uuid", Op.EQ, Reads.UUID),
            by("iban", "iban"),
            by("bic", "bic"),
        ),
    ),
    resource(
        "vertegenwoordigingen",
        "Vertegenwoordiging",
        (
            part_of("vertegenwoordigendePartij", "partijen", required=True),
            part_of("vertegenwoordigdePartij", "partijen", required=True),
        ),
        (
            *by_reference("vertegenwoordigendePartij", "vertegenwoordigendePartij"),
            *by_reference("vertegenwoordigdePartij", "vertegenwoordigdePartij"),
        ),
    ),
)

RESOURCES: Final[Mapping[str, Resource]] = MappingProxyType({r.path: r for r in _TABLE})


def far_side(resource: Resource, relation: str) -> Resource:
    """The resource that a relation of ``resource`` leads to."""
    member = resource.member(relation)
    if isinstance(member, Inverse):
        via = RESOURCES[member.via]
        return far_side(via, member.then) if member.then else via
    assert isinstance(member, Ref)
    return RESOURCES[member.to]
