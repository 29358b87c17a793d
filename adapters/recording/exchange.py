"""A recording as a file: questions and answers in the order in which they were asked, in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import yaml
from pydantic import TypeAdapter, ValidationError

Param = tuple[str, str]


class RecordingError(Exception):
    """A recording that cannot be written or read; says where, and never a value."""


@dataclass(frozen=True)
class Body:
    """What was sent or answered: ``data`` of JSON, ``text`` of anything else. ``type``: the media
    type."""

    type: str = ""
    data: Any = None
    text: str | None = None


@dataclass(frozen=True)
class Exchange:
    """One question and what came back. ``url`` is without parameters; ``headers`` are those of the
    answer by which a client goes on."""

    method: str
    url: str
    status: int
    params: Sequence[Param] = ()
    sent: Body = field(default_factory=Body)
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: Body = field(default_factory=Body)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """In C where there is one, for each test reads the whole of it."""


class _Dumper(yaml.SafeDumper):
    """Writes lines as lines."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, "|" if "\n" in text else None)


_Dumper.add_representer(str, _text)

_EXCHANGES: Final = TypeAdapter(list[Exchange])


def written(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write a recording."""
    plain = ({k: v for k, v in _plain(asdict(e)).items() if v} for e in exchanges)
    text = yaml.dump_all(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8")


def read(path: Path) -> list[Exchange]:
    """The exchanges of a recording. Raises ``RecordingError`` for a file that is none."""
    try:
        documents = list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=_Loader))
        return _EXCHANGES.validate_python(documents)
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path} is no recording ({type(error).__name__})") from None


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not there, and lists for tuples."""
    made = dict(given)
    made["params"] = [list(param) for param in given["params"]]
    for name in ("sent", "answer"):
        body = given[name]
        made[name] = {
            k: v
            for k, v in body.items()
            if (v is not None and v != "")
            or (k == "data" and body["text"] is None and body["type"])
        }
    return made


def is_json(media: str) -> bool:
    """Whether a media type is JSON, or a format on top of it (RFC 6839)."""
    return media.endswith("/json") or media.endswith("+json")


def is_xml(media: str) -> bool:
    """Whether a media type is XML, SOAP for instance."""
    return media.endswith("/xml") or media.endswith("+xml")


def media_type(headers: httpx.Headers) -> str:
    """The media type that headers name."""
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()
