"""What is answered when a source cannot do what a step asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.federation.rows import Row
from gateway.mapping.honest import WHOLE
from gateway.mapping.refusal import NotKept, Otherwise
from gateway.mapping.stream import Stream
from gateway.sources.source import Objected
from gateway.standard.errors import (
    CONFLICT,
    DIFFERS,
    METHOD_NOT_ALLOWED,
    PARAM_CODES,
    VALIDATION,
    InvalidParam,
    Problem,
)


def not_kept(name: str, error: NotKept, where: str) -> Problem:
    """``where``: the source."""
    if not isinstance(error, Otherwise):
        params = [InvalidParam(name + p, "not-kept", why) for p, why in error.reasons.items()]
        return Problem(VALIDATION, params=params)
    params = [InvalidParam(name + p, "differs", why) for p, why in error.reasons.items()]
    detail = f"Bron {where} bewaart dit bij {error.root}, en wijzigt dat later niet meer."
    if error.told_by:
        told = ", ".join(error.told_by)
        detail += f" Geef het mee in het verzoek dat het object in {error.root} maakt: {told}."
    return Problem(DIFFERS, detail, params=params)


def objected(name: str, stream: Stream, problem: Objected) -> Problem:
    """What a source has against a change that a client asked for, in the words of the standard; the
    texts are ours, for in those of the source a value may stand. ``name``: of the object."""
    params = []
    for objection in problem.objections:
        paths = list(_paths(stream, objection.field))
        code = objection.code if objection.code in PARAM_CODES else "not-kept"
        named = name + paths[0] if paths else "nonFieldErrors"
        params.append(InvalidParam(named, code, PARAM_CODES[code]))
    return Problem(VALIDATION, params=params, source=problem.source, note=problem.note)


def lacking(name: str, able: Sequence[str]) -> Problem:
    """``able``: what would give a new object what it cannot do without, each by itself."""
    reason = f"de bron neemt dit alleen aan met {' of '.join(able)}"
    return Problem(VALIDATION, params=[InvalidParam(name + WHOLE, "not-kept", reason)])


def read_only(row: Row, name: str | None) -> Problem:
    detail = f"Bron {row.stream.source} toont deze {row.stream.resource.path} alleen."
    return Problem(METHOD_NOT_ALLOWED if name is not None else CONFLICT, detail)


def closed(row: Row) -> Problem:
    where, what = row.stream.source, row.stream.resource.path
    return Problem(CONFLICT, f"In bron {where} is dit afgesloten ({what}); er is niets gewijzigd.")


def in_the_way(row: Row) -> Problem:
    detail = f"Bij dit verzoek hoort een wijziging van {row.stream.resource.path} die "
    return Problem(CONFLICT, detail + f"bron {row.stream.source} niet kan doorvoeren.")


def _paths(stream: Stream, field: str) -> Iterator[str]:
    """The attributes and references that stand in a field."""
    for path, attribute in stream.attributes.items():
        if any(field in option.expression.fields for option in attribute.options):
            yield path
    yield from (edge.path for edge in stream.edges if edge.field == field)
