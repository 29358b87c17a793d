"""The JSON Schemas for editors: up to date, and what is shipped is valid under them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from gateway import documents
from gateway.config import Config
from gateway.mapping.layers import mapping_files
from gateway.mapping.words import MappingFile

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = [ROOT / "config.example.yaml", ROOT / "demo" / "config.yaml"]


def errors(model: type[BaseModel], path: Path) -> list[Any]:
    """What an editor would underline in a file."""
    # As JSON, because names are text there.
    data = json.loads(json.dumps(documents.load(path).data))
    return list(Draft202012Validator(model.model_json_schema()).iter_errors(data))


@pytest.mark.parametrize("path", mapping_files(ROOT / "mappings" / "kcc"), ids=lambda p: p.name)
def test_shipped_mappings_are_valid(path: Path) -> None:
    assert errors(MappingFile, path) == []


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.name)
def test_shipped_configurations_are_valid(path: Path) -> None:
    assert errors(Config, path) == []


@pytest.mark.parametrize("line", ["resourse: partijen", "streams: 3", "streams: {a: {slot: 99}}"])
def test_a_mistake_is_underlined(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(line)
    assert errors(MappingFile, path)
