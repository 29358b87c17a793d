"""What the tests of shipped adapters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest

from adapters.base import Adapter
from adapters.conditions import Record
from gateway.kit import AdapterKit
from tests.helpers import ROOT

MAPPINGS: Final = ROOT / "mappings"
ONE_EACH: Final = "a question takes one value; several are asked side by side, within bounds"


class Shipped(AdapterKit):
    """An adapter before its sample system."""

    most = 150

    def samples(self) -> Mapping[str, Sequence[Record]]:
        return {**super().samples(), **self.there()}

    def there(self) -> Mapping[str, Sequence[Record]]:
        """Records that the sample system has, where the samples of a mapping are others."""
        return {}


class InFolder(Shipped):
    """A source of which the files are made in a folder of the test."""

    folder: Path

    @pytest.fixture(autouse=True)
    def own_folder(self, tmp_path: Path) -> None:
        """Where files are made, gone after the test."""
        self.folder = tmp_path

    def make(self) -> Adapter:
        path = Path(mkdtemp(dir=self.folder))
        return self.adapter.create({**self.options, **self.prepare(path)}, self.described())

    def prepare(self, path: Path) -> Mapping[str, Any]:
        """Make the files; the options that say where they are."""
        raise NotImplementedError
