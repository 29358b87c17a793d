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


def full(options: Mapping[str, Any], apis: Mapping[str, str], urls: Mapping[str, str]) -> Options:
    """The options of the adapter, of which a sample leaves little to say."""
    return Options(
        apis=dict(apis),
        urls=dict(urls),
        credentials=SampleOptions.model_validate(options).credentials,
        bronorganisatie=RSIN,
        read_seconds=READ_SECONDS,
    )


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
        apis = {
            "klanten": service.public + service.dialect.klanten,
            "contactmomenten": service.public + service.dialect.contactmomenten,
        }
        made = cls(
            full(options, apis, {"zaken": cls.zaken}),
            TypeAdapter(dict[str, Resource]).validate_python(collections),
            httpx.ASGITransport(service.app()),
        )
        made.service = service
        return made
