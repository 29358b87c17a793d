"""What the fakes find with an index is what they would find by looking at everything."""

from __future__ import annotations

from random import Random

from demo.index import Indexed, Keys
from demo.openzaak.filters import FILTERS
from demo.openzaak.holdings import ROLLEN, ROLTYPEN, STATUSTYPEN, ZAKEN
from demo.openzaak.service import OpenZaak
from demo.stuf.data import INITIATOR, Holdings, Thing
from demo.stuf.messages import keys_of
from tests.support.openzaak import ask, open_zaak

Numbers = list[int]
KEYS: list[Keys[Numbers]] = [lambda one: one, lambda one: (len(one),), lambda one: (sum(one) % 5,)]


def test_things_that_come_change_and_go_are_found_in_the_order_in_which_they_came() -> None:
    random = Random(1)
    indexed: Indexed[Numbers] = Indexed()
    for _ in range(500):
        name = str(random.randrange(40))
        if name in indexed.things and random.random() < 0.3:
            indexed.remove(name)
        else:
            indexed.put(name, random.choices(range(6), k=random.randrange(5)))
        asked = [(keys, random.randrange(6)) for keys in random.sample(KEYS, random.randrange(3))]
        among = set(map(str, range(0, 60, 2))) if random.random() < 0.3 else None
        assert indexed.found(asked, among) == [
            one
            for name, one in indexed.things.items()
            if all(key in keys(one) for keys, key in asked) and (among is None or name in among)
        ]


def _finds_what_tests_keep(fake: OpenZaak, also: set[tuple[str, str, object]]) -> None:
    """Each filter with an index, with values that rows have; and those of ``also``, to which it
    adds what it tried."""
    holdings = fake.holdings
    for collection, filters in FILTERS.items():
        for name, one in filters.items():
            of = ROLLEN if name.startswith("rol__") else collection
            rows = list(holdings.rows[of].values())
            if one.keys is not None:
                also |= {(of, name, key) for row in rows[:3] + rows[-3:] for key in one.keys(row)}
    tried = 0
    for of, name, key in also:
        one = FILTERS[ZAKEN if name.startswith("rol__") else of][name]
        if one.keys is not None and isinstance(key, str):
            kept = [r for r in holdings.rows[of].values() if one.test(holdings, r, key)]
            assert holdings.found(of, [(one.keys, key)]) == kept, name
            tried += len(kept) > 0
    assert tried > 100


async def test_rows_of_open_zaak_are_found_by_what_they_are_after_writes() -> None:
    fake = open_zaak()
    tried: set[tuple[str, str, object]] = set()
    _finds_what_tests_keep(fake, tried)
    zaak = fake.holdings.newest(ZAKEN)[0]
    url = f"{fake.public}/zaken/api/v1/zaken/{zaak['uuid']}"
    answers = [await ask(fake, url, method="PATCH", body={"omschrijving": "x", "kenmerken": []})]
    behandelt = next(
        row["uuid"]
        for row in fake.holdings.rows[ROLTYPEN].values()
        if row["zaaktype"] == zaak["zaaktype"] and row["omschrijvingGeneriek"] == "behandelaar"
    )
    rol = {
        "zaak": url,
        "roltype": f"{fake.public}/catalogi/api/v1/roltypen/{behandelt}",
        "betrokkeneType": "medewerker",
        "roltoelichting": "",
        "betrokkeneIdentificatie": {"identificatie": "een"},
    }
    answers.append(await ask(fake, "rollen", method="POST", body=rol))
    other = rol | {"betrokkeneIdentificatie": {"identificatie": "ander"}}
    answers.append(await ask(fake, answers[-1].json()["url"], method="PUT", body=other))
    body = {
        "zaaktype": answers[0].json()["zaaktype"],
        "bronorganisatie": zaak["bronorganisatie"],
        "verantwoordelijkeOrganisatie": zaak["bronorganisatie"],
        "startdatum": "2026-11-02",
        "hoofdzaak": url,
    }
    answers.append(await ask(fake, "zaken", method="POST", body=body))
    assert (await ask(fake, url)).json()["deelzaken"] == [answers[-1].json()["url"]]
    kinds = fake.holdings.rows[STATUSTYPEN].values()
    first = next(row for row in kinds if row["zaaktype"] == zaak["zaaktype"])
    status = {
        "zaak": answers[-1].json()["url"],
        "statustype": f"{fake.public}/catalogi/api/v1/statustypen/{first['uuid']}",
        "datumStatusGezet": "2026-11-02T10:00:00Z",
    }
    answers.append(await ask(fake, "statussen", method="POST", body=status))
    assert [one.status_code for one in answers] == [200, 201, 200, 201, 201], answers
    oldest = next(iter(fake.holdings.rows[ZAKEN]))
    gone = await ask(fake, f"{fake.public}/zaken/api/v1/zaken/{oldest}", method="DELETE")
    assert gone.status_code == 204
    _finds_what_tests_keep(fake, tried)


def test_a_zaak_of_stuf_that_changes_is_found_by_what_it_is_then() -> None:
    who = f"{INITIATOR}/natuurlijkPersoon/inp.bsn"
    zaken = [Thing("ZAK", f"zak-{n}", {"identificatie": f"Z{n}", who: "1"}) for n in range(3)]
    held = Holdings(zaken)
    by_number = keys_of(f"{INITIATOR}/identificatie", "", "prefix"), "111"
    by_bsn = keys_of(who, "", "prefix"), "1"
    assert held.of("ZAK", [by_number]) == held.of("ZAK", [by_bsn]) == held.of("ZAK") == zaken
    zaken[1].values[who] = "2"
    held.put(zaken[1])
    held.put(Thing("ZAK", "zak-3", {"identificatie": "Z3", who: "1"}))
    left = [zaken[0], zaken[2], *held.of("ZAK")[3:]]
    assert held.of("ZAK", [by_number]) == held.of("ZAK", [by_number, by_bsn]) == left
    assert held.of("ZAK", [(keys_of("identificatie", "", ""), "Z3"), by_bsn]) == left[2:]
    assert held.of("NPS") == []
