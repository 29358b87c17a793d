"""The command ``gateway check``."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any

from gateway import installation
from gateway.documents import DocumentError
from gateway.exits import Exit
from gateway.installation import Installation
from gateway.narrow import say
from gateway.sources.examination import diagnosis, examined
from gateway.standard.table import RESOURCES

Answers = Mapping[str, str | None]
"""By source what is the matter with it, ``None`` where it answers."""


def arguments(made: argparse.ArgumentParser) -> None:
    """What can be said to the command, beside the configuration."""
    made.add_argument("--live", action="store_true", help="also ask each source whether it answers")
    made.add_argument("--json", action="store_true", help="print it as JSON")


def run(given: argparse.Namespace) -> Exit:
    """Check a configuration: ``FAILED`` where it is wrong, ``ERRORS`` where a source is silent.
    Raises ``DocumentError``, but where JSON is asked, which then holds what is wrong."""
    try:
        built = installation.build(given.config)
    except DocumentError as error:
        if not given.json:
            raise
        _as_json(
            {
                "wrong": [
                    {"file": f.file, "line": f.line, "message": f.message} for f in error.findings
                ]
            }
        )
        return Exit.FAILED
    streams = {path: [str(one) for one in built.catalogue.of(path)] for path in RESOURCES}
    answers = asyncio.run(_answers(built)) if given.live else None
    if given.json:
        asked = {} if answers is None else {"sources": answers}
        _as_json({"wrong": [], "resources": streams, **asked})
    else:
        say(f"{given.config}: in orde.")
        for path, names in streams.items():
            say(f"  {path}: {', '.join(names) or 'geen bron'}")
        _tell(answers)
    return Exit.ERRORS if answers and any(answers.values()) else Exit.WELL


async def _answers(built: Installation) -> Answers:
    """Ask each source whether it answers, and what may help if it does not."""
    seconds = built.config.limits.source_seconds
    try:
        errors = {alias: await examined(one, seconds) for alias, one in built.adapters.items()}
    finally:
        await built.close()
    return {alias: None if one is None else diagnosis(one) for alias, one in errors.items()}


def _tell(answers: Answers | None) -> None:
    if answers is not None:
        say("De bronnen:")
        for alias, wrong in answers.items():
            say(f"  {alias}: {wrong or 'antwoordt.'}")


def _as_json(document: Mapping[str, Any]) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))
