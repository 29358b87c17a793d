"""YAML documents whose errors can be pointed at: file, line, offending text, nearest right name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file. ``line`` counts from 1; 0 when no line applies."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else self.message


class DocumentError(Exception):
    """Everything that is wrong, found in one go."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


Address = tuple[str, ...]
"""A location as it is looked up: YAML's names can be numbers, and positions are."""

Place = tuple[str, int]
"""A file and a line in it."""


def address(location: Location) -> Address:
    """A location as it is looked up."""
    return tuple(map(str, location))


@dataclass(frozen=True, slots=True)
class Document:
    """Data from one YAML file, or from several laid over each other, with the place of each
    value."""

    path: Path
    data: Any
    places: Mapping[Address, Place] = field(default_factory=dict)

    def place(self, location: Location) -> Place:
        """The place of a location, or of its nearest parent that has one."""
        at = address(location)
        while at and at not in self.places:
            at = at[:-1]
        return self.places.get(at, (str(self.path), 1))

    def finding(self, location: Location, message: str) -> Finding:
        """A finding at a location of this document."""
        return Finding(*self.place(location), message)

    def below(self, location: Location) -> dict[Address, Place]:
        """The places of everything below a location, counted from there."""
        n, here = len(location), address(location)
        return {at[n:]: place for at, place in self.places.items() if at[:n] == here}

    def parse(self, model: type[Model], secret: Collection[str] = ()) -> Model:
        """The data as a model. Raises ``DocumentError`` with all errors at once; what stands
        below a name in ``secret`` is not repeated in them."""
        try:
            return model.model_validate(self.data if self.data is not None else {})
        except ValidationError as error:
            raise DocumentError(
                self.finding(_location(e["loc"]), describe(e, model, secret))
                for e in error.errors(include_url=False)
            ) from None


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only ``true`` and ``false`` are booleans, and dates are text.

    YAML 1.1 also reads ``on``, ``no`` and ``yes`` so; here they are words and country codes.
    """


_OTHERWISE = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in pairs if tag not in _OTHERWISE]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def load(path: Path) -> Document:
    """Read a YAML file. Raises ``DocumentError`` when it is missing or no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentError([Finding(str(path), 0, f"{path}: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise DocumentError([Finding(str(path), 1, "geen geldige YAML: geen UTF-8")]) from None
    places: dict[Address, Place] = {}
    repeated: list[Finding] = []
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        data = None
        if node is not None:
            _index(node, (), places, repeated, str(path))
            data = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "onleesbaar"
        line = mark.line + 1 if mark else 1
        raise DocumentError([Finding(str(path), line, f"geen geldige YAML: {reason}")]) from None
    except (TypeError, ValueError, RecursionError):
        # A list as a name, a part of itself: YAML that is no data.
        raise DocumentError([Finding(str(path), 1, "geen geldige YAML: onleesbaar")]) from None
    if repeated:
        raise DocumentError(repeated)
    return Document(path, data, places)


def suggestion(name: object, known: Iterable[str]) -> str:
    """`` Bedoelde u `x`?`` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return f" Bedoelde u `{near[0]}`?" if near and near[0] != name else ""


def describe(
    error: Mapping[str, Any],
    model: type[BaseModel] | None = None,
    secret: Collection[str] = (),
) -> str:
    """One pydantic error in Dutch, naming the offending text and the nearest right name."""
    loc = _location(error["loc"])
    if not set(secret).isdisjoint(loc):
        error = {name: value for name, value in error.items() if name != "input"}
    name = ".".join(map(str, loc)) or "het document"
    match error["type"]:
        case "missing":
            return f"`{name}` ontbreekt."
        case "extra_forbidden":
            return f"`{name}` is onbekend.{suggestion(loc[-1], _known(model, loc[:-1]))}"
        case "value_error" | "assertion_error":
            return f"`{name}`: {error['ctx']['error']}"
        case "literal_error" | "enum":
            options = str(error["ctx"]["expected"]).replace(" or ", " of ")
            return f"`{name}` is geen keuze uit {options}.{_there(error)}"
        case kind:
            wanted = _WANTED.get(kind, error["msg"]).format(**error.get("ctx", {}))
            return f"`{name}` {wanted}.{_there(error)}"


_WANTED = {
    "bool_parsing": "moet true of false zijn",
    "bool_type": "moet true of false zijn",
    "dict_type": "moet een blok met namen en waarden zijn",
    "model_type": "moet een blok met namen en waarden zijn",
    "model_attributes_type": "moet een blok met namen en waarden zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_type": "moet een geheel getal zijn",
    "float_parsing": "moet een getal zijn",
    "float_type": "moet een getal zijn",
    "string_type": "moet tekst zijn",
    "list_type": "moet een lijst zijn",
    "greater_than": "moet groter dan {gt} zijn",
    "greater_than_equal": "moet minstens {ge} zijn",
    "less_than_equal": "mag hoogstens {le} zijn",
    "too_short": "moet minstens {min_length} delen hebben",
    "string_too_short": "moet minstens {min_length} tekens hebben",
    "string_pattern_mismatch": "heeft niet de goede vorm",
}


def _there(error: Mapping[str, Any]) -> str:
    return f" Er staat {_short(error['input'])}." if "input" in error else ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _location(loc: Sequence[Any]) -> Location:
    """Pydantic's location without the tags that its unions add."""
    return tuple(p for p in loc if isinstance(p, int) or not _is_tag(str(p)))


def _is_tag(part: str) -> bool:
    return part in ("[key]", "bool", "str", "int") or "[" in part


def _known(model: type[BaseModel] | None, loc: Location) -> Iterable[str]:
    """The names that are allowed at a location, found by walking the model's annotations."""
    current: Any = model
    for part in loc:
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = {f.alias or n: f for n, f in current.model_fields.items()}
            current = fields[str(part)].annotation if str(part) in fields else None
        else:
            current = _inner(current)
        current = _unwrap(current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or n for n, f in current.model_fields.items()]
    return ()


def _inner(annotation: Any) -> Any:
    args = getattr(annotation, "__args__", ())
    return args[-1] if args else None


def _unwrap(annotation: Any) -> Any:
    """The model inside ``X | None``."""
    for arg in getattr(annotation, "__args__", ()):
        if isinstance(arg, type) and issubclass(arg, BaseModel):
            origin = getattr(annotation, "__origin__", None)
            return annotation if origin in (dict, list, tuple) else arg
    return annotation


def _index(
    node: yaml.Node,
    at: Address,
    places: dict[Address, Place],
    repeated: list[Finding],
    file: str,
) -> None:
    places.setdefault(at, (file, node.start_mark.line + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key.value, str):
                raise TypeError("a list or a block as a name")
            here = (*at, key.value)
            line = key.start_mark.line + 1
            if here in places:
                repeated.append(Finding(file, line, f"`{key.value}` staat er twee keer."))
            places[here] = (file, line)
            _index(value, here, places, repeated, file)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _index(value, (*at, str(i)), places, repeated, file)
