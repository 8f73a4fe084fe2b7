"""Where the endpoints answer, and how they refuse: always JSON that a chart understands."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from tests.server.udf.conftest import close_app, settings_of
from tests.server.udf.market import NOW_MS, SIM, TWICE, StoredMarket
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse

from liqbands_server.udf.errors import answer_error
from liqbands_server.web.app import create_app

ENDPOINTS = (
    "config", "symbols", "symbol_info", "search", "history", "marks", "timescale_marks", "time",
    "quotes",
)  # fmt: skip
PLAIN = ("config", "symbol_info")
GOOD = {
    "symbol": SIM, "resolution": "60", "from": "0", "to": str(NOW_MS // 1000), "symbols": SIM,
    "query": "", "group": "any",
}  # fmt: skip


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("form", ["/udf/{}", "/tv/{}", "/{}", "/udf//{}", "/udf/{}/", "//tv//{}//"])
def test_every_endpoint_answers_at_every_mount(
    client: FlaskClient, endpoint: str, form: str
) -> None:
    path = form.format(endpoint)
    base = "http://localhost" if path.startswith("//") else None
    response = client.get(path, query_string=GOOD, base_url=base)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_mount_decides_between_search_and_groups(client: FlaskClient) -> None:
    for prefix, group in (("/udf", False), ("", False), ("/tv", True)):
        told = client.get(f"{prefix}/config").get_json()
        assert told["supports_group_request"] is group
        assert told["supports_search"] is not group


@pytest.mark.parametrize("path", ["/udf", "/udf/", "/udf/nothing", "/udf/../history", "/tv/a/b"])
def test_a_path_below_a_mount_that_is_none_is_refused_in_udfs_shape(
    client: FlaskClient, path: str
) -> None:
    assert_error(client.get(path), 404, "endpoints are")


def test_paths_of_others_keep_their_own_errors(client: FlaskClient) -> None:
    for path in ("/nothing", "/udfx/config", "/api/v1/nothing"):
        assert "s" not in client.get(path).get_json()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "ODD"])
def test_other_methods_are_refused(client: FlaskClient, endpoint: str, method: str) -> None:
    response = client.open(f"/udf/{endpoint}", method=method)
    if endpoint in PLAIN:
        assert_plain(response, 405)
    else:
        assert_error(response, 405, "method must be one of")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_head_is_get_without_its_body(client: FlaskClient, endpoint: str) -> None:
    full = client.get(f"/udf/{endpoint}", query_string=GOOD)
    head = client.head(f"/udf/{endpoint}", query_string=GOOD)
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(full.data))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_browser_may_ask_first(client: FlaskClient, endpoint: str) -> None:
    asked = {"Origin": "http://chart", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "x-token"}  # fmt: skip
    response = client.options(f"/udf/{endpoint}", headers=asked)
    assert response.status_code == 200
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/udf/history", "/udf//history", "/udf/nothing"])
def test_requests_that_are_too_large_are_refused_in_udfs_shape(
    client: FlaskClient, path: str
) -> None:
    assert_error(client.get(path, query_string={"symbol": "X" * 9_000}), (404, 414))
    assert_error(client.get(path, data=b"x" * 99_999), (404, 413))


@pytest.mark.parametrize("path", ["/udf/config", "/udf/symbol_info"])
def test_what_must_not_fail_as_json_fails_as_text(client: FlaskClient, path: str) -> None:
    assert_plain(client.get(path, query_string={"group": "X" * 9_000}), 414)


@pytest.fixture
def broken_client(own_market: StoredMarket) -> Iterator[FlaskClient]:
    """Return a client of a server whose store lacks a table and holds a bar that cannot be."""
    with own_market.store.writing() as connection:
        connection.execute(text("DROP TABLE liquidation"))
        connection.execute(text("UPDATE candle SET low = 2 * high WHERE timeframe_ms = 3600000"))
    app = create_app(settings_of(own_market), now_ms=lambda: NOW_MS)
    yield app.test_client()
    close_app(app)


def test_faults_of_ours_are_told_without_their_traceback(broken_client: FlaskClient) -> None:
    missing = broken_client.get("/udf/marks", query_string=GOOD)
    assert_error(missing, 503, "the store does not answer")
    assert missing.headers["Retry-After"] == "1"
    wrong = GOOD | {"symbol": TWICE[0]}
    assert_error(broken_client.get("/udf/history", query_string=wrong), 500, "in its log")
    assert_plain(broken_client.get("/udf/symbol_info?group=X"), 500)
    assert broken_client.get("/udf/config").get_json()["supports_search"] is True


def test_too_many_requests_are_told_in_udfs_shape(client: FlaskClient) -> None:
    with client.application.test_request_context("/udf/history"):
        response = answer_error(TooManyRequests())
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert response.get_json()["s"] == "error"
    assert response.get_json()["errmsg"]


def assert_error(response: TestResponse, status: int | tuple[int, ...], words: str = "") -> None:
    """Every refusal has one form."""
    allowed = (status,) if isinstance(status, int) else status
    assert response.status_code in allowed
    body = response.get_json()
    assert set(body) == {"s", "errmsg"}
    assert body["s"] == "error"
    assert body["errmsg"]
    assert words in body["errmsg"]
    assert_open(response)


def assert_plain(response: TestResponse, status: int) -> None:
    """Two endpoints must not fail as JSON."""
    assert response.status_code == status
    assert response.content_type.startswith("text/plain")
    assert not response.text.startswith("{")
    assert_open(response)


def assert_open(response: TestResponse) -> None:
    headers = response.headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-store"
