"""HTML of a message as plain text: words, in lines as they would be read."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML: Final = 64 * 1024
"""Of HTML no more is read, in characters, once styles and comments are out of it. Some documents
take the parser a time that grows with the square of their length."""

_UNREAD: Final = (("<style", "</style>"), ("<script", "</script>"), ("<!--", "-->"))
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 "
        "h6 header hr li main ol p pre section table tbody tr ul",
    )
)
_HIDDEN: Final = frozenset(["head", "style", "script", "title", "noscript", "template"])
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")


def text_of_html(html: str) -> str:
    """The text of a document. Links are what they are called; what is quoted begins with ``>``."""
    root = LexborHTMLParser(_without_unread(html)[:MAX_HTML]).root
    if root is None:
        return ""
    text = _Text()
    text.walk(root)
    return "".join(text.pieces).strip()


def _without_unread(html: str) -> str:
    for begin, end in _UNREAD:
        html = _without(html, begin, end)
    return html


def _without(html: str, begin: str, end: str) -> str:
    lower, kept, at = html.lower(), [], 0
    while (start := lower.find(begin, at)) >= 0:
        kept.append(html[at:start])
        stop = lower.find(end, start)
        if stop < 0:
            return "".join(kept)
        at = stop + len(end)
    return "".join([*kept, html[at:]])


class _Text:
    """Text that is written piece by piece. ``quoted``: how many quotations are open."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.quoted = 0
        self._at_start = True

    def walk(self, root: LexborNode) -> None:
        """All of a tree. Not by calling itself, for documents nest deeper than Python does."""
        node: LexborNode | None = root
        while node is not None:
            self._enter(node)
            below = node.child if node.tag not in _HIDDEN else None
            if below is not None:
                node = below
                continue
            self._leave(node)
            while node is not None and node.next is None:
                node = node.parent if node.mem_id != root.mem_id else None
                if node is not None:
                    self._leave(node)
            node = node.next if node is not None else None

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "-text":
            self._write(node.text_content or "")
        elif tag == "br":
            self._break()
        elif tag in _BLOCKS:
            self._line()
            self.quoted += tag == "blockquote"
            if tag == "li":
                self._write("- ")

    def _leave(self, node: LexborNode) -> None:
        if node.tag in ("td", "th"):
            self._write(" ")
        elif node.tag in _BLOCKS:
            self._line()
            self.quoted -= node.tag == "blockquote"
            if node.tag == "p":
                self._break()

    def _write(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        if self._at_start:
            text = text.lstrip(" ")
            if text and self.quoted:
                text = f"> {text}"
        if text:
            self.pieces.append(text)
            self._at_start = False

    def _line(self) -> None:
        if not self._at_start:
            self._break()

    def _break(self) -> None:
        self.pieces.append("\n")
        self._at_start = True
