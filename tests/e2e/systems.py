"""The fakes of old systems as sources that are written to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from demo.v1.register import OBJECTLINKS, Register
from demo.v1.service import Service
from tests.support import v1

KANALEN: Final = """\
resource: klantcontacten
streams:
  contact:
    rules:
      - to: kanaal
        from: kanaal
        values:
          {Telefoon: telefoon, Webformulier: oip_mijn_vragen, Chat: portaal, E-mail: e-mail,
           Balie: balie, Post: brief}
"""
"""What a gemeente lays over the mapping: its own names of the channels of the e-Suite."""


class _Ahead(set[tuple[str, str]]):
    """Of which zaken the Zaken API knows that they belong to which contacts: always what the
    register is to hear next."""

    def __init__(self, register: Register) -> None:
        super().__init__()
        self._register = register

    def __contains__(self, pair: object) -> bool:
        links = self._register.rows[OBJECTLINKS].values()
        return pair not in [(link["object"], link["contactmoment"]) for link in links]


class _Everybody(frozenset[str]):
    """Whom the registers outside know."""

    def __contains__(self, number: object) -> bool:
        return True


class OpenKlant1(v1.OpenKlant1):
    """With few rows, beside a Zaken API that is told first."""

    @staticmethod
    def make() -> Service:
        made = v1.OpenKlant1.make()
        v1.OpenKlant1.last.related = _Ahead(made.register)
        return made


class ESuite(v1.ESuite):
    """With few rows, and everybody known outside."""

    @staticmethod
    def make() -> Service:
        made = v1.ESuite.make()
        v1.ESuite.last.outside = _Everybody()
        return made


def open_klant_1(folder: Path) -> dict[str, Any]:
    """The settings of the source."""
    return {**v1.source("open-klant-1"), "adapter": "tests.e2e.systems:OpenKlant1"}


def e_suite(folder: Path) -> dict[str, Any]:
    """The settings of the source, with what a gemeente lays over the mapping."""
    own = folder / "eigen"
    own.mkdir()
    (own / "klantcontacten.yaml").write_text(KANALEN)
    return {**v1.source("e-suite"), "adapter": "tests.e2e.systems:ESuite", "overrides": str(own)}


WRITTEN: Final[Mapping[str, Callable[[Path], dict[str, Any]]]] = {
    "open-klant-1": open_klant_1,
    "e-suite": e_suite,
}
