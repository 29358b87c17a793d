"""The sample back ends as sources: the StUF adapter on a service in the same process."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from adapters.stuf.adapter import StufAdapter
from adapters.stuf.questions import Party
from adapters.stuf.words import Options, Resource, Urls

from .app import service
from .service import StufService

PUBLIC = "http://stuf.zilverdam.example"


class SampleOptions(BaseModel):
    """There are none."""

    model_config = ConfigDict(extra="forbid")


class _Sample(StufAdapter):
    options_model: ClassVar[type[BaseModel]] = SampleOptions
    sector: ClassVar[str]
    service: StufService

    @staticmethod
    def make() -> StufService:
        """The service, with what it holds."""
        return service()

    @classmethod
    def create(cls, options: Mapping[str, Any], collections: Mapping[str, Any]) -> Self:
        SampleOptions.model_validate(options)
        made_service = cls.make()
        made = cls(
            Options(
                urls=Urls(beantwoord_vraag=f"{PUBLIC}/{cls.sector}/services/BeantwoordVraag"),
                zender=Party(organisatie="1999", applicatie="KIA-GATEWAY"),
                ontvanger=Party(organisatie="1999", applicatie="MAKELAAR"),
            ),
            TypeAdapter(dict[str, Resource]).validate_python(collections),
            httpx.ASGITransport(made_service.app()),
        )
        made.service = made_service
        return made


class SampleBg(_Sample):
    """Persons and companies of the sample municipality."""

    sector: ClassVar[str] = "bg"


class SampleZkn(_Sample):
    """The zaken of the sample municipality."""

    sector: ClassVar[str] = "zkn"
