"""What an installation can do, in one line: that which a conformance suite is told."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.register import Register
from gateway.standard.table import RESOURCES

_LETTERS = {"POST": "c", "PUT": "u", "PATCH": "p", "DELETE": "d"}


def capabilities(register: Register) -> str:
    """``*=-,klantcontacten=crupd,actoren=r,…``: per resource that a source serves the letters of
    create, read, update (PUT), patch and delete; what is not named cannot be done."""
    return ",".join(["*=-", *_named(register)])


def _named(register: Register) -> Iterator[str]:
    for path in (*RESOURCES, "maak-klantcontact"):
        can = {letter for verb, letter in _LETTERS.items() if verb in register.verbs(path)}
        if register.catalogue.of(path):
            can.add("r")
        if can:
            yield f"{path}={''.join(letter for letter in 'crupd' if letter in can)}"
