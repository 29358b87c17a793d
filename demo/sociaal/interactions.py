"""Rows of interaction, and of who took part, who took it and which cases it was about."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.kcc import names as common
from demo.kcc.values import NOW, ORDINARY_END, Row, Source, Tables, mail_part, moment_of

from . import names
from .clients import KNOWN_HERE, Clients
from .values import flag, local, number_rows, utc

_FIRST = datetime(2024, 2, 1, 9, 0)

# The newest interactions lie between the newest contacts of the KCC: for each the moment, and
# which of the known persons it was with.
_NEWEST = tuple(
    (datetime(2026, 10, day, 9, 35) + timedelta(minutes=100 * at), (day + at) % len(KNOWN_HERE))
    for day in (28, 29, 30)
    for at in range(4)
)


@dataclass(frozen=True)
class Interactions:
    """The rows of interaction, in key order of their making, and of what hangs on them."""

    rows: list[Row]
    participants: list[Row]
    staff: list[Row]
    cases: list[Row]


def interactions(
    source: Source, kcc: Tables, clients: Clients, staff: Sequence[Row]
) -> Interactions:
    """All interactions; some at the very second of a contact of the KCC, or about its zaak."""
    people = _People(source, clients)
    moments = _moments(source, kcc)
    rows = [_interaction(source, moment) for moment in moments]
    _follow(source, rows)
    participants: list[Row] = []
    for at, row in enumerate(rows):
        newest = at - (len(rows) - len(_NEWEST))
        client = people.known[_NEWEST[newest][1]] if newest >= 0 else people.some(row)
        participants += people.taking_part(row, client)
    return Interactions(
        rows,
        number_rows(participants, "participant_id"),
        _taken_by(source, rows, staff),
        _cases(source, rows, participants, kcc, people),
    )


def _moments(source: Source, kcc: Tables) -> list[datetime]:
    """When the interactions were, from old to new."""
    total = source.scale.contacts - len(_NEWEST)
    last = ORDINARY_END - timedelta(days=1)
    contacts = [row for row in kcc["CONTACT"] if row["AANMAAK"] < "20261023"]
    same = source.random.sample(contacts, min(max(3, total // 100), len(contacts)))
    moments = [moment_of(row["DATUM"] + row["TIJD"]) for row in same]
    while len(moments) < total:
        moment = source.moment(_FIRST, last)
        # A batch of web forms has one moment for all of them.
        moments += [moment] * (3 if source.deal("batch", {"no": 49, "yes": 1}) == "yes" else 1)
    return [*sorted(moments[:total]), *(moment for moment, _ in _NEWEST)]


def _interaction(source: Source, moment: datetime) -> Row:
    topic = source.pick(names.TOPICS)
    more = [source.pick(names.MORE) for _ in range(int(source.deal("more", {"0": 3, "2": 1})))]
    made = source.minutes_after(moment, int(source.deal("late", {"15": 9, "9000": 1})))
    newest = moment > ORDINARY_END
    return {
        "interaction_id": source.guid(),
        "reference": f"SD{source.unique('sd', lambda: source.digits(8))}",
        "state": "final" if newest else source.deal("state", {"final": 30, "draft": 1}),
        "channel": source.deal(
            "channel", {"phone": 6, "home": 4, "mail": 3, "desk": 2, "form": 2, "letter": 1}
        ),
        "domain": topic.domain,
        "subject": topic.subject,
        "question": " ".join([topic.question, *more]),
        "answer": topic.answer if source.chance(70) else None,
        "reached": flag(source.deal("reached", {"1": 5, "0": 2, "": 2})),
        "follow_up": 1 if source.chance(30) else 0,
        "language": source.deal("spoken", {"nl": 12, "": 3, "ar": 1, "tr": 1}),
        "is_secret": flag(source.deal("interaction secret", {"1": 5, "0": 3, "": 1})),
        "previous_id": None,
        "took_place_at": utc(moment),
        "created_at": utc(made if newest else min(made, ORDINARY_END)),
    }


def _follow(source: Source, rows: Sequence[Row]) -> None:
    """Number the interactions, and let some follow on an earlier one."""
    for number, row in enumerate(rows, 70_000_001):
        row["number"] = number
    for at, row in enumerate(rows[1:], 1):
        if source.deal("previous", {"no": 7, "yes": 1}) == "yes":
            row["previous_id"] = rows[source.random.randrange(max(0, at - 40), at)][
                "interaction_id"
            ]


class _People:
    """The clients that can take part in an interaction, by when they were known."""

    def __init__(self, source: Source, clients: Clients) -> None:
        self._source = source
        self._rows = clients.rows
        self._made = [str(row["created_at"]) for row in clients.rows]
        by_bsn = {row["value"]: row["client_id"] for row in reversed(clients.numbers)}
        by_id = {row["client_id"]: row for row in clients.rows}
        self.known = [by_id[by_bsn[bsn]] for bsn in KNOWN_HERE]

    def some(self, interaction: Row) -> Row | None:
        """A client who was there already; now and then nobody knows who it was."""
        there = bisect_right(self._made, str(interaction["took_place_at"]))
        kind = self._source.deal("who", {"somebody": 17, "known": 1, "nobody": 2})
        if kind == "nobody" or not there:
            return None
        if kind == "known":
            return self._source.pick(self.known)
        return self._rows[self._source.random.randrange(there)]

    def taking_part(self, interaction: Row, client: Row | None) -> list[Row]:
        """The participants: the client, somebody on his behalf, both, or neither."""
        source = self._source
        proxy = self._proxy(interaction) if source.chance(20) else None
        rows: list[Row] = []
        if client is not None:
            rows.append(self._as_client(interaction, client, proxy is None))
        if proxy is not None:
            rows.append(proxy)
        return rows

    def _as_client(self, interaction: Row, client: Row, asked: bool) -> Row:
        return _participant(interaction) | {
            "client_id": client["client_id"],
            "role": "client",
            "took_initiative": int(asked and self._source.chance(70)),
            "initials": client["initials"],
            "first_name": client["first_name"],
            "surname_prefix": client["surname_prefix"],
            "surname": client["surname"],
            "organisation_name": client["organisation_name"],
            "phone": self._source.mobile() if self._source.chance(15) else "",
        }

    def _proxy(self, interaction: Row) -> Row:
        source = self._source
        first, name = source.pick(common.VOORNAMEN), source.pick(common.ACHTERNAMEN)
        address = f"{mail_part(f'{first} {name.naam}')}@{source.pick(common.MAIL_DOMEINEN)}"
        return _participant(interaction) | {
            "role": "proxy",
            "took_initiative": 1,
            "initials": f"{first[0]}.",
            "first_name": first,
            "surname_prefix": name.voor,
            "surname": name.naam,
            "organisation_name": source.pick(names.PROXIES) if source.chance(60) else "",
            "email": address if source.chance(70) else "",
        }


def _participant(interaction: Row) -> Row:
    return {
        "interaction_id": interaction["interaction_id"],
        "client_id": None,
        "email": "",
        "phone": "",
        "created_at": interaction["created_at"],
    }


def _taken_by(source: Source, rows: Sequence[Row], staff: Sequence[Row]) -> list[Row]:
    """All rows of interaction_staff: one or two people, or a team, for most interactions."""
    links: list[Row] = []
    for row in rows:
        wanted = int(source.deal("staff", {"1": 8, "2": 2, "0": 1}))
        for person in source.random.sample(list(staff), wanted):
            links.append(
                {
                    "interaction_id": row["interaction_id"],
                    "staff_id": person["staff_id"],
                    "created_at": row["created_at"],
                }
            )
    return number_rows(links, "link_id")


def _cases(
    source: Source,
    rows: Sequence[Row],
    participants: Sequence[Row],
    kcc: Tables,
    people: _People,
) -> list[Row]:
    """All rows of interaction_case: zaken of this domain, and zaken that the KCC links as well."""
    own = [source.guid() for _ in range(max(10, len(rows) // 10))]
    shared = [row["ZAAK_GUID"] for row in kcc["CONTACT_ZAAK"] if row["ZAAK_GUID"]]
    linked: dict[tuple[str, str], Row] = {}

    def link(row: Row, case: str) -> None:
        linked[row["interaction_id"], case] = {
            "interaction_id": row["interaction_id"],
            "case_uuid": case,
            "created_at": utc(min(NOW, local(row["created_at"]) + timedelta(minutes=1))),
        }

    for row in rows:
        kind = source.deal("case", {"none": 9, "own": 6, "shared": 2})
        if kind != "none":
            link(row, source.random.choice(own if kind == "own" else shared))
    # The newest zaak of Merel in the KCC is that of her newest interactions here.
    merel = people.known[0]["client_id"]
    hers = {row["interaction_id"] for row in participants if row["client_id"] == merel}
    for row in rows[-len(_NEWEST) :]:
        if row["interaction_id"] in hers:
            link(row, shared[-1])
    return number_rows(list(linked.values()), "link_id")
