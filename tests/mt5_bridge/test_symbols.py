"""Names of symbols, and the table that leads from one to the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liqbands_mt5.symbols import Alias, find_feed, index_text, normalize_symbol, read_index

NAMES = st.text(st.characters(codec="ascii"), max_size=12)


@pytest.mark.parametrize(
    ("broker", "name"),
    [
        ("BTCUSD.r", "BTCUSD"),
        ("XAUUSDm", "XAUUSD"),
        ("#BTCUSD", "BTCUSD"),
        ("btcusd_i", "BTCUSD"),
        ("EURUSDpro", "EURUSD"),
        ("ETHUSD-ECN", "ETHUSD"),
        ("US500.cash", "US500"),
        ("Ünäb", "N"),
        ("", ""),
    ],
)
def test_prefixes_and_suffixes_go(broker: str, name: str) -> None:
    assert normalize_symbol(broker) == name


@given(st.text(max_size=12))
def test_a_name_stays_as_it_is(text: str) -> None:
    name = normalize_symbol(text)
    assert normalize_symbol(name) == name
    assert name.isascii()
    assert name == name.upper()


@given(st.lists(st.builds(Alias, NAMES, NAMES, NAMES), max_size=4))
def test_a_table_has_one_line_for_each(aliases: list[Alias]) -> None:
    text = index_text(aliases)
    assert text.isascii()
    assert text.count("\n") == len(aliases) + 1


@given(st.lists(st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True), min_size=3, max_size=3))
def test_a_table_is_read_again(words: list[str]) -> None:
    alias = Alias(words[0], words[1], words[2])
    assert read_index(index_text([alias])) == (alias,)


def test_the_first_line_of_a_name_counts() -> None:
    table = read_index("# names\nBITCOIN,BTCUSD\n\nnonsense\nBITCOIN,ETHUSD,no\nX,\n")
    assert table == (Alias("BITCOIN", "BTCUSD"), Alias("BITCOIN", "ETHUSD", "no"))
    assert [find_feed(table, name) for name in ("Bitcoin", "BITCOIN.x")] == ["BTCUSD", "BTCUSD"]
    assert find_feed(table, "XRPUSD.x") == "XRPUSD"
