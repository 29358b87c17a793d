"""Each fault in a mail server beside a KCC: required or optional, for lists, somebody's mail and a
single message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.bench import Source, gateway, shown, the_kcc
from tests.faults.matrix import (
    REQUEST_SECONDS,
    REQUIRED_OR_NOT,
    SOURCE_SECONDS,
    World,
    each,
    failing,
    honest,
    states,
    whole,
    world_of,
)
from tests.helpers import ROOT
from tests.support.faults import (
    PASS,
    Cut,
    Drip,
    Fault,
    FaultProxy,
    Garbage,
    Hang,
    Latency,
    Refuse,
    ResetAtOnce,
    after,
)
from tests.support.imap import Answer, Scripted, scripted
from tests.support.imap_faults import (
    answers_something_else,
    hangs_halfway,
    hangs_up,
    is_busy,
    nests_wrong,
    says_bad,
    says_goodbye,
    says_no,
    says_nothing,
    stops_halfway,
)
from tests.support.mails import JAN, OPTIONS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

MAIL = "mail"
ASKED = {
    "list": "klantcontacten?pageSize=20&expand=hadBetrokkenen,omvatteBijlagen",
    "somebody's address": f"digitaleadressen?adres={JAN}",
    "somebody's mail": f"klantcontacten?hadBetrokkene__digitaaladres__adres__icontains={JAN}",
}


@dataclass(frozen=True)
class Said:
    """The server answers one command like this."""

    to: str
    answer: Answer


FAULTS: dict[str, Fault | Said] = {
    "refused": Refuse(),
    "reset at once": ResetAtOnce(),
    "silence": Hang(),
    "latency": Latency(30),
    "drip": Drip(20),
    "half an answer": Cut(0.5),
    "reset midway": Cut(0.5, reset=True),
    "garbage": Garbage(seed=3),
    **{
        f"{to} {answer.__name__}": Said(to, answer)
        for to in ("LOGIN", "EXAMINE", "SEARCH", "FETCH")
        for answer in (
            says_nothing,
            hangs_up,
            says_no,
            says_bad,
            says_goodbye,
            is_busy,
            answers_something_else,
            nests_wrong,
        )
        if not (answer is nests_wrong and to in ("LOGIN", "EXAMINE", "SEARCH"))
    },
    "FETCH stops in a message": Said("FETCH", stops_halfway),
    "FETCH hangs in a message": Said("FETCH", hangs_halfway),
}
EVERY_TIME = ("refused", "SEARCH says_no", "FETCH stops in a message")  # fmt: skip


@dataclass(frozen=True)
class Mail(Source):
    """A mail server and the network before it; ``service`` is not of it."""

    server: Scripted

    async def suffer(self, fault: Fault | Said) -> None:
        """From now on this is wrong with it."""
        self.server.answers.clear()
        if isinstance(fault, Said):
            self.server.answers[fault.to] = fault.answer
        await self.network.use(PASS if isinstance(fault, Said) else fault)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with (
        the_kcc() as kcc,
        scripted() as server,
        FaultProxy(server.port, greets=True) as network,
    ):
        options = server.options(tmp_path_factory.mktemp("mail"), **OPTIONS)
        of_mail = {
            "number": 2,
            "adapter": "adapters.imap.adapter:ImapAdapter",
            "collections": "imap",
            "mapping": str(ROOT / "mappings" / "e-mail"),
            "options": {**options, "port": network.port, "read_seconds": 10},
        }
        sources = {"kcc": kcc, MAIL: Mail(kcc.service, network, of_mail, server)}
        asked = dict(ASKED)
        async with gateway(tmp_path_factory.mktemp("first"), sources) as client:
            (address, _) = (await client.get(asked["somebody's address"])).json()["results"]
        asked["detail"] = f"digitaleadressen/{address['uuid']}"
        found = await world_of(tmp_path_factory, sources, asked, missing=[MAIL])
        assert shown(found.without[MAIL]["somebody's mail"])["count"] == 0
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def mail(world: World) -> AsyncIterator[Mail]:
    found = world.sources[MAIL]
    assert isinstance(found, Mail)
    yield found
    await found.suffer(PASS)


def _is_late(fault: Fault | Said) -> bool:
    if isinstance(fault, Said):
        return fault.answer in (says_nothing, hangs_halfway)
    return isinstance(fault, Hang | Latency | Drip)


@each("fault", FAULTS, EVERY_TIME)
@REQUIRED_OR_NOT
async def test_an_answer_is_an_error_or_says_what_is_missing(
    world: World, mail: Mail, tmp_path: Path, required: bool, fault: Fault | Said
) -> None:
    fails = partial(mail.suffer, fault)
    async with failing(
        world,
        tmp_path,
        MAIL,
        fails,
        required=required,
        opened=False,
        source_seconds=2 * SOURCE_SECONDS if _is_late(fault) else REQUEST_SECONDS,
    ) as client:
        await honest(client, world, MAIL, required)


async def test_what_was_wrong_once_is_over(world: World, mail: Mail, tmp_path: Path) -> None:
    """A new connection is made, and nothing of the broken answer is in the next."""
    async with gateway(tmp_path, world.sources) as client:
        assert (await client.get(world.asked["list"])).status_code == 200
        await mail.suffer(FAULTS["EXAMINE says_goodbye"])
        assert (await client.get(world.asked["somebody's mail"])).status_code in (502, 503, 504)
        await mail.suffer(PASS)
        await whole(client, world)


@pytest.mark.parametrize("questions", [1, 3, 5, 8])
@pytest.mark.soak
async def test_what_fails_midway_leaves_nothing_out(
    world: World, mail: Mail, tmp_path: Path, questions: int
) -> None:
    fails = partial(mail.network.use, after(questions, Cut(0.5)))
    async with failing(world, tmp_path, MAIL, fails, required=False, opened=False) as client:
        answer = await client.get(world.asked["list"])
    if states(answer)[MAIL] == "ok":
        assert shown(answer) == world.healthy["list"]
    else:
        assert shown(answer) == shown(world.without[MAIL]["list"])
