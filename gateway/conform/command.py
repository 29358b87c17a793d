"""The command ``gateway conform``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator

from adapters.secrets import SecretReference
from gateway.conform import NoServer, Result, Verdict, conform, report, root_of, statements
from gateway.exits import Exit
from gateway.narrow import say
from gateway.standard.table import RESOURCES


def arguments(made: argparse.ArgumentParser) -> None:
    """What can be said behind the command."""
    made.add_argument("url", help="the server, or the root of its API")
    made.add_argument(
        "--token",
        metavar="REFERENCE",
        required=True,
        help="where the token stands: env:NAME or file:path",
    )
    made.add_argument(
        "--writes",
        action="store_true",
        help="also make, change and remove objects: only in a sandbox",
    )
    made.add_argument(
        "--resource",
        action="append",
        choices=list(RESOURCES),
        metavar="RESOURCE",
        help="look at this resource only; may be said several times",
    )
    made.add_argument("--json", action="store_true", help="print it as JSON")


async def _told(results: AsyncIterator[Result], as_json: bool) -> list[Result]:
    """All results; as text each is told as soon as it is there."""
    found = []
    async for result in results:
        found.append(result)
        if not as_json:
            print("\n".join(report.text(result)), flush=True)
    return found


def run(given: argparse.Namespace) -> Exit:
    """Check a server: ``ERRORS`` where a statement fails, ``FAILED`` where nothing can be tried."""
    try:
        root = root_of(given.url)
        token = SecretReference(given.token).reveal()
    except ValueError as error:
        say(f"{error}.", to=sys.stderr)
        return Exit.USAGE
    except (KeyError, OSError):
        say("Het token staat niet waar `--token` zegt.", to=sys.stderr)
        return Exit.USAGE
    chosen = statements(writes=given.writes)
    about = given.resource or tuple(RESOURCES)
    tried = conform(root, token, chosen, writes=given.writes, about=about)
    results: list[Result] = []
    why_none = ""
    try:
        results = asyncio.run(_told(tried, given.json))
    except NoServer as error:
        why_none = str(error)
    if given.json:
        print(json.dumps(report.document(root, results, why_none), indent=2, ensure_ascii=False))
    elif why_none:
        say(f"{why_none}.")
    else:
        print(f"\n{report.total(results)}")
    # Of a server that nothing can be asked of, nothing is known.
    passed = any(result.verdict is Verdict.PASSED for result in results)
    failed = any(result.verdict is Verdict.FAILED for result in results)
    if failed:
        return Exit.ERRORS
    return Exit.WELL if passed else Exit.FAILED
