"""The known records of the sample municipality, under the keys that client journeys use, and what
journeys that write make: persons, actors and cases that nobody there knows."""

import json
from collections.abc import Iterator
from importlib.resources import as_file, files

from demo.kcc.data import (
    KNOWN_BSNS,
    KNOWN_KVK,
    KNOWN_VESTIGING,
    NOW,
    Tables,
    generate,
    known,
)
from demo.kcc.values import passes_elfproef
from gateway import installation
from gateway.standard.table import BASE_PATH

HOST = "http://127.0.0.1:8000"


def compute(rows: Tables | None = None) -> dict[str, object]:
    """The records, in all rows of the KCC or in others; ids follow from the demo's public key, so
    they never change by themselves."""
    tables = generate() if rows is None else rows
    found = known(tables)
    with as_file(files("demo")) as folder:
        catalogue = installation.build(folder / "config.yaml").catalogue

    def uuid(resource: str, stream: str, key: int | str) -> str:
        return catalogue.identity.encode(catalogue.stream("kcc", (resource, stream)), (key,))

    contact = next(r for r in tables["CONTACT"] if r["CONTACT_ID"] == found.contact_id)
    task = next(r for r in tables["TERUGBEL"] if r["CONTACT_ID"] == found.contact_id)
    system = next(r for r in tables["MEDEWERKER"] if r["SRT"] == "S")
    partij = uuid("partijen", "klant", found.klant_id)
    strangers = _strangers(tables)
    return {
        "bsn": KNOWN_BSNS[0],
        "bsns": list(KNOWN_BSNS),
        "kvk": KNOWN_KVK,
        "vestiging": KNOWN_VESTIGING,
        "partij_uuid": partij,
        "partij_url": f"{HOST}{BASE_PATH}/partijen/{partij}",
        "da_uuid": uuid("digitaleadressen", "email", found.klant_id),
        "kc_uuid": uuid("klantcontacten", "contact", found.contact_id),
        "kc_nummer": str(contact["CONTACT_NR"]),
        "taak_uuid": uuid("internetaken", "terugbelverzoek", task["TB_ID"]),
        "zaak_uuid": found.zaak_guid,
        "mdw_email": found.mdw_email,
        "afd_actor_uuid": uuid("actoren", "afdeling", task["AFD_CODE"]),
        "oip_actor_uuid": uuid("actoren", "medewerker", system["MDW_CODE"]),
        "now": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **{name: next(strangers) for name in ("bsn_new", "bsn_new2", "bsn_new3", "bsn_new4")},
        "kvk_new": "90000001",
        "vestiging_new": "000090000001",
        "kcm_email": "nieuwe.collega@zilverdam.example",
        "phone": "0612345670",
        "email": "nieuw.adres@voorbeeld.example",
        "of_ref": "OF-900001",
        "of_ref2": "OF-900002",
        "zaak2_uuid": "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9",
    }


def _strangers(tables: Tables) -> Iterator[str]:
    """BSNs, of those that are given to nobody, that are in no table either."""
    taken = {row["BSN"] for row in tables["KLANT"]}
    numbers = map(str, range(999_900_000, 999_990_000))
    return (n for n in numbers if passes_elfproef(n) and n not in taken)


if __name__ == "__main__":
    print(json.dumps(compute(), indent=2))
