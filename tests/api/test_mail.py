"""An archive of mail as the only source of a gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.mapping.samples import samples
from tests.helpers import ROOT, write_config
from tests.support.mails import INFO, JAN, OPTIONS, mail, maildir
from tests.support.v1 import gateway

MAPPING = ROOT / "mappings" / "e-mail"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    photo = mail(4, Subject="Kapotte lamp ZAAK-2024-0000000012", Cc="zus@elders.example")
    photo.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="lamp.jpg")
    messages = [
        mail(1),
        mail(2, From=INFO, To=JAN, Subject="Re: Vraag 1", In_Reply_To="<m1@voorbeeld.example>"),
        mail(3, From="piet@elders.example", Subject=""),
        photo,
        mail(5, Auto_Submitted="auto-replied"),
    ]
    path = maildir(tmp_path / "archief", messages)
    source = {
        "number": 3,
        "adapter": "adapters.maildir:MaildirAdapter",
        "collections": "maildir",
        "mapping": str(MAPPING),
        "options": {**OPTIONS, "path": str(path)},
    }
    async with gateway(write_config(tmp_path, {"mail": source})) as client:
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


async def test_all_is_only_read(client: httpx.AsyncClient) -> None:
    answer = await client.post("klantcontacten", json={})
    assert answer.status_code == 405
    assert "POST" not in answer.headers["Allow"]


def test_every_collection_has_samples() -> None:
    assert set(samples(MAPPING)) == {
        "berichten", "personen", "behandelingen", "zaken", "bijlagen", "postbussen"
    }  # fmt: skip
