"""An archive of mail as the only source of a gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters import maildir as maildir_adapter
from gateway import installation
from gateway.api.access import hashed
from gateway.config import Client
from gateway.mapping.samples import samples
from gateway.standard.table import BASE_PATH, RESOURCES
from tests.helpers import ROOT, TOKEN, client_of, write_config
from tests.support.fakes import serving
from tests.support.mails import INFO, JAN, OPTIONS, mail, maildir
from tests.support.v1 import gateway

MAPPING = ROOT / "mappings" / "e-mail"


def config(folder: Path) -> Path:
    """The configuration of a gateway before a folder of mail."""
    photo = mail(4, Subject="Kapotte lamp ZAAK-2024-0000000012", Cc="zus@elders.example")
    photo.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="lamp.jpg")
    messages = [
        mail(1),
        mail(2, From=INFO, To=JAN, Subject="Re: Vraag 1", In_Reply_To="<m1@voorbeeld.example>"),
        mail(3, From="piet@elders.example", Subject=""),
        photo,
        mail(5, Auto_Submitted="auto-replied"),
    ]
    path = maildir(folder / "archief", messages)
    source = {
        "number": 3,
        "adapter": "adapters.maildir:MaildirAdapter",
        "collections": "maildir",
        "mapping": str(MAPPING),
        "options": {**OPTIONS, "path": str(path)},
    }
    return write_config(folder, {"mail": source})


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway(config(tmp_path)) as client:
        yield client


async def get(client: httpx.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_messages_are_contacts_with_all_that_hangs_on_them(
    client: httpx.AsyncClient,
) -> None:
    expand = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,gingOverOnderwerpobjecten"
    found = await get(client, f"klantcontacten?expand={expand},omvatteBijlagen")
    assert [one["onderwerp"] for one in found["results"]] == [
        "Kapotte lamp ZAAK-2024-0000000012",
        "(geen onderwerp)",
        "Re: Vraag 1",
        "Vraag 1",
    ]
    photo, _, answer, question = found["results"]
    assert question["inhoud"] == "Beste gemeente,\n\nIk heb vraag 1."
    assert question["kanaal"] == "e-mail"
    assert [actor["naam"] for actor in photo["hadBetrokkenActoren"]] == ["Klantcontactcentrum"]
    (person,) = photo["_expand"]["hadBetrokkenen"]
    assert person["initiator"] is True
    assert person["contactnaam"]["achternaam"] == "Jan de Vries"
    assert [a["adres"] for a in person["_expand"]["digitaleAdressen"]] == [JAN]
    (zaak,) = photo["_expand"]["gingOverOnderwerpobjecten"]
    assert zaak["onderwerpobjectidentificator"]["objectId"] == "ZAAK-2024-0000000012"
    kinds = [
        one["bijlageidentificator"]["codeObjecttype"] for one in photo["_expand"]["omvatteBijlagen"]
    ]
    assert sorted(kinds) == ["e-mailbericht", "e-mailbijlage"]
    assert answer["_expand"]["hadBetrokkenen"][0]["initiator"] is False
    assert answer["metadata"]["inReplyTo"] == "m1@voorbeeld.example"


async def test_every_object_is_found_by_its_uuid(client: httpx.AsyncClient) -> None:
    for resource in (
        "klantcontacten",
        "betrokkenen",
        "digitaleadressen",
        "bijlagen",
        "onderwerpobjecten",
        "actoren",
        "actorklantcontacten",
    ):
        found = await get(client, resource)
        assert found["count"] == len(found["results"]) > 0, resource
        for one in found["results"]:
            alone = await get(client, f"{resource}/{one['uuid']}")
            assert {**alone, "_expand": {}} == {"_expand": {}, **one}


@pytest.mark.parametrize(
    ("url", "count"),
    [
        (f"digitaleadressen?adres={JAN}", 3),
        ("digitaleadressen?adres=an@voorbeeld.example", 0),
        ("klantcontacten?onderwerp=VRAAG", 2),
        ("klantcontacten?inhoud=heb%20vraag%203", 1),
        ("klantcontacten?kanaal=e-mail", 4),
        ("klantcontacten?kanaal=telefoon", 0),
        (
            "klantcontacten?onderwerpobject__onderwerpobjectidentificatorObjectId="
            "ZAAK-2024-0000000012",
            1,
        ),
        ("betrokkenen?verstrektedigitaalAdres__adres=zus@elders.example", 0),
        (f"betrokkenen?verstrektedigitaalAdres__adres={JAN}", 3),
    ],
)
async def test_contacts_are_found(client: httpx.AsyncClient, url: str, count: int) -> None:
    assert (await get(client, url))["count"] == count


@pytest.mark.parametrize(
    ("text", "count"), [(JAN, 3), ("JAN@Voorbeeld", 3), ("elders.example", 1), ("niemand", 0)]
)
async def test_contacts_are_found_by_a_part_of_an_address(
    client: httpx.AsyncClient, text: str, count: int
) -> None:
    url = f"klantcontacten?hadBetrokkene__digitaaladres__adres__icontains={text}"
    assert (await get(client, url))["count"] == count


async def bijlagen(client: httpx.AsyncClient) -> dict[str, str]:
    """The uuids of the message with a photo and of that photo, by what they are."""
    found = await get(client, "klantcontacten?onderwerp=lamp&expand=omvatteBijlagen")
    (photo,) = found["results"]
    return {
        one["bijlageidentificator"]["codeObjecttype"]: one["uuid"]
        for one in photo["_expand"]["omvatteBijlagen"]
    }


def inhoud(client: httpx.AsyncClient, uuid: str) -> str:
    return str(client.base_url.copy_with(raw_path=f"/inhoud/bijlagen/{uuid}".encode()))


async def test_what_was_sent_along_can_be_had(client: httpx.AsyncClient) -> None:
    uuids = await bijlagen(client)
    answer = await client.get(inhoud(client, uuids["e-mailbijlage"]))
    assert (answer.status_code, answer.content) == (200, b"\xff\xd8")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == 'attachment; filename="lamp.jpg"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    whole = await client.get(inhoud(client, uuids["e-mailbericht"]))
    assert b"Subject: Kapotte lamp ZAAK-2024-0000000012\n" in whole.content
    assert whole.headers["content-disposition"] == 'attachment; filename="bericht.eml"'
    # Whoever takes no JSON takes a photo.
    for accept in ("image/*", "application/octet-stream"):
        again = await client.get(answer.url, headers={"Accept": accept})
        assert again.content == answer.content


@pytest.mark.parametrize(
    "missing", ["bijlagen", "klantcontacten", "betrokkenen", "digitaleadressen"]
)
async def test_who_may_not_read_what_a_file_tells_gets_none(tmp_path: Path, missing: str) -> None:
    scopes = [f"{name}:read" for name in RESOURCES if name != missing]
    clients = {"reader": Client(tokens=[hashed(TOKEN)], scopes=scopes)}
    built = installation.build(config(tmp_path))
    built = replace(built, config=built.config.model_copy(update={"clients": clients}))
    async with client_of(built.app()) as client:
        answer = await client.get(inhoud(client, "6b8c2f9e-6e0a-4f3f-9a52-2d3b5a0f7a11"))
    await built.close()
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


async def test_a_file_in_pieces_is_whole(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuids = await bijlagen(client)
    whole = (await client.get(inhoud(client, uuids["e-mailbericht"]))).content
    monkeypatch.setattr("adapters.mail.files.PIECE", 100)
    monkeypatch.setattr("adapters.maildir.PIECE", 100)
    answer = await client.get(inhoud(client, uuids["e-mailbericht"]))
    assert answer.content == whole


async def test_an_answer_that_cannot_be_ended_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """So that nobody takes it for whole; and the log tells which source failed, and no more."""
    for module in ("mail.files", "maildir"):
        monkeypatch.setattr(f"adapters.{module}.PIECE", 100)
    read = maildir_adapter.read

    def fails_later(place: Any, most: int = 0, start: int = 0) -> bytes:
        if start:
            raise OSError(JAN)
        return read(place, most)

    built = installation.build(config(tmp_path))
    async with serving(built.app()) as origin:
        headers = {"Authorization": f"Token {TOKEN}"}
        async with httpx.AsyncClient(base_url=origin + BASE_PATH, headers=headers) as client:
            uuids = await bijlagen(client)
            monkeypatch.setattr(maildir_adapter, "read", fails_later)
            caplog.set_level("INFO", "gateway")
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get(inhoud(client, uuids["e-mailbericht"]))
    await built.close()
    assert "unexpected" not in caplog.messages
    assert JAN not in caplog.text
    (told,) = [r.__dict__["fields"] for r in caplog.records if r.message == "request"]
    assert (told["source"], told["note"]) == ("mail", "OSError")


async def test_a_head_has_no_body(client: httpx.AsyncClient) -> None:
    uuids = await bijlagen(client)
    answer = await client.head(inhoud(client, uuids["e-mailbijlage"]))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-disposition"] == 'attachment; filename="lamp.jpg"'


async def test_a_file_that_is_too_large_is_refused(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuids = await bijlagen(client)
    monkeypatch.setattr("gateway.federation.content.MAX_CONTENT", 100)
    answer = await client.get(inhoud(client, uuids["e-mailbericht"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "inhoud-te-groot")


async def test_of_what_is_no_bijlage_there_is_no_file(client: httpx.AsyncClient) -> None:
    contact = (await get(client, "klantcontacten"))["results"][0]["uuid"]
    for uuid in (contact, "6b8c2f9e-6e0a-4f3f-9a52-2d3b5a0f7a11", "geen-uuid"):
        answer = await client.get(inhoud(client, uuid))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), uuid


async def test_who_is_not_let_in_gets_no_file(client: httpx.AsyncClient) -> None:
    uuids = await bijlagen(client)
    url = inhoud(client, uuids["e-mailbijlage"])
    answer = await client.get(url, headers={"Authorization": "Token iets-anders"})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert (await client.post(url)).status_code == 405
    assert (await client.options(url)).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_all_is_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("klantcontacten", json={})
    assert answer.status_code == 405
    assert "POST" not in answer.headers["Allow"]


def test_every_collection_has_samples() -> None:
    assert set(samples(MAPPING)) == {
        "berichten", "personen", "behandelingen", "zaken", "bijlagen", "postbussen"
    }  # fmt: skip
