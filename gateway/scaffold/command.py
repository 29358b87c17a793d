"""The command ``gateway new adapter``."""

from __future__ import annotations

import argparse
import keyword
import secrets
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from gateway.adapting import ADAPTERS
from gateway.exits import Exit
from gateway.narrow import say
from gateway.scaffold import KINDS, files

_LONGEST: Final = 30
_TAKEN: Final = {"adapters", "demo", "fake", "gateway", "mappings", "tests"}
"""Modules that are there already, where the package and its tests run."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said to the command."""
    parser.add_argument("what", choices=["adapter"])
    parser.add_argument("name", help="of the package and the adapter, e.g. zilvercrm")
    parser.add_argument("--kind", required=True, choices=list(KINDS), help="what the system is")
    parser.add_argument("--folder", type=Path, default=Path(), help="where it is put (default: .)")


def run(given: argparse.Namespace) -> Exit:
    """Write the package: ``FAILED`` where it cannot be, ``USAGE`` for a name that will not do."""
    wrong = _wrong(given.name)
    if wrong:
        say(wrong, to=sys.stderr)
        return Exit.USAGE
    folder: Path = given.folder / given.name
    written = files(given.name, given.kind)
    try:
        folder.mkdir(parents=True)
        for path, text in written.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        key = folder / "identity.key"
        key.write_text(secrets.token_urlsafe(32) + "\n", encoding="utf-8")
    except FileExistsError:
        say(f"{folder} is er al. Kies een andere naam, of `--folder`.", to=sys.stderr)
        return Exit.FAILED
    except OSError as error:
        say(f"{folder} is niet te schrijven: {error.strerror}.", to=sys.stderr)
        return Exit.FAILED
    say(f"{folder}: een pakket van {len(written) + 1} bestanden, dat de kit doorstaat.")
    say(f"Wat u nu doet, staat in {folder / 'README.md'}.")
    return Exit.WELL


def _wrong(name: str) -> str:
    """What is the matter with a name; empty: nothing."""
    shape = name.isascii() and name.isidentifier() and name == name.lower() and name[0] != "_"
    if not shape or len(name) > _LONGEST:
        return (
            "Een naam bestaat uit kleine letters, cijfers en `_`, begint met een letter, en is"
            f" hoogstens {_LONGEST} tekens lang."
        )
    if keyword.iskeyword(name) or name in _TAKEN | sys.stdlib_module_names:
        return f"`{name}` betekent al iets in Python of in de gateway. Kies een andere naam."
    if name in {entry.name for entry in entry_points(group=ADAPTERS)}:
        return f"Er is al een adapter `{name}`. Kies een andere naam."
    return ""
