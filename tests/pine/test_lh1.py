"""LH1: what is written is read again, a damaged text never yields a level that was not written."""

import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pine.payloads import levels, sections

from liqbands.instrument import Side
from liqbands_pine.decode import Decoded, decode
from liqbands_pine.encode import encode
from liqbands_pine.levels import (
    MOST_CHARACTERS,
    Level,
    LevelsError,
    Section,
    normal_symbol,
    plain_decimal,
)
from liqbands_pine.merging import fewer_levels

TWO = (
    Level(Side.LONG, Decimal(63250), Decimal(63300), 12500, 83, 50, 90),
    Level(Side.SHORT, Decimal(65100), Decimal(65150), 8200, 61, 25, 30),
)
BITCOIN = Section("BTCUSDT", 1767585600, Decimal("64321.5"), TWO, venues=("binance", "bybit"))
LINE = (
    "LH1|s=BTCUSDT,g=1767585600,r=64321.5,v=240,n=2,t=20700,x=binance+bybit"
    "|L,63250,63300,12500,83,50,90;S,65100,65150,8200,61,25,30|END"
)


def only(text: str) -> Decoded:
    (one,) = decode(text)
    return one


def many(n_levels: int) -> Section:
    prices = [Decimal(60_000 + 100 * i) for i in range(n_levels)]
    bands = tuple(Level(Side.LONG, p, p + 10, 1_000 + i, i % 101) for i, p in enumerate(prices))
    return replace(BITCOIN, levels=bands)


def test_the_format_is_the_documented_one() -> None:
    assert encode([BITCOIN]).texts == (LINE,)


@given(sections())
def test_what_is_written_is_read_again(section: Section) -> None:
    read = only(encode([section]).texts[0])
    assert set(read.section.levels) == set(section.levels)
    assert replace(read.section, levels=section.levels) == section
    assert (read.n_unread, read.is_cut, read.is_edited) == (0, False, False)


@given(sections("AAA"), sections("BBB"))
def test_several_symbols_travel_together(one: Section, other: Section) -> None:
    read = decode(encode([one, other]).texts[0])
    assert [each.section.symbol for each in read] == ["AAA", "BBB"]


@given(sections())
def test_nothing_but_harmless_characters_is_written(section: Section) -> None:
    assert re.fullmatch(r"[A-Za-z0-9|=,;.+:_-]*", encode([section]).texts[0])


@given(sections(), st.integers(0, 2_000))
def test_a_cut_text_never_yields_another_level(section: Section, length: int) -> None:
    text = encode([section]).texts[0][:length]
    try:
        read = decode(text)
    except LevelsError:
        return
    for one in read:
        assert set(one.section.levels) <= set(section.levels)
        assert one.is_cut or set(one.section.levels) == set(section.levels)


@given(sections(), st.integers(0, 2_000), st.characters(codec="ascii"))
def test_a_changed_character_raises_nothing_else(section: Section, at: int, sign: str) -> None:
    text = encode([section]).texts[0]
    with suppress(LevelsError):
        decode(text[:at] + sign + text[at + 1 :])


@pytest.mark.parametrize("text", ["", "  \n", "LH2|s=A", "<html>", "L,1,2,3,4"])
def test_what_is_no_lh1_is_refused(text: str) -> None:
    with pytest.raises(LevelsError):
        decode(text)


def test_white_space_does_not_matter() -> None:
    assert only(LINE.replace(";", ";\r\n ").replace("|", "\t|\n")).section.levels == TWO


def test_an_edited_amount_is_told() -> None:
    assert only(LINE.replace("8200", "9200")).is_edited


def test_unknown_keys_and_further_fields_are_ignored() -> None:
    later = LINE.replace(",x=", ",zz=9,x=").replace("50,90;", "50,90,12,building,7;")
    read = only(later).section
    assert replace(read, levels=()) == replace(BITCOIN, levels=())
    assert read.levels == (replace(TWO[0], uncertainty_percent=12), TWO[1])


def test_an_optional_value_that_is_none_loses_only_itself() -> None:
    header = "v=x,q=101,k=0,e=edge,m=a*b,a=BTC_USD+!,x=by(bit+okx,n=2"
    read = only(re.sub(r"v=240,n=2,t=20700,x=binance.bybit", header, LINE)).section
    assert read == replace(BITCOIN, venues=("okx",), aliases=("BTCUSD",))


