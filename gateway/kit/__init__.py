"""The adapter kit: it tries to refute what an adapter declares, in a supplier's own tests.

>>> from gateway.kit import AdapterKit
>>> class TestMyCrm(AdapterKit):
...     adapter = MyCrm
...     mapping = Path(__file__).parent.parent / "mapping"
"""

from gateway.kit.findings import NotDeclared, Refuted
from gateway.kit.recorded import record
from gateway.kit.suite import BEHAVIOURS, AdapterKit

__all__ = ["BEHAVIOURS", "AdapterKit", "NotDeclared", "Refuted", "record"]
