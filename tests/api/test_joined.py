"""Mails of a person: an archive that knows addresses, and a source that knows whose they are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from adapters.base import Collection, Failure, Page, Query, SourceError
from adapters.mail.light import Light
from adapters.mail.records import Heavy
from adapters.maildir import FolderStore, MaildirAdapter
from demo.kcc.data import SMALL, generate
from demo.kcc.sqlite import build as build_sqlite
from gateway import installation
from gateway.documents import DocumentError
from gateway.federation.explain import explain
from gateway.standard.table import RESOURCES
from tests.helpers import (
    KCC_MAPPING,
    ROOT,
    Trapped,
    client_of,
    sql_source,
    sqlite_ended,
    write_config,
)
from tests.support.mails import INFO, OPTIONS, mail, maildir
from tests.support.register import before, register

ANNA, BERT, FAMILY = "Anna.Bakker@Voorbeeld.example", "bert@voorbeeld.example", "thuis@x.example"
BSN: Final = {"anna": "111222333", "bert": "123456782"}

SERVER: Final = "mx.zilverdam.example"
READ: Final = {**OPTIONS, "checked_by": [SERVER]}

CALLS: Counter[str] = Counter()


class Counted(MaildirAdapter):
    """An archive of which the questions are counted."""

    async def find(self, collection: str, query: Query) -> Page:
        CALLS["mail"] += 1
        return await super().find(collection, query)


MAILS: Final = [
    mail(1, From="Anna Bakker <anna.bakker@voorbeeld.example>", Subject="anna vraagt"),
    mail(2, From=INFO, To="ANNA.BAKKER@VOORBEELD.EXAMPLE", Subject="antwoord aan anna"),
    mail(3, From=f"<{BERT}>", Subject="bert vraagt"),
    # Who has an address that ends or begins as that of Bert is another.
    mail(4, From=f"<jan-{BERT}>", Subject="niet bert"),
    mail(5, From=f"<{BERT}.nl>", Subject="ook niet bert"),
    # Of two partijen it is not known who of them wrote.
    mail(6, From=f"<{FAMILY}>", Subject="een van ons"),
    mail(7, From=INFO, To=f"{BERT}, anna.bakker@voorbeeld.example", Subject="aan beiden"),
    mail(8, From="<extra@voorbeeld.example>", Subject="anna elders"),
    mail(9, From="<weg@voorbeeld.example>", Subject="wie weg is"),
    mail(10, From=ANNA, Subject="niet anna", Authentication_Results=f"{SERVER}; dmarc=fail"),
]
SUBJECTS: Final = {one["Subject"] for one in MAILS}


def filled(file: Path) -> None:
    """The sample KCC with some addresses."""
    build_sqlite(file, generate(SMALL))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE KLANT SET EMAIL = NULL")
        database.execute("DELETE FROM KLANT_ADRES")
        ids = [
            row[0]
            for row in database.execute(
                "SELECT KLANT_ID FROM KLANT WHERE SRT = 'P' AND STATUS <> 'V' AND BSN <> ''"
                " ORDER BY KLANT_ID LIMIT 4"
            )
        ]
        for id, bsn, email in zip(
            ids,
            [BSN["anna"], BSN["bert"], "000000012", "000000024"],
            [ANNA, BERT, FAMILY, FAMILY.upper()],
            strict=True,
        ):
            database.execute(
                "UPDATE KLANT SET BSN = ?, EMAIL = ? WHERE KLANT_ID = ?", (bsn, email, id)
            )
        database.execute(
            "INSERT INTO KLANT_ADRES (KLANT_ID, SRT, WAARDE, AANMAAK, STANDAARD)"
            " VALUES (?, 'E', 'Extra@voorbeeld.example', '20240101000000', 'N')",
            (ids[0],),
        )
        database.execute(
            "UPDATE KLANT SET EMAIL = 'weg@voorbeeld.example' WHERE STATUS = 'V'",
        )


def archived(path: Path, partijen: str) -> dict[str, Any]:
    """The settings of an archive that refers to a source of partijen."""
    return {
        "number": 2,
        "adapter": f"{__name__}:Counted",
        "collections": "maildir",
        "mapping": str(ROOT / "mappings" / "e-mail"),
        "options": {**READ, "path": str(path)},
        "refers_to": {"partijen": [partijen]},
    }


def configured(folder: Path) -> Path:
    """The KCC, and an archive that refers to it."""
    filled(folder / "kcc.sqlite")
    archive = archived(maildir(folder / "archief", MAILS), "kcc")
    return write_config(
        folder, {"kcc": sql_source(KCC_MAPPING, folder / "kcc.sqlite"), "mail": archive}
    )


DOWN: Final[set[str]] = set()


async def asked_for(alias: str) -> None:
    """What happens before a source of partijen answers."""
    CALLS[alias] += 1
    if alias in DOWN:
        raise SourceError(Failure.UNAVAILABLE)


@asynccontextmanager
async def gateway(path: Path) -> AsyncIterator[httpx.AsyncClient]:
    built = installation.build(path)

    for alias, adapter in built.adapters.items():
        if isinstance(adapter, Trapped):
            adapter.before = partial(asked_for, alias)
    async with sqlite_ended(), client_of(built.app()) as client:
        try:
            yield client
        finally:
            await built.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return configured(tmp_path_factory.mktemp("joined"))


@pytest.fixture
async def client(path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(path) as client:
        yield client


async def get(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of_mail(found: Any) -> list[str]:
    return [one["onderwerp"] for one in found["results"] if one["onderwerp"] in SUBJECTS]


async def uuid_of(client: httpx.AsyncClient, who: str) -> str:
    found = await get(client, f"partijen?partijIdentificator__objectId={BSN[who]}")
    (partij,) = found["results"]
    return str(partij["uuid"])


PERSON: Final = "klantcontacten?hadBetrokkene__wasPartij__"
FOUND: Final = {
    "anna": ["anna elders", "aan beiden", "antwoord aan anna", "anna vraagt"],
    "bert": ["aan beiden", "bert vraagt"],
}


@pytest.mark.parametrize("who", FOUND)
async def test_mails_are_found_by_the_partij(client: httpx.AsyncClient, who: str) -> None:
    """In every way in which it can be meant; each with the partij that was asked for."""
    uuid = await uuid_of(client, who)
    for asked in (
        f"partijIdentificator__objectId={BSN[who]}",
        f"partijIdentificator__codeSoortObjectId=bsn&hadBetrokkene__wasPartij__"
        f"partijIdentificator__objectId={BSN[who]}",
        f"uuid={uuid}",
        f"url=http://elsewhere.example/partijen/{uuid}",
    ):
        assert of_mail(await get(client, PERSON + asked)) == FOUND[who], asked
    expand = "&expand=hadBetrokkenen,hadBetrokkenen.wasPartij"
    for contact in (await get(client, f"{PERSON}uuid={uuid}{expand}"))["results"]:
        partijen = [b["_expand"]["wasPartij"] for b in contact["_expand"]["hadBetrokkenen"]]
        assert uuid in [partij and partij["uuid"] for partij in partijen]


@pytest.mark.parametrize("who", FOUND)
async def test_who_was_in_a_mail_is_that_partij(client: httpx.AsyncClient, who: str) -> None:
    uuid = await uuid_of(client, who)
    expand = "&expand=betrokkenen,betrokkenen.hadKlantcontact"
    partij = (await get(client, f"partijen?partijIdentificator__objectId={BSN[who]}{expand}"))[
        "results"
    ][0]
    inverse = {
        b["uuid"]
        for b in partij["_expand"]["betrokkenen"]
        if b["_expand"]["hadKlantcontact"]["kanaal"] == "e-mail"
    }
    for asked in (f"uuid={uuid}", f"partijIdentificator__objectId={BSN[who]}"):
        found = (await get(client, f"betrokkenen?wasPartij__{asked}"))["results"]
        assert {b["wasPartij"]["uuid"] for b in found} == {uuid}
        assert inverse <= {b["uuid"] for b in found}
        assert {b["uuid"] for b in partij["betrokkenen"]} == {b["uuid"] for b in found}
    for one in found:
        assert (await get(client, f"betrokkenen/{one['uuid']}"))["wasPartij"]["uuid"] == uuid
    assert len(inverse) == len(FOUND[who])


async def test_an_address_of_two_or_of_nobody_leads_nowhere(client: httpx.AsyncClient) -> None:
    found = await get(client, "klantcontacten?expand=hadBetrokkenen&pageSize=500")
    persons = {
        contact["onderwerp"]: [
            b["wasPartij"] is not None for b in contact["_expand"]["hadBetrokkenen"]
        ]
        for contact in found["results"]
        if contact["onderwerp"] in SUBJECTS
    }
    nobody = ["niet anna", "niet bert", "ook niet bert", "een van ons", "wie weg is"]
    assert persons == {
        **{subject: [False] for subject in nobody},
        **{subject: [True] for subject in ("anna vraagt", "antwoord aan anna", "bert vraagt")},
        "anna elders": [True],
        "aan beiden": [True, True],
    }
    linked = {name for name, found in persons.items() if any(found)}
    assert (
        set(of_mail(await get(client, "klantcontacten?hadBetrokkene__wasPartij=true&pageSize=500")))
        == linked
    )
    without = await get(client, "klantcontacten?hadBetrokkene__wasPartij=false&pageSize=500")
    assert set(of_mail(without)) == set(nobody)


async def test_pages_of_a_person_are_of_both_sources(client: httpx.AsyncClient) -> None:
    asked = f"{PERSON}partijIdentificator__objectId={BSN['anna']}"
    whole = await get(client, asked)
    assert {one["kanaal"] for one in whole["results"]} > {"e-mail"}
    seen: list[str] = []
    following: str | None = f"{asked}&pageSize=2"
    while following is not None:
        page = await get(client, following)
        assert page["count"] == whole["count"]
        seen += [one["uuid"] for one in page["results"]]
        following = page["next"]
    assert seen == [one["uuid"] for one in whole["results"]]


async def test_a_page_costs_one_look_at_its_addresses(client: httpx.AsyncClient) -> None:
    """However many mails there are on it, and whoever they are from."""
    calls = []
    for subject, mails in (("bert vraagt", 1), ("e", 8)):
        CALLS.clear()
        found = await get(
            client, f"klantcontacten?kanaal=e-mail&onderwerp={subject}&expand=hadBetrokkenen"
        )
        assert len([one for one in found["results"] if one["onderwerp"] in SUBJECTS]) == mails
        calls.append(CALLS.copy())
    assert calls[0]["mail"] == calls[1]["mail"] == 2
    assert calls[1]["kcc"] <= 22


async def test_of_many_only_those_that_are_shown_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_one = FolderStore._open

    def counted(store: FolderStore, light: Light) -> Heavy | None:
        opened.append(light.key)
        return open_one(store, light)

    monkeypatch.setattr(FolderStore, "_open", counted)
    filled(tmp_path / "kcc.sqlite")
    # Those of Bert are the oldest, so all are looked through.
    mails = [mail(n, From=f"<{BERT if n < 2 else FAMILY}>", Subject=f"nr {n}") for n in range(240)]
    archive = archived(maildir(tmp_path / "archief", mails), "kcc")
    kcc = sql_source(KCC_MAPPING, tmp_path / "kcc.sqlite")
    async with gateway(write_config(tmp_path, {"kcc": kcc, "mail": archive})) as client:
        url = "klantcontacten?kanaal=e-mail&hadBetrokkene__wasPartij=true&pageSize=100"
        results = (await get(client, url))["results"]
    found = [one for one in results if one["onderwerp"].startswith("nr ")]
    assert [one["onderwerp"] for one in found] == ["nr 1", "nr 0"]
    assert all("Ik heb vraag" in one["inhoud"] for one in found)
    assert len(opened) == 100 + len(found)


async def test_a_question_costs_the_partij_its_addresses_and_one_search(
    client: httpx.AsyncClient,
) -> None:
    CALLS.clear()
    found = await get(client, f"betrokkenen?wasPartij__partijIdentificator__objectId={BSN['anna']}")
    assert found["count"] > 4
    assert CALLS["mail"] == 1  # who has the address
    assert CALLS["kcc"] <= 16


async def test_a_klantinteracties_register_tells_whose_an_address_is(tmp_path: Path) -> None:
    """It cannot be asked for what is equal in any case, only for a part of an address."""
    async with register(tmp_path) as there:
        asked = "digitaleadressen?soortDigitaalAdres=email&pageSize=500"
        kept = [one for one in (await get(there, asked))["results"] if one["verstrektDoorPartij"]]
        times = Counter(one["adres"].lower() for one in kept)
        address = next(one["adres"] for one in kept if times[one["adres"].lower()] == 1)
        mails = [
            mail(1, From=f"<{address.upper()}>", Subject="bekend"),
            mail(2, From=f"<{address}.nl>", Subject="onbekend"),
        ]
        archive = archived(maildir(tmp_path / "archief", mails), "register")
        async with before(tmp_path, {"mail": archive}) as client:
            shown = (await get(client, f"digitaleadressen?adres={address}"))["results"]
            (partij,) = [one["verstrektDoorPartij"] for one in shown if one["verstrektDoorPartij"]]
            uuid = partij["uuid"]
            found = await get(client, f"{PERSON}uuid={uuid}&expand=hadBetrokkenen")
            (contact,) = [one for one in found["results"] if one["kanaal"] == "e-mail"]
            assert contact["onderwerp"] == "bekend"
            (betrokkene,) = contact["_expand"]["hadBetrokkenen"]
            assert betrokkene["wasPartij"]["uuid"] == uuid


def changed(path: Path, name: str, refers_to: dict[str, list[str]], **sources: Any) -> Path:
    """Another configuration on the same data; ``sources``: changes of the KCC for each more."""
    config = yaml.safe_load(path.read_text())
    config["sources"]["mail"]["refers_to"] = refers_to
    for alias, changes in sources.items():
        config["sources"][alias] = config["sources"]["kcc"] | {"read_only": True} | changes
    other = path.with_name(name)
    other.write_text(yaml.safe_dump(config))
    return other


async def test_where_it_is_not_known_who_has_an_address_nobody_is_linked(path: Path) -> None:
    """A source that is missing may know of another who has it."""
    twee = {"number": 3, "required": False}
    both = changed(path, "two.yaml", {"partijen": ["kcc", "twee"]}, twee=twee)
    asked = f"{PERSON}partijIdentificator__objectId={BSN['anna']}"
    async with gateway(both) as client:
        # Both know the same person by that address: that is one partij.
        assert of_mail(await get(client, asked)) == FOUND["anna"]
        DOWN.add("twee")
        try:
            assert of_mail(await get(client, asked)) == []
        finally:
            DOWN.clear()


def test_how_a_person_is_looked_for_is_explained(path: Path) -> None:
    register = installation.build(path).register
    asked = [("hadBetrokkene__wasPartij__partijIdentificator__objectId", BSN["anna"])]
    lines = [line.strip() for line in explain(register, RESOURCES["klantcontacten"], asked)]
    for line in (
        "eerst: kcc:digitaleadressen.email (via wasPartij: email; de sleutels vernauwen vanWie)",
        "dan: wie zo'n email nog meer heeft; die van twee is van geen van beide",
        "gevraagd: er is een personen met bericht = deze nummer"
        " en vanWie is · (hoofdletters of niet)",
    ):
        assert line in lines
    assert not any(BSN["anna"] in line for line in lines)


class ByNumber(Trapped):
    """A source that can be asked for somebody whose number is known, and nothing else."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        return {
            name: replace(one, asked_by=frozenset(one.key))
            for name, one in super().collections.items()
        }


def test_who_has_an_address_has_to_be_known_there(path: Path) -> None:
    number = {"number": 3, "adapter": f"{__name__}:ByNumber"}
    refers_to = {"partijen": ["kcc", "twee"]}
    with pytest.raises(DocumentError) as caught:
        installation.build(changed(path, "number.yaml", refers_to, twee=number))
    assert [finding.message for finding in caught.value.findings] == [
        f"bron `twee` kan niet zeggen wie een email heeft (twee:digitaleadressen.{stream})."
        for stream in ("email", "extra")
    ]


async def test_without_sources_of_partijen_a_mail_is_of_nobody(path: Path) -> None:
    async with gateway(changed(path, "apart.yaml", {})) as client:
        asked = f"{PERSON}partijIdentificator__objectId={BSN['anna']}"
        assert of_mail(await get(client, asked)) == []
