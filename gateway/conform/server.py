"""The server that is checked: what is asked of it, what it holds, and what is made in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from gateway.conform.answer import Answer, Misshapen, Obj, Page
from gateway.standard.model import Resource
from gateway.standard.table import BASE_PATH, RESOURCES

__all__ = ["Lacking", "Misshapen", "NoAnswer", "NoServer", "Server", "root_of"]

SAMPLE: Final = 100
"""How many objects of a resource are looked at."""

FOUND: Final = 25
"""How many objects that a filter finds are shown."""

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class NoAnswer(Exception):
    """A question that was not answered."""

    def __init__(self, where: str, cause: httpx.HTTPError) -> None:
        self.where = where
        self.told = f"geen antwoord ({type(cause).__name__})"
        super().__init__(self.told)


class NoServer(Exception):
    """A url where nothing can be tried; its text: why, in Dutch."""


class Lacking(Exception):
    """What a server cannot do, so that something cannot be tried; ``told``: what, in Dutch."""

    def __init__(self, where: str, told: str) -> None:
        super().__init__(told)
        self.where = where
        self.told = told


def root_of(url: str) -> str:
    """The root of the API that a url names, which may be left at its host. Raises ``ValueError``
    for what is no url, and for one with a password in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("schrijf een url: https://host, met of zonder het pad van de API")
    path = parts.path.rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path or BASE_PATH}"


class Server:
    """One server, asked one question after another.

    ``writes``: whether anything but reading may be asked. ``about``: the resources that are looked
    at, by their path. What is made is kept in ``made``, to be removed.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        root: str,
        token: str,
        *,
        writes: bool,
        about: Collection[str] = tuple(RESOURCES),
    ) -> None:
        self.root = root
        self.host = "{0.scheme}://{0.netloc}".format(urlsplit(root))
        self.token = token
        self.writes = writes
        self._about = about
        self.made: list[tuple[str, str]] = []
        self._client = client
        self._samples: dict[str, list[Obj]] = {}
        self._objects: dict[str, Obj | None] = {}
        self._served: dict[str, Answer] = {}
        self._silent: dict[str, NoAnswer] = {}
        self._details: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[str, str, str], Answer] = {}

    async def ask(
        self,
        path: str,
        params: Mapping[str, Any] | Iterable[tuple[str, str]] = (),
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        credentials: str | None = "",
        body: Any = None,
        content: bytes | None = None,
    ) -> Answer:
        """Ask for ``path``, from the root of the API or as a whole url. ``credentials``: another
        header ``Authorization`` than that of the token, ``None`` for none. Raises ``NoAnswer``."""
        assert self.writes or method in _READING, method
        given = list(params.items() if isinstance(params, Mapping) else params)
        url = path if "://" in path else f"{self.root}/{path}"
        sent = dict(headers or {})
        if credentials is not None:
            sent["Authorization"] = credentials or f"Token {self.token}"
        where = self._where(method, url, [name for name, _ in given])
        more: dict[str, Any] = {"params": given} if given else {}
        more |= {"json": body} if body is not None else {}
        more |= {"content": content} if content is not None else {}
        try:
            return Answer(where, await self._client.request(method, url, headers=sent, **more))
        except httpx.HTTPError as error:
            raise NoAnswer(where, error) from error

    def _where(self, method: str, url: str, names: Iterable[str]) -> str:
        """What is asked, with names of parameters and without values and uuids."""
        path = url.partition("?")[0].removeprefix(self.root).strip("/")
        resource, slash, _ = path.partition("/")
        known = resource in RESOURCES
        shown = resource + "/…" * bool(slash) if known else path.removeprefix(self.host) or "/"
        query = "&".join(dict.fromkeys(names))
        verb = "" if method == "GET" else method + " "
        return f"{verb}{shown}?{query}" if query else verb + shown

    async def page(
        self, resource: Resource, params: Mapping[str, Any] | Iterable[tuple[str, str]] = ()
    ) -> Page:
        """A page of a list. Raises ``NoAnswer`` and ``Misshapen``."""
        return (await self.ask(resource.path, params)).page()

    async def reached(self) -> None:
        """Raises ``NoServer`` where no list can be looked at, so that nothing can be tried."""
        try:
            answers = list((await self.listed()).values())
        except NoAnswer as error:
            raise NoServer(f"De server antwoordt niet: {error.told}") from error
        if any(answer.status == 200 and answer.is_json for answer in answers):
            return
        told = ", ".join(sorted({answer.told for answer in answers}))
        if all(answer.status in (401, 403) for answer in answers):
            raise NoServer(f"Met dit token is niets te zien: {told}")
        raise NoServer(f"Hier is geen Klantinteracties-API, want er is geen enkele lijst: {told}")

    async def listed(self) -> Mapping[str, Answer]:
        """What each list that is looked at answers, asked once; without those that do not. Raises
        ``NoAnswer`` where the first does not."""
        for path in self._about:
            if path in self._served or path in self._silent:
                continue
            try:
                await self._list(RESOURCES[path])
            except NoAnswer as error:
                if not self._served:
                    raise
                self._silent[path] = error
        return {path: self._served[path] for path in self._about if path in self._served}

    @property
    def silent(self) -> Mapping[str, NoAnswer]:
        """Of the lists that are looked at those that did not answer."""
        return self._silent

    async def _list(self, resource: Resource) -> Answer:
        path = resource.path
        if path not in self._served:
            self._served[path] = await self.ask(path, {"pageSize": 1})
        return self._served[path]

    async def resources(self) -> list[Resource]:
        """Those that are looked at whose list answers."""
        return [RESOURCES[p] for p, answer in (await self.listed()).items() if answer.status == 200]

    async def sample(self, resource: Resource) -> list[Obj]:
        """Objects of a resource as its list shows them, without what is expanded."""
        if resource.path not in self._samples:
            there = (await self._list(resource)).status == 200
            found = await self.page(resource, {"pageSize": SAMPLE}) if there else None
            results = found.results if found else ()
            self._samples[resource.path] = [bare(one) for one in results]
        return self._samples[resource.path]

    async def found(self, resource: Resource, param: str, text: str) -> Answer:
        """What a filter finds, of which as many as ``FOUND`` are shown; asked once."""
        key = (resource.path, param, text)
        if key not in self._found:
            given = {param: text, "pageSize": FOUND}
            self._found[key] = await self.ask(resource.path, given)
        return self._found[key]

    def forget(self) -> None:
        """Ask anew: something was made."""
        self._found.clear()
        self._samples.clear()
        self._objects.clear()

    async def one(self, path: str, uuid: str) -> Obj | None:
        """An object, asked once; ``None`` where it is not shown."""
        key = f"{path}/{uuid}"
        if key not in self._objects:
            answer = await self.ask(key)
            self._objects[key] = answer.object() if answer.status == 200 else None
        return self._objects[key]

    async def allows(self, resource: Resource, *methods: str) -> bool:
        """Whether a server says that it does this, with a list or with an object."""
        listed = (await self._list(resource)).allow
        if resource.path not in self._details:
            # What is not there is answered with what could be done with it too.
            uuids = [one["uuid"] for one in await self.sample(resource)] or [uuid4()]
            answer = await self.ask(f"{resource.path}/{uuids[0]}")
            self._details[resource.path] = answer.allow
        return set(methods) <= listed | self._details[resource.path]


def bare(obj: Obj) -> Obj:
    """An object without what is expanded."""
    return {name: value for name, value in obj.items() if name != "_expand"}
