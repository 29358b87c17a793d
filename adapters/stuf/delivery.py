"""Bringing a change to a back end, and seeing that it is there.

What a back end answers is mostly a receipt and no more, so a change that was sent is looked for
until it shows. An answer that was lost is looked for too, and what does not show is sent again as
it was, with the same number and moment: a back end that has it already says so (StUF016). What
does not show in time is unknown, and is said to be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from adapters.base import Failure, SourceError
from adapters.conditions import Record
from adapters.http import Exchanged, NotSent
from adapters.stuf.faults import NOT_IN_TIME, NOT_KEPT, NOT_UNIQUE, StufFault
from adapters.stuf.receipts import receipt

_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 1.0
_DECIDED: Final = (Failure.REFUSED, Failure.THROTTLED)
"""What an answer without a message of StUF says for certain: that nothing was done."""

Look = Callable[[], Awaitable[Record | None]]
"""Reads what a change is about; ``None``: it does not show yet."""


@dataclass(slots=True)
class Delivery:
    """A message on its way. ``sent``: it may have come; ``received``: it has."""

    post: Callable[[], Awaitable[Exchanged]]
    sent: bool = False
    received: bool = False

    async def settled(self, look: Look, seconds: float) -> Record:
        """The record that shows that it was done, within so many seconds.

        Raises ``SourceError``: ``UNKNOWN`` when it may have been, else nothing was.
        """
        pause = _PAUSE
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if not self.received:
                        await self._attempt()
                    found = await _seen(look) if self.sent else None
                    if found is not None:
                        return found
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
        except (TimeoutError, asyncio.CancelledError):
            raise self._too_late() from None

    def _too_late(self) -> SourceError:
        if not self.sent:
            return SourceError(Failure.TIMEOUT, "nothing was sent")
        how = "received" if self.received else "sent"
        return SourceError(Failure.UNKNOWN, f"{how}, and not seen in time")

    async def _attempt(self) -> None:
        """Send it, perhaps once more. Raises ``SourceError`` when it is not accepted."""
        again, self.sent = self.sent, True
        try:
            came = await self.post()
            _read(came)
            self.received = True
        except NotSent as error:
            self.sent = again
            if not again:
                raise SourceError(error.failure, error.note) from None
        except StufFault as fault:
            if fault.code == NOT_UNIQUE and again:
                self.received = True
            elif fault.code == NOT_KEPT:
                self.sent = again
            elif fault.code != NOT_IN_TIME:
                raise _refused(fault, again) from None
        except SourceError as error:
            if error.failure in _DECIDED:
                raise _refused(error, again) from None


def _read(came: Exchanged) -> None:
    """Raises ``SourceError`` for what is no receipt."""
    try:
        receipt(came.body)
    except SourceError as error:
        if error.failure is Failure.BAD_DATA and came.failure is not None:
            # Where what came is no message, the status tells more.
            raise came.failure from None
        raise


def _refused(error: SourceError, again: bool) -> SourceError:
    """What a refusal says: that of a second try says nothing of the first."""
    return SourceError(Failure.UNKNOWN, error.note) if again else error


async def _seen(look: Look) -> Record | None:
    """What shows; nothing while the back end cannot be asked. Raises ``SourceError`` when it will
    not be shown."""
    try:
        return await look()
    except SourceError as error:
        if error.failure in (Failure.TIMEOUT, Failure.UNAVAILABLE, Failure.THROTTLED):
            return None
        raise SourceError(Failure.UNKNOWN, f"sent, and not shown: {error.note}") from None
