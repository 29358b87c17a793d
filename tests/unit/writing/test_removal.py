"""Deleting: what goes with an object, what loses its reference, and what is in the way.

Source: the contract, measured on Open Klant 2.18.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.standard.errors import CONFLICT, VALIDATION, Problem
from gateway.standard.table import RESOURCES
from tests.support.bodies import (
    ACTOR,
    ADRES,
    BETROKKENE,
    BSN,
    CONTACT,
    KVK,
    ORGANISATIE,
    PARTIJ,
    TAAK,
    VESTIGING,
    ref,
)
from tests.support.office import Office

Names = dict[str, str]


async def everything(office: Office) -> Names:
    """One object of each resource, tied together as they can be, by what they are in the test."""
    made: Names = {}

    async def make(name: str, resource: str, **body: Any) -> str:
        made[name] = (await office.make(resource, **body)).uuid
        return made[name]

    await make("partij", "partijen", **PARTIJ)
    await make("ander", "partijen", **PARTIJ)
    partij = ref(made["partij"])
    await make("adres", "digitaleadressen", **{**ADRES, "verstrektDoorPartij": partij})
    await make("rekening", "rekeningnummers", partij=partij, iban="NL91ABNA0417164300")
    await office.change(
        "partijen",
        made["partij"],
        voorkeursDigitaalAdres=ref(made["adres"]),
        voorkeursRekeningnummer=ref(made["rekening"]),
    )
    await make(
        "bsn", "partij-identificatoren", identificeerdePartij=partij, partijIdentificator=BSN
    )
    await make("categorie", "categorieen", naam="zakelijk")
    categorie = ref(made["categorie"])
    await make("relatie", "categorie-relaties", partij=partij, categorie=categorie)
    namens, ander = partij, ref(made["ander"])
    ways = {"namens": (namens, ander), "door": (ander, namens)}
    for name, (who, whom) in ways.items():
        both = {"vertegenwoordigendePartij": who, "vertegenwoordigdePartij": whom}
        await make(name, "vertegenwoordigingen", **both)
    contact = ref(await make("contact", "klantcontacten", **CONTACT))
    of_contact = {"wasPartij": partij, "hadKlantcontact": contact}
    betrokkene = await make("betrokkene", "betrokkenen", **{**BETROKKENE, **of_contact})
    of_betrokkene = {"verstrektDoorBetrokkene": ref(betrokkene), "adres": "b@example.nl"}
    await make("bij", "digitaleadressen", **{**ADRES, **of_betrokkene})
    await make("onderwerp", "onderwerpobjecten", klantcontact=contact)
    await make("vorig", "onderwerpobjecten", wasKlantcontact=contact)
    await make("bijlage", "bijlagen", wasBijlageVanKlantcontact=contact)
    actor = ref(await make("actor", "actoren", **ACTOR))
    tweede = ref(await make("tweede", "actoren", **ACTOR))
    await make("actorcontact", "actorklantcontacten", actor=actor, klantcontact=contact)
    await make(
        "taak",
        "internetaken",
        **TAAK,
        aanleidinggevendKlantcontact=contact,
        toegewezenAanActoren=[actor, tweede],
    )
    return made


async def left(office: Office, made: Names) -> set[str]:
    """The names of what there still is."""
    there = set().union(*[await office.uuids(path) for path in RESOURCES])
    return {name for name, uuid in made.items() if uuid in there}


@pytest.mark.parametrize(
    ("resource", "name", "also"),
    [
        (
            "partijen",
            "partij",
            {"adres", "rekening", "bsn", "relatie", "namens", "door", "betrokkene"},
        ),
        (
            "klantcontacten",
            "contact",
            {"betrokkene", "onderwerp", "vorig", "bijlage", "taak", "actorcontact"},
        ),
        ("betrokkenen", "betrokkene", set()),
        ("actoren", "actor", {"actorcontact"}),
        ("digitaleadressen", "adres", set()),
        ("rekeningnummers", "rekening", set()),
        ("categorieen", "categorie", {"relatie"}),
        ("onderwerpobjecten", "onderwerp", set()),
        ("bijlagen", "bijlage", set()),
        ("internetaken", "taak", set()),
        ("partij-identificatoren", "bsn", set()),
    ],
)
async def test_what_is_deleted_with_an_object(
    office: Office, resource: str, name: str, also: set[str]
) -> None:
    made = await everything(office)
    assert await office.remove(resource, made[name]) is None
    assert await left(office, made) == made.keys() - {name} - also


async def test_what_loses_its_reference(office: Office) -> None:
    made = await everything(office)
    await office.remove("digitaleadressen", made["adres"])
    await office.remove("rekeningnummers", made["rekening"])
    (partij, _) = office.store.rows["partijen"]
    assert partij["voorkeursDigitaalAdres"] is None
    assert partij["voorkeursRekeningnummer"] is None
    await office.remove("betrokkenen", made["betrokkene"])
    (adres,) = office.store.rows["digitaleadressen"]
    assert adres["verstrektDoorBetrokkene"] is None


async def test_of_a_list_of_references_the_others_stay(office: Office) -> None:
    made = await everything(office)
    await office.remove("actoren", made["actor"])
    taak = await office.change("internetaken", made["taak"])
    assert [one["uuid"] for one in taak.object["toegewezenAanActoren"]] == [made["tweede"]]


async def test_who_worked_for_a_partij_has_no_identificatie_any_more(office: Office) -> None:
    werkgever = (await office.make("partijen", **ORGANISATIE)).uuid
    naam = {"contactnaam": {"voornaam": "An"}, "werkteVoorPartij": ref(werkgever)}
    body = {**PARTIJ, "soortPartij": "contactpersoon", "partijIdentificatie": naam}
    made = await office.make("partijen", **body)
    assert made.object["partijIdentificatie"]["contactnaam"]["voornaam"] == "An"
    await office.remove("partijen", werkgever)
    assert (await office.change("partijen", made.uuid)).object["partijIdentificatie"] is None


async def test_an_identificator_on_which_another_rests_is_not_deleted(office: Office) -> None:
    partij = ref((await office.make("partijen", **ORGANISATIE)).uuid)
    of = {"identificeerdePartij": partij}
    kvk = (await office.make("partij-identificatoren", **of, partijIdentificator=KVK)).uuid
    other = ref((await office.make("partijen", **ORGANISATIE)).uuid)
    vestiging = {"identificeerdePartij": other, "partijIdentificator": VESTIGING}
    await office.make("partij-identificatoren", **vestiging, subIdentificatorVan=ref(kvk))
    before = len(office.store.written)
    for resource, uuid in (("partij-identificatoren", kvk), ("partijen", partij["uuid"])):
        with pytest.raises(Problem) as caught:
            await office.remove(resource, uuid)
        assert caught.value.kind is VALIDATION
        assert caught.value.params[0].name == "nonFieldErrors"
    assert len(office.store.written) == before


@pytest.mark.parametrize("first", ["kvk", "vestiging"])
async def test_identificatoren_that_go_together_do_not_protect_each_other(
    office: Office, first: str
) -> None:
    partij = ref((await office.make("partijen", **ORGANISATIE)).uuid)
    of = {"identificeerdePartij": partij}
    kvk = (await office.make("partij-identificatoren", **of, partijIdentificator=KVK)).uuid
    sub = {**of, "subIdentificatorVan": ref(kvk), "partijIdentificator": VESTIGING}
    await office.make("partij-identificatoren", **sub)
    if first == "vestiging":
        # Found in the other order.
        office.store.rows["partij-identificatoren"].reverse()
        for row, key in zip(office.store.rows["partij-identificatoren"], (1, 2), strict=True):
            row |= {"ID": key, "subIdentificatorVan": row["subIdentificatorVan"] and 2}
    await office.remove("partijen", partij["uuid"])
    assert not office.store.rows["partijen"] and not office.store.rows["partij-identificatoren"]
    (batch,) = office.store.written[-1:]
    numbers = [change for change in batch if change.collection == "partij-identificatoren"]
    assert [change.key["ID"] for change in numbers] == ([2, 1] if first == "kvk" else [1, 2])


async def test_what_depends_goes_first(office: Office) -> None:
    made = await everything(office)
    await office.remove("klantcontacten", made["contact"])
    (batch,) = office.store.written[-1:]
    assert batch[-1].collection == "klantcontacten"


async def test_with_cascade_contacts_go_that_nothing_else_is_about(office: Office) -> None:
    made = await everything(office)
    # The contact has another onderwerpobject, which tells of it as well.
    urls = await office.remove("onderwerpobjecten", made["onderwerp"], cascade=True)
    assert urls == [f"http://gateway.example/klantcontacten/{made['contact']}"]
    assert "contact" in await left(office, made)
    assert await office.remove("onderwerpobjecten", made["vorig"], cascade=True) == []
    gone = {"onderwerp", "vorig", "contact", "betrokkene", "taak", "bijlage", "actorcontact"}
    assert await left(office, made) == made.keys() - gone - {"bij"}


async def test_an_object_that_a_source_only_shows_is_in_the_way(office: Office) -> None:
    made = await everything(office)
    stream = office.stream("bijlagen")
    object.__setattr__(stream, "writing", None)
    before = len(office.store.written)
    with pytest.raises(Problem) as caught:
        await office.remove("klantcontacten", made["contact"])
    assert caught.value.kind is CONFLICT
    assert "bijlagen" in caught.value.detail
    assert len(office.store.written) == before


async def test_what_cannot_lose_its_reference_is_in_the_way(office: Office) -> None:
    made = await everything(office)
    stream = office.stream("partijen")
    cannot = [replace(e, writable=False) for e in stream.edges]
    object.__setattr__(stream, "edges", tuple(cannot))
    with pytest.raises(Problem) as caught:
        await office.remove("digitaleadressen", made["adres"])
    assert caught.value.kind is CONFLICT
    assert {"partij", "adres"} <= await left(office, made)
