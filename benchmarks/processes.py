"""Processes under measurement: started, pinned, asked what they used, and ended. Linux only."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 20.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of CPU that it and the processes it started have used."""
        return sum(_seconds(pid) for pid in _tree(self.process.pid))

    def memory(self) -> float:
        """MB that it and the processes it started have in memory."""
        return sum(_resident(pid) for pid in _tree(self.process.pid)) / 1e6


@dataclass(frozen=True)
class Slice:
    """One server under load for some time: requests per second, milliseconds, and the CPU
    microseconds of the server per request."""

    rate: float
    p50: float
    p99: float
    cpu: float


class BrokenRow(Exception):
    """A server that did not answer every request with 200 is not measured."""


@contextmanager
def serving(
    module: str, *arguments: str, port: int = 0, pinned: bool = True, aside: bool = False
) -> Iterator[Server]:
    """``python -m module`` with ``{port}`` in its arguments filled in, until the block ends.

    ``port``: on which it listens; 0 for one that is free.

    ``aside``: on the processors of the load, not on those of what is measured; ``pinned`` false:
    wherever it likes.
    """
    port = port or free_port()
    command = [sys.executable, "-m", module, *(a.format(port=port) for a in arguments)]
    process = subprocess.Popen(  # noqa: S603 - our own modules
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env=_environment()
    )
    try:
        if pinned:
            _pin(process.pid, aside)
        _listens(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait()


def load(server: Server, target: str, connections: int, seconds: float) -> Slice:
    """Ask one thing again and again. Raises ``BrokenRow`` when an answer is not 200."""
    command = (server.port, target, connections, seconds)
    before = server.cpu()
    client = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "benchmarks.client", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=_environment(),
    )
    _pin(client.pid, aside=True)
    out, _ = client.communicate()
    used = server.cpu() - before
    seen = json.loads(out)
    if seen["errors"] or not seen["requests"]:
        raise BrokenRow(f"{target.partition('?')[0]}: {seen['errors']:.0f} answers were not 200")
    return Slice(seen["rate"], seen["p50"], seen["p99"], used / seen["requests"] * 1e6)


def busy() -> bool:
    """Whether others are using this machine: work of 30 ms takes much longer than that."""
    wall, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < 0.03:
        pass
    return (time.perf_counter() - wall) / (time.process_time() - cpu) > 1.2


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _environment() -> dict[str, str]:
    """Ours, in which modules are compiled once and kept, as they are where they are installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _pin(pid: int, aside: bool) -> None:
    """Keep a process to the first processor, or to the others; where there is one, to none."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        os.sched_setaffinity(pid, processors[1:] if aside else processors[:1])


def _listens(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise BrokenRow("a server did not start")


def _tree(pid: int) -> Sequence[int]:
    """A process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
