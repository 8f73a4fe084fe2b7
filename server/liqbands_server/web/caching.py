"""Finished answers: computed once, compressed once, tagged, and told how long they hold.

Answers are kept by question; a question with its `as_of` has one answer.
"""

import gzip
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, cast

from flask import Flask, Response, current_app, request

from liqbands_server.service.answers import AnswerCache
from liqbands_server.service.listings import Listing
from liqbands_server.service.provenance import default_holds_until, is_settled
from liqbands_server.web.context import this_context
from liqbands_server.web.replay import replay_while

FOR_EVER: Final = "public, max-age=86400, immutable"
ASK_AGAIN: Final = "no-cache"
"""May be kept, but has to be asked about, which an ETag makes cheap."""

CACHE_BYTES: Final = 64_000_000
SMALLEST_COMPRESSED: Final = 512
LAST_MS: Final = 2**62
_KEY: Final = "liqbands.answers"


@dataclass(frozen=True, eq=False)
class Answer:
    """A body that never changes.

    Parameters
    ----------
    body : bytes
        As it goes out uncompressed.
    content_type : str
        Its media type.
    headers : tuple of (str, str)
        Further headers.
    compress : bool
        Whether compression is worth it; pictures are compressed already.
    generated : str
        When it was computed; travels in a header, because the body has to stay the same.
    """

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()
    compress: bool = True
    generated: str = field(
        default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds")
    )

    @cached_property
    def compressed(self) -> bytes | None:
        """Return the body in gzip, None where that is not worth it."""
        if not self.compress or len(self.body) < SMALLEST_COMPRESSED:
            return None
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @cached_property
    def tag(self) -> str:
        """Return a digest of the body."""
        return hashlib.blake2b(self.body, digest_size=12).hexdigest()

    @property
    def size(self) -> int:
        """Return the bytes that it takes in memory."""
        return len(self.body) + len(self.compressed or b"")


class Answers:
    """The answers that one process remembers.

    Parameters
    ----------
    max_bytes : int
        Bound on their bodies.
    """

    def __init__(self, max_bytes: int = CACHE_BYTES) -> None:
        self.by_question = AnswerCache[Answer](max_bytes, lambda answer: answer.size)


def init_answers(app: Flask, answers: Answers) -> None:
    """Let an application remember its answers.

    Parameters
    ----------
    app : Flask
        The application; its routes answer by `answered`.
    answers : Answers
        What it remembers.
    """
    app.extensions[_KEY] = answers


def answers_of(app: Flask) -> Answers:
    """Return the answers that an application remembers.

    Parameters
    ----------
    app : Flask
        Made by `create_app`.

    Returns
    -------
    Answers
        Of this process.
    """
    return cast(Answers, app.extensions[_KEY])


def answered(
    question: Hashable,
    listing: Listing,
    as_of_ms: int,
    make: Callable[[], Answer],
    *,
    may_settle: bool = True,
) -> Response:
    """Return the answer to a question, computing it unless it is known.

    Parameters
    ----------
    question : hashable
        All that the answer depends on: the route, its form, and the question with its `as_of`.
    listing : Listing
        What it is about.
    as_of_ms : int
        As of when.
    make : callable
        Computes the answer; called once for equal questions at the same time.
    may_settle : bool
        False for what rests on more than candles and events, e.g. on bands that are stored later.

    Returns
    -------
    Response
        With ETag and Cache-Control, compressed if the client can read that; 304 without body if
        the client has it.
    """
    context = this_context()
    answers = answers_of(current_app)
    version = context.markets.last_change
    now_ms = context.now_ms()
    settled = may_settle and is_settled(context.markets, listing, as_of_ms)
    key = question if settled else (question, context.markets.version(listing))
    answer = answers.by_question.get(key, make)
    explicit = "as_of" in request.args
    cache_control = FOR_EVER if settled and explicit else ASK_AGAIN
    until_ms = LAST_MS if explicit else default_holds_until(now_ms)
    replay_while(lambda: version == context.markets.last_change and context.now_ms() < until_ms)
    return respond(answer, cache_control)


def respond(answer: Answer, cache_control: str) -> Response:
    """Return an answer as the client can take it.

    Parameters
    ----------
    answer : Answer
        What to send.
    cache_control : str
        How long others may keep it.

    Returns
    -------
    Response
        304 without body if the client has it.
    """
    packed = answer.compressed if _takes_gzip() else None
    tag = f'"{answer.tag}-gzip"' if packed else f'"{answer.tag}"'
    headers = [("ETag", tag), ("Cache-Control", cache_control), ("Vary", "Accept-Encoding")]
    known = request.environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and _is_known(known, answer.tag):
        return Response(status=304, headers=headers)
    headers += [("X-Generated-At", answer.generated), *answer.headers]
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    return Response(packed or answer.body, headers=headers, content_type=answer.content_type)


def _takes_gzip() -> bool:
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and request.accept_encodings["gzip"] > 0


def _is_known(header: str, tag: str) -> bool:
    return header.strip() == "*" or f'"{tag}"' in header or f'"{tag}-gzip"' in header
