"""SQL, line breaks and the like in every parameter of every route: refused, nothing happens."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.server.problems import assert_problem
from tests.server.sample_store import BYBIT

ROUTES = (
    "symbols",
    "venues",
    "candles",
    "heatmap",
    "bands",
    "map",
    "summary",
    "liquidations",
    "observed",
    "stream",
)
NASTY = (
    "' OR 1=1 --",
    "x'; DROP TABLE candle; --",
    '" UNION SELECT sql FROM sqlite_master --',
    "1) OR (SELECT pg_sleep(9)) IS NULL --",
    "a\r\nSet-Cookie: b=c",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}<script>",
    "\x00",
    "١٢٣",
)


def parameters(client: FlaskClient, route: str) -> list[str]:
    """Return the parameters that the document lists."""
    paths: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()["paths"]
    listed = paths[f"/api/v1/{route}"]["get"].get("parameters", [])
    return [one["name"] for one in listed if one["in"] == "query"]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("route", ROUTES)
def test_a_nasty_text_is_refused_in_every_parameter(
    client: FlaskClient, route: str, text: str
) -> None:
    for name in parameters(client, route):
        answer = client.get(f"/api/v1/{route}", query_string={"symbol": BYBIT} | {name: text})
        is_unknown_symbol = name == "symbol" and answer.status_code == 404
        assert_problem(answer, 404 if is_unknown_symbol else 400, name)
        assert not {"Set-Cookie"} & set(answer.headers)


@pytest.mark.parametrize("route", ROUTES)
def test_a_nasty_name_is_no_parameter(client: FlaskClient, route: str) -> None:
    for text in NASTY:
        answer = client.get(f"/api/v1/{route}", query_string={"symbol": BYBIT, text: "1"})
        assert answer.status_code == 400, answer.text
        assert answer.is_json
