"""A fake as a source: the ZGW adapter on a service in the same process."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from adapters.http import READ_SECONDS
from adapters.zgw import ZgwAdapter
from adapters.zgw_token import ZgwCredentials
from adapters.zgw_words import Options, Resource

from .register import RSIN
from .service import Service


class SampleOptions(BaseModel):
    """``credentials``: as of the adapter ``zgw``."""

    model_config = ConfigDict(extra="forbid")

    credentials: ZgwCredentials


class SampleRegister(ZgwAdapter):
    """A system of the sample municipality. A subclass says which."""

    options_model: ClassVar[type[BaseModel]] = SampleOptions
    zaken: ClassVar[str]
    service: Service

    @staticmethod
    def make() -> Service:
        """The service, with its rows."""
        raise NotImplementedError

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        service = cls.make()
        full = Options(
            apis={
                "klanten": service.public + service.dialect.klanten,
                "contactmomenten": service.public + service.dialect.contactmomenten,
            },
            urls={"zaken": cls.zaken},
            credentials=SampleOptions.model_validate(options).credentials,
            bronorganisatie=RSIN,
            read_seconds=READ_SECONDS,
        )
        described = TypeAdapter(dict[str, Resource]).validate_python(collections)
        made = cls(full, described, httpx.ASGITransport(service.app()))
        made.service = service
        return made
