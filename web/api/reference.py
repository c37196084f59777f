"""The interface's own description (OpenAPI) read for a page: its operations, what they take and what they tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")
TYPES: Final[Mapping[str, str]] = {
    "string": "文字",
    "integer": "整数",
    "number": "数字",
    "boolean": "是或否",
    "array": "列表",
    "object": "对象",
    "null": "空",
}
PLACES: Final[Mapping[str, str]] = {"path": "地址", "query": "查询", "header": "请求头"}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an operation takes or tells."""

    name: str
    place: str
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with everything a programmer has to know of it."""

    anchor: str
    method: str
    path: str
    title: str
    about: str
    takes: tuple[Field, ...]
    body: tuple[Field, ...]
    tells: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One named object with its fields."""

    name: str
    about: str
    fields: tuple[Field, ...]


def groups(described: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations of a description by their tag, in its order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                found.setdefault((told.get("tags") or ["其他"])[0], []).append(
                    _operation(path, method, told, described)
                )
    return found


def shapes(described: Mapping[str, Any]) -> list[Shape]:
    """The named objects of a description, by name."""
    named = described.get("components", {}).get("schemas", {})
    return [
        Shape(name, "", tuple(_properties(schema)))
        for name, schema in sorted(named.items())
        if schema.get("properties") and not name.startswith(("HTTPValidation", "ValidationError"))
    ]


def _operation(path: str, method: str, told: Mapping[str, Any], described: Mapping[str, Any]) -> Operation:
    base = described.get("servers", [{"url": ""}])[0]["url"]
    sent = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answered = next((code for code in told["responses"] if str(code).startswith("2")), "200")
    tells = told["responses"].get(answered, {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        anchor=told["operationId"],
        method=method.upper(),
        path=f"{base}{path}",
        title=told.get("summary", ""),
        about=told.get("description", ""),
        takes=tuple(map(_parameter, told.get("parameters", ()))),
        body=tuple(_properties(_resolved(sent, described))),
        tells=_kind(tells),
    )


def _parameter(told: Mapping[str, Any]) -> Field:
    schema = told.get("schema", {})
    place = PLACES.get(told["in"], told["in"])
    about = told.get("description") or schema.get("description", "")
    return Field(told["name"], place, _kind(schema), bool(told.get("required")), about)


def _properties(schema: Mapping[str, Any]) -> Iterator[Field]:
    needed: Sequence[str] = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        yield Field(name, "", _kind(told), name in needed, told.get("description", ""))


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return " / ".join(map(str, values))
    either = schema.get("anyOf") or schema.get("allOf") or schema.get("oneOf")
    if either:
        return "，或".join(dict.fromkeys(_kind(each) for each in either))
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))} 的列表"
    said = TYPES.get(str(schema.get("type", "")), "任意")
    longest = schema.get("maxLength")
    if schema.get("format") in {"date", "date-time"}:
        return "日期" if schema["format"] == "date" else "时刻"
    return f"{said}（最多 {longest} 字）" if longest and said == TYPES["string"] else said


def _resolved(schema: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = described["components"]["schemas"][str(schema["$ref"]).rsplit("/", 1)[-1]]
    return found
