"""The OpenAPI document of the API, made of the declarations that routes and checks are made of."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from pos_app.web.api.operation import Operation, Parameter
from pos_app.web.api.problem import Problem

VERSION: Final = "1.0.0"
_PROBLEM: Final = "Problem"
_WORDS: Final = {
    304: "Not changed: it is what If-None-Match names.",
    400: "The address or the body is not what this asks for.",
    401: "No token that counts.",
    403: "The token may not.",
    404: "There is none.",
    409: "It is taken, or the same request is being worked on.",
    412: "It is another one than If-Match names.",
    415: "The body is no JSON.",
    422: "Refused by a rule, or the Idempotency-Key was used for something else.",
    428: "If-Match is missing.",
    429: "Too many requests; Retry-After says when to come again.",
    500: "A fault of Bohari; nothing was half done.",
    503: "Busy; Retry-After says when to come again.",
}


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document, ready to be written as JSON."""
    types = [one for each in operations for one in (each.answer, each.body) if one is not None]
    schemas, components = msgspec.json.schema_components(
        [Problem, *types], ref_template="#/components/schemas/{name}"
    )
    known = dict(zip([Problem, *types], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        made = paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, known)
        links = _links(one, operations)
        if links:
            made["responses"][str(one.status)]["links"] = links
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bohari POS",
            "version": VERSION,
            "summary": "The back office of Bohari POS for other programs.",
            "description": (
                "Amounts, prices and quantities are decimal texts, never binary fractions; moments are UTC"
                " (RFC 3339), days are those of the shop. Errors are problem details (RFC 9457) with a `code`"
                " that stays and a sentence in the language of Accept-Language (en, sw)."
            ),
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": one} for one in dict.fromkeys(each.tag for each in operations)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of `bohari token add --api`, in the Authorization header alone.",
                }
            },
        },
    }


def _operation(operation: Operation, known: dict[Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.words,
        "tags": [operation.tag],
        "parameters": [
            *_in_path(operation),
            *(_in_query(each) for each in operation.all_parameters),
            *_in_header(operation),
        ],
        "responses": {str(operation.status): _answer(operation, known)},
    }
    if operation.needs:
        rights = " or ".join(f"`{each.value}`" for each in operation.needs)
        made["description"] = f"The token needs {rights}."
    if operation.body is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": known[operation.body]}},
        }
    for status in _statuses(operation):
        made["responses"][str(status)] = _problem(status)
    return made


def _in_path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]


def _in_query(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.words,
        "schema": dict(parameter.schema),
    }


def _in_header(operation: Operation) -> list[dict[str, Any]]:
    # As RFC 9110 has them: of languages the first that is spoken here, of marks none that is not ours.
    found = [_header("Accept-Language", "In which languages sentences may be; en and sw are spoken here.")]
    if not operation.writes:
        found.append(_header("If-None-Match", "The ETag that the caller has: then 304."))
    if operation.once:
        words = "The same key again gives the same answer; with another body it is refused."
        found.append(_header("Idempotency-Key", words, pattern="^[A-Za-z0-9_-]{8,64}$", is_needed=True))
    if operation.matches or operation.must_match:
        words = "The ETag that the caller had seen; another one meanwhile is 412."
        found.append(_header("If-Match", words, is_needed=operation.must_match))
    return found


def _header(name: str, words: str, *, pattern: str = "", is_needed: bool = False) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if pattern:
        schema["pattern"] = pattern
    return {"name": name, "in": "header", "required": is_needed, "description": words, "schema": schema}


def _answer(operation: Operation, known: dict[Any, Any]) -> dict[str, Any]:
    headers: dict[str, Any] = {"ETag": _told("The mark of this representation.")}
    if operation.pages:
        headers["Link"] = _told('The page after this one: <...>; rel="next".')
    if operation.status == 201:
        headers["Location"] = _told("Where it is found from now on.")
    made: dict[str, Any] = {"description": operation.words, "headers": headers}
    if operation.answer is not None:
        made["content"] = {"application/json": {"schema": known[operation.answer]}}
    return made


def _links(operation: Operation, operations: Sequence[Operation]) -> dict[str, Any]:
    """What can be asked next of a thing that was made, with what its answer says of it: OpenAPI's links."""
    if operation.status != 201:
        return {}
    shown = [one.path for one in operations if one.method == "GET" and one.answer is operation.answer]
    found: dict[str, Any] = {}
    for one in operations:
        start, brace, rest = one.path.partition("{")
        name = rest.partition("}")[0]
        begins = (f"{start}{{{name}}}", operation.path + "/")
        is_of_it = begins[0] in shown or start == begins[1]
        if not brace or "{" in rest or not is_of_it or name not in operation.answer.__struct_fields__:
            continue
        asked = {name: f"$response.body#/{name}"}
        if one.must_match:
            asked["header.If-Match"] = "$response.header.ETag"
        found[one.name] = {"operationId": one.name, "parameters": asked}
    return found


def _told(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}


def _statuses(operation: Operation) -> list[int]:
    found = [400, 401, 403, 429, 500, 503]
    if not operation.writes:
        found.append(304)
    if "{" in operation.path:
        found.append(404)
    if operation.writes:
        found += [409, 422]
    if operation.body is not None:
        found.append(415)
    if operation.matches or operation.must_match:
        found.append(412)
    if operation.must_match:
        found.append(428)
    return sorted(found)


def _problem(status: int) -> dict[str, Any]:
    if status == 304:
        return {"description": _WORDS[304]}
    schema = {"$ref": f"#/components/schemas/{_PROBLEM}"}
    return {"description": _WORDS[status], "content": {"application/problem+json": {"schema": schema}}}
