"""What the fake of Open Zaak answers has the shape that the OpenAPI description of Open Zaak 1.30
gives to it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from demo.openzaak.holdings import OF_A_ZAAK, ZAKEN
from tests.shared import shared
from tests.support.openzaak import ask, open_zaak


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    text = (shared() / "backends" / "openapi" / "openzaak-zaken.yaml").read_text()
    document: dict[str, Any] = _as_json_schema(yaml.load(text, yaml.CSafeLoader))
    return document


def _as_json_schema(node: Any) -> Any:
    """What OpenAPI 3.0 says in its own way: that something may be null, and that it is one of
    several, told apart by a member. What other descriptions say is left out."""
    if isinstance(node, list):
        return [_as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith("https://"):
        return {}
    made = {("anyOf" if k == "oneOf" else k): _as_json_schema(v) for k, v in node.items()}
    if made.pop("nullable", False) is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


def _wrong(validator: Any, answer: Any) -> list[tuple[list[Any], str]]:
    """What is not as described. One member is empty in Open Zaak, against its own description."""
    found = [(list(p.absolute_path), p.message) for p in validator.iter_errors(answer)]
    return [one for one in found if one[0][-1:] != ["opdrachtgevendeOrganisatie"]]


def _validator(described: dict[str, Any], path: str) -> Any:
    answer = described["paths"][path]["get"]["responses"]["200"]["content"]
    (schema,) = (one["schema"] for kind, one in answer.items() if kind == "application/json")
    return Draft202012Validator({**schema, "components": described["components"]})


async def test_lists_and_single_rows_are_as_described(described: dict[str, Any]) -> None:
    fake = open_zaak()
    expand = "zaaktype,status,status.statustype,rollen,rollen.roltype,resultaat"
    for collection in (ZAKEN, *OF_A_ZAAK):
        whole = (
            await ask(fake, collection, {"expand": expand} if collection == ZAKEN else {})
        ).json()
        found = whole if isinstance(whole, list) else whole["results"]
        assert found
        assert _wrong(_validator(described, f"/{collection}"), whole) == []
        single = _validator(described, f"/{collection}/{{uuid}}")
        for row in found[:5]:
            one = (await ask(fake, row["url"])).json()
            assert _wrong(single, one) == []


async def test_a_refusal_is_as_described(described: dict[str, Any]) -> None:
    fake = open_zaak()
    refused = await ask(fake, "zaken", {"foo": "bar"})
    schema = {"$ref": "#/components/schemas/ValidatieFout", "components": described["components"]}
    Draft202012Validator(schema).validate(refused.json())
