"""One connection to a mail server that can only read.

It knows the few commands that it needs, and no way to send another. What comes from elsewhere is
sent as a literal (RFC 9051, section 4.3). Folders are opened with EXAMINE and texts are fetched
with PEEK, so nothing is marked as read.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from adapters.base import Failure, SourceError
from adapters.imap.settings import Options
from adapters.imap.wire import (
    MAX_LINE,
    Literal,
    Response,
    Value,
    folder_name,
    folder_text,
    read_response,
    uid_set,
    uids_in,
)

MAX_MESSAGES: Final = 2_000_000
_SHORT_LITERAL: Final = 4096
"""What LITERAL- allows without waiting (RFC 7888, section 5)."""

Part = bytes | Literal
Fetched = Mapping[bytes, Value]
Fetch = tuple[Sequence[int], bytes]
"""Uids, and items of each of these."""


@dataclass(frozen=True, slots=True)
class Folder:
    """What a server says of a folder when it is opened. ``next_uid``: above all there are and
    have been, 0 where the server does not say."""

    validity: int
    next_uid: int
    exists: int


class NotLetIn(SourceError):
    """The server does not let this account in."""

    def __init__(self) -> None:
        super().__init__(Failure.REFUSED, "the account was not let in")


class Session:
    """Made with ``connect``. Every failure is a ``SourceError``; after one, other than that the
    server refused a command, nothing more can be asked: see ``usable``."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, options: Options
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._options = options
        self._tag = 0
        self._able: frozenset[bytes] = frozenset()
        self.usable = True
        self.folder: str | None = None

    @classmethod
    async def connect(cls, options: Options, secret: str) -> Session:
        """A connection on which folders can be opened. Raises ``SourceError``: ``UNAVAILABLE``,
        ``TIMEOUT``, or ``NotLetIn``."""
        context = _trusted(options) if options.security != "none" else None
        try:
            async with asyncio.timeout(options.connect_seconds):
                reader, writer = await asyncio.open_connection(
                    options.host,
                    options.port,
                    limit=MAX_LINE,
                    ssl=context if options.security == "tls" else None,
                )
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT, "no connection in time") from None
        except OSError as error:
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None
        session = cls(reader, writer, options)
        try:
            await session._begin(context, secret)
        except BaseException:
            session.drop()
            raise
        return session

    async def _begin(self, context: ssl.SSLContext | None, secret: str) -> None:
        async with self._guarded():
            greeting = await read_response(self._reader)
        if not greeting.first.upper().startswith(b"* OK"):
            raise SourceError(Failure.UNAVAILABLE, "no greeting")
        if self._options.security == "starttls":
            assert context is not None
            await self._run(b"STARTTLS")
            if self._reader._buffer:  # type: ignore[attr-defined]
                # Whoever put this in before there was encryption is not the server.
                raise SourceError(Failure.BAD_DATA, "text before encryption")
            async with self._guarded():
                await self._writer.start_tls(context, server_hostname=self._options.host)
        await self._capabilities()
        await self._sign_in(secret)
        await self._capabilities()

    async def _sign_in(self, secret: str) -> None:
        user = self._options.username
        try:
            if self._options.with_token:
                proof = f"user={user}\x01auth=Bearer {secret}\x01\x01".encode()
                await self._run(b"AUTHENTICATE XOAUTH2 ", base64.b64encode(proof), answer=b"")
            else:
                given = Literal(user.encode()), b" ", Literal(secret.encode())
                await self._run(b"LOGIN ", *given)
        except SourceError as error:
            if error.failure is Failure.REFUSED:
                raise NotLetIn from None
            raise

    async def _capabilities(self) -> None:
        (found,) = await self._run(b"CAPABILITY", wanted=b"CAPABILITY")
        named = frozenset(bytes(value).upper() for value in found if isinstance(value, bytes))
        self._able = named - {name.upper().encode() for name in self._options.without}

    def can(self, capability: bytes) -> bool:
        """Whether the server names a capability."""
        return capability in self._able

    # --- what can be asked -----------------------------------------------------------------------

    async def examine(self, folder: str) -> Folder:
        """Open a folder for reading. Raises ``SourceError``, ``REFUSED`` when it is not there."""
        self.folder = None
        said = await self._run(b"EXAMINE ", Literal(folder_name(folder)), wanted=None)
        text = b"\n".join(response.first for response in said)
        self.folder = folder
        return Folder(
            validity=_number(rb"\[UIDVALIDITY (\d+)\]", text),
            next_uid=_number(rb"\[UIDNEXT (\d+)\]", text),
            exists=_number(rb"\* (\d+) EXISTS", text),
        )

    async def with_role(self, roles: Collection[str]) -> dict[str, list[str]]:
        """The folders that the server uses for something (RFC 6154), by what that is, in capitals
        or small letters as it was asked."""
        extended = b" RETURN (SPECIAL-USE)" if self.can(b"LIST-EXTENDED") else b""
        found: dict[str, list[str]] = {role: [] for role in roles}
        for values in await self._run(b'LIST "" "*"', extended, wanted=b"LIST"):
            if len(values) > 2 and isinstance(values[0], list) and isinstance(values[2], bytes):
                flags = {flag.lower() for flag in values[0] if isinstance(flag, bytes)}
                for role in roles:
                    if role.lower().encode() in flags:
                        found[role].append(folder_text(values[2]))
        return found

    async def search(self, *criteria: Part) -> list[int]:
        """The uids of messages in the open folder that meet criteria (RFC 9051, section 6.4.4)."""
        plain = all(isinstance(part, bytes) or part.data.isascii() for part in criteria)
        # Not every server knows another charset, and most questions need none.
        charset = b"" if plain else b"CHARSET UTF-8 "
        if not self.can(b"ESEARCH") and not self.can(b"IMAP4REV2"):
            lists = await self._run(b"UID SEARCH ", charset, *criteria, wanted=b"SEARCH")
            numbers = [value for values in lists for value in values]
            return sorted(uids_in(b",".join(numbers), MAX_MESSAGES)) if numbers else []
        command = b"UID SEARCH RETURN (ALL) "
        lists = await self._run(command, charset, *criteria, wanted=b"ESEARCH")
        for values in lists:
            if b"ALL" in values:
                return sorted(uids_in(values[values.index(b"ALL") + 1], MAX_MESSAGES))
        return []

    async def fetch(self, *wanted: Fetch) -> Mapping[int, Fetched]:
        """Items of messages in the open folder, by uid; those that are gone are not there. All is
        asked before the first answer is read (RFC 9051, section 5.5)."""
        commands = [
            [b"UID FETCH " + uid_set(uids) + b" (UID " + items + b")"]
            for uids, items in wanted
            if uids
        ]
        found: dict[int, dict[bytes, Value]] = {}
        for values in await self._run_all(commands, wanted=b"FETCH") if commands else ():
            pairs = values[0] if values and isinstance(values[0], list) else []
            fetched = {_name(k): v for k, v in zip(pairs[::2], pairs[1::2], strict=False)}
            uid = fetched.get(b"UID")
            if isinstance(uid, bytes) and uid.isdigit():
                found.setdefault(int(uid), {}).update(fetched)
        return found

    async def is_there(self) -> bool:
        """Whether the server still answers, within the time that a new connection may take. If not,
        this is the end of it."""
        try:
            async with asyncio.timeout(self._options.connect_seconds):
                await self._run(b"NOOP")
        except (SourceError, TimeoutError):
            self.drop()
        return self.usable

    async def leave(self) -> None:
        """End it, in good order if that is possible."""
        if self.usable:
            try:
                await self._run(b"LOGOUT")
            except SourceError:
                self.usable = False
        self.drop()

    def drop(self) -> None:
        """End it at once."""
        self.usable = False
        self._writer.transport.abort()

    # --- commands --------------------------------------------------------------------------------

    async def _run(
        self, *parts: Part, wanted: bytes | None = None, answer: bytes | None = None
    ) -> list[Any]:
        """As ``_run_all``, of one command."""
        return await self._run_all([parts], wanted, answer)

    async def _run_all(
        self,
        commands: Sequence[Sequence[Part]],
        wanted: bytes | None = None,
        answer: bytes | None = None,
    ) -> list[Any]:
        """Send commands and read what the server says until all are done: the values behind a word
        that is ``wanted``, else all that it says. ``answer``: to a question of the server. Raises
        ``SourceError`` when one was refused, after all were answered."""
        said: list[Any] = []
        refusals: list[SourceError] = []
        async with self._guarded():
            tags = []
            for parts in commands:
                self._tag += 1
                tags.append(b"G%d" % self._tag)
                await self._send(tags[-1], parts)
            for tag in tags:
                line = await self._until_done(tag, said, wanted, answer)
                status = line[len(tag) + 1 :].split(b" ", 1)[0].upper()
                if status != b"OK":
                    refusals.append(_refused(status, line))
        if refusals:
            raise refusals[0]
        return said

    async def _until_done(
        self, tag: bytes, said: list[Any], wanted: bytes | None, answer: bytes | None
    ) -> bytes:
        """The line that ends a command; what comes before it is added to ``said``."""
        while True:
            response = await read_response(self._reader)
            line = response.first
            if line.startswith(b"* "):
                said += _said(response, wanted)
            elif line.startswith(b"+"):
                if answer is None:
                    raise SourceError(Failure.BAD_DATA, "a question of the server")
                self._writer.write(answer + b"\r\n")
            elif line.startswith(tag + b" "):
                return line
            else:
                raise SourceError(Failure.BAD_DATA, "an answer to something else")

    async def _send(self, tag: bytes, parts: Sequence[Part]) -> None:
        """A command, in one piece as far as the server need not say that it may go on."""
        piece = tag + b" "
        for part in parts:
            if isinstance(part, bytes):
                piece += part
                continue
            if b"\x00" in part.data:
                raise SourceError(Failure.REFUSED, "a character that cannot be asked for")
            length = len(part.data)
            short = self.can(b"LITERAL-") or self.can(b"IMAP4REV2")
            if self.can(b"LITERAL+") or (short and length <= _SHORT_LITERAL):
                piece += b"{%d+}\r\n" % length + part.data
                continue
            self._writer.write(piece + b"{%d}\r\n" % length)
            await self._writer.drain()
            ready = await read_response(self._reader)
            while ready.first.startswith(b"* "):
                ready = await read_response(self._reader)
            if not ready.first.startswith(b"+"):
                raise SourceError(Failure.BAD_DATA, "a literal that was not awaited")
            piece = part.data
        self._writer.write(piece + b"\r\n")
        await self._writer.drain()

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        """What goes wrong here is a failure of the source, and the end of this connection: what
        comes next would be the answer to this."""
        if not self.usable:
            raise SourceError(Failure.UNAVAILABLE, "the connection is gone")
        done = False
        try:
            async with asyncio.timeout(self._options.read_seconds):
                yield
            done = True
        except TimeoutError:
            raise SourceError(Failure.TIMEOUT, "no answer in time") from None
        except (OSError, EOFError) as error:
            # First, for a certificate that is not trusted is a ``ValueError`` as well.
            raise SourceError(Failure.UNAVAILABLE, type(error).__name__) from None
        except (asyncio.LimitOverrunError, ValueError):
            raise SourceError(Failure.BAD_DATA, "a line without an end") from None
        finally:
            if not done:
                self.drop()


