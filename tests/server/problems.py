"""The one assertion on errors."""

import json
from http import HTTPStatus
from typing import Any

from werkzeug.test import TestResponse


def assert_problem(response: TestResponse, status: int, parameter: str | None) -> dict[str, Any]:
    """Check that a response is a problem document about a parameter, and return it."""
    document: dict[str, Any] = json.loads(response.data)
    assert (response.status_code, document["status"]) == (status, status), document
    assert response.content_type == "application/problem+json"
    assert document["title"] == HTTPStatus(status).phrase
    assert document.get("parameter") == parameter, document
    assert document["detail"], document
    assert "Traceback" not in response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return document
