"""What somebody wrote in a mail, without what it is an answer to and what was put under it.

Lines are looked at one by one, and of a line no more than its beginning: there is no text for which
this takes longer than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

MAX_TEXT: Final = 64 * 1024
_LINE: Final = 300

# What mail programs put above the message that is answered or forwarded, in the languages that
# residents write in.
_ATTRIBUTION: Final = re.compile(
    r"(?:op|on|am|le|de|den|el|il)\b.{4,250}"
    r"\b(?:schreef|wrote|schrieb|skreau|écrit|escribió|ha scritto)\b.{0,120}:\s*",
    re.IGNORECASE,
)
_ATTRIBUTION_BEGINS: Final = re.compile(r"(?:op|on|am|le)\s.{4,}", re.IGNORECASE)
_DIVIDER: Final = re.compile(
    r"[-_\s]*(?:oorspronkelijk bericht|original message|originele e-mail|ursprüngliche nachricht|"
    r"message d'origine|doorgestuurd bericht|forwarded message|begin doorgestuurd bericht:?)"
    r"[-_\s]*",
    re.IGNORECASE,
)
_RULER: Final = re.compile(r"_{20,}\s*|-{20,}\s*")
_QUOTED_HEADER: Final = re.compile(r"\*?(?:van|from|von|de)\s?:\*?\s*\S.*", re.IGNORECASE)
_QUOTED_DATE: Final = re.compile(
    r"\*?(?:verzonden|datum|sent|date|gesendet|envoyé|aan|to|an|à)\s?:\*?\s*\S.*", re.IGNORECASE
)
_FOOTER: Final = re.compile(
    r"(?:verstuurd|verzonden|sent|gesendet|envoyé)\s+(?:vanaf|vanuit|met|from|via|von|depuis)\b"
    r".{1,80}|(?:download|get)\s+outlook\b.{0,80}|outlook voor (?:ios|android)\b.{0,40}",
    re.IGNORECASE,
)


def own_text(text: str, disclaimers: Sequence[str] = ()) -> str:
    """What the sender wrote; ``disclaimers``: how texts begin that are put under every mail.

    Where that would leave nothing, as with answers written under or between what is quoted, all of
    the text is given.
    """
    lines = (
        text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    )
    kept = _without_footer(list(_until_quoted(lines)), [d.casefold() for d in disclaimers])
    return _tidy(kept) or _tidy(lines)


def _until_quoted(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        here = line[:_LINE].strip()
        if _begins_quoted(here, lines[number + 1 : number + 4]):
            return
        yield line


def _begins_quoted(line: str, following: Sequence[str]) -> bool:
    """Whether from this line on all is of another message."""
    after = [text[:_LINE].strip() for text in following]
    if line.startswith(">"):
        return True
    if _ATTRIBUTION.fullmatch(line) or _DIVIDER.fullmatch(line):
        return True
    if (
        _ATTRIBUTION_BEGINS.fullmatch(line)
        and after
        and _ATTRIBUTION.fullmatch(f"{line} {after[0]}")
    ):
        return True
    if _RULER.fullmatch(line):
        return any(_QUOTED_HEADER.fullmatch(text) for text in after[:2])
    return bool(_QUOTED_HEADER.fullmatch(line)) and any(map(_QUOTED_DATE.fullmatch, after))


def _without_footer(lines: list[str], disclaimers: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines):
        here = line[:_LINE].strip()
        signed = line.rstrip("\n") in ("-- ", "--")  # RFC 3676, section 4.3
        if signed or any(here.casefold().startswith(text) for text in disclaimers):
            return lines[:number]
    while lines and (not lines[-1].strip() or _FOOTER.fullmatch(lines[-1][:_LINE].strip())):
        lines.pop()
    return lines


def _tidy(lines: Sequence[str]) -> str:
    """Without space at the ends, and without more than one empty line in a row."""
    runs = groupby((line.rstrip() for line in lines), bool)
    parts = ("\n".join(run) if filled else "" for filled, run in runs)
    return "\n".join(parts).strip()
