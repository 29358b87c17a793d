"""The gateway in several processes: ``python -m benchmarks.servers.workers PORT COUNT CONFIG``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from gateway import installation

_CONFIG: Final = "BENCHMARKED_CONFIG"


def app() -> ASGIApp:
    """Made anew in each worker."""
    return installation.build(Path(os.environ[_CONFIG])).app()


if __name__ == "__main__":
    _, port, count, os.environ[_CONFIG] = sys.argv
    uvicorn.run(
        "benchmarks.servers.workers:app",
        factory=True,
        port=int(port),
        workers=int(count),
        log_level="error",
        access_log=False,
    )
