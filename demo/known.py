"""The known records of the sample municipality, under the keys that client journeys use."""

import json
from importlib.resources import as_file, files

from demo.kcc.data import KNOWN_BSNS, KNOWN_KVK, KNOWN_VESTIGING, generate, known
from gateway import installation
from gateway.standard.table import BASE_PATH

HOST = "http://127.0.0.1:8000"


def compute() -> dict[str, object]:
    """The records; ids follow from the demo's public key, so they never change by themselves."""
    tables = generate()
    found = known(tables)
    with as_file(files("demo")) as folder:
        catalogue = installation.build(folder / "config.yaml").catalogue

    def uuid(resource: str, stream: str, key: int | str) -> str:
        return catalogue.identity.encode(catalogue.stream("kcc", (resource, stream)), (key,))

    contact = next(r for r in tables["CONTACT"] if r["CONTACT_ID"] == found.contact_id)
    task = next(r for r in tables["TERUGBEL"] if r["CONTACT_ID"] == found.contact_id)
    partij = uuid("partijen", "klant", found.klant_id)
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
    }


if __name__ == "__main__":
    print(json.dumps(compute(), indent=2))
