"""The sample e-Suite as a source."""

from typing import ClassVar

from demo.v1.service import Service
from demo.v1.source import SampleRegister

from .app import service
from .data import ZAKEN


class SampleESuite(SampleRegister):
    """The e-Suite of the sample municipality."""

    zaken: ClassVar[str] = ZAKEN

    @staticmethod
    def make() -> Service:
        return service()
