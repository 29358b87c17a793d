"""A proposal as mapping files, with what is sure and what is a guess beside every rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import yaml

from gateway.learn.making import Line, Stream
from gateway.learn.proposal import Proposal
from gateway.narrow import WIDTH


def files(proposal: Proposal, sample: str) -> dict[str, str]:
    """The text of each file, by its name. ``sample``: what it was learned from."""
    resources = list(proposal.streams)
    return {
        f"{resource}.yaml": "\n".join(
            _file(resource, streams, proposal, sample, first=resource == resources[0])
        )
        + "\n"
        for resource, streams in proposal.streams.items()
    }


def _file(
    resource: str, streams: Sequence[Stream], proposal: Proposal, sample: str, first: bool
) -> Iterator[str]:
    yield from _comment(
        f"Voorgesteld door `gateway learn` uit {sample}. Zeker is wat naam en waarden allebei"
        " zeggen; kijk bij wat een gok is of het klopt, en of er meer codes zijn.",
        0,
    )
    if first and proposal.left:
        yield from _comment(f"Niet gebruikt: {', '.join(proposal.left)}.", 0)
    yield f"resource: {resource}"
    yield ""
    yield "streams:"
    for number, stream in enumerate(streams):
        if number:
            yield ""
        yield f"  {stream.name}:"
        yield from _words(stream.words, proposal.key_sure)
        yield "    rules:"
        for line in stream.lines:
            yield from _line(line)


def _words(words: Mapping[str, Any], key_sure: bool) -> Iterator[str]:
    for name, value in words.items():
        if name == "key" and not key_sure:
            yield from _comment("Gok: is dit veld in elk record anders, en verandert het nooit?", 4)
        if name == "created" and "const" in value:
            yield from _comment(
                "Gok: geen veld gevonden dat zegt wanneer een record gemaakt is.", 4
            )
        yield from _block(name, value, 4)


def _line(line: Line) -> Iterator[str]:
    if line.why:
        yield from _comment(f"{'Zeker' if line.sure else 'Gok'}: {line.why}.", 6)
    short = f"      - {_flow(line.rule)}"
    if len(short) <= WIDTH:
        yield short
        return
    first, *others = (row for name, value in line.rule.items() for row in _block(name, value, 8))
    yield f"      - {first.lstrip()}"
    yield from others


def _block(name: str, value: Any, at: int) -> Iterator[str]:
    """A name and its value on one line, or where that is too long the names within it below."""
    line = f"{' ' * at}{_flow(name)}: {_flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping):
        yield line
        return
    yield f"{' ' * at}{_flow(name)}:"
    for inner, one in value.items():
        yield from _block(inner, one, at + 2)


def _flow(value: Any) -> str:
    """A value on one line, however long."""
    text = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return str(text).removesuffix("...\n").rstrip("\n")


def _comment(text: str, at: int) -> Iterator[str]:
    for line in wrap(text, WIDTH - at - 2, break_long_words=False, break_on_hyphens=False):
        yield f"{' ' * at}# {line}"
