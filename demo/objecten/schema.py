"""The objecttype "interne taak" of KISS, as far as it refuses anything."""

from typing import Any, Final

from demo.v1.answers import invalid

Row = dict[str, Any]

_REQUIRED: Final = ("contactmoment", "actor", "betrokkene")
_TEXTS: Final = (
    "nummer",
    "status",
    "handeling",
    "toelichting",
    "contactmoment",
    "registratiedatum",
    "datumVerwerkt",
)
_CHOICES: Final = {
    "status": ("te verwerken", "verwerkt"),
    "actor.soortActor": ("medewerker", "organisatorische eenheid", "geautomatiseerde actor"),
    "actor.typeOrganisatorischeEenheid": ("afdeling", "groep"),
    "betrokkene.rol": ("klant", "vertegenwoordiger"),
}


def check(data: Any) -> None:
    """Raises `Refused` when data is not of the type. Null is no text."""
    if not isinstance(data, dict):
        raise _wrong("geen object")
    for name in _REQUIRED:
        if name not in data:
            raise _wrong(f"'{name}' is a required property")
    for name in _TEXTS:
        if name in data and not isinstance(data[name], str):
            raise _wrong(f"{name} is not of type 'string'")
    if len(data.get("nummer", "")) > 40:
        raise _wrong("nummer is too long")
    actor, betrokkene = data["actor"], data["betrokkene"]
    if not isinstance(actor, dict) or not isinstance(actor.get("identificatie"), str):
        raise _wrong("'identificatie' is a required property")
    adressen = betrokkene.get("digitaleAdressen") if isinstance(betrokkene, dict) else None
    if not isinstance(adressen, list) or any("adres" not in one for one in adressen):
        raise _wrong("'digitaleAdressen' is a required property")
    for path, choices in _CHOICES.items():
        *groups, last = path.split(".")
        here = data[groups[0]] if groups else data
        if last in here and here[last] not in choices:
            raise _wrong(f"{path} is not one of {list(choices)}")


def _wrong(reason: str) -> Exception:
    return invalid("nonFieldErrors", "invalid-json-schema", reason)
