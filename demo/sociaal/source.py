"""The sample social-domain register as a source."""

from pathlib import Path
from typing import ClassVar

from demo.sociaal.sqlite import ensure
from demo.source import SampleSource


class SampleSociaal(SampleSource):
    """The sample municipality's contact register for Wmo, Jeugd and Schuldhulp."""

    default: ClassVar[Path] = Path("build/demo/sociaal.sqlite")
    ensure = staticmethod(ensure)
