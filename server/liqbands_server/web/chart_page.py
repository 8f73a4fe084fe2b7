"""`/`, `/assets` and `/lib`: the chart page and the chart libraries, as the web build wrote them.

Without a build, which needs Node, `/` shows the overview and says what is missing.
"""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, current_app
from werkzeug.security import safe_join

from liqbands_server.web.caching import ASK_AGAIN, Answer, answers_of, respond
from liqbands_server.web.front_page import overview

FOLDER: Final = Path(__file__).parent / "page"
"""Where `server/web` writes what it builds."""

IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""For files whose name changes with their content."""

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_PACKED: Final = (".png", ".woff2")
# The chart library styles what it makes by elements of its own, hence 'unsafe-inline' there.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint("chart_page", __name__)


@blueprint.get("/")
def chart_page() -> Response:
    """Show the chart, or the overview while there is none."""
    if not (FOLDER / "index.html").is_file():
        return Response(overview(chart_missing=True))
    response = _sent(FOLDER, "index.html", ASK_AGAIN)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """Send a script, a style or a picture of the page."""
    return _sent(FOLDER / "assets", name, IMMUTABLE)


@blueprint.get("/lib/<path:name>")
def library(name: str) -> Response:
    """Send a library that draws liqbands in charts of other pages."""
    return _sent(FOLDER / "lib", name, ASK_AGAIN)


def _sent(folder: Path, name: str, cache_control: str) -> Response:
    joined = safe_join(str(folder), name)
    path = Path(joined) if joined else folder
    if path.suffix not in _TYPES or not path.is_file():
        abort(404)
    question = ("page", str(path), path.stat().st_mtime_ns)
    answer = answers_of(current_app).by_question.get(question, lambda: _read(path))
    return respond(answer, cache_control)


def _read(path: Path) -> Answer:
    return Answer(path.read_bytes(), _TYPES[path.suffix], compress=path.suffix not in _PACKED)
