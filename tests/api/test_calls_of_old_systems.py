"""What a question costs in calls, of Open Klant 1 and of the e-Suite: the numbers are those of
docs/bronnen.md. Each is asked of a gateway that has seen nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from demo.v1.register import CONTACTEN, KLANTEN, KLANTLINKS, OBJECTLINKS
from demo.v1.service import Service
from tests.helpers import BSN, CLIENT
from tests.support.klantbeeld import Desk
from tests.support.v1 import ESuite, OpenKlant1, config, gateway

_OF_BSN: Final = (
    "klantcontacten?hadBetrokkene__wasPartij__partijIdentificator__codeSoortObjectId=bsn"
    f"&hadBetrokkene__wasPartij__partijIdentificator__objectId={BSN}"
)
_ZAAK: Final = "onderwerpobject__onderwerpobjectidentificator"
_BY_BSN: Final = f"partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId={BSN}"
QUESTIONS: Final = {
    "contacten van een BSN": _OF_BSN,
    "met betrokkenen en onderwerpen": (
        f"{_OF_BSN}&expand=hadBetrokkenen,leiddeTotInterneTaken,gingOverOnderwerpobjecten"
    ),
    "en met de partijen": f"{_OF_BSN}&expand=hadBetrokkenen,hadBetrokkenen.wasPartij",
    "contacten van een partij": "klantcontacten?hadBetrokkene__wasPartij__uuid={partij}",
    "contacten van een zaak": f"klantcontacten?{_ZAAK}ObjectId={{zaak}}",
    "contacten van een zaak, met codes": (
        f"klantcontacten?{_ZAAK}ObjectId={{zaak}}&{_ZAAK}CodeObjecttype=zgw-Zaak"
    ),
    "een contact": "klantcontacten/{contact}",
    "betrokkenen van een contact": "betrokkenen?hadKlantcontact__uuid={contact}",
    "onderwerpen van een contact": "onderwerpobjecten?klantcontact__uuid={contact}",
    "partij van een BSN": f"partijen?{_BY_BSN}&expand=digitaleAdressen",
    "betrokkenen van een partij": "betrokkenen?wasPartij__uuid={partij}&pageSize=100",
    "adressen van een partij": "digitaleadressen?verstrektDoorPartij__uuid={partij}",
    "contact met een nummer": "klantcontacten?nummer={nummer}",
    "open taken": "internetaken?status=te_verwerken",
}


@dataclass(frozen=True)
class Size:
    """How much there is: contacts with the person, of which so many are shown to who asks; about
    her zaak."""

    contacts: int
    shown: int
    about: int
    about_shown: int


# By question how many calls, of these sizes.
COSTS: Final = {
    "open-klant-1": {
        "contacten van een BSN": lambda n: 2,
        "met betrokkenen en onderwerpen": lambda n: 2,
        # All betrokkenen of a partij are shown with it.
        "en met de partijen": lambda n: 3,
        # A klant is found by its uuid, and by its number whether it is there twice.
        "contacten van een partij": lambda n: 3,
        # It may also be the contactmoment before it that has this uuid.
        "contacten van een zaak": lambda n: 2,
        "contacten van een zaak, met codes": lambda n: 1,
        # With all that is linked to it.
        "een contact": lambda n: 1,
        "betrokkenen van een contact": lambda n: 3,
        "onderwerpen van een contact": lambda n: 2,
        "partij van een BSN": lambda n: 2,
        "betrokkenen van een partij": lambda n: 3,
        "adressen van een partij": lambda n: 3,
        "contact met een nummer": lambda n: 0,
        "open taken": lambda n: 0,
    },
    "e-suite": {
        # Every contact by itself, and two lists of what is linked to each that is shown.
        "contacten van een BSN": lambda n: 2 + n.contacts + 2 * n.shown,
        "met betrokkenen en onderwerpen": lambda n: 2 + n.contacts + 2 * n.shown,
        "en met de partijen": lambda n: 3 + n.contacts + 2 * n.shown,
        "contacten van een partij": lambda n: 3 + n.contacts + 2 * n.shown,
        "contacten van een zaak": lambda n: 1 + n.about + 2 * n.about_shown,
        "contacten van een zaak, met codes": lambda n: 1 + n.about + 2 * n.about_shown,
        "een contact": lambda n: 3,
        "betrokkenen van een contact": lambda n: 4,
        "onderwerpen van een contact": lambda n: 2,
        # Whether what she was involved in is there, and to be shown, is looked at.
        "partij van een BSN": lambda n: 2 + n.contacts,
        "betrokkenen van een partij": lambda n: 3 + n.contacts,
        "adressen van een partij": lambda n: 3,
        "contact met een nummer": lambda n: 3,
        "open taken": lambda n: 1,
    },
}
KLANTBEELD: Final = {
    "open-klant-1": lambda n: 2 + n.contacts,
    "e-suite": lambda n: 2 + n.contacts + 2 * n.shown,
}


def _uuid(url: str) -> str:
    return url.rpartition("/")[2]


def world(fake: Service) -> tuple[dict[str, str], Size]:
    """What is asked for by the questions, and how much of it there is."""
    rows = {name: list(held.values()) for name, held in fake.register.rows.items()}
    kept = {c["uuid"] for c in rows[CONTACTEN] if c.get("_only")}
    (klant,) = (k for k in rows[KLANTEN] if k["subjectIdentificatie"].get("inpBsn") == BSN)
    hers = {
        _uuid(n["contactmoment"]) for n in rows[KLANTLINKS] if _uuid(n["klant"]) == klant["uuid"]
    }
    links = [n for n in rows[OBJECTLINKS] if n["contactmoment"] in hers - kept]
    about = {n["contactmoment"] for n in rows[OBJECTLINKS] if n["object"] == links[0]["object"]}
    contact = fake.register.rows[CONTACTEN][links[0]["contactmoment"]]
    number, _, year = contact.get("identificatie", "1-2020").partition("-")
    asked = {
        "partij": klant["uuid"],
        "contact": contact["uuid"],
        "zaak": _uuid(links[0]["object"]),
        "nummer": f"{year}{number:0>6}",
    }
    return asked, Size(len(hers), len(hers - kept), len(about), len(about - kept))


def fake_of(system: str) -> Service:
    return OpenKlant1.last if system == "open-klant-1" else ESuite.last


@pytest.mark.parametrize("question", list(QUESTIONS))
@pytest.mark.parametrize("system", list(COSTS))
async def test_a_question_costs_as_many_calls_as_it_is_said(
    tmp_path: Path, system: str, question: str
) -> None:
    async with gateway(config(tmp_path, system, limits={"burst_seconds": 5})) as client:
        fake = fake_of(system)
        asked, size = world(fake)
        answer = await client.get(QUESTIONS[question].format(**asked))
        assert answer.status_code == 200, answer.text
        assert len(fake.calls) == COSTS[system][question](size), fake.calls


@pytest.mark.parametrize("system", list(KLANTBEELD))
async def test_a_klantbeeld_costs_as_many_calls_as_it_is_said(tmp_path: Path, system: str) -> None:
    """All that KISS asks when a person is opened, 10 requests and two for each contact."""
    clients = {"tests": {**CLIENT, "withheld": "omit"}}
    path = config(tmp_path, system, limits={"burst_seconds": 60}, clients=clients)
    async with gateway(path) as client:
        fake = fake_of(system)
        _, size = world(fake)
        desk = Desk(client)
        await desk.open()
        assert desk.requests > 2 * size.shown
        assert len(fake.calls) == KLANTBEELD[system](size), (desk.requests, fake.calls)
