"""Under which names a source knows what is itself no resource of the standard: a zaak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.base import Collection, Match, Operator
from gateway import documents
from gateway.documents import DocumentError, suggestion
from gateway.mapping.checks import Checks
from gateway.mapping.layers import NAMES
from gateway.mapping.words import NamesFile, ZaakWord


def load(
    folder: Path, collections: Mapping[str, Collection], overrides: Sequence[Path] = ()
) -> ZaakWord | None:
    """Where a source knows zaken by their names: what ``names.yaml`` says, of the gemeente's own
    rules if it is there, else of the mapping; ``None`` when neither says anything.

    Raises ``DocumentError`` when the source cannot be asked for it.
    """
    layers = [layer / f"{NAMES}.yaml" for layer in (*reversed(overrides), folder)]
    path = next((path for path in layers if path.is_file()), None)
    if path is None:
        return None
    document = documents.load(path)
    word = document.parse(NamesFile).zaak
    checks = Checks(document)
    known = collections.get(word.collection)
    if known is None:
        message = f"de bron heeft geen collectie `{word.collection}`."
        checks.find(("zaak", "collection"), message + suggestion(word.collection, collections))
    else:
        for name, field in word.fields.items():
            at = ("zaak", name)
            if field not in known.fields:
                message = f"de collectie heeft geen veld `{field}`."
                checks.find(at, message + suggestion(field, known.fields))
            elif known.filters.get(field, {}).get(Operator.IN) is not Match.EXACT:
                checks.find(at, f"op `{field}` laat de bron zich niet precies vragen.")
    if checks.findings:
        raise DocumentError(checks.findings)
    return word
