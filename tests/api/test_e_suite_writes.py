"""Writing to the e-Suite, which takes a contact whole: what KISS, Open Inwoner and others send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from demo.esuite.data import ZAKEN
from demo.v1.answers import Refused
from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS, Row
from gateway.standard.table import RESOURCES
from tests.helpers import BSN, problem, write_config
from tests.support.journeys import replay
from tests.support.register import WRITER, before, register
from tests.support.v1 import ESuite, config, gateway, source

KISS_CONTACT: Final = "KCC medewerker registreert contactmoment (bekende inwoner)"
KISS_TASK: Final = "KCC medewerker registreert anoniem contactverzoek"
OPEN_INWONER: Final = "Inwoner stelt vraag bij zaak (ingelogd)"
LOGIN: Final = "Inwoner logt in (DigiD), partij onbekend: aanmaken + e-mail terugschrijven"
PROFILE: Final = "Inwoner wijzigt profiel (e-mail, voorkeursadres, telefoon verwijderen)"
GZAC: Final = "Proces maakt klantcontact aan"

NOW: Final = "2026-10-30T10:00:00Z"
USER: Final = "wiel006"
ZAAK: Final = "3ba1d1b4-0e1f-4d0c-9a62-b9b6b6f0d2f1"
LENIENT: Final = {
    "klantcontacten": ["indicatieContactGelukt", "vertrouwelijk"],
    "betrokkenen": ["contactnaam", "organisatienaam"],
    "digitaleadressen": ["omschrijving", "isStandaardAdres", "verstrektDoorBetrokkene"],
    "internetaken": ["gevraagdeHandeling", "toegewezenAanActoren"],
    "partijen": ["partijIdentificatie", "voorkeurstaal", "indicatieGeheimhouding"],
}
"""What KISS and Open Inwoner send and the e-Suite has no place for."""

KANALEN: Final = """\
resource: klantcontacten
streams:
  contact:
    rules:
      - to: kanaal
        from: kanaal
        values:
          {Telefoon: telefoon, Webformulier: oip_mijn_vragen, Chat: portaal, E-mail: e-mail,
           Balie: balie, Post: brief}
"""


def settings(folder: Path, number: int = 1) -> dict[str, Any]:
    """The source, with the gemeente's own names of channels over the mapping."""
    own = folder / "eigen"
    own.mkdir(exist_ok=True)
    (own / "klantcontacten.yaml").write_text(KANALEN)
    return {**source("e-suite", number), "overrides": str(own)}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    path = write_config(
        tmp_path,
        {"e-suite": settings(tmp_path)},
        clients=WRITER,
        limits={"burst_seconds": 5},
        writing={"lenient": LENIENT, "known_actoren": True},
    )
    async with gateway(path) as client:
        yield client


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path, "e-suite", clients=WRITER)) as client:
        yield client


