"""A header with every answer, from memory or not: how each venue's feeds are doing."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FEEDS_HEADER: Final = "X-Liqbands-Feeds"


class WithFeeds:
    """A WSGI application whose answers say how the feeds are doing now.

    It is no part of an answer: that stays the same for ever, and this does not.

    Parameters
    ----------
    application : WSGI application
        Makes the answers.
    states : callable
        Returns the state of each venue.
    """

    def __init__(
        self, application: "WSGIApplication", states: Callable[[], dict[str, str]]
    ) -> None:
        self._application = application
        self._states = states

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            states = self._states()
            if states:
                said = (FEEDS_HEADER, json.dumps(states, separators=(",", ":")))
                headers = [*headers, said]
            return start_response(status, headers, *rest)

        return self._application(environ, start)
