"""`/docs`: the OpenAPI document as a page, rendered here and without anything from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup, escape

from liqbands_server.web.context import this_context

_DEEPEST: Final = 4
_REFERENCE: Final = "$ref"
_METHODS: Final = ("get", "post")

blueprint = Blueprint("docs_page", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a parameter, or a field of an answer.

    Parameters
    ----------
    name, kind, description : str
        What it is called, what it looks like, what it means.
    required : bool
        Whether it is always there.
    depth : int
        How many objects it lies inside of.
    """

    name: str
    kind: str
    description: str
    required: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a route can give.

    Parameters
    ----------
    status, description, content_types : str
        Which, when, and as what.
    rows : tuple of Row
        Fields of the document, none for other types.
    """

    status: str
    description: str
    content_types: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Parameters
    ----------
    method, path, summary, description : str
        How and where, and what for.
    example : str
        A request that works; empty for what is not asked with GET.
    parameters : tuple of Row
        Of the query or the body.
    answers : tuple of Answer
        By status.
    """

    method: str
    path: str
    summary: str
    description: str
    example: str
    parameters: tuple[Row, ...]
    answers: tuple[Answer, ...]


@blueprint.get("/docs")
def docs_page() -> str:
    """Show every route with its parameters and answers."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    document: dict[str, Any] = api.spec.to_dict()
    listings = this_context().markets.listings
    symbol = listings[0].ticker if listings else "BINANCE:BTCUSDT.P"
    host = request.host_url.rstrip("/")
    return render_template(
        "docs.html",
        routes=list(routes_of(document, symbol)),
        version=document["info"]["version"],
        host=host,
    )


def routes_of(document: Mapping[str, Any], symbol: str) -> Iterator[Route]:
    """Yield the routes of an OpenAPI document.

    Parameters
    ----------
    document : mapping
        The document.
    symbol : str
        For examples.

    Yields
    ------
    Route
        In the document's order.
    """
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if method in operations:
                yield _route(method, path, operations[method], document, symbol)


def rows_of(
    schema: Mapping[str, Any], document: Mapping[str, Any], depth: int = 0
) -> Iterator[Row]:
    """Yield the fields of a schema, those of inner objects after their own.

    Parameters
    ----------
    schema : mapping
        Of an object, a list of objects or a reference to one.
    document : mapping
        Where references lead.
    depth : int
        How many objects it lies inside of.

    Yields
    ------
    Row
        One for each field.
    """
    whole = _resolved(schema, document)
    for form in whole.get("oneOf", ()):
        yield from rows_of(form, document, depth)
    required = whole.get("required", [])
    for name, field in whole.get("properties", {}).items():
        inner = _inner(field, document)
        yield Row(
            name, _kind(field, document), field.get("description", ""), name in required, depth
        )
        if inner is not None and depth < _DEEPEST:
            yield from rows_of(inner, document, depth + 1)


@blueprint.app_template_filter("prose")
def prose(text: str) -> Markup:
    """Return a description with its backticks as code.

    Parameters
    ----------
    text : str
        From the OpenAPI document.

    Returns
    -------
    Markup
        Escaped.

    Examples
    --------
    >>> prose("`<b>` is bold")
    Markup('<code>&lt;b&gt;</code> is bold')
    """
    parts = text.split("`")
    pieces = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    ]
    return Markup("").join(pieces)


def _route(
    method: str, path: str, operation: Mapping[str, Any], document: Mapping[str, Any], symbol: str
) -> Route:
    parameters = tuple(_parameter(one) for one in operation.get("parameters", []))
    required = any(row.name == "symbol" for row in parameters)
    example = path + ("?" + urlencode({"symbol": symbol}, safe=":") if required else "")
    return Route(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        example=example if method == "get" else "",
        parameters=parameters or _body(operation, document),
        answers=tuple(
            _answer(str(status), answer, document)
            for status, answer in sorted(operation["responses"].items())
        ),
    )


def _body(operation: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Row, ...]:
    content = operation.get("requestBody", {}).get("content", {})
    return tuple(row for one in content.values() for row in rows_of(one["schema"], document))


def _parameter(parameter: Mapping[str, Any]) -> Row:
    schema = parameter.get("schema", {})
    kind = _kind(schema, {})
    if "default" in schema:
        kind += f", default {schema['default']}"
    return Row(
        parameter["name"], kind, parameter.get("description", ""), parameter.get("required", False)
    )


def _answer(status: str, answer: Mapping[str, Any], document: Mapping[str, Any]) -> Answer:
    whole = _resolved(answer, document)
    content = whole.get("content", {})
    schemas = [one["schema"] for one in content.values() if "schema" in one]
    rows = tuple(rows_of(schemas[0], document)) if schemas and status == "200" else ()
    return Answer(status, whole.get("description", ""), ", ".join(content), rows)


def _kind(schema: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kinds = schema.get("type", "object")
    name = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if name == "array":
        return f"list of {_kind(schema.get('items', {}), document)}"
    bounds = (schema.get("minimum"), schema.get("maximum"))
    return f"{name} {bounds[0]} … {bounds[1]}" if None not in bounds else name


def _inner(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the object inside of a field, or of a list's items."""
    if "items" in schema:
        return _inner(schema["items"], document)
    for choice in (schema, *schema.get("anyOf", ()), *schema.get("allOf", ())):
        if _REFERENCE in choice:
            return _resolved(choice, document)
    return None


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema
    while _REFERENCE in found:
        place: Any = document
        for step in found[_REFERENCE].removeprefix("#/").split("/"):
            place = place[step]
        found = place
    return found
