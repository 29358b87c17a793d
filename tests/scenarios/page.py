"""The page docs/scenarios.md: the cases of VNG over the sample municipality. To renew it, and the
calls that are noted: ``python -m tests.scenarios.page``."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.helpers import ROOT
from tests.scenarios.municipality import municipality
from tests.scenarios.played import play
from tests.scenarios.table import Chapter, Scenario, Step, chapters, files

PAGE: Final = ROOT / "docs" / "scenarios.md"
_CALLS: Final = "calls:"

_HEAD: Final = """\
# Scenarios

The cases and functions that VNG wrote down for [its standard](https://vng-realisatie.github.io/klantinteracties/achtergronddocumentatie/cases), played over the sample municipality of `gateway demo`: the KCC, the social domain, the registration of persons and companies and the older zaken over StUF, an Open Zaak, and the archive of mail. The codes are those of VNG (C: a case, F: a function). The cases of VNG are about one register that everything is written to. Here each thing stays where it is, so some of their steps fall away: a mail need not be registered, because the archive is part of the register. Where VNG has no code for what is shown, there is none.

Every number is measured: the tests play each scenario with few rows in the sources, and fail when an answer or a call is another than stands here. Nothing on this page is written by hand; it is made of the files in `tests/scenarios/cases`.

*Calls* is what a request asked of each source, as the [line in the log](reference.md#log-of-a-request) counts it. A call is one question to an adapter, or one change; to a database that is a statement or two, over HTTP a message or, where the answer comes in pieces, a few. Calls are made side by side where one does not need the other; here they were made in turn, because the first that ends may save another, and which one that is would be chance. Each step is counted as if nothing was asked before, so it is the most that it costs; *soon* marks one that follows within `limits.burst_seconds` of the step before it, as a desk sends its requests, and is answered from what was just seen. Names in braces stand for what an earlier answer gave.
"""  # noqa: E501


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_contents(), *(line for one in chapters() for line in _chapter(one))])


def _contents() -> Iterator[str]:
    yield "| case | name | steps | calls |"
    yield "|---|---|---|---|"
    for chapter in chapters():
        for one in chapter.scenarios:
            total = sum((Counter(step.calls) for step in one.steps), Counter[str]())
            yield f"| {', '.join(one.codes)} | {one.name} | {len(one.steps)} | {_calls(total)} |"
    yield ""


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f"## {chapter.title}\n"
    for one in chapter.scenarios:
        yield from _scenario(one)


def _scenario(scenario: Scenario) -> Iterator[str]:
    codes = f" ({', '.join(scenario.codes)})" if scenario.codes else ""
    yield f"### {scenario.name}{codes}\n"
    yield f"{scenario.about.strip()}\n"
    for number, step in enumerate(scenario.steps, 1):
        function = f" ({step.function})" if step.function else ""
        soon = ", *soon*" if step.soon else ""
        yield f"{number}. **{step.who}** {step.does}{function}"
        yield f"   - {_request(step)}"
        yield f"   - {step.status}: {step.answer}"
        yield f"   - calls: {_calls(step.calls)}{soon}"
    yield ""


def _request(step: Step) -> str:
    if step.body is None:
        return f"`{step.request}`"
    return f"`{step.request}` with `{json.dumps(step.body, ensure_ascii=False)}`"


def _calls(calls: Mapping[str, int]) -> str:
    return ", ".join(f"{alias} {number}" for alias, number in sorted(calls.items())) or "none"


async def _measured() -> list[str]:
    """What each step costs now, as it is noted."""
    scenarios = [one for chapter in chapters() for one in chapter.scenarios]
    with TemporaryDirectory() as folder:
        async with municipality(Path(folder)) as it:
            return [
                json.dumps(played.calls, sort_keys=True).replace('"', "")
                for scenario in scenarios
                async for played in play(scenario, it)
            ]


def renew() -> None:
    """Note what each step costs now, and write the page."""
    measured = iter(asyncio.run(_measured()))
    for file in files():
        lines = file.read_text().splitlines()
        for at, line in enumerate(lines):
            indent, word, _ = line.partition(_CALLS)
            if word and not indent.strip():
                lines[at] = f"{indent}{_CALLS} {next(measured)}"
        file.write_text("\n".join(lines) + "\n")
    chapters.cache_clear()
    PAGE.write_text(page())


if __name__ == "__main__":
    renew()
