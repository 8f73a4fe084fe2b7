"""What every route needs: the markets of the process, its books, its settings and its clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, current_app

from liqbands_server.service.books import Books
from liqbands_server.service.feed_states import FeedStates
from liqbands_server.service.markets import Markets
from liqbands_server.service.watcher import Watcher
from liqbands_server.settings import Settings

_KEY: Final = "liqbands"


def wall_clock_ms() -> int:
    """Return now, UTC milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, eq=False)
class Context:
    """What one process shares between its requests.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    books : Books
        Books kept between questions.
    watcher : Watcher
        Keeps `markets` up to date and tells of changes.
    settings : Settings
        The effective configuration.
    feeds : FeedStates
        How the feeds are doing.
    now_ms : callable
        The clock.
    """

    markets: Markets
    books: Books
    watcher: Watcher
    settings: Settings
    feeds: FeedStates
    now_ms: Callable[[], int] = wall_clock_ms


def put_context(extensions: dict[str, object], context: Context) -> None:
    """Hang the context into an application.

    Parameters
    ----------
    extensions : dict
        The application's `extensions`.
    context : Context
        What its routes need.
    """
    extensions[_KEY] = context


def this_context() -> Context:
    """Return the context of the application that answers the present request."""
    return context_of(current_app)


def context_of(app: Flask) -> Context:
    """Return the context of an application.

    Parameters
    ----------
    app : Flask
        Made by `create_app`.

    Returns
    -------
    Context
        What its routes share.
    """
    return cast(Context, app.extensions[_KEY])
