"""The values in a body, each with the names that lead to it, and the body with others in place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from adapters.base import SourceError
from adapters.recording.exchange import Body, RecordingError, is_json, is_xml

Path = tuple[str, ...]
"""Names of members or elements, from the outside in."""

Change = Callable[[Path, Any], Any]
"""What stands at a path instead of a plain value."""

FORM: Final = "application/x-www-form-urlencoded"


def body(raw: bytes, media: str) -> Body:
    """What was sent or answered. What is not what it is called is plain text."""
    if not raw:
        return Body()
    try:
        if is_json(media):
            # Also walked through, for what is nested too deeply.
            return Body(media, data=_data((), json.loads(raw), lambda _, value: value))
        if is_xml(media):
            return Body(media, text=_xml(raw, lambda _, value: value))
    except (ValueError, RecursionError, RecordingError):
        media = "text/plain"
    return Body(media or "application/octet-stream", text=raw.decode("utf-8", "replace"))


def raw(given: Body) -> bytes:
    """The bytes of a body."""
    if is_json(given.type):
        return json.dumps(given.data, ensure_ascii=False).encode()
    return (given.text or "").encode()


def names(given: Body) -> Iterator[str]:
    """The names in XML, of elements, attributes and namespaces. Nothing can stand instead of them.

    Raises ``RecordingError`` for XML that is none.
    """
    if given.text is None or not is_xml(given.type):
        return
    for element in _tree(given.text.encode()).iter("*"):
        yield from map(str, (element.tag, *element.attrib, *element.nsmap.values()))


def changed(given: Body, change: Change) -> Body:
    """A body with all its values changed. What is neither JSON, XML nor a form is one text.

    Raises ``RecordingError`` for XML that is none.
    """
    if is_json(given.type):
        return Body(given.type, data=_data((), given.data, change))
    if given.text is None:
        return given
    if is_xml(given.type):
        return Body(given.type, text=_xml(given.text.encode(), change))
    if given.type == FORM:
        pairs = parse_qsl(given.text, keep_blank_values=True)
        return Body(FORM, text=urlencode([(change(KEYS, k), change((k,), v)) for k, v in pairs]))
    return Body(given.type, text=change((), given.text))


def _data(path: Path, value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        # Whoever is a name of a member is a value all the same.
        return {str(change(KEYS, k)): _data((*path, k), v, change) for k, v in value.items()}
    if isinstance(value, list):
        return [_data(path, one, change) for one in value]
    return change(path, value)


KEYS: Final = ("@names",)
"""Where names of members and parameters stand, so to speak."""


def _xml(text: bytes, change: Change) -> str:
    from lxml import etree  # a source that speaks XML has it; others do without

    root = _tree(text)

    def within(path: Path, element: etree._Element) -> None:
        here = (*path, etree.QName(element).localname)
        for name, value in element.attrib.items():
            element.set(name, str(change((*here, etree.QName(name).localname), value)))
        if element.text and element.text.strip():
            element.text = str(change(here, element.text.strip()))
        for child in element:
            within(here, child)
            if child.tail and child.tail.strip():
                child.tail = str(change(here, child.tail.strip()))

    within((), root)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def _tree(text: bytes) -> Any:
    from adapters.xml import parse  # needs lxml, as above

    try:
        return parse(text)
    except SourceError as error:
        raise RecordingError(error.note) from None
