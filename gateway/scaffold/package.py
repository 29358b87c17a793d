"""The files of a new package, from templates by kind of system.

A template is text with ``$name`` in it (``string.Template``), under the path that the file gets. A
``.part`` is a text that others take in, under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from string import Template
from typing import Final

from gateway.api.access import hashed

_FILE: Final = ".tmpl"
_PART: Final = ".part"
_NAME: Final = "__name__"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of system. ``folders``: of templates; what is in a later one counts. ``extras``: of
    the gateway, that its package needs."""

    folders: tuple[str, ...]
    extras: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "rest": Kind(("common", "records", "rest")),
    "soap": Kind(("common", "records", "soap"), ("stuf",)),
    "sql": Kind(("common", "records", "sql"), ("sql",)),
    "mail": Kind(("common", "mail"), ("mail",)),
}


def files(name: str, kind: str) -> dict[PurePosixPath, str]:
    """The files of a package ``name``, a Python identifier in small letters, by their path."""
    extras = ",".join(KINDS[kind].extras)
    words = {
        "name": name,
        "Name": "".join(part.capitalize() for part in name.split("_")),
        "dashed": name.replace("_", "-").strip("-"),
        "kind": kind,
        "extras": f"[{extras}]" if extras else "",
        "token": hashed("demo"),
    }
    given = dict(_texts(kind))
    for path, text in given.items():
        if path.suffix == _PART:
            words[path.stem] = Template(text).substitute(words).rstrip("\n")
    return {
        PurePosixPath(str(path).removesuffix(_FILE).replace(_NAME, name)): f"{filled}\n"
        for path, text in given.items()
        if path.suffix == _FILE
        for filled in [Template(text).substitute(words).strip("\n")]
    }


def _texts(kind: str) -> Iterator[tuple[PurePosixPath, str]]:
    root = resources(__package__) / "templates"
    for folder in KINDS[kind].folders:
        yield from _below(root / folder, PurePosixPath())


def _below(folder: Traversable, at: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for one in sorted(folder.iterdir(), key=lambda found: found.name):
        if one.is_dir():
            yield from _below(one, at / one.name)
        elif one.name.endswith((_FILE, _PART)):
            yield at / one.name, one.read_text(encoding="utf-8")
