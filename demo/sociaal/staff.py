"""Rows of staff: teams, and the people in them."""

from datetime import datetime, timedelta

from demo.kcc import names as common
from demo.kcc.values import ORDINARY_END, Row, Source, mail_part

from . import names
from .values import utc

_FIRST = datetime(2014, 9, 1, 9, 0)


def staff(source: Source) -> list[Row]:
    """All rows of staff, the teams first; the last team was closed."""
    rows = [_team(at) for at in range(len(names.TEAMS))]
    rows[-1]["is_active"] = 0
    moments = sorted(source.moment(_FIRST, ORDINARY_END) for _ in range(source.scale.part(80, 20)))
    return rows + [_worker(source, number, moment) for number, moment in enumerate(moments, 1)]


def _team(at: int) -> Row:
    team = names.TEAMS[at]
    return {
        "staff_id": team.code,
        "kind": "team",
        "full_name": team.name,
        "job_title": None,
        "email": f"{mail_part(team.name)}@sociaal.zilverdam.example",
        "phone": f"010-456 {10 + at} 00",
        "is_active": 1,
        "created_at": utc(_FIRST + timedelta(days=at)),
    }


def _worker(source: Source, number: int, moment: datetime) -> Row:
    first, name = source.pick(common.VOORNAMEN), source.pick(common.ACHTERNAMEN)
    local = mail_part(f"{first} {name.spoken}")
    return {
        "staff_id": f"s-{number:04}",
        "kind": "worker",
        "full_name": f"{first} {name.spoken}",
        "job_title": source.pick(names.JOBS),
        # Two colleagues may have the same name.
        "email": f"{local}.{number}@sociaal.zilverdam.example",
        "phone": f"+31 10 456 {source.digits(4)}",
        "is_active": 0 if source.chance(10) else 1,
        "created_at": utc(moment),
    }
