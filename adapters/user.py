"""On whose behalf a source is asked, for sources that let some see more than others.

Whoever handles a request says who is behind it; an adapter that is configured to do so tells its
source. Outside of a request, or when nothing was said, there is nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_user: Final[ContextVar[str | None]] = ContextVar("user", default=None)


def user() -> str | None:
    """The name by which the sources know who asks, ``None`` for nobody in particular."""
    return _user.get()


@contextmanager
def acting_for(name: str | None) -> Iterator[None]:
    """What is called within, in tasks that are started there too, is asked for this user."""
    token = _user.set(name)
    try:
        yield
    finally:
        _user.reset(token)
