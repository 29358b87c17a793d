"""Secrets by reference: ``env:NAME`` or ``file:path``, never in the configuration itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class SecretReference:
    """A place where a secret stands. Shows the place, never the secret."""

    def __init__(self, reference: str) -> None:
        kind, _, name = reference.partition(":")
        if kind not in ("env", "file") or not name:
            raise ValueError("schrijf een geheim als `env:NAAM` of `file:pad`")
        self._kind, self._name = kind, name

    def reveal(self) -> str:
        """The secret, without white space around it. Raises ``KeyError`` or ``OSError``."""
        if self._kind == "env":
            return os.environ[self._name].strip()
        return Path(self._name).read_text(encoding="utf-8").strip()

    def __str__(self) -> str:
        return f"{self._kind}:{self._name}"

    def __repr__(self) -> str:
        return f"SecretReference({str(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            text, core_schema.union_schema([core_schema.is_instance_schema(cls), text])
        )


def absolute(value: Any, base: Path) -> Any:
    """``value`` with every ``file:`` reference in it made absolute, counted from ``base``."""
    if isinstance(value, dict):
        return {k: absolute(v, base) for k, v in value.items()}
    if isinstance(value, list):
        return [absolute(v, base) for v in value]
    if isinstance(value, str) and value.startswith("file:"):
        return "file:" + str(base / value.removeprefix("file:"))
    return value