class Made:
    """What was made in the e-Suite since this was."""

    def __init__(self) -> None:
        self._before = {r: set(rows) for r, rows in ESuite.last.register.rows.items()}
        ESuite.last.calls.clear()

    def rows(self, resource: str) -> list[Row]:
        rows = ESuite.last.register.rows[resource]
        return [row for uuid, row in rows.items() if uuid not in self._before[resource]]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Contactmomenten, klanten, links to klanten, links to zaken."""
        contacts, klanten = len(self.rows(CONTACTEN)), len(self.rows(KLANTEN))
        return contacts, klanten, len(self.rows(KLANTLINKS)), len(self.rows(OBJECTLINKS))

    @property
    def contact(self) -> Row:
        (row,) = self.rows(CONTACTEN)
        return row

    @property
    def calls(self) -> tuple[int, int]:
        """How often the e-Suite was asked, and how often it was told something."""
        asked = sum(call.startswith("GET") for call in ESuite.last.calls)
        return asked, len(ESuite.last.calls) - asked


async def actor(client: httpx.AsyncClient, user: str) -> str:
    answer = await client.get(f"actoren?actoridentificatorObjectId={user}")
    (found,) = answer.json()["results"]
    return str(found["uuid"])


async def variables(client: httpx.AsyncClient) -> dict[str, Any]:
    uuid = await actor(client, USER)
    answer = await client.get(f"partijen?partijIdentificator__objectId={BSN}")
    return {
        "bsn": BSN,
        "now": NOW,
        "kcm_email": USER,
        "phone": "0612345678",
        "zaak_uuid": ZAAK,
        "oip_actor_uuid": uuid,
        "partij_uuid": answer.json()["results"][0]["uuid"],
    }


def statuses(answers: list[tuple[str, httpx.Response]]) -> dict[str, int]:
    """Of what was written."""
    return {name: a.status_code for name, a in answers if not name.startswith("GET")}


def refusals(answers: list[tuple[str, httpx.Response]]) -> list[tuple[str, str]]:
    """What was refused, and why."""
    return [
        (f"{name} {a.status_code}", str(a.json().get("invalidParams") or a.text))
        for name, a in answers
        if not a.is_success
    ]


# --- KISS ---------------------------------------------------------------------------------------


async def test_kiss_registers_a_contact_that_is_settled(client: httpx.AsyncClient) -> None:
    given = await variables(client)
    made = Made()
    answers = await replay(client, KISS_CONTACT, given, {"medewerker": USER})
    assert not refusals(answers)
    assert made.counts == (1, 0, 1, 0)
    assert made.calls == (12, 2)
    row = made.contact
    assert (row["status"], row["type"], row["antwoord"]) == (
        "afgehandeld",
        "Contactmoment",
        "N.v.t.",
    )
    assert row["tekst"] == "Paspoort aanvragen (spoed)\nBelt over paspoort"
    assert row["kanaal"] == "Telefoon"
    contact = dict(answers)["POST klantcontacten"].json()
    assert contact["inhoud"] == "Belt over paspoort"
    assert contact["reactie"] == ""
    shown = (await client.get(contact["url"])).json()
    assert [a["naam"] for a in shown["hadBetrokkenActoren"]] == [USER]
    assert len(shown["hadBetrokkenen"]) == 1


async def test_kiss_without_a_hint_is_told_of_it_at_the_medewerker(
    client: httpx.AsyncClient,
) -> None:
    given = await variables(client)
    made = Made()
    answers = await replay(client, KISS_CONTACT, given)
    assert statuses(answers) == {
        "POST klantcontacten": 201,
        "POST actorklantcontacten": 409,
        "POST betrokkenen": 201,
    }
    refused = problem(dict(answers)["POST actorklantcontacten"], 409, "staat-anders")
    assert "metadata.medewerker" in refused["detail"]
    assert made.counts == (1, 0, 1, 0)


TASK: Final = {
    "medewerker": USER,
    "telefoonnummer": "0612345678",
    "toelichting": "Terugbellen",
    "afdeling": "Burgerzaken",
}


async def test_kiss_asks_to_call_back(tmp_path: Path) -> None:
    """As it was recorded, with an afdeling as actor; these are in a register of their own."""
    chosen = {**dict.fromkeys(RESOURCES, "e-suite"), "actoren": "register"}
    for alone in ("bijlagen", "categorieen", "categorie-relaties", "rekeningnummers"):
        chosen[alone] = "register"
    chosen["vertegenwoordigingen"] = "register"
    writing = {"owners": chosen, "lenient": LENIENT}
    async with (
        register(tmp_path),
        before(tmp_path, {"e-suite": settings(tmp_path, 2)}, writing=writing) as client,
    ):
        given = await variables(client)
        made = Made()
        answers = await replay(client, KISS_TASK, given, TASK)
        assert not refusals(answers)
        assert made.counts == (1, 0, 0, 0)
        row = made.contact
        assert (row["status"], row["type"], row["antwoord"]) == ("nieuw", "Terugbelverzoek", "")
        assert row["afdeling"] == "Burgerzaken"
        task = dict(answers)["POST internetaken"].json()
        contact = dict(answers)["POST klantcontacten"].json()
        assert task["nummer"] == contact["nummer"]
        assert (await client.get(task["url"])).json() == task
        shown = await client.get(f"{contact['url']}?expand=leiddeTotInterneTaken")
        (expanded,) = shown.json()["_expand"]["leiddeTotInterneTaken"]
        assert expanded["toelichting"] == "Terugbellen"


async def asked(client: httpx.AsyncClient, **metadata: str) -> dict[str, str]:
    """A reference to a new contact with this hint."""
    body = {"kanaal": "telefoon", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": True}
    answer = await client.post("klantcontacten", json={**body, "metadata": metadata})
    assert answer.status_code == 201, answer.text
    return {"uuid": answer.json()["uuid"]}


async def test_the_task_of_a_medewerker_is_the_one_that_was_made(
    client: httpx.AsyncClient,
) -> None:
    other = await actor(client, "yilmaz425")
    made = Made()
    contact = await asked(client, behandelaar=USER, toelichting="Bel na vijven.")
    task = {
        "nummer": "",
        "gevraagdeHandeling": "Contact opnemen met betrokkene",
        "aanleidinggevendKlantcontact": contact,
        "toegewezenAanActoren": [{"uuid": await actor(client, USER)}],
        "toelichting": "Bel na vijven.",
        "status": "te_verwerken",
    }
    for _ in range(2):
        answer = await client.post("internetaken", json=task)
        assert answer.status_code == 201, answer.text
    assert answer.json()["toegewezenAanActoren"][0]["uuid"] == await actor(client, USER)
    assert made.counts == (1, 0, 0, 0)
    different: Mapping[str, tuple[dict[str, Any], str]] = {
        "text": ({"toelichting": "Iets anders."}, "toelichting"),
        "state": ({"status": "verwerkt"}, "status"),
    }
    for change, name in different.values():
        answer = await client.post("internetaken", json={**task, **change})
        told = problem(answer, 409, "staat-anders")
        assert [(p["name"], p["code"]) for p in told["invalidParams"]] == [(name, "differs")]
        assert "vijven" not in answer.text
    # That the task is of somebody else is among what may be missing here.
    answer = await client.post(
        "internetaken", json={**task, "toegewezenAanActoren": [{"uuid": other}]}
    )
    assert answer.status_code == 201
    assert answer.json()["toegewezenAanActoren"][0]["uuid"] != other
    assert made.counts == (1, 0, 0, 0)


async def test_an_address_of_a_known_klant_stands_with_the_contact(
    client: httpx.AsyncClient,
) -> None:
    """KISS gives it with the betrokkene that is the klant; the e-Suite keeps it elsewhere."""
    given = await variables(client)
    made = Made()
    contact = await asked(client, toelichting="Bel terug.", telefoonnummer="0612345678")
    klant = {
        "rol": "klant",
        "initiator": True,
        "hadKlantcontact": contact,
        "wasPartij": {"uuid": given["partij_uuid"]},
    }
    somebody = await client.post("betrokkenen", json=klant)
    assert somebody.status_code == 201
    address = {
        "adres": "0612345678",
        "soortDigitaalAdres": "telefoonnummer",
        "omschrijving": "telefoonnummer",
        "verstrektDoorBetrokkene": {"uuid": somebody.json()["uuid"]},
        "verstrektDoorPartij": None,
    }
    answer = await client.post("digitaleadressen", json=address)
    assert answer.status_code == 201, answer.text
    other = answer.json()["verstrektDoorBetrokkene"]["uuid"]
    assert other != somebody.json()["uuid"]
    shown = (await client.get(f"klantcontacten/{contact['uuid']}")).json()["hadBetrokkenen"]
    assert {b["uuid"] for b in shown} == {other, somebody.json()["uuid"]}
    wrong = await client.post("digitaleadressen", json={**address, "adres": "0687654321"})
    told = problem(wrong, 409, "staat-anders")
    assert [p["name"] for p in told["invalidParams"]] == ["adres"]
    assert made.counts == (1, 0, 1, 0)


# --- Open Inwoner -------------------------------------------------------------------------------


async def test_open_inwoner_asks_a_question(client: httpx.AsyncClient) -> None:
    given = await variables(client)
    made = Made()
    hint = {"toelichting": "Beantwoorden vraag", "behandelaar": USER}
    answers = await replay(client, OPEN_INWONER, given, hint)
    assert not refusals(answers)
    assert made.counts == (1, 0, 1, 1)
    assert made.calls == (13, 3)
    assert (made.contact["status"], made.contact["kanaal"]) == ("nieuw", "Webformulier")
    (link,) = made.rows(OBJECTLINKS)
    assert link["object"] == f"{ZAKEN}{ZAAK}"
    about = dict(answers)["POST onderwerpobjecten"].json()
    assert about["onderwerpobjectidentificator"]["objectId"] == ZAAK
    found = await client.get(f"klantcontacten?hadBetrokkene__wasPartij__uuid={given['partij_uuid']}"
                             "&expand=leiddeTotInterneTaken,gingOverOnderwerpobjecten")  # fmt: skip
    uuid = dict(answers)["POST klantcontacten"].json()["uuid"]
    (contact,) = [c for c in found.json()["results"] if c["uuid"] == uuid]
    (task,) = contact["_expand"]["leiddeTotInterneTaken"]
    assert task["status"] == "te_verwerken"


async def test_a_task_without_a_hint_is_refused_and_named(client: httpx.AsyncClient) -> None:
    given = await variables(client)
    made = Made()
    answers = await replay(client, OPEN_INWONER, given)
    assert statuses(answers) == {
        "POST klantcontacten": 201,
        "POST betrokkenen": 201,
        "POST internetaken": 409,
        "POST onderwerpobjecten": 201,
    }
    told = problem(dict(answers)["POST internetaken"], 409, "staat-anders")
    assert "metadata.type" in told["detail"]
    assert "metadata.toelichting" in told["detail"]
    assert made.counts == (1, 0, 1, 1)
    assert made.contact["status"] == "afgehandeld"


async def test_open_inwoner_makes_somebody_known_outside_a_klant(
    client: httpx.AsyncClient,
) -> None:
    klanten = ESuite.last.register.rows[KLANTEN].values()
    known = {k["subjectIdentificatie"].get("inpBsn") for k in klanten}
    new = min(number for number in ESuite.last.outside - known if len(number) == 9)
    made = Made()
    answers = await replay(client, LOGIN, {"bsn_new": new})
    assert not refusals(answers)
    assert made.counts == (0, 1, 0, 0)
    (klant,) = made.rows(KLANTEN)
    assert klant["subjectIdentificatie"] == {"inpBsn": new}
    assert klant["emailadres"] == "merel@example.nl"


async def test_open_inwoner_changes_addresses(client: httpx.AsyncClient) -> None:
    given = await variables(client)
    partij = (await client.get(f"partijen/{given['partij_uuid']}?expand=digitaleAdressen")).json()
    addresses = {a["soortDigitaalAdres"]: a["uuid"] for a in partij["_expand"]["digitaleAdressen"]}
    row = ESuite.last.register.rows[KLANTEN][given["partij_uuid"]]
    # A second number is not shown, and keeps the first from being taken away.
    row["telefoonnummerAlternatief"] = None
    answer = await client.delete(f"digitaleadressen/{addresses['telefoonnummer']}")
    assert answer.status_code == 204
    answers = await replay(client, PROFILE, {**given, "da_uuid": addresses["email"]})
    assert [a.status_code for _, a in answers] == [200, 200, 201, 204]
    assert (row["emailadres"], row["telefoonnummer"]) == ("merel2@example.nl", None)


# --- who tells all at once ----------------------------------------------------------------------

AT_ONCE: Final = {
    "kanaal": "telefoon",
    "onderwerp": "Paspoort",
    "taal": "nld",
    "vertrouwelijk": True,
}
BETROKKENE: Final = {"rol": "klant", "initiator": True}
ABOUT: Final = {
    "codeObjecttype": "zgw-Zaak",
    "codeRegister": "openzaak",
    "codeSoortObjectId": "uuid",
    "objectId": ZAAK,
}


@pytest.mark.parametrize("hint", [None, {"toelichting": "Beantwoorden", "groep": "KCC"}])
async def test_a_contact_at_once(client: httpx.AsyncClient, hint: dict[str, str] | None) -> None:
    given = await variables(client)
    made = Made()
    answers = await replay(client, GZAC, given, hint)
    assert not refusals(answers)
    assert made.counts == (1, 0, 1, 0)
    assert made.calls == (8, 2)
    assert made.contact["status"] == ("nieuw" if hint else "afgehandeld")


async def test_somebody_without_a_name_at_once(client: httpx.AsyncClient) -> None:
    made = Made()
    body = {
        "klantcontact": {**AT_ONCE, "metadata": {"emailadres": "an@example.nl"}},
        "betrokkene": BETROKKENE,
        "onderwerpobject": {"onderwerpobjectidentificator": ABOUT},
    }
    answer = await client.post("maak-klantcontact", json=body)
    assert answer.status_code == 201, answer.text
    assert made.counts == (1, 0, 0, 1)
    somebody = {"uuid": answer.json()["betrokkene"]["uuid"]}
    for adres, status in (("an@example.nl", 201), ("bo@example.nl", 409)):
        address = {
            "adres": adres,
            "soortDigitaalAdres": "email",
            "verstrektDoorBetrokkene": somebody,
            "verstrektDoorPartij": None,
        }
        assert (await client.post("digitaleadressen", json=address)).status_code == status
    assert made.counts == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("status", "code"), [(403, "gedeeltelijk-verwerkt"), (500, "uitkomst-onbekend")]
)
async def test_a_contact_without_its_klant_is_told_of(
    client: httpx.AsyncClient, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made stays, for the e-Suite deletes nothing."""

    def refuse(_: Row) -> Row:
        raise Refused(status, "error", "Het lukt niet.")

    given = await variables(client)
    made = Made()
    monkeypatch.setattr(ESuite.last, "_new_klantlink", refuse)
    ((_, answer),) = await replay(client, GZAC, given)
    told = problem(answer, 502 if status == 403 else 504, code)
    assert f"klantcontacten/{made.contact['uuid']}" in told["detail"]
    assert made.counts == (1, 0, 0, 0)


