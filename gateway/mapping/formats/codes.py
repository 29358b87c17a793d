"""Codes of languages and countries: ISO 639 and ISO 3166, in the spelling of the standard."""

from __future__ import annotations

from functools import cache

import pycountry

from gateway.mapping.formats.base import Format, Sources, Unreadable


class _Code(Format):
    """A code that a source may write in several ways, each in capitals or in small letters."""

    def _spellings(self) -> dict[str, str]:
        """Every accepted spelling in small letters, with the wire value it stands for."""
        raise NotImplementedError

    def read(self, raw: str | int) -> str:
        text = str(raw)
        found = (
            self._spellings().get(text.lower()) if text in (text.lower(), text.upper()) else None
        )
        if found is None:
            raise Unreadable("onbekende code")
        return found

    def sources(self, value: str) -> Sources:
        spelled = [s for s, meaning in self._spellings().items() if meaning == value]
        return Sources(tuple(dict.fromkeys(v for s in spelled for v in (s, s.upper()))))

    def write(self, value: str) -> str:
        if value not in self._spellings().values():
            raise Unreadable("onbekende code")
        return value


class Taal(_Code):
    """A language as ISO 639-2/T (``nld``); read from 639-1 (``nl``), 639-2/T and 639-2/B."""

    def _spellings(self) -> dict[str, str]:
        return _languages()


class Land(_Code):
    """A country as ISO 3166-1 alpha-2 (``NL``); read from alpha-2, alpha-3 and the number."""

    def _spellings(self) -> dict[str, str]:
        return _countries()


@cache
def _languages() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in pycountry.languages:
        if hasattr(language, "alpha_2"):
            spellings = (language.alpha_3, language.alpha_2, getattr(language, "bibliographic", ""))
            known |= {s.lower(): language.alpha_3 for s in spellings if s}
    return known


@cache
def _countries() -> dict[str, str]:
    return {
        spelling.lower(): country.alpha_2
        for country in pycountry.countries
        for spelling in (country.alpha_2, country.alpha_3, country.numeric)
    }
