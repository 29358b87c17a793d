"""The least that Starlette and uvicorn can do: ``python -m benchmarks.servers.hello PORT``."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def _hello(_: Request) -> Response:
    return JSONResponse({"hello": "world"})


if __name__ == "__main__":
    app = Starlette(routes=[Route("/{path:path}", _hello)])
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
