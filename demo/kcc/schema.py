"""The tables of the legacy KCC database, as data."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One table: its columns in order with SQL types, its key, its references and its indexes.

    `references` says which column of which table a column points at. The legacy database never
    declared these as constraints; they are indexed and they are what the sample rows keep to.
    """

    columns: dict[str, str]
    key: tuple[str, ...]
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    indexes: tuple[str, ...] = ()

    @property
    def has_number_key(self) -> bool:
        """Whether the key is one integer column, which the old application counts up."""
        return len(self.key) == 1 and self.columns[self.key[0]] == "INTEGER"


_TO_KLANT = ("KLANT", "KLANT_ID")
_TO_CONTACT = ("CONTACT", "CONTACT_ID")
_TO_MEDEWERKER = ("MEDEWERKER", "MDW_CODE")
_TO_AFDELING = ("AFDELING", "AFD_CODE")

SCHEMA: dict[str, Table] = {
    "KLANT": Table(
        columns={
            "KLANT_ID": "INTEGER",
            "KLANT_NR": "INTEGER",
            "SRT": "CHAR(1)",
            "BSN": "VARCHAR(9)",
            "KVK_NR": "CHAR(8)",
            "RSIN": "VARCHAR(9)",
            "VEST_NR": "VARCHAR(12)",
            "HOOFD_KLANT": "INTEGER",
            "NAAM": "CHAR(60)",
            "VOORNAAM": "CHAR(30)",
            "VOORL": "VARCHAR(10)",
            "STRAAT": "VARCHAR(60)",
            "HUISNR": "INTEGER",
            "HUISNR_TOEV": "VARCHAR(6)",
            "POSTCODE": "VARCHAR(7)",
            "PLAATS": "VARCHAR(40)",
            "LANDCODE": "CHAR(4)",
            "BAG_ID": "VARCHAR(16)",
            "POST_STRAAT": "VARCHAR(60)",
            "POST_HUISNR": "INTEGER",
            "POST_TOEV": "VARCHAR(6)",
            "POST_POSTCODE": "VARCHAR(7)",
            "POST_PLAATS": "VARCHAR(40)",
            "POST_LANDCODE": "CHAR(4)",
            "POST_BAG_ID": "VARCHAR(16)",
            "TEL_PRIVE": "VARCHAR(25)",
            "TEL_MOBIEL": "VARCHAR(25)",
            "EMAIL": "VARCHAR(100)",
            "EMAIL_CTRL": "CHAR(8)",
            "VOORKEUR": "CHAR(1)",
            "TAAL": "CHAR(2)",
            "GEHEIM": "CHAR(1)",
            "STATUS": "CHAR(1)",
            "NOTITIE": "VARCHAR(200)",
            "EXTERN_NR": "VARCHAR(20)",
            "VK_REK_ID": "INTEGER",
            "AANMAAK": "CHAR(14)",
        },
        key=("KLANT_ID",),
        references={"HOOFD_KLANT": _TO_KLANT, "VK_REK_ID": ("BANKREK", "REK_ID")},
        indexes=("KLANT_NR", "BSN", "KVK_NR", "RSIN", "VEST_NR"),
    ),
    "KLANT_ADRES": Table(
        columns={
            "ADRES_ID": "INTEGER",
            "KLANT_ID": "INTEGER",
            "SRT": "CHAR(1)",
            "WAARDE": "VARCHAR(100)",
            "OMSCHR": "VARCHAR(40)",
            "REF": "VARCHAR(50)",
            "CTRL_DAT": "CHAR(8)",
            "STANDAARD": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("ADRES_ID",),
        references={"KLANT_ID": _TO_KLANT},
    ),
    "CONTACT": Table(
        columns={
            "CONTACT_ID": "INTEGER",
            "CONTACT_NR": "INTEGER",
            "REF_NR": "VARCHAR(10)",
            "KANAAL_CD": "CHAR(2)",
            "DATUM": "CHAR(8)",
            "TIJD": "CHAR(6)",
            "KLANT_ID": "INTEGER",
            "ROL": "CHAR(1)",
            "INIT": "CHAR(1)",
            "BEL_VOORL": "VARCHAR(10)",
            "BEL_VOORNAAM": "VARCHAR(30)",
            "BEL_NAAM": "VARCHAR(60)",
            "BEL_ORG": "VARCHAR(60)",
            "BEL_TEL": "VARCHAR(25)",
            "BEL_EMAIL": "VARCHAR(100)",
            "ONDERWERP": "VARCHAR(200)",
            "VRAAG": "TEXT",
            "ANTWOORD": "TEXT",
            "GELUKT": "CHAR(1)",
            "VERVOLG": "CHAR(1)",
            "TAAL": "CHAR(2)",
            "VERTR": "CHAR(1)",
            "PRODUCT_URL": "VARCHAR(200)",
            "BRON": "VARCHAR(40)",
            "MDW_CODE": "VARCHAR(12)",
            "VORIG_ID": "INTEGER",
            "VORIG_NR": "INTEGER",
            "VERWIJDERD": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("CONTACT_ID",),
        references={
            "KLANT_ID": _TO_KLANT,
            "MDW_CODE": _TO_MEDEWERKER,
            "VORIG_ID": _TO_CONTACT,
        },
        indexes=("CONTACT_NR", "REF_NR", "DATUM, TIJD, AANMAAK, CONTACT_ID"),
    ),
    "CONTACT_ZAAK": Table(
        columns={
            "CONTACT_ID": "INTEGER",
            "VOLGNR": "INTEGER",
            "ZAAK_NR": "VARCHAR(20)",
            "ZAAK_GUID": "VARCHAR(36)",
            "AANMAAK": "CHAR(14)",
        },
        key=("CONTACT_ID", "VOLGNR"),
        references={"CONTACT_ID": _TO_CONTACT},
        indexes=("ZAAK_NR", "ZAAK_GUID"),
    ),
    "CONTACT_BIJLAGE": Table(
        columns={
            "DOC_GUID": "CHAR(36)",
            "CONTACT_ID": "INTEGER",
            "DOC_REF": "VARCHAR(40)",
            "DOC_SRT": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("DOC_GUID",),
        references={"CONTACT_ID": _TO_CONTACT},
    ),
    "MEDEWERKER": Table(
        columns={
            "MDW_CODE": "VARCHAR(12)",
            "SRT": "CHAR(1)",
            "NAAM": "VARCHAR(60)",
            "FUNCTIE": "VARCHAR(40)",
            "EMAIL": "VARCHAR(100)",
            "TELEFOON": "VARCHAR(20)",
            "AFD_CODE": "VARCHAR(8)",
            "ACTIEF": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("MDW_CODE",),
        references={"AFD_CODE": _TO_AFDELING},
        indexes=("EMAIL",),
    ),
    "AFDELING": Table(
        columns={
            "AFD_CODE": "VARCHAR(8)",
            "NAAM": "VARCHAR(60)",
            "OMSCHR": "VARCHAR(100)",
            "EMAIL": "VARCHAR(100)",
            "TELEFOON": "VARCHAR(20)",
            "FAX": "VARCHAR(20)",
            "ACTIEF": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("AFD_CODE",),
    ),
    "TERUGBEL": Table(
        columns={
            "TB_ID": "INTEGER",
            "TB_NR": "INTEGER",
            "REF_NR": "VARCHAR(10)",
            "CONTACT_ID": "INTEGER",
            "ACTIE": "VARCHAR(200)",
            "TOELICHTING": "VARCHAR(1000)",
            "STATUS": "CHAR(1)",
            "AFD_CODE": "VARCHAR(8)",
            "MDW_CODE": "VARCHAR(12)",
            "TOEGEWEZEN": "CHAR(14)",
            "AFGEHANDELD": "CHAR(14)",
            "AANMAAK": "CHAR(14)",
        },
        key=("TB_ID",),
        references={
            "CONTACT_ID": _TO_CONTACT,
            "AFD_CODE": _TO_AFDELING,
            "MDW_CODE": _TO_MEDEWERKER,
        },
        indexes=("TB_NR", "REF_NR"),
    ),
    "MACHTIGING": Table(
        columns={
            "MACHT_ID": "INTEGER",
            "KLANT_ID": "INTEGER",
            "VOOR_KLANT_ID": "INTEGER",
            "STATUS": "CHAR(1)",
            "AANMAAK": "CHAR(14)",
        },
        key=("MACHT_ID",),
        references={"KLANT_ID": _TO_KLANT, "VOOR_KLANT_ID": _TO_KLANT},
    ),
    "KENMERK": Table(
        columns={
            "KM_CODE": "VARCHAR(4)",
            "OMSCHR": "VARCHAR(80)",
            "AANMAAK": "CHAR(14)",
        },
        key=("KM_CODE",),
    ),
    "KLANT_KENMERK": Table(
        columns={
            "KK_ID": "INTEGER",
            "KLANT_ID": "INTEGER",
            "KM_CODE": "VARCHAR(4)",
            "VAN": "CHAR(8)",
            "TOT": "CHAR(8)",
            "AANMAAK": "CHAR(14)",
        },
        key=("KK_ID",),
        references={"KLANT_ID": _TO_KLANT, "KM_CODE": ("KENMERK", "KM_CODE")},
    ),
    "BANKREK": Table(
        columns={
            "REK_ID": "INTEGER",
            "KLANT_ID": "INTEGER",
            "IBAN": "VARCHAR(34)",
            "BIC": "VARCHAR(11)",
            "AANMAAK": "CHAR(14)",
        },
        key=("REK_ID",),
        references={"KLANT_ID": _TO_KLANT},
    ),
}


def ddl() -> list[str]:
    """The statements that create all tables and then their indexes, in plain SQL."""
    tables, indexes = [], []
    for name, table in SCHEMA.items():
        columns = [f"{column} {kind}" for column, kind in table.columns.items()]
        columns.append(f"PRIMARY KEY ({', '.join(table.key)})")
        tables.append(f"CREATE TABLE {name} ({', '.join(columns)})")
        for column in (*table.references, *table.indexes):
            index = f"IX_{name}_{column.replace(', ', '_')}"
            indexes.append(f"CREATE INDEX {index} ON {name} ({column})")
    return tables + indexes
