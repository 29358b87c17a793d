"""The social-domain register as a plain REST service, on the service in `demo.rest`."""

from starlette.applications import Starlette

from demo.kcc.values import Tables
from demo.rest import app

from .schema import SCHEMA

# The only columns that can be asked for, by equality.
FILTERS: dict[str, tuple[str, ...]] = {
    "client": ("client_id", "kind"),
    "client_number": ("number_id", "client_id", "scheme", "value"),
    "client_reach": ("reach_id", "client_id"),
    "interaction": ("interaction_id", "number", "reference", "previous_id"),
    "participant": ("participant_id", "interaction_id", "client_id"),
    "interaction_staff": ("link_id", "interaction_id", "staff_id"),
    "interaction_case": ("link_id", "interaction_id", "case_uuid"),
    "staff": ("staff_id", "email"),
    "task": ("task_id", "reference", "interaction_id", "team_id", "staff_id", "state"),
}


def create_app(tables: Tables, *, page_size: int = 100) -> Starlette:
    """The service on these rows."""
    return app.create_app(tables, schema=SCHEMA, filters=FILTERS, page_size=page_size)
