"""Finished answers sent again before the application is asked, as long as they hold.

Charts ask the same questions all the time, and many charts the same.  An answer goes out again,
byte for byte, to an equal request; whoever made it says when it ends to hold.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Holds = Callable[[], bool]
Key = tuple[str, str, str]
Count = Callable[[str, float], None]

MOST_BYTES: Final = 32_000_000
MOST_ANSWERS: Final = 4_096

_WANTED: Final = "liqbands.replay"
_ASK_ANYWAY: Final = ("HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE")


def replay_while(holds: Holds) -> None:
    """Let the answer to the present request go out again to equal ones.

    Parameters
    ----------
    holds : callable
        Whether it is still the answer; quick, because it is asked each time.
    """
    rule = request.url_rule
    request.environ[_WANTED] = (holds, rule.rule if rule else "unmatched")


@dataclass(frozen=True, slots=True)
class _Finished:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    holds: Holds
    route: str


class Replay:
    """A WSGI application in front of another one.

    Parameters
    ----------
    application : WSGI application
        Makes the answers.
    count : callable
        Told the route and the seconds of every answer that was sent again.
    """

    def __init__(self, application: "WSGIApplication", count: Count) -> None:
        self._application = application
        self._count = count
        self._lock = threading.Lock()
        self._known: dict[Key, _Finished] = {}
        self._bytes = 0

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request, from memory where the answer holds."""
        key = _key_of(environ)
        if key is None:
            return self._application(environ, start_response)
        begun = time.perf_counter()
        found = self._known.get(key)
        if found is not None and found.holds():
            start_response(found.status, found.headers.copy())
            self._count(found.route, time.perf_counter() - begun)
            return [found.body]
        return self._ask(key, environ, start_response)

    def _ask(
        self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            begun.append((status, headers))
            return start_response(status, headers, *rest)

        parts = self._application(environ, start)
        wanted = environ.get(_WANTED)
        if wanted is None or len(begun) != 1 or not begun[0][0].startswith("200"):
            return parts
        body = b"".join(parts)
        close = getattr(parts, "close", None)
        if close is not None:
            close()
        holds, route = wanted
        self._keep(key, _Finished(begun[0][0], begun[0][1].copy(), body, holds, route))
        return [body]

    def _keep(self, key: Key, finished: _Finished) -> None:
        with self._lock:
            self._bytes += len(finished.body)
            if self._bytes > MOST_BYTES or len(self._known) >= MOST_ANSWERS:
                self._known, self._bytes = {}, len(finished.body)
            self._known[key] = finished


def _key_of(environ: "WSGIEnvironment") -> Key | None:
    """Return what makes requests equal, None for those that the application has to see."""
    if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in _ASK_ANYWAY):
        return None
    return (
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
    )
