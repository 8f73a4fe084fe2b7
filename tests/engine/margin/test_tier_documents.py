"""Tables read from documents, as live tiers are kept."""

import json
from dataclasses import fields
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands.errors import TierDocumentError
from liqbands.margin import load_tables, read_table

CONTENT = json.loads(
    (resources.files("liqbands.margin") / "tier_data" / "bybit.json").read_text(encoding="utf-8")
)
SYMBOL = "BTC/USDT:USDT"


def document(**changes: Any) -> str:
    """Return Bitcoin's table alone."""
    entry = {**CONTENT["symbols"][SYMBOL], **changes}
    return json.dumps({**CONTENT, "symbols": {SYMBOL: entry}})


@pytest.mark.parametrize("symbol", list(CONTENT["symbols"]))
def test_a_document_of_one_market_is_read_as_the_file_is(symbol: str) -> None:
    alone = {**CONTENT, "symbols": {symbol: CONTENT["symbols"][symbol]}}
    table, shipped = read_table(json.dumps(alone)), load_tables("bybit")[symbol]
    for field in fields(table):
        np.testing.assert_array_equal(getattr(table, field.name), getattr(shipped, field.name))


ROWS = CONTENT["symbols"][SYMBOL]["rows"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "no tier document"),
        ("[1]", "no tier document"),
        ('{"schema": "other", "columns": [], "symbols": {"A": 1}}', "must be 'liqbands-tier"),
        (json.dumps({**CONTENT, "symbols": {}}), "with one market, was .* with 0"),
        (json.dumps({**CONTENT, "symbols": {SYMBOL: {}}}), "has no tier table"),
        (document(rows=[]), "has no tier table"),
        (document(rows=[["x"] * len(ROWS[0])]), "has no tier table"),
        (document(rows=[[*ROWS[0][:3], 1.5, *ROWS[0][4:]]]), "rates must be above 0"),
        (document(scheme="falling"), "scheme must be one of progressive, .*, was 'falling'"),
        (document(contract_size=-1), "contract_size must be positive"),
        (document(rows=ROWS[1:]), "must begin at 0"),
        (document(rows=[ROWS[0], ROWS[2]]), "must begin where one ends"),
    ],
    ids=["empty", "list", "other form", "none", "no table", "no rows", "words", "rate", "scheme",
         "size", "late", "hole"],
)  # fmt: skip
def test_what_cannot_be_a_table_is_refused(text: str, match: str) -> None:
    with pytest.raises(TierDocumentError, match=match):
        read_table(text)


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(max_size=3),
                    lambda inner: st.lists(inner, max_size=2), max_leaves=4),
       st.sampled_from(["rows", "scheme", "contract", "bound_unit", "contract_size"]))  # fmt: skip
def test_nothing_but_a_refusal_comes_of_junk(junk: Any, name: str) -> None:
    try:
        table = read_table(document(**{name: junk}))
    except TierDocumentError:
        return
    assert np.all(table.upper > table.lower)
    assert table.contract_size > 0
