"""Whatever is asked, the answer is JSON that a chart can read, and never a fault of ours.

FUZZ_CASES says how many questions are asked; `make fuzz` asks 20,000.
"""

import json
import math
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.server.udf.market import FOREX, NOW_MS, SIM, TWICE

CASES = int(os.environ.get("FUZZ_CASES", "400"))
NOW = NOW_MS // 1000

ODD_TEXT = st.sampled_from(
    [
        "", " ", "NaN", "nan", "Infinity", "-inf", "null", "None", "true", "undefined", "[]", "{}",
        "0", "-0", "-1", "1.5", "1e5", "0x1F", "1_000", "+7", " 12 ",
        "\uff11\uff12\uff13", "٣٤", "௧", "²", "½",
        "9" * 12, "9" * 13, "9" * 40, "-" + "9" * 12, "99999999999", "100000000001", "1.0", "5.000",
        str(2**31), str(2**63), str(-(2**63)), str(NOW_MS), "12345678901234567890.0",
        "' OR 1=1 --", "'; DROP TABLE candle; --", "\" UNION SELECT * FROM series", "%27", "${7*7}",
        "../../etc/passwd", "..%2f..%2fetc", "/etc/passwd\x00", "C:\\boot.ini", "file:///etc/hosts",
        "a\r\nSet-Cookie: x=1", "a\nb", "\x00", "\x1b[2J", "\ud7ff\ue000", "\ufeff", "😀", "ﬁ", "ß",
        "<script>alert(1)</script>", "A" * 64, "A" * 65, "A" * 900, "#", "##", ":", "!", "B07",
    ]
)  # fmt: skip
WORDS = st.one_of(ODD_TEXT, st.text(max_size=30), st.integers(-(10**14), 10**14).map(str))
SYMBOLS = st.one_of(
    st.sampled_from([SIM, *TWICE, FOREX, "ALL:BTCUSD.P", "simusdt.p", "BTCUSDT.P"]),
    st.sampled_from([f"{SIM}#B00", f"{SIM}#B19", f"{SIM}#B20", f"{SIM}#UP", f"{SIM}#"]),
    WORDS,
)  # fmt: skip
RESOLUTIONS = st.one_of(
    st.sampled_from(["1", "3", "5", "15", "60", "240", "D", "1D", "W", "1W", "M", "1M", "7", "2D"]),
    WORDS,
)
TIMES = st.one_of(
    st.sampled_from([0, 1, NOW - 3 * 86_400, NOW - 60, NOW, NOW + 1, NOW + 10**9, -1]).map(str),
    st.integers(NOW - 4 * 86_400, NOW + 86_400).map(str),
    WORDS,
)
COUNTS = st.one_of(st.integers(0, 30_000).map(str), WORDS)

VALUES = {
    "symbol": SYMBOLS,
    "resolution": RESOLUTIONS,
    "from": TIMES,
    "to": TIMES,
    "countback": COUNTS,
    "symbols": st.lists(SYMBOLS, max_size=4).map(",".join),
    "query": SYMBOLS,
    "limit": COUNTS,
    "type": WORDS,
    "exchange": WORDS,
    "group": WORDS,
    "currencyCode": WORDS,
}
CHART = ("symbol", "resolution", "from", "to", "countback")
ENDPOINTS = {
    "config": (),
    "symbols": ("symbol",),
    "symbol_info": ("group",),
    "search": ("query", "limit", "type", "exchange"),
    "history": CHART,
    "marks": CHART,
    "timescale_marks": CHART,
    "time": (),
    "quotes": ("symbols",),
}


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str]:
    """Return an endpoint and a query: its own parameters mostly, some twice, some of others."""
    endpoint = draw(st.sampled_from(["history"] * 8 + list(ENDPOINTS)))
    names = [name for name in ENDPOINTS[endpoint] if draw(st.integers(0, 9))]
    names += draw(st.lists(st.sampled_from(list(VALUES)), max_size=2))
    pairs = [(name, draw(VALUES[name])) for name in names]
    query = "&".join(f"{name}={quote_plus(value, errors='replace')}" for name, value in pairs)
    return endpoint, query[:2_500]


@settings(
    max_examples=CASES, derandomize=CASES <= 400, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(asked=requests(), prefix=st.sampled_from(["/udf", "/tv", "", "/udf/", "//tv"]))
def test_every_answer_can_be_read(client: FlaskClient, asked: tuple[str, str], prefix: str) -> None:
    endpoint, query = asked
    response = client.get(f"{prefix}/{endpoint}?{query}", base_url="http://localhost")
    assert response.status_code < 500, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    if response.status_code != 200 and endpoint in ("config", "symbol_info"):
        assert not response.text.startswith(("{", "["))
        return
    body = json.loads(response.text, parse_constant=_refuse)
    if response.status_code != 200:
        assert body["s"] == "error"
        assert isinstance(body["errmsg"], str)
        assert body["errmsg"]
        return
    CHECKS[endpoint](body, dict(response.request.args))


def _refuse(constant: str) -> None:
    pytest.fail(f"{constant} on the wire")


def _history(body: dict[str, Any], asked: dict[str, str]) -> None:
    if body["s"] == "no_data":
        assert set(body) <= {"s", "nextTime"}
        return
    columns = [body[name] for name in "tohlc"] + [body.get("v", body["t"])]
    assert body["s"] == "ok"
    assert len({len(column) for column in columns}) == 1
    assert 0 < len(body["t"]) <= 20_000
    rows = list(zip(*columns, strict=True))
    assert all(before < after for before, after in zip(body["t"], body["t"][1:], strict=False))
    assert body["t"][-1] < float(asked["to"])
    for time, opened, high, low, close, volume in rows:
        assert isinstance(time, int)
        assert 0 < low <= min(opened, close) <= max(opened, close) <= high < math.inf
        assert 0 <= volume < math.inf


def _marks(body: list[dict[str, Any]], _: dict[str, str]) -> None:
    assert isinstance(body, list)
    assert all(isinstance(mark["time"], int) and mark["label"] for mark in body)


def _symbols(body: dict[str, Any], _: dict[str, str]) -> None:
    assert "s" not in body
    assert body["minmov"] >= 1
    assert body["pricescale"] >= 1


def _quotes(body: dict[str, Any], asked: dict[str, str]) -> None:
    assert body["s"] == "ok"
    assert {quote["n"] for quote in body["d"]} == set(filter(None, [asked.get("symbols")])) or (
        "," in asked["symbols"]
    )
    assert all(quote["v"] == {} or quote["v"]["bid"] > 0 for quote in body["d"])


def _search(body: list[dict[str, Any]], _: dict[str, str]) -> None:
    assert len(body) <= 100
    assert all(hit["ticker"] and hit["description"] for hit in body)


CHECKS: dict[str, Callable[[Any, dict[str, str]], object]] = {
    "config": lambda body, _: body["supported_resolutions"],
    "symbols": _symbols,
    "symbol_info": lambda body, _: body["symbol"],
    "search": _search,
    "history": _history,
    "marks": _marks,
    "timescale_marks": _marks,
    "time": lambda body, _: body + 1,
    "quotes": _quotes,
}
