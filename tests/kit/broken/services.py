"""What is made of a service that fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.base import (
    Failure,
    Page,
    Query,
    SourceError,
)
from adapters.conditions import (
    Record,
)
from adapters.http_writing import Values
from tests.kit.over_http import OverHttp


class Swallows(OverHttp):
    """A service that is down is an empty list."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError:
            return Page([])


class Falls(OverHttp):
    """What is no list makes it fall over."""

    async def find(self, collection: str, query: Query) -> Page:
        answer = await self.service.get("klanten")
        return Page(answer["results"], None)


class NoPatience(OverHttp):
    """How long to wait is not passed on."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            raise SourceError(error.failure, error.note) from None


class Quotes(OverHttp):
    """Errors tell what was asked."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            raise SourceError(error.failure, f"asked {query.where}") from None


class Retries(OverHttp):
    """A write of which the answer was lost is sent again."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError:
            return await super()._make(collection, values)


class Hopes(OverHttp):
    """A write of which the answer was lost is said to be done."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError as error:
            if error.failure is Failure.UNKNOWN:
                return {**values, "id": 4711}
            raise


class Shrugs(OverHttp):
    """A write that was never sent is unknown."""

    async def _make(self, collection: str, values: Values) -> Record:
        try:
            return await super()._make(collection, values)
        except SourceError:
            raise SourceError(Failure.UNKNOWN) from None


class OneByOne(OverHttp):
    """Each record of a page is fetched once more."""

    async def find(self, collection: str, query: Query) -> Page:
        page = await super().find(collection, query)
        for record in page.records[: query.limit]:
            await self.get(collection, {"id": record["id"]})
        return page


class Sulks(OverHttp):
    """After a failure it answers nothing more."""

    sulking = False

    async def find(self, collection: str, query: Query) -> Page:
        if self.sulking:
            return Page([])
        try:
            return await super().find(collection, query)
        except SourceError:
            self.sulking = True
            raise


class Follows(OverHttp):
    """What leads elsewhere is followed, and found empty."""

    async def find(self, collection: str, query: Query) -> Page:
        try:
            return await super().find(collection, query)
        except SourceError as error:
            if error.note == "status 302":
                return Page([])
            raise


class GoneWhenDown(OverHttp):
    """While the service is down, a record is not there."""

    async def get(self, collection: str, key: Mapping[str, Any]) -> Record | None:
        try:
            return await super().get(collection, key)
        except SourceError:
            return None


class AlwaysWell(OverHttp):
    """Whatever the service does, all is well."""

    async def check(self) -> None:
        return


class Hurries(OverHttp):
    """A change of which the answer was lost is said to be done."""

    async def _alter(self, collection: str, before: Record, values: Values) -> Record:
        try:
            return await super()._alter(collection, before, values)
        except SourceError:
            return {**before, **values}


BROKEN: Mapping[type, str] = {
    Swallows: "failures",
    Falls: "failures",
    NoPatience: "failures",
    Quotes: "discreet",
    Retries: "unsure",
    Hopes: "unsure",
    Shrugs: "unsure",
    OneByOne: "bounded",
    Sulks: "recovers",
    Follows: "failures",
    GoneWhenDown: "failures",
    AlwaysWell: "failures",
    Hurries: "unsure",
}