async def test_a_contact_of_which_nobody_knows_is_not_sent_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = ESuite.last._new_contact

    def lose(body: Row) -> Row:
        make(body)
        raise Refused(500, "error", "Het antwoord ging verloren.")

    monkeypatch.setattr(ESuite.last, "_new_contact", lose)
    made = Made()
    answer = await client.post("klantcontacten", json=AT_ONCE)
    problem(answer, 504, "uitkomst-onbekend")
    assert made.counts == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"betrokkene": BETROKKENE}, "betrokkene.wasPartij"),
        (
            {"onderwerpobject": {"onderwerpobjectidentificator": {**ABOUT, "codeObjecttype": "x"}}},
            "onderwerpobject.onderwerpobjectidentificator.codeObjecttype",
        ),
    ],
)
async def test_what_the_e_suite_cannot_keep_makes_no_contact(
    client: httpx.AsyncClient, part: dict[str, Any], name: str
) -> None:
    made = Made()
    answer = await client.post("maak-klantcontact", json={"klantcontact": AT_ONCE, **part})
    told = problem(answer, 400, "invalid")
    assert [(p["name"], p["code"]) for p in told["invalidParams"]] == [(name, "not-kept")]
    assert made.counts == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"type": "Contactmoment", "toelichting": "x"}, "metadata.toelichting"),
        ({"type": "Contactmoment", "behandelaar": USER}, "metadata.behandelaar"),
        ({"telefoonnummerAlternatief": "0612345678"}, "metadata.telefoonnummerAlternatief"),
        ({"kleur": "rood"}, "metadata.kleur"),
    ],
)
async def test_a_hint_that_cannot_be_kept_is_refused(
    client: httpx.AsyncClient, metadata: dict[str, str], name: str
) -> None:
    made = Made()
    answer = await client.post("klantcontacten", json={**AT_ONCE, "metadata": metadata})
    told = problem(answer, 400, "invalid")
    assert [p["name"] for p in told["invalidParams"]] == [name]
    assert made.calls == (0, 0)


