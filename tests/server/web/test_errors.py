"""Every refusal is a problem document; nothing that fails shows its inside."""

import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from tests.server.conftest import close_app
from tests.server.problems import assert_problem
from tests.server.sample_store import BYBIT, make_app

from liqbands_server.errors import NotReadyError, QuestionError, StoreError
from liqbands_server.web.errors import LONGEST_ECHO, init_errors
from liqbands_server.web.headers import init_headers


@pytest.fixture
def failing() -> FlaskClient:
    """Return a client of an application whose routes fail."""
    app = Flask(__name__)
    init_headers(app, ("*",))
    init_errors(app)
    raised = {
        "bug": ValueError("secret"),
        "store": StoreError("store /x cannot be opened"),
        "database": OperationalError("select secret", None, Exception("secret")),
        "later": NotReadyError("the bands are being prepared; ask again"),
        "question": QuestionError("window must be one of 1d, was '1x'", "window"),
    }

    @app.get("/<name>")
    def fail(name: str) -> str:
        raise raised[name]

    return app.test_client()


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v1/bands/", "/api/v2/bands"])
def test_an_unknown_path_is_named(client: FlaskClient, path: str) -> None:
    assert assert_problem(client.get(path), 404, "path")["value"] == path


@pytest.mark.parametrize("path", ["/etc/passwd", "/..%2f..%2fetc/passwd", "/static/../app.py"])
def test_no_path_leads_out(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 404, "path")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_another_method_is_refused_with_those_that_do(client: FlaskClient, method: str) -> None:
    response = getattr(client, method)(f"/api/v1/bands?symbol={BYBIT}")
    assert assert_problem(response, 405, "method")["value"] == method.upper()
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_long_query_is_refused_with_the_limit(client: FlaskClient) -> None:
    found = assert_problem(client.get("/api/v1/bands?symbol=" + "x" * 3_000), 414, "query")
    assert "at most 2048 characters" in found["detail"]


def test_a_large_body_is_refused_with_the_limit(client: FlaskClient) -> None:
    response = client.get("/api/v1/symbols", data=b"x" * 70_000)
    assert "at most 65536 bytes" in assert_problem(response, 413, "body")["detail"]


def test_a_long_value_is_cut(client: FlaskClient) -> None:
    found = assert_problem(client.get("/api/v1/symbols?as_of=" + "9" * 500), 400, "as_of")
    assert found["value"] == "9" * LONGEST_ECHO + "…"


def test_a_bug_shows_nothing_of_itself(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = failing.get("/bug")
    assert_problem(response, 500, None)
    assert "secret" not in response.text
    assert "secret" in caplog.text


@pytest.mark.parametrize("name", ["store", "database", "later"])
def test_what_may_work_in_a_moment_says_so(failing: FlaskClient, name: str) -> None:
    response = failing.get(f"/{name}")
    assert_problem(response, 503, None)
    assert "secret" not in response.text
    assert response.headers["Retry-After"] == "1"


def test_a_question_that_cannot_be_answered_names_its_parameter(failing: FlaskClient) -> None:
    found = assert_problem(failing.get("/question?window=1x"), 400, "window")
    assert found["value"] == "1x"


def test_an_empty_store_knows_no_symbol(tmp_path: Path) -> None:
    app = make_app(tmp_path / "empty.db")
    assert_problem(app.test_client().get(f"/api/v1/bands?symbol={BYBIT}"), 404, "symbol")
    close_app(app)
