"""Sample records in a file of JSON, YAML, XML or CSV, whatever they are wrapped in."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.base import SourceError
from adapters.conditions import Record
from gateway import documents

MAX_BYTES: Final = 10 * 1024 * 1024
_WRAPPED: Final = ("results", "items", "records", "rows", "data", "value", "content", "entries")
"""Under these names APIs put a list."""


class SampleError(Exception):
    """A file that cannot be learned from; its text says why, in Dutch, without values."""


def read(path: Path) -> list[Record]:
    """The records in a file. Raises ``SampleError``, and ``DocumentError`` for what is no YAML."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SampleError(f"{path} is te groot: een paar records zijn genoeg.")
        content = path.read_bytes()
    except OSError as error:
        raise SampleError(f"{path}: {error.strerror}") from None
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        data = _xml(content)
    elif path.suffix == ".json":
        data = _json(content)
    elif path.suffix == ".csv":
        data = _csv(content)
    elif path.suffix == ".eml":
        raise SampleError(
            "Een bericht leest de gateway zelf: begin met `gateway new adapter --kind mail`."
        )
    else:
        data = documents.load(path).data
    found = [record for record in _records(data) if record]
    if not found:
        raise SampleError(f"{path}: er staat geen record in.")
    return found


def fields(records: Sequence[Record]) -> dict[str, list[Any]]:
    """The plain values of each field in records, by its dotted path; null and empty text are left
    out, and so are lists."""
    found: dict[str, list[Any]] = {}
    for record in records:
        for path, value in _plain(record, ""):
            values = found.setdefault(path, [])
            if value is not None and str(value).strip():
                values.append(value)
    return found


def _plain(record: Record, within: str) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        path = f"{within}{name}"
        if within and "." in name:
            continue  # it cannot be named in a mapping
        if isinstance(value, Mapping):
            yield from _plain(value, f"{path}.")
        elif not isinstance(value, list):
            yield path, value


def _records(data: Any) -> list[Record]:
    """The list of records that data holds, or the one record that it is."""
    if isinstance(data, list):
        return [one for one in data if isinstance(one, dict)]
    if not isinstance(data, dict):
        return []
    for name in _WRAPPED:
        if isinstance(data.get(name), list):
            return _records(data[name])
    within = [one for one in data.values() if isinstance(one, dict | list)]
    if len(data) - len(within) < 2:
        # Hardly anything of its own: an envelope. What it is about has most in it.
        inside = [found for one in within if (found := _records(one))]
        if inside:
            return max(inside, key=lambda found: sum(map(len, found)))
    return [data]


def _csv(content: bytes) -> Any:
    """The lines below the names of the columns, with whatever stands between these."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
        between = max(";,\t|", key=lines[0].count)
        return list(csv.DictReader(lines, delimiter=between, strict=True))
    except (UnicodeDecodeError, IndexError, csv.Error):
        raise SampleError("Dit bestand is geen geldige CSV in UTF-8.") from None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise SampleError("Dit bestand is geen geldige JSON.") from None


def _xml(content: bytes) -> Any:
    try:
        from lxml import etree

        from adapters.xml import parse
    except ImportError:
        raise SampleError("Voor XML is lxml nodig: klantinteracties-gateway[stuf].") from None
    try:
        root = parse(content)
    except SourceError:
        raise SampleError("Dit bestand is geen geldige XML, of XML met een DTD.") from None

    def value(element: Any) -> Any:
        """Elements of one name are a list, and one without others in it is its text."""
        below: dict[str, Any] = {}
        for one in element.iterchildren("*"):
            name, found = etree.QName(one).localname, value(one)
            if name not in below:
                below[name] = found
            elif isinstance(below[name], list):
                below[name].append(found)
            else:
                below[name] = [below[name], found]
        return below or (element.text or "").strip()

    return value(root)
