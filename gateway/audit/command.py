"""The command ``gateway audit``."""

from __future__ import annotations

import argparse
import asyncio
import json

from adapters.secrets import absolute
from gateway import config as configuration
from gateway import documents, installation, remarks
from gateway.audit import Sizes, audit, literals, sizes
from gateway.exits import Exit
from gateway.installation import Installation


def run(given: argparse.Namespace) -> Exit:
    """Look at a configuration; it ends with the worst that was found."""
    raw = documents.load(given.config).data
    # With a secret in it a file is often refused, which would hide why.
    found = list(literals(raw))
    if not found:
        built = installation.build(given.config)
        config, document = configuration.load(given.config)
        secrets = configuration.secrets(config, document)
        data = absolute(raw, given.config.resolve().parent)
        known = asyncio.run(_sizes(built)) if given.live else None
        found = list(audit(built, data, secrets, known))
    if given.json:
        print(json.dumps(remarks.document(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(remarks.text(found)))
    return remarks.exit_code(found)


async def _sizes(built: Installation) -> Sizes:
    try:
        return await sizes(built.adapters)
    finally:
        await built.close()
