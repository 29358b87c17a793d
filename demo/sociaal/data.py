"""The rows of the social-domain register: the same rows for the same scale, always."""

from demo.kcc import data as kcc
from demo.kcc.values import Row, Scale, Source, Tables

from .clients import KNOWN_HERE, clients
from .interactions import interactions
from .schema import SCHEMA
from .staff import staff
from .tasks import tasks

__all__ = ["FULL", "KNOWN_HERE", "SMALL", "Row", "Scale", "Tables", "generate"]

FULL = Scale(persons=800, organisations=60, contacts=4_000, tasks=600, seed=20260420)
SMALL = Scale(persons=60, organisations=12, contacts=100, tasks=40, seed=20260420)


def generate(scale: Scale = FULL, known_elsewhere: Tables | None = None) -> Tables:
    """All rows of all tables, in the order of `SCHEMA`; every row has every column, in order.

    `known_elsewhere`: the rows of the KCC with which persons, organisations, moments and zaken
    are shared; by default those of the KCC at its full scale, or its small one for a small scale.
    """
    if known_elsewhere is None:
        known_elsewhere = kcc.shared(kcc.SMALL if scale.is_small else kcc.FULL)
    source = Source(scale)
    people = clients(source, known_elsewhere)
    colleagues = staff(source)
    taken = interactions(source, known_elsewhere, people, colleagues)
    tables: Tables = {
        "client": people.rows,
        "client_number": people.numbers,
        "client_reach": people.reaches,
        "interaction": taken.rows,
        "participant": taken.participants,
        "interaction_staff": taken.staff,
        "interaction_case": taken.cases,
        "staff": colleagues,
        "task": tasks(source, taken.rows, colleagues),
    }
    return {
        name: [{column: row[column] for column in table.columns} for row in tables[name]]
        for name, table in SCHEMA.items()
    }
