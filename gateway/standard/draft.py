"""What a body asks for, said in terms of the standard: the object that there is to be."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What is done with an object, by the HTTP method that says so."""

    CREATE = "POST"
    REPLACE = "PUT"
    CHANGE = "PATCH"
