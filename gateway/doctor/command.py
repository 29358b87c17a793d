"""The command ``gateway doctor``."""

from __future__ import annotations

import argparse
import asyncio
import json

from gateway import installation, remarks
from gateway.doctor import examine
from gateway.exits import Exit
from gateway.installation import Installation
from gateway.remarks import Remark


def run(given: argparse.Namespace) -> Exit:
    """Examine the sources; it ends with the worst that was found."""
    found = asyncio.run(_examined(installation.build(given.config)))
    if given.json:
        print(json.dumps(remarks.document(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(remarks.text(found)))
    return remarks.exit_code(found)


async def _examined(built: Installation) -> list[Remark]:
    try:
        return [remark async for remark in examine(built)]
    finally:
        await built.close()
