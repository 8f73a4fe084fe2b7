"""Whatever the OpenAPI document allows, and what it does not: answered as the document says.

FUZZ_CASES says how many cases there are for each route; ``make fuzz`` has many.
"""

import os
import re
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)
from tests.server.sample_store import BINANCE, BYBIT, SIMULATED, TOGETHER

CASES_PER_ROUTE = int(os.environ.get("FUZZ_CASES", "10"))
SYMBOLS = (SIMULATED, BYBIT, BINANCE, TOGETHER)
LOOKS_LIKE_ONE = re.compile(r"[A-Za-z0-9._:/-]{1,64}", re.ASCII)
ROUTES = (
    *("symbols", "venues", "candles", "heatmap", "bands", "map", "summary", "liquidations"),
    "observed",
)
UNENDING = "stream"


def map_query(_: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Ask about symbols that there are; others are refused at once."""
    symbol = (query or {}).get("symbol")
    if not isinstance(symbol, str) or not LOOKS_LIKE_ONE.fullmatch(symbol) or len(symbol) > 60:
        return query
    return {**(query or {}), "symbol": SYMBOLS[len(symbol) % len(SYMBOLS)]}


@pytest.fixture(scope="module")
def documented(app: Flask) -> Any:
    """Return what the document of the application says."""
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found.hook(map_query)
    return found


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_as_documented(
    documented: Any, route: str, mode: schemathesis.GenerationMode
) -> None:
    cases = documented[f"/api/v1/{route}"]["GET"].as_strategy(generation_mode=mode)

    @given(cases)
    @settings(
        max_examples=max(1, CASES_PER_ROUTE // len(schemathesis.GenerationMode)),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case[Any]) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        too_long = response.status_code == HTTPStatus.REQUEST_URI_TOO_LONG  # is a refusal, too
        excluded = [negative_data_rejection] if too_long else []
        case.validate_response(response, excluded_checks=[positive_data_acceptance, *excluded])
        assert b"Traceback" not in response.content

    check()


def test_no_route_is_left_out(documented: Any) -> None:
    assert {path.removeprefix("/api/v1/") for path in documented} == {*ROUTES, UNENDING}