async def test_a_channel_that_is_not_there_is_not_sent(client: httpx.AsyncClient) -> None:
    made = Made()
    told = problem(
        await client.post("klantcontacten", json={**AT_ONCE, "kanaal": "duif"}), 400, "invalid"
    )
    assert [(p["name"], p["code"]) for p in told["invalidParams"]] == [("kanaal", "not-kept")]
    assert made.calls == (0, 0)


@pytest.mark.parametrize("word", ["toelichting", "behandelaar", "afdeling", "groep"])
async def test_what_only_a_task_has_makes_it_one(client: httpx.AsyncClient, word: str) -> None:
    made = Made()
    values = {"behandelaar": USER, "afdeling": "Burgerzaken", "groep": "KCC"}
    await asked(client, **{word: values.get(word, "x")})
    assert (made.contact["type"], made.contact["status"]) == ("Terugbelverzoek", "nieuw")


# --- klanten and links --------------------------------------------------------------------------

PARTIJ: Final = {"soortPartij": "persoon", "indicatieActief": True}


def by_bsn(number: str) -> dict[str, Any]:
    codes = {"codeObjecttype": "natuurlijk_persoon", "codeSoortObjectId": "bsn"}
    one = {**codes, "codeRegister": "brp", "objectId": number}
    return {**PARTIJ, "partijIdentificatoren": [{"partijIdentificator": one}]}