@pytest.mark.parametrize("old", [LINE, LINE[:-40], LINE[:-4], LINE[:60]])
@pytest.mark.parametrize("length", range(len(LINE) - 12, len(LINE)))
def test_a_cut_text_in_front_or_behind_another_yields_no_other_level(old: str, length: int) -> None:
    for text in (LINE[:length] + old, old + LINE[:length], LINE[:length] + "\n" + old):
        assert {level for one in decode(text) for level in one.section.levels} <= set(TWO)


def test_a_newer_format_behind_an_old_one_is_not_read() -> None:
    newer = LINE.replace("LH1", "LH2").replace("BTC", "ETH")
    assert [one.section.symbol for one in decode(LINE + newer)] == ["BTCUSDT"]


def test_bands_beyond_the_declared_number_are_told() -> None:
    assert only(LINE.replace("n=2,t=20700", "n=1")).is_edited


def test_milliseconds_are_understood() -> None:
    assert only(LINE.replace("g=1767585600", "g=1767585600000")).section.time_s == 1767585600


@pytest.mark.parametrize("price", ["inf", "nan", "1_000", "1e5", "-5", "0", "63300", "9" * 20])
def test_a_price_that_is_none_loses_only_its_band(price: str) -> None:
    read = only(LINE.replace("63250", price))
    assert (read.section.levels, read.n_unread) == (TWO[1:], 1)


def test_a_paste_in_front_of_an_old_one_is_read_on() -> None:
    newer = LINE.replace("g=1767585600", "g=1767589200")
    assert [one.section.time_s for one in decode(newer + LINE)] == [1767589200, 1767585600]


def test_no_band_is_a_fact_and_no_error() -> None:
    empty = encode([replace(BITCOIN, levels=())]).texts[0]
    assert empty == "LH1|s=BTCUSDT,g=1767585600,r=64321.5,v=240,n=0,t=0,x=binance+bybit||END"
    assert only(empty).section.levels == ()


def test_the_strongest_stand_first_and_the_rest_is_counted() -> None:
    done = encode([many(480)], max_bands=100)
    assert done.left_out == {"BTCUSDT": 380}
    strength = [level.strength for level in only(done.texts[0]).section.levels]
    assert strength == sorted(strength, reverse=True)
    assert len(strength) == 100


def test_a_full_payload_fits_into_a_pine_string() -> None:
    (text,) = encode([many(480)], max_bands=480).texts
    assert len(text) <= MOST_CHARACTERS


@given(st.integers(400, 3_000))
def test_symbols_that_do_not_fit_go_into_further_payloads(room: int) -> None:
    wanted = [replace(many(20), symbol=f"COIN{i}") for i in range(4)]
    texts = encode(wanted, max_characters=room).texts
    assert max(map(len, texts)) <= room
    assert [one.section.symbol for text in texts for one in decode(text)] == [
        section.symbol for section in wanted
    ]


@given(st.lists(levels(), max_size=30), st.integers(0, 30))
def test_merging_and_dropping_invent_no_notional(bands: list[Level], most: int) -> None:
    kept, left_out = fewer_levels(bands, most)
    assert len(kept) <= most
    total = sum(level.notional for level in bands)
    held = sum(level.notional for level in kept)
    assert held == total if left_out == 0 else held <= total


def test_touching_neighbours_are_merged_before_any_is_dropped() -> None:
    row = [Level(Side.LONG, Decimal(i), Decimal(i + 1), 10, i) for i in range(1, 9)]
    kept, left_out = fewer_levels(row, 3)
    assert left_out == 0
    assert sum(level.notional for level in kept) == 80


def test_two_sections_of_one_symbol_are_refused() -> None:
    with pytest.raises(LevelsError, match="BTCUSDT stands twice"):
        encode([BITCOIN, BITCOIN])


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BINANCE:BTCUSDT.P", "BTCUSDT"),
        ("btc/usdt", "BTCUSDT"),
        ("OKX:1000PEPEUSDT.P", "1000PEPEUSDT"),
        ("CME:BTC1!", "BTC1"),
    ],
)
def test_symbols_are_written_alike_on_both_sides(name: str, symbol: str) -> None:
    assert normal_symbol(name) == symbol


@given(st.floats(1e-9, 1e9))
def test_prices_are_plain_decimals(price: float) -> None:
    text = plain_decimal(Decimal(repr(price)))
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)?", text)
    np.testing.assert_equal(float(text), price)
