"""The command ``gateway record``: what a source is asked, and answers, in a file for tests."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml

from adapters.recording import Recorder, RecordingError
from adapters.wiring import Rewired
from gateway import installation
from gateway.api import access
from gateway.api.access import Client, Tokens
from gateway.api.app import create_app
from gateway.documents import suggestion
from gateway.exits import Exit
from gateway.installation import Installation
from gateway.narrow import say
from gateway.standard.table import BASE_PATH


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said to the command, beside the configuration."""
    parser.add_argument("--source", required=True, help="the source to listen to")
    parser.add_argument("--to", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--keep", action="append", default=[], help="a field of the source without persons in it"
    )
    parser.add_argument("urls", nargs="+", metavar="url", help="what to ask the gateway")


def run(given: argparse.Namespace) -> Exit:
    """Ask, and write what the source was asked: ``FAILED`` where not all was answered, or it could
    not be written."""
    built = installation.build(given.config)
    adapter = built.adapters.get(given.source)
    if adapter is None:
        hint = suggestion(given.source, built.adapters)
        say(f"`{given.source}` is geen bron van deze configuratie.{hint}", to=sys.stderr)
        return Exit.USAGE
    if not isinstance(adapter, Rewired):
        say(f"`{given.source}` wordt niet over HTTP gevraagd.", to=sys.stderr)
        return Exit.USAGE
    source = built.config.sources[given.source]
    kept = said(source.options, [source.mapping, *source.layers])
    recorder = Recorder(given.keep, kept)
    adapter.rewire(recorder.over)
    statuses = asyncio.run(_asked(built, given.urls))
    for number, status in enumerate(statuses, 1):
        say(f"vraag {number}: {status}")
    try:
        recorder.save(given.to)
    except RecordingError as error:
        say("Niet geschreven. Wat er nog van iemand lijkt, of niet te lezen is:", to=sys.stderr)
        for line in str(error).splitlines():
            say(line, to=sys.stderr)
        return Exit.FAILED
    except OSError as error:
        say(f"{given.to} is niet te schrijven: {error.strerror}.", to=sys.stderr)
        return Exit.FAILED
    say(f"{given.to}: {len(recorder)} vragen aan `{given.source}`, met andere personen.")
    return Exit.WELL if all(status < 400 for status in statuses) else Exit.FAILED


async def _asked(built: Installation, urls: list[str]) -> list[int]:
    token = access.new_token()
    client = Client("record", frozenset("*"))
    app = create_app(
        built.register,
        Tokens([(client, [access.hashed(token)])]),
        request_seconds=built.config.limits.request_seconds,
    )
    origin = "http://localhost"
    headers = {"Authorization": f"Token {token}"}
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, headers=headers, timeout=300) as asking:
            return [(await asking.get(origin + _path(url))).status_code for url in urls]
    finally:
        await built.close()


def _path(url: str) -> str:
    """A url of the register from its root on, however much of it was given."""
    asked = httpx.URL(url)
    path = asked.raw_path.decode()
    return path if asked.path.startswith(BASE_PATH) else f"{BASE_PATH}/{path.lstrip('/')}"


def said(options: Mapping[str, Any], folders: Iterable[Path]) -> frozenset[str]:
    """The texts in the settings of a source, and in the files of its mapping: these are codes,
    names of fields and addresses of services, and nobody's."""
    files = (file for folder in folders for file in folder.glob("*.yaml"))
    read = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return frozenset(text for one in (options, *read) for text in _texts(one))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, within in value.items():
            yield str(name)
            yield from _texts(within)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value
