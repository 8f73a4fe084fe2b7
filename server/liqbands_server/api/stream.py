"""`/stream`: what is new about one listing, as server-sent events."""

import re
import select
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

from flask import Flask, Response, current_app, request

from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.questions import HeatmapParameters, heatmap_question
from liqbands_server.api.stream_events import HEARTBEAT, OPENING
from liqbands_server.api.stream_hub import StreamHub
from liqbands_server.api.stream_topic import Topic
from liqbands_server.web.context import Context, this_context

EVENT_STREAM: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
PULSE_SECONDS: Final = 2.0
"""So often a stream looks whether its client is still there."""

PATIENCE_SECONDS: Final = 10.0
"""A client that takes nothing for so long is let go."""

_SEND_BUFFER_BYTES: Final = 65_536
_KEY: Final = "liqbands.streams"
_SOCKET: Final = "gunicorn.socket"
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_GONE: Final = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)

blueprint = ApiBlueprint("Stream", "What is new, as it happens.")


class StreamParameters(HeatmapParameters):
    """Which listing, and which of its heatmaps the columns belong to."""

    class Meta(HeatmapParameters.Meta):
        """Options of the schema; a stream has no end, and speaks of now."""

        exclude = ("from_ms", "to_ms", "as_of")


@blueprint.question("/stream", StreamParameters, None, (EVENT_STREAM,))
def stream(values: dict[str, Any]) -> Response:
    """Server-sent events: `bar`, `column`, `bands`, `slots`, `liquidations`, `reload`.

    Ask `/heatmap` with the same parameters and `format=grid` first; each `column` is the newest
    column of that answer. If its `norm` or `dp` is another one, ask for the grid again. `bar`
    comes about once a second while a bar forms, `bands` with each closed one; `slots` says from
    when on `/bands?k=…` has changed. `Last-Event-ID` resumes; `reload` means that too much was
    missed, and everything has to be asked for again.
    """
    context = this_context()
    question = heatmap_question(values, context)
    hub: StreamHub = current_app.extensions[_KEY]
    body: _Stream | tuple[()] = ()
    if request.method != "HEAD":
        subject = values | {"symbol": question.listing.ticker}
        body = _Stream(hub, hub.open(subject), _last_event_id(), request.environ.get(_SOCKET))
    response = Response(body, content_type=EVENT_STREAM)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def init_streams(app: Flask, context: Context) -> None:
    """Let an application tell what is new.

    Parameters
    ----------
    app : Flask
        The application.
    context : Context
        Its markets, books, watcher and settings.
    """
    app.extensions[_KEY] = StreamHub(context)


class _Stream:
    """The body of one stream.

    Parameters
    ----------
    hub : StreamHub
        Where its place is given back.
    topic : Topic
        What it is about.
    last_id : int or None
        The change up to which the client knows everything.
    connection : socket or None
        The client's, where the server hands it out.
    """

    def __init__(
        self, hub: StreamHub, topic: Topic, last_id: int | None, connection: socket.socket | None
    ) -> None:
        self._hub = hub
        self._topic: Topic | None = topic
        self._frames = _frames(topic, last_id, connection)

    def __iter__(self) -> Iterator[bytes]:
        """Return the frames, heartbeats in between."""
        return self._frames

    def close(self) -> None:
        """Give the place back; called by the server however the stream ends."""
        topic, self._topic = self._topic, None
        if topic is not None:
            self._hub.close(topic)


def _frames(topic: Topic, last_id: int | None, connection: socket.socket | None) -> Iterator[bytes]:
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    yield OPENING
    while not topic.ready.wait(PULSE_SECONDS):
        if not _can_take(connection):
            return
        yield HEARTBEAT
    frames, place = topic.enter(last_id)
    heard = time.monotonic()
    while True:
        if frames or time.monotonic() - heard >= HEARTBEAT_SECONDS:
            yield frames or HEARTBEAT
            heard = time.monotonic()
        found, place = topic.channel.after(place, PULSE_SECONDS)
        frames = topic.lost() if found is None else found
        if not _can_take(connection):
            return


def _can_take(connection: socket.socket | None) -> bool:
    """Return whether a client is there and takes what it is sent."""
    if connection is None:
        return True
    poll = select.poll()
    poll.register(connection, select.POLLOUT | _GONE)
    try:
        found = poll.poll(PATIENCE_SECONDS * 1000)
    except ValueError:  # closed on our side
        return False
    return bool(found) and not found[0][1] & _GONE


def _last_event_id() -> int | None:
    """Return the last event's id that a client says it has; one that is none is unknown."""
    said = request.headers.get("Last-Event-ID", "")
    if not said:
        return None
    return int(said) if _NUMBER.fullmatch(said) else 10**18
