"""Mounting the UDF endpoints on an application, as often as its settings say."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from liqbands_server.settings import Mount
from liqbands_server.udf import routes
from liqbands_server.udf.desk import Desk
from liqbands_server.udf.errors import ENDPOINTS, METHODS, answer_error
from liqbands_server.web.context import this_context

_NAME: Final = "udf"


def init_udf(app: Flask, mounts: Iterable[Mount]) -> None:
    """Answer the UDF endpoints.

    Parameters
    ----------
    app : Flask
        An application with a context.
    mounts : iterable of Mount
        Where, and whether ``/config`` announces groups there.
    """
    with app.app_context():
        app.extensions[routes.DESK] = Desk(this_context().markets)
    names: dict[str, str] = {}
    for number, mount in enumerate(mounts):
        prefix = mount.path.rstrip("/")
        names[prefix] = f"{_NAME}_{number}"
        blueprint = make_blueprint(names[prefix], group=mount.group)
        app.register_blueprint(blueprint, url_prefix=prefix)

    def find_way() -> None:
        if request.routing_exception is not None:
            _find_way(names)

    # Ahead of the application's own checks, so that their refusals take UDF's shape too.
    app.before_request_funcs.setdefault(None, []).insert(0, find_way)


def make_blueprint(name: str, *, group: bool) -> Blueprint:
    """Return the nine endpoints.

    Parameters
    ----------
    name : str
        Of the blueprint, unique in the application.
    group : bool
        Whether ``/config`` announces symbols by group instead of search.

    Returns
    -------
    Blueprint
        With error answers of its own.
    """
    blueprint = Blueprint(name, __name__)
    views: dict[str, Callable[[], Response]] = {
        "config": partial(routes.config, group),
        "symbols": routes.symbols,
        "symbol_info": partial(routes.symbol_group, group),
        "search": routes.find,
        "history": routes.history,
        "marks": routes.marks,
        "timescale_marks": routes.timescale_marks,
        "time": routes.time,
        "quotes": routes.quotes,
    }
    for endpoint in ENDPOINTS:
        blueprint.add_url_rule(f"/{endpoint}", endpoint, views[endpoint], methods=["GET"])
    blueprint.register_error_handler(Exception, answer_error)
    return blueprint


def _find_way(names: dict[str, str]) -> None:
    """Bring a request that no route fits to the endpoint it means, or refuse it in UDF's shape.

    Charts whose base address ends in a slash ask for ``//config``; a redirect would do, but
    costs every request a round trip.
    """
    prefix, _, endpoint = _tidy(request.path).rpartition("/")
    is_known = endpoint in ENDPOINTS and prefix in names
    if not is_known:
        prefix = next((one for one in names if one and _is_below(prefix, endpoint, one)), "")
        if not prefix:
            return  # the root belongs to others too
    found = f"{names[prefix]}.{endpoint if endpoint in ENDPOINTS else 'time'}"
    request.url_rule = next(current_app.url_map.iter_rules(found))
    request.view_args = {}
    request.routing_exception = None
    if not is_known:
        raise NotFound
    if request.method not in METHODS:
        raise MethodNotAllowed(METHODS)


def _tidy(path: str) -> str:
    return "/" + "/".join(part for part in path.split("/") if part)


def _is_below(prefix: str, endpoint: str, mount: str) -> bool:
    return f"{prefix}/{endpoint}/".startswith(f"{mount}/")
