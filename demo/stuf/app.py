"""The sample back ends by themselves: `uvicorn --factory demo.stuf.app:create_app`.

With the folder of the official schemas in `STUF_SCHEMAS` every question and every answer is checked
by them.
"""

import os
from pathlib import Path

from starlette.applications import Starlette

from demo.kcc.data import FULL
from demo.kcc.values import Scale

from .data import holdings
from .service import Schemas, StufService


def service(scale: Scale = FULL) -> StufService:
    """Both services, over the same persons and companies as the KCC knows."""
    folder = os.environ.get("STUF_SCHEMAS")
    return StufService(holdings(scale), Schemas(Path(folder)) if folder else None)


def create_app() -> Starlette:
    """The application of both."""
    return service().app()
