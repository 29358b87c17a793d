"""The tables of the social-domain register, as data: another vendor, another shape than the KCC.

Names are English and in small letters, flags are 0 and 1, moments are in UTC with a `Z`. Numbers
of a client and ways to reach a client each have a table of their own, and so have the people in
an interaction.
"""

from demo.tables import Table

_TO_CLIENT = ("client", "client_id")
_TO_INTERACTION = ("interaction", "interaction_id")
_TO_STAFF = ("staff", "staff_id")

SCHEMA: dict[str, Table] = {
    "client": Table(
        columns={
            "client_id": "TEXT",
            "kind": "TEXT",
            "initials": "TEXT",
            "first_name": "TEXT",
            "surname_prefix": "TEXT",
            "surname": "TEXT",
            "organisation_name": "TEXT",
            "works_for": "TEXT",
            "street": "TEXT",
            "house_number": "INTEGER",
            "house_addition": "TEXT",
            "postal_code": "TEXT",
            "city": "TEXT",
            "country": "TEXT",
            "language": "TEXT",
            "is_secret": "INTEGER",
            "is_active": "INTEGER",
            "remark": "TEXT",
            "created_at": "TEXT",
        },
        key=("client_id",),
        references={"works_for": _TO_CLIENT},
        indexes=("created_at, client_id",),
    ),
    "client_number": Table(
        columns={
            "number_id": "INTEGER",
            "client_id": "TEXT",
            "scheme": "TEXT",
            "value": "TEXT",
            "part_of": "INTEGER",
            "created_at": "TEXT",
        },
        key=("number_id",),
        references={"client_id": _TO_CLIENT, "part_of": ("client_number", "number_id")},
        indexes=("value", "created_at, number_id"),
    ),
    "client_reach": Table(
        columns={
            "reach_id": "INTEGER",
            "client_id": "TEXT",
            "kind": "TEXT",
            "value": "TEXT",
            "label": "TEXT",
            "reference": "TEXT",
            "is_default": "INTEGER",
            "verified_on": "TEXT",
            "created_at": "TEXT",
        },
        key=("reach_id",),
        references={"client_id": _TO_CLIENT},
        indexes=("value", "created_at, reach_id"),
    ),
    "interaction": Table(
        columns={
            "interaction_id": "TEXT",
            "number": "INTEGER",
            "reference": "TEXT",
            "state": "TEXT",
            "channel": "TEXT",
            "domain": "TEXT",
            "subject": "TEXT",
            "question": "TEXT",
            "answer": "TEXT",
            "reached": "INTEGER",
            "follow_up": "INTEGER",
            "language": "TEXT",
            "is_secret": "INTEGER",
            "previous_id": "TEXT",
            "took_place_at": "TEXT",
            "created_at": "TEXT",
        },
        key=("interaction_id",),
        references={"previous_id": _TO_INTERACTION},
        indexes=("number", "reference", "took_place_at, created_at, interaction_id"),
    ),
    "participant": Table(
        columns={
            "participant_id": "INTEGER",
            "interaction_id": "TEXT",
            "client_id": "TEXT",
            "role": "TEXT",
            "took_initiative": "INTEGER",
            "initials": "TEXT",
            "first_name": "TEXT",
            "surname_prefix": "TEXT",
            "surname": "TEXT",
            "organisation_name": "TEXT",
            "email": "TEXT",
            "phone": "TEXT",
            "created_at": "TEXT",
        },
        key=("participant_id",),
        references={"interaction_id": _TO_INTERACTION, "client_id": _TO_CLIENT},
        indexes=("created_at, participant_id",),
    ),
    "interaction_staff": Table(
        columns={
            "link_id": "INTEGER",
            "interaction_id": "TEXT",
            "staff_id": "TEXT",
            "created_at": "TEXT",
        },
        key=("link_id",),
        references={"interaction_id": _TO_INTERACTION, "staff_id": _TO_STAFF},
        indexes=("created_at, link_id",),
    ),
    "interaction_case": Table(
        columns={
            "link_id": "INTEGER",
            "interaction_id": "TEXT",
            "case_uuid": "TEXT",
            "created_at": "TEXT",
        },
        key=("link_id",),
        references={"interaction_id": _TO_INTERACTION},
        indexes=("case_uuid", "created_at, link_id"),
    ),
    "staff": Table(
        columns={
            "staff_id": "TEXT",
            "kind": "TEXT",
            "full_name": "TEXT",
            "job_title": "TEXT",
            "email": "TEXT",
            "phone": "TEXT",
            "is_active": "INTEGER",
            "created_at": "TEXT",
        },
        key=("staff_id",),
        indexes=("email",),
    ),
    "task": Table(
        columns={
            "task_id": "TEXT",
            "reference": "TEXT",
            "interaction_id": "TEXT",
            "action": "TEXT",
            "explanation": "TEXT",
            "state": "TEXT",
            "team_id": "TEXT",
            "staff_id": "TEXT",
            "assigned_at": "TEXT",
            "completed_at": "TEXT",
            "created_at": "TEXT",
        },
        key=("task_id",),
        references={
            "interaction_id": _TO_INTERACTION,
            "team_id": _TO_STAFF,
            "staff_id": _TO_STAFF,
        },
        indexes=("reference", "created_at, task_id"),
    ),
}
