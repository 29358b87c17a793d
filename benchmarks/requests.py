"""Whole requests: the gateway on the sample municipality next to a bare route with the same bytes.

``python -m benchmarks.requests [rounds] [seconds]`` starts both as processes on this machine,
asks each in turn, and prints requests per second, p50 and CPU per request of the server process.
Only CPU figures and ratios mean something on a busy machine.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from gateway.standard.table import BASE_PATH

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 4
BARE = """
import pathlib, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = pathlib.Path(sys.argv[2]).read_bytes()
async def route(request):
    return Response(body, media_type="application/json")
app = Starlette(routes=[Route("/{path:path}", route)])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
"""


@dataclass(frozen=True)
class Figures:
    """Of one round: requests per second, median milliseconds, CPU microseconds per request."""

    rate: float
    p50: float
    cpu: float


def main(rounds: int = 3, seconds: float = 2.0) -> None:
    """Measure and print."""
    with _started([sys.executable, "-m", "gateway.cli", "demo", "--port"]) as (port, process):
        for name, path in _questions(port).items():
            url = f"http://127.0.0.1:{port}{BASE_PATH}/{path}"
            body = httpx.get(url, headers={"Authorization": "Token demo"}).content
            file = ROOT / "build" / "bare.json"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(body)
            bare_command = [sys.executable, "-c", BARE]
            with _started(bare_command, str(file)) as (bare_port, bare):
                ours, theirs = [], []
                for _ in range(rounds):
                    ours.append(_load(port, f"{BASE_PATH}/{path}", process.pid, seconds))
                    theirs.append(_load(bare_port, "/x", bare.pid, seconds))
            _show(name, len(body), ours, theirs)


def _questions(port: int) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}{BASE_PATH}/klantcontacten?pageSize=1"
    first = httpx.get(url, headers={"Authorization": "Token demo"}).json()["results"][0]["uuid"]
    expand = "hadBetrokkenen,hadBetrokkenen.wasPartij,leiddeTotInterneTaken"
    return {
        "25 klantcontacten": "klantcontacten?pageSize=25",
        "25 with expand": f"klantcontacten?pageSize=25&expand={expand}",
        "a detail": f"klantcontacten/{first}",
    }


def _show(name: str, size: int, ours: list[Figures], theirs: list[Figures]) -> None:
    rate = statistics.median(f.rate for f in ours)
    p50 = statistics.median(f.p50 for f in ours)
    cpu = statistics.median(f.cpu for f in ours)
    ratio = statistics.median(a.cpu / b.cpu for a, b in zip(ours, theirs, strict=True))
    slower = statistics.median(b.rate / a.rate for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name:20} {size / 1000:6.1f} kB {rate:7.1f}/s  p50 {p50:6.1f} ms  "
        f"CPU {cpu / 1000:6.2f} ms  = {ratio:5.1f} x the CPU, 1/{slower:.0f} of the rate of a bare "
        "route"
    )


@contextmanager
def _started(command: list[str], *more: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [*command, str(port), *more], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait()


def _load(port: int, target: str, pid: int, seconds: float) -> Figures:
    before = _cpu(pid)
    times = asyncio.run(_closed_loop(port, target, seconds))
    used = _cpu(pid) - before
    return Figures(len(times) / seconds, statistics.median(times) * 1000, used / len(times) * 1e6)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _closed_loop(port: int, target: str, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    request = (
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Token demo\r\n\r\n"
    ).encode()

    async def client() -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        times = []
        while time.perf_counter() < end:
            started = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head[:80]
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            times.append(time.perf_counter() - started)
        writer.close()
        return times

    results = await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return [t for times in results for t in times]


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:2]), *(float(a) for a in sys.argv[2:3]))
