"""Codes that are written in more than one way and mean the same. Pure.

Desks and portals link a contact to a zaak under different codes: `zgw-Zaak` in `openzaak`, or
`zaak` in `open-zaak`. Who asks for the contacts of a zaak finds them under either. The links
themselves are listed by the code that they have, for it is shown there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.standard.model import Op
from gateway.standard.question import Hop, Test, Where
from gateway.standard.table import RESOURCES, far_side

ONDERWERPOBJECTEN = "onderwerpobjecten"
GROUP = "onderwerpobjectidentificator"


@dataclass(frozen=True)
class Vocabulary:
    """Per code of an onderwerpobjectidentificator the values that mean the same, in groups."""

    same: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)

    def spread(self, resource: str, where: Where) -> Where:
        """The same question, in which a code of something related stands for all that mean the
        same."""
        return replace(where, hops=tuple(self._hop(resource, hop) for hop in where.hops))

    def _hop(self, resource: str, hop: Hop) -> Hop:
        far = far_side(RESOURCES[resource], hop.relation).path
        inner = self.spread(far, hop.where)
        if far == ONDERWERPOBJECTEN:
            inner = replace(inner, tests=tuple(map(self._test, inner.tests)))
        return replace(hop, where=inner)

    def _test(self, test: Test) -> Test:
        group, _, code = test.attribute.partition(".")
        if group != GROUP or test.op is not Op.EQ:
            return test
        for values in self.same.get(code, ()):
            if test.value in values:
                return replace(test, op=Op.IN, value=tuple(values))
        return test
