"""The exit codes of the command ``gateway``, the same for all that it can be told."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """``FAILED`` is also what Python ends with after a defect, and ``USAGE`` what argparse does
    with a wrong call: so what was found has codes of its own, and a script can tell them apart."""

    WELL = 0
    FAILED = 1
    USAGE = 2
    WARNINGS = 3
    ERRORS = 4
    INTERRUPTED = 130
    """128 and the number of the signal, as a shell says it: SIGINT."""
    NOT_READ = 141
    """Whoever read the output stopped: SIGPIPE."""
