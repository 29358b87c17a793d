"""The rules between attributes and objects, with the words of Open Klant."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.standard import rules
from gateway.standard.body import read_body
from gateway.standard.contact import read_contact
from gateway.standard.draft import Stored, Verb
from gateway.standard.errors import VALIDATION, Problem
from gateway.standard.settle import settle
from gateway.standard.table import RESOURCES
from tests.support.facts import Memory
from tests.unit.test_body import BODIES, NOW

PI = "partij-identificatoren"
MEREL, BAKKER, NOBODY = (f"{n}0000000-0000-4000-8000-000000000000" for n in "123")
KVK, VESTIGING, BSN = (f"{n}0000000-0000-4000-8000-000000000000" for n in "456")
CONTACT, ACTOR, PAIR = (f"{n}0000000-0000-4000-8000-000000000000" for n in "789")
MAIL, PHONE, TAAK = (f"{n}0000000-0000-4000-8000-000000000000" for n in "abc")
ACCOUNT = "d0000000-0000-4000-8000-000000000000"


def codes(soort: str, number: str) -> dict[str, str]:
    objecttype = {"bsn": "natuurlijk_persoon", "vestigingsnummer": "vestiging"}
    return {
        "codeObjecttype": objecttype.get(soort, "niet_natuurlijk_persoon"),
        "codeSoortObjectId": soort,
        "objectId": number,
        "codeRegister": "brp" if soort == "bsn" else "hr",
    }


def identificator(soort: str, number: str, **references: str | None) -> Stored:
    values = {f"partijIdentificator.{k}": v for k, v in codes(soort, number).items()}
    held = {ref: (uuid,) if uuid else () for ref, uuid in references.items()}
    return Stored(values, {"subIdentificatorVan": (), **held})


def ref(uuid: str) -> dict[str, str]:
    return {"uuid": uuid}


def pid(soort: str, number: str, **others: Any) -> dict[str, Any]:
    return {"partijIdentificator": codes(soort, number), **others}


@pytest.fixture
def facts() -> Memory:
    """Merel has a BSN, an e-mail address, a phone and a bank account; de bakker is a company with
    a vestiging."""
    merel = {"verstrektDoorPartij": (MEREL,)}
    return Memory(
        {
            ("partijen", MEREL): Stored({"soortPartij": "persoon", "nummer": "1"}),
            ("partijen", BAKKER): Stored({"soortPartij": "organisatie", "nummer": None}),
            (PI, BSN): identificator("bsn", "999993653", identificeerdePartij=MEREL),
            (PI, KVK): identificator("kvk_nummer", "68750110", identificeerdePartij=BAKKER),
            (PI, VESTIGING): identificator(
                "vestigingsnummer", "000037178598", subIdentificatorVan=KVK
            ),
            ("klantcontacten", CONTACT): Stored({"nummer": "7", "referentienummer": "8"}),
            ("internetaken", TAAK): Stored({"status": "verwerkt", "referentienummer": "9"}),
            ("actoren", ACTOR): Stored({}),
            ("actorklantcontacten", PAIR): Stored(
                {}, {"actor": (ACTOR,), "klantcontact": (CONTACT,)}
            ),
            ("vertegenwoordigingen", PAIR): Stored(
                {}, {"vertegenwoordigendePartij": (MEREL,), "vertegenwoordigdePartij": (BAKKER,)}
            ),
            ("digitaleadressen", MAIL): Stored(
                {
                    "soortDigitaalAdres": "email",
                    "referentie": "portaalvoorkeur",
                    "isStandaardAdres": True,
                },
                merel,
            ),
            ("digitaleadressen", PHONE): Stored(
                {"soortDigitaalAdres": "telefoonnummer", "referentie": "portaalvoorkeur"}, merel
            ),
            ("rekeningnummers", ACCOUNT): Stored({}, {"partij": (MEREL,)}),
        }
    )


async def judged(
    facts: Memory, path: str, body: object, verb: Verb = Verb.CREATE, uuid: str | None = None
) -> list[tuple[str, str, str]]:
    """What is said of a body."""
    reading = read_body(RESOURCES[path], body, verb, now=NOW)
    current = facts.objects[path, uuid] if uuid else None
    return await _said(rules.check(reading, facts, uuid, current))


async def _said(check: Any) -> list[tuple[str, str, str]]:
    try:
        await check
    except Problem as problem:
        assert problem.kind is VALIDATION
        return [(p.name, p.code, p.reason) for p in problem.params]
    return []


async def test_good_bodies_break_no_rule(facts: Memory) -> None:
    for path, known in {
        "actorklantcontacten": {"actor": ref(ACTOR), "klantcontact": ref(NOBODY)},
        "vertegenwoordigingen": {
            "vertegenwoordigendePartij": ref(BAKKER),
            "vertegenwoordigdePartij": ref(MEREL),
        },
        "betrokkenen": {**BODIES["betrokkenen"], "hadKlantcontact": ref(CONTACT)},
        "internetaken": {
            **BODIES["internetaken"],
            "aanleidinggevendKlantcontact": ref(CONTACT),
            "toegewezenAanActoren": [],
        },
        "digitaleadressen": {**BODIES["digitaleadressen"], "verstrektDoorPartij": ref(MEREL)},
        PI: pid("bsn", "000000012"),
        "partijen": {**BODIES["partijen"], "nummer": "2"},
        "klantcontacten": {**BODIES["klantcontacten"], "nummer": "1"},
    }.items():
        facts.objects["klantcontacten", NOBODY] = Stored({})
        assert await judged(facts, path, known) == [], path


# --- single attributes ---------------------------------------------------------------------------


async def test_everything_about_single_attributes_is_told_at_once(facts: Memory) -> None:
    body = {"nummer": "1", "voorkeursDigitaalAdres": ref(NOBODY), "soortPartij": "persoon"}
    assert await judged(facts, "partijen", body) == [
        ("nummer", "unique", "Er bestaat al een partij met eenzelfde nummer."),
        ("voorkeursDigitaalAdres.uuid", "invalid", "DigitaalAdres object bestaat niet."),
        ("indicatieActief", "required", "Dit veld is vereist."),
    ]


@pytest.mark.parametrize(
    ("path", "body", "name", "label"),
    [
        ("betrokkenen", {"wasPartij": ref(NOBODY)}, "wasPartij.uuid", "Partij"),
        ("internetaken", {"toegewezenAanActor": ref(NOBODY)}, "toegewezenAanActor.uuid", "Actor"),
        (
            "internetaken",
            {"toegewezenAanActoren": [ref(ACTOR), ref(NOBODY)]},
            "toegewezenAanActoren.1.uuid",
            "Actor",
        ),
        ("categorie-relaties", {"categorie": ref(NOBODY)}, "categorie.uuid", "Categorie"),
        ("bijlagen", {"wasBijlageVanKlantcontact": ref(NOBODY)}, None, "Klantcontact"),
        (
            "partijen",
            {"partijIdentificatoren": [{"uuid": NOBODY, **pid("bsn", "111222333")}]},
            "partijIdentificatoren.0.uuid",
            "PartijIdentificator",
        ),
    ],
)
async def test_what_does_not_exist(
    facts: Memory, path: str, body: dict[str, Any], name: str | None, label: str
) -> None:
    name = name or f"{next(iter(body))}.uuid"
    said = await judged(facts, path, body, Verb.CHANGE)
    assert said == [(name, "invalid", f"{label} object bestaat niet.")]


@pytest.mark.parametrize(
    ("path", "name", "value", "noun"),
    [
        ("klantcontacten", "nummer", "7", "klantcontact"),
        ("klantcontacten", "referentienummer", 8, "klantcontact"),
        ("internetaken", "referentienummer", "9", "interne taak"),
        ("partijen", "nummer", "1", "partij"),
    ],
)
async def test_a_number_is_its_own(
    facts: Memory, path: str, name: str, value: object, noun: str
) -> None:
    reason = f"Er bestaat al een {noun} met eenzelfde {name}."
    body = {name: value}
    assert await judged(facts, path, body, Verb.CHANGE) == [(name, "unique", reason)]
    own = {"klantcontacten": CONTACT, "internetaken": TAAK, "partijen": MEREL}[path]
    assert await judged(facts, path, body, Verb.CHANGE, own) == []


@pytest.mark.parametrize(
    ("soort", "adres", "reason"),
    [
        ("email", "a@b", "Voer een geldig e-mailadres in."),
        ("email", "é@b.nl", "Voer een geldig e-mailadres in."),
        ("email", "a b@c.nl", "Voer een geldig e-mailadres in."),
        ("email", "a@b.nl\r\nBcc: x@y.nl", "Voer een geldig e-mailadres in."),
        ("telefoonnummer", "06-12345678", "Het opgegeven telefoonnummer is ongeldig."),
        ("telefoonnummer", "112", "Het opgegeven telefoonnummer is ongeldig."),
        (
            "telefoonnummer",
            "0800123456",
            "Het opgegeven telefoonnummer is ongeldig, telefoonnummers beginnend met 0800, 0900, "
            "1400 of 140xx zijn niet toegestaan.",
        ),
        ("email", "A.B+c@Sub.Domein.NL", None),
        ("email", "a@localhost", None),
        ("email", '"a@b"@b.nl', None),
        ("telefoonnummer", "0881234567", None),
        ("telefoonnummer", "+31612345678", None),
        ("telefoonnummer", "0031612345678", None),
        ("overig", "@handle ☎ 1", None),
    ],
)
async def test_an_address_is_of_its_soort(
    facts: Memory, soort: str, adres: str, reason: str | None
) -> None:
    body = {"verstrektDoorPartij": None, "soortDigitaalAdres": soort, "adres": adres}
    expected = [("adres", "invalid", reason)] if reason else []
    assert await judged(facts, "digitaleadressen", body) == expected


async def test_an_address_is_judged_by_the_stored_soort(facts: Memory) -> None:
    change = {"adres": "0612345678"}
    assert await judged(facts, "digitaleadressen", change, Verb.CHANGE, PHONE) == []
    said = await judged(facts, "digitaleadressen", change, Verb.CHANGE, MAIL)
    assert said == [("adres", "invalid", "Voer een geldig e-mailadres in.")]


async def test_one_works_for_an_organisatie(facts: Memory) -> None:
    def body(partij: str) -> dict[str, Any]:
        identificatie = {"werkteVoorPartij": ref(partij)}
        return {
            "soortPartij": "contactpersoon",
            "indicatieActief": True,
            "partijIdentificatie": identificatie,
        }

    name, reason = "partijIdentificatie.werkteVoorPartij.uuid", "Partij object moet het soort"
    assert await judged(facts, "partijen", body(BAKKER)) == []
    said = await judged(facts, "partijen", body(MEREL))
    assert said == [(name, "invalid", f"{reason} 'organisatie' hebben.")]


# --- identificatoren -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("soort", "number", "reason"),
    [
        ("bsn", "123456789", "Onjuist BSN nummer"),
        ("bsn", "12345678", "Waarde moet 9 tekens lang zijn"),
        ("bsn", "12345678a", "Voer een numerieke waarde in"),
        ("rsin", "123456789", "Onjuist RSIN nummer"),
        ("kvk_nummer", "1234567", "Waarde moet 8 tekens lang zijn"),
        ("kvk_nummer", "1234567a", "Voer een numerieke waarde in"),
        ("vestigingsnummer", "12345678901", "Waarde moet 12 tekens lang zijn"),
        ("vestigingsnummer", "12345678901x", "Voer een numerieke waarde in"),
        ("bsn", "000000000", None),
        ("bsn", "111222333", None),
        ("rsin", "111222333", None),
        ("kvk_nummer", "12345678", None),
        ("vestigingsnummer", "123456789012", None),
        ("kvk_nummer", "", None),
    ],
)
async def test_numbers(facts: Memory, soort: str, number: str, reason: str | None) -> None:
    body = pid(soort, number, subIdentificatorVan=ref(KVK))
    said = [("partijIdentificatorObjectId", "invalid", f"Deze waarde is ongeldig, reden: {reason}")]
    assert await judged(facts, PI, body) == (said if reason else [])


@pytest.mark.parametrize(
    ("register", "objecttype", "soort", "name", "reason"),
    [
        (
            "hr",
            "natuurlijk_persoon",
            "bsn",
            "partijIdentificatorCodeObjecttype",
            "voor `codeRegister` hr zijn alleen deze waarden toegestaan: "
            "['vestiging', 'niet_natuurlijk_persoon']",
        ),
        (
            "brp",
            "vestiging",
            "vestigingsnummer",
            "partijIdentificatorCodeObjecttype",
            "voor `codeRegister` brp zijn alleen deze waarden toegestaan: ['natuurlijk_persoon']",
        ),
        (
            "hr",
            "niet_natuurlijk_persoon",
            "bsn",
            "partijIdentificatorCodeSoortObjectId",
            "voor `codeObjecttype` niet_natuurlijk_persoon zijn alleen deze waarden toegestaan: "
            "['rsin', 'kvk_nummer']",
        ),
    ],
)
async def test_codes_fit_together(
    facts: Memory, register: str, objecttype: str, soort: str, name: str, reason: str
) -> None:
    group = {
        "codeRegister": register,
        "codeObjecttype": objecttype,
        "codeSoortObjectId": soort,
        "objectId": "x",
    }
    assert await judged(facts, PI, {"partijIdentificator": group}) == [(name, "invalid", reason)]


async def test_a_vestiging_stands_on_a_kvk_nummer(facts: Memory) -> None:
    body = pid("vestigingsnummer", "123456789012")
    ((name, _, without),) = await judged(facts, PI, body)
    assert name == "subIdentificatorVan" and "is het verplicht om een" in without
    ((name, _, other),) = await judged(facts, PI, {**body, "subIdentificatorVan": ref(BSN)})
    assert name == "subIdentificatorVan" and other.startswith("Het is alleen mogelijk om een")
    assert await judged(facts, PI, {**body, "subIdentificatorVan": ref(KVK)}) == []
    change = {"subIdentificatorVan": None}
    ((name, _, cleared),) = await judged(facts, PI, change, Verb.CHANGE, VESTIGING)
    assert (name, cleared) == ("subIdentificatorVan", without)


async def test_a_number_that_is_taken(facts: Memory) -> None:
    taken = [
        (
            "__all__",
            "invalid",
            "`PartijIdentificator` moet uniek zijn, er bestaat er al een met deze "
            "gegevenscombinatie.",
        )
    ]
    assert await judged(facts, PI, pid("bsn", "999993653")) == taken
    vestiging = pid("vestigingsnummer", "000037178598", subIdentificatorVan=ref(KVK))
    assert await judged(facts, PI, vestiging) == taken
    facts.objects[PI, NOBODY] = identificator("kvk_nummer", "12345678")
    assert await judged(facts, PI, {**vestiging, "subIdentificatorVan": ref(NOBODY)}) == []
    assert await judged(facts, PI, pid("bsn", "999993653"), Verb.REPLACE, BSN) == []
    assert await judged(facts, PI, {"anderePartijIdentificator": "x"}, Verb.CHANGE, BSN) == []


async def test_an_empty_number_cannot_be_asked_for(facts: Memory) -> None:
    assert await judged(facts, PI, pid("bsn", "")) == []
    assert facts.asked == []


async def test_one_of_a_soort(facts: Memory) -> None:
    said = [("__all__", "invalid", "`CodeSoortObjectId` moet uniek zijn voor de Partij.")]
    body = pid("bsn", "111222333", identificeerdePartij=ref(MEREL))
    assert await judged(facts, PI, body) == said
    body["partijIdentificator"] = codes("rsin", "111222333")
    assert await judged(facts, PI, body) == []
    facts.objects[PI, NOBODY] = identificator("bsn", "111222333")
    move = {"identificeerdePartij": ref(MEREL)}
    assert await judged(facts, PI, move, Verb.CHANGE, NOBODY) == said
    assert await judged(facts, PI, move, Verb.CHANGE, BSN) == []


async def test_not_on_itself(facts: Memory) -> None:
    ((name, code, reason),) = await judged(
        facts, PI, {"subIdentificatorVan": ref(KVK)}, Verb.CHANGE, KVK
    )
    assert (name, code) == ("subIdentificatorVan", "invalid")
    assert reason.endswith("kan geen `subIdentificatorVan` zijn van zichzelf.")


async def test_a_soort_that_others_stand_on_stays(facts: Memory) -> None:
    change = {"partijIdentificator": codes("rsin", "111222333")}
    ((name, _, reason),) = await judged(facts, PI, change, Verb.CHANGE, KVK)
    assert name == "partijIdentificatorCodeSoortObjectId"
    assert reason.startswith("Het is niet mogelijk om de codeSoortObjectId van deze")
    change = {"partijIdentificator": codes("kvk_nummer", "87654321")}
    assert await judged(facts, PI, change, Verb.CHANGE, KVK) == []
    change = {"partijIdentificator": codes("rsin", "111222333")}
    del facts.objects[PI, VESTIGING]
    assert await judged(facts, PI, change, Verb.CHANGE, KVK) == []


# --- partijen ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "names"),
    [
        (
            [pid("bsn", "123456789"), pid("kvk_nummer", "1")],
            [
                "partijIdentificatoren.0.partijIdentificatorObjectId",
                "partijIdentificatoren.1.partijIdentificatorObjectId",
            ],
        ),
        (
            [pid("rsin", "111222333"), pid("vestigingsnummer", "123456789012")],
            ["partijIdentificatoren.1.subIdentificatorVan"],
        ),
        ([pid("bsn", "111222333"), pid("bsn", "123456782")], ["__all__"]),
        ([pid("bsn", "999993653")], ["__all__"]),
        (
            [{"uuid": KVK, **pid("kvk_nummer", "12345678"), "subIdentificatorVan": ref(KVK)}],
            ["partijIdentificatoren.0.subIdentificatorVan"],
        ),
        ([pid("bsn", "111222333"), pid("rsin", "111222333")], []),
        ([{"uuid": BSN, **pid("bsn", "999993653")}], []),
    ],
)
async def test_identificatoren_within_a_partij(
    facts: Memory, items: list[Any], names: list[str]
) -> None:
    body = {**BODIES["partijen"], "partijIdentificatoren": items}
    assert [name for name, *_ in await judged(facts, "partijen", body)] == names


async def test_identificatoren_that_are_replaced_do_not_count(facts: Memory) -> None:
    change = {"partijIdentificatoren": [pid("bsn", "999993653")]}
    assert await judged(facts, "partijen", change, Verb.CHANGE, MEREL) == []
    ((name, *_),) = await judged(facts, "partijen", change, Verb.CHANGE, BAKKER)
    assert name == "__all__"


NOT_LINKED = "Het voorkeurs adres moet een gelinkte digitaal adres zijn."


@pytest.mark.parametrize(
    ("verb", "body", "reason"),
    [
        (Verb.CREATE, {"digitaleAdressen": [ref(MAIL)]}, None),
        (Verb.CREATE, {"digitaleAdressen": [ref(PHONE)]}, NOT_LINKED),
        (Verb.CREATE, {}, NOT_LINKED),
        (Verb.REPLACE, {"digitaleAdressen": [ref(MAIL)]}, None),
        (Verb.REPLACE, {"digitaleAdressen": [ref(PHONE)]}, NOT_LINKED),
        (
            Verb.REPLACE,
            {"digitaleAdressen": []},
            "voorkeursDigitaalAdres mag niet meegegeven worden als digitaleAdressen leeg is.",
        ),
        (Verb.REPLACE, {}, None),
        (Verb.CHANGE, {}, None),
        (Verb.CHANGE, {"digitaleAdressen": []}, NOT_LINKED),
    ],
)
async def test_what_is_preferred_is_linked(
    facts: Memory, verb: Verb, body: dict[str, Any], reason: str | None
) -> None:
    uuid = None if verb is Verb.CREATE else MEREL
    body = {**BODIES["partijen"], **body, "voorkeursDigitaalAdres": ref(MAIL)}
    said = await judged(facts, "partijen", body, verb, uuid)
    assert said == ([("voorkeursDigitaalAdres", "invalid", reason)] if reason else [])


async def test_the_preferred_account_is_linked(facts: Memory) -> None:
    change = {"voorkeursRekeningnummer": ref(ACCOUNT)}
    assert await judged(facts, "partijen", change, Verb.CHANGE, MEREL) == []
    assert await judged(facts, "partijen", change, Verb.CHANGE, BAKKER) == [
        (
            "voorkeursRekeningnummer",
            "invalid",
            "Het voorkeurs rekeningnummer moet een gelinkte rekeningnummer zijn.",
        )
    ]
    nothing = {"voorkeursRekeningnummer": None, "voorkeursDigitaalAdres": None}
    assert await judged(facts, "partijen", nothing, Verb.CHANGE, BAKKER) == []


# --- digitaleadressen ----------------------------------------------------------------------------


async def test_a_standard_address_is_of_a_partij(facts: Memory) -> None:
    said = [
        (
            "isStandaardAdres",
            "invalid",
            "`is_standaard_adres` kan alleen gezet worden als `verstrekt_door_partij` niet leeg "
            "is.",
        )
    ]
    body = {**BODIES["digitaleadressen"], "isStandaardAdres": True}
    assert await judged(facts, "digitaleadressen", body) == said
    body["verstrektDoorPartij"] = ref(MEREL)
    assert await judged(facts, "digitaleadressen", body) == []
    loose = {"verstrektDoorPartij": None}
    assert await judged(facts, "digitaleadressen", loose, Verb.CHANGE, MAIL) == said
    assert await judged(facts, "digitaleadressen", loose, Verb.CHANGE, PHONE) == []


async def test_a_referentie_is_its_own(facts: Memory) -> None:
    said = [
        (
            "nonFieldErrors",
            "unique",
            "De velden ['verstrekt_door_partij', 'referentie', 'soort_digitaal_adres'] moeten een "
            "unieke set zijn.",
        )
    ]
    body = {
        "verstrektDoorPartij": ref(MEREL),
        "soortDigitaalAdres": "email",
        "adres": "a@b.nl",
        "referentie": "portaalvoorkeur",
    }
    assert await judged(facts, "digitaleadressen", body) == said
    for other in (
        {"verstrektDoorPartij": ref(BAKKER)},
        {"verstrektDoorPartij": None},
        {"referentie": ""},
        {"soortDigitaalAdres": "overig"},
    ):
        assert await judged(facts, "digitaleadressen", {**body, **other}) == []
    own = {"referentie": "portaalvoorkeur"}
    assert await judged(facts, "digitaleadressen", own, Verb.CHANGE, MAIL) == []
    soort = {"soortDigitaalAdres": "telefoonnummer"}
    assert await judged(facts, "digitaleadressen", soort, Verb.CHANGE, MAIL) == said


# --- klantcontacten and internetaken ------------------------------------------------------------

SUCCESS = (
    "nonFieldErrors",
    "no-further-action-when-contact-succesful",
    "Als het contact gelukt is kan er geen verdere actie zijn ondernomen",
)


async def test_no_further_action_on_success(facts: Memory) -> None:
    both = {"indicatieContactGelukt": True, "verdereActieOndernomen": True}
    body = {**BODIES["klantcontacten"], **both}
    assert await judged(facts, "klantcontacten", body) == [SUCCESS]
    facts.objects["klantcontacten", CONTACT] = Stored({"verdereActieOndernomen": True})
    change = {"indicatieContactGelukt": True}
    assert await judged(facts, "klantcontacten", change, Verb.CHANGE, CONTACT) == [SUCCESS]
    body = {**BODIES["klantcontacten"], **change}
    assert await judged(facts, "klantcontacten", body, Verb.REPLACE, CONTACT) == []


async def test_actoren_are_named_in_one_way(facts: Memory) -> None:
    body = {**BODIES["internetaken"], "aanleidinggevendKlantcontact": ref(CONTACT)}
    del body["toegewezenAanActoren"]
    one, many = {"toegewezenAanActor": ref(ACTOR)}, {"toegewezenAanActoren": [ref(ACTOR)]}
    for verb in (Verb.CREATE, Verb.REPLACE):
        ((name, code, none),) = await judged(facts, "internetaken", body, verb)
        assert (name, code) == ("nonFieldErrors", "invalid")
        assert none.startswith("`toegewezen_aan_actor` of `toegewezen_aan_actoren` is required")
        assert await judged(facts, "internetaken", {**body, **one}, verb) == []
        assert await judged(facts, "internetaken", {**body, **many}, verb) == []
    assert await judged(facts, "internetaken", {}, Verb.CHANGE) == []
    ((_, _, both),) = await judged(facts, "internetaken", {**one, **many}, Verb.CHANGE)
    assert both.endswith("mag niet beiden gebruikt worden.")


async def test_handled_only_when_done(facts: Memory) -> None:
    change = {"afgehandeldOp": "2024-01-01T00:00:00Z"}
    assert await judged(facts, "internetaken", change, Verb.CHANGE, TAAK) == []
    facts.objects["internetaken", TAAK] = Stored({"status": "te_verwerken"})
    ((name, code, reason),) = await judged(facts, "internetaken", change, Verb.CHANGE, TAAK)
    assert (name, code) == ("afgehandeldOp", "invalid")
    assert reason.endswith("als de status niet op 'verwerkt' staat.")
    change["status"] = "verwerkt"
    assert await judged(facts, "internetaken", change, Verb.CHANGE, TAAK) == []


# --- pairs ---------------------------------------------------------------------------------------


async def test_a_pair_is_there_once(facts: Memory) -> None:
    body = {"actor": ref(ACTOR), "klantcontact": ref(CONTACT)}
    reason = "De velden actor, klantcontact moeten een unieke set zijn."
    assert await judged(facts, "actorklantcontacten", body) == [
        ("nonFieldErrors", "unique", reason)
    ]
    assert await judged(facts, "actorklantcontacten", body, Verb.REPLACE, PAIR) == []


async def test_a_representation(facts: Memory) -> None:
    path = "vertegenwoordigingen"
    body = {
        "vertegenwoordigendePartij": ref(MEREL),
        "vertegenwoordigdePartij": ref(BAKKER),
    }
    both = "vertegenwoordigende_partij, vertegenwoordigde_partij"
    reason = f"De velden {both} moeten een unieke set zijn."
    assert await judged(facts, path, body) == [("nonFieldErrors", "unique", reason)]
    assert await judged(facts, path, body, Verb.REPLACE, PAIR) == []
    himself = [
        (
            "vertegenwoordigdePartij",
            "invalid",
            "De partij kan niet zichzelf vertegenwoordigen.",
        )
    ]
    change = {"vertegenwoordigdePartij": ref(MEREL)}
    assert await judged(facts, path, {**body, **change}) == himself
    assert await judged(facts, path, change, Verb.CHANGE, PAIR) == himself


# --- maak-klantcontact ---------------------------------------------------------------------------


async def test_the_parts_of_a_contact(facts: Memory) -> None:
    klantcontact = {**BODIES["klantcontacten"], "nummer": "7"}
    betrokkene = {"rol": "klant", "initiator": True, "wasPartij": ref(NOBODY)}
    contact = read_contact({"klantcontact": klantcontact, "betrokkene": betrokkene}, now=NOW)
    assert [name for name, *_ in await _said(rules.check_contact(contact, facts))] == [
        "klantcontact.nummer",
        "betrokkene.wasPartij.uuid",
    ]
    klantcontact = {**BODIES["klantcontacten"]}
    klantcontact |= {"indicatieContactGelukt": True, "verdereActieOndernomen": True}
    contact = read_contact({"klantcontact": klantcontact}, now=NOW)
    name, code, reason = SUCCESS
    said = await _said(rules.check_contact(contact, facts))
    assert said == [(f"klantcontact.{name}", code, reason)]
    good = {"klantcontact": BODIES["klantcontacten"], "onderwerpobject": {"wasKlantcontact": None}}
    assert await _said(rules.check_contact(read_contact(good, now=NOW), facts)) == []


# --- what follows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "stored", "moment"),
    [
        ({"status": "verwerkt"}, {"status": "te_verwerken"}, "2026-05-04T03:02:01Z"),
        ({"status": "te_verwerken"}, {"status": "verwerkt", "afgehandeldOp": "2024"}, None),
        (
            {"status": "verwerkt", "afgehandeldOp": "2024-01-01"},
            {"status": "te_verwerken"},
            "2024-01-01T00:00:00Z",
        ),
        (
            {"afgehandeldOp": None},
            {"status": "verwerkt", "afgehandeldOp": "2024-01-01T00:00:00Z"},
            "2026-05-04T03:02:01Z",
        ),
        (BODIES["internetaken"] | {"status": "verwerkt"}, None, "2026-05-04T03:02:01Z"),
        (BODIES["internetaken"], None, None),
    ],
)
def test_when_a_taak_was_done(
    body: dict[str, Any], stored: dict[str, Any] | None, moment: str | None
) -> None:
    current = Stored(stored) if stored is not None else None
    verb = Verb.CHANGE if current else Verb.CREATE
    draft = read_body(RESOURCES["internetaken"], body, verb, now=NOW).draft
    assert settle(draft, current, now=NOW).values["afgehandeldOp"] == moment


def test_a_taak_that_stays_as_it_is() -> None:
    draft = read_body(RESOURCES["internetaken"], {"toelichting": "x"}, Verb.CHANGE, now=NOW).draft
    current = Stored({"status": "verwerkt", "afgehandeldOp": "2024-01-01T00:00:00Z"})
    assert settle(draft, current, now=NOW) == draft
    assert settle(draft, Stored({"status": "te_verwerken"}), now=NOW) == draft


def test_an_object_of_another_soort_has_nothing_of_the_old_one() -> None:
    def settled(body: dict[str, Any]) -> dict[str, bool]:
        draft = read_body(RESOURCES["partijen"], body, Verb.CHANGE, now=NOW).draft
        return dict(settle(draft, Stored({"soortPartij": "persoon"}), now=NOW).present)

    assert settled({"soortPartij": "organisatie"}) == {"partijIdentificatie": False}
    assert settled({"soortPartij": "persoon"}) == {}
    assert settled({"interneNotitie": "x"}) == {}
    given = {"soortPartij": "organisatie", "partijIdentificatie": {"naam": "X"}}
    assert settled(given) == {"partijIdentificatie": True}
