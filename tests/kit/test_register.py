"""Another Klantinteracties register, here a gateway before the sample KCC: the kit refutes nothing
of the adapter for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any, ClassVar, Self

import httpx
import pytest

from adapters.base import Adapter, Query
from adapters.http_adapter import HttpOptions
from adapters.klantinteracties import KlantinteractiesAdapter
from demo.kcc.data import generate
from demo.kcc.sqlite import build
from demo.kcc.values import Scale
from gateway import installation
from gateway.installation import Installation
from gateway.kit.writing import News
from tests.helpers import KCC_MAPPING, TOKEN, sql_source, write_config
from tests.kit.shipped import MAPPINGS, InFolder
from tests.support.register import ALONE

NAMED = ("actoren", "categorieen", "klantcontacten", "partijen")
LINKS = ("actorklantcontacten", "vertegenwoordigingen")
PART = ("whole", "pages", "totals", "keys", "failures", "writes", "guards", "unsure", "growing")
FEW = Scale(persons=40, organisations=6, contacts=80, tasks=35)


class Register(KlantinteractiesAdapter):
    """The adapter, with the register that it asks."""

    folder: ClassVar[Path]
    register: Installation

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        folder = Path(options["token"].removeprefix("file:")).parent
        copyfile(cls.folder / "kcc.sqlite", folder / "kcc.sqlite")
        made = super().create(options, collections)
        config = write_config(
            folder, {"kcc": sql_source(KCC_MAPPING, folder / "kcc.sqlite")}, **ALONE
        )
        made.register = installation.build(config)
        made._transport = _Pool(made.register.app())
        return made

    async def close(self) -> None:
        await super().close()
        await self.register.close()


class _Pool(httpx.ASGITransport):
    """As many calls at once as there are connections."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._room = asyncio.Semaphore(HttpOptions().connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._room:
            return await super().handle_async_request(request)


