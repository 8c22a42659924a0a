"""A draft's JSON Schema, written as the provider takes it. Pydantic holds every bound afterwards, whatever was sent.

`grammar`: llama.cpp and Ollama turn the schema into a grammar that the answer cannot leave, bounds included.

`strict`: OpenAI's structured outputs take a part of JSON Schema and refuse the whole request for a keyword outside of
it (guide "Structured model outputs", supported schemas). Which keywords are refused has changed over time and differs
between models and between the servers that copy the API, so what is sent is an allowlist that all of them take. The
bounds that cannot be sent as keywords are told in words, in the description of the field.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel

Dialect = Literal["grammar", "strict"]
Schema = dict[str, Any]

# Keywords whose value is a schema, a list of schemas, or schemas by name.
_ONE = ("items", "additionalProperties")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "$defs")
_STRICT = ("type", "enum", "anyOf", "items", "properties", "required", "additionalProperties", "$ref", "$defs")


def write_schema(
    model: type[BaseModel], dialect: Dialect, shape: Callable[[], Mapping[str, Any]] | None = None
) -> Schema:
    """The JSON Schema of `model` in `dialect`; not to be changed. The order of the fields is kept: the model answers
    in it.

    `shape` gives a schema to write by in place of the model's own. Only a grammar takes it: it may hold any keyword,
    and a hosted model would have to learn a new schema for every article.
    """
    if dialect == "grammar" and shape is not None:
        return _untitled(dict(shape()))
    return _written(model, dialect)


@lru_cache(maxsize=256)
def _written(model: type[BaseModel], dialect: Dialect) -> Schema:
    return (_untitled if dialect == "grammar" else _strict)(model.model_json_schema())


def _untitled(schema: Schema) -> Schema:
    """Without `title`, which only repeats the field's name. A field that is called title stays."""
    kept = {keyword: value for keyword, value in schema.items() if keyword != "title"}
    return {**kept, **dict(_inner(kept, _untitled))}


def _strict(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # no other keyword may stand beside it
    known = dict(schema)
    if "const" in known:
        known["enum"] = [known.pop("const")]
        known.setdefault("type", "string")
    if "oneOf" in known:
        known["anyOf"] = known.pop("oneOf")
    kept = {keyword: known[keyword] for keyword in _STRICT if keyword in known}
    kept |= dict(_inner(kept, _strict))
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    told = " ".join(filter(None, (known.get("description"), *_bounds(known))))
    return {**kept, "description": told} if told else kept


def _inner(schema: Mapping[str, Any], change: Any) -> Iterator[tuple[str, Any]]:
    """Each keyword of `schema` that holds schemas, with those changed."""
    for keyword, value in schema.items():
        if keyword in _ONE and isinstance(value, dict):
            yield keyword, change(value)
        elif keyword in _MANY:
            yield keyword, [change(inner) for inner in value]
        elif keyword in _NAMED:
            yield keyword, {name: change(inner) for name, inner in value.items()}


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    for unit, least, most in (("characters", "minLength", "maxLength"), ("entries", "minItems", "maxItems")):
        low, high = schema.get(least, 0), schema.get(most)
        if high is not None:
            yield f"{low} to {high} {unit}." if low else f"At most {high} {unit}."
        elif low:
            yield f"At least {low} {unit}."
