"""The sample back ends as sources: the StUF adapter on a service in the same process."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from adapters.stuf.adapter import StufAdapter
from adapters.stuf.questions import Party
from adapters.stuf.words import Options, Resource, SetBy, Urls

from .app import service
from .service import StufService

PUBLIC = "http://stuf.zilverdam.example"


class SampleOptions(BaseModel):
    """There are none."""

    model_config = ConfigDict(extra="forbid")


class _Sample(StufAdapter):
    options_model: ClassVar[type[BaseModel]] = SampleOptions
    sector: ClassVar[str]
    ports: ClassVar[Mapping[str, str]] = {"beantwoord_vraag": "BeantwoordVraag"}
    settings: ClassVar[Mapping[str, Any]] = {}
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
                urls=Urls(**{name: _url(cls.sector, port) for name, port in cls.ports.items()}),
                zender=Party(organisatie="1999", applicatie="KIA-GATEWAY"),
                ontvanger=Party(organisatie="1999", applicatie="MAKELAAR"),
                **cls.settings,
            ),
            TypeAdapter(dict[str, Resource]).validate_python(collections),
            httpx.ASGITransport(made_service.app()),
        )
        made.service = made_service
        return made


def _url(sector: str, port: str) -> str:
    return f"{PUBLIC}/{sector}/services/{port}"


class SampleBg(_Sample):
    """Persons and companies of the sample municipality."""

    sector: ClassVar[str] = "bg"


class SampleZkn(_Sample):
    """The zaken of the sample municipality."""

    sector: ClassVar[str] = "zkn"


class SampleTaken(SampleZkn):
    """The zaken by which the sample municipality calls back, which can be made and changed."""

    ports: ClassVar[Mapping[str, str]] = {
        "beantwoord_vraag": "BeantwoordVraag",
        "ontvang_asynchroon": "OntvangAsynchroon",
        "vrije_berichten": "VrijeBerichten",
    }
    settings: ClassVar[Mapping[str, Any]] = {
        "profile": "zds12",
        "lists": True,
        "statuses": {"Ontvangen": 1, "Afgehandeld": 2},
        "set_by": SetBy(organisatorische_eenheid="KCC"),
    }
