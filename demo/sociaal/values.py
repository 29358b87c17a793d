"""Single values as the social-domain register writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from demo.kcc.values import Row, Source

_LOCAL = ZoneInfo("Europe/Amsterdam")


def utc(moment: datetime) -> str:
    """A moment in local time as text in UTC: ``2026-10-30T15:45:00Z``."""
    return f"{moment.replace(tzinfo=_LOCAL).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(text: str) -> datetime:
    """The moment, in local time, that `utc` wrote."""
    return datetime.fromisoformat(text).astimezone(_LOCAL).replace(tzinfo=None)


def number_rows(rows: list[Row], key: str, form: str = "") -> list[Row]:
    """The rows from old to new, numbered from 1 in column `key`; as text when a form is given."""
    rows.sort(key=lambda row: str(row["created_at"]))
    for number, row in enumerate(rows, 1):
        row[key] = form.format(number) if form else number
    return rows


def flag(card: str) -> int | None:
    """A flag of the register: 1, 0, or null when nobody filled it in."""
    return int(card) if card else None


def phone_again(source: Source, number: str) -> str:
    """The same Dutch telephone number in another notation."""
    nine = "".join(filter(str.isdigit, number))[-9:]
    written = (f"0{nine}", f"+31{nine}", f"0031 {nine}", f"+31 (0){nine[0]} {nine[1:]}")
    return source.pick([text for text in written if text != number])


def email_again(address: str) -> str:
    """The same e-mail address in other case."""
    return address.title() if address != address.title() else address.upper()
