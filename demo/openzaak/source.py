"""The sample Open Zaak as a source: the ZGW adapter on a service in the same process."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import httpx
from pydantic import BaseModel, TypeAdapter

from adapters.zgw import ZgwAdapter
from adapters.zgw_words import Resource
from demo.openklant1.data import PUBLIC as CONTACTS
from demo.v1.source import SampleOptions, full

from .service import OpenZaak, service
from .shown import CATALOGI_API, ZAKEN_API


class SampleOpenZaak(ZgwAdapter):
    """The Open Zaak of the sample municipality."""

    options_model: ClassVar[type[BaseModel]] = SampleOptions
    service: OpenZaak

    @staticmethod
    def make() -> OpenZaak:
        """The service, with its rows."""
        return service()

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        made_service = cls.make()
        apis = {
            "zaken": made_service.public + ZAKEN_API,
            "catalogi": made_service.public + CATALOGI_API,
        }
        urls = {"contactmomenten": f"{CONTACTS}/contactmomenten/api/v1/contactmomenten/"}
        made = cls(
            full(options, apis, urls),
            TypeAdapter(dict[str, Resource]).validate_python(collections),
            httpx.ASGITransport(made_service.app()),
        )
        made.service = made_service
        return made
