"""The command ``gateway learn``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gateway.exits import Exit
from gateway.learn import SampleError, propose, read
from gateway.learn.text import files
from gateway.narrow import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said to the command."""
    parser.add_argument("sample", type=Path, help="records of a system: JSON, YAML, XML or CSV")
    parser.add_argument("--collection", help="their collection (default: the name of the file)")
    parser.add_argument("--to", type=Path, help="the folder of the mapping (default: print it)")


def run(given: argparse.Namespace) -> Exit:
    """Propose rules: ``FAILED`` where nothing could be learned or written."""
    try:
        records = read(given.sample)
        proposal = propose(records, given.collection or given.sample.stem)
    except SampleError as error:
        say(str(error), to=sys.stderr)
        return Exit.FAILED
    made = files(proposal, given.sample.name)
    if given.to is None:
        print("\n".join(f"# bestand: {name}\n{text}" for name, text in made.items()), end="")
        return Exit.WELL
    there = [name for name in made if (given.to / name).exists()]
    if there:
        say(f"Er is al {', '.join(there)} in {given.to}: niets is geschreven.", to=sys.stderr)
        return Exit.FAILED
    try:
        given.to.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (given.to / name).write_text(text, encoding="utf-8")
    except OSError as error:
        say(f"{given.to} is niet te schrijven: {error.strerror}.", to=sys.stderr)
        return Exit.FAILED
    streams = [stream for of in proposal.streams.values() for stream in of]
    told = [line for stream in streams for line in stream.lines if line.why]
    sure = sum(line.sure for line in told)
    say(f"{given.to}: {', '.join(made)}.")
    say(f"{sure} regels zijn zeker, {len(told) - sure} een gok.")
    if proposal.left:
        say(f"Niet gebruikt: {', '.join(proposal.left)}.")
    return Exit.WELL
