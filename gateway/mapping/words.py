"""The words of a mapping file, as pydantic models; every word is documented in docs/.

A file describes one resource of the standard as seen in one source system.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from gateway.mapping.shared import Kind

Scalar = str | int | bool


def _as_text(value: Any) -> Any:
    """YAML reads ``J: 1`` and ``on`` as other types; codes of a source are text or integers."""
    if isinstance(value, bool):
        raise ValueError("zet deze waarde tussen aanhalingstekens: YAML leest haar als ja/nee")
    return value


Code = Annotated[str | int, BeforeValidator(_as_text)]


class _OneOrMore:
    """A list that may also be written as its only part."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        return {"anyOf": [schema, schema.get("items", {})]}


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Choices = dict[Scalar, Code | None]
"""For values of the standard, the code in which each is written; null: by leaving it empty."""
Codes = Annotated[list[Code], BeforeValidator(_as_list), _OneOrMore()]
Names = Annotated[list[str], BeforeValidator(_as_list), _OneOrMore()]


class Word(BaseModel):
    """Closed: an unknown word is an error. ``short`` is how the word may also be written."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    short: ClassVar[JsonSchemaValue | None] = None

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        if cls.short is None:
            return schema
        # The short form stands beside the long one, for editors.
        return {"anyOf": [cls.short, handler.resolve_ref_schema(schema)]}


class FieldTest(Word):
    """A condition on one source field: ``in``, ``not`` or ``present``."""

    short: ClassVar[JsonSchemaValue | None] = {
        "anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "array"}]
    }

    one_of: Codes | None = Field(None, alias="in")
    not_one_of: Codes | None = Field(None, alias="not")
    present: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"in": value}

    @model_validator(mode="after")
    def _one(self) -> FieldTest:
        if sum(x is not None for x in (self.one_of, self.not_one_of, self.present)) != 1:
            raise ValueError("geef precies een van `in`, `not` en `present`")
        return self


Tests = dict[str, FieldTest]


class FormatWord(Word):
    """A format by name, with its options."""

    model_config = ConfigDict(extra="allow", frozen=True)
    short: ClassVar[JsonSchemaValue | None] = {"type": "string"}

    name: str

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @property
    def options(self) -> Mapping[str, Any]:
        return self.model_extra or {}


class Join(Word):
    """Several source fields put together; ``widths`` when each has a fixed number of characters."""

    fields: list[str] = Field(min_length=2)
    separator: str = ""
    widths: list[int] | None = None

    @model_validator(mode="after")
    def _widths(self) -> Join:
        if self.widths is not None and len(self.widths) != len(self.fields):
            raise ValueError("geef voor elk veld in `fields` een breedte in `widths`")
        return self


class Split(Word):
    """Part ``part`` (from 0) of a source field, cut at the first ``on``."""

    field: str = Field(alias="from")
    on: str = Field(min_length=1)
    part: Literal[0, 1]


class Value(Word):
    """How a value comes out of a record: one of the five sources, then values or format."""

    source: str | None = Field(None, alias="from")
    const: Scalar | None = None
    first_of: list[str] | None = Field(None, min_length=2)
    join: Join | None = None
    split: Split | None = None
    empty: Codes = Field(default_factory=list)
    values: dict[Code, Scalar] | None = None
    unknown: Literal["error", "keep"] | Mapping[Literal["value"], Scalar] = "error"
    format: FormatWord | None = None
    default: Scalar | None = None

    @model_validator(mode="after")
    def _value_source(self) -> Value:
        sources = (self.source, self.const, self.first_of, self.join, self.split)
        given = sum(s is not None for s in sources)
        wanted = 0 if getattr(self, "ref", None) else 1
        if given != wanted:
            raise ValueError(
                "geef precies een van `from`, `const`, `first_of`, `join`, `split` en `ref`"
            )
        if self.values is not None and self.format is not None:
            raise ValueError("geef `values` of `format`, niet beide")
        if self.values is None and "unknown" in self.model_fields_set:
            raise ValueError("`unknown` hoort bij `values`")
        return self


class Rule(Value):
    """One attribute of the standard: ``to`` is its dotted path; ``ref`` makes it a reference, to a
    stream of the same source or, where it names a resource only, to objects of another source.

    ``through``: ``key`` is not theirs, but one of this kind, which both sources know.
    ``required``: an object whose reference leads nowhere is not shown; ``given``: only if it has
    one."""

    to: str
    ref: str | None = None
    key: Names | None = None
    through: Kind | None = None
    required: bool | Literal["given"] = False
    when: Tests | None = None
    write: Literal[False] | Choices | None = None

    @model_validator(mode="after")
    def _reference(self) -> Rule:
        if (self.ref is None) != (self.key is None):
            raise ValueError("`ref` en `key` horen bij elkaar")
        if self.required and self.ref is None:
            raise ValueError("`required` hoort bij `ref`")
        if self.through is not None and (self.ref is None or "." in self.ref):
            raise ValueError("`through` hoort bij `ref` naar een resource, zonder stroom")
        if self.through is not None and (self.required or self.write):
            raise ValueError("`through` wijst niemand zeker aan: niet met `required` of `write`")
        beside = {"values", "unknown", "format", "default", "empty"} & self.model_fields_set
        if self.ref is not None and beside:
            raise ValueError(f"`{min(beside)}` betekent niets bij `ref`")
        if isinstance(self.write, dict) and self.values is None:
            raise ValueError("een keuze in `write` hoort bij `values`")
        return self


class KeyPart(Word):
    """The form of one field of a native key."""

    short: ClassVar[JsonSchemaValue | None] = {"enum": ["integer", "uuid"]}

    type: Literal["integer", "uuid", "text"]
    alphabet: str | None = None
    length: int | None = Field(None, ge=1)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"type": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _text(self) -> KeyPart:
        given = (self.alphabet is not None, self.length is not None)
        if given != ((True, True) if self.type == "text" else (False, False)):
            raise ValueError("een tekstsleutel heeft `alphabet` en `length`, een andere niet")
        return self


class Filling(Word):
    """Values for fields of a new record that nothing was written in; ``when`` the record, as it is
    by then, meets one of these blocks of tests."""

    given: dict[str, Code] = Field(min_length=1, alias="set")
    when: Annotated[list[Tests], BeforeValidator(_as_list), _OneOrMore()] = Field(
        default_factory=list
    )


class Writing(Word):
    """What may be written through a stream; what is not named, may not."""

    create: bool = False
    update: bool = False
    delete: Literal["record"] | dict[str, Code | None] | None = None
    given: dict[str, Code] = Field(default_factory=dict, alias="set")
    fill: list[Filling] = Field(default_factory=list)
    needs: Annotated[list[Tests], BeforeValidator(_as_list), _OneOrMore()] = Field(
        default_factory=list
    )
    closed: Annotated[list[Tests], BeforeValidator(_as_list), _OneOrMore()] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _something(self) -> Writing:
        if not (self.create or self.update or self.delete):
            raise ValueError("geef `create`, `update` of `delete`")
        of_new = {"set": self.given, "fill": self.fill, "needs": self.needs}
        for word, given in of_new.items():
            if given and not self.create:
                raise ValueError(f"`{word}` hoort bij `create`")
        return self


class StreamWord(Word):
    """One way in which records of a collection become objects of the resource."""

    slot: int = Field(ge=0, le=15)
    collection: str
    key: dict[str, KeyPart] = Field(min_length=1)
    where: Annotated[list[Tests], BeforeValidator(_as_list), _OneOrMore()] = Field(
        default_factory=list
    )
    created: Value
    rules: list[Rule] = Field(min_length=1)
    write: Writing | None = None
    complete: bool = False


class MappingFile(Word):
    """One resource in one source system."""

    resource: str
    streams: dict[str, StreamWord] = Field(min_length=1)


class ZaakWord(Word):
    """Where a source knows a zaak by its two names: fields of a collection, by which it can be
    asked."""

    collection: str
    uuid: str
    identificatie: str

    @property
    def fields(self) -> Mapping[str, str]:
        """Per name the field that it stands in."""
        return {"uuid": self.uuid, "identificatie": self.identificatie}


class NamesFile(Word):
    """Under which names a source knows what is no resource of the standard."""

    zaak: ZaakWord