async def test_a_company_is_made_by_its_number(client: httpx.AsyncClient) -> None:
    klanten = ESuite.last.register.rows[KLANTEN].values()
    known = {k["subjectIdentificatie"].get("innNnpId") for k in klanten}
    new = min(number for number in ESuite.last.outside - known if len(number) == 8)
    made = Made()
    codes = {"codeObjecttype": "niet_natuurlijk_persoon", "codeSoortObjectId": "kvk_nummer"}
    number = {"partijIdentificator": {**codes, "codeRegister": "hr", "objectId": new}}
    body = {**PARTIJ, "soortPartij": "organisatie", "partijIdentificatoren": [number]}
    answer = await client.post("partijen", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["soortPartij"] == "organisatie"
    (klant,) = made.rows(KLANTEN)
    assert (klant["subjectType"], klant["subjectIdentificatie"]) == (
        "niet_natuurlijk_persoon",
        {"innNnpId": new},
    )


async def test_a_klant_without_a_number_is_not_sent(client: httpx.AsyncClient) -> None:
    made = Made()
    told = problem(await client.post("partijen", json=PARTIJ), 400, "invalid")
    (param,) = told["invalidParams"]
    assert param["code"] == "not-kept"
    assert "partij-identificatoren" in param["reason"]
    assert made.calls == (0, 0)


async def test_a_number_that_nobody_has_is_a_conflict(client: httpx.AsyncClient) -> None:
    made = Made()
    problem(await client.post("partijen", json=by_bsn("111222333")), 409, "conflict")
    assert made.counts == (0, 0, 0, 0)


async def test_a_contact_has_one_klant(client: httpx.AsyncClient) -> None:
    given = await variables(client)
    link = {
        **BETROKKENE,
        "hadKlantcontact": await asked(client),
        "wasPartij": {"uuid": given["partij_uuid"]},
    }
    made = Made()
    assert (await client.post("betrokkenen", json=link)).status_code == 201
    problem(await client.post("betrokkenen", json=link), 409, "conflict")
    assert made.counts == (0, 0, 1, 0)


async def test_nothing_of_a_contact_is_changed_afterwards(client: httpx.AsyncClient) -> None:
    contact = await asked(client, toelichting="x")
    for resource in ("klantcontacten", "internetaken"):
        url = f"{resource}/{contact['uuid']}"
        for method in ("PATCH", "PUT", "DELETE"):
            answer = await client.request(method, url, json={"status": "verwerkt"})
            problem(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_without_being_told_otherwise_all_is_kept_or_refused(
    strict: httpx.AsyncClient,
) -> None:
    made = Made()
    body = {**AT_ONCE, "kanaal": "Telefoon", "indicatieContactGelukt": True}
    told = problem(await strict.post("klantcontacten", json=body), 400, "invalid")
    assert [p["name"] for p in told["invalidParams"]] == ["indicatieContactGelukt"]
    assert made.calls == (0, 0)
