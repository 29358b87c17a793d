"""How options of an adapter and descriptions of its collections are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

NOT_CALLED: Final[JsonDict] = {"called": False}
"""What is said of an option (``json_schema_extra``) whose urls stand in records: they say what is
meant, and nobody is called there."""


class Closed(BaseModel):
    """What is written in a configuration: a word that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def called(model: type[BaseModel], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the options of an adapter those in which a url is an address to call."""
    fields = model.model_fields.items()
    names = {field.alias or name for name, field in fields if field.json_schema_extra == NOT_CALLED}
    return {name: value for name, value in options.items() if name not in names}
