"""Headers of every answer: who may read it from another page, and what a browser must not do."""

from typing import Final

from flask import Flask, Response, request

EXPOSED: Final = "ETag, X-Generated-At, X-Liqbands-About, X-Liqbands-Feeds, Retry-After"
"""Headers that a script of another origin may read."""

_OF_PAGES: Final = {
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}
_DAY_SECONDS: Final = "86400"


def init_headers(app: Flask, origins: tuple[str, ...]) -> None:
    """Put the headers on every answer of an application, errors included.

    Parameters
    ----------
    app : Flask
        The application.
    origins : tuple of str
        Whose pages may ask; ``*`` is everybody's.
    """

    @app.after_request
    def put_headers(response: Response) -> Response:
        response.headers.add("X-Content-Type-Options", "nosniff")
        if response.mimetype == "text/html":
            for name, value in _OF_PAGES.items():
                response.headers.setdefault(name, value)
        put_cors(response, origins)
        return response


def put_cors(response: Response, origins: tuple[str, ...]) -> None:
    """Let pages of the allowed origins read an answer.

    Parameters
    ----------
    response : Response
        The answer.
    origins : tuple of str
        Whose pages may ask.
    """
    headers = response.headers
    if "*" in origins:
        headers["Access-Control-Allow-Origin"] = "*"
    else:
        headers.add("Vary", "Origin")
        asking = request.headers.get("Origin", "")
        if asking not in origins:
            return
        headers["Access-Control-Allow-Origin"] = asking
    headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "*, Last-Event-ID, If-None-Match, Cache-Control"
        headers["Access-Control-Max-Age"] = _DAY_SECONDS
