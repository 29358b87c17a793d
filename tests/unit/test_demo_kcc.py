"""The rows of the KCC that the other fakes share."""

from __future__ import annotations

from pathlib import Path

from demo.esuite import data as esuite
from demo.kcc.data import SMALL, generate, shared
from demo.kcc.sqlite import build
from demo.mail import data as mail
from demo.objecten import data as objecten
from demo.openklant1 import data as openklant1
from demo.openzaak import data as openzaak
from demo.sociaal import data as sociaal
from demo.stuf import data as stuf


def test_who_shares_the_rows_only_reads_them(tmp_path: Path) -> None:
    rows = shared(SMALL)
    build(tmp_path / "kcc.sqlite", rows)
    esuite.generate_register(SMALL)
    esuite.surroundings(SMALL)
    objecten.generate_tasks(SMALL)
    openklant1.generate_register(SMALL)
    openzaak.generate_holdings(SMALL)
    sociaal.generate(sociaal.SMALL)
    stuf.holdings(SMALL)
    assert list(mail.generate(mail.SMALL))
    assert shared(SMALL) is rows
    assert rows == generate(SMALL)
