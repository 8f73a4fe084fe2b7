"""Putting a finished answer on the wire, in few steps: charts ask the same thing all day long."""

from typing import Final

from flask import Response, request

from liqbands_server.web.caching import Answer

JSON: Final = "application/json"
CLOSED: Final = "public, max-age=300"
"""For answers that only a correction of the past can change."""

LIVE: Final = "no-store"

Headers = list[tuple[str, str]]


def send(answer: Answer, *, is_closed: bool) -> Response:
    """Return an answer as the client can take it.

    Parameters
    ----------
    answer : Answer
        JSON.
    is_closed : bool
        Whether all it tells has closed: it then has an ETag and may be kept.

    Returns
    -------
    Response
        304 without body if the client has it.
    """
    headers: Headers = [("Content-Type", JSON), ("Vary", "Accept-Encoding")]
    packed = answer.compressed if _takes_gzip() else None
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    if not is_closed:
        headers.append(("Cache-Control", LIVE))
        return Response(packed or answer.body, headers=headers)
    tag = f"{answer.tag}-gzip" if packed else answer.tag
    headers += [("Cache-Control", CLOSED), ("ETag", f'"{tag}"')]
    if "HTTP_IF_NONE_MATCH" in request.environ and request.if_none_match.contains_weak(tag):
        return Response(status=304, headers=[one for one in headers if one[0] in _OF_304])
    return Response(packed or answer.body, headers=headers)


_OF_304: Final = ("Vary", "Cache-Control", "ETag")


def _takes_gzip() -> bool:
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    # Reading the header properly takes as long as half of the answer, so only where it matters.
    return "gzip" in accepted and ("q=" not in accepted or request.accept_encodings["gzip"] > 0)
