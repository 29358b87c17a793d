"""The sample Objecten API as a source."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from adapters.objecten import ObjectenAdapter
from adapters.objecten_words import Options, Resource
from adapters.secrets import SecretReference

from .app import Objecten, service
from .data import CONTACTMOMENTEN, PUBLIC, ROOT, TYPE


class SampleOptions(BaseModel):
    """``token``: as of the adapter ``objecten``."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    token: SecretReference


class SampleObjecten(ObjectenAdapter):
    """The call-back tasks of the sample municipality, in the same process."""

    options_model: ClassVar[type[BaseModel]] = SampleOptions
    service: Objecten

    @staticmethod
    def make() -> Objecten:
        """The API, with its objects."""
        return service()

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        service = cls.make()
        full = Options(
            base_url=f"{PUBLIC}{ROOT}",
            token=SampleOptions.model_validate(options).token,
            types={"internetaken": TYPE},
            urls={"contactmomenten": [CONTACTMOMENTEN]},
        )
        described = TypeAdapter(dict[str, Resource]).validate_python(collections)
        made = cls(full, described, httpx.ASGITransport(service.app()))
        made.service = service
        return made
