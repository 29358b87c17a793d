"""The one table of the contract: Klantinteracties 0.9.0 as Open Klant 2.18 serves it.

Routes, query parsing, expand, shapes and the checks of mappings all follow from it. Members
stand in the order of the wire. Sources: the VNG standard Klantinteracties, and the behaviour of
Open Klant 2.18 where the standard is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from gateway.standard.model import (
    IDENTIFYING,
    REQUIRED,
    Default,
    Derived,
    Embed,
    Field,
    Fill,
    Filter,
    Gone,
    Group,
    Inverse,
    Kind,
    Member,
    Nature,
    Op,
    Reads,
    Ref,
    Resource,
    Variants,
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


def _text(
    name: str,
    length: int | None,
    default: Default = "",
    *,
    required: bool = False,
    deprecated: bool = False,
    min_length: int | None = None,
    pattern: str | None = None,
    format: str | None = None,
    blank: bool | None = None,
    nature: Nature | None = None,
    reason: str = "",
) -> Field:
    required = required or default is REQUIRED
    return Field(
        name,
        Kind.TEXT,
        default,
        length,
        required=required,
        deprecated=deprecated,
        min_length=min_length,
        pattern=pattern,
        format=format,
        blank=not required if blank is None else blank,
        nature=nature,
        reason=reason,
    )


def _nummer(name: str, *, deprecated: bool = False) -> Field:
    """A number by which people call an object: a whole number as text, and its own."""
    return Field(
        name, Kind.TEXT, None, 10, deprecated=deprecated, nature=Nature.NUMBER, unique=True
    )


def _bool(name: str, default: Default) -> Field:
    return Field(name, Kind.BOOLEAN, default, required=default is REQUIRED)


def _enum(name: str, choices: tuple[str, ...]) -> Field:
    return Field(name, Kind.ENUM, REQUIRED, choices=choices, required=True)


def _date(name: str, fill: Fill | None = None) -> Field:
    return Field(name, Kind.DATE, None, fill=fill)


def _moment(name: str, *, read_only: bool = False) -> Field:
    """A moment that is now unless a body says otherwise."""
    return Field(name, Kind.DATETIME, REQUIRED, read_only=read_only, fill=Fill.NOW)


def _adres(name: str) -> Group:
    return Group(
        name,
        (
            _text(
                "nummeraanduidingId",
                16,
                pattern=r"^[0-9]{16}$",
                reason="Ongeldige nummeraanduiding BAG-ID: {}",
            ),
            _text("straatnaam", 255),
            Field("huisnummer", Kind.INTEGER, None, bounds=(1, 99999)),
            _text("huisnummertoevoeging", 20),
            _text(
                "postcode",
                7,
                pattern=r"^[1-9][0-9]{3} [A-Z]{2}$",
                reason="Postcode moet aan het volgende formaat voldoen: `1234 AB` (met spatie): {}",
            ),
            _text("stad", 255),
            _text("adresregel1", 80),
            _text("adresregel2", 80),
            _text("adresregel3", 80),
            _text("land", 2, min_length=2, nature=Nature.COUNTRY),
        ),
    )


def _identificator(name: str) -> Group:
    return Group(
        name,
        (
            _text("objectId", 200),
            _text("codeObjecttype", 200),
            _text("codeRegister", 200),
            _text("codeSoortObjectId", 200),
        ),
    )


def _part_of(name: str, to: str, *, required: bool = False) -> Ref:
    """A reference to what the object cannot do without: the two are deleted together."""
    return Ref(name, to, required=required, gone=Gone.DELETED)


_CONTACTNAAM = Group(
    "contactnaam",
    (
        _text("voorletters", 10),
        _text("voornaam", 200),
        _text("voorvoegselAchternaam", 10),
        _text("achternaam", 200),
    ),
)
_VOLLEDIGE_NAAM = Derived("volledigeNaam", "volledige_naam", "contactnaam")
_IDENTITY = (Derived("uuid", "uuid"), Derived("url", "url"))


def _filter(
    param: str, path: str, op: Op = Op.EQ, reads: Reads = Reads.TEXT, choices: tuple[str, ...] = ()
) -> Filter:
    """A filter whose ``path`` is ``hop/hop/attribute``."""
    *hops, attribute = path.split("/")
    leaf = attribute.rpartition(".")[2]
    identifying = reads in (Reads.UUID, Reads.URL) or leaf in IDENTIFYING
    return Filter(param, tuple(hops), attribute, op, reads, choices, identifying)


def _contains(param: str, path: str) -> Filter:
    return _filter(param, path, Op.CONTAINS)


def _boolean(param: str, path: str, op: Op = Op.EQ) -> Filter:
    return _filter(param, path, op, Reads.BOOLEAN)


def _choice(param: str, path: str, choices: tuple[str, ...]) -> Filter:
    return _filter(param, path, Op.EQ, Reads.CHOICE, choices)


def _reference(prefix: str, path: str) -> tuple[Filter, Filter]:
    """The pair ``prefix__uuid`` and ``prefix__url`` over a relation."""
    return (
        _filter(f"{prefix}__uuid", f"{path}/uuid", Op.EQ, Reads.UUID),
        _filter(f"{prefix}__url", f"{path}/uuid", Op.EQ, Reads.URL),
    )


_CODES = ("codeObjecttype", "codeSoortObjectId", "objectId", "codeRegister")


def _identificator_filters(prefix: str, path: str) -> Iterable[Filter]:
    """``prefix`` + ObjectId, CodeObjecttype, … over the group at ``path``."""
    return (
        _filter(prefix + code[0].upper() + code[1:], f"{path}.{code}")
        for code in ("objectId", "codeObjecttype", "codeRegister", "codeSoortObjectId")
    )


def _partij_identificator_filters(prefix: str, path: str) -> Iterable[Filter]:
    return (_filter(f"{prefix}__{c}", f"{path}/partijIdentificator.{c}") for c in _CODES)


def _adres_filters(group: str) -> Iterable[Filter]:
    names = ("nummeraanduidingId", "adresregel1", "adresregel2", "adresregel3", "land")
    return (_filter(group + n[0].upper() + n[1:], f"{group}.{n}") for n in names)


def _resource(
    path: str,
    label: str,
    members: Iterable[Member],
    filters: Iterable[Filter] = (),
    expand: Mapping[str, str] | None = None,
    order: str | None = None,
) -> Resource:
    return Resource(path, label, (*_IDENTITY, *members), tuple(filters), expand or {}, order)


_TABLE: Final = (
    _resource(
        "actoren",
        "Actor",
        (
            _text("naam", 200, REQUIRED),
            _enum("soortActor", SOORT_ACTOR),
            _bool("indicatieActief", True),
            _identificator("actoridentificator"),
            Variants(
                "actorIdentificatie",
                "soortActor",
                {
                    "medewerker": (
                        _text("functie", 40, required=True),
                        _text("emailadres", 254, format="email"),
                        _text(
                            "telefoonnummer", 20, required=True, pattern=PHONE, nature=Nature.PHONE
                        ),
                    ),
                    "geautomatiseerde_actor": (
                        _text("functie", 40, required=True),
                        _text("omschrijving", 200),
                    ),
                    "organisatorische_eenheid": (
                        _text("omschrijving", 200),
                        _text("emailadres", 254, format="email"),
                        _text("faxnummer", 20),
                        _text("telefoonnummer", 20, pattern=PHONE, nature=Nature.PHONE),
                    ),
                },
            ),
        ),
        (
            _contains("naam", "naam"),
            _choice("soortActor", "soortActor", SOORT_ACTOR),
            _boolean("indicatieActief", "indicatieActief"),
            *_identificator_filters("actoridentificator", "actoridentificator"),
        ),
    ),
    _resource(
        "actorklantcontacten",
        "ActorKlantcontact",
        (
            _part_of("actor", "actoren", required=True),
            _part_of("klantcontact", "klantcontacten", required=True),
        ),
        (*_reference("actor", "actor"), *_reference("klantcontact", "klantcontact")),
    ),
    _resource(
        "betrokkenen",
        "Betrokkene",
        (
            _part_of("wasPartij", "partijen"),
            _part_of("hadKlantcontact", "klantcontacten", required=True),
            Inverse("digitaleAdressen", "digitaleadressen", "verstrektDoorBetrokkene"),
            _adres("bezoekadres"),
            _adres("correspondentieadres"),
            _CONTACTNAAM,
            _VOLLEDIGE_NAAM,
            _enum("rol", ROL),
            _text("organisatienaam", 200),
            _bool("initiator", REQUIRED),
        ),
        (
            _filter("contactnaamVoorletters", "contactnaam.voorletters"),
            _filter("contactnaamVoornaam", "contactnaam.voornaam"),
            _filter("contactnaamVoorvoegselAchternaam", "contactnaam.voorvoegselAchternaam"),
            _filter("contactnaamAchternaam", "contactnaam.achternaam"),
            _filter("hadKlantcontact__nummer", "hadKlantcontact/nummer"),
            _filter("hadKlantcontact__referentienummer", "hadKlantcontact/referentienummer"),
            *_reference("hadKlantcontact", "hadKlantcontact"),
            _filter("verstrektedigitaalAdres__adres", "digitaleAdressen/adres"),
            *_reference("verstrektedigitaalAdres", "digitaleAdressen"),
            _filter("wasPartij__nummer", "wasPartij/nummer"),
            *_reference("wasPartij", "wasPartij"),
            *_partij_identificator_filters(
                "wasPartij__partijIdentificator", "wasPartij/partijIdentificatoren"
            ),
            _filter("organisatienaam", "organisatienaam"),
        ),
        {"digitaleAdressen": "digitaleadressen"},
    ),
    _resource(
        "bijlagen",
        "Bijlage",
        (
            _part_of("wasBijlageVanKlantcontact", "klantcontacten"),
            _identificator("bijlageidentificator"),
        ),
        (
            *_identificator_filters("bijlageidentificator", "bijlageidentificator"),
            _filter("klantcontact__uuid", "wasBijlageVanKlantcontact/uuid", Op.EQ, Reads.UUID),
        ),
    ),
    _resource("categorieen", "Categorie", (_text("naam", 80),)),
    _resource(
        "categorie-relaties",
        "CategorieRelatie",
        (
            _part_of("partij", "partijen"),
            Ref("categorie", "categorieen", shows=("naam",), gone=Gone.DELETED),
            _date("beginDatum", Fill.TODAY),
            _date("eindDatum"),
        ),
        (
            *_reference("partij", "partij"),
            _filter("partij__nummer", "partij/nummer"),
            *_reference("categorie", "categorie"),
            _filter("categorie__naam", "categorie/naam"),
            _filter("beginDatum", "beginDatum", Op.EQ, Reads.DATE),
            _filter("eindDatum", "eindDatum", Op.EQ, Reads.DATE),
        ),
    ),
    _resource(
        "digitaleadressen",
        "DigitaalAdres",
        (
            Ref("verstrektDoorBetrokkene", "betrokkenen"),
            Ref("verstrektDoorPartij", "partijen", gone=Gone.DELETED, stated=True),
            _text("adres", 80, REQUIRED, nature=Nature.ADDRESS),
            _enum("soortDigitaalAdres", SOORT_ADRES),
            _bool("isStandaardAdres", False),
            _text("omschrijving", 40),
            _text("referentie", 50, pattern=r"^[-a-zA-Z0-9_]+$", reason=_SLUG),
            _date("verificatieDatum"),
        ),
        (
            _filter("adres", "adres"),
            _contains("adres__icontains", "adres"),
            _choice("soortDigitaalAdres", "soortDigitaalAdres", SOORT_ADRES),
            _boolean("isStandaardAdres", "isStandaardAdres"),
            _contains("omschrijving", "omschrijving"),
            _filter("referentie", "referentie"),
            _filter("verificatieDatum", "verificatieDatum", Op.EQ, Reads.DATE),
            _filter("verificatieDatum__gt", "verificatieDatum", Op.GT, Reads.DATE),
            _filter("verificatieDatum__gte", "verificatieDatum", Op.GTE, Reads.DATE),
            _filter("verificatieDatum__lt", "verificatieDatum", Op.LT, Reads.DATE),
            _filter("verificatieDatum__lte", "verificatieDatum", Op.LTE, Reads.DATE),
            *_reference("verstrektDoorBetrokkene", "verstrektDoorBetrokkene"),
            _choice("verstrektDoorBetrokkene__rol", "verstrektDoorBetrokkene/rol", ROL),
            *_reference("verstrektDoorPartij", "verstrektDoorPartij"),
            _choice(
                "verstrektDoorPartij__soortPartij",
                "verstrektDoorPartij/soortPartij",
                SOORT_PARTIJ,
            ),
            *_partij_identificator_filters(
                "verstrektDoorPartij__partijIdentificator",
                "verstrektDoorPartij/partijIdentificatoren",
            ),
            _boolean("isGeverifieerd", "verificatieDatum", Op.PRESENT),
        ),
        {
            "verstrektDoorBetrokkene": "betrokkenen",
            "verstrektDoorBetrokkene.hadKlantcontact": "klantcontacten",
            "verstrektDoorBetrokkene.hadKlantcontact.leiddeTotInterneTaken": "internetaken",
        },
    ),
    _resource(
        "internetaken",
        "InterneTaak",
        (
            _nummer("nummer", deprecated=True),
            _nummer("referentienummer"),
            _text("gevraagdeHandeling", 200, REQUIRED),
            _part_of("aanleidinggevendKlantcontact", "klantcontacten", required=True),
            Derived("toegewezenAanActor", "first_reference", "toegewezenAanActoren"),
            Ref("toegewezenAanActoren", "actoren", many=True),
            _text("toelichting", 1000),
            _enum("status", TAAKSTATUS),
            _moment("toegewezenOp", read_only=True),
            Field("afgehandeldOp", Kind.DATETIME, None),
        ),
        (
            _filter("nummer", "nummer"),
            _filter("referentienummer", "referentienummer"),
            _choice("status", "status", TAAKSTATUS),
            _filter("toegewezenOp", "toegewezenOp", Op.EQ, Reads.DATETIME),
            _filter("actoren__naam", "toegewezenAanActoren/naam"),
            _filter("klantcontact__uuid", "aanleidinggevendKlantcontact/uuid", Op.EQ, Reads.UUID),
            _filter("klantcontact__nummer", "aanleidinggevendKlantcontact/nummer"),
            _filter(
                "klantcontact__referentienummer", "aanleidinggevendKlantcontact/referentienummer"
            ),
            *_reference("toegewezenAanActor", "toegewezenAanActoren"),
            *_reference("aanleidinggevendKlantcontact", "aanleidinggevendKlantcontact"),
        ),
    ),
    _resource(
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
            _nummer("nummer", deprecated=True),
            _nummer("referentienummer"),
            _text("kanaal", 50, REQUIRED),
            _text("onderwerp", 200, REQUIRED),
            _text("inhoud", 1000),
            _text("reactie", 4000),
            _bool("indicatieContactGelukt", None),
            _text("hoofdOnderwerpType", 200, format="uri"),
            Field("verdereActieOndernomen", Kind.BOOLEAN, False, resets=True),
            _text("taal", 3, REQUIRED, nature=Nature.LANGUAGE),
            _bool("vertrouwelijk", REQUIRED),
            _moment("plaatsgevondenOp"),
            Field("metadata", Kind.MAP, None, max_length=255),
        ),
        (
            *_reference("hadBetrokkene", "hadBetrokkenen"),
            _boolean("hadBetrokkene__wasPartij", "hadBetrokkenen/wasPartij", Op.EXISTS),
            *_reference("hadBetrokkene__wasPartij", "hadBetrokkenen/wasPartij"),
            *_partij_identificator_filters(
                "hadBetrokkene__wasPartij__partijIdentificator",
                "hadBetrokkenen/wasPartij/partijIdentificatoren",
            ),
            _contains(
                "hadBetrokkene__digitaaladres__adres__icontains",
                "hadBetrokkenen/digitaleAdressen/adres",
            ),
            _boolean("leiddeTotInterneTaken", "leiddeTotInterneTaken", Op.EXISTS),
            *_reference("onderwerpobject", "gingOverOnderwerpobjecten"),
            *_identificator_filters(
                "onderwerpobject__onderwerpobjectidentificator",
                "gingOverOnderwerpobjecten/onderwerpobjectidentificator",
            ),
            *_reference("wasOnderwerpobject", "wasOnderwerpobjecten"),
            *_identificator_filters(
                "wasOnderwerpobject__onderwerpobjectidentificator",
                "wasOnderwerpobjecten/onderwerpobjectidentificator",
            ),
            _filter("nummer", "nummer"),
            _filter("referentienummer", "referentienummer"),
            _filter("kanaal", "kanaal"),
            _contains("onderwerp", "onderwerp"),
            _contains("inhoud", "inhoud"),
            _contains("reactie", "reactie"),
            _boolean("indicatieContactGelukt", "indicatieContactGelukt"),
            _boolean("vertrouwelijk", "vertrouwelijk"),
            _filter("plaatsgevondenOp", "plaatsgevondenOp", Op.EQ, Reads.DATETIME),
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
    _resource(
        "onderwerpobjecten",
        "Onderwerpobject",
        (
            _part_of("klantcontact", "klantcontacten"),
            _part_of("wasKlantcontact", "klantcontacten"),
            _identificator("onderwerpobjectidentificator"),
        ),
        (
            *_identificator_filters("onderwerpobjectidentificator", "onderwerpobjectidentificator"),
            *_reference("klantcontact", "klantcontact"),
            *_reference("wasKlantcontact", "wasKlantcontact"),
        ),
    ),
    _resource(
        "partijen",
        "Partij",
        (
            _nummer("nummer", deprecated=True),
            _text("interneNotitie", 1000),
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
            _enum("soortPartij", SOORT_PARTIJ),
            _bool("indicatieGeheimhouding", None),
            _text("voorkeurstaal", 3, nature=Nature.LANGUAGE),
            _bool("indicatieActief", REQUIRED),
            _adres("bezoekadres"),
            _adres("correspondentieadres"),
            Variants(
                "partijIdentificatie",
                "soortPartij",
                {
                    "persoon": (_CONTACTNAAM, _VOLLEDIGE_NAAM),
                    "organisatie": (_text("naam", 200),),
                    "contactpersoon": (
                        Derived("uuid", "uuid"),
                        Ref("werkteVoorPartij", "partijen", soort="organisatie"),
                        _CONTACTNAAM,
                        _VOLLEDIGE_NAAM,
                    ),
                },
            ),
        ),
        (
            *_reference("vertegenwoordigdePartij", "vertegenwoordigers"),
            *_partij_identificator_filters("partijIdentificator", "partijIdentificatoren"),
            *_partij_identificator_filters(
                "subIdentificatorVan", "partijIdentificatoren/subIdentificatorVan"
            ),
            _filter(
                "categorierelatie__categorie__naam",
                "categorieRelaties/categorie/naam",
                Op.IN,
                Reads.LIST,
            ),
            _filter("nummer", "nummer"),
            _boolean("indicatieGeheimhouding", "indicatieGeheimhouding"),
            _boolean("indicatieActief", "indicatieActief"),
            _choice("soortPartij", "soortPartij", SOORT_PARTIJ),
            *_adres_filters("bezoekadres"),
            *_adres_filters("correspondentieadres"),
        ),
        {
            "digitaleAdressen": "digitaleadressen",
            "betrokkenen": "betrokkenen",
            "categorieRelaties": "categorie-relaties",
            "betrokkenen.hadKlantcontact": "klantcontacten",
        },
    ),
    _resource(
        "partij-identificatoren",
        "PartijIdentificator",
        (
            _part_of("identificeerdePartij", "partijen"),
            _text("anderePartijIdentificator", 200, deprecated=True),
            Group(
                "partijIdentificator",
                (
                    _enum("codeObjecttype", OBJECTTYPE),
                    _enum("codeSoortObjectId", SOORT_OBJECT),
                    _text("objectId", 200, REQUIRED, blank=True),
                    _enum("codeRegister", REGISTER),
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
            _filter("anderePartijIdentificator", "anderePartijIdentificator"),
            _choice(
                "partijIdentificatorCodeObjecttype",
                "partijIdentificator.codeObjecttype",
                OBJECTTYPE,
            ),
            _choice(
                "partijIdentificatorCodeSoortObjectId",
                "partijIdentificator.codeSoortObjectId",
                SOORT_OBJECT,
            ),
            _filter("partijIdentificatorObjectId", "partijIdentificator.objectId"),
            _choice(
                "partijIdentificatorCodeRegister", "partijIdentificator.codeRegister", REGISTER
            ),
        ),
    ),
    _resource(
        "rekeningnummers",
        "Rekeningnummer",
        (
            _part_of("partij", "partijen"),
            _text(
                "iban",
                34,
                REQUIRED,
                pattern=r"^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{1,30}$",
                reason="Ongeldige IBAN: {}",
            ),
            _text(
                "bic", 11, min_length=8, pattern=r"^[\S]+$", reason="Geen spaties toegestaan: {}"
            ),
        ),
        (
            _filter("uuid", "uuid", Op.EQ, Reads.UUID),
            _filter("iban", "iban"),
            _filter("bic", "bic"),
        ),
    ),
    _resource(
        "vertegenwoordigingen",
        "Vertegenwoordiging",
        (
            _part_of("vertegenwoordigendePartij", "partijen", required=True),
            _part_of("vertegenwoordigdePartij", "partijen", required=True),
        ),
        (
            *_reference("vertegenwoordigendePartij", "vertegenwoordigendePartij"),
            *_reference("vertegenwoordigdePartij", "vertegenwoordigdePartij"),
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
