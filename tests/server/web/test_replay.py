"""Finished answers go out again only to equal requests, and only while they hold."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from liqbands_server.web.replay import Replay, replay_while


class Counting:
    """An application that counts how often it is asked, and a switch for its answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.holds = True
        self.replayed: list[str] = []
        self.app = Flask("counting")
        self.app.add_url_rule("/<name>", view_func=self.answer)
        self.app.wsgi_app = Replay(  # type: ignore[method-assign]  # as WSGI wants it
            self.app.wsgi_app, lambda route, _: self.replayed.append(route)
        )

    def answer(self, name: str) -> tuple[str, int, dict[str, str]]:
        self.asked += 1
        replay_while(lambda: self.holds)
        status = 404 if name == "nothing" else 200
        return f"{name}?{request.query_string.decode()}", status, {"X-Number": str(self.asked)}


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def client(counting: Counting) -> Iterator[FlaskClient]:
    with counting.app.test_client() as client:
        yield client


def test_an_equal_request_gets_the_same_bytes_and_headers(
    counting: Counting, client: FlaskClient
) -> None:
    one, other = client.get("/a?b=1"), client.get("/a?b=1")
    assert (one.data, one.headers) == (other.data, other.headers)
    assert counting.asked == 1
    assert counting.replayed == ["/<name>"]


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/a?b=2"},
        {"path": "/c?b=1"},
        {"path": "/a?b=1", "method": "HEAD"},
        {"path": "/a?b=1", "headers": {"Accept-Encoding": "gzip"}},
        {"path": "/a?b=1", "headers": {"If-None-Match": '"x"'}},
        {"path": "/a?b=1", "headers": {"Range": "bytes=0-1"}},
    ],
)
def test_another_request_is_asked(
    counting: Counting, client: FlaskClient, other: dict[str, object]
) -> None:
    client.get("/a?b=1")
    client.open(**other)  # type: ignore[arg-type]  # the client's many keywords
    assert counting.asked == 2


def test_what_holds_no_more_is_asked_again(counting: Counting, client: FlaskClient) -> None:
    client.get("/a")
    counting.holds = False
    assert client.get("/a").headers["X-Number"] == "2"


def test_an_error_is_never_kept(counting: Counting, client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get("/nothing").status_code == 404
    assert counting.asked == 2
