"""The sample KCC database as a source."""

from pathlib import Path
from typing import ClassVar

from demo.kcc.sqlite import ensure
from demo.source import SampleSource


class SampleKcc(SampleSource):
    """The sample municipality's KCC package."""

    default: ClassVar[Path] = Path("build/demo/kcc.sqlite")
    ensure = staticmethod(ensure)
