"""How a route is declared: its parameters, its answers and its errors, in one decorator.

The only module that touches flask-smorest's classes, which carry no types.
"""

import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, Final, NoReturn

from flask import Flask, Request, Response
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]  # ships no types
from marshmallow import RAISE, Schema, ValidationError
from marshmallow.exceptions import SCHEMA
from webargs.flaskparser import FlaskParser

from liqbands_server.web.errors import PROBLEM, Fault, ProblemSchema, RequestError, echo
from liqbands_server.web.pushing import receives

PREFIX: Final = "/api/v1"
JSON: Final = "application/json"
LONGEST_REASON: Final = 80

View = Callable[[dict[str, Any]], Response]

_ERRORS: Final = {
    HTTPStatus.BAD_REQUEST: "A parameter is wrong; the answer names it and what would do",
    HTTPStatus.NOT_FOUND: "There is no such symbol",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The query is too long",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store does not answer at the moment",
}
_PUSH_ERRORS: Final = {
    HTTPStatus.BAD_REQUEST: "The body is none; the answer names what is wrong and would do",
    HTTPStatus.UNAUTHORIZED: "The key is missing or another one",
    HTTPStatus.FORBIDDEN: "Without a key only programs of the server's machine may send data",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body must be JSON",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store does not answer at the moment",
}
_MISSING: Final = "Missing data for required field."
_UNKNOWN: Final = "Unknown field."


class Parameters(Schema):
    """Query parameters; unknown ones are refused."""

    class Meta:
        """Options of the schema."""

        unknown = RAISE


class Body(Schema):
    """A JSON body; unknown names are refused."""

    class Meta:
        """Options of the schema."""

        unknown = RAISE


class StrictParser(FlaskParser):
    """Reads strictly: no parameter twice, no unknown name, all faults at once."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None, "json": None}  # noqa: RUF012 (inherited)
    DEFAULT_VALIDATION_STATUS: int = HTTPStatus.BAD_REQUEST

    def load_querystring(self, req: Request, schema: Schema) -> dict[str, str]:  # noqa: ARG002 (webargs')
        """Return the query's parameters; overrides webargs."""
        twice = [name for name, values in req.args.lists() if len(values) > 1]
        if twice:
            raise RequestError([_given_twice(name, req) for name in twice])
        return req.args.to_dict()

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 (webargs')
        """Return what the body says; overrides webargs."""
        try:
            return json.loads(req.get_data(cache=False), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            was = " ".join(str(error).split())[:LONGEST_REASON]
            raise RequestError([Fault("body", "", f"body must be JSON, was not: {was}")]) from error

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,  # noqa: ARG002 (webargs' signature)
        error_headers: Mapping[str, str] | None,  # noqa: ARG002 (webargs' signature)
    ) -> NoReturn:
        """Raise what is wrong; overrides webargs."""
        found: dict[str, list[str]] = dict(next(iter(error.messages_dict.values())))
        if SCHEMA in found:
            raise RequestError([Fault("body", "", "body must be a JSON object")]) from error
        known = [field.data_key or name for name, field in schema.fields.items()]
        faults = [
            Fault(
                str(name),
                echo(req.args.get(name, "")),
                _message(str(name), next(iter(messages)), known),
            )
            for name, messages in found.items()
        ]
        raise RequestError(faults) from error


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """Routes of one topic.

    Parameters
    ----------
    name : str
        Also the topic's heading in the documentation.
    description : str
        One sentence about it.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix=PREFIX, description=description)

    def question(
        self,
        path: str,
        parameters: type[Schema],
        answer: type[Schema] | dict[str, Any] | None,
        content_types: tuple[str, ...] = (JSON,),
    ) -> Callable[[View], View]:
        """Serve a view under a path, for GET and HEAD.

        Parameters
        ----------
        path : str
            Below `PREFIX`.
        parameters : Schema class
            The query's; the view is called with what it loads.
        answer : Schema class, dict or None
            The document answered, for documentation; a dict is OpenAPI's, with schemas inside.
        content_types : tuple of str
            In which the answer can come; the first is the one of `answer`.

        Returns
        -------
        callable
            A decorator of the view, which returns a finished response.
        """

        def decorate(view: View) -> View:
            for status, description in _ERRORS.items():
                view = self.alt_response(
                    status, schema=ProblemSchema, content_type=PROBLEM, description=description
                )(view)
            view = self.alt_response(HTTPStatus.NOT_MODIFIED, description="As in If-None-Match")(
                view
            )
            for other in content_types[1:]:
                schema = {"type": "string", "format": "binary"}
                view = self.response(HTTPStatus.OK, schema, content_type=other)(view)
            view = self.response(HTTPStatus.OK, answer, content_type=content_types[0])(view)
            view = self.arguments(parameters, location="query")(view)
            routed: View = self.route(path)(view)
            return routed

        return decorate

    def delivery(
        self, path: str, body: type[Schema], answer: type[Schema]
    ) -> Callable[[View], View]:
        """Serve a view that takes data in, for POST, to those who may send any.

        Parameters
        ----------
        path : str
            Below `PREFIX`.
        body : Schema class
            Of the JSON that is sent; the view is called with what it loads.
        answer : Schema class
            The document answered, for documentation.

        Returns
        -------
        callable
            A decorator of the view, which returns a finished response.
        """

        def decorate(view: View) -> View:
            for status, description in _PUSH_ERRORS.items():
                view = self.alt_response(
                    status, schema=ProblemSchema, content_type=PROBLEM, description=description
                )(view)
            view = self.response(HTTPStatus.OK, answer, content_type=JSON)(view)
            view = self.arguments(body, location="json")(view)
            routed: View = self.route(path, methods=["POST"])(receives(JSON)(view))
            return routed

        return decorate


class _OwnErrors(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """The API's register; errors are answered by `liqbands_server.web.errors`."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors alone; overrides flask-smorest."""


def init_api(app: Flask, blueprints: list[ApiBlueprint], version: str) -> None:
    """Serve blueprints, and the OpenAPI document that describes them.

    Parameters
    ----------
    app : Flask
        The application.
    blueprints : list of ApiBlueprint
        In the order of the documentation.
    version : str
        Of the distribution.
    """
    app.config |= {
        "API_TITLE": "liqbands",
        "API_VERSION": version,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": PREFIX,
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = _OwnErrors(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is none; what is not known is null, or left out")


def _given_twice(name: str, req: Request) -> Fault:
    values = ", ".join(repr(echo(value)) for value in req.args.getlist(name)[:3])
    return Fault(
        name, echo(req.args.get(name, "")), f"{echo(name)} must be given once, was {values}"
    )


def _message(name: str, message: str, known: list[str]) -> str:
    if message == _MISSING:
        return f"{name} is missing"
    if message == _UNKNOWN:
        near = get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{echo(name)!r} is no parameter here; there are {', '.join(known)}{hint}"
    return message
