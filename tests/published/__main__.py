"""Runs the published client (open-klant-client on PyPI) against the databases of the demo.

It needs Python 3.12, newer than the gateway does, so it gets an environment of its own in
``build/``. Without such a Python there is nothing to run; where ``$CI`` is set that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.e2e import serve
from tests.helpers import ROOT

TOKEN: Final = "demo"
LOCK: Final = ROOT / "requirements" / "client.lock"
_NEEDED: Final = (3, 12)


def main() -> int:
    """The exit code: 0 when every call works."""
    newer = python()
    if newer is None:
        print("There is no Python 3.12 or newer here, so the published client cannot run.")
        return 1 if os.environ.get("CI") else 0
    environment = made(newer)
    with tempfile.TemporaryDirectory() as name, serve.demo(Path(name)) as server:
        base = f"{server.origin}/klantinteracties/api/v1/"
        surface = Path(__file__).with_name("surface.py")
        return subprocess.run([environment, surface, base, TOKEN], check=False).returncode


def python() -> Path | None:
    """A Python that is new enough: one on the PATH, or one that pyenv keeps."""
    return next((one for one in _pythons() if _version(one) >= _NEEDED), None)


def _pythons() -> Iterator[Path]:
    yield Path(sys.executable)
    for minor in range(12, 20):
        if found := shutil.which(f"python3.{minor}"):
            yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    roots = [pyenv, *(p.parents[1] for p in [Path(sys.base_prefix)] if p.parent.name == "versions")]
    for root in roots:
        yield from sorted(root.glob("versions/3.*/bin/python3"))


def _version(command: Path) -> tuple[int, ...]:
    """The version of a Python; nothing when it does not run (pyenv has stand-ins that do not)."""
    code = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([command, "-c", code], capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else ()


def made(newer: Path) -> Path:
    """The Python of an environment with the client in it; made once for each lock."""
    folder = ROOT / "build" / "published-client"
    command, stamp = folder / "bin" / "python", folder / "lock"
    if not stamp.exists() or stamp.read_bytes() != LOCK.read_bytes():
        subprocess.run([newer, "-m", "venv", "--clear", folder], check=True)
        pip = [command, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--require-hashes", "-r", LOCK], check=True)
        stamp.write_bytes(LOCK.read_bytes())
    return command


if __name__ == "__main__":
    sys.exit(main())