def _trusted(options: Options) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except OSError:
        raise SourceError(Failure.UNAVAILABLE, "certificates that cannot be read") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _said(response: Response, wanted: bytes | None) -> list[Any]:
    """What is of use in an untagged response. Raises ``SourceError`` when the server leaves."""
    line = response.first
    words = line.split(b" ", 3)
    if words[1].upper() == b"BYE":
        raise SourceError(Failure.UNAVAILABLE, "the server says goodbye")
    if wanted is None:
        return [response]
    if words[1].upper() == wanted:
        return [response.values(len(b"* ") + len(wanted))]
    if len(words) > 2 and words[1].isdigit() and words[2].split(b"(")[0].upper() == wanted:
        return [response.values(line.upper().index(wanted) + len(wanted))]
    return []


def _refused(status: bytes, line: bytes) -> SourceError:
    """A command that was not carried out. Of the text only the code in brackets is kept: the rest
    may repeat what was asked."""
    code = re.search(rb"\[([A-Z-]{1,30})", line)
    named = code[1].decode() if code else ""
    if named in ("UNAVAILABLE", "SERVERBUG", "INUSE"):
        return SourceError(Failure.UNAVAILABLE, named)
    if named in ("LIMIT", "OVERQUOTA"):
        return SourceError(Failure.THROTTLED, named)
    return SourceError(Failure.REFUSED, f"{status.decode('ascii', 'replace')[:3]} {named}".strip())


def _name(key: Value) -> bytes:
    """The name of an item: without the place from which a part was fetched."""
    return re.sub(rb"<\d+>\Z", b"", key).upper() if isinstance(key, bytes) else b""


def _number(pattern: bytes, text: bytes) -> int:
    found = re.search(pattern, text, re.IGNORECASE)
    return int(found[1]) if found else 0