class Before(InFolder):
    """The adapter; ``keys``: of some records that the register has."""

    adapter = Register
    keys: ClassVar[Mapping[str, Sequence[str]]]
    mapping = MAPPINGS / "klantinteracties"
    description = "klantinteracties"
    secrets = (TOKEN,)
    most = 20

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def rows(cls, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Made once; each register has a copy."""
        Register.folder = tmp_path_factory.mktemp("kcc")
        build(Register.folder / "kcc.sqlite", generate(FEW))
        one = Before()
        one.folder = Register.folder
        Before.keys = asyncio.run(_keys(one.make()))

    def new(self) -> News:
        actoren, categorieen, contacten, partijen = (self.keys[name] for name in NAMED)
        return {
            "actoren": [
                {
                    "naam": f"Groep, nummer {n}",
                    "soortActor": "organisatorische_eenheid",
                    "indicatieActief": ("true", "false")[n % 2],
                    "actoridentificator.objectId": f"kit-{n}",
                    "actoridentificator.codeObjecttype": "org",
                    "actoridentificator.codeRegister": "msei",
                    "actoridentificator.codeSoortObjectId": "name",
                }
                for n in range(3)
            ],
            "partijen": [
                {
                    "soortPartij": "persoon",
                    "indicatieActief": "true",
                    "indicatieGeheimhouding": ("true", "false")[n % 2],
                    "partijIdentificatie": "true",
                    "partijIdentificatie.contactnaam.achternaam": f"van Kit {n}",
                    "voorkeurstaal": "nld",
                    "interneNotitie": f"Een notitie, nummer {n}",
                }
                for n in range(3)
            ],
            "betrokkenen": [
                {
                    "hadKlantcontact.uuid": contact,
                    "rol": ("klant", "vertegenwoordiger")[n % 2],
                    "initiator": ("true", "false")[n % 2],
                    "contactnaam.achternaam": f"van Kit {n}",
                }
                for n, contact in enumerate(contacten)
            ],
            "bijlagen": [
                {"wasBijlageVanKlantcontact.uuid": contact, **_identificator("bijlage", n)}
                for n, contact in enumerate(contacten)
            ],
            "onderwerpobjecten": [
                {"klantcontact.uuid": contact, **_identificator("onderwerpobject", n)}
                for n, contact in enumerate(contacten)
            ],
            "categorieen": [{"naam": f"Een kenmerk, nummer {n}"} for n in range(3)],
            "klantcontacten": [
                {
                    "kanaal": f"kanaal {n}",
                    "onderwerp": f"Vraag, nummer {n}",
                    "inhoud": f"Een vraag van de kit, nummer {n}",
                    "taal": "nld",
                    "vertrouwelijk": ("true", "false")[n % 2],
                    "plaatsgevondenOp": f"2026-07-0{n + 1}T10:00:00Z",
                }
                for n in range(3)
            ],
            "rekeningnummers": [
                {"partij.uuid": partij, "iban": f"NL{n}8DEMO295551205{n}", "bic": f"TESTNL2{n}"}
                for n, partij in enumerate(partijen)
            ],
            "digitaleadressen": [
                {
                    "verstrektDoorPartij.uuid": partij,
                    "adres": f"anna{n}@voorbeeld.example",
                    "soortDigitaalAdres": "email",
                    "omschrijving": f"werk {n}",
                }
                for n, partij in enumerate(partijen)
            ],
            "internetaken": [
                {
                    "aanleidinggevendKlantcontact.uuid": contact,
                    "gevraagdeHandeling": f"Bel terug, nummer {n}",
                    "status": "te_verwerken",
                    "toelichting": f"Na {n} uur",
                    "toegewezenAanActoren.1.uuid": actor,
                }
                for n, (contact, actor) in enumerate(zip(contacten, actoren, strict=True))
            ],
            "actorklantcontacten": [
                {"actor.uuid": actoren[0], "klantcontact.uuid": contact} for contact in contacten
            ],
            "partij-identificatoren": [
                {
                    "identificeerdePartij.uuid": partij,
                    "partijIdentificator.codeObjecttype": "natuurlijk_persoon",
                    "partijIdentificator.codeRegister": "brp",
                    "partijIdentificator.codeSoortObjectId": "bsn",
                    "partijIdentificator.objectId": bsn,
                }
                for partij, bsn in zip(
                    partijen, ("123456782", "111222333", "999990019"), strict=False
                )
            ],
            "categorie-relaties": [
                {"partij.uuid": partij, "categorie.uuid": one, "beginDatum": f"2026-07-0{n}"}
                for n, (partij, one) in enumerate(zip(partijen, categorieen, strict=True), 1)
            ],
            "vertegenwoordigingen": [
                {"vertegenwoordigendePartij.uuid": partijen[0], "vertegenwoordigdePartij.uuid": one}
                for one in partijen[1:]
            ],
        }

    def prepare(self, path: Path) -> Mapping[str, Any]:
        (path / "token").write_text(TOKEN)
        return {
            "base_url": "http://register.example/klantinteracties/api/v1",
            "token": f"file:{path / 'token'}",
        }


def _identificator(kind: str, number: int) -> Mapping[str, str]:
    """What an object of another register is known by."""
    return {
        f"{kind}identificator.objectId": f"00000000-0000-4000-8000-00000000000{number}",
        f"{kind}identificator.codeObjecttype": "zgw-Zaak",
        f"{kind}identificator.codeRegister": "openzaak",
        f"{kind}identificator.codeSoortObjectId": "uuid",
    }


async def _keys(register: Adapter) -> Mapping[str, Sequence[str]]:
    """Of some records; of actoren and partijen first one that no other of them is linked with."""
    try:
        pages = {name: await register.find(name, Query(limit=500)) for name in (*NAMED, *LINKS)}
    finally:
        await register.close()
    linked = {v for name in LINKS for r in pages[name].records for v in r.values()}
    keys = {name: [r["uuid"] for r in pages[name].records] for name in NAMED}
    return {name: sorted(of, key=linked.__contains__)[:4] for name, of in keys.items()}


@pytest.mark.soak
class TestRegister(Before):
    """All of it."""


class TestPartOfRegister(Before):
    """What is done most, in some of its collections."""

    def described(self) -> Mapping[str, Any]:
        every = super().described()
        return {name: every[name] for name in ("actoren", "categorieen", "rekeningnummers")}

    @pytest.mark.parametrize("behaviour", PART)
    def test_behaviour(self, behaviour: str) -> None:
        super().test_behaviour(behaviour)
