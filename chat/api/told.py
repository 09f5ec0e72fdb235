"""How operations are described in OpenAPI: by the very types that read and answer them."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from ninja.types import DictStrAny

from chat.accounts.answers import STATUS
from chat.api.asked import WITHOUT_BODY, fields_asked
from chat.http_api import Refusal
from chat.protocol import Message

REF = "#/components/schemas/{name}"
ALWAYS = ("invalid", "unauthenticated", "forbidden", "rate_limited", "unavailable")
"""What any operation may refuse with that asks who it is."""
JSON = "application/json"

_answered: set[type[Struct]] = {Refusal, Message}


def told(
    method: str,
    answer: type[Struct] | None,
    status: int | Sequence[int] = 200,
    *,
    asks: type[Struct] | None = None,
    asks_json: DictStrAny | None = None,
    path: Iterable[str] = (),
    parameters: Sequence[DictStrAny] = (),
    refuses: Iterable[str] = (),
    always: Iterable[str] = ALWAYS,
) -> dict[str, Any]:
    """What django-ninja is to know of an operation: the statuses and shapes of its answers, the
    codes that it refuses with, and what it asks for besides what is in its `path`: a struct, or
    JSON of some schema, and further parameters as OpenAPI has them."""
    statuses = [status] if isinstance(status, int) else list(status)
    answers: dict[int, DictStrAny] = {each: _answer(answer) for each in statuses}
    extra: DictStrAny = {"responses": answers | refusals({*always, *refuses})}
    if asks is not None:
        extra |= _question(method, asks, tuple(path))
    if asks_json is not None:
        extra |= _body(asks_json, required=True)
    if parameters:
        extra["parameters"] = [*parameters]
    return {"response": dict.fromkeys(statuses), "openapi_extra": extra}


def shapes() -> DictStrAny:
    """The schemas of all answers, by name."""
    return msgspec.json.schema_components(sorted(_answered, key=str), ref_template=REF)[1]


def _answer(kind: type[Struct] | None) -> DictStrAny:
    if kind is None:
        return {}
    _answered.add(kind)
    return {"content": {JSON: {"schema": {"$ref": REF.format(name=kind.__name__)}}}}


def refusals(codes: set[str]) -> dict[int, DictStrAny]:
    statuses = {STATUS[code]: code for code in codes}
    return {status: {**_answer(Refusal), "description": f"`{code}`"}
            for status, code in sorted(statuses.items())}  # fmt: skip


def _question(method: str, kind: type[Struct], path: tuple[str, ...]) -> DictStrAny:
    schema = _schema(kind, path)
    if method not in WITHOUT_BODY:
        return _body(schema, bool(schema["required"])) if schema["properties"] else {}
    required = schema["required"]
    return {"parameters": [
        {"in": "query", "name": name, "schema": of, "required": name in required}
        for name, of in schema["properties"].items()
    ]}  # fmt: skip


def _body(schema: DictStrAny, required: bool) -> DictStrAny:
    return {"requestBody": {"content": {JSON: {"schema": schema}}, "required": required}}


def _schema(kind: type[Struct], path: tuple[str, ...]) -> DictStrAny:
    """Of `kind`, without what comes from elsewhere."""
    (_, components) = msgspec.json.schema_components([kind], ref_template=REF)
    schema = components[kind.__name__]
    names = fields_asked(kind, path)
    properties = {name: schema["properties"][name] for name in names}
    required = [name for name in schema.get("required", ()) if name in names]
    return {"type": "object", "properties": properties, "required": required,
            "additionalProperties": False}  # fmt: skip
